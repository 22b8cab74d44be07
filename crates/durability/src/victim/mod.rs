//! The process that writes until it is ended.

mod client;
mod deed;
mod notes;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use annals::LogError;
use annals_proof::{CheckpointSigner, ProofError};
use annals_store::{EventStore, StoreError};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use fastrand::Rng;

use crate::check::on_a_runtime;
use crate::error::broken;
use crate::witness::Witness;
use crate::{Failure, Place};
use client::Client;

pub(crate) use deed::CUT_AFTERWARDS;
pub use deed::Deed;

/// How the victim ends when the store is not available, whatever it does.
pub(crate) const GAVE_UP: u8 = 3;

/// Clients that append at the same time.
const CLIENTS: u64 = 4;

/// What a victim is told to do.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) place: Place,
    pub(crate) seed: u64,
    /// How many rounds each client does before the log is closed; without end if there is no number.
    pub(crate) rounds: Option<u64>,
    /// How large payloads are.
    pub(crate) payload_bytes: usize,
    /// How many events may wait to be indexed; as many as usual if there is no number.
    pub(crate) tail_events_max: Option<usize>,
}

impl Order {
    pub(crate) fn to_arguments(&self) -> [OsString; 5] {
        let rounds = self.rounds.map_or_else(|| "endless".to_owned(), |rounds| rounds.to_string());
        let tail = self.tail_events_max.map_or_else(|| "usual".to_owned(), |events| events.to_string());
        let texts = [self.seed.to_string(), rounds, self.payload_bytes.to_string(), tail];
        let [seed, rounds, payload_bytes, tail] = texts.map(OsString::from);
        [self.place.base().into(), seed, rounds, payload_bytes, tail]
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let place = Place::new(arguments.next()?.as_ref()).ok()?;
        let seed = arguments.next()?.parse().ok()?;
        let rounds = match arguments.next()?.as_str() {
            "endless" => None,
            rounds => Some(rounds.parse().ok()?),
        };
        let payload_bytes = arguments.next()?.parse().ok()?;
        let tail_events_max = match arguments.next()?.as_str() {
            "usual" => None,
            events => Some(events.parse().ok()?),
        };
        Some(Self { place, seed, rounds, payload_bytes, tail_events_max })
    }
}

/// The whole of the victim's `main`: its arguments are a place and a [`Deed`], or a place, a seed, a number of rounds
/// or `endless`, the size of payloads, and how many events may wait to be indexed or `usual`.
#[must_use]
pub fn be_victim(arguments: impl Iterator<Item = String>) -> ExitCode {
    let Some((place, done)) = do_as_told(&arguments.collect::<Vec<_>>()) else {
        eprintln!(
            "usage: annals-durability-victim PLACE DEED | PLACE SEED ROUNDS|endless PAYLOAD_BYTES TAIL|usual"
        );
        return ExitCode::from(2);
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let is_told = || Witness::open(&place)?.refused(&error.to_string());
            if is_for_now(&error) && is_told().is_ok() { ExitCode::from(GAVE_UP) } else { ExitCode::FAILURE }
        }
    }
}

/// Does what the arguments say: where, and what came of it; `None` if they say nothing.
fn do_as_told(words: &[String]) -> Option<(Place, Result<(), Failure>)> {
    if let [base, deed, then @ ..] = words
        && let Some(deed) = Deed::named(deed)
    {
        let place = Place::new(base.as_ref()).ok()?;
        let done = on_a_runtime(deed.carry_out_with(&place, then));
        return Some((place, done));
    }
    let order = Order::parse(words.iter().cloned())?;
    Some((order.place.clone(), on_a_runtime(write(order))))
}

/// Whether trying again later may help. Every other error is one that a fault of the device must not cause.
fn is_for_now(error: &Failure) -> bool {
    match error {
        Failure::Store(error)
        | Failure::Proof(ProofError::Store(error))
        | Failure::Log(LogError::Store(error) | LogError::Proof(ProofError::Store(error))) => {
            is_unavailable(error)
        }
        Failure::Proof(ProofError::File { .. }) | Failure::Log(LogError::Proof(ProofError::File { .. })) => {
            true
        }
        _ => false,
    }
}

/// Whether the store cannot be reached at the moment. SQLite says of a disk that fails to read that the file is
/// malformed; whether it is, the check finds out.
pub(crate) fn is_unavailable(error: &StoreError) -> bool {
    match error {
        StoreError::Unavailable { .. } => true,
        StoreError::Corrupt { reason } => reason.contains("cannot be read"),
        _ => false,
    }
}

async fn write(order: Order) -> Result<(), Failure> {
    let witness = Arc::new(Witness::open(&order.place)?);
    let usual = SqliteOptions::default();
    let tail_events_max = order.tail_events_max.unwrap_or(usual.tail_events_max);
    let options = SqliteOptions { tail_events_max, ..usual };
    let opened = SqliteEventStore::create_or_open(&order.place.log(), options)?;
    let store = Arc::new(opened);
    let mut rng = Rng::with_seed(order.seed);
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let client = Client::new(order.clone(), number, store.clone(), witness.clone(), rng.fork());
        clients.push(tokio::spawn(async move { client.await?.work().await }));
    }
    let notes = tokio::spawn(notes::sign_what_grows(order.clone(), store.clone(), witness.clone(), rng));
    for client in clients {
        ended(client).await?;
    }
    notes.abort();
    // Whoever wrote a log signs its end.
    match notes::signer(&order.place, store.clone()) {
        Ok(signer) => notes::sign_last(&signer, &witness).await?,
        Err(error) if is_for_now(&error) => witness.refused(&error.to_string())?,
        Err(error) => return Err(error),
    }
    store.close().await?;
    Ok(())
}

async fn ended(task: tokio::task::JoinHandle<Result<(), Failure>>) -> Result<(), Failure> {
    task.await.unwrap_or_else(|error| broken!("a task of the victim ended early: {error}"))
}

/// A signer for a place's log.
pub(crate) fn signer_of(place: &Place, store: Arc<SqliteEventStore>) -> Result<CheckpointSigner, Failure> {
    let origin = store.origin().clone();
    let key = place.keys().load_or_create(&origin)?;
    Ok(CheckpointSigner::new(store, key, place.state(&origin))?)
}
