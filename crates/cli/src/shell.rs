use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use annals::history::{History, JqOptions, Rules};
use annals::{
    Clock, HistoryOptions, HttpLocation, JsonPointer, KeyLocation, KeyReport, KeyRotation, Location, Log,
    LogError, LogName, Origin, ProofError, Recovered, RecoveryPlaces, SignedCheckpoint, Signing, SigningKey,
    StateLocation, StoreError, SystemClock, Token, TreeHead, WritingOptions,
};
use annals_jq::WorkerCommand;
use annals_wire::Reference;

use crate::config::{Config, Layers, PATIENCE_MAX};
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Console;

/// What every command works with: the configuration, the console, and the way to the log.
pub(crate) struct Shell {
    /// What is configured.
    pub(crate) config: Config,
    /// Where that comes from.
    pub(crate) layers: Layers,
    /// Where answers go.
    pub(crate) console: Console,
    /// Whether it was told that nothing is signed: once is enough, however often a command opens the log.
    told_unsigned: Once,
}

impl Shell {
    /// Reads the configuration.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read.
    pub(crate) fn new(global: &Global) -> Result<Self, Failure> {
        let layers = global.layers()?;
        let mut config = layers.config()?;
        if let Location::Http(server) = &mut config.store.location {
            introduce(server, config.store.certificates.as_deref());
        }
        let console = Console::new(&config.output, global.quiet);
        Ok(Self { config, layers, console, told_unsigned: Once::new() })
    }

    /// A shell for commands that explain: they also work, with the defaults, where the configuration does not.
    pub(crate) fn to_explain(global: &Global) -> Self {
        Self::new(global).unwrap_or_else(|_| {
            let config = Config::default();
            let console = Console::new(&config.output, global.quiet);
            Self { config, layers: Layers::defaults(), console, told_unsigned: Once::new() }
        })
    }

    /// What times in filters are read against.
    pub(crate) fn reference(&self) -> Reference {
        Reference { now: SystemClock.now(), zone: self.console.zone.rules().clone() }
    }

    /// Opens the log for reading; others may write meanwhile.
    ///
    /// # Errors
    /// [`Failure::NoStore`] when there is none: a reader never makes one.
    pub(crate) async fn open_for_reading(&self) -> Result<Log, Failure> {
        self.must_exist()?;
        let settings = self.config.postgres.settings();
        let log = annals::open_for_reading_with(self.location(), self.log(), &settings).await?;
        if log.server().is_some() {
            return Ok(log);
        }
        // On a machine that signs this log, whoever reads it learns as well that nothing is signed. Elsewhere
        // there is nothing to compare, and a home that does not exist is no reason not to read.
        if let Ok(Some(reason)) = annals::unsigned_reason(&log, &self.key(), &StateLocation::UserState).await
        {
            self.tell_unsigned(&reason);
        }
        Ok(log)
    }

    /// The past of the log's aggregates, read by the rules that are configured.
    ///
    /// # Errors
    /// [`Failure`] when a reducer or an upcaster cannot be used.
    pub(crate) fn history(&self, log: &Log) -> Result<History, Failure> {
        Ok(log.history(self.history_options()?))
    }

    /// The rules that are configured, and how their programs are run.
    ///
    /// # Errors
    /// As [`Self::history`].
    pub(crate) fn history_options(&self) -> Result<HistoryOptions, Failure> {
        let Config { history, snapshots, .. } = &self.config;
        let rules = snapshots.add_to(history.add_to(Rules::default())?)?;
        let annals =
            std::env::current_exe().map_err(|source| Failure::File { path: "annals".into(), source })?;
        let mut jq = JqOptions::new(WorkerCommand::new(annals, ["jq-worker"]));
        jq.limits.record_deadline = Duration::from_millis(history.jq_milliseconds).min(PATIENCE_MAX);
        jq.limits.address_space_bytes = history.jq_memory_mib.saturating_mul(1 << 20);
        Ok(HistoryOptions { rules, jq })
    }

