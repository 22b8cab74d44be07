use std::path::Path;

use annals_event::JsonPointer;
use annals_tlog::{Hash, Origin};
use rusqlite::{Connection, OptionalExtension, params};

use super::seal::Trust;
use crate::errors::{Result, sqlite};
use crate::files::LogFiles;
use crate::reader::TreeReader;
use crate::{schema, sql};

/// How far an index goes, and what it is an index of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) origin: String,
    /// Events below this position are indexed.
    pub(crate) size: u64,
    pub(crate) root: Hash,
    /// The indexed payload paths, a JSON array.
    pub(crate) payload_paths: String,
}

/// An index's mark; `None` when there is none that can be read.
pub(crate) fn read_mark(index: &Connection) -> Result<Option<Mark>> {
    let row = index
        .prepare_cached(sql::INDEX_MARK)
        .and_then(|mut statement| {
            statement
                .query_row([], |row| {
                    Ok(Mark {
                        origin: row.get(0)?,
                        size: row.get(1)?,
                        root: Hash::from_bytes(row.get(2)?),
                        payload_paths: row.get(3)?,
                    })
                })
                .optional()
        })
        .map_err(sqlite)?;
    Ok(row)
}

/// The log that an index belongs to, and what speaks for it.
#[derive(Clone, Copy)]
pub(crate) struct BesideLog<'a> {
    pub(crate) files: &'a LogFiles,
    pub(crate) origin: &'a Origin,
    pub(crate) truth: &'a Connection,
    pub(crate) trust: Trust,
}

/// Opens the index for its one writer, or makes an empty one where there is none that can be believed.
pub(crate) fn open_for_writing(
    log: BesideLog<'_>,
    payload_paths: &[JsonPointer],
) -> Result<(Connection, u64)> {
    let path = &log.files.index;
    if let Some(index) = schema::open_index_for_writing(path) {
        let mark = believable(&index, log)?.filter(|mark| mark.payload_paths == paths_text(payload_paths));
        if let Some(mark) = mark {
            return Ok((index, mark.size));
        }
        tracing::info!(index = %path.display(), "the index does not fit the log and is rebuilt");
    }
    let index = create(path, log.origin, payload_paths)?;
    Ok((index, 0))
}

/// Opens the index for a reader, if there is one that can be believed.
pub(crate) fn open_for_reading(log: BesideLog<'_>) -> Result<Option<(Connection, u64, Vec<JsonPointer>)>> {
    let Some(index) = schema::open_index_for_reading(&log.files.index) else { return Ok(None) };
    let Some(mark) = believable(&index, log)? else { return Ok(None) };
    let Some(payload_paths) = indexed_paths(&mark) else { return Ok(None) };
    Ok(Some((index, mark.size, payload_paths)))
}

/// Makes an empty index, in place of whatever is there.
pub(crate) fn create(path: &Path, origin: &Origin, payload_paths: &[JsonPointer]) -> Result<Connection> {
    let mark = params![origin.as_str(), Hash::EMPTY_ROOT.as_bytes(), paths_text(payload_paths)];
    schema::create_index(path, |index| index.execute(sql::INDEX_INSERT_MARK, mark).map(drop).map_err(sqlite))
}

/// The mark, if the index is of this log and undamaged: same origin, the schema, the file that its writer
/// left, and the root that the log had at the mark.
fn believable(index: &Connection, log: BesideLog<'_>) -> Result<Option<Mark>> {
    let mark = match read_mark(index) {
        Ok(Some(mark)) if mark.origin == log.origin.as_str() => mark,
        _ => return Ok(None),
    };
    if !log.trust.covers(&log.files.index, index) || !schema::is_index_schema(index) {
        return Ok(None);
    }
    let root = annals_tlog::root_at(mark.size, &TreeReader(log.truth));
    Ok(root.is_ok_and(|root| root == mark.root).then_some(mark))
}

fn paths_text(payload_paths: &[JsonPointer]) -> String {
    serde_json::Value::from_iter(payload_paths.iter().map(JsonPointer::as_str)).to_string()
}

/// The payload paths that an index has, in the order of their numbers.
pub(crate) fn indexed_paths(mark: &Mark) -> Option<Vec<JsonPointer>> {
    let paths: Vec<String> = serde_json::from_str(&mark.payload_paths).ok()?;
    paths.iter().map(|path| path.parse().ok()).collect()
}
