//! The report as Markdown.

use std::fmt::Write;

use serde_json::Value;

use super::gates::{self, Demands};
use super::proof::Price;

const BESIDE_FLOORS: &str = "| work | store, events/s | lean | store/lean | equal | store/equal | p50 ms | p99 ms | p99.9 ms |\n\
     | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

const BESIDE_PROCESS: &str = "| work | server, events/s | in process | server/in process | p50 ms | p99 ms | p99.9 ms | \
     p50 ms in process | server's memory, MB |\n\
     | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n";

/// Beside what figures stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Columns {
    /// The floors.
    BesideFloors,
    /// The same in process.
    BesideProcess,
}

/// Figures, demands and conditions.
pub(super) fn markdown(demands: &Demands, report: &Value, prices: &[Price]) -> String {
    let (heading, row): (&str, fn(&Value) -> String) = match demands.columns {
        Columns::BesideFloors => (BESIDE_FLOORS, row),
        Columns::BesideProcess => (BESIDE_PROCESS, row_beside_process),
    };
    let mut text = String::from(heading);
    for figure in report["works"].as_array().into_iter().flatten() {
        push_line(&mut text, &row(figure));
    }
    text.push_str(
        "\n| what is demanded | measured | gate | aim | met |\n| --- | ---: | ---: | ---: | --- |\n",
    );
    for row in gates::rows(demands, report, prices) {
        push_line(&mut text, &row);
    }
    text.push('\n');
    for price in prices {
        let Price { part, percent, least, greatest } = price;
        let line = format!("Price of the proof, W3 {part}: {percent:.1} % ({least:.1} to {greatest:.1} %).");
        push_line(&mut text, &line);
    }
    text.push_str("\n| condition | |\n| --- | --- |\n");
    for (name, value) in report["conditions"].as_object().into_iter().flatten() {
        push_line(&mut text, &format!("| {name} | {} |", shown(value)));
    }
    text
}

fn push_line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn row_beside_process(figure: &Value) -> String {
    let [rate, in_process] = ["eventsPerSecond", "inProcess"].map(|member| shown_rate(figure, member));
    let number = |member: &str| figure[member].as_f64();
    let ratio = ["ratioInProcess", "ratioInProcessLeast", "ratioInProcessGreatest"].map(number);
    let ratio = match ratio {
        [Some(ratio), Some(least), Some(greatest)] => format!("{ratio:.2} ({least:.2} to {greatest:.2})"),
        _ => String::new(),
    };
    let times = ["p50Ms", "p99Ms", "p999Ms", "inProcessP50Ms"].map(|member| shown_time(figure, member));
    let memory = [
        ("before", "serverMegabytesBefore"),
        ("at the most", "serverMegabytesPeak"),
        ("more when idle", "megabytesIdle"),
        ("more when told", "megabytesTold"),
    ];
    let memory =
        memory.into_iter().filter_map(|(what, member)| Some(format!("{:.0} {what}", number(member)?)));
    let memory: Vec<String> = memory.collect();
    let (work, part) = (shown(&figure["work"]), shown(&figure["part"]));
    let (times, memory) = (times.join(" | "), memory.join(", "));
    format!("| {work}, {part} | {rate} | {in_process} | {ratio} | {times} | {memory} |")
}

fn shown_rate(figure: &Value, member: &str) -> String {
    figure[member].as_f64().map_or_else(String::new, grouped)
}

fn shown_time(figure: &Value, member: &str) -> String {
    figure[member].as_f64().map_or_else(String::new, |ms| format!("{ms:.3}"))
}

fn row(figure: &Value) -> String {
    let rate = |member: &str| shown_rate(figure, member);
    let time = |member: &str| shown_time(figure, member);
    let ratio = |member: &str, spread: &str| {
        let (ratio, spread) = (figure[member].as_f64(), &figure[spread]);
        match (ratio, spread[0].as_f64(), spread[1].as_f64()) {
            (Some(ratio), Some(least), Some(greatest)) => format!("{ratio:.2} ({least:.2} to {greatest:.2})"),
            _ => String::new(),
        }
    };
    format!(
        "| {}, {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        shown(&figure["work"]),
        shown(&figure["part"]),
        rate("eventsPerSecond"),
        rate("lean"),
        ratio("ratioLean", "ratioLeanSpread"),
        rate("equal"),
        ratio("ratioEqual", "ratioEqualSpread"),
        time("p50Ms"),
        time("p99Ms"),
        time("p999Ms"),
    )
}

fn shown(value: &Value) -> String {
    match (value, value.as_f64()) {
        (Value::String(text), _) => text.replace('|', "\\|"),
        (Value::Null, _) => "unknown".to_owned(),
        (_, Some(number)) if number.fract() != 0.0 => format!("{number:.2}"),
        _ => value.to_string(),
    }
}

/// A number without fraction, its thousands apart.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_says_median_and_spread_and_leaves_out_what_does_not_apply() {
        let figure = json!({
            "work": "W2", "part": "acknowledged", "eventsPerSecond": 81_234.5, "lean": 50_000.0, "equal": null,
            "ratioLean": 1.62, "ratioLeanSpread": [1.5, 1.7], "p50Ms": 0.7,
        });
        let row = row(&figure);
        assert_eq!(row, "| W2, acknowledged | 81,234 | 50,000 | 1.62 (1.50 to 1.70) |  |  | 0.700 |  |  |");
    }

    #[test]
    fn what_a_server_does_stands_beside_the_same_in_process() {
        let figure = json!({
            "work": "H4", "part": "all events", "eventsPerSecond": 300_000.0, "inProcess": 900_000.0,
            "ratioInProcess": 0.33, "ratioInProcessLeast": 0.31, "ratioInProcessGreatest": 0.4, "p50Ms": 3_000.0,
            "serverMegabytesBefore": 38.2, "serverMegabytesPeak": 61.9,
        });
        assert_eq!(
            row_beside_process(&figure),
            "| H4, all events | 300,000 | 900,000 | 0.33 (0.31 to 0.40) | 3000.000 |  |  |  | 38 before, 62 at the most |"
        );
    }

    #[test]
    fn the_conditions_stand_below() {
        let report =
            json!({"works": [], "conditions": {"cores": 2, "syncP50Ms": 0.1684, "fileSystem": null}});
        let text = markdown(&gates::IN_FILES, &report, &[]);
        for line in ["| cores | 2 |", "| syncP50Ms | 0.17 |", "| fileSystem | unknown |"] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
