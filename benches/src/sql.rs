//! The floors' statements, each in a file of its own.

macro_rules! statements {
    ($($name:ident: $file:literal,)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../queries/", $file, ".sql"));)*
    };
}

statements! {
    EQUAL_ALL: "equal_all",
    EQUAL_EVENT_AT: "equal_event_at",
    EQUAL_HEAD: "equal_head",
    EQUAL_INDEX_COUNTER: "equal_index_counter",
    EQUAL_INDEX_HOUR: "equal_index_hour",
    EQUAL_INDEX_ID: "equal_index_id",
    EQUAL_INDEX_MOVE_MARK: "equal_index_move_mark",
    EQUAL_INDEX_POSTING: "equal_index_posting",
    EQUAL_INDEX_STREAM: "equal_index_stream",
    EQUAL_INDEX_ZONE: "equal_index_zone",
    EQUAL_INSERT: "equal_insert",
    EQUAL_PAYLOAD_VALUE: "equal_payload_value",
    EQUAL_POSTINGS: "equal_postings",
    EQUAL_POSTINGS_BEFORE: "equal_postings_before",
    EQUAL_SUBTREE: "equal_subtree",
    EQUAL_ZONES: "equal_zones",
    INDEX_MARK: "index_mark",
    LEAN_AGGREGATE: "lean_aggregate",
    LEAN_ALL: "lean_all",
    LEAN_INSERT: "lean_insert",
    LEAN_INVOICE: "lean_invoice",
    LEAN_INVOICE_INDEX: "lean_invoice_index",
    LEAN_LATEST: "lean_latest",
    LEAN_SCHEMA: "lean_schema",
    LEAN_TYPE_BETWEEN: "lean_type_between",
    LEAN_VERSION: "lean_version",
    POSTGRES_BYTES_ON_DISK: "postgres_bytes_on_disk",
    POSTGRES_CONDITIONS: "postgres_conditions",
    POSTGRES_CREATE_SCHEMA: "postgres_create_schema",
    POSTGRES_DROP_SCHEMA: "postgres_drop_schema",
    POSTGRES_IS_SETTLED: "postgres_is_settled",
    POSTGRES_LEAN_AGGREGATE: "postgres_lean_aggregate",
    POSTGRES_LEAN_ALL: "postgres_lean_all",
    POSTGRES_LEAN_INSERT: "postgres_lean_insert",
    POSTGRES_LEAN_INSERT_MANY: "postgres_lean_insert_many",
    POSTGRES_LEAN_INVOICE: "postgres_lean_invoice",
    POSTGRES_LEAN_INVOICE_INDEX: "postgres_lean_invoice_index",
    POSTGRES_LEAN_LATEST: "postgres_lean_latest",
    POSTGRES_LEAN_SCHEMA: "postgres_lean_schema",
    POSTGRES_LEAN_TYPE_BETWEEN: "postgres_lean_type_between",
    POSTGRES_MAKE_BLOCKS: "postgres_make_blocks",
}
