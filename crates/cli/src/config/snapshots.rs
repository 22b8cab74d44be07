use std::collections::BTreeSet;
use std::num::NonZeroU64;

use annals::AggregateType;
use annals::history::Rules;
use serde::{Deserialize, Serialize};

use super::concern::concern;
use crate::failure::Failure;

/// What is usual.
const EVERY_EVENTS: NonZeroU64 = NonZeroU64::new(100).expect("100 is not 0");

concern! {
    /// How often the state of an aggregate is kept, so that later questions need not begin at its first event. It is
    /// done in the background by whoever writes the log, and changes no answer.
    SnapshotsConfig is "snapshots" {
        /// Events of an aggregate between two snapshots.
        every_events: NonZeroU64 = EVERY_EVENTS;
        /// Aggregate types for which it is another number. In a file, each may be a [[snapshots.types]] of its own.
        types: Vec<SnapshotInterval> = Vec::new(), such as r#"[{ aggregate_type = "Account", every_events = 1000 }]"#;
    }
}

/// How often the states of one aggregate type are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnapshotInterval {
    /// The aggregate type.
    #[serde(with = "super::text")]
    aggregate_type: AggregateType,
    /// Events between two snapshots.
    every_events: NonZeroU64,
}

impl SnapshotsConfig {
    /// Adds the intervals to rules.
    ///
    /// # Errors
    /// [`Failure::Usage`] when a type is named twice.
    pub(crate) fn add_to(&self, rules: Rules) -> Result<Rules, Failure> {
        let mut seen = BTreeSet::new();
        let mut rules = rules.with_default_snapshot_interval(self.every_events);
        for SnapshotInterval { aggregate_type, every_events } in &self.types {
            if !seen.insert(aggregate_type) {
                let what = format!("snapshots.types: {aggregate_type} is named twice");
                return Err(Failure::usage(what, "leave one of them out"));
            }
            rules = rules.with_snapshot_interval(aggregate_type.clone(), *every_events);
        }
        Ok(rules)
    }
}
