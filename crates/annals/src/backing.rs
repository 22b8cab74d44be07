//! The stores in which a log may lie, for what is not alike in all of them.

use std::sync::Arc;

use annals_event::LogName;
use annals_store::{Append, Appended, CarryStore, EventStore, Store, StoreError};
use annals_store_http::{HttpEventStore, HttpLocation};
use annals_store_postgres::{PostgresEventStore, PostgresLocation, PostgresOptions};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use tokio::runtime::Handle;

use crate::location::Location;
use crate::options::{PostgresSettings, WritingOptions};

/// The store of one open log.
pub(crate) enum Backing {
    Sqlite(Arc<SqliteEventStore>),
    Postgres {
        store: Arc<PostgresEventStore>,
        /// Where its tasks run.
        runtime: Handle,
    },
    /// A server stands before it, which signs and closes it.
    Http {
        store: Arc<HttpEventStore>,
        /// Where requests are waited for.
        runtime: Handle,
    },
}

impl Backing {
    /// Opens a log for writing; it is made when there is none.
    pub(crate) async fn create_or_open(
        location: &Location,
        log: &LogName,
        options: &WritingOptions,
    ) -> Result<Self, StoreError> {
        match of_log(location, log)? {
            Location::Sqlite(path) => {
                let options = sqlite_options(options);
                let open = move || SqliteEventStore::create_or_open(&path, options);
                Ok(Self::Sqlite(Arc::new(blocking(open).await?)))
            }
            Location::Postgres(location) => {
                PostgresEventStore::create_or_open(postgres_options(*location, options)?)
                    .await
                    .map(Self::postgres)
            }
            Location::Http(server) => Self::on_server(&server, log).await,
        }
    }

    /// Opens a log that exists.
    pub(crate) async fn open_for_reading(
        location: &Location,
        log: &LogName,
        settings: &PostgresSettings,
    ) -> Result<Self, StoreError> {
        match of_log(location, log)? {
            Location::Sqlite(path) => {
                let open = move || SqliteEventStore::open_for_reading(&path);
                Ok(Self::Sqlite(Arc::new(blocking(open).await?)))
            }
            Location::Postgres(location) => {
                let options = with_settings(PostgresOptions::new(*location), settings)?;
                PostgresEventStore::open(options).await.map(Self::postgres)
            }
            Location::Http(server) => Self::on_server(&server, log).await,
        }
    }

    fn postgres(store: PostgresEventStore) -> Self {
        Self::Postgres { store: Arc::new(store), runtime: Handle::current() }
    }

    async fn on_server(server: &HttpLocation, log: &LogName) -> Result<Self, StoreError> {
        let store = HttpEventStore::open(server, log).await?;
        Ok(Self::Http { store: Arc::new(store), runtime: Handle::current() })
    }

    /// The store, where a server stands before it.
    pub(crate) fn server(&self) -> Option<&HttpEventStore> {
        match self {
            Self::Http { store, .. } => Some(store),
            Self::Sqlite(_) | Self::Postgres { .. } => None,
        }
    }

    /// The store with all its abilities.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => store.clone(),
            Self::Postgres { store, .. } => store.clone(),
            Self::Http { store, .. } => store.clone(),
        }
    }

    /// The store as one that takes over what another holds.
    ///
    /// # Errors
    /// [`StoreError::NotOverHttp`].
    pub(crate) fn carrier(&self) -> Result<Arc<dyn CarryStore>, StoreError> {
        match self {
            Self::Sqlite(store) => Ok(store.clone()),
            Self::Postgres { store, .. } => Ok(store.clone()),
            Self::Http { .. } => Err(StoreError::NotOverHttp { what: "taking over a log" }),
        }
    }

    pub(crate) fn append_blocking(&self, append: Append) -> Result<Appended, StoreError> {
        match self {
            Self::Sqlite(store) => store.append_blocking(append),
            Self::Postgres { store, runtime } => runtime.block_on(store.append(append)),
            Self::Http { store, runtime } => runtime.block_on(store.append(append)),
        }
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres { store, .. } => store.close().await,
            // Every answer came after its commit; there is nothing to close here.
            Self::Http { .. } => Ok(()),
        }
    }
}

/// Where one log of a store lies.
pub(crate) fn of_log(location: &Location, log: &LogName) -> Result<Location, StoreError> {
    let no_place = |error: crate::InvalidLocation| StoreError::NotOurs {
        store: location.to_string(),
        reason: format!("has no place for a log of this name: {error}"),
    };
    location.of_log(log).map_err(no_place)
}

pub(crate) fn sqlite_options(options: &WritingOptions) -> SqliteOptions {
    SqliteOptions {
        clock: options.clock.clone(),
        randomness: options.randomness.clone(),
        limits: options.limits,
        origin: options.origin.clone(),
        payload_paths: options.payload_paths.clone(),
        lock_wait: options.lock_wait,
        ..SqliteOptions::default()
    }
}

pub(crate) fn postgres_options(
    location: PostgresLocation,
    options: &WritingOptions,
) -> Result<PostgresOptions, StoreError> {
    let usual = PostgresOptions {
        randomness: options.randomness.clone(),
        limits: options.limits,
        origin: options.origin.clone(),
        payload_paths: options.payload_paths.clone(),
        ..PostgresOptions::new(location)
    };
    with_settings(usual, &options.postgres)
}

fn with_settings(usual: PostgresOptions, settings: &PostgresSettings) -> Result<PostgresOptions, StoreError> {
    let replica = match &settings.replica {
        Some(Location::Postgres(replica)) => Some(PostgresLocation::clone(replica)),
        Some(other @ (Location::Sqlite(_) | Location::Http(_))) => {
            let reason = "is no replica of a PostgreSQL server; give its postgres:// URL".to_owned();
            return Err(StoreError::NotOurs { store: other.to_string(), reason });
        }
        None => None,
    };
    let PostgresSettings { older_format, contains_index, .. } = *settings;
    let block_len = settings.block_len.unwrap_or(usual.block_len);
    Ok(PostgresOptions { replica, block_len, older_format, contains_index, ..usual })
}

/// Opens a store where waiting for locks and reading files holds up nobody.
pub(crate) async fn blocking<T: Send + 'static>(
    open: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(open).await.unwrap_or_else(|error| {
        Err(StoreError::Unavailable { reason: format!("opening ended early: {error}"), source: None })
    })
}
