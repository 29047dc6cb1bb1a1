//! Days where merchants are.

use domain::job::Calendar;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

use crate::http::zone::Zone;

/// The calendar of the IANA time zones that are compiled in.
#[derive(Clone, Copy, Debug)]
pub struct ZoneCalendar;

impl Calendar for ZoneCalendar {
    fn day(&self, zone: &str, at: OffsetDateTime) -> Date {
        let zone = Zone::named(zone).unwrap_or_else(|_| Zone::utc());
        at.checked_to_offset(zone.offset_at(at)).unwrap_or(at).date()
    }

    fn instant(&self, zone: &str, local: PrimitiveDateTime) -> OffsetDateTime {
        let zone = Zone::named(zone).unwrap_or_else(|_| Zone::utc());
        let instant = zone.instant_of(local);
        instant.checked_to_offset(UtcOffset::UTC).unwrap_or(instant)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_where_the_merchant_is() {
        for (zone, at, expected) in [
            ("Europe/Warsaw", datetime!(2026-03-02 22:59:59 UTC), date!(2026 - 03 - 02)),
            ("Europe/Warsaw", datetime!(2026-03-02 23:00 UTC), date!(2026 - 03 - 03)),
            ("Europe/Warsaw", datetime!(2026-07-02 22:00 UTC), date!(2026 - 07 - 03)),
            ("America/New_York", datetime!(2026-03-02 04:59 UTC), date!(2026 - 03 - 01)),
            ("Nowhere/Land", datetime!(2026-03-02 23:59 UTC), date!(2026 - 03 - 02)),
        ] {
            assert_eq!(ZoneCalendar.day(zone, at), expected, "{zone} {at}");
        }
    }

    #[test]
    fn an_instant_is_what_clocks_show_where_the_merchant_is() {
        for (zone, local, expected) in [
            ("Europe/Warsaw", datetime!(2026-03-28 23:59:59), datetime!(2026-03-28 22:59:59 UTC)),
            ("Europe/Warsaw", datetime!(2026-03-29 23:59:59), datetime!(2026-03-29 21:59:59 UTC)),
            ("Nowhere/Land", datetime!(2026-03-29 23:59:59), datetime!(2026-03-29 23:59:59 UTC)),
        ] {
            assert_eq!(ZoneCalendar.instant(zone, local), expected, "{zone} {local}");
        }
    }
}
