//! The statements, each in a file of its own, named as the function that runs it.

macro_rules! statements {
    ($($name:ident: $file:literal,)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../queries/", $file, ".sql"));)*

        #[cfg(unix)]
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$(($file, $name),)*];
    };
}

statements! {
    ADD_VERIFIER_KEY: "add_verifier_key",
    ADD_PAYLOAD_PATH: "add_payload_path",
    APPEND: "append",
    APPEND_EVENTS: "append_events",
    APPLY_MIGRATION: "apply_migration",
    BEGIN: "begin",
    BLOCKS_INDEXED: "blocks_indexed",
    BLOCK_END: "block_end",
    BLOCKS_UNTIL: "blocks_until",
    CHECK_INDEXES: "check_indexes",
    CHECKPOINT_ROWS: "checkpoint_rows",
    CHECKPOINTS: "checkpoints",
    COMMIT: "commit",
    COUNTS: "counts",
    CREATE_SCHEMA: "create_schema",
    CURSOR_ROWS: "cursor_rows",
    CURSORS: "cursors",
    CURSORS_NAMED: "cursors_named",
    DEAD_LETTER: "dead_letter",
    DEAD_LETTER_ROWS: "dead_letter_rows",
    DEAD_LETTERS: "dead_letters",
    DIFFERING_COUNTERS: "differing_counters",
    DIFFERING_HEAD: "differing_head",
    DIFFERING_HOURS: "differing_hours",
    DIFFERING_PAYLOAD_PATHS: "differing_payload_paths",
    DIFFERING_SEALS: "differing_seals",
    DIFFERING_STREAMS: "differing_streams",
    DIFFERING_ZONES: "differing_zones",
    DROP_SNAPSHOTS: "drop_snapshots",
    DROP_SNAPSHOTS_OF: "drop_snapshots_of",
    DURABILITY: "durability",
    EVENTS_WITH_IDS: "events_with_ids",
    GRANT_SERVICE: "grant_service",
    GREATEST_SEALED_ID: "greatest_sealed_id",
    GUARDS: "guards",
    HAS_AMCHECK: "has_amcheck",
    HEAD: "head",
    HOURS: "hours",
    INDEX_PAYLOAD_CONTENTS: "index_payload_contents",
    INDEX_PAYLOAD_PATHS: "index_payload_paths",
    INSERT_HEAD: "insert_head",
    INSERT_LOG: "insert_log",
    INSERT_SUMMARY: "insert_summary",
    IS_DUE: "is_due",
    KEEP_CHECKPOINT: "keep_checkpoint",
    KEEP_DEAD_LETTER: "keep_dead_letter",
    KEEP_SNAPSHOTS: "keep_snapshots",
    LEAF_HASHES: "leaf_hashes",
    LOCK_HEAD: "lock_head",
    LOCK_MIGRATIONS: "lock_migrations",
    LOCK_SUMMARY: "lock_summary",
    LOG_IDENTITY: "log_identity",
    LOG_ROWS: "log_rows",
    MAKE_BLOCKS: "make_blocks",
    MIGRATED: "migrated",
    NEAREST_SNAPSHOT: "nearest_snapshot",
    NEWEST_CHECKPOINT: "newest_checkpoint",
    NEXT_DEAD_LETTER_ID: "next_dead_letter_id",
    NOTIFY: "notify",
    PAGE: "page",
    PAGE_AT: "page_at",
    PAGE_GATHERED: "page_gathered",
    PAGE_KEYED: "page_keyed",
    PAGE_SCANNED: "page_scanned",
    PAGE_TAGGED: "page_tagged",
    PAGE_ZONED: "page_zoned",
    PAYLOAD_PATHS: "payload_paths",
    RECORDED_RANGE: "recorded_range",
    SCHEMA_TABLES: "schema_tables",
    SEAL_BLOCK: "seal_block",
    SESSION: "session",
    SETTLE_DEAD_LETTER: "settle_dead_letter",
    SIZE_ON_DISK: "size_on_disk",
    SNAPSHOT_COUNTS: "snapshot_counts",
    SNAPSHOT_ROWS: "snapshot_rows",
    SNAPSHOTS_AFTER: "snapshots_after",
    STORED_ROWS: "stored_rows",
    STREAM_VERSIONS: "stream_versions",
    STREAM_VERSIONS_SUMMED: "stream_versions_summed",
    STREAMS_AFTER: "streams_after",
    SUBTREE_EXTENT: "subtree_extent",
    SUBTREE_HASHES: "subtree_hashes",
    SUMMARISE: "summarise",
    SUMMARY_AHEAD: "summary_ahead",
    TOTALS: "totals",
    VERIFIER_KEY_ROWS: "verifier_key_rows",
    VERIFIER_KEYS: "verifier_keys",
    VERSIONS_AT: "versions_at",
    WANT_CONTAINMENT: "want_containment",
    WRITTEN_SINCE: "written_since",
    ZONES_BETWEEN: "zones_between",
}

/// The statement as it is carried out for the blocks from a position up to, not including, another, up to which the log
/// is sealed, mostly. They stand in it as numbers, so that plans are made without the other blocks, which have no look-ups.
pub(crate) fn for_blocks(statement: &str, (from, until): (u64, u64)) -> String {
    let until = format!("{until}::int8");
    statement
        .replace("{from}", &format!("{from}::int8"))
        .replace("{until}", &until)
        .replace("{sealed}", &until)
}

// A server for tests is to be had on Unix only.
#[cfg(unix)]
#[cfg(test)]
mod tests {
    use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
    use tokio_postgres::types::Type;

    use crate::connection::Connector;
    use crate::options::PostgresOptions;
    use crate::reader::every_statement;

    /// Files that hold parts of statements, or statements that take names.
    const PARTS: [&str; 9] = [
        "page",
        "page_at",
        "page_gathered",
        "page_keyed",
        "page_scanned",
        "page_tagged",
        "page_zoned",
        "create_schema",
        "grant_service",
    ];

    #[tokio::test]
    async fn every_statement_is_understood_by_the_schema() {
        let location = log_url(shared_server(), &fresh_schema_name());
        let options = PostgresOptions::new(location.parse().unwrap());
        crate::PostgresEventStore::migrate(&options).await.unwrap();
        let session = Connector::new(options.location).unwrap().connect().await.unwrap();
        let whole = super::ALL.iter().filter(|(file, _)| !PARTS.contains(file));
        // amcheck is an extension that need not be there.
        let whole = whole.filter(|(file, _)| *file != "check_indexes").map(|(_, statement)| *statement);
        for statement in whole {
            let prepared = session.prepared_for(statement, Some((0, 16))).await;
            prepared.unwrap_or_else(|failure| panic!("{statement}: {}", failure.error));
        }
        for statement in every_statement() {
            let prepared = session.prepared_for(statement, Some((0, 16))).await;
            let prepared = prepared.unwrap_or_else(|failure| panic!("{statement}: {}", failure.error));
            let (texts, text, number) = (Type::TEXT_ARRAY, Type::TEXT, Type::INT8);
            let page = [&number, &number, &number, &number, &texts, &texts, &texts, &text, &text, &text];
            assert!(prepared.params().iter().eq(page.into_iter().chain([&number, &number])), "{statement}");
        }
    }
}
