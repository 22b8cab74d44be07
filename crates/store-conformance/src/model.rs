//! One random history on a store and on the in-memory model: every answer must be the same.

mod answer;
mod history;
mod vocabulary;

use std::sync::Arc;

use annals_event::Timestamp;
use annals_store::{Clock, Findings, MemoryStore, Store};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::run::runtime;
use crate::setup::{Setup, TestStore};
use answer::answer;
use history::{Step, history};

/// How many histories are tried; `PROPTEST_CASES` asks for more.
const HISTORIES: u32 = 48;

/// Opens a store for each of some random histories and compares its every answer with the model's.
///
/// A history that fails is made as short as it can be, printed, and noted beside `test_file`, so that it
/// is tried first from then on.
///
/// # Panics
/// When the store answers otherwise than the model.
pub fn check<S: TestStore + 'static, F: Future<Output = S>>(fresh: fn(Setup) -> F, test_file: &'static str) {
    let configured = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { configured.cases } else { HISTORIES };
    let config = Config { cases, source_file: Some(test_file), test_name: Some("model"), ..configured };
    let runtime = runtime();
    let outcome = TestRunner::new(config)
        .run(&history(), |steps| runtime.block_on(compare(fresh, &steps)).map_err(TestCaseError::fail));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Takes every step on both; the first answer that differs is the error.
async fn compare<S: TestStore + 'static, F: Future<Output = S>>(
    fresh: fn(Setup) -> F,
    steps: &[Step],
) -> Result<(), String> {
    let (setup, model_setup) = (Setup::seeded(1), Setup::seeded(1));
    let mut test_store = fresh(setup.clone()).await;
    let model = model(model_setup.clone());
    let mut latest = setup.clock.now();
    for (index, step) in steps.iter().chain(&Step::everything()).enumerate() {
        match step {
            Step::Clock(micros) => {
                [&setup, &model_setup].into_iter().for_each(|setup| setup.clock.advance(*micros))
            }
            Step::Reopen => {
                // A store that forgot its last id makes the same ones as a model that did not, if time moved on.
                set_clocks([&setup, &model_setup], latest);
                test_store.reopen().await;
            }
            step => {
                let expected = answer(&model, step).await;
                let found = answer(&*test_store.store(), step).await;
                if found != expected {
                    return Err(format!("step {index}, {step:?}:\n{found}\ninstead of\n{expected}"));
                }
            }
        }
        latest = latest.max(setup.clock.now());
    }
    match test_store.store().inspect(10).await {
        Ok(findings) if findings == Findings::default() => Ok(()),
        other => Err(format!("inspection after the last step: {other:?}")),
    }
}

/// Sets both clocks a second behind the latest moment that they ever showed.
fn set_clocks(setups: [&Setup; 2], latest: Timestamp) {
    let later = Timestamp::from_micros(latest.as_micros() + 1_000_000).unwrap();
    setups.into_iter().for_each(|setup| setup.clock.set(later));
}

fn model(setup: Setup) -> impl Store {
    let Setup { clock, randomness, limits } = setup;
    MemoryStore::with(
        Arc::clone(&clock) as Arc<dyn Clock>,
        randomness,
        limits,
        "model.example/log".parse().unwrap(),
    )
}
