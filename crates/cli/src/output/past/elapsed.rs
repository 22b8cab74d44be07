use annals::Timestamp;

/// Units of time with their microseconds, the largest first.
const UNITS: [(&str, u64); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("min", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("µs", 1),
];

/// How long it took from one moment to another, in at most two units, as in `3 d 4 h later`; the second may lie before
/// the first.
pub(crate) fn elapsed(from: Timestamp, to: Timestamp) -> String {
    let micros = to.as_micros().abs_diff(from.as_micros());
    let Some(largest) = UNITS.iter().position(|(_, unit)| micros >= *unit) else {
        return "at the same time".to_owned();
    };
    let (name, unit) = UNITS[largest];
    let mut words = format!("{} {name}", micros / unit);
    // Below a second, one unit says enough.
    let smaller = UNITS.get(largest + 1).filter(|(_, smaller)| *smaller >= 1_000_000);
    if let Some((name, count)) = smaller.map(|(name, smaller)| (name, micros % unit / smaller))
        && count > 0
    {
        words.push_str(&format!(" {count} {name}"));
    }
    words.push_str(if to < from { " earlier" } else { " later" });
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_say_enough() {
        let at = |micros| Timestamp::from_micros(micros).unwrap();
        let words = |micros: i64| elapsed(at(1_000), at(1_000 + micros));
        assert_eq!(words(0), "at the same time");
        assert_eq!(words(7), "7 µs later");
        assert_eq!(words(746_400), "746 ms later");
        assert_eq!(words(17_445_000), "17 s later");
        assert_eq!(words(3_600_000_000), "1 h later");
        assert_eq!(words(-90 * 60_000_000), "1 h 30 min earlier");
        assert_eq!(words(100 * 3_600_000_000 + 5), "4 d 4 h later");
    }
}
