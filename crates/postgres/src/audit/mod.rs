//! Who did what to whom, and who looked.

mod log;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::audit::{AuditEntry, AuditQuery, AuditRepository, View};
use domain::id::{CustomerId, MerchantId};
use domain::page::Page;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::schema::customer_views;
use crate::session::{PgSession, read};
use crate::{actor, errors};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = customer_views, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
struct ViewRow {
    merchant_id: Uuid,
    id: Uuid,
    customer_id: Uuid,
    actor_kind: String,
    actor_id: Option<Uuid>,
    at: OffsetDateTime,
}

#[async_trait]
impl AuditRepository for PgSession {
    async fn note_views(&mut self, views: &[View]) -> Result<(), StorageError> {
        let rows: Vec<_> = views.iter().map(ViewRow::from).collect();
        let insert = diesel::insert_into(customer_views::table).values(rows);
        let insert = insert.on_conflict_do_nothing();
        insert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn views(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Vec<View>, StorageError> {
        let rows: Vec<ViewRow> = read!(self, |connection| {
            let of_customer = customer_views::merchant_id
                .eq(Uuid::from(merchant))
                .and(customer_views::customer_id.eq(Uuid::from(customer)));
            let query = customer_views::table.filter(of_customer).select(ViewRow::as_select());
            query.order((customer_views::at, customer_views::id)).load(connection).await
        })?;
        rows.into_iter().map(View::try_from).collect()
    }

    async fn log(
        &mut self,
        merchant: MerchantId,
        query: &AuditQuery,
    ) -> Result<Page<AuditEntry>, StorageError> {
        self.audit_log(merchant, query).await
    }
}

impl From<&View> for ViewRow {
    fn from(view: &View) -> Self {
        let (kind, id) = actor::to_columns(view.actor);
        Self {
            merchant_id: view.merchant.into(),
            id: view.id.into(),
            customer_id: view.customer.into(),
            actor_kind: kind.to_owned(),
            actor_id: id,
            at: view.at,
        }
    }
}

impl TryFrom<ViewRow> for View {
    type Error = StorageError;

    fn try_from(row: ViewRow) -> Result<Self, Self::Error> {
        Ok(Self {
            id: row.id.into(),
            merchant: row.merchant_id.into(),
            customer: row.customer_id.into(),
            actor: actor::from_columns(&row.actor_kind, row.actor_id)
                .map_err(|_| errors::corrupt("view"))?,
            at: row.at,
        })
    }
}
