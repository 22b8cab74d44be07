//! Taking a log of an older format to the present one.

use std::path::{Path, PathBuf};

use annals_store::StoreError;
use annals_tlog::{Frontier, Hash, HashReader, TILE_WIDTH};
use rusqlite::{Connection, TransactionBehavior};

use crate::backup::{Existing, copy_whole, name_beside};
use crate::errors::{Result, corrupt, sqlite};
use crate::files::LogFiles;
use crate::format::{Migrations, TRUTH_MIGRATIONS, format_of, format_of_open, too_new};
use crate::lock::WriterLock;
use crate::options::SqliteOptions;
use crate::reader::TreeReader;
use crate::schema::is_alike;
use crate::store::{SqliteEventStore, read_log_end};
use crate::{schema, sql};

/// What was done about a log's format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The format that it had.
    pub from: u32,
    /// The format that it has.
    pub to: u32,
    /// The backup that was made before; `None` when nothing was to be done.
    pub backup: Option<PathBuf>,
}

impl SqliteEventStore {
    /// Takes the log at `path` to the format of this program, after a backup beside it. The tree's root stays
    /// what it is, or nothing is changed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::NotOurs`] for a newer format, [`StoreError::AlreadyWritten`],
    /// [`StoreError::Corrupt`] when the log is not what its format says, [`StoreError::Unavailable`].
    pub fn migrate(path: &Path, options: &SqliteOptions) -> Result<Migration> {
        migrate(path, options, TRUTH_MIGRATIONS)
    }
}

fn migrate(path: &Path, options: &SqliteOptions, migrations: Migrations) -> Result<Migration> {
    let to = migrations.format();
    let from = format_of(path)?
        .ok_or_else(|| StoreError::NotFound { what: format!("store at {}", path.display()) })?;
    if from > to {
        return Err(too_new(path, from, to));
    }
    if from == to {
        return Ok(Migration { from, to, backup: None });
    }
    let now = options.clock.now();
    let lock = WriterLock::acquire(&LogFiles::of(path), options.lock_wait, now)?;
    let backup = name_beside(path, &format!("format-{from}"), now);
    copy_whole(path, &backup, Existing::Stays)?.give_name()?;
    let mut truth = schema::open_truth_for_writing(path)?;
    in_one_transaction(&mut truth, migrations)?;
    // Whoever opens the log looks at the file's header, so it must not stay in the write-ahead log.
    truth.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(sqlite)?;
    truth.close().map_err(|(_, error)| sqlite(error))?;
    lock.release(None);
    Ok(Migration { from, to, backup: Some(backup) })
}

/// Migrates a copy that nobody else knows, as one file.
pub(crate) fn in_place(path: &Path, migrations: Migrations) -> Result<()> {
    let mut truth = schema::open_truth_alone(path)?;
    in_one_transaction(&mut truth, migrations)?;
    truth.close().map_err(|(_, error)| sqlite(error))
}

fn in_one_transaction(truth: &mut Connection, migrations: Migrations) -> Result<()> {
    let transaction = truth.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    // The file's header may be behind, where an earlier migration was cut off after its commit.
    let from = format_of_open(&transaction)?;
    if !is_alike(&transaction, &migrations.until(from).in_memory()?) {
        return Err(corrupt(format!(
            "tables, triggers or views of the log are not those of its format {from}, so it was left as it is; \
             the program that wrote it can make them anew with 'annals repair'"
        )));
    }
    let before = root_of_leaves(&transaction)?;
    migrations.apply(&transaction, from)?;
    let after = root_of_leaves(&transaction)?;
    if before != after || !is_alike(&transaction, &migrations.in_memory()?) {
        return Err(corrupt(format!(
            "the migration from format {from} would change the root from {before} to {after}, or make other tables \
             than a new log has; it was taken back"
        )));
    }
    transaction.commit().map_err(sqlite)
}

/// The root over the stored leaf hashes, which must be the one that the head states.
fn root_of_leaves(truth: &Connection) -> Result<Hash> {
    let (stated, _) = read_log_end(truth)?;
    let events: u64 = truth.query_row(sql::EVENT_EXTENT, [], |row| row.get(0)).map_err(sqlite)?;
    let mut frontier = Frontier::new();
    while frontier.size() < events {
        let first = frontier.size();
        let leaves = TreeReader(truth).hashes(0, first..events.min(first + TILE_WIDTH))?;
        if leaves.is_empty() {
            return Err(corrupt(format!("the event at position {first} is missing")));
        }
        leaves.into_iter().for_each(|leaf| frontier.push(leaf, |_| ()));
    }
    if frontier.to_bytes() != stated.to_bytes() {
        return Err(corrupt("the head is not that of the events"));
    }
    Ok(frontier.root())
}

#[cfg(test)]
mod tests {
    // No format was given up yet, so a later one is made up here: what this program writes is the older one.
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use annals_event::{EventType, JsonObject, NewEvent, StreamName};
    use annals_store::{Append, EventStore};
    use tempfile::TempDir;

    use super::*;
    use crate::schema::open_truth_for_reading;

    const LATER_STEP: &str = "
    ALTER TABLE events ADD COLUMN weight INTEGER;
    DROP TRIGGER events_update;
    UPDATE events SET weight = length(payload);
    CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;";

    const LATER: Migrations = Migrations(&[TRUTH_MIGRATIONS.0[0], LATER_STEP]);

