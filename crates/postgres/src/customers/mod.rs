//! Customers and their events.

mod batch;
mod events;
mod lists;
mod messages;
mod query;
mod registrations;
mod row;
mod snapshot;
mod write;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) use self::events::{
    COLUMNS as EVENT_COLUMNS, detail as event_detail, event, kind as event_kind,
};
use self::query::Order;
pub(crate) use self::row::point_totals;
use self::write::Loss;
pub(crate) use self::write::book;
use crate::deliveries;
use crate::session::{PgSession, read};
use crate::statement::Statement;
use async_trait::async_trait;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use domain::StorageError;
use domain::customer::{
    Criterion, Customer, CustomerQuery, CustomerRepository, CustomerWrite, Lookup, Stored,
    WriteError,
};
use domain::event::RecordedEvent;
use domain::id::{CustomerId, LevelId, MerchantId};
use domain::page::{Page, Total};
use time::OffsetDateTime;
use uuid::Uuid;

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {} FROM customers WHERE merchant_id = $1 AND id = $2", row::columns())
});

static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM customers WHERE merchant_id = $1 AND COALESCE(level_recalculated_at, created_at) <= $2 \
         AND deleted_at IS NULL AND status <> 'anonymized' \
         ORDER BY COALESCE(level_recalculated_at, created_at), id LIMIT $3",
        row::columns()
    )
});

static UNWARNED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM customers WHERE merchant_id = $1 AND COALESCE(level_recalculated_at, created_at) <= $2 \
         AND deleted_at IS NULL AND status <> 'anonymized' \
         AND (level_warned_at IS NULL OR level_warned_at < COALESCE(level_recalculated_at, created_at)) \
         AND (COALESCE(level_recalculated_at, created_at), id) > ($3, $4) \
         ORDER BY COALESCE(level_recalculated_at, created_at), id LIMIT $5",
        row::columns()
    )
});

static EVENTS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM events WHERE merchant_id = $1 AND customer_id = $2 AND subject = 'customer' \
         ORDER BY version, ordinal",
        events::COLUMNS
    )
});

#[async_trait]
impl CustomerRepository for PgSession {
    async fn create(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let stored = write::create(self.connection(), write).await;
        self.note_events();
        stored
    }

    async fn create_many(
        &mut self,
        writes: &[CustomerWrite],
    ) -> Result<Vec<Result<Stored, WriteError>>, StorageError> {
        let stored = batch::create_many(self.connection(), writes).await;
        self.note_events();
        stored
    }

    async fn update(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let loss = if write.record.is_live() { Loss::None } else { Loss::PaymentMethods };
        let stored = write::update(self.connection(), write, loss).await;
        self.note_events();
        stored
    }

    async fn shut_out(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let stored = write::update(self.connection(), write, Loss::Sessions).await;
        self.note_events();
        stored
    }

    async fn anonymize(&mut self, write: &CustomerWrite) -> Result<Stored, WriteError> {
        let stored = write::update(self.connection(), write, Loss::Person).await?;
        self.strip_deliveries(write).await?;
        self.note_events();
        Ok(stored)
    }

    async fn erase(&mut self, write: &CustomerWrite) -> Result<(), WriteError> {
        write::erase(self.connection(), write).await?;
        self.strip_deliveries(write).await?;
        self.note_events();
        Ok(())
    }

