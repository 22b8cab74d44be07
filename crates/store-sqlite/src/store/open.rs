use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use annals_event::{EventId, JsonPointer};
use annals_failpoint::Point;
use annals_store::{Head, Preparer, StoreError};
use annals_tlog::Origin;
use rusqlite::{Connection, OptionalExtension};
use tempfile::TempDir;
use tokio::sync::watch;

use super::checkpoints::newest as newest_checkpoint;
use super::follow::{Followed, Follower, TAIL_LEN_MAX, read_head, read_log_end};
use super::pool::Pool;
use super::{Mode, Shared};
use crate::errors::{Result, corrupt, file, pass, sqlite};
use crate::files::LogFiles;
use crate::index::{self, BesideLog, IndexSeal, Indexer, catch_up, read_mark};
use crate::inspect;
use crate::lock::{WriterLock, index_trust};
use crate::options::SqliteOptions;
use crate::schema::{self, Found};
use crate::sql;
use crate::tail::Tail;
use crate::writer::{Checkpointer, LogEnd, WalBacklog, Writer, WriterHandle, WriterParts};

/// What the one writing process has running.
pub(super) struct Writing {
    pub(super) writer: WriterHandle,
    pub(super) preparer: Preparer,
    pub(super) payload_paths: Arc<[JsonPointer]>,
    pub(super) head: watch::Receiver<Head>,
    ending: Mutex<Option<Ending>>,
}

/// What ends with the store, in this order.
struct Ending {
    indexer: Indexer,
    checkpointer: Checkpointer,
    lock: WriterLock,
}

impl Writing {
    /// Indexes everything and lets others write, once the writer has finished and nobody reads.
    pub(super) fn finish(&self, files: &LogFiles) {
        let ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Ending { mut indexer, mut checkpointer, lock }) = ending {
            indexer.finish();
            checkpointer.finish();
            if let Err(error) = pass(Point::SealBefore) {
                tracing::warn!(%error, "the index is not sealed");
                return;
            }
            lock.release(IndexSeal::of(&files.index));
        }
    }
}

pub(super) fn for_writing(path: &Path, options: SqliteOptions) -> Result<Shared> {
    let files = LogFiles::of(path);
    // What is not ours is refused before anything is made beside it.
    schema::recognise(path)?;
    schema::create_folder_of(path)?;
    let lock = WriterLock::acquire(&files, options.lock_wait, options.clock.now())?;
    if schema::recognise(path)? == Found::Nothing {
        let origin = options.origin.clone().map_or_else(|| random_origin(&options), Ok)?;
        schema::create_truth(&files, &origin)?;
    }
    let truth = schema::open_truth_for_writing(path)?;
    let origin = identity(&truth)?;
    let (frontier, recorded_at) = read_log_end(&truth)?;
    let size = frontier.size();

    let beside = BesideLog { files: &files, origin: &origin, truth: &truth, trust: lock.index_trust };
    let (mut writing_index, mark) = index::open_for_writing(beside, &options.payload_paths)?;
    catch_up(&mut writing_index, &truth, mark, size, &options.payload_paths)?;
    let reading_index =
        schema::open_index_for_reading(&files.index).ok_or_else(|| StoreError::Unavailable {
            reason: format!("{} was made and cannot be opened; open the log again", files.index.display()),
            source: None,
        })?;
    let greatest_id = greatest_event_id(&reading_index)?;
    let end = LogEnd { frontier, recorded_at, greatest_id, greatest_sent_id: greatest_id };

    let tail = Arc::new(Tail::starting_at(size, greatest_id));
    let payload_paths: Arc<[JsonPointer]> = options.payload_paths.into();
    let (head, head_changes) = watch::channel(Head { size, root: end.frontier.root(), recorded_at });
    let backlog = Arc::new(WalBacklog::default());
    let indexer = Indexer::start(Arc::clone(&tail), writing_index)?;
    let parts = WriterParts {
        files: files.clone(),
        truth,
        index: reading_index,
        tail: Arc::clone(&tail),
        clock: Arc::clone(&options.clock),
        payload_paths: Arc::clone(&payload_paths),
        tail_events_max: options.tail_events_max as u64,
        head,
        backlog: Arc::clone(&backlog),
    };
    let writer = Arc::new(Mutex::new(Writer::new(parts, end)));
    let checkpointer = Checkpointer::start(&files, backlog, Arc::clone(&writer))?;
    let writer = WriterHandle::start(writer)?;
    let preparer = Preparer::new(&origin, options.clock, options.randomness, options.limits);
    let ending = Mutex::new(Some(Ending { indexer, checkpointer, lock }));
    let pool = Pool::new(files.truth.clone(), files.index.clone(), Arc::clone(&payload_paths));
    let mode = Mode::Writing(Box::new(Writing {
        writer,
        preparer,
        payload_paths: Arc::clone(&payload_paths),
        head: head_changes,
        ending,
    }));
    Ok(Shared { files, origin, tail, pool, mode })
}

