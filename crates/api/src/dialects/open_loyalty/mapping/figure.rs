//! Numbers as the vendor writes them (contract 1.5).

use domain::money::{Amount, Fraction};
use serde_json::Number;

/// A sum: whole ones without a fraction, others in their shortest form.
pub(super) fn amount(amount: Amount) -> Number {
    number(amount.as_f64())
}

/// A share as a fraction of one.
pub(super) fn fraction(share: Fraction) -> Number {
    #[expect(clippy::cast_precision_loss, reason = "shares are far below 2^53 millionths")]
    number(share.millionths() as f64 / 1_000_000.0)
}

/// A sum as clients write it. Binary fractions come with a tail of digits; the nearest ten-thousandth is meant.
pub(super) fn read(text: &str) -> Option<Amount> {
    /// Far above every sum, and exact.
    const MOST: f64 = 1e15;
    if let Ok(exact) = text.parse() {
        return Some(exact);
    }
    let scaled = (text.parse::<f64>().ok()? * 10_000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range, as just tested")]
    (scaled.abs() < MOST).then(|| Amount::from_ten_thousandths(scaled as i64))
}

/// A percentage as clients write it; five is a share of 0.05.
pub(super) fn read_percent(text: &str) -> Option<Fraction> {
    // A ten-thousandth of a percent is a millionth.
    read(text).map(|percent| Fraction::from_millionths(percent.ten_thousandths()))
}

/// Any figure, written likewise.
pub(super) fn number(value: f64) -> Number {
    /// Below this every whole value is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in range, as just tested")]
        return Number::from(value as i64);
    }
    Number::from_f64(value).unwrap_or_else(|| Number::from(0))
}

/// The mean of a sum, as a text with two decimals behind a dot; of nothing it is nothing.
pub(super) fn mean(sum: Amount, count: u64) -> String {
    let of = 100 * u128::from(count.max(1));
    // Half a hundredth is rounded away from zero.
    let hundredths = (2 * u128::from(sum.ten_thousandths().unsigned_abs()) + of) / (2 * of);
    let hundredths = if count == 0 { 0 } else { hundredths };
    let sign = if sum.ten_thousandths() < 0 && hundredths > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A share as a percentage: two decimals behind a dot, thousands behind commas.
pub(super) fn percent(share: Fraction) -> String {
    // A millionth is a ten-thousandth of a percent; the last two digits are rounded away.
    let hundredths = (share.millionths().unsigned_abs() + 50) / 100;
    let sign = if share.millionths() < 0 && hundredths > 0 { "-" } else { "" };
    let whole = (hundredths / 100).to_string();
    let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{:02}%", hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_figures_have_no_fraction_and_others_their_shortest() {
        for (value, expected) in [
            (3.0, "3"),
            (0.0, "0"),
            (-2.0, "-2"),
            (161.9, "161.9"),
            (1.5, "1.5"),
            (10.0 / 3.0, "3.3333333333333335"),
        ] {
            assert_eq!(number(value).to_string(), expected);
        }
        assert_eq!(amount(Amount::from_ten_thousandths(315_000)).to_string(), "31.5");
    }

    #[test]
    fn a_mean_has_two_decimals_and_no_commas() {
        for (sum, count, expected) in [
            ("3", 2, "1.50"),
            ("31.5", 2, "15.75"),
            ("10", 3, "3.33"),
            ("20", 3, "6.67"),
            ("0.01", 2, "0.01"),
            ("12345678", 1, "12345678.00"),
            ("5", 0, "0.00"),
            ("0", 4, "0.00"),
            ("-1", 3, "-0.33"),
        ] {
            assert_eq!(mean(sum.parse().unwrap(), count), expected, "{sum} / {count}");
        }
    }

    #[test]
    fn sums_are_read_as_clients_write_them() {
        for (text, ten_thousandths) in [
            ("20", 200_000),
            ("-0.5", -5_000),
            ("7.000000000000001", 70_000),
            ("1e2", 1_000_000),
            ("0.00005", 1),
        ] {
            assert_eq!(read(text), Some(Amount::from_ten_thousandths(ten_thousandths)), "{text}");
        }
        for text in ["", "abc", "NaN", "inf", "1e300", "1,5", "0x10", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_percentage_comes_in_and_a_fraction_goes_out() {
        for (text, shown) in
            [("15", "0.15"), ("7.000000000000001", "0.07"), ("100", "1"), ("0.5", "0.005")]
        {
            assert_eq!(fraction(read_percent(text).unwrap()).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn percentages_have_two_decimals_and_commas_between_thousands() {
        for (millionths, expected) in [
            (0, "0.00%"),
            (50_000, "5.00%"),
            (140_000, "14.00%"),
            (12_340_000, "1,234.00%"),
            (12_345_678_900, "1,234,567.89%"),
            (149, "0.01%"),
            (150, "0.02%"),
            (-50_000, "-5.00%"),
        ] {
            assert_eq!(percent(Fraction::from_millionths(millionths)), expected);
        }
    }
}