    /// Opens the log as its writer, who also takes the snapshots that become due.
    ///
    /// # Errors
    /// As [`Self::open_for_writing`].
    pub(crate) async fn open_for_appending(&self) -> Result<Log, Failure> {
        let options = WritingOptions { snapshots: self.snapshots(), ..self.writing_options()? };
        self.open_with(self.log(), options).await
    }

    /// Opens one of the store's logs as its writer, to answer questions about its past as well.
    ///
    /// # Errors
    /// As [`Self::open_for_writing`] and [`Self::history`].
    pub(crate) async fn open_to_serve(&self, log: &LogName) -> Result<(Log, History), Failure> {
        let history = self.history_options()?;
        let options = WritingOptions { snapshots: Some(history.clone()), ..self.writing_options_of(log)? };
        let log = self.open_with(log, options).await?;
        let history = log.history(history);
        Ok((log, history))
    }

    /// By which rules snapshots are taken, if that can be told.
    fn snapshots(&self) -> Option<HistoryOptions> {
        match self.history_options() {
            Ok(options) => Some(options),
            // Events are recorded also while a program by which they will be read is not right.
            Err(failure) => {
                self.tell_without_snapshots(&failure);
                None
            }
        }
    }

    /// Opens the log as its writer; it is made when it does not exist.
    ///
    /// # Errors
    /// [`Failure::Store`] when somebody else writes it, or it cannot be used.
    pub(crate) async fn open_for_writing(&self) -> Result<Log, Failure> {
        self.open_with(self.log(), self.writing_options()?).await
    }

    /// The same, without waiting for somebody else who writes it.
    ///
    /// # Errors
    /// As [`Self::open_for_writing`].
    pub(crate) async fn open_for_writing_at_once(&self) -> Result<Log, Failure> {
        let options = WritingOptions { lock_wait: Duration::ZERO, ..self.writing_options()? };
        self.open_with(self.log(), options).await
    }

    /// Makes anew what is derived from the events.
    ///
    /// # Errors
    /// [`Failure::Store`] when somebody else writes the log, or events are missing.
    pub(crate) async fn repair(&self) -> Result<Vec<String>, Failure> {
        self.must_be_a_file_if_it_exists(self.log())?;
        Ok(annals::repair(self.location(), self.log(), &self.writing_options()?).await?)
    }

    /// Takes a checkpoint as what was signed last.
    ///
    /// # Errors
    /// [`Failure`] when the log does not extend it, or it is not of this log's key.
    pub(crate) async fn adopt(&self, checkpoint: &SignedCheckpoint) -> Result<TreeHead, Failure> {
        self.must_be_beside_the_store("adopting a checkpoint")?;
        let options = self.writing_options()?;
        Ok(annals::adopt_checkpoint(self.location(), self.log(), options, checkpoint).await?)
    }

    /// Hands the log over to a new key.
    ///
    /// # Errors
    /// [`Failure`] when somebody else writes the log, or nothing may be signed for it.
    pub(crate) async fn rotate_key(&self) -> Result<KeyRotation, Failure> {
        self.must_be_beside_the_store("rotating the key")?;
        Ok(annals::rotate_key(self.location(), self.log(), self.writing_options()?).await?)
    }

    /// How it stands with the log's key.
    ///
    /// # Errors
    /// [`Failure`] when the log cannot be read.
    pub(crate) async fn report_key(&self) -> Result<KeyReport, Failure> {
        self.must_be_beside_the_store("looking at the key")?;
        let log = annals::open_for_reading(self.location(), self.log()).await?;
        Ok(annals::report_key(&log, &self.key(), &StateLocation::UserState).await?)
    }

