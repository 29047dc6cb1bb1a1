//! The log: changes and looks in one list, the newest first.
//!
//! Either half walks its own index backwards and no further than the log reaches, so that an answer takes the same
//! however much was stored. What the indexes do not know, kinds and names, is looked at within that reach.

use std::collections::HashMap;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::StorageError;
use domain::access::Actor;
use domain::audit::{AUDIT_REACH, AuditCriterion, AuditEntry, AuditKind, AuditQuery};
use domain::event::RecordedEvent;
use domain::id::MerchantId;
use domain::page::{Page, Total};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::customers::EVENT_COLUMNS;
use crate::listing::bounds;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};
use crate::{actor, errors};

/// What the log tells of, as the index of it has it.
const KINDS: &str = "kind IN ('customer_created', 'customer_updated', 'customer_deleted', 'customer_activated', \
    'customer_deactivated', 'customer_anonymized', 'level_changed')";

/// Which of them it leaves out all the same: updates that other events tell of.
const TOLD: &str = "NOT (entry.is_look IS FALSE AND entry.kind = 'customer_updated' AND \
    (entry.detail -> 'changed')::jsonb <@ '[\"status\",\"level\",\"level_recalculation\",\"purchases\"]')";

/// The login name of an entry's actor.
const USERNAME: &str = "CASE entry.actor_kind \
    WHEN 'admin' THEN (SELECT username FROM admins WHERE merchant_id = $1 AND id = entry.actor_id) \
    WHEN 'seller' THEN (SELECT email FROM sellers WHERE merchant_id = $1 AND id = entry.actor_id) \
    WHEN 'customer' THEN (SELECT email FROM customers WHERE merchant_id = $1 AND id = entry.actor_id) \
    WHEN 'operator' THEN (SELECT email FROM operators WHERE merchant_id = $1 AND id = entry.actor_id) \
    WHEN 'application' THEN (SELECT name FROM applications WHERE merchant_id = $1 AND id = entry.actor_id) END";

impl PgSession {
    pub(super) async fn audit_log(
        &mut self,
        merchant: MerchantId,
        query: &AuditQuery,
    ) -> Result<Page<AuditEntry>, StorageError> {
        let count: Option<i64> = read!(self, |connection| {
            let mut count = Statement::new("SELECT count(*) FROM ");
            entries(&mut count, merchant, &query.criteria);
            count.row(connection).await
        })?;
        let total = count.unwrap_or(0).cast_unsigned();
        if total <= query.page.offset {
            return Ok(Page { items: Vec::new(), total: Total::Exact(total) });
        }
        let rows: Vec<EntryRow> =
            read!(self, |connection| part(merchant, query).rows(connection).await)?;
        let ids: Vec<Uuid> = rows.iter().filter(|row| !row.is_look).map(|row| row.id).collect();
        let changes: Vec<RecordedEvent> = read!(self, |connection| {
            let text = format!(
                "SELECT {EVENT_COLUMNS} FROM events WHERE merchant_id = $1 AND id = ANY($2)"
            );
            let changes = Statement::new(text)
                .bind::<SqlUuid, _>(Uuid::from(merchant))
                .bind::<Array<SqlUuid>, _>(ids.clone());
            changes.rows(connection).await
        })?;
        let mut changes: HashMap<Uuid, RecordedEvent> =
            changes.into_iter().map(|told| (Uuid::from(told.event.id), told)).collect();
        let items =
            rows.into_iter().map(|row| row.entry(&mut changes)).collect::<Result<_, _>>()?;
        Ok(Page { items, total: Total::Exact(total) })
    }
}

fn part(merchant: MerchantId, query: &AuditQuery) -> Statement<'static> {
    let mut statement = Statement::new("WITH entry AS (SELECT * FROM ");
    entries(&mut statement, merchant, &query.criteria);
    let (offset, limit) = bounds(query.page);
    statement.push(" ORDER BY at DESC, id DESC OFFSET ");
    statement.push_bind::<BigInt, _>(offset);
    statement.push(" LIMIT ");
    statement.push_bind::<BigInt, _>(limit);
    statement.push(") SELECT id, is_look, at, customer_id, actor_kind, actor_id, ");
    statement.push(USERNAME);
    statement.push(" FROM entry ORDER BY at DESC, id DESC");
    statement
}

/// Appends the entries that fit, as a table called `entry`. The merchant becomes the first parameter.
fn entries(statement: &mut Statement<'static>, merchant: MerchantId, criteria: &[AuditCriterion]) {
    let kind = criteria.iter().find_map(|criterion| match criterion {
        AuditCriterion::Kind(kind) => Some(*kind),
        _ => None,
    });
    statement.push("(SELECT id, false AS is_look, at, customer_id, actor_kind, actor_id, kind, detail FROM (SELECT * FROM events WHERE merchant_id = ");
    statement.push_bind::<SqlUuid, _>(Uuid::from(merchant));
    statement.push(" AND ");
    statement.push(KINDS);
    reach(statement, criteria);
    statement.push(
        ") AS changes UNION ALL SELECT id, true, at, customer_id, actor_kind, actor_id, NULL, NULL \
        FROM (SELECT * FROM customer_views WHERE merchant_id = $1",
    );
    reach(statement, criteria);
    statement.push(") AS looks) AS entry WHERE ");
    statement.push(TOLD);
    if let Some(kind) = kind {
        statement.push(" AND ");
        statement.push(condition_of(kind));
    }
    for criterion in criteria {
        within_reach(statement, criterion);
    }
}

