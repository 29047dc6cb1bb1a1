//! Named time zones, and instants written the ways the vendors write them.
//!
//! Three forms: Open Loyalty's `2017-07-01T14:15:16+0200` (`open-loyalty.md` 1.4), Kounta's
//! `2013-05-08T13:56:02+10:00` (`kounta.md` 1.3) and KunaCore's `2024-02-26T16:36:14.499Z` (`kunacore.md` 1.1). All have a
//! fixed width, so they are written digit by digit into one string.

use jiff::tz::TimeZone;
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// A time zone of the IANA database that is compiled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// No zone has that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone")]
pub struct UnknownZone;

impl Zone {
    /// The zone of an IANA name such as `Europe/Warsaw`.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone)
    }

    /// The names of all zones, in alphabetical order.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> =
            jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        names.sort();
        names
    }

    /// Universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The offset from universal time that the zone has at an instant.
    pub fn offset_at(&self, instant: OffsetDateTime) -> UtcOffset {
        jiff::Timestamp::from_second(instant.unix_timestamp())
            .ok()
            .and_then(|instant| {
                UtcOffset::from_whole_seconds(self.0.to_offset(instant).seconds()).ok()
            })
            .unwrap_or(UtcOffset::UTC)
    }

    /// The instant at which clocks in the zone show a time. A time that a change of clocks skips moves forward by the
    /// gap, and of a repeated one the first counts.
    pub fn instant_of(&self, local: PrimitiveDateTime) -> OffsetDateTime {
        let earlier =
            local.assume_offset(self.offset_at(local.assume_utc().saturating_sub(Duration::DAY)));
        let later =
            local.assume_offset(self.offset_at(local.assume_utc().saturating_add(Duration::DAY)));
        let fits = |guess: &OffsetDateTime| self.offset_at(*guess) == guess.offset();
        if fits(&earlier) || !fits(&later) { earlier } else { later }
    }

    /// `YYYY-MM-DDThh:mm:ss+hhmm`, in the zone.
    pub fn format_basic(&self, instant: OffsetDateTime) -> String {
        self.format(instant, "")
    }

    /// `YYYY-MM-DDThh:mm:ss+hh:mm`, in the zone.
    pub fn format_extended(&self, instant: OffsetDateTime) -> String {
        self.format(instant, ":")
    }

    fn format(&self, instant: OffsetDateTime, colon: &str) -> String {
        let offset = self.offset_at(instant);
        let local = instant.checked_to_offset(offset).unwrap_or(instant);
        let mut text = String::with_capacity(25);
        push_second(&mut text, local);
        let (hours, minutes, seconds) = local.offset().as_hms();
        text.push(if hours < 0 || minutes < 0 || seconds < 0 { '-' } else { '+' });
        push_two(&mut text, hours.unsigned_abs());
        text.push_str(colon);
        push_two(&mut text, minutes.unsigned_abs());
        text
    }
}

/// `YYYY-MM-DDThh:mm:ss.mmmZ`, in universal time; the fraction is cut, not rounded.
pub fn format_utc_milliseconds(instant: OffsetDateTime) -> String {
    let instant = instant.checked_to_offset(UtcOffset::UTC).unwrap_or(instant);
    let mut text = String::with_capacity(24);
    push_second(&mut text, instant);
    text.push('.');
    push_digits::<3>(&mut text, instant.millisecond().into());
    text.push('Z');
    text
}

fn push_second(text: &mut String, instant: OffsetDateTime) {
    if instant.year() < 0 {
        text.push('-');
    }
    push_digits::<4>(text, instant.year().unsigned_abs());
    text.push('-');
    push_two(text, instant.month().into());
    text.push('-');
    push_two(text, instant.day());
    text.push('T');
    push_two(text, instant.hour());
    text.push(':');
    push_two(text, instant.minute());
    text.push(':');
    push_two(text, instant.second());
}

fn push_two(text: &mut String, number: u8) {
    push_digits::<2>(text, number.into());
}

