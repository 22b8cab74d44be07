//! A log in memory, and what is asked of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use annals_event::{EventType, JsonObject, Limits, NewEvent, StreamName, StreamVersion, Timestamp};
use annals_history::{Change, History, JqOptions, JqReducer, Moment, Reducer, Rules, StateAt, Upcaster};
use annals_jq::WorkerCommand;
use annals_store::{Append, Clock, EventStore, MemoryStore, SystemRandomness};

/// The stream of most tests.
pub(crate) const ORDER: &str = "Order/1";

/// A log whose clock shows the minute that it was set to.
pub(crate) struct Log {
    pub(crate) store: Arc<MemoryStore>,
    clock: Arc<SetClock>,
}

struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        minute(self.0.load(Ordering::Relaxed))
    }
}

impl Log {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(SetClock(AtomicI64::new(0)));
        let origin = "test".parse().unwrap();
        let store = MemoryStore::with(clock.clone(), Arc::new(SystemRandomness), Limits::default(), origin);
        Self { store: Arc::new(store), clock }
    }

    /// A log with these payloads in [`ORDER`], each a minute behind the one before, from minute 1 on.
    pub(crate) async fn of(payloads: &[&str]) -> Self {
        let log = Self::new();
        for (payload, minute) in payloads.iter().zip(1..) {
            log.append(ORDER, payload, minute).await;
        }
        log
    }

    pub(crate) fn set_clock(&self, minute: i64) {
        self.clock.0.store(minute, Ordering::Relaxed);
    }

    /// Appends an event that happened at a minute.
    pub(crate) async fn append(&self, stream: &str, payload: &str, at: i64) {
        self.append_event(NewEvent { timestamp: Some(minute(at)), ..event(stream, payload) }).await;
    }

    pub(crate) async fn append_event(&self, event: NewEvent) {
        self.store.append(Append::event(event)).await.unwrap();
    }

    /// Everything is merged.
    pub(crate) fn history(&self) -> History {
        self.history_by(Rules::default())
    }

    pub(crate) fn history_by(&self, rules: Rules) -> History {
        History::new(self.store.clone(), rules, worker())
    }
}

/// This crate's own worker, with time enough for a busy machine.
pub(crate) fn worker() -> JqOptions {
    let command = WorkerCommand::new(env!("CARGO_BIN_EXE_annals-history-jq-worker"), [""; 0]);
    let limits =
        annals_jq::Limits { record_deadline: Duration::from_secs(20), ..annals_jq::Limits::default() };
    JqOptions { command, limits }
}

pub(crate) fn event(name: &str, payload: &str) -> NewEvent {
    NewEvent::new(stream(name), EventType::new("Changed").unwrap(), JsonObject::new(payload).unwrap())
}

pub(crate) fn stream(name: &str) -> StreamName {
    name.parse().unwrap()
}

pub(crate) fn minute(minute: i64) -> Timestamp {
    Timestamp::from_micros(minute * 60_000_000).unwrap()
}

pub(crate) fn version(version: u64) -> Moment {
    Moment::Version(StreamVersion(version))
}

/// Orders are folded by this program.
pub(crate) fn jq(program: &str) -> Rules {
    let reducer = JqReducer::compile("order.jq", program).unwrap();
    Rules::default().with_reducer(stream(ORDER).aggregate_type, Reducer::Jq(reducer))
}

pub(crate) fn replace() -> Rules {
    Rules::default().with_reducer(stream(ORDER).aggregate_type, Reducer::Replace)
}

pub(crate) fn upcaster(program: &str) -> Upcaster {
    Upcaster::compile("upcast.jq", program).unwrap()
}

/// The state of [`ORDER`].
pub(crate) async fn state(history: &History, moment: Moment) -> StateAt {
    history.state(&stream(ORDER), moment).await.unwrap()
}

/// The text of the state of [`ORDER`].
pub(crate) async fn text(history: &History, moment: Moment) -> String {
    state(history, moment).await.state.to_string()
}

/// Changes as `path: old -> new`.
pub(crate) fn shown(changes: &[Change]) -> Vec<String> {
    let value = |value: &Option<annals_history::Value>| {
        value.as_ref().map_or("absent".to_owned(), ToString::to_string)
    };
    let show = |change: &Change| format!("{}: {} -> {}", change.path, value(&change.old), value(&change.new));
    changes.iter().map(show).collect()
}
