use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::fixture::Fixture;
use crate::setup::{Setup, TestStore};

/// No case takes nearly as long; one that does waits for something that never comes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A case under way.
pub type Case = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs one case on a fresh store.
///
/// # Panics
/// When the case fails or does not end.
pub fn run<S: TestStore + 'static, F: Future<Output = S>>(fresh: fn(Setup) -> F, case: fn(Fixture) -> Case) {
    runtime().block_on(async {
        let setup = Setup::seeded(1);
        let fixture = Fixture::new(setup.clone(), Box::new(fresh(setup).await));
        tokio::time::timeout(PATIENCE, case(fixture)).await.expect("the case waits for ever");
    });
}

/// Two threads, so that concurrent appends are concurrent.
pub(crate) fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("the system has threads to give")
}
