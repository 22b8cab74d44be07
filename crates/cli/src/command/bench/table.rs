use std::io::{self, Write};

use annals_benches::Figure;

use crate::output::Console;

const HEADINGS: [&str; 10] =
    ["work", "part", "events/s", "lean", "ratio", "equal", "ratio", "p50 ms", "p99 ms", "p99.9 ms"];

/// Columns of words; the others hold numbers.
const WORDS: usize = 2;

/// One line per figure; what does not apply is left empty.
pub(super) fn write(out: &mut dyn Write, figures: &[Figure], console: &Console) -> io::Result<()> {
    let rows: Vec<[String; 10]> = figures.iter().map(cells).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(HEADINGS.get(column).map(|heading| heading.len())).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    let style = console.heading;
    writeln!(out, "{style}{}{style:#}", line(&HEADINGS.map(str::to_owned), &widths))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row, &widths)))
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
        if column < WORDS { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    });
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn cells(figure: &Figure) -> [String; 10] {
    let rate = |rate: Option<f64>| rate.map(grouped).unwrap_or_default();
    let fraction = |number: Option<f64>| number.map(|number| format!("{number:.2}")).unwrap_or_default();
    let time = |ms: Option<f64>| ms.map(|ms| format!("{ms:.3}")).unwrap_or_default();
    [
        figure.work.to_string(),
        figure.part.to_owned(),
        grouped(figure.events_per_second),
        rate(figure.lean),
        fraction(figure.ratio_lean),
        rate(figure.equal),
        fraction(figure.ratio_equal),
        time(figure.p50_ms),
        time(figure.p99_ms),
        time(figure.p999_ms),
    ]
}

/// A number without fraction, its thousands apart.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
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
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0.4, 999.0, 1_000.0, 1_234_567.8].map(grouped), ["0", "999", "1,000", "1,234,568"]);
    }

    #[test]
    fn numbers_stand_at_the_right_and_no_line_ends_in_spaces() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(line(&row(&["W1", "all", "7", ""]), &[4, 3, 5, 2]), "W1    all      7");
    }
}
