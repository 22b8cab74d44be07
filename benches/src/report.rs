use std::collections::BTreeMap;

use serde::Serialize;

use crate::conditions::Conditions;
use crate::rounds::{Contender, Measured, Round};
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
    /// The figure of the store that some rounds show, with rates taken by `rate`.
    pub(crate) fn of(
        work: Work,
        part: &'static str,
        rounds: &[Round],
        rate: impl Fn(&Measured) -> f64,
    ) -> Self {
        Self::of_contender((work, part), Contender::Own, rounds, rate)
    }

    /// The same of somebody who writes the store in another way.
    pub(crate) fn of_contender(
        (work, part): (Work, &'static str),
        contender: Contender,
        rounds: &[Round],
        rate: impl Fn(&Measured) -> f64,
    ) -> Self {
        let rates = |contender| {
            let rates: Vec<f64> = rounds.iter().filter_map(|round| round.of(contender)).map(&rate).collect();
            (!rates.is_empty()).then_some(rates)
        };
        let own = rates(contender).unwrap_or_default();
        let (lean, equal) = (rates(Contender::Lean), rates(Contender::Equal));
        let ratios = |floor: &Option<Vec<f64>>| {
            let ratios = own.iter().zip(floor.as_ref()?).map(|(own, floor)| own / floor);
            Some(ratios.collect::<Vec<f64>>())
        };
        let (to_lean, to_equal) = (ratios(&lean), ratios(&equal));
        let mut latencies = Latencies::default();
        let measured = || rounds.iter().filter_map(|round| round.of(contender));
        measured().for_each(|measured| latencies.extend(&measured.latencies));
        Self {
            work,
            part,
            events: measured().next().map_or(0, |measured| measured.events),
            rounds: rounds.len(),
            events_per_second: median(own),
            lean: lean.map(median),
            equal: equal.map(median),
            ratio_lean_spread: to_lean.as_deref().map(spread),
            ratio_lean: to_lean.map(median),
            ratio_equal_spread: to_equal.as_deref().map(spread),
            ratio_equal: to_equal.map(median),
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
        let names = [
            (Contender::Lean, ["leanP50Ms", "leanP99Ms", "leanP999Ms"]),
            (Contender::Equal, ["equalP50Ms", "equalP99Ms", "equalP999Ms"]),
        ];
        for (floor, names) in names {
            let mut latencies = Latencies::default();
            let measured = rounds.iter().filter_map(|round| round.of(floor));
            measured.for_each(|measured| latencies.extend(&measured.latencies));
            for (name, part) in names.into_iter().zip([0.5, 0.99, 0.999]) {
                self.more.extend(latencies.percentile_ms(part).map(|ms| (name, ms)));
            }
        }
        self
    }
}
