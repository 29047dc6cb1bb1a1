//! Counts of new customers.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use domain::id::MerchantId;
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use crate::statement::{Columns, FromRow, Statement};

/// Whole hours come from the counts that the database keeps. Only a bound within an hour, as zones have that are not
/// whole hours away from universal time, needs a look at the customers of that hour's beginning.
const COUNT: &str = "SELECT TRUE, width_bucket(hour, $1::timestamptz[])::bigint, sum(live)::bigint \
    FROM registration_counts WHERE merchant_id = $2 AND hour >= $3 AND hour < $4 GROUP BY 2 \
    UNION ALL \
    SELECT FALSE, within.number, (SELECT count(*) FROM customers WHERE merchant_id = $2 AND deleted_at IS NULL \
    AND created_at >= within.hour AND created_at < within.bound) \
    FROM unnest($5::bigint[], $6::timestamptz[], $7::timestamptz[]) AS within (number, hour, bound)";

/// A part of the answer.
pub(super) struct Part {
    /// Whether it is the count of the whole hours that begin after a bound, or of an hour's beginning before one.
    whole: bool,
    /// The number of the bound, from 1.
    bound: i64,
    people: i64,
}

impl FromRow for Part {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self {
            whole: columns.next::<Bool, _>()?,
            bound: columns.next::<BigInt, _>()?,
            people: columns.next::<BigInt, _>()?,
        })
    }
}

/// The statement that asks for the parts; none when there is nothing between the bounds.
pub(super) fn count(merchant: MerchantId, bounds: &[OffsetDateTime]) -> Option<Statement<'static>> {
    let hours: Vec<_> = bounds.iter().map(|bound| beginning_of_hour(*bound)).collect();
    let (first, last) = (*hours.first()?, *hours.last()?);
    let mut within = (Vec::new(), Vec::new(), Vec::new());
    for ((number, hour), bound) in (1_i64..).zip(&hours).zip(bounds) {
        if hour != bound {
            within.0.push(number);
            within.1.push(*hour);
            within.2.push(*bound);
        }
    }
    let statement = Statement::new(COUNT)
        .bind::<Array<Timestamptz>, _>(hours)
        .bind::<SqlUuid, _>(Uuid::from(merchant))
        .bind::<Timestamptz, _>(first)
        .bind::<Timestamptz, _>(last)
        .bind::<Array<BigInt>, _>(within.0)
        .bind::<Array<Timestamptz>, _>(within.1)
        .bind::<Array<Timestamptz>, _>(within.2);
    Some(statement)
}

/// The counts between `bounds` bounds. The beginning of an hour before a bound is counted with the whole hours behind the
/// bound, and belongs to what comes before it.
pub(super) fn joined(parts: Vec<Part>, bounds: usize) -> Vec<u64> {
    let mut counts = vec![0_i64; bounds.saturating_sub(1)];
    for part in parts {
        let place = |steps: i64| usize::try_from(part.bound - steps).ok();
        if let Some(after) = place(1).and_then(|at| counts.get_mut(at)) {
            *after += if part.whole { part.people } else { -part.people };
        }
        if !part.whole
            && let Some(before) = place(2).and_then(|at| counts.get_mut(at))
        {
            *before += part.people;
        }
    }
    counts.into_iter().map(|count| count.max(0).cast_unsigned()).collect()
}

fn beginning_of_hour(moment: OffsetDateTime) -> OffsetDateTime {
    let moment = moment.to_offset(UtcOffset::UTC);
    moment.replace_time(time::Time::from_hms(moment.hour(), 0, 0).unwrap_or(time::Time::MIDNIGHT))
}
