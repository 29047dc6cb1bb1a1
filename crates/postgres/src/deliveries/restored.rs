//! The feed of a database that came from a dump.
//!
//! The feed is in the order of the numbers of transactions, which belong to one PostgreSQL cluster. A dump carries the
//! numbers of events along, and in another cluster they may lie in the future: nothing would be told until that comes.

use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// Where numbers are of the future, gives events numbers of the past: one to those that were told, and the next to those
/// that were not. These are told next; of each subject in its order, as ever.
const CARRY_OVER: &str = "WITH future AS (SELECT pg_snapshot_xmax(pg_current_snapshot()) AS begins), \
    reached AS MATERIALIZED (SELECT c.* FROM delivery_cursor AS c, future WHERE c.transaction_id > future.begins \
    OR EXISTS (SELECT FROM events WHERE transaction_id >= future.begins)), \
    carried AS (UPDATE events AS e SET transaction_id = CASE \
    WHEN (e.transaction_id, e.merchant_id, e.customer_id, e.version, e.ordinal) \
    > (reached.transaction_id, reached.merchant_id, reached.subject_id, reached.version, reached.ordinal) \
    THEN '4'::xid8 ELSE '3'::xid8 END FROM reached) \
    UPDATE delivery_cursor SET transaction_id = '4', merchant_id = '00000000-0000-0000-0000-000000000000', \
    subject_id = '00000000-0000-0000-0000-000000000000', version = 0, ordinal = 0 FROM reached";

/// Carries the feed over from another cluster, if that is where it comes from; tells whether it did.
pub(crate) async fn carry_over(connection: &mut AsyncPgConnection) -> diesel::QueryResult<bool> {
    Ok(diesel::sql_query(CARRY_OVER).execute(connection).await? > 0)
}
