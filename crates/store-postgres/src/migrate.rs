//! Which schemas are logs, and of which format; the numbered steps from one format to the next.

use annals_store::StoreError;
use annals_tlog::{Frontier, Origin};

use crate::connection::{PostgresLocation, Session};
use crate::errors::{Failure, Result, corrupt};
use crate::options::PostgresOptions;
use crate::sql;

/// What makes a log's schema, one after another. A step that was released is never edited; a new one goes to the end.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_log.sql"),
    include_str!("../migrations/0002_look_ups.sql"),
    include_str!("../migrations/0003_payload_paths.sql"),
    include_str!("../migrations/0004_payload_contents.sql"),
];

/// What a migration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// The format that the schema had; 0 when there was none.
    pub from: u32,
    /// The format that it has now.
    pub to: u32,
}

/// What stands at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A log of a format.
    Log(u32),
}

/// The format that this program works with.
pub(crate) fn current_format() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// The log at a location, if this program can work with it.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Outdated`], [`StoreError::NotOurs`].
pub(crate) async fn must_be_current(session: &Session, location: &PostgresLocation) -> Result<()> {
    let current = current_format();
    match recognise(session, location).await? {
        Found::Nothing => Err(StoreError::NotFound { what: format!("log at {location}") }),
        Found::Log(format) if format == current => Ok(()),
        Found::Log(format) => Err(StoreError::Outdated { store: location.to_string(), format, current }),
    }
}

/// What stands at a location; an error where it is not ours, or newer than this program.
pub(crate) async fn recognise(
    session: &Session,
    location: &PostgresLocation,
) -> std::result::Result<Found, Failure> {
    let schema = location.schema.as_str();
    let rows = session.query(sql::SCHEMA_TABLES, &[&schema]).await?;
    let mut names = Vec::with_capacity(rows.len());
    for row in &rows {
        names.push(row.try_get::<_, &str>(0)?);
    }
    if names.is_empty() {
        return Ok(Found::Nothing);
    }
    let not_ours = |reason: String| StoreError::NotOurs { store: location.to_string(), reason };
    if !["migrations", "log", "head"].iter().all(|table| names.contains(table)) {
        let example = names.first().copied().unwrap_or_default();
        return Err(not_ours(format!(
            "is no Annals log: it holds {example}, for instance; name another schema"
        ))
        .into());
    }
    let row = session.query_optional(sql::MIGRATED, &[]).await?;
    let format = row.map(|row| row.try_get::<_, Option<i32>>(0)).transpose()?.flatten();
    let format = format.and_then(|format| u32::try_from(format).ok());
    let format = format.ok_or_else(|| not_ours("does not say of which format it is".to_owned()))?;
    let current = current_format();
    if format > current {
        let reason =
            format!("has format {format}, this program knows formats up to {current}; use a newer annals");
        return Err(not_ours(reason).into());
    }
    Ok(Found::Log(format))
}

/// Makes a log, or takes it to the current format. Of several who try at once one does it and the others find it
/// done.
pub(crate) async fn migrate(
    session: &Session,
    options: &PostgresOptions,
) -> std::result::Result<Migration, Failure> {
    let location = &options.location;
    session.run(sql::BEGIN).await?;
    session.query(sql::LOCK_MIGRATIONS, &[&location.schema.as_str()]).await?;
    let from = match recognise(session, location).await? {
        Found::Nothing => 0,
        Found::Log(format) => format,
    };
    if from == 0 {
        session.run(&sql::CREATE_SCHEMA.replace("{schema}", location.schema.as_str())).await?;
    }
    for (step, number) in STEPS.iter().zip(1..).skip(usize::try_from(from).unwrap_or(usize::MAX)) {
        session.run(step).await?;
        let number: i32 = number;
        session.execute(sql::APPLY_MIGRATION, &[&number]).await?;
    }
    if from == 0 {
        let origin = options.origin.clone().map_or_else(|| random_origin(options), Ok)?;
        session.execute(sql::INSERT_LOG, &[&origin.to_string()]).await?;
        session.execute(sql::INSERT_HEAD, &[&Frontier::new().to_bytes()]).await?;
        session.execute(sql::INSERT_SUMMARY, &[]).await?;
        session.query(sql::MAKE_BLOCKS, &[&1_i64, &options.block_len.cast_signed()]).await?;
    }
    session.run(sql::COMMIT).await?;
    Ok(Migration { from, to: current_format() })
}

/// Lets a role append and read, and nothing else.
pub(crate) async fn grant(
    session: &Session,
    location: &PostgresLocation,
    role: &str,
) -> std::result::Result<(), Failure> {
    let quoted = format!("\"{}\"", role.replace('"', "\"\""));
    session
        .run(&sql::GRANT_SERVICE.replace("{schema}", location.schema.as_str()).replace("{role}", &quoted))
        .await
}

/// The log's identity.
pub(crate) async fn identity(session: &Session) -> Result<Origin> {
    let row = session.query_optional(sql::LOG_IDENTITY, &[]).await?;
    let row = row.ok_or_else(|| corrupt("the log has no identity"))?;
    let origin: String = row.try_get(0).map_err(Failure::from)?;
    origin
        .parse()
        .map_err(|error: annals_tlog::Error| corrupt(format!("the log's origin {origin:?}: {error}")))
}

/// An origin that no other log has.
fn random_origin(options: &PostgresOptions) -> Result<Origin> {
    let mut random = [0; 16];
    options.randomness.fill(&mut random)?;
    let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("annals.log/{hex}").parse().map_err(|error: annals_tlog::Error| corrupt(error.to_string()))
}

/// Refuses a server that acknowledges what is not on disk, or cannot hold every text.
pub(crate) async fn check_server(session: &Session) -> Result<()> {
    let row = session.query_optional(sql::DURABILITY, &[]).await?;
    let row = row.ok_or_else(|| corrupt("the server does not say how it is set"))?;
    let wanted = [("fsync", "on"), ("full_page_writes", "on"), ("server_encoding", "UTF8")];
    for (at, (setting, value)) in wanted.into_iter().enumerate() {
        let actual: &str = row.try_get(at).map_err(Failure::from)?;
        if actual != value {
            return Err(crate::errors::unavailable(format!(
                "the server is set to {setting} = {actual}, with which an acknowledged event could be lost or not be \
                 stored; it must be {value}"
            )));
        }
    }
    Ok(())
}
