//! Exact figures: amounts and percentages as scaled integers, never floating point.

use std::str::FromStr;

/// A sum of money or points, exact to four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    const SCALE: i64 = 10_000;

    /// An amount from its ten-thousandths, the unit of storage.
    pub const fn from_ten_thousandths(value: i64) -> Self {
        Self(value)
    }

    /// A whole amount.
    pub const fn whole(value: i64) -> Self {
        Self(value * Self::SCALE)
    }

    /// The amount in ten-thousandths.
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// The sum; at the ends of the range it stays there.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; at the ends of the range it stays there.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn magnitude(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// The amount without its decimals (19.9 becomes 19).
    #[must_use]
    pub const fn truncated(self) -> Self {
        Self(self.0 - self.0 % Self::SCALE)
    }

    /// The nearest binary fraction, for wires that carry JSON numbers.
    #[expect(
        clippy::cast_precision_loss,
        reason = "amounts on the wire are far below 2^53 ten-thousandths"
    )]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Self::SCALE as f64
    }
}

impl FromStr for Amount {
    type Err = InvalidAmount;

    /// Reads a plain decimal: an optional minus, digits, and at most four of them behind a dot.
    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let (negative, digits) = raw.strip_prefix('-').map_or((false, raw), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) || fraction.trim_end_matches('0').len() > 4 {
            return Err(InvalidAmount);
        }
        let whole: i64 = whole.parse().map_err(|_| InvalidAmount)?;
        let fraction: i64 = format!("{fraction:0<4}")[..4].parse().map_err(|_| InvalidAmount)?;
        let value = whole
            .checked_mul(Self::SCALE)
            .and_then(|value| value.checked_add(fraction))
            .ok_or(InvalidAmount)?;
        Ok(Self(if negative { -value } else { value }))
    }
}

/// The text is not a decimal that an [`Amount`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number with at most four decimals")]
pub struct InvalidAmount;

/// A share, exact to a millionth (five percent is 50,000 millionths).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(i64);

impl Fraction {
    /// A share from its millionths, the unit of storage.
    pub const fn from_millionths(value: i64) -> Self {
        Self(value)
    }

    /// A whole number of percent.
    pub const fn percent(value: i64) -> Self {
        Self(value * 10_000)
    }

    /// The share in millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        for (raw, ten_thousandths) in [
            ("3", 30_000),
            ("161.9", 1_619_000),
            ("-1.5", -15_000),
            ("0.0001", 1),
            ("2.50000", 25_000),
        ] {
            assert_eq!(raw.parse(), Ok(Amount::from_ten_thousandths(ten_thousandths)), "{raw}");
        }
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for raw in
            ["", "-", ".5", "5.", "NaN", "1e4", "0.00001", ",5", "+1", "1 ", "99999999999999999999"]
        {
            assert_eq!(raw.parse::<Amount>(), Err(InvalidAmount), "{raw}");
        }
    }

    #[test]
    fn a_truncated_amount_has_no_decimals() {
        for (raw, whole) in [("19.9", 19), ("19", 19), ("0.9999", 0), ("-1.5", -1)] {
            let amount: Amount = raw.parse().unwrap();
            assert_eq!(amount.truncated(), Amount::whole(whole), "{raw}");
        }
    }

    #[test]
    fn sums_and_differences_stay_within_the_range() {
        let (most, least) =
            (Amount::from_ten_thousandths(i64::MAX), Amount::from_ten_thousandths(i64::MIN));
        assert_eq!(
            Amount::whole(2).plus(Amount::whole(3)).minus(Amount::whole(4)),
            Amount::whole(1)
        );
        assert_eq!(most.plus(Amount::whole(1)), most);
        assert_eq!(least.minus(Amount::whole(1)), least);
    }

    proptest! {
        #[test]
        fn an_amount_survives_its_decimal_text(value in -1_000_000_000_000_i64..1_000_000_000_000) {
            let sign = if value < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:04}", value.abs() / 10_000, value.abs() % 10_000);
            prop_assert_eq!(text.parse(), Ok(Amount::from_ten_thousandths(value)));
        }
    }
}