/// What the indexes know.
fn reach(statement: &mut Statement<'static>, criteria: &[AuditCriterion]) {
    for criterion in criteria {
        match criterion {
            AuditCriterion::Customer(id) => {
                statement.push(" AND customer_id = ");
                statement.push_bind::<SqlUuid, _>(Uuid::from(*id));
            }
            AuditCriterion::Entry(id) => {
                statement.push(" AND id = ");
                statement.push_bind::<SqlUuid, _>(Uuid::from(*id));
            }
            AuditCriterion::From(at) => {
                statement.push(" AND at >= ");
                statement.push_bind::<Timestamptz, _>(*at);
            }
            AuditCriterion::To(at) => {
                statement.push(" AND at <= ");
                statement.push_bind::<Timestamptz, _>(*at);
            }
            AuditCriterion::Kind(_) | AuditCriterion::Username(_) | AuditCriterion::Nobody => {}
        }
    }
    statement.push(&format!(" ORDER BY at DESC, id DESC LIMIT {AUDIT_REACH}"));
}

/// What they do not.
fn within_reach(statement: &mut Statement<'static>, criterion: &AuditCriterion) {
    match criterion {
        AuditCriterion::Username(name) => {
            statement.push(
                " AND (entry.actor_kind, entry.actor_id) IN (\
                SELECT 'admin', id FROM admins WHERE merchant_id = $1 AND lower(username) = lower(",
            );
            let name = statement.parameter::<Text, _>(name.clone());
            statement.push(&name);
            statement.push(&format!(
                ") UNION ALL SELECT 'seller', id FROM sellers \
                WHERE merchant_id = $1 AND lower(email) = lower({name}) \
                UNION ALL SELECT 'customer', customer_id FROM customer_list \
                WHERE merchant_id = $1 AND email = lower({name}) COLLATE \"C\" \
                UNION ALL SELECT 'operator', id FROM operators \
                WHERE merchant_id = $1 AND lower(email) = lower({name}) \
                UNION ALL SELECT 'application', id FROM applications \
                WHERE merchant_id = $1 AND lower(name) = lower({name}))"
            ));
        }
        AuditCriterion::Nobody => statement.push(" AND entry.actor_kind = 'system'"),
        _ => {}
    }
}

/// How [`AuditKind::of`] reads in columns.
fn condition_of(kind: AuditKind) -> &'static str {
    match kind {
        AuditKind::Viewed => "entry.is_look",
        AuditKind::Registered => "entry.kind = 'customer_created'",
        AuditKind::PosAssigned => {
            "entry.kind = 'customer_updated' AND entry.detail ->> 'changed' = '[\"pos\"]'"
        }
        AuditKind::AgreementsUpdated => {
            "entry.kind = 'customer_updated' AND entry.detail ->> 'changed' IN \
             ('[\"agreements\"]', '[\"accepts_marketing\"]', '[\"agreements\",\"accepts_marketing\"]')"
        }
        AuditKind::Updated => {
            "entry.kind = 'customer_updated' AND entry.detail ->> 'changed' NOT IN ('[\"pos\"]', \
             '[\"agreements\"]', '[\"accepts_marketing\"]', '[\"agreements\",\"accepts_marketing\"]')"
        }
        AuditKind::Activated => "entry.kind = 'customer_activated'",
        AuditKind::Deactivated => "entry.kind = 'customer_deactivated'",
        AuditKind::LevelMoved => "entry.kind = 'level_changed'",
        AuditKind::Anonymized => "entry.kind = 'customer_anonymized'",
        AuditKind::Deleted => "entry.kind = 'customer_deleted'",
    }
}

/// An entry without what it tells of the change.
struct EntryRow {
    id: Uuid,
    is_look: bool,
    at: OffsetDateTime,
    customer: Uuid,
    actor: Actor,
    username: Option<String>,
}

impl FromRow for EntryRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let (id, is_look) = (columns.next::<SqlUuid, _>()?, columns.next::<Bool, _>()?);
        let (at, customer) = (columns.next::<Timestamptz, _>()?, columns.next::<SqlUuid, _>()?);
        let kind: String = columns.next::<Text, _>()?;
        let actor = actor::from_columns(&kind, columns.next::<Nullable<SqlUuid>, _>()?)?;
        let username = columns.next::<Nullable<Text>, _>()?;
        Ok(Self { id, is_look, at, customer, actor, username })
    }
}

impl EntryRow {
    fn entry(self, changes: &mut HashMap<Uuid, RecordedEvent>) -> Result<AuditEntry, StorageError> {
        let change = changes.remove(&self.id);
        let kind = match &change {
            Some(told) => AuditKind::of(&told.event.kind),
            None => self.is_look.then_some(AuditKind::Viewed),
        };
        Ok(AuditEntry {
            id: self.id.into(),
            kind: kind.ok_or_else(|| errors::corrupt("audit entry"))?,
            at: self.at,
            customer: self.customer.into(),
            actor: self.actor,
            username: self.username,
            change,
        })
    }
}
