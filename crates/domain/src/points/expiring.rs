//! Which of a customer's points expire, and when (OL 5.6). It follows from the calendar as much as from the ledger, so it
//! is no running total.

use std::collections::BTreeMap;

use time::{Date, OffsetDateTime};

use super::schedule;
use crate::job::Calendar;
use crate::money::Amount;

/// The active points that expire after the first day of this month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expiring {
    /// Those that expire on or after the first day of next month, however late.
    pub(super) from_next_month: Amount,
    /// All of them by the day on which they do.
    pub(super) by_day: BTreeMap<Date, Amount>,
}

/// The moment at which the month of a moment began: what expires later is shown.
pub(super) fn shown_from(
    zone: &str,
    calendar: &dyn Calendar,
    now: OffsetDateTime,
) -> OffsetDateTime {
    let (first, _) = schedule::months(calendar.day(zone, now));
    calendar.instant(zone, first.midnight())
}

impl Expiring {
    /// What expires, from the sums of the moments at which something does.
    pub(super) fn of(
        sums: &[(OffsetDateTime, Amount)],
        zone: &str,
        calendar: &dyn Calendar,
        now: OffsetDateTime,
    ) -> Self {
        let (_, next_month) = schedule::months(calendar.day(zone, now));
        let mut found = Self::default();
        for (at, amount) in sums {
            let day = calendar.day(zone, *at);
            if day >= next_month {
                found.from_next_month = found.from_next_month.plus(*amount);
            }
            let sum = found.by_day.entry(day).or_default();
            *sum = sum.plus(*amount);
        }
        found
    }
}
