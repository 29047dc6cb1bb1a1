//! The feed of a database that came from a dump.
//!
//! The feed is in the order of the numbers of transactions, which belong to one PostgreSQL cluster. A dump carries the
//! numbers of events along, and in another cluster they may lie in the future: nothing would be told until that comes.
//! Nobody may write to the database before it is carried over: what came meanwhile could not be told from the rest.

use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// Where numbers are of the future, gives events numbers of the past that every cluster has: one for each of the last 400
/// days to those that were told, so that times still follow numbers, and the next to those that were not. These are told
/// next; of each subject in its order, as ever.
const CARRY_OVER: &str = "WITH future AS (SELECT pg_snapshot_xmax(pg_current_snapshot()) AS begins), \
    reached AS MATERIALIZED (SELECT c.* FROM delivery_cursor AS c, future WHERE c.transaction_id > future.begins \
    OR EXISTS (SELECT FROM events WHERE transaction_id >= future.begins)), \
    carried AS (UPDATE events AS e SET transaction_id = CASE \
    WHEN (e.transaction_id, e.merchant_id, e.customer_id, e.version, e.ordinal) \
    > (reached.transaction_id, reached.merchant_id, reached.subject_id, reached.version, reached.ordinal) \
    THEN '404'::xid8 ELSE (3 + least(400, greatest(0, 400 - floor(extract(epoch FROM now() - e.at) / 86400)::bigint)))::text::xid8 \
    END FROM reached) \
    UPDATE delivery_cursor SET transaction_id = '404', merchant_id = '00000000-0000-0000-0000-000000000000', \
    subject_id = '00000000-0000-0000-0000-000000000000', version = 0, ordinal = 0 FROM reached";

/// Carries the feed over from another cluster, if that is where it comes from; tells whether it did.
pub(crate) async fn carry_over(connection: &mut AsyncPgConnection) -> diesel::QueryResult<bool> {
    Ok(diesel::sql_query(CARRY_OVER).execute(connection).await? > 0)
}
