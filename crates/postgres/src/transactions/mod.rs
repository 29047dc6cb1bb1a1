//! Transactions, their events, and what they come to.

mod check;
mod query;
mod row;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_trait::async_trait;
use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::StorageError;
use domain::customer::{Customer, Identifier};
use domain::event::Event;
use domain::id::{CustomerId, MerchantId, PointOfSaleId, TransactionId};
use domain::money::Amount;
use domain::page::{Page, Total};
use domain::transaction::{
    Assignment, DocumentNumber, Forgetting, Posting, RecordedTransaction, SalesSummary,
    Transaction, TransactionQuery, TransactionRepository, Turnover,
};
use uuid::Uuid;

pub use self::check::PurchaseDiscrepancy;
use self::row::Snapshot;
use crate::actor;
use crate::customers::{EVENT_COLUMNS, event};
use crate::deliveries;
use crate::document::Document;
use crate::errors;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

/// How many parameters a transaction takes.
const PARAMETERS: usize = 21;

/// The transaction and its event. An event of a transaction stands in the feed of all events under the transaction's id.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    let values: Vec<_> = (1..=PARAMETERS).map(|number| format!("${number}")).collect();
    let [id, kind, actor_kind, actor_id, at, record] =
        [1, 2, 3, 4, 5, 6].map(|number| format!("${}", PARAMETERS + number));
    format!(
        "WITH stored AS (INSERT INTO transactions ({columns}, {keys}) VALUES ({values}) \
         ON CONFLICT (merchant_id, document) DO NOTHING RETURNING merchant_id, id), \
         told AS (INSERT INTO events (merchant_id, customer_id, version, ordinal, customer_number, subject, detail, \
         id, kind, actor_kind, actor_id, at, record) SELECT merchant_id, id, 0, 1, 0, 'transaction', '{{}}', \
         {id}::uuid, {kind}::text, {actor_kind}::text, {actor_id}::uuid, {at}::timestamptz, {record}::json FROM stored) \
         SELECT count(*) FROM stored",
        columns = row::COLUMNS,
        keys = row::KEYS,
        values = values.join(", "),
    )
});

const ASSIGN: &str = "UPDATE transactions SET customer_id = $1, customer_version = $2, assigned_at = $3 \
    WHERE merchant_id = $4 AND id = $5 AND customer_id IS NULL RETURNING 1::bigint";

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {} FROM transactions WHERE merchant_id = $1 AND document = $2", row::COLUMNS)
});

static POSTINGS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM transactions WHERE merchant_id = $1 AND customer_id = $2 ORDER BY customer_version",
        row::POSTING
    )
});

static POSTINGS_ABOUT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM transactions WHERE merchant_id = $1 AND customer_id = $2 \
         AND (revises = $3 OR (document = $3 AND kind = 'sale')) ORDER BY customer_version",
        row::POSTING
    )
});

const TURNOVER: &str = "SELECT pos_id, sum(transactions)::bigint, sum(amount)::bigint FROM sales_counts \
    WHERE merchant_id = $1 AND pos_id = ANY($2) GROUP BY pos_id";

const SUMMARY: &str = "SELECT coalesce(sum(transactions), 0)::bigint, coalesce(sum(amount), 0)::bigint, \
    coalesce(sum(amount_without_delivery), 0)::bigint FROM sales_counts WHERE merchant_id = $1";

static FORGET_PERSON: LazyLock<String> = LazyLock::new(|| forget(""));
static FORGET_CUSTOMER: LazyLock<String> =
    LazyLock::new(|| forget(", customer_id = NULL, customer_version = NULL, assigned_at = NULL"));

/// Takes the person out of transactions and of their events.
fn forget(more: &str) -> String {
    format!(
        "WITH forgotten AS (UPDATE transactions SET buyer = NULL, buyer_email_key = NULL, buyer_phone_key = NULL, \
         buyer_card_key = NULL{more} WHERE merchant_id = $1 AND (customer_id = $2 \
         OR (customer_id IS NULL AND buyer_email_key = $3) OR (customer_id IS NULL AND buyer_phone_key = $4) \
         OR (customer_id IS NULL AND buyer_phone_key = $5) OR (customer_id IS NULL AND buyer_card_key = $6)) \
         RETURNING merchant_id, id) \
         UPDATE events SET record = (record::jsonb - 'buyer')::json FROM forgotten \
         WHERE events.merchant_id = forgotten.merchant_id AND events.customer_id = forgotten.id \
         AND events.subject = 'transaction' RETURNING events.customer_id"
    )
}

static EVENTS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {EVENT_COLUMNS} FROM events WHERE merchant_id = $1 AND customer_id = $2 AND subject = 'transaction' \
         ORDER BY version, ordinal"
    )
});

#[async_trait]
impl TransactionRepository for PgSession {
    async fn insert(
        &mut self,
        transaction: &Transaction,
        event: &Event,
    ) -> Result<bool, StorageError> {
        let (actor_kind, actor_id) = actor::to_columns(event.actor);
        let insert = row::bind(Statement::new(INSERT.as_str()), transaction)
            .bind::<SqlUuid, _>(Uuid::from(event.id))
            .bind::<Text, _>(event.kind.name())
            .bind::<Text, _>(actor_kind)
            .bind::<Nullable<SqlUuid>, _>(actor_id)
            .bind::<Timestamptz, _>(event.at)
            .bind::<Json, _>(Document(Snapshot::from(transaction)));
        let stored: Option<i64> = insert.row(self.connection()).await.map_err(errors::storage)?;
        self.note_events();
        Ok(stored == Some(1))
    }

