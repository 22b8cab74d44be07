//! Whole numbers in decimal: written without an allocation, read without leniency.

use crate::Error;

/// The digits of `u64::MAX`.
const DIGITS_MAX: usize = 20;

/// A number's decimal digits, without leading zeroes.
pub(crate) struct Decimal {
    digits: [u8; DIGITS_MAX],
    start: usize,
}

impl Decimal {
    pub(crate) fn new(mut number: u64) -> Self {
        let mut digits = [b'0'; DIGITS_MAX];
        let mut start = DIGITS_MAX;
        for (place, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (number % 10) as u8;
            start = place;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        Self { digits, start }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

/// Reads an ASCII decimal without sign and leading zeroes, as all C2SP formats want it.
pub(crate) fn parse_decimal(text: &str) -> Result<u64, Error> {
    let refused = || Error::Number { text: text.chars().take(DIGITS_MAX + 1).collect() };
    let is_canonical = text == "0" || !text.starts_with(['0', '+']);
    let number = text.parse().map_err(|_| refused())?;
    if is_canonical { Ok(number) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for number in [0, 7, 10, 99, 100, 1_234_067, u64::MAX - 1, u64::MAX] {
            assert_eq!(Decimal::new(number).as_bytes(), number.to_string().as_bytes());
            assert_eq!(parse_decimal(&number.to_string()), Ok(number));
        }
    }

    #[test]
    fn other_spellings_of_a_number_are_refused() {
        for text in ["", "+1", "-1", "01", "00", " 1", "1 ", "1_0", "18446744073709551616", "٣"] {
            assert!(parse_decimal(text).is_err(), "{text:?}");
        }
    }
}
