//! The statements, each in a file of its own, named as the function that runs it.

macro_rules! statements {
    ($($name:ident: $file:literal,)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../queries/", $file, ".sql"));)*

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$(($file, $name),)*];
    };
}

statements! {
    ADD_VERIFIER_KEY: "add_verifier_key",
    BACKUP_CHANGED_DEAD_LETTERS: "backup_changed_dead_letters",
    BACKUP_CHECKPOINT_END: "backup_checkpoint_end",
    BACKUP_CHECKPOINTS: "backup_checkpoints",
    BACKUP_CURSORS: "backup_cursors",
    BACKUP_DEAD_LETTER_END: "backup_dead_letter_end",
    BACKUP_DEAD_LETTERS: "backup_dead_letters",
    BACKUP_EVENTS: "backup_events",
    BACKUP_HEAD: "backup_head",
    BACKUP_LOG: "backup_log",
    BACKUP_SOURCE: "backup_source",
    BACKUP_SUBTREES: "backup_subtrees",
    BACKUP_VERIFIER_KEYS: "backup_verifier_keys",
    BEGIN: "begin",
    CHECKPOINT_ROWS: "checkpoint_rows",
    CHECKPOINTS: "checkpoints",
    COPY_WHOLE: "copy_whole",
    CURSOR: "cursor",
    CURSOR_ROWS: "cursor_rows",
    CURSORS: "cursors",
    DEAD_LETTER: "dead_letter",
    DEAD_LETTER_ROWS: "dead_letter_rows",
    DEAD_LETTERS: "dead_letters",
    DEFINITIONS: "definitions",
    DELETE_HEADS: "delete_heads",
    DELETE_SUBTREES: "delete_subtrees",
    DROP_SNAPSHOTS: "drop_snapshots",
    DROP_SNAPSHOTS_OF: "drop_snapshots_of",
    END: "end",
    EVENT_AT: "event_at",
    EVENT_BOUNDS: "event_bounds",
    EVENT_EXTENT: "event_extent",
    EVENTS_BACKWARDS: "events_backwards",
    EVENTS_FORWARDS: "events_forwards",
    HEAD: "head",
    INDEX_ALL_COUNTERS: "index_all_counters",
    INDEX_ALL_EVENT_IDS: "index_all_event_ids",
    INDEX_ALL_PAYLOAD_VALUES: "index_all_payload_values",
    INDEX_ALL_POSTINGS: "index_all_postings",
    INDEX_ALL_STREAMS: "index_all_streams",
    INDEX_ALL_ZONES: "index_all_zones",
    INDEX_COUNT: "index_count",
    INDEX_COUNT_HOUR: "index_count_hour",
    INDEX_COUNTER: "index_counter",
    INDEX_COUNTER_VALUES: "index_counter_values",
    INDEX_COUNTERS: "index_counters",
    INDEX_EVENT_ID: "index_event_id",
    INDEX_GREATEST_EVENT_ID: "index_greatest_event_id",
    INDEX_HOURS: "index_hours",
    INDEX_INSERT_EVENT_ID: "index_insert_event_id",
    INDEX_INSERT_MARK: "index_insert_mark",
    INDEX_INSERT_PAYLOAD_VALUE: "index_insert_payload_value",
    INDEX_INSERT_POSTING: "index_insert_posting",
    INDEX_MARK: "index_mark",
    INDEX_MOVE_MARK: "index_move_mark",
    INDEX_PAYLOAD_POSITIONS: "index_payload_positions",
    INDEX_PAYLOAD_VALUE: "index_payload_value",
    INDEX_POSTING_AT: "index_posting_at",
    INDEX_POSTINGS_AFTER: "index_postings_after",
    INDEX_POSTINGS_BEFORE: "index_postings_before",
    INDEX_PUT_STREAM: "index_put_stream",
    INDEX_STREAM_COUNT: "index_stream_count",
    INDEX_STREAM_VERSION: "index_stream_version",
    INDEX_STREAMS_AFTER: "index_streams_after",
    INDEX_STREAMS_OF_ID: "index_streams_of_id",
    INDEX_WIDEN_ZONE: "index_widen_zone",
    INDEX_ZONE_AFTER: "index_zone_after",
    INDEX_ZONE_BEFORE: "index_zone_before",
    INSERT_EVENT: "insert_event",
    INSERT_HEAD: "insert_head",
    INSERT_LOG: "insert_log",
    INSERT_SUBTREE: "insert_subtree",
    KEEP_CHECKPOINT: "keep_checkpoint",
    KEEP_DEAD_LETTER: "keep_dead_letter",
    KEEP_SNAPSHOT: "keep_snapshot",
    LEAF_HASHES: "leaf_hashes",
    LOG_IDENTITY: "log_identity",
    LOG_ROWS: "log_rows",
    NEAREST_SNAPSHOT: "nearest_snapshot",
    NEWEST_CHECKPOINT: "newest_checkpoint",
    NEXT_DEAD_LETTER_ID: "next_dead_letter_id",
    PUT_CURSOR: "put_cursor",
    RECORDED_AT: "recorded_at",
    REPLACE_HEAD: "replace_head",
    SCHEMA_OBJECTS: "schema_objects",
    SETTLE_DEAD_LETTER: "settle_dead_letter",
    SNAPSHOT_COUNTS: "snapshot_counts",
    SNAPSHOT_ROWS: "snapshot_rows",
    SNAPSHOTS_AFTER: "snapshots_after",
    STORED_ROWS: "stored_rows",
    SUBTREE_EXTENT: "subtree_extent",
    SUBTREE_HASHES: "subtree_hashes",
    TABLES: "tables",
    UPDATE_HEAD: "update_head",
    VERIFIER_KEY_ROWS: "verifier_key_rows",
    VERIFIER_KEYS: "verifier_keys",
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use crate::format::TRUTH_MIGRATIONS;
    use crate::schema::{index_in_memory, truth_in_memory};

    use super::ALL;

    #[test]
    fn every_statement_can_be_prepared_against_its_schema() {
        let (truth, index) = (truth_in_memory(), index_in_memory());
        // A backup is written beside the log that it is of.
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("annals.db");
        TRUTH_MIGRATIONS.apply(&Connection::open(&source).unwrap(), 0).unwrap();
        truth.execute(super::BACKUP_SOURCE, [source.to_str().unwrap()]).unwrap();
        for (name, statement) in ALL {
            let database = if name.starts_with("index_") { &index } else { &truth };
            assert!(database.prepare(statement).is_ok(), "{name}: {:?}", database.prepare(statement).err());
        }
    }
}
