use std::path::PathBuf;

use clap::Args;
use figment::value::Value;

use crate::config::{Given, Layers};
use crate::failure::Failure;
use crate::output::Format;

/// The options of every command. What is not given comes from the environment, then from the configuration
/// file, then from the defaults.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Where the store lies: sqlite:PATH, a path, postgres://USER@HOST/DATABASE?schema=NAME, or https://HOST, a server [env: ANNALS_STORE] [default: annals.db]
    #[arg(long, global = true, value_name = "LOCATION")]
    store: Option<String>,
    /// A streaming replica of the store's PostgreSQL server, which answers questions in its place: postgres://USER@HOST/DATABASE
    /// [env: ANNALS_POSTGRES_REPLICA]
    #[arg(long, global = true, value_name = "URL")]
    replica: Option<String>,
    /// Which of the store's logs [env: ANNALS_LOG] [default: main]
    #[arg(long, global = true, value_name = "NAME")]
    log: Option<String>,
    /// The form of answers [env: ANNALS_FORMAT] [default: table on a terminal, jsonl elsewhere]
    #[arg(long, global = true, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    format: Option<Format>,
    /// The configuration file [env: ANNALS_CONFIG] [default: annals.toml beside the store, in the working folder
    /// or in the user's configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The time zone of tables and of dates in filters [env: ANNALS_TZ] [default: UTC]
    #[arg(long, global = true, value_name = "ZONE")]
    tz: Option<String>,
    /// Tell no remarks and draw no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// The file of the log's private key [env: ANNALS_SIGNING_KEY] [default: by origin, in the user's
    /// configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The identity of a log that is made, the first line of its checkpoints, as in example.com/books
    /// [env: ANNALS_SIGNING_ORIGIN] [default: a random one]
    #[arg(long, global = true, value_name = "ORIGIN")]
    origin: Option<String>,
}

impl Global {
    /// The configuration's layers with these options on top.
    ///
    /// # Errors
    /// [`Failure`] when the configuration file that is named does not exist.
    pub(crate) fn layers(&self) -> Result<Layers, Failure> {
        let texts = [
            ("--store", "store.location", self.store.clone()),
            ("--replica", "postgres.replica", self.replica.clone()),
            ("--log", "store.log", self.log.clone()),
            ("--format", "output.format", self.format.map(|format| format.to_string())),
            ("--tz", "output.time_zone", self.tz.clone()),
            ("--key", "signing.key", self.key.as_ref().map(|path| path.to_string_lossy().into_owned())),
            ("--origin", "signing.origin", self.origin.clone()),
        ];
        let given = |(flag, path, text): (&str, &'static str, Option<String>)| {
            Some(Given { by: format!("flag {flag}"), path, value: Value::from(text?) })
        };
        let named = std::env::var_os("ANNALS_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        Layers::new(self.config.clone().or(named), texts.into_iter().filter_map(given).collect())
    }
}
