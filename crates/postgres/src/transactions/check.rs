//! Whether the running totals are what the transactions come to. The transactions are the truth.

use std::collections::BTreeMap;

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use domain::StorageError;
use domain::customer::PurchaseFigures;
use domain::id::{CustomerId, MerchantId, PointOfSaleId};
use domain::money::Amount;
use domain::transaction::{Posting, figures_of};
use uuid::Uuid;

use super::row;
use crate::errors;
use crate::pool::PgBackend;
use crate::statement::{Columns, FromRow, Statement};

/// Something whose running totals are not what its transactions come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurchaseDiscrepancy {
    /// The figures of a customer.
    Customer {
        /// Whose customer.
        merchant: MerchantId,
        /// Which one.
        customer: CustomerId,
        /// What its record says.
        stored: PurchaseFigures,
        /// What its transactions come to.
        counted: PurchaseFigures,
    },
    /// The sums of a point of sale, or of the transactions without one.
    PointOfSale {
        /// Whose point of sale.
        merchant: MerchantId,
        /// Which one.
        pos: Option<PointOfSaleId>,
    },
}

/// How many customers are looked at at once.
const PAGE: i64 = 1_000;

/// Customers who bought, or whose record says so, in the order of their keys.
const CUSTOMERS: &str = "SELECT merchant_id, id, purchase_count, purchase_amount, purchase_amount_without_delivery, \
    purchase_amount_excluded, last_purchase_at FROM customers AS buyer WHERE (merchant_id, id) > ($1, $2) AND ( \
    last_purchase_at IS NOT NULL OR purchase_count <> 0 OR purchase_amount <> 0 \
    OR purchase_amount_without_delivery <> 0 OR purchase_amount_excluded <> 0 OR EXISTS ( \
    SELECT FROM transactions AS sold WHERE sold.merchant_id = buyer.merchant_id AND sold.customer_id = buyer.id)) \
    ORDER BY merchant_id, id LIMIT $3";

/// The sums that differ, of whatever till.
const TILLS: &str = "SELECT coalesce(kept.merchant_id, counted.merchant_id), \
    nullif(coalesce(kept.pos_id, counted.pos_id), '00000000-0000-0000-0000-000000000000') FROM ( \
    SELECT merchant_id, pos_id, sum(transactions) AS transactions, sum(amount) AS amount, \
    sum(amount_without_delivery) AS without_delivery FROM sales_counts GROUP BY 1, 2) AS kept FULL JOIN ( \
    SELECT merchant_id, coalesce(pos_id, '00000000-0000-0000-0000-000000000000') AS pos_id, \
    count(*) AS transactions, sum(turnover(revises, gross)) AS amount, \
    sum(turnover(revises, gross_without_delivery)) AS without_delivery FROM transactions GROUP BY 1, 2) AS counted \
    ON kept.merchant_id = counted.merchant_id AND kept.pos_id = counted.pos_id \
    WHERE (kept.transactions, kept.amount, kept.without_delivery) IS DISTINCT FROM \
    (counted.transactions, counted.amount, counted.without_delivery) ORDER BY 1, 2";

