//! The configuration: one typed tree, one file per concern. The field's doc comment is its manual.

mod access;
mod auth;
mod concern;
mod example;
mod files;
mod history;
mod import;
mod layers;
mod limits;
mod logging;
mod metrics;
mod optional_text;
mod output;
mod postgres;
mod rates;
mod server;
mod sign_in;
mod signing;
mod snapshots;
mod store;
mod text;
mod tls;
mod traces;
mod validation;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use access::AccessConfig;
pub(crate) use auth::AuthConfig;
pub(crate) use concern::{Concern, Key};
pub(crate) use example::example;
pub(crate) use history::{HistoryConfig, reducer_in};
pub(crate) use import::ImportConfig;
pub(crate) use layers::{Given, Layers, Setting, origin_of};
pub(crate) use limits::LimitsConfig;
pub(crate) use logging::{LogForm, LoggingConfig};
pub(crate) use metrics::MetricsConfig;
pub(crate) use output::OutputConfig;
pub(crate) use postgres::PostgresConfig;
pub(crate) use rates::RatesConfig;
pub(crate) use server::ServerConfig;
pub(crate) use sign_in::SignInConfig;
pub(crate) use signing::SigningConfig;
pub(crate) use snapshots::SnapshotsConfig;
pub(crate) use store::StoreConfig;
pub(crate) use text::Zone;
pub(crate) use tls::{TlsConfig, TlsFiles};
pub(crate) use traces::TracesConfig;
pub(crate) use validation::ValidationConfig;

/// Everything that can be configured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Which log, and how it is opened.
    pub(crate) store: StoreConfig,
    /// What only a store in a PostgreSQL database can be told.
    pub(crate) postgres: PostgresConfig,
    /// How answers are printed.
    pub(crate) output: OutputConfig,
    /// What an event may hold at the most.
    pub(crate) limits: LimitsConfig,
    /// The log's identity and its key.
    pub(crate) signing: SigningConfig,
    /// How files are imported.
    pub(crate) import: ImportConfig,
    /// What is checked before an event is stored.
    pub(crate) validation: ValidationConfig,
    /// How the states of aggregates are made of their events.
    pub(crate) history: HistoryConfig,
    /// How often the states of aggregates are kept.
    pub(crate) snapshots: SnapshotsConfig,
    /// How 'annals serve' answers over HTTP.
    pub(crate) server: ServerConfig,
    /// What 'annals serve' records of who asks it what.
    pub(crate) access: AccessConfig,
    /// Whose tokens 'annals serve' believes.
    pub(crate) auth: AuthConfig,
    /// With whom people sign in to 'annals serve'.
    pub(crate) sign_in: SignInConfig,
}

/// Nothing is waited for longer, whatever is configured, so that no moment lies beyond all clocks.
pub(crate) const PATIENCE_MAX: Duration = Duration::from_secs(86_400);

/// A section of the configuration file and the manual of its keys.
pub(crate) struct Section {
    /// The section's name.
    pub(crate) name: &'static str,
    /// What it is about.
    pub(crate) manual: &'static [&'static str],
    /// Its keys.
    pub(crate) keys: &'static [Key],
}

/// Every section, in the order of the example.
pub(crate) const SECTIONS: [Section; 18] = [
    section::<StoreConfig>(),
    section::<PostgresConfig>(),
    section::<OutputConfig>(),
    section::<LimitsConfig>(),
    section::<SigningConfig>(),
    section::<ImportConfig>(),
    section::<ValidationConfig>(),
    section::<HistoryConfig>(),
    section::<SnapshotsConfig>(),
    section::<ServerConfig>(),
    section::<TlsConfig>(),
    section::<RatesConfig>(),
    section::<LoggingConfig>(),
    section::<MetricsConfig>(),
    section::<TracesConfig>(),
    section::<AccessConfig>(),
    section::<AuthConfig>(),
    section::<SignInConfig>(),
];

const fn section<C: Concern>() -> Section {
    Section { name: C::SECTION, manual: C::MANUAL, keys: C::KEYS }
}
