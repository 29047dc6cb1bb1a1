//! Days, months and years of a programme's calendar (contract E14).

use std::collections::BTreeMap;

use domain::merchant::Merchant;
use time::{Date, Duration, OffsetDateTime};

use super::super::errors::Error;
use crate::http::form::FormValue;
use crate::http::zone::Zone;

/// Days that are counted unless the caller says how many.
const USUAL_DAYS: u16 = 30;
/// The most days of one answer: ten years.
const MOST_DAYS: u16 = 3_660;

/// What days are put together to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interval {
    Day,
    Month,
    Year,
}

impl Interval {
    /// What a period is called; names ascend as their periods do.
    fn name(self, day: Date) -> String {
        let (year, month) = (day.year(), u8::from(day.month()));
        match self {
            Self::Day => format!("{year:04}-{month:02}-{:02}", day.day()),
            Self::Month => format!("{year:04}-{month:02}"),
            Self::Year => format!("{year:04}"),
        }
    }
}

/// Consecutive days, and the period that each belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Periods {
    names: Vec<String>,
    /// Where each day begins, and where the last one ends.
    bounds: Vec<OffsetDateTime>,
}

impl Periods {
    /// The days that a caller asks for; the last one is today.
    pub(crate) fn asked_for(
        parameters: &FormValue,
        merchant: &Merchant,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        let (interval, days) = (interval(parameters)?, last_days(parameters)?);
        let zone = super::zone(merchant);
        let today = day_of(now, &zone);
        Ok(Self::ending(today, days, interval, &zone))
    }

    /// The usual number of days; the last one is yesterday (contract 4.9).
    pub(crate) fn until_yesterday(merchant: &Merchant, now: OffsetDateTime) -> Self {
        let zone = super::zone(merchant);
        let yesterday = day_of(now, &zone).saturating_sub(Duration::DAY);
        Self::ending(yesterday, USUAL_DAYS, Interval::Day, &zone)
    }

    /// Where each day begins, and where the last one ends.
    pub(crate) fn bounds(&self) -> &[OffsetDateTime] {
        &self.bounds
    }

    /// The sum of each period, from the counts of the days.
    pub(crate) fn sums(self, counts: &[u64]) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for (name, count) in self.names.into_iter().zip(counts) {
            *sums.entry(name).or_default() += count;
        }
        sums
    }

    fn ending(last: Date, days: u16, interval: Interval, zone: &Zone) -> Self {
        let before = |days: u16| last.saturating_sub(Duration::days(days.into()));
        let days: Vec<Date> = (0..days).rev().map(before).collect();
        let end = last.saturating_add(Duration::DAY);
        Self {
            names: days.iter().map(|day| interval.name(*day)).collect(),
            bounds: days.iter().chain([&end]).map(|day| zone.instant_of(day.midnight())).collect(),
        }
    }
}

fn day_of(moment: OffsetDateTime, zone: &Zone) -> Date {
    moment.checked_to_offset(zone.offset_at(moment)).unwrap_or(moment).date()
}

fn interval(parameters: &FormValue) -> Result<Interval, Error> {
    match parameters.get("interval") {
        None | Some(FormValue::Null) => Ok(Interval::Day),
        Some(FormValue::Text(word)) => match word.trim() {
            "" | "day" => Ok(Interval::Day),
            "month" => Ok(Interval::Month),
            "year" => Ok(Interval::Year),
            _ => Err(Error::BadRequest),
        },
        Some(FormValue::Bool(_) | FormValue::Number(_) | FormValue::Map(_)) => {
            Err(Error::BadRequest)
        }
    }
}

/// What is no positive number is as if it had not been said; what is too great is refused.
fn last_days(parameters: &FormValue) -> Result<u16, Error> {
    let Some(FormValue::Text(text)) = parameters.get("lastDays") else { return Ok(USUAL_DAYS) };
    let digits = text.trim().trim_start_matches('0');
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(USUAL_DAYS);
    }
    match digits.parse() {
        Ok(days) if days <= MOST_DAYS => Ok(days),
        _ => Err(Error::BadRequest),
    }
}

#[cfg(test)]
mod tests {
    use domain::testing::a_merchant;
    use domain::text::Text;
    use time::macros::datetime;

    use super::*;
    use crate::http::form::{FormLimits, parse};

    fn asked(zone: &str, query: &str, now: OffsetDateTime) -> Result<Periods, Error> {
        let parameters = parse(query.as_bytes(), FormLimits { depth: 5, keys: 100 }).unwrap();
        let merchant = Merchant { time_zone: Text::try_from(zone).unwrap(), ..a_merchant() };
        Periods::asked_for(&parameters, &merchant, now)
    }

