//! Lists of transfers.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::customer::{Email, LoyaltyCard, Name, PhoneNumber};
use domain::id::{MerchantId, WalletId};
use domain::points::{
    Due, ListedTransfer, Transfer, TransferCriterion, TransferOwner, TransferQuery,
};
use uuid::Uuid;

use super::row::COLUMNS;
use crate::document::{optional_text, text};
use crate::listing;
use crate::statement::{Columns, FromRow, Statement};

/// Transfers whose time has come, those that wait longest first.
pub(super) fn due(merchant: MerchantId, due: Due, most: u32) -> Statement<'static> {
    let (condition, column, moment) = match due {
        Due::Unlocking(now) => ("state = 'locked' AND locked_until <= $2", "locked_until", now),
        Due::Expiring(now) => {
            ("state = 'active' AND is_adding AND expires_at < $2", "expires_at", now)
        }
        Due::Warning(until) => (
            "state = 'active' AND remaining > 0 AND NOT warned AND expires_at < $2",
            "expires_at",
            until,
        ),
    };
    let text = format!(
        "SELECT {COLUMNS} FROM points_transfers WHERE merchant_id = $1 AND {condition} ORDER BY {column}, id LIMIT $3"
    );
    Statement::new(text)
        .bind::<SqlUuid, _>(Uuid::from(merchant))
        .bind::<Timestamptz, _>(moment)
        .bind::<BigInt, _>(i64::from(most))
}

/// One part of a list, each transfer with its customer unless that was deleted.
pub(super) fn list(merchant: MerchantId, query: &TransferQuery) -> Statement<'static> {
    let select = format!("WITH listed AS (SELECT {COLUMNS} FROM points_transfers");
    let mut statement = fitting(&select, merchant, &query.criteria);
    let direction = if query.oldest_first { "ASC" } else { "DESC" };
    let (offset, limit) = listing::bounds(query.page);
    statement.push(&format!(" ORDER BY created_at {direction}, id {direction} LIMIT "));
    statement.push_bind::<BigInt, _>(limit);
    statement.push(" OFFSET ");
    statement.push_bind::<BigInt, _>(offset);
    let columns: Vec<_> = COLUMNS.split(", ").map(|column| format!("listed.{column}")).collect();
    statement.push(&format!(
        ") SELECT {}, owner.wallet_id, owner.first_name, owner.last_name, owner.undivided_name, owner.email, \
         owner.phone, owner.loyalty_card FROM listed LEFT JOIN customers AS owner \
         ON owner.merchant_id = listed.merchant_id AND owner.id = listed.customer_id AND owner.deleted_at IS NULL \
         ORDER BY listed.created_at {direction}, listed.id {direction}",
        columns.join(", ")
    ));
    statement
}

/// How many transfers a list has in all.
pub(super) fn count(merchant: MerchantId, criteria: &[TransferCriterion]) -> Statement<'static> {
    fitting("SELECT count(*) FROM points_transfers", merchant, criteria)
}

fn fitting(
    select: &str,
    merchant: MerchantId,
    criteria: &[TransferCriterion],
) -> Statement<'static> {
    let mut statement = Statement::new(format!("{select} WHERE merchant_id = $1"))
        .bind::<SqlUuid, _>(Uuid::from(merchant));
    for criterion in criteria {
        statement.push(" AND ");
        condition(&mut statement, criterion);
    }
    statement
}

fn condition(statement: &mut Statement<'static>, criterion: &TransferCriterion) {
    match criterion {
        TransferCriterion::Customer(id) => {
            statement.push("customer_id = ");
            statement.push_bind::<SqlUuid, _>(Uuid::from(*id));
        }
        TransferCriterion::Kind(kind) => {
            let (adding, peer) = kind.parts();
            statement.push("is_adding = ");
            statement.push_bind::<Bool, _>(adding);
            statement.push(if peer { " AND peer_id IS NOT NULL" } else { " AND peer_id IS NULL" });
        }
        TransferCriterion::States(states) => {
            statement.push("state = ANY(");
            let names: Vec<_> = states.iter().map(|state| state.name()).collect();
            statement.push_bind::<Array<Text>, _>(names);
            statement.push(")");
        }
        TransferCriterion::ExpiresUntil(moment) => {
            statement.push("state = 'active' AND is_adding AND expires_at <= ");
            statement.push_bind::<Timestamptz, _>(*moment);
        }
    }
}

/// A transfer in a list.
pub(super) struct Listed(pub(super) ListedTransfer);

impl FromRow for Listed {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let transfer = Transfer::from_row(columns)?;
        let wallet = columns.next::<Nullable<SqlUuid>, Option<Uuid>>()?;
        let owner = wallet.map(|wallet| owner(columns, wallet.into())).transpose()?;
        Ok(Self(ListedTransfer { transfer, owner }))
    }
}

fn owner<'a, R: Row<'a, Pg>>(
    columns: &mut Columns<'_, R>,
    wallet: WalletId,
) -> deserialize::Result<TransferOwner> {
    let first = text(columns.next::<Text, _>()?)?;
    let last = text(columns.next::<Text, _>()?)?;
    let undivided = optional_text(columns.next::<Nullable<Text>, _>()?)?;
    let name = undivided.map_or(Name::Divided { first, last }, Name::Undivided);
    let mut optional = || columns.next::<Nullable<Text>, Option<String>>();
    Ok(TransferOwner {
        first_name: name.first().to_owned(),
        last_name: name.last().to_owned(),
        email: optional_text(optional()?)?.map(Email::from),
        phone: optional()?.map(PhoneNumber::try_from).transpose()?,
        loyalty_card: optional()?.map(LoyaltyCard::try_from).transpose()?,
        wallet,
    })
}
