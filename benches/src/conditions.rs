use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;

use crate::error::{BenchError, Result};
use crate::events::{CLIENTS, EventValues, Generator, STREAMS, Shape};
use crate::floor;
use crate::http;
use crate::machine;
use crate::own_log::OwnLog;
use crate::postgres::{self, DatabaseConditions};
use crate::settings::Settings;
use crate::work::{IN_FLIGHT, PER_APPEND, Work};

/// Events over which the sizes of payload and metadata are taken.
const SAMPLE: usize = 1_000;

/// Under which conditions everything was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conditions {
    /// The version of Annals.
    pub annals: &'static str,
    /// `release`, or `debug`, whose figures mean nothing.
    pub build: &'static str,
    /// Whether tamper evidence is built in; it is, but where its price is measured.
    pub proof: &'static str,
    /// Operating system and architecture.
    pub system: String,
    /// The processor, where the system tells.
    pub processor: Option<String>,
    /// Threads that run at once.
    pub cores: usize,
    /// The file system under the databases, where the system tells.
    pub file_system: Option<String>,
    /// Half of the syncs of 4 KiB that were appended to a file took no longer.
    pub sync_p50_ms: f64,
    /// 99 of 100 of them took no longer.
    pub sync_p99_ms: f64,
    /// The database and its version, the same for all.
    pub database: String,
    /// How the store's part of the database is set up.
    pub own: String,
    /// How the lean floor's is.
    pub lean: String,
    /// How the equal floor's is, where there is one.
    pub equal: Option<String>,
    /// Bytes of payload per event, on average.
    pub payload_bytes: f64,
    /// Bytes of metadata per event, on average.
    pub metadata_bytes: f64,
    /// How events get their ids.
    pub ids: &'static str,
    /// What is done outside the timing, for all alike.
    pub outside: &'static str,
    /// Aggregates.
    pub aggregates: usize,
    /// Clients of W2.
    pub clients: usize,
    /// Events per append and transaction in W3.
    pub batch: usize,
    /// The store's appends that are under way at once in W3.
    pub in_flight: usize,
    /// What is between client and store in the works over HTTP, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_http: Option<&'static str>,
    /// How often everything was measured.
    pub rounds: usize,
}

impl Conditions {
    /// Finds out the conditions in the settings' folder; takes some hundred syncs.
    pub(crate) fn find(works: &[Work], settings: &Settings) -> Result<Self> {
        let events = Generator::new(Shape::Ordinary).take(SAMPLE)?;
        let mean = |bytes: fn(&EventValues) -> usize| {
            events.iter().map(bytes).sum::<usize>() as f64 / events.len() as f64
        };
        let database = match postgres::find_conditions(settings)? {
            Some(database) => database,
            None => of_sqlite(settings)?,
        };
        let DatabaseConditions { database, own, lean, equal } = database;
        let syncs = machine::sync_times(settings)?;
        Ok(Self {
            annals: env!("CARGO_PKG_VERSION"),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            proof: if cfg!(annals_unproven) { "left out" } else { "built in" },
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            processor: machine::processor(),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            file_system: machine::file_system(Path::new(&settings.dir)),
            sync_p50_ms: syncs.percentile_ms(0.5).unwrap_or_default(),
            sync_p99_ms: syncs.percentile_ms(0.99).unwrap_or_default(),
            database,
            own,
            lean,
            equal,
            payload_bytes: mean(|event| event.payload.len()),
            metadata_bytes: mean(|event| event.metadata.len()),
            ids: "UUIDv7 in the order of time, the producer's",
            outside: "making the events, and checking that payload and metadata are JSON",
            aggregates: STREAMS,
            clients: CLIENTS,
            batch: PER_APPEND,
            in_flight: IN_FLIGHT,
            over_http: works.iter().any(|work| Work::OVER_HTTP.contains(work)).then_some(http::CONDITIONS),
            rounds: settings.rounds,
        })
    }
}

fn of_sqlite(settings: &Settings) -> Result<DatabaseConditions> {
    let equal = format!("truth: {}; index: {}", floor::EQUAL_TRUTH_PRAGMAS, floor::EQUAL_INDEX_PRAGMAS);
    Ok(DatabaseConditions {
        database: format!("SQLite {}", rusqlite::version()),
        own: own_settings(settings)?,
        lean: without_keyword(floor::LEAN_PRAGMAS),
        equal: Some(without_keyword(&equal)),
    })
}

/// What the store's own files say of themselves, and what it promises of its connections.
fn own_settings(settings: &Settings) -> Result<String> {
    let folder = settings.fresh_folder()?;
    let described = OwnLog::create_empty(folder.path())?.map(|file| {
        let database = Connection::open(file)?;
        let page_size: u32 = database.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let journal: String = database.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        Ok::<_, BenchError>(format!("journal_mode = {journal}; page_size = {page_size}"))
    });
    let [truth, index] = described;
    let (truth, index) = (truth?, index?);
    Ok(format!("truth: {truth}; synchronous = FULL; index: {index}; synchronous = NORMAL"))
}

fn without_keyword(pragmas: &str) -> String {
    pragmas.replace("PRAGMA ", "")
}