/// Makes everything derived anew, while nobody else writes.
pub(super) fn for_repair(path: &Path, options: &SqliteOptions) -> Result<Vec<String>> {
    let files = LogFiles::of(path);
    if schema::recognise(path)? == Found::Nothing {
        return Err(StoreError::NotFound { what: format!("store at {}", files.display()) });
    }
    let lock = WriterLock::acquire(&files, options.lock_wait, options.clock.now())?;
    let mut truth = schema::open_truth_for_writing(path)?;
    let mut done = inspect::repair(&mut truth)?;
    let origin = identity(&truth)?;
    let size = read_log_end(&truth)?.0.size();
    let mut index = index::create(&files.index, &origin, &options.payload_paths)?;
    catch_up(&mut index, &truth, 0, size, &options.payload_paths)?;
    index.close().map_err(|(_, error)| sqlite(error))?;
    lock.release(IndexSeal::of(&files.index));
    done.push("the index".to_owned());
    Ok(done)
}

pub(super) fn for_reading(path: &Path) -> Result<Shared> {
    let files = LogFiles::of(path);
    if schema::recognise(path)? == Found::Nothing {
        return Err(StoreError::NotFound { what: format!("store at {}", files.display()) });
    }
    let truth = schema::open_truth_for_reading(path)?;
    let origin = identity_or_signed_origin(&truth)?;
    let size = read_head(&truth)?.size;
    let beside = BesideLog { files: &files, origin: &origin, truth: &truth, trust: index_trust(&files) };
    // An index that is far behind may have nobody who writes it: memory stays bounded with one of our own.
    let near =
        index::open_for_reading(beside)?.filter(|(_, mark, _)| size.saturating_sub(*mark) <= TAIL_LEN_MAX);
    let (followed, index_path, mark) = match near {
        Some((index, mark, payload_paths)) => {
            (Followed { truth, index, payload_paths, private: None }, files.index.clone(), mark)
        }
        None => {
            let folder = TempDir::with_prefix("annals-index-").map_err(file(&std::env::temp_dir()))?;
            let index_path = folder.path().join("index");
            let mut index = index::create(&index_path, &origin, &[])?;
            // It is filled once, beside whatever the reader is about to do: little memory matters more than speed.
            index.execute_batch("PRAGMA cache_size = -8192").map_err(sqlite)?;
            let mark = match catch_up(&mut index, &truth, 0, size, &[]) {
                // Whoever asks for what cannot be indexed is told then; whoever verifies does not ask for it.
                Err(StoreError::Corrupt { .. }) => read_mark(&index)?.map_or(0, |mark| mark.size),
                indexed => indexed.map(|()| size)?,
            };
            index.execute_batch("PRAGMA shrink_memory").map_err(sqlite)?;
            (Followed { truth, index, payload_paths: Vec::new(), private: Some(folder) }, index_path, mark)
        }
    };
    let tail = Arc::new(Tail::starting_at(mark, None));
    let pool = Pool::new(files.truth.clone(), index_path, followed.payload_paths.clone().into());
    Ok(Shared { files, origin, tail, pool, mode: Mode::Reading(Box::new(Follower::new(followed))) })
}

/// The log's identity; where it cannot be read, the one that its newest checkpoint states, so that the log can
/// be verified.
fn identity_or_signed_origin(truth: &Connection) -> Result<Origin> {
    identity(truth).or_else(|error| match newest_checkpoint(truth) {
        Ok(Some(signed)) => Ok(signed.unverified().origin.clone()),
        _ => Err(error),
    })
}

/// The log's identity.
pub(crate) fn identity(truth: &Connection) -> Result<Origin> {
    let origin: Option<String> =
        truth.query_row(sql::LOG_IDENTITY, [], |row| row.get(0)).optional().map_err(sqlite)?;
    let origin = origin.ok_or_else(|| corrupt("the log has no identity"))?;
    origin
        .parse()
        .map_err(|error: annals_tlog::Error| corrupt(format!("the log's origin {origin:?}: {error}")))
}

/// An origin that no other log has.
fn random_origin(options: &SqliteOptions) -> Result<Origin> {
    let mut random = [0; 16];
    options.randomness.fill(&mut random)?;
    let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("annals.log/{hex}").parse().map_err(|error: annals_tlog::Error| corrupt(error.to_string()))
}

fn greatest_event_id(index: &Connection) -> Result<Option<EventId>> {
    let greatest: Option<[u8; 16]> =
        index.query_row(sql::INDEX_GREATEST_EVENT_ID, [], |row| row.get(0)).map_err(sqlite)?;
    Ok(greatest.map(EventId::from_bytes))
}
