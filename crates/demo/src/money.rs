use std::fmt;
use std::ops::{Add, AddAssign, Mul, Sub};

use serde::{Serialize, Serializer, ser};

/// An amount of money in hundredths. As JSON it is a number with two digits behind the point, as a price tag has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cents(pub(crate) i64);

impl Cents {
    /// So many hundredths of the amount, cut to whole cents.
    pub(crate) fn percent(self, percent: i64) -> Self {
        Self(self.0 * percent / 100)
    }

    /// The nearest price below that ends in 0.
    pub(crate) fn rounded_to_ten(self) -> Self {
        Self(self.0 - self.0.rem_euclid(10))
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = self.to_string().parse().map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i64> for Cents {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0 * times)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_its_two_digits_in_json() {
        for (cents, text) in [(8_900, "89.00"), (5, "0.05"), (-3_210, "-32.10")] {
            assert_eq!(serde_json::to_string(&Cents(cents)).unwrap(), text);
        }
    }
}
