//! The process that writes until it is ended.

mod client;
mod notes;

use std::process::ExitCode;
use std::sync::Arc;

use annals_proof::{CheckpointSigner, ProofError};
use annals_store::{EventStore, StoreError};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use fastrand::Rng;

use crate::error::broken;
use crate::witness::Witness;
use crate::{Failure, Place};
use client::Client;

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
}

impl Order {
    pub(crate) fn to_arguments(&self) -> [std::ffi::OsString; 4] {
        let rounds = self.rounds.map_or_else(|| "endless".to_owned(), |rounds| rounds.to_string());
        let base = self.place.disk().parent().map(Into::into).unwrap_or_default();
        [base, self.seed.to_string().into(), rounds.into(), self.payload_bytes.to_string().into()]
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let place = Place::new(arguments.next()?.as_ref()).ok()?;
        let seed = arguments.next()?.parse().ok()?;
        let rounds = match arguments.next()?.as_str() {
            "endless" => None,
            rounds => Some(rounds.parse().ok()?),
        };
        Some(Self { place, seed, rounds, payload_bytes: arguments.next()?.parse().ok()? })
    }
}

/// The whole of the victim's `main`: its arguments are a place, a seed, a number of rounds or `endless`, and the
/// size of payloads.
#[must_use]
pub fn be_victim(arguments: impl Iterator<Item = String>) -> ExitCode {
    let Some(order) = Order::parse(arguments) else {
        eprintln!("usage: annals-durability-victim PLACE SEED ROUNDS|endless PAYLOAD_BYTES");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(write(order.clone())),
        Err(error) => broken!("no runtime: {error}"),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let is_told = || Witness::open(&order.place)?.refused(&error.to_string());
            if is_for_now(&error) && is_told().is_ok() { ExitCode::from(GAVE_UP) } else { ExitCode::FAILURE }
        }
    }
}

/// Whether trying again later may help. Every other error is one that a fault of the device must not cause.
fn is_for_now(error: &Failure) -> bool {
    match error {
        Failure::Store(error) | Failure::Proof(ProofError::Store(error)) => is_unavailable(error),
        Failure::Proof(ProofError::File { .. }) => true,
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
    let opened = SqliteEventStore::create_or_open(&order.place.log(), SqliteOptions::default())?;
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
