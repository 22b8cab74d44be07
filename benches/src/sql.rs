//! The floors' statements, each in a file of its own.

macro_rules! statements {
    ($($name:ident: $file:literal,)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../queries/", $file, ".sql"));)*
    };
}

statements! {
    EQUAL_HEAD: "equal_head",
    EQUAL_INDEX_COUNTER: "equal_index_counter",
    EQUAL_INDEX_HOUR: "equal_index_hour",
    EQUAL_INDEX_ID: "equal_index_id",
    EQUAL_INDEX_MOVE_MARK: "equal_index_move_mark",
    EQUAL_INDEX_POSTING: "equal_index_posting",
    EQUAL_INDEX_STREAM: "equal_index_stream",
    EQUAL_INDEX_ZONE: "equal_index_zone",
    EQUAL_INSERT: "equal_insert",
    EQUAL_SUBTREE: "equal_subtree",
    INDEX_MARK: "index_mark",
    LEAN_INSERT: "lean_insert",
    LEAN_SCHEMA: "lean_schema",
    LEAN_VERSION: "lean_version",
}
