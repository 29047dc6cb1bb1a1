//! The dates that a search takes (contract 2.5).

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::parsing::Parsed;
use time::{OffsetDateTime, Time, UtcOffset};

/// A date; or a date and a time, with or without seconds, fraction and offset.
const ISO_8601: &[BorrowedFormatItem<'_>] = format_description!(
    version = 2,
    "[year]-[month]-[day][optional [T[hour]:[minute][optional [:[second][optional [[first [.] [,]][subsecond]]]]]\
     [optional [[first [Z] [[offset_hour sign:mandatory]:[offset_minute]] [[offset_hour sign:mandatory][offset_minute]] [[offset_hour sign:mandatory]]]]]]]"
);

/// Reads an ISO 8601 date or date-time. Without a time it is midnight, without an offset universal time.
pub(super) fn parse(raw: &str) -> Option<OffsetDateTime> {
    // A sign would lead a year of another era.
    if !raw.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut parsed = Parsed::new();
    if !parsed.parse_items(raw.as_bytes(), ISO_8601).ok()?.is_empty() {
        return None;
    }
    let date = time::Date::try_from(parsed).ok()?;
    let time = match parsed.hour_24() {
        Some(_) => Time::try_from(parsed).ok()?,
        None => Time::MIDNIGHT,
    };
    let offset = match parsed.offset_hour() {
        None => UtcOffset::UTC,
        Some(-23..=23) => UtcOffset::try_from(parsed).ok()?,
        Some(_) => return None,
    };
    date.with_time(time).assume_offset(offset).checked_to_offset(UtcOffset::UTC)
}

/// The last moment that is shown as this one: answers cut times to milliseconds, and whoever searches up to a time that
/// was shown means to find the customer that it was shown for.
pub(super) fn end_of_millisecond(moment: OffsetDateTime) -> OffsetDateTime {
    let end = u32::from(moment.millisecond()) * 1_000_000 + 999_999;
    moment.replace_nanosecond(end).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn dates_and_date_times_are_read() {
        for (raw, expected) in [
            ("2024-02-26T16:36:14.499Z", datetime!(2024-02-26 16:36:14.499 UTC)),
            ("2024-02-26T16:36:14Z", datetime!(2024-02-26 16:36:14 UTC)),
            ("2024-02-26T16:36Z", datetime!(2024-02-26 16:36 UTC)),
            ("2024-02-26T16:36:14", datetime!(2024-02-26 16:36:14 UTC)),
            ("2024-02-26T16:36:14.5", datetime!(2024-02-26 16:36:14.5 UTC)),
            ("2024-02-26T16:36:14.123456789+00:00", datetime!(2024-02-26 16:36:14.123456789 UTC)),
            ("2024-02-26T16:36:14+02:00", datetime!(2024-02-26 14:36:14 UTC)),
            ("2024-02-26T16:36:14.499-0530", datetime!(2024-02-26 22:06:14.499 UTC)),
            ("2024-02-26T00:30:00+02", datetime!(2024-02-25 22:30 UTC)),
            ("2024-02-29", datetime!(2024-02-29 00:00 UTC)),
            ("0000-01-01", datetime!(0000-01-01 00:00 UTC)),
        ] {
            assert_eq!(parse(raw), Some(expected), "{raw}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for raw in [
            "",
            "yesterday",
            "1708965374",
            "2024",
            "2024-02",
            "2024-02-30",
            "2023-02-29",
            "2024-13-01",
            "2024-02-26T",
            "2024-02-26T24:00:00Z",
            "2024-02-26T16:60:00Z",
            "2024-02-26T16:36:14.Z",
            "2024-02-26T16:36:14ZZ",
            "2024-02-26T16:36:14+25:00",
            "2024-02-26 ",
            " 2024-02-26",
            "2024-02-26\0",
            "-2024-02-26",
            "+2024-02-26",
            "300000-01-01",
            "9999-12-31T23:59:59-01:00",
            "２０２４-02-26",
        ] {
            assert_eq!(parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_shown_time_includes_all_that_it_stands_for() {
        let shown = datetime!(2024-02-26 16:36:14.499 UTC);
        assert_eq!(end_of_millisecond(shown), datetime!(2024-02-26 16:36:14.499_999_999 UTC));
    }
}