    const NOW: OffsetDateTime = datetime!(2026-03-02 08:15 UTC);

    #[test]
    fn thirty_days_end_today_unless_the_caller_says_otherwise() {
        for query in ["", "interval=day", "interval=&lastDays=", "lastDays=30", "lastDays[]=7"] {
            let periods = asked("Europe/Warsaw", query, NOW).unwrap();
            assert_eq!(periods.names.len(), 30, "{query}");
            assert_eq!(periods.names[0], "2026-02-01");
            assert_eq!(periods.names[29], "2026-03-02");
        }
    }

    #[test]
    fn what_is_no_positive_number_of_days_counts_as_unsaid() {
        for days in ["0", "-1", "1.5", "abc", "%2B7", "000", "٣"] {
            let periods = asked("UTC", &format!("lastDays={days}"), NOW).unwrap();
            assert_eq!(periods.names.len(), 30, "{days}");
        }
        assert_eq!(asked("UTC", "lastDays=007", NOW).unwrap().names.len(), 7);
    }

    #[test]
    fn ten_years_are_answered_and_not_one_day_more() {
        assert_eq!(asked("UTC", "lastDays=3660", NOW).unwrap().bounds.len(), 3_661);
        for days in ["3661", "1000000000", "99999999999999999999999"] {
            let refused = asked("UTC", &format!("lastDays={days}"), NOW);
            assert!(matches!(refused, Err(Error::BadRequest)), "{days}");
        }
    }

    #[test]
    fn an_interval_that_nobody_knows_is_refused() {
        for interval in ["week", "Day", "day'--", "day%00", "days"] {
            let refused = asked("UTC", &format!("interval={interval}"), NOW);
            assert!(matches!(refused, Err(Error::BadRequest)), "{interval}");
        }
        assert!(matches!(asked("UTC", "interval[]=day", NOW), Err(Error::BadRequest)));
    }

    #[test]
    fn days_are_those_of_the_programmes_calendar() {
        let late = datetime!(2026-03-01 23:30 UTC);
        let warsaw = asked("Europe/Warsaw", "lastDays=1", late).unwrap();
        assert_eq!(warsaw.names, ["2026-03-02"]);
        let day = [datetime!(2026-03-01 23:00 UTC), datetime!(2026-03-02 23:00 UTC)];
        assert_eq!(warsaw.bounds, day);
        assert_eq!(asked("America/New_York", "lastDays=1", late).unwrap().names, ["2026-03-01"]);
        let uneven = asked("Asia/Kathmandu", "lastDays=1", late).unwrap();
        assert_eq!(uneven.bounds[0], datetime!(2026-03-01 18:15 UTC));
    }

    #[test]
    fn a_day_on_which_clocks_change_is_shorter_or_longer() {
        let hours = |now| {
            let periods = asked("Europe/Warsaw", "lastDays=1", now).unwrap();
            (periods.bounds[1] - periods.bounds[0]).whole_hours()
        };
        assert_eq!(hours(datetime!(2026-03-28 12:00 UTC)), 24);
        assert_eq!(hours(datetime!(2026-03-29 12:00 UTC)), 23);
        assert_eq!(hours(datetime!(2026-10-25 12:00 UTC)), 25);
    }

    #[test]
    fn months_and_years_are_the_sums_of_their_days() {
        let sums = |query: &str| {
            let periods = asked("Europe/Warsaw", query, NOW).unwrap();
            let counts: Vec<u64> = (1..=periods.names.len() as u64).collect();
            periods.sums(&counts).into_iter().collect::<Vec<_>>()
        };
        let owned = |pairs: &[(&str, u64)]| {
            pairs.iter().map(|(name, sum)| ((*name).to_owned(), *sum)).collect::<Vec<_>>()
        };
        assert_eq!(sums("lastDays=4&interval=month"), owned(&[("2026-02", 3), ("2026-03", 7)]));
        assert_eq!(sums("lastDays=62&interval=year"), owned(&[("2025", 1), ("2026", 1_952)]));
        let days = [("2026-02-28", 1), ("2026-03-01", 2), ("2026-03-02", 3)];
        assert_eq!(sums("lastDays=3"), owned(&days));
    }

    #[test]
    fn the_older_window_ends_yesterday() {
        let merchant = Merchant { time_zone: Text::try_from("UTC").unwrap(), ..a_merchant() };
        let periods = Periods::until_yesterday(&merchant, NOW);
        assert_eq!((periods.names.len(), periods.bounds.len()), (30, 31));
        assert_eq!(periods.names[0], "2026-01-31");
        assert_eq!(periods.names[29], "2026-03-01");
    }
}