    /// A step that forgets to put a trigger back.
    const CARELESS: Migrations = Migrations(&[
        TRUTH_MIGRATIONS.0[0],
        "DROP TRIGGER events_update; UPDATE events SET leaf_hash = zeroblob(32)",
    ]);

    fn impatient() -> SqliteOptions {
        SqliteOptions { lock_wait: Duration::ZERO, ..SqliteOptions::default() }
    }

    async fn log_with_events(folder: &TempDir, count: usize) -> PathBuf {
        let path = folder.path().join("annals.db");
        let store = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
        for _ in 0..count {
            let stream = StreamName::new("Order", "1").unwrap();
            let payload = JsonObject::new(r#"{"total":1}"#).unwrap();
            store
                .append(Append::event(NewEvent::new(stream, EventType::new("Placed").unwrap(), payload)))
                .await
                .unwrap();
        }
        store.close().await.unwrap();
        path
    }

    fn root(path: &Path) -> Hash {
        root_of_leaves(&open_truth_for_reading(path).unwrap()).unwrap()
    }

    fn file_count(folder: &TempDir) -> usize {
        std::fs::read_dir(folder.path()).unwrap().count()
    }

    #[tokio::test]
    async fn a_log_of_an_older_format_is_taken_to_the_present_one_and_keeps_its_root() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 300).await;
        let before = root(&path);
        let migration = migrate(&path, &impatient(), LATER).unwrap();
        assert_eq!((migration.from, migration.to, format_of(&path).unwrap()), (1, 2, Some(2)));
        assert_eq!(root(&path), before);
        let truth = open_truth_for_reading(&path).unwrap();
        assert!(is_alike(&truth, &LATER.in_memory().unwrap()));
        let weight: u64 = truth.query_row("SELECT min(weight) FROM events", [], |row| row.get(0)).unwrap();
        assert_eq!(weight, 11);

        let backup = migration.backup.expect("a backup was made first");
        assert_eq!((root(&backup), format_of(&backup).unwrap()), (before, Some(1)));
        assert_eq!(SqliteEventStore::open_for_reading(&backup).unwrap().head().await.unwrap().size, 300);
        assert_eq!(migrate(&path, &impatient(), LATER).unwrap().backup, None);
    }

    #[tokio::test]
    async fn events_that_stand_in_the_write_ahead_log_are_in_the_backup_and_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 1).await;
        // Whoever writes dies without folding the write-ahead log: its file is put back after a copy of it was closed.
        let truth = schema::open_truth_for_writing(&path).unwrap();
        truth.execute("INSERT INTO cursors VALUES ('a', 'b', x'00')", []).unwrap();
        let wal = folder.path().join("annals.db-wal");
        let (file, log) = (std::fs::read(&path).unwrap(), std::fs::read(&wal).unwrap());
        drop(truth);
        std::fs::write(&path, file).unwrap();
        std::fs::write(&wal, log).unwrap();
        let migration = migrate(&path, &impatient(), LATER).unwrap();
        for path in [path, migration.backup.unwrap()] {
            let truth = open_truth_for_reading(&path).unwrap();
            let cursors: u64 = truth.query_row("SELECT count(*) FROM cursors", [], |row| row.get(0)).unwrap();
            assert_eq!(cursors, 1, "{}", path.display());
        }
    }

    #[tokio::test]
    async fn a_step_that_would_change_the_root_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 3).await;
        let before = root(&path);
        assert!(migrate(&path, &impatient(), CARELESS).is_err());
        assert_eq!((root(&path), format_of(&path).unwrap()), (before, Some(1)));
        let store = SqliteEventStore::open_for_reading(&path).unwrap();
        assert_eq!(store.head().await.unwrap().size, 3);
    }

    #[tokio::test]
    async fn a_log_whose_tables_are_not_those_of_its_format_is_not_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 3).await;
        Connection::open(&path).unwrap().execute_batch("DROP TRIGGER events_delete").unwrap();
        let refused = migrate(&path, &impatient(), LATER).expect_err("a trigger is missing");
        assert!(refused.to_string().contains("annals repair"), "{refused}");
        assert_eq!(format_of(&path).unwrap(), Some(1));
    }

    #[tokio::test]
    async fn a_log_that_somebody_writes_is_not_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 1).await;
        let writer = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
        let files = file_count(&folder);
        assert!(matches!(migrate(&path, &impatient(), LATER), Err(StoreError::AlreadyWritten { .. })));
        assert_eq!(file_count(&folder), files, "no backup was made");
        drop(writer);
    }

    #[tokio::test]
    async fn a_backup_of_an_older_format_is_migrated_while_it_is_restored_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 3).await;
        let backup = folder.path().join("backup.db");
        copy_whole(&path, &backup, Existing::Stays).unwrap().give_name().unwrap();
        let restored = folder.path().join("restored.db");
        crate::backup::restore_as(&backup, &restored, &impatient(), LATER).unwrap();
        assert_eq!((format_of(&backup).unwrap(), format_of(&restored).unwrap()), (Some(1), Some(2)));
        assert_eq!(root(&restored), root(&backup));
    }

    #[tokio::test]
    async fn a_log_of_an_older_format_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = log_with_events(&folder, 1).await;
        let refused = crate::format::recognise_as(&path, LATER).expect_err("its format is older");
        assert!(matches!(refused, StoreError::Outdated { format: 1, current: 2, .. }), "{refused:?}");
        assert!(refused.to_string().contains("'annals migrate'"), "{refused}");
    }
}
