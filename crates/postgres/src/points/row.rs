//! A transfer and its columns.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::money::Amount;
use domain::points::{Credit, CreditState, Movement, Transfer};
use uuid::Uuid;

use crate::actor;
use crate::document::optional_text;
use crate::statement::{Columns, FromRow, Statement};

/// What is read, in the order of [`Transfer::from_row`].
pub(super) const COLUMNS: &str = "merchant_id, id, customer_id, is_adding, peer_id, value, remaining, state, locked_until, \
    expires_at, warned, comment, actor_kind, actor_id, created_at";

/// How many parameters [`bind_transfers`] binds.
const PARAMETERS: usize = 13;

/// The common table expression that stores transfers of the one row of `changed`, new ones and known ones with what became
/// of them. [`bind_transfers`] binds its parameters from number `first` on.
pub(crate) fn insert(first: usize) -> String {
    let kinds = [
        "uuid",
        "boolean",
        "uuid",
        "bigint",
        "bigint",
        "text",
        "timestamptz",
        "timestamptz",
        "boolean",
        "text",
        "text",
        "uuid",
        "timestamptz",
    ];
    debug_assert_eq!(kinds.len(), PARAMETERS, "every parameter has a type");
    let columns: Vec<_> =
        (first..).zip(kinds).map(|(number, kind)| format!("${number}::{kind}[]")).collect();
    format!(
        "booked AS (INSERT INTO points_transfers ({COLUMNS}) SELECT changed.merchant_id, booking.id, changed.id, \
         booking.is_adding, booking.peer_id, booking.value, booking.remaining, booking.state, booking.locked_until, \
         booking.expires_at, booking.warned, booking.comment, booking.actor_kind, booking.actor_id, \
         booking.created_at FROM changed, unnest({}) AS booking (id, is_adding, peer_id, value, remaining, state, \
         locked_until, expires_at, warned, comment, actor_kind, actor_id, created_at) \
         ON CONFLICT (merchant_id, id) DO UPDATE SET remaining = excluded.remaining, state = excluded.state, \
         warned = excluded.warned)",
        columns.join(", ")
    )
}

/// Binds the transfers of a booking.
pub(crate) fn bind_transfers<'a>(
    statement: Statement<'a>,
    transfers: &'a [Transfer],
) -> Statement<'a> {
    fn all<'t, T>(transfers: &'t [Transfer], part: impl Fn(&'t Transfer) -> T) -> Vec<T> {
        transfers.iter().map(part).collect()
    }
    let credit = |part: fn(Credit) -> Option<time::OffsetDateTime>| {
        all(transfers, |transfer| transfer.credit().and_then(part))
    };
    let left = |transfer: &Transfer| {
        transfer.credit().map_or(0, |credit| credit.remaining.ten_thousandths())
    };
    statement
        .bind::<Array<SqlUuid>, _>(all(transfers, |transfer| Uuid::from(transfer.id)))
        .bind::<Array<Bool>, _>(all(transfers, |transfer| transfer.credit().is_some()))
        .bind::<Array<Nullable<SqlUuid>>, _>(all(transfers, |transfer| {
            transfer.peer.map(Uuid::from)
        }))
        .bind::<Array<BigInt>, _>(all(transfers, |transfer| transfer.value.ten_thousandths()))
        .bind::<Array<BigInt>, _>(all(transfers, left))
        .bind::<Array<Text>, _>(all(transfers, |transfer| transfer.state().name()))
        .bind::<Array<Nullable<Timestamptz>>, _>(credit(|credit| credit.locked_until))
        .bind::<Array<Nullable<Timestamptz>>, _>(credit(|credit| credit.expires_at))
        .bind::<Array<Bool>, _>(all(transfers, |transfer| {
            transfer.credit().is_some_and(|credit| credit.warned)
        }))
        .bind::<Array<Nullable<Text>>, _>(all(transfers, |transfer| {
            transfer.comment.as_ref().map(domain::text::Text::as_str)
        }))
        .bind::<Array<Text>, _>(all(transfers, |transfer| actor::to_columns(transfer.actor).0))
        .bind::<Array<Nullable<SqlUuid>>, _>(all(transfers, |transfer| {
            actor::to_columns(transfer.actor).1
        }))
        .bind::<Array<Timestamptz>, _>(all(transfers, |transfer| transfer.created_at))
}

impl FromRow for Transfer {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let c = columns;
        let (merchant, id, customer) = (uuid(c)?.into(), uuid(c)?.into(), uuid(c)?.into());
        let is_adding = c.next::<Bool, bool>()?;
        let peer = c.next::<Nullable<SqlUuid>, Option<Uuid>>()?.map(Into::into);
        let value = Amount::from_ten_thousandths(c.next::<BigInt, _>()?);
        let credit = Credit {
            remaining: Amount::from_ten_thousandths(c.next::<BigInt, _>()?),
            state: state(&c.next::<Text, String>()?)?,
            locked_until: c.next::<Nullable<Timestamptz>, _>()?,
            expires_at: c.next::<Nullable<Timestamptz>, _>()?,
            warned: c.next::<Bool, _>()?,
        };
        Ok(Self {
            merchant,
            id,
            customer,
            value,
            movement: if is_adding { Movement::Adding(credit) } else { Movement::Spending },
            peer,
            comment: optional_text(c.next::<Nullable<Text>, _>()?)?,
            actor: actor::from_columns(
                &c.next::<Text, String>()?,
                c.next::<Nullable<SqlUuid>, _>()?,
            )?,
            created_at: c.next::<Timestamptz, _>()?,
        })
    }
}

fn uuid<'a, R: Row<'a, Pg>>(columns: &mut Columns<'_, R>) -> deserialize::Result<Uuid> {
    columns.next::<SqlUuid, _>()
}

fn state(name: &str) -> deserialize::Result<CreditState> {
    let known = CreditState::ALL.into_iter().find(|state| state.name() == name);
    known.ok_or_else(|| "unknown state of a transfer".into())
}
