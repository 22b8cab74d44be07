use std::collections::BTreeMap;

use serde::Serialize;

use crate::conditions::Conditions;
use crate::rounds::{Measured, Round};
use crate::timing::{Latencies, median, spread};
use crate::work::Work;

/// Everything that was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Under which conditions.
    pub conditions: Conditions,
    /// The figures, one or several of each work.
    pub works: Vec<Figure>,
}

/// One figure of a work beside its floors: medians over the rounds; ratios are taken in each round first.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// The work.
    pub work: Work,
    /// What of the work the figure is about.
    pub part: &'static str,
    /// Events that were written or read.
    pub events: u64,
    /// How often it was measured.
    pub rounds: usize,
    /// The store's rate.
    pub events_per_second: f64,
    /// The lean floor's rate.
    pub lean: Option<f64>,
    /// The equal floor's rate.
    pub equal: Option<f64>,
    /// The store's rate over the lean floor's.
    pub ratio_lean: Option<f64>,
    /// Its least and greatest value among the rounds.
    pub ratio_lean_spread: Option<[f64; 2]>,
    /// The store's rate over the equal floor's.
    pub ratio_equal: Option<f64>,
    /// Its least and greatest value among the rounds.
    pub ratio_equal_spread: Option<[f64; 2]>,
    /// Half of the store's calls took no longer.
    pub p50_ms: Option<f64>,
    /// 99 of 100 of the store's calls took no longer.
    pub p99_ms: Option<f64>,
    /// 999 of 1,000 of the store's calls took no longer.
    pub p999_ms: Option<f64>,
    /// Whatever else belongs to this work; the names say the unit.
    #[serde(flatten)]
    pub more: BTreeMap<&'static str, f64>,
}

impl Figure {
    /// The figure that some rounds show, with rates taken by `rate`.
    pub(crate) fn of(
        work: Work,
        part: &'static str,
        rounds: &[Round],
        rate: impl Fn(&Measured) -> f64,
    ) -> Self {
        let rates =
            |of: fn(&Round) -> &Measured| rounds.iter().map(|round| rate(of(round))).collect::<Vec<_>>();
        let (own, lean, equal) =
            (rates(|round| &round.own), rates(|round| &round.lean), rates(|round| &round.equal));
        let ratios =
            |floor: &[f64]| own.iter().zip(floor).map(|(own, floor)| own / floor).collect::<Vec<_>>();
        let (to_lean, to_equal) = (ratios(&lean), ratios(&equal));
        let mut latencies = Latencies::default();
        rounds.iter().for_each(|round| latencies.extend(&round.own.latencies));
        Self {
            work,
            part,
            events: rounds.first().map_or(0, |round| round.own.events),
            rounds: rounds.len(),
            events_per_second: median(own),
            lean: Some(median(lean)),
            equal: Some(median(equal)),
            ratio_lean_spread: Some(spread(&to_lean)),
            ratio_lean: Some(median(to_lean)),
            ratio_equal_spread: Some(spread(&to_equal)),
            ratio_equal: Some(median(to_equal)),
            p50_ms: latencies.percentile_ms(0.5),
            p99_ms: latencies.percentile_ms(0.99),
            p999_ms: latencies.percentile_ms(0.999),
            more: BTreeMap::new(),
        }
    }

    /// A figure without floors.
    pub(crate) fn alone(work: Work, part: &'static str, rounds: &[Measured]) -> Self {
        Self {
            work,
            part,
            events: rounds.first().map_or(0, |round| round.events),
            rounds: rounds.len(),
            events_per_second: median(rounds.iter().map(Measured::events_per_second).collect()),
            lean: None,
            equal: None,
            ratio_lean: None,
            ratio_lean_spread: None,
            ratio_equal: None,
            ratio_equal_spread: None,
            p50_ms: None,
            p99_ms: None,
            p999_ms: None,
            more: BTreeMap::new(),
        }
    }

    /// Adds the floors' latencies.
    pub(crate) fn with_floor_latencies(mut self, rounds: &[Round]) -> Self {
        let (mut lean, mut equal) = (Latencies::default(), Latencies::default());
        for round in rounds {
            lean.extend(&round.lean.latencies);
            equal.extend(&round.equal.latencies);
        }
        let names = [
            (&lean, ["leanP50Ms", "leanP99Ms", "leanP999Ms"]),
            (&equal, ["equalP50Ms", "equalP99Ms", "equalP999Ms"]),
        ];
        for (latencies, names) in names {
            for (name, part) in names.into_iter().zip([0.5, 0.99, 0.999]) {
                self.more.extend(latencies.percentile_ms(part).map(|ms| (name, ms)));
            }
        }
        self
    }
}
