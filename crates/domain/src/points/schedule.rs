//! When points can be spent first and last (OL 4.5).

use time::{Date, Duration, Month, OffsetDateTime, Time};

use crate::job::Calendar;
use crate::merchant::{Merchant, PointExpiry};

/// The last second of a day.
const LAST_SECOND: Time = match Time::from_hms(23, 59, 59) {
    Ok(time) => time,
    Err(_) => Time::MIDNIGHT,
};

/// Until when points that come at a moment are locked; not at all where the programme locks none.
pub(super) fn locked_until(merchant: &Merchant, at: OffsetDateTime) -> Option<OffsetDateTime> {
    let days = merchant.settings.points.locked_days.filter(|days| *days > 0)?;
    Some(at.saturating_add(Duration::days(days.into())))
}

/// The last moment at which points can be spent that can be from a moment on: the end of the day so many days later if that
/// is asked for, else what the programme says. Days are those of the programme's time zone.
pub(super) fn expires_at(
    merchant: &Merchant,
    calendar: &dyn Calendar,
    days: Option<u32>,
    from: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let zone = merchant.time_zone.as_str();
    let settings = &merchant.settings.points;
    let day = calendar.day(zone, from);
    let after = |days: u32| day.saturating_add(Duration::days(days.into()));
    let last = match (days, settings.expiry) {
        (Some(days), _) => after(days),
        (None, PointExpiry::AfterDays) => after(settings.active_days),
        (None, PointExpiry::EndOfMonth) => last_of_month(day),
        (None, PointExpiry::EndOfYear) => last_of_month(day.replace_month(Month::December).ok()?),
        (None, PointExpiry::Never) => return None,
    };
    Some(calendar.instant(zone, last.with_time(LAST_SECOND)))
}

/// The first days of the month of a day and of the one after it.
pub(super) fn months(day: Date) -> (Date, Date) {
    let first = day.saturating_sub(Duration::days(i64::from(day.day()) - 1));
    (first, last_of_month(day).saturating_add(Duration::DAY))
}

fn last_of_month(day: Date) -> Date {
    let last = day.month().length(day.year());
    day.saturating_add(Duration::days(i64::from(last) - i64::from(day.day())))
}