fn push_digits<const WIDTH: usize>(text: &mut String, mut number: u32) {
    let mut digits = ['0'; WIDTH];
    for digit in digits.iter_mut().rev() {
        *digit = char::from_digit(number % 10, 10).unwrap_or('0');
        number /= 10;
    }
    text.extend(digits);
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_offset_follows_summer_and_winter() {
        let warsaw = Zone::named("Europe/Warsaw").unwrap();
        assert_eq!(
            warsaw.format_basic(datetime!(2017-01-01 13:15:16 UTC)),
            "2017-01-01T14:15:16+0100"
        );
        assert_eq!(
            warsaw.format_basic(datetime!(2017-07-01 12:15:16.987 UTC)),
            "2017-07-01T14:15:16+0200"
        );
        assert_eq!(
            warsaw.format_basic(datetime!(1990-09-11 00:00 UTC)),
            "1990-09-11T02:00:00+0200"
        );
    }

    #[test]
    fn offsets_may_be_negative_uneven_and_across_midnight() {
        for (zone, instant, expected) in [
            ("Australia/Sydney", datetime!(2013-05-08 03:56:02 UTC), "2013-05-08T13:56:02+10:00"),
            ("Australia/Adelaide", datetime!(2013-05-08 20:00 UTC), "2013-05-09T05:30:00+09:30"),
            ("America/St_Johns", datetime!(2024-01-01 01:00 UTC), "2023-12-31T21:30:00-03:30"),
            ("America/New_York", datetime!(2024-01-01 01:00 +5), "2023-12-31T15:00:00-05:00"),
            ("UTC", datetime!(0001-02-03 04:05:06 UTC), "0001-02-03T04:05:06+00:00"),
        ] {
            assert_eq!(Zone::named(zone).unwrap().format_extended(instant), expected);
        }
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        let sydney = Zone::named("Australia/Sydney").unwrap();
        let last = PrimitiveDateTime::MAX.assume_utc();
        assert_eq!(sydney.format_basic(last), "9999-12-31T23:59:59+0000");
        assert_eq!(
            format_utc_milliseconds(PrimitiveDateTime::MIN.assume_utc()),
            "-9999-01-01T00:00:00.000Z"
        );
    }

    #[test]
    fn milliseconds_are_cut_and_padded_in_universal_time() {
        assert_eq!(
            format_utc_milliseconds(datetime!(2024-02-26 17:36:14.499_999 +1)),
            "2024-02-26T16:36:14.499Z"
        );
        assert_eq!(
            format_utc_milliseconds(datetime!(2024-02-26 16:36:14.007 UTC)),
            "2024-02-26T16:36:14.007Z"
        );
    }

    #[test]
    fn a_local_time_is_found_again_also_where_clocks_change() {
        let warsaw = Zone::named("Europe/Warsaw").unwrap();
        for (local, expected) in [
            (datetime!(2017-01-01 00:00), datetime!(2016-12-31 23:00 UTC)),
            (datetime!(2017-07-01 00:00), datetime!(2017-06-30 22:00 UTC)),
            (datetime!(2017-03-26 01:59), datetime!(2017-03-26 00:59 UTC)),
            (datetime!(2017-03-26 02:30), datetime!(2017-03-26 01:30 UTC)),
            (datetime!(2017-03-26 03:00), datetime!(2017-03-26 01:00 UTC)),
            (datetime!(2017-10-29 02:30), datetime!(2017-10-29 00:30 UTC)),
            (datetime!(2017-10-29 03:00), datetime!(2017-10-29 02:00 UTC)),
        ] {
            assert_eq!(warsaw.instant_of(local), expected, "{local}");
        }
    }

    #[test]
    fn a_name_that_no_zone_has_is_refused() {
        for name in ["", "Europe/Atlantis", "+02:00", "../etc/passwd"] {
            assert_eq!(Zone::named(name), Err(UnknownZone), "{name}");
        }
    }
}