    /// The log's key, to sign what a checkpoint of it covers.
    ///
    /// # Errors
    /// [`Failure`] when nothing may be signed for the log here, or the checkpoint is not one of it.
    pub(crate) async fn key_to_vouch(
        &self,
        log: &Log,
        over: &SignedCheckpoint,
    ) -> Result<SigningKey, Failure> {
        Ok(annals::key_to_vouch(log, &self.key(), &StateLocation::UserState, over).await?)
    }

    /// Why nothing may be signed for a log on this machine, where that can be told before it is tried.
    ///
    /// # Errors
    /// [`Failure`] when the log cannot be read.
    pub(crate) async fn must_be_signable(&self, log: &Log) -> Result<(), Failure> {
        self.must_be_beside_the_store("signing a manifest (which --no-manifest leaves out)")?;
        match annals::unsigned_reason(log, &self.key(), &StateLocation::UserState).await? {
            Some(reason) => Err(reason.into()),
            None => Ok(()),
        }
    }

    /// Makes a log of another origin, a random one if there is none, that goes on for this one.
    ///
    /// # Errors
    /// [`Failure`] when this log cannot be read, or the other one cannot be made.
    pub(crate) async fn recover(&self, new: &Location, origin: Option<Origin>) -> Result<Recovered, Failure> {
        let old = annals::open_for_reading(self.location(), self.log()).await?;
        if Some(old.events().origin()) == origin.as_ref() {
            let what = format!("--new-origin: {} is the origin of the log itself", old.events().origin());
            return Err(Failure::usage(what, "give another one, or none for a random one"));
        }
        old.close().await?;
        let places = RecoveryPlaces { old: self.location(), new };
        // A configured origin is that of the old log.
        let options = WritingOptions { origin, ..self.writing_options()? };
        Ok(annals::recover(places, self.log(), options).await?)
    }

    async fn open_with(&self, log: &LogName, options: WritingOptions) -> Result<Log, Failure> {
        self.must_be_a_file_if_it_exists(log)?;
        let log = annals::open_for_writing(self.location(), log, options).await?;
        if let Signing::Refused(reason) = log.signing() {
            self.tell_unsigned(reason);
        }
        Ok(log)
    }

