//! Schemas that are made for a measurement and dropped after it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use annals::Location;
use tempfile::TempDir;
use tokio_postgres::Client;

use crate::error::{BenchError, Result};
use crate::own_log::Place;
use crate::settings::{Settings, runtime};
use crate::sql;

/// How often it is looked whether everything is settled.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A schema of the server, and a folder for the keys of whoever signs a log in it.
pub(super) struct Schema {
    name: String,
    server: Location,
    pub(super) place: Place,
    _folder: TempDir,
}

impl Schema {
    /// Names a schema that is not there yet; a store makes it.
    pub(super) fn for_log(settings: &Settings) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("annals_bench_{}_{number}", std::process::id());
        let server = settings.server.clone().ok_or(BenchError::EndedEarly { what: "the server" })?;
        let location = match &server {
            Location::Postgres(url) => {
                let invalid = |_| BenchError::Settings { reason: format!("{name} is no name of a schema") };
                Location::Postgres(Box::new((**url).clone().with_schema(name.parse().map_err(invalid)?)))
            }
            Location::Sqlite(_) | Location::Http(_) => server.clone(),
        };
        let folder = settings.fresh_folder()?;
        let place = Place::of_writer(location, folder.path().to_owned(), "state");
        Ok(Self { name, server, place, _folder: folder })
    }

    /// Makes an empty schema.
    pub(super) async fn create(settings: &Settings) -> Result<Self> {
        let schema = Self::for_log(settings)?;
        let statement = sql::POSTGRES_CREATE_SCHEMA.replace("{schema}", &schema.name);
        connect(&schema.server).await?.batch_execute(&statement).await?;
        Ok(schema)
    }

    /// A plain connection that sees this schema only.
    pub(super) async fn connect(&self) -> Result<Client> {
        connect_to(&self.place.location).await
    }

    async fn drop_it(&self) -> Result<()> {
        let statement = sql::POSTGRES_DROP_SCHEMA.replace("{schema}", &self.name);
        Ok(connect(&self.server).await?.batch_execute(&statement).await?)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // A thread of its own: this one may be inside a runtime.
        let dropped = std::thread::scope(|scope| scope.spawn(|| runtime()?.block_on(self.drop_it())).join());
        if let Ok(Err(error)) = dropped {
            eprintln!("schema {} cannot be dropped: {error}; drop it by hand", self.name);
        }
    }
}

/// A plain connection to the server.
pub(super) async fn connect(server: &Location) -> Result<Client> {
    match server {
        Location::Postgres(url) => Ok(url.connect().await?),
        Location::Sqlite(_) | Location::Http(_) => {
            Err(BenchError::Settings { reason: format!("{server} is no PostgreSQL server") })
        }
    }
}

/// A plain connection that sees the schema of a location only.
async fn connect_to(location: &Location) -> Result<Client> {
    let client = connect(location).await?;
    if let Location::Postgres(url) = location {
        client.batch_execute(&format!("SET search_path = {}", url.schema())).await?;
    }
    Ok(client)
}

/// Bytes on disk of everything in a location's schema.
pub(crate) async fn bytes_on_disk(location: &Location) -> Result<u64> {
    let row = connect_to(location).await?.query_one(sql::POSTGRES_BYTES_ON_DISK, &[]).await?;
    Ok(row.try_get::<_, i64>(0)?.cast_unsigned())
}

/// Waits until everything is derived that follows from a log's first `events` events.
pub(crate) async fn wait_until_settled(location: &Location, events: u64) -> Result<()> {
    let client = connect_to(location).await?;
    let is_settled = client.prepare(sql::POSTGRES_IS_SETTLED).await?;
    while !client.query_one(&is_settled, &[&events.cast_signed()]).await?.try_get::<_, bool>(0)? {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