    async fn find(
        &mut self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StorageError> {
        let find = || by_customer(&FIND, merchant, id);
        read!(self, |connection| find().row(connection).await)
    }

    async fn look_up(
        &mut self,
        merchant: MerchantId,
        lookup: &Lookup,
    ) -> Result<Option<Customer>, StorageError> {
        read!(self, |connection| query::look_up(merchant, lookup).row(connection).await)
    }

    async fn list(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Vec<Customer>, StorageError> {
        self.part(merchant, query).await
    }

    async fn page(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Page<Customer>, StorageError> {
        if let Some(page) = self.listed_page(merchant, query).await? {
            return Ok(page);
        }
        let total = self.count(merchant, &query.criteria).await?;
        let items =
            if total > query.page.offset { self.part(merchant, query).await? } else { Vec::new() };
        Ok(Page { items, total: Total::Exact(total) })
    }

    async fn search(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
        most: u64,
    ) -> Result<Option<Vec<Customer>>, StorageError> {
        self.listed_search(merchant, criteria, most).await
    }

    async fn count_by_level(
        &mut self,
        merchant: MerchantId,
    ) -> Result<BTreeMap<LevelId, u64>, StorageError> {
        let counts: Vec<(LevelId, u64)> =
            read!(self, |connection| query::count_by_level(merchant).rows(connection).await)?;
        Ok(counts.into_iter().collect())
    }

    async fn count(
        &mut self,
        merchant: MerchantId,
        criteria: &[Criterion],
    ) -> Result<u64, StorageError> {
        if criteria.is_empty() {
            return self.count_live(merchant).await;
        }
        let count: Option<i64> =
            read!(self, |connection| query::count(merchant, criteria).row(connection).await)?;
        Ok(count.unwrap_or(0).cast_unsigned())
    }

    async fn list_due_for_recalculation(
        &mut self,
        merchant: MerchantId,
        at_or_before: OffsetDateTime,
        most: u32,
    ) -> Result<Vec<Customer>, StorageError> {
        let due = || {
            Statement::new(DUE.as_str())
                .bind::<SqlUuid, _>(Uuid::from(merchant))
                .bind::<Timestamptz, _>(at_or_before)
                .bind::<BigInt, _>(i64::from(most))
        };
        read!(self, |connection| due().rows(connection).await)
    }

    async fn list_unwarned(
        &mut self,
        merchant: MerchantId,
        at_or_before: OffsetDateTime,
        behind: (OffsetDateTime, CustomerId),
        most: u32,
    ) -> Result<Vec<Customer>, StorageError> {
        let (began, id) = behind;
        let due = || {
            Statement::new(UNWARNED.as_str())
                .bind::<SqlUuid, _>(Uuid::from(merchant))
                .bind::<Timestamptz, _>(at_or_before)
                .bind::<Timestamptz, _>(began)
                .bind::<SqlUuid, _>(Uuid::from(id))
                .bind::<BigInt, _>(i64::from(most))
        };
        read!(self, |connection| due().rows(connection).await)
    }

    async fn count_created(
        &mut self,
        merchant: MerchantId,
        bounds: &[OffsetDateTime],
    ) -> Result<Vec<u64>, StorageError> {
        let parts = read!(self, |connection| {
            match registrations::count(merchant, bounds) {
                Some(count) => count.rows(connection).await,
                None => Ok(Vec::new()),
            }
        })?;
        Ok(registrations::joined(parts, bounds.len()))
    }

    async fn events(
        &mut self,
        merchant: MerchantId,
        id: CustomerId,
    ) -> Result<Vec<RecordedEvent>, StorageError> {
        read!(self, |connection| by_customer(&EVENTS, merchant, id).rows(connection).await)
    }
}

impl PgSession {
    /// One part of a list. Where nobody is left out, the list tables have it.
    async fn part(
        &mut self,
        merchant: MerchantId,
        query: &CustomerQuery,
    ) -> Result<Vec<Customer>, StorageError> {
        match Order::of(query.sort, &[]) {
            Some(order) if query.criteria.is_empty() => {
                let part = query.page.into();
                read!(self, |connection| query::list_everyone(merchant, order, part)
                    .rows(connection)
                    .await)
            }
            _ => read!(self, |connection| query::list(merchant, query).rows(connection).await),
        }
    }
}

fn by_customer(text: &'static str, merchant: MerchantId, id: CustomerId) -> Statement<'static> {
    Statement::new(text).bind::<SqlUuid, _>(Uuid::from(merchant)).bind::<SqlUuid, _>(Uuid::from(id))
}

impl PgSession {
    /// Takes whoever is a person no more out of deliveries. It is a statement of its own, so that it sees what was
    /// settled while the record and its events were waited for.
    async fn strip_deliveries(&mut self, write: &CustomerWrite) -> Result<(), WriteError> {
        let (merchant, id) = (write.record.merchant, Uuid::from(write.record.id));
        Ok(deliveries::strip(self.connection(), merchant, vec![id]).await?)
    }
}