    /// Closes a log that was written: what it holds is signed. That something could not be signed is told, and
    /// does not make the command fail, for everything it was asked to store is stored.
    ///
    /// # Errors
    /// [`Failure::Store`] when the store cannot be closed.
    pub(crate) async fn close(&self, log: Log) -> Result<(), Failure> {
        match log.close().await {
            Ok(_) => Ok(()),
            Err(LogError::Proof(reason)) => {
                self.tell_unsigned(&reason);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whoever works with a log must know that nobody vouches for what is new in it, however quiet the command is.
    fn tell_unsigned(&self, reason: &ProofError) {
        self.told_unsigned.call_once(|| {
            let style = anstyle::AnsiColor::Yellow.on_default().bold();
            let code = reason.code();
            anstream::eprintln!(
                "{style}warning[{code}]{style:#}: events are recorded, but no checkpoint is signed: {reason}\n  help: 'annals explain {code}' says more"
            );
        });
    }

    fn tell_without_snapshots(&self, failure: &Failure) {
        let style = anstyle::AnsiColor::Yellow.on_default().bold();
        let code = failure.code();
        anstream::eprintln!(
            "{style}warning[{code}]{style:#}: events are recorded, but no snapshots are taken: {failure}\n  help: 'annals explain {code}' says more"
        );
    }

    /// Refuses a file that does not exist. Whether there is a log in a database, the database says.
    pub(crate) fn must_exist(&self) -> Result<(), Failure> {
        match self.location().file_of(self.log()) {
            Some(path) if !path.exists() => Err(Failure::NoStore { path }),
            _ => Ok(()),
        }
    }

    /// Where the private key lies.
    pub(crate) fn key(&self) -> KeyLocation {
        self.config.signing.key.clone().map_or(KeyLocation::UserConfiguration, KeyLocation::File)
    }

    /// How the log is opened for writing.
    ///
    /// # Errors
    /// [`Failure::Usage`] when what is configured is no origin or no payload path.
    pub(crate) fn writing_options(&self) -> Result<WritingOptions, Failure> {
        let origin = self.config.signing.origin.as_deref().map(str::parse::<Origin>).transpose();
        let origin = origin.map_err(|error| {
            Failure::usage(
                format!("signing.origin: {error}"),
                "give a URL without its scheme, as in example.com/books",
            )
        })?;
        let paths = self.config.store.indexed_payload_paths.iter().map(|path| path.parse::<JsonPointer>());
        Ok(WritingOptions {
            limits: self.config.limits.limits(),
            origin,
            payload_paths: paths.collect::<Result<_, _>>()?,
            lock_wait: Duration::from_secs(self.config.store.lock_wait_seconds).min(PATIENCE_MAX),
            key: self.key(),
            postgres: self.config.postgres.settings(),
            ..WritingOptions::default()
        })
    }

    /// Refuses what needs the private key or the files of a log that a server keeps.
    fn must_be_beside_the_store(&self, what: &'static str) -> Result<(), Failure> {
        if self.location().is_server() { Err(StoreError::NotOverHttp { what }.into()) } else { Ok(()) }
    }

    /// The same for any log of the store. Key and origin are configured for one log, and no two may share them; so
    /// another one has its name in both.
    fn writing_options_of(&self, log: &LogName) -> Result<WritingOptions, Failure> {
        let options = self.writing_options()?;
        if log == self.log() {
            return Ok(options);
        }
        let key = match options.key {
            KeyLocation::File(path) => KeyLocation::File(beside(&path, log)),
            elsewhere => elsewhere,
        };
        let origin = options.origin.map(|origin| format!("{origin}/{log}").parse::<Origin>()).transpose();
        let origin = origin.map_err(|error| {
            Failure::usage(format!("signing.origin, for the log {log}: {error}"), "give a shorter one")
        })?;
        Ok(WritingOptions { key, origin, ..options })
    }

    /// Refuses devices, pipes and the like before anything is made in their place or beside them.
    fn must_be_a_file_if_it_exists(&self, log: &LogName) -> Result<(), Failure> {
        let Some(path) = self.location().file_of(log) else { return Ok(()) };
        match std::fs::metadata(&path) {
            Ok(metadata) if !metadata.is_file() => Err(Failure::Store(StoreError::NotOurs {
                store: path.display().to_string(),
                reason: "is no regular file, so it is no Annals store".to_owned(),
            })),
            _ => Ok(()),
        }
    }

    /// The store.
    pub(crate) fn location(&self) -> &Location {
        &self.config.store.location
    }

    /// The log.
    pub(crate) fn log(&self) -> &LogName {
        &self.config.store.log
    }
}

/// Lets a server know who asks, and the program by what it knows the server.
fn introduce(server: &mut HttpLocation, certificates: Option<&Path>) {
    let mut known = server.clone();
    if let Some(token) = std::env::var("ANNALS_TOKEN").ok().and_then(|token| Token::new(&token)) {
        known = known.with_token(token);
    }
    if let Some(certificates) = certificates {
        known = known.with_root_certificates(certificates.to_owned());
    }
    *server = known;
}

/// The file of the same kind for another log: `books.key` for the log access is `books.access.key`.
fn beside(path: &Path, log: &LogName) -> PathBuf {
    match path.extension() {
        Some(extension) => path.with_extension(log.as_str()).with_added_extension(extension),
        None => path.with_added_extension(log.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_another_log_lies_beside_the_one_that_is_configured() {
        let log = LogName::new("access").unwrap();
        let beside = |path: &str| beside(Path::new(path), &log).to_string_lossy().into_owned();
        assert_eq!(beside("/etc/annals/books.key"), "/etc/annals/books.access.key");
        assert_eq!(beside("key"), "key.access");
        assert_eq!(beside("a.b/2026.11.key"), "a.b/2026.11.access.key");
    }
}
