//! Dates as clients write them (contract 1.4). A time without a zone is meant in the programme's zone.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::http::zone::Zone;

/// A birth date, `YYYY-MM-DD` or `YYYY-MM-DD HH:mm`: the moment at which it began in the programme's zone.
pub(super) fn birth_date(text: &str, zone: &Zone) -> Option<OffsetDateTime> {
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (day, hour_and_minute(time)?),
        None => (text, Time::MIDNIGHT),
    };
    storable(zone.instant_of(PrimitiveDateTime::new(date(day)?, time)))
}

/// A moment: a date, a time behind a blank or a `T`, seconds with a fraction, and an offset, all but the date optional.
pub(super) fn moment(text: &str, zone: &Zone) -> Option<OffsetDateTime> {
    let Some((day, rest)) = text.split_once([' ', 'T', 't']) else {
        return storable(zone.instant_of(date(text)?.midnight()));
    };
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (rest[..at].trim_end_matches(' '), Some(offset(&rest[at..])?)),
        None => (rest, None),
    };
    let local = PrimitiveDateTime::new(date(day)?, time_of_day(clock)?);
    storable(match offset {
        Some(offset) => local.assume_offset(offset),
        None => zone.instant_of(local),
    })
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let month = Month::try_from(two_digits(month)?).ok()?;
    Date::from_calendar_date(number(year)?.into(), month, two_digits(day)?).ok()
}

fn hour_and_minute(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::from_hms(two_digits(hour)?, two_digits(minute)?, 0).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let Some((minutes, seconds)) = text.rsplit_once(':').filter(|(head, _)| head.contains(':'))
    else {
        return hour_and_minute(text);
    };
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Finer parts than a microsecond would not survive storage.
    let microsecond = format!("{fraction:0<6}")[..6].parse().ok()?;
    let minute = hour_and_minute(minutes)?;
    Time::from_hms_micro(minute.hour(), minute.minute(), two_digits(second)?, microsecond).ok()
}

/// `Z`, `+hh`, `+hhmm` or `+hh:mm`.
fn offset(text: &str) -> Option<UtcOffset> {
    if text.eq_ignore_ascii_case("z") {
        return Some(UtcOffset::UTC);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        _ => digits.split_once(':')?,
    };
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    UtcOffset::from_whole_seconds(sign * (i32::from(hours) * 60 + i32::from(minutes)) * 60).ok()
}

fn two_digits(text: &str) -> Option<u8> {
    if text.len() == 2 { u8::try_from(number(text)?).ok() } else { None }
}

fn number(digits: &str) -> Option<u16> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// The moment in universal time, if that has a year of four digits too.
fn storable(moment: OffsetDateTime) -> Option<OffsetDateTime> {
    moment.checked_to_offset(UtcOffset::UTC).filter(|moment| (0..=9999).contains(&moment.year()))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn warsaw() -> Zone {
        Zone::named("Europe/Warsaw").unwrap()
    }

    #[test]
    fn a_birth_date_begins_at_midnight_in_the_programmes_zone() {
        for (text, expected) in [
            ("1990-12-10", datetime!(1990-12-09 23:00 UTC)),
            ("2017-07-05", datetime!(2017-07-04 22:00 UTC)),
            ("2017-10-05 08:30", datetime!(2017-10-05 06:30 UTC)),
        ] {
            assert_eq!(birth_date(text, &warsaw()), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_birth_date_is_none() {
        for text in [
            "2017-13-01",
            "2019-02-31",
            "01/02/2017",
            "0000-00-00",
            "99999-01-01",
            "2017-10-05 25:00",
            "2017-10-05T08:30",
            "2017-1-05",
            "17-01-05",
            "2017-10-05 ",
            "+017-10-05",
            "",
        ] {
            assert_eq!(birth_date(text, &warsaw()), None, "{text}");
        }
    }

    #[test]
    fn the_usual_spellings_of_a_moment_are_read() {
        for (text, expected) in [
            ("2017-01-01 14:15:16", datetime!(2017-01-01 13:15:16 UTC)),
            ("2017-07-01 14:15", datetime!(2017-07-01 12:15 UTC)),
            ("2017-07-01", datetime!(2017-06-30 22:00 UTC)),
            ("2017-01-01T14:15:16+0200", datetime!(2017-01-01 12:15:16 UTC)),
            ("2017-01-01T14:15:16.5-03:30", datetime!(2017-01-01 17:45:16.5 UTC)),
            ("2017-01-01 14:15:16 +02", datetime!(2017-01-01 12:15:16 UTC)),
            ("2017-01-01t14:15:16.1234567z", datetime!(2017-01-01 14:15:16.123_456 UTC)),
            ("2030-01-01 00:00:00", datetime!(2029-12-31 23:00 UTC)),
        ] {
            assert_eq!(moment(text, &warsaw()), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_impossible_moment_is_none() {
        for text in [
            "",
            "now",
            "1e9",
            "-5000-01-01",
            "2017-02-30 10:00",
            "2017-01-01 24:00",
            "2017-01-01 10:60",
            "2017-01-01 10:00:60",
            "2017-01-01 10:00:00.",
            "2017-01-01 10:00:00+2",
            "2017-01-01 10:00:00+2460",
            "2017-01-01 10:00:00+02:0",
            "2017-01-01  10:00",
            "9999-12-31 23:59:59-0100",
            "2017-01-01T10:00:00Zx",
        ] {
            assert_eq!(moment(text, &warsaw()), None, "{text}");
        }
    }
}