impl PgBackend {
    /// Everything of every merchant whose running totals of purchases are not what the transactions come to. What changes
    /// meanwhile is seen as it was when the check began.
    ///
    /// # Errors
    /// When storage does not answer.
    pub async fn check_purchases(&self) -> Result<Vec<PurchaseDiscrepancy>, StorageError> {
        // Taken out of the pool: the transaction ends with the connection, however the check does.
        let mut connection = Object::take(self.connection().await?);
        run(&mut connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        // A large ledger takes longer than any request may.
        run(&mut connection, "SET LOCAL statement_timeout = 0").await?;
        discrepancies(&mut connection).await
    }
}

async fn run(connection: &mut AsyncPgConnection, text: &'static str) -> Result<(), StorageError> {
    diesel::sql_query(text).execute(connection).await.map(drop).map_err(errors::storage)
}

async fn discrepancies(
    connection: &mut AsyncPgConnection,
) -> Result<Vec<PurchaseDiscrepancy>, StorageError> {
    let mut found = Vec::new();
    let mut after = (Uuid::nil(), Uuid::nil());
    loop {
        let page = Statement::new(CUSTOMERS)
            .bind::<SqlUuid, _>(after.0)
            .bind::<SqlUuid, _>(after.1)
            .bind::<BigInt, _>(PAGE);
        let buyers: Vec<Buyer> = page.rows(connection).await.map_err(errors::storage)?;
        let Some(last) = buyers.last() else { break };
        after = (last.merchant, last.customer);
        let mut postings = postings_of(connection, &buyers).await?;
        for buyer in buyers {
            let own = postings.remove(&(buyer.merchant, buyer.customer)).unwrap_or_default();
            let counted = figures_of(&own);
            if counted != buyer.stored {
                found.push(PurchaseDiscrepancy::Customer {
                    merchant: buyer.merchant.into(),
                    customer: buyer.customer.into(),
                    stored: buyer.stored,
                    counted,
                });
            }
        }
    }
    let tills: Vec<Till> = Statement::new(TILLS).rows(connection).await.map_err(errors::storage)?;
    found.extend(tills.into_iter().map(|till| PurchaseDiscrepancy::PointOfSale {
        merchant: till.merchant.into(),
        pos: till.pos.map(Into::into),
    }));
    Ok(found)
}

/// The transactions of some customers, each one's in the order in which they count.
async fn postings_of(
    connection: &mut AsyncPgConnection,
    buyers: &[Buyer],
) -> Result<BTreeMap<(Uuid, Uuid), Vec<Posting>>, StorageError> {
    let text = format!(
        "SELECT merchant_id, customer_id, {} FROM transactions \
         WHERE (merchant_id, customer_id) IN (SELECT * FROM unnest($1, $2)) ORDER BY customer_version",
        row::POSTING
    );
    let statement = Statement::new(text)
        .bind::<Array<SqlUuid>, _>(buyers.iter().map(|buyer| buyer.merchant).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(buyers.iter().map(|buyer| buyer.customer).collect::<Vec<_>>());
    let rows: Vec<Owned> = statement.rows(connection).await.map_err(errors::storage)?;
    let mut postings: BTreeMap<_, Vec<Posting>> = BTreeMap::new();
    for row in rows {
        postings.entry(row.owner).or_default().push(row.posting);
    }
    Ok(postings)
}

struct Buyer {
    merchant: Uuid,
    customer: Uuid,
    stored: PurchaseFigures,
}

impl FromRow for Buyer {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self {
            merchant: columns.next::<SqlUuid, _>()?,
            customer: columns.next::<SqlUuid, _>()?,
            stored: PurchaseFigures {
                count: columns.next::<BigInt, i64>()?.cast_unsigned(),
                amount: Amount::from_ten_thousandths(columns.next::<BigInt, _>()?),
                amount_without_delivery: Amount::from_ten_thousandths(columns.next::<BigInt, _>()?),
                amount_excluded_from_level: Amount::from_ten_thousandths(
                    columns.next::<BigInt, _>()?,
                ),
                last_at: columns.next::<Nullable<Timestamptz>, _>()?,
            },
        })
    }
}

struct Owned {
    owner: (Uuid, Uuid),
    posting: Posting,
}

impl FromRow for Owned {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let owner = (columns.next::<SqlUuid, _>()?, columns.next::<SqlUuid, _>()?);
        Ok(Self { owner, posting: Posting::from_row(columns)? })
    }
}

struct Till {
    merchant: Uuid,
    pos: Option<Uuid>,
}

impl FromRow for Till {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        Ok(Self {
            merchant: columns.next::<SqlUuid, _>()?,
            pos: columns.next::<Nullable<SqlUuid>, _>()?,
        })
    }
}
