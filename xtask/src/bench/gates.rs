//! What the project demands of its figures, and what it aims at.

use serde_json::Value;

use super::figure;
use super::proof::Price;
use super::table::Columns;

/// A demand on one number.
struct Gate {
    work: &'static str,
    part: &'static str,
    /// The member of the figure.
    member: &'static str,
    what: &'static str,
    bound: Bound,
    aim: Option<f64>,
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

use Bound::{AtLeast, AtMost};

const fn gate(
    (work, part): (&'static str, &'static str),
    (member, what): (&'static str, &'static str),
    bound: Bound,
    aim: Option<f64>,
) -> Gate {
    Gate { work, part, member, what, bound, aim }
}

const LEAN: (&str, &str) = ("ratioLean", "rate over lean's");
const EQUAL: (&str, &str) = ("ratioEqual", "rate over the raw client's");
const P50: (&str, &str) = ("p50TimesEqual", "p50 over the raw client's");

/// What is demanded of the figures of one kind of store.
pub(super) struct Demands {
    gates: &'static [Gate],
    /// The price of the proof, of the rate of W3 until it is acknowledged, and what is aimed at.
    price: (Bound, f64),
    /// Beside what the figures stand.
    pub(super) columns: Columns,
}

/// Of stores in files.
pub(super) const IN_FILES: Demands =
    Demands { gates: GATES, price: (AtMost(20.0), 8.0), columns: Columns::BesideFloors };

/// Of stores on a PostgreSQL server.
pub(super) const ON_POSTGRES: Demands =
    Demands { gates: POSTGRES_GATES, price: (AtMost(25.0), 10.0), columns: Columns::BesideFloors };

/// Of the server; what the proof costs is asked of the store.
pub(super) const OVER_HTTP: Demands =
    Demands { gates: HTTP_GATES, price: (AtMost(20.0), 8.0), columns: Columns::BesideProcess };

const GATES: &[Gate] = &[
    gate(("W1", "acknowledged"), LEAN, AtLeast(0.9), Some(1.1)),
    gate(("W2", "acknowledged"), LEAN, AtLeast(1.2), Some(1.7)),
    gate(("W2", "acknowledged"), ("p999Ms", "p99.9, ms"), AtMost(40.0), None),
    gate(("W3", "acknowledged"), LEAN, AtLeast(1.2), Some(1.9)),
    gate(("W3", "until indexed"), LEAN, AtLeast(1.1), Some(1.5)),
    gate(("W3", "acknowledged"), ("bytesPerEvent", "bytes per event"), AtMost(900.0), None),
    gate(("W4", "one aggregate"), EQUAL, AtLeast(0.5), Some(1.0)),
    gate(("W4", "all events"), EQUAL, AtLeast(0.5), Some(0.8)),
    gate(("W5", "latest 50 of an aggregate"), P50, AtMost(1.5), Some(1.1)),
    gate(("W5", "type and time range"), P50, AtMost(1.5), Some(1.1)),
    gate(("W5", "indexed payload field"), P50, AtMost(1.5), Some(1.1)),
    gate(("neighbours", "guarded appends"), ("ratioAlone", "rate over W2's alone"), AtLeast(0.8), None),
    gate(("neighbours", "guarded appends"), ("walMebibytesMax", "write-ahead log, MiB"), AtMost(256.0), None),
    gate(("verify", "whole log"), ("eventsPerSecond", "events a second"), AtLeast(300_000.0), None),
    gate(("import", "loan log, mapped by jq"), ("ratioW3", "rate over W3's"), AtLeast(0.6), Some(0.9)),
    gate(("growth", "append cost"), ("costRatioIndexed", "cost over a small log's"), AtMost(1.15), Some(1.0)),
];

const P50_LEAN: (&str, &str) = ("p50TimesLean", "p50 over the raw query's");

const POSTGRES_GATES: &[Gate] = &[
    gate(("W1", "acknowledged"), LEAN, AtLeast(0.8), Some(0.95)),
    gate(("W2", "one process"), LEAN, AtLeast(0.85), Some(1.1)),
    gate(("W2", "one process"), ("ratioConnections", "rate over 64 raw connections'"), AtLeast(2.0), None),
    gate(("W2", "four processes"), LEAN, AtLeast(0.4), Some(0.7)),
    gate(("W3", "acknowledged"), LEAN, AtLeast(1.0), Some(1.4)),
    gate(("W3", "until indexed"), LEAN, AtLeast(0.95), Some(1.3)),
    gate(("W3", "acknowledged"), ("bytesPerEvent", "bytes per event"), AtMost(1_100.0), None),
    gate(("W4", "one aggregate"), LEAN, AtLeast(0.75), Some(0.95)),
    gate(("W4", "all events"), LEAN, AtLeast(0.75), Some(0.95)),
    gate(("W5", "latest 50 of an aggregate, ten blocks"), P50_LEAN, AtMost(1.3), Some(1.1)),
    gate(("W5", "type and time range, ten blocks"), P50_LEAN, AtMost(1.3), Some(1.1)),
    gate(("W5", "indexed payload field, ten blocks"), P50_LEAN, AtMost(1.3), Some(1.1)),
    gate(("W5", "latest 50 of an aggregate, sixty blocks"), P50_LEAN, AtMost(2.2), Some(1.5)),
    gate(("W5", "type and time range, sixty blocks"), P50_LEAN, AtMost(2.2), Some(1.5)),
    gate(("W5", "indexed payload field, sixty blocks"), P50_LEAN, AtMost(2.2), Some(1.5)),
];

const PROCESS: (&str, &str) = ("ratioInProcess", "rate over that in process");

const HTTP_GATES: &[Gate] = &[
    gate(("H1", "acknowledged"), PROCESS, AtLeast(0.5), None),
    gate(("H2", "16 clients"), PROCESS, AtLeast(0.7), None),
    gate(
        ("H3", "latest 50 of an aggregate"),
        ("p50TimesInProcess", "p50 over that in process"),
        AtMost(3.0),
        None,
    ),
    gate(("H4", "all events"), PROCESS, AtLeast(0.3), None),
    gate(
        ("H5", "told of an event"),
        ("megabytesIdle", "memory of 1,000 idle subscribers, MB"),
        AtMost(50.0),
        None,
    ),
    gate(("H5", "told of an event"), ("p99Ms", "p99 until each was told, ms"), AtMost(100.0), None),
];

impl Bound {
    fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtLeast(bound) => measured >= bound,
            Self::AtMost(bound) => measured <= bound,
        }
    }

    fn shown(self) -> String {
        match self {
            Self::AtLeast(bound) => format!("≥ {}", shown(bound)),
            Self::AtMost(bound) => format!("≤ {}", shown(bound)),
        }
    }
}

