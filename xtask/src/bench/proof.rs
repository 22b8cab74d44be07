//! What the proof costs: bulk append by a build with it and by one without it, in turn.

use serde_json::Value;

use super::program::Program;
use super::{figure, measure};
use crate::Error;

/// Leaves out all hashing. It can only be asked for as a flag of the compiler, so that no crate can ask another for it.
pub(super) const WITHOUT: &str = "--cfg annals_unproven";

/// The parts of bulk append whose price is told.
pub(super) const PARTS: [&str; 2] = ["acknowledged", "until indexed"];

/// What a part of bulk append loses to the proof.
pub(super) struct Price {
    pub(super) part: &'static str,
    /// The part of the rate without proof that is lost, in percent: the median of the rounds.
    pub(super) percent: f64,
    pub(super) least: f64,
    pub(super) greatest: f64,
}

/// The program that measures, built twice.
pub(super) struct Builds {
    pub(super) proven: Program,
    pub(super) unproven: Program,
}

/// Measures both builds, each beside the lean floor, which is the same in both and takes out what the machine does
/// meanwhile.
pub(super) fn price(builds: &Builds, rounds: usize, handed_on: &[String]) -> Result<Vec<Price>, Error> {
    let once = [handed_on, &["--rounds".to_owned(), "1".to_owned()]].concat();
    let mut measured = Vec::new();
    for round in 0..rounds {
        let mut builds = [&builds.proven, &builds.unproven];
        builds.rotate_left(round % 2);
        let mut reports = Vec::new();
        for build in builds {
            reports.push(measure(build, ["W3"].into_iter(), &once)?);
        }
        reports.rotate_left(round % 2);
        measured.push(reports);
    }
    PARTS.into_iter().map(|part| price_of(part, &measured)).collect()
}

fn price_of(part: &'static str, rounds: &[Vec<Value>]) -> Result<Price, Error> {
    let percent = |reports: &Vec<Value>| {
        let ratio = |report: &Value| figure(report, "W3", part)?["ratioLean"].as_f64();
        let (proven, unproven) = (ratio(reports.first()?)?, ratio(reports.get(1)?)?);
        Some(100.0 * (1.0 - proven / unproven))
    };
    let mut percents = rounds
        .iter()
        .map(|reports| {
            percent(reports).ok_or_else(|| Error::Report { what: format!("no ratio of W3, {part}") })
        })
        .collect::<Result<Vec<f64>, Error>>()?;
    percents.sort_unstable_by(f64::total_cmp);
    let at = |index: usize| percents.get(index).copied().unwrap_or(f64::NAN);
    let last = percents.len().saturating_sub(1);
    Ok(Price { part, percent: at(last / 2), least: at(0), greatest: at(last) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_price_is_the_median_loss_beside_the_same_floor() {
        let report =
            |ratio: f64| json!({"works": [{"work": "W3", "part": "acknowledged", "ratioLean": ratio}]});
        let rounds: Vec<_> =
            [0.9, 1.6, 1.8].map(|proven| vec![report(proven), report(2.0)]).into_iter().collect();
        let price = price_of("acknowledged", &rounds).expect("the reports are whole");
        assert_eq!([price.least, price.percent, price.greatest].map(f64::round), [10.0, 20.0, 55.0]);
        assert!(price_of("until indexed", &rounds).is_err());
    }
}