    async fn assign(
        &mut self,
        merchant: MerchantId,
        id: TransactionId,
        assignment: Assignment,
    ) -> Result<bool, StorageError> {
        let assign = Statement::new(ASSIGN)
            .bind::<SqlUuid, _>(Uuid::from(assignment.customer))
            .bind::<BigInt, _>(assignment.version.cast_signed())
            .bind::<Timestamptz, _>(assignment.at)
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<SqlUuid, _>(Uuid::from(id));
        let assigned: Option<i64> = assign.row(self.connection()).await.map_err(errors::storage)?;
        Ok(assigned.is_some())
    }

    async fn find_by_document(
        &mut self,
        merchant: MerchantId,
        document: &DocumentNumber,
    ) -> Result<Option<Transaction>, StorageError> {
        let find = || of(&FIND, merchant).bind::<Text, _>(document.as_str());
        read!(self, |connection| find().row(connection).await)
    }

    async fn postings(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<Posting>, StorageError> {
        let postings = || of(&POSTINGS, merchant).bind::<SqlUuid, _>(Uuid::from(customer));
        read!(self, |connection| postings().rows(connection).await)
    }

    async fn postings_about(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
        document: &DocumentNumber,
    ) -> Result<Vec<Posting>, StorageError> {
        let postings = || {
            of(&POSTINGS_ABOUT, merchant)
                .bind::<SqlUuid, _>(Uuid::from(customer))
                .bind::<Text, _>(document.as_str())
        };
        read!(self, |connection| postings().rows(connection).await)
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &TransactionQuery,
    ) -> Result<Page<Transaction>, StorageError> {
        let total = if query.criteria.is_empty() {
            self.summary(merchant).await?.count
        } else {
            let count: Option<i64> = read!(self, |connection| {
                query::count(merchant, &query.criteria).row(connection).await
            })?;
            count.unwrap_or(0).cast_unsigned()
        };
        let items = if total > query.page.offset {
            read!(self, |connection| query::list(merchant, query).rows(connection).await)?
        } else {
            Vec::new()
        };
        Ok(Page { items, total: Total::Exact(total) })
    }

    async fn turnover(
        &mut self,
        merchant: MerchantId,
        tills: &[PointOfSaleId],
    ) -> Result<BTreeMap<PointOfSaleId, Turnover>, StorageError> {
        let tills: Vec<Uuid> = tills.iter().copied().map(Into::into).collect();
        let sums = || of(TURNOVER, merchant).bind::<Array<SqlUuid>, _>(tills.clone());
        let sums: Vec<OfTill> = read!(self, |connection| sums().rows(connection).await)?;
        Ok(sums.into_iter().map(|sum| (sum.till, sum.turnover)).collect())
    }

    async fn summary(&mut self, merchant: MerchantId) -> Result<SalesSummary, StorageError> {
        let summary: Option<Summary> =
            read!(self, |connection| of(SUMMARY, merchant).row(connection).await)?;
        Ok(summary.map_or_else(SalesSummary::default, |summary| summary.0))
    }

    async fn forget(
        &mut self,
        customer: &Customer,
        forgetting: Forgetting,
    ) -> Result<(), StorageError> {
        let text = match forgetting {
            Forgetting::Person => &FORGET_PERSON,
            Forgetting::Customer => &FORGET_CUSTOMER,
        };
        let keys =
            [Identifier::Email, Identifier::Phone, Identifier::Mobile, Identifier::LoyaltyCard];
        let forget = of(text, customer.merchant).bind::<SqlUuid, _>(Uuid::from(customer.id));
        let forget = keys
            .into_iter()
            .fold(forget, |statement, key| statement.bind::<Nullable<Text>, _>(customer.key(key)));
        let forgotten: Vec<Uuid> = forget.rows(self.connection()).await.map_err(errors::storage)?;
        deliveries::strip(self.connection(), customer.merchant, forgotten).await
    }

    async fn events(
        &mut self,
        merchant: MerchantId,
        id: TransactionId,
    ) -> Result<Vec<RecordedTransaction>, StorageError> {
        let events = || of(EVENTS.as_str(), merchant).bind::<SqlUuid, _>(Uuid::from(id));
        read!(self, |connection| events().rows(connection).await)
    }
}

fn of(text: &str, merchant: MerchantId) -> Statement<'_> {
    Statement::new(text).bind::<SqlUuid, _>(Uuid::from(merchant))
}

struct OfTill {
    till: PointOfSaleId,
    turnover: Turnover,
}

impl FromRow for OfTill {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let till = columns.next::<SqlUuid, Uuid>()?.into();
        let count = columns.next::<BigInt, i64>()?.cast_unsigned();
        let amount = Amount::from_ten_thousandths(columns.next::<BigInt, _>()?);
        Ok(Self { till, turnover: Turnover { count, amount } })
    }
}

struct Summary(SalesSummary);

impl FromRow for Summary {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self(SalesSummary {
            count: columns.next::<BigInt, i64>()?.cast_unsigned(),
            amount: Amount::from_ten_thousandths(columns.next::<BigInt, _>()?),
            amount_without_delivery: Amount::from_ten_thousandths(columns.next::<BigInt, _>()?),
        }))
    }
}

impl FromRow for RecordedTransaction {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let event = event(columns)?;
        // A transaction has no number.
        columns.skip(1);
        let record = columns.next::<Json, Document<Snapshot<'static>>>()?.0.into_record()?;
        Ok(Self { event, record })
    }
}
