//! Whether records and ledger agree.

use std::sync::LazyLock;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::Uuid as SqlUuid;
use domain::id::MerchantId;
use domain::points::Imbalance;
use uuid::Uuid;

use crate::customers::point_totals;
use crate::statement::{Columns, FromRow, Statement};

/// The totals of a record, each with the sum of the ledger that it is.
const TOTALS: [(&str, &str); 7] = [
    ("points_available", "sum(remaining) FILTER (WHERE state = 'active')"),
    (
        "points_from_customers",
        "sum(remaining) FILTER (WHERE state = 'active' AND peer_id IS NOT NULL)",
    ),
    ("points_earned", "sum(value) FILTER (WHERE state <> 'canceled' AND peer_id IS NULL)"),
    ("points_used", "sum(value - remaining)"),
    ("points_expired", "sum(remaining) FILTER (WHERE state = 'expired')"),
    ("points_locked", "sum(remaining) FILTER (WHERE state = 'locked')"),
    (
        "points_earned_since_recalculation",
        "sum(value) FILTER (WHERE state <> 'canceled' AND peer_id IS NULL AND CASE \
         WHEN customer.level_recalculated_at IS NULL THEN transfer.created_at >= customer.created_at \
         ELSE transfer.created_at > customer.level_recalculated_at END)",
    ),
];

static IMBALANCES: LazyLock<String> = LazyLock::new(|| {
    let record = TOTALS.map(|(column, _)| format!("customer.{column}")).join(", ");
    let ledger = TOTALS.map(|(_, sum)| format!("COALESCE({sum}, 0)::bigint")).join(", ");
    format!(
        "SELECT customer.id, {record}, {ledger} FROM customers AS customer LEFT JOIN points_transfers AS transfer \
         ON transfer.merchant_id = customer.merchant_id AND transfer.customer_id = customer.id AND transfer.is_adding \
         WHERE customer.merchant_id = $1 GROUP BY customer.merchant_id, customer.id \
         HAVING ({record}) IS DISTINCT FROM ({ledger}) ORDER BY customer.id"
    )
});

/// Every customer whose totals are not the sums of the ledger.
pub(super) fn imbalances(merchant: MerchantId) -> Statement<'static> {
    Statement::new(IMBALANCES.as_str()).bind::<SqlUuid, _>(Uuid::from(merchant))
}

/// A customer whose totals are not those sums.
pub(super) struct Found(pub(super) Imbalance);

impl FromRow for Found {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let customer = columns.next::<SqlUuid, Uuid>()?.into();
        let (record, ledger) = (point_totals(columns)?, point_totals(columns)?);
        Ok(Self(Imbalance { customer, record, ledger }))
    }
}
