use std::sync::{Arc, Mutex};

use annals_event::Timestamp;
use annals_store::{Clock, Preparer};
use annals_tlog::Origin;
use tokio::sync::watch;

use super::Shared;
use super::housekeeping::{Housekeeping, keep_tail, notify_others};
use super::replica::Replica;
use crate::clock::DatabaseClock;
use crate::connection::{Connector, Pool, PostgresLocation, Session};
use crate::errors::Result;
use crate::migrate::{self, Found, Migration};
use crate::options::{ContainsIndex, OlderFormat, PostgresOptions};
use crate::payload_path::PayloadPaths;
use crate::sql;
use crate::tail::Tail;
use crate::writer::{Writer, WriterHandle, WriterParts, read_head};

/// Connections besides those that read: for what is kept, and for housekeeping.
const SESSIONS_BESIDE_READERS: usize = 2;

pub(super) async fn create_or_open(options: PostgresOptions) -> Result<Shared> {
    let (connector, session) = connected(&options).await?;
    migrate::check_server(&session).await?;
    let is_due = match migrate::recognise(&session, &options.location).await? {
        Found::Nothing => true,
        Found::Log(format) => {
            options.older_format == OlderFormat::IsMigrated && format < migrate::current_format()
        }
    };
    if is_due {
        migrate::migrate(&session, &options).await?;
    }
    migrate::must_be_current(&session, &options.location).await?;
    let paths = PayloadPaths::open(&session, &options.payload_paths).await?;
    if options.contains_index != ContainsIndex::None {
        let is_hot = options.contains_index == ContainsIndex::All;
        session.execute(sql::WANT_CONTAINMENT, &[&is_hot]).await?;
    }
    opened(options, (connector, session), paths).await
}

pub(super) async fn open(options: PostgresOptions) -> Result<Shared> {
    let (connector, session) = connected(&options).await?;
    migrate::check_server(&session).await?;
    migrate::must_be_current(&session, &options.location).await?;
    let paths = PayloadPaths::open(&session, &[]).await?;
    opened(options, (connector, session), paths).await
}

pub(super) async fn migrate(options: &PostgresOptions) -> Result<Migration> {
    let (_, session) = connected(options).await?;
    migrate::check_server(&session).await?;
    Ok(migrate::migrate(&session, options).await?)
}

pub(super) async fn grant(options: &PostgresOptions, role: &str) -> Result<()> {
    let (_, session) = connected(options).await?;
    migrate::must_be_current(&session, &options.location).await?;
    Ok(migrate::grant(&session, &options.location, role).await?)
}

async fn connected(options: &PostgresOptions) -> Result<(Arc<Connector>, Session)> {
    let connector = Arc::new(Connector::new(options.location.clone())?);
    let session = connector.connect().await?;
    Ok((connector, session))
}

async fn open_replica(
    replica: PostgresLocation,
    primary: &PostgresLocation,
    (origin, readers_max): (&Origin, usize),
) -> Result<Replica> {
    Replica::open(replica.with_schema(primary.schema.clone()), origin, readers_max.max(1)).await
}

/// The clock of the times of recording, and the same where it is the database's, whose time it was `now`.
fn clocks(given: Option<Arc<dyn Clock>>, now: Timestamp) -> (Arc<dyn Clock>, Option<Arc<DatabaseClock>>) {
    match given {
        Some(clock) => (clock, None),
        None => {
            let database_clock = Arc::new(DatabaseClock::at(now));
            (Arc::clone(&database_clock) as Arc<dyn Clock>, Some(database_clock))
        }
    }
}

async fn opened(
    options: PostgresOptions,
    (connector, session): (Arc<Connector>, Session),
    paths: PayloadPaths,
) -> Result<Shared> {
    let origin = migrate::identity(&session).await?;
    let row = read_head(&session).await?;
    let PostgresOptions {
        replica,
        clock,
        randomness,
        limits,
        block_len,
        readers_max,
        patience,
        housekeeping_rest,
        contains_index,
        ..
    } = options;
    let (clock, database_clock) = clocks(clock, row.now);
    let replica = match replica {
        Some(location) => Some(open_replica(location, &options.location, (&origin, readers_max)).await?),
        None => None,
    };
    let head = watch::Sender::new(row.head());
    let (written, changes) = watch::channel(0);
    let pool = Arc::new(Pool::new(Arc::clone(&connector), readers_max.max(1) + SESSIONS_BESIDE_READERS));
    let tail = Arc::new(Tail::behind(row.sealed, paths));
    let writer = Writer::new(WriterParts {
        connector: Arc::clone(&connector),
        clock: Arc::clone(&clock),
        database_clock,
        head: head.clone(),
        written,
        tail: Arc::clone(&tail),
        block_len,
        patience,
    });
    let housekeeping = Housekeeping {
        pool: Arc::clone(&pool),
        tail: Arc::clone(&tail),
        written: changes.clone(),
        block_len,
        rest: housekeeping_rest,
        contains_index,
        turn: Arc::default(),
    };
    let shared = Shared {
        tail: Arc::clone(&tail),
        housekeeping: housekeeping.clone(),
        preparer: Preparer::new(&origin, clock, randomness, limits),
        origin,
        connector,
        pool: Arc::clone(&pool),
        replica,
        writer: WriterHandle::start(writer),
        head,
        tasks: Mutex::default(),
        is_listening: Mutex::default(),
    };
    shared.begin_task(notify_others(Arc::clone(&pool), options.location.schema.clone(), changes));
    shared.begin_task(housekeeping.run());
    shared.begin_task(keep_tail(pool, tail));
    Ok(shared)
}