/// A table row for each demand of which something was measured.
pub(super) fn rows(demands: &Demands, report: &Value, prices: &[Price]) -> Vec<String> {
    let measured = |gate: &Gate| {
        let measured = figure(report, gate.work, gate.part)?[gate.member].as_f64()?;
        let name = format!("{}, {}: {}", gate.work, gate.part, gate.what);
        Some(row(&name, measured, gate.bound, gate.aim))
    };
    let price = prices.first().map(|price| {
        let name = "price of the proof, percent of W3".to_owned();
        row(&name, price.percent, demands.price.0, Some(demands.price.1))
    });
    demands.gates.iter().filter_map(measured).chain(price).collect()
}

fn row(name: &str, measured: f64, bound: Bound, aim: Option<f64>) -> String {
    let aim = aim.map(shown).unwrap_or_default();
    let met = if bound.holds(measured) { "yes" } else { "**no**" };
    format!("| {name} | {} | {} | {aim} | {met} |", shown(measured), bound.shown())
}

fn shown(number: f64) -> String {
    if number.abs() >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_misses_its_gate_is_marked() {
        let report =
            json!({"works": [{"work": "W2", "part": "acknowledged", "ratioLean": 1.5, "p999Ms": 41.0}]});
        let rows = rows(&IN_FILES, &report, &[]);
        assert_eq!(rows.len(), 2);
        assert!(rows[0].ends_with("| 1.50 | ≥ 1.20 | 1.70 | yes |"), "{}", rows[0]);
        assert!(rows[1].ends_with("| 41.00 | ≤ 40.00 |  | **no** |"), "{}", rows[1]);
    }
}
