//! Words to the operator. In the feed of all events each stands under the id of its event; `version` is 0, which no
//! customer ever has, and `record` names the endpoint.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::StorageError;
use domain::delivery::{Endpoint, Warning};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::columns::{endpoint_number, source};
use crate::customers::{event, event_detail};
use crate::document::Document;
use crate::session::PgSession;
use crate::statement::{Columns, FromRow, Statement};
use crate::{actor, errors};

const WARN: &str = "INSERT INTO events (merchant_id, customer_id, version, ordinal, customer_number, subject, id, kind, \
    detail, actor_kind, actor_id, at, record) SELECT merchant_id, id, 0, 1, 0, 'endpoint', id, kind, detail, actor_kind, \
    actor_id, at, record FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) \
    AS new (merchant_id, id, kind, detail, actor_kind, actor_id, at, record) RETURNING 1::bigint";

/// The endpoint of a warning, by the number that it has among those of its merchant.
#[derive(Debug, Serialize, Deserialize)]
struct EndpointDocument {
    merchant: Uuid,
    endpoint: i64,
}

impl PgSession {
    pub(super) async fn store_warnings(
        &mut self,
        warnings: &[Warning],
    ) -> Result<(), StorageError> {
        let each = || warnings.iter();
        let events = || each().map(|warning| &warning.event);
        let actors = events().map(|event| actor::to_columns(event.actor));
        let (actor_kinds, actor_ids): (Vec<_>, Vec<_>) = actors.unzip();
        let record = |warning: &Warning| {
            let merchant = warning.endpoint.merchant.into();
            Document(EndpointDocument { merchant, endpoint: endpoint_number(warning.endpoint) })
        };
        let merchants = each().map(|warning| warning.endpoint.merchant.into());
        let warn = Statement::new(WARN)
            .bind::<Array<SqlUuid>, _>(merchants.collect::<Vec<Uuid>>())
            .bind::<Array<SqlUuid>, _>(events().map(|event| event.id.into()).collect::<Vec<Uuid>>())
            .bind::<Array<Text>, _>(events().map(|event| event.kind.name()).collect::<Vec<_>>())
            .bind::<Array<Json>, _>(
                events().map(|event| Document(event_detail(&event.kind))).collect::<Vec<_>>(),
            )
            .bind::<Array<Text>, _>(actor_kinds)
            .bind::<Array<Nullable<SqlUuid>>, _>(actor_ids)
            .bind::<Array<Timestamptz>, _>(events().map(|event| event.at).collect::<Vec<_>>())
            .bind::<Array<Json>, _>(each().map(record).collect::<Vec<_>>());
        let _: Vec<i64> = warn.rows(self.connection()).await.map_err(errors::storage)?;
        Ok(())
    }
}

impl FromRow for Warning {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let event = event(columns)?;
        // An endpoint has no number among customers.
        columns.skip(1);
        let EndpointDocument { merchant, endpoint } = columns.next::<Json, Document<_>>()?.0;
        let endpoint = Endpoint { merchant: merchant.into(), source: source(endpoint)? };
        Ok(Self { event, endpoint })
    }
}
