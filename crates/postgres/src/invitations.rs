//! Invitations.

use async_trait::async_trait;
use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::StorageError;
use domain::customer::{Customer, Email, Identifier, PhoneNumber};
use domain::id::{CustomerId, MerchantId};
use domain::invitation::{
    Invitation, InvitationCriterion, InvitationQuery, InvitationRepository, InvitationStatus,
    ListedInvitation, Recipient,
};
use domain::secret::Fingerprint;
use uuid::Uuid;

use crate::document::text;
use crate::errors;
use crate::session::{PgSession, read};
use crate::statement::{Columns, FromRow, Statement};

const INSERT: &str = "INSERT INTO invitations (merchant_id, id, referrer_id, recipient_email, recipient_email_key, \
    recipient_phone, recipient_phone_key, token_fingerprint, customer_id, status, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING 1::bigint";

const ACCEPT: &str = "UPDATE invitations SET customer_id = $1, status = 'registered' \
    WHERE merchant_id = $2 AND token_fingerprint = $3 AND status = 'invited' RETURNING 1::bigint";

/// The lock makes of two customers at once the later one look for another invitation.
const ACCEPT_FROM: &str = "UPDATE invitations SET customer_id = $1, status = 'registered' \
    WHERE merchant_id = $2 AND id = (SELECT id FROM invitations WHERE merchant_id = $2 AND referrer_id = $3 \
    AND status = 'invited' AND (recipient_email_key = $4 OR recipient_phone_key IN ($5, $6)) \
    ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING 1::bigint";

const PURCHASED: &str = "UPDATE invitations SET status = 'made_purchase' \
    WHERE merchant_id = $1 AND customer_id = $2 RETURNING 1::bigint";

const FORGET: &str = "UPDATE invitations SET recipient_email = NULL, recipient_email_key = NULL, \
    recipient_phone = NULL, recipient_phone_key = NULL, token_fingerprint = NULL WHERE merchant_id = $1 \
    AND (referrer_id = $2 OR customer_id = $2 OR recipient_email_key = $3 OR recipient_phone_key IN ($4, $5)) \
    RETURNING 1::bigint";

/// An invitation with the people it is about.
const FROM: &str = "FROM invitations AS invitation \
    LEFT JOIN customers AS referrer ON referrer.merchant_id = invitation.merchant_id \
    AND referrer.id = invitation.referrer_id \
    LEFT JOIN customers AS follower ON follower.merchant_id = invitation.merchant_id \
    AND follower.id = invitation.customer_id WHERE invitation.merchant_id = $1";

const COLUMNS: &str = "invitation.merchant_id, invitation.id, invitation.referrer_id, invitation.recipient_email, \
    invitation.recipient_phone, invitation.token_fingerprint, invitation.customer_id, invitation.status, \
    invitation.created_at, referrer.email, btrim(referrer.first_name || ' ' || referrer.last_name), \
    btrim(follower.first_name || ' ' || follower.last_name)";

#[async_trait]
impl InvitationRepository for PgSession {
    async fn insert(&mut self, invitation: &Invitation) -> Result<bool, StorageError> {
        let recipient = invitation.recipient.as_ref();
        let (email, phone) = match recipient {
            Some(Recipient::Email(email)) => (Some(email.as_str()), None),
            Some(Recipient::Phone(phone)) => (None, Some(phone.as_str())),
            None => (None, None),
        };
        let insert = Statement::new(INSERT)
            .bind::<SqlUuid, _>(Uuid::from(invitation.merchant))
            .bind::<SqlUuid, _>(Uuid::from(invitation.id))
            .bind::<SqlUuid, _>(Uuid::from(invitation.referrer))
            .bind::<Nullable<Text>, _>(email)
            .bind::<Nullable<Text>, _>(recipient.and_then(Recipient::email_key))
            .bind::<Nullable<Text>, _>(phone)
            .bind::<Nullable<Text>, _>(recipient.and_then(Recipient::phone_key))
            .bind::<Nullable<Binary>, _>(invitation.token.as_ref().map(AsRef::as_ref))
            .bind::<Nullable<SqlUuid>, _>(invitation.customer.map(Uuid::from))
            .bind::<Text, _>(invitation.status.name())
            .bind::<Timestamptz, _>(invitation.created_at);
        self.touched(insert).await
    }

    async fn accept(
        &mut self,
        merchant: MerchantId,
        token: Fingerprint,
        customer: CustomerId,
    ) -> Result<bool, StorageError> {
        let accept = Statement::new(ACCEPT)
            .bind::<SqlUuid, _>(Uuid::from(customer))
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<Binary, _>(token.as_ref().to_vec());
        self.touched(accept).await
    }

    async fn accept_from(
        &mut self,
        referrer: CustomerId,
        customer: &Customer,
    ) -> Result<bool, StorageError> {
        let accept = Statement::new(ACCEPT_FROM)
            .bind::<SqlUuid, _>(Uuid::from(customer.id))
            .bind::<SqlUuid, _>(Uuid::from(customer.merchant))
            .bind::<SqlUuid, _>(Uuid::from(referrer));
        self.touched(with_addresses(accept, customer)).await
    }

    async fn purchased(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<(), StorageError> {
        let note = Statement::new(PURCHASED)
            .bind::<SqlUuid, _>(Uuid::from(merchant))
            .bind::<SqlUuid, _>(Uuid::from(customer));
        self.touched(note).await.map(drop)
    }

    async fn forget(&mut self, customer: &Customer) -> Result<(), StorageError> {
        let forget = Statement::new(FORGET)
            .bind::<SqlUuid, _>(Uuid::from(customer.merchant))
            .bind::<SqlUuid, _>(Uuid::from(customer.id));
        self.touched(with_addresses(forget, customer)).await.map(drop)
    }

    async fn list(
        &mut self,
        merchant: MerchantId,
        query: &InvitationQuery,
    ) -> Result<Vec<ListedInvitation>, StorageError> {
        let rows: Vec<ListedRow> =
            read!(self, |connection| listed(merchant, query).rows(connection).await)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    async fn count(
        &mut self,
        merchant: MerchantId,
        criteria: &[InvitationCriterion],
    ) -> Result<u64, StorageError> {
        let count: Option<i64> = read!(self, |connection| {
            fitting("SELECT count(*)", merchant, criteria).row(connection).await
        })?;
        Ok(count.unwrap_or(0).cast_unsigned())
    }
}

impl PgSession {
    /// Runs a change that returns something for every row it touched; whether there was one.
    async fn touched(&mut self, change: Statement<'_>) -> Result<bool, StorageError> {
        let touched: Option<i64> = change.row(self.connection()).await.map_err(errors::storage)?;
        Ok(touched.is_some())
    }
}

/// Binds the normal forms of a customer's addresses.
fn with_addresses<'a>(statement: Statement<'a>, customer: &Customer) -> Statement<'a> {
    [Identifier::Email, Identifier::Phone, Identifier::Mobile]
        .into_iter()
        .fold(statement, |statement, kind| statement.bind::<Nullable<Text>, _>(customer.key(kind)))
}

fn listed(merchant: MerchantId, query: &InvitationQuery) -> Statement<'static> {
    let mut statement = fitting(&format!("SELECT {COLUMNS}"), merchant, &query.criteria);
    statement.push(" ORDER BY invitation.created_at DESC, invitation.id DESC");
    if let Some(limit) = query.page.limit {
        statement.push(" LIMIT ");
        statement.push_bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
    }
    statement.push(" OFFSET ");
    statement.push_bind::<BigInt, _>(i64::try_from(query.page.offset).unwrap_or(i64::MAX));
    statement
}

fn fitting(
    select: &str,
    merchant: MerchantId,
    criteria: &[InvitationCriterion],
) -> Statement<'static> {
    let mut statement =
        Statement::new(format!("{select} {FROM}")).bind::<SqlUuid, _>(Uuid::from(merchant));
    for criterion in criteria {
        statement.push(" AND ");
        condition(&mut statement, criterion);
    }
    statement
}

fn condition(statement: &mut Statement<'static>, criterion: &InvitationCriterion) {
    let name = |person: &str| format!("btrim({person}.first_name || ' ' || {person}.last_name)");
    match criterion {
        InvitationCriterion::Referrer(id) => is(statement, "invitation.referrer_id", *id),
        InvitationCriterion::Customer(id) => is(statement, "invitation.customer_id", *id),
        InvitationCriterion::ReferrerEmail(part) => contains(statement, "referrer.email", part),
        InvitationCriterion::ReferrerName(part) => contains(statement, &name("referrer"), part),
        InvitationCriterion::CustomerName(part) => contains(statement, &name("follower"), part),
        InvitationCriterion::RecipientEmail(part) => {
            contains(statement, "invitation.recipient_email", part);
        }
        InvitationCriterion::RecipientPhone(part) => {
            contains(statement, "invitation.recipient_phone", part);
        }
        InvitationCriterion::Status(status) => {
            statement.push("invitation.status = ");
            statement.push_bind::<Text, _>(status.name());
        }
    }
}

fn is(statement: &mut Statement<'static>, column: &str, id: CustomerId) {
    statement.push(&format!("{column} = "));
    statement.push_bind::<SqlUuid, _>(Uuid::from(id));
}

fn contains(statement: &mut Statement<'static>, value: &str, part: &str) {
    statement.push(&format!("strpos(lower({value} COLLATE \"und-x-icu\"), "));
    statement.push_bind::<Text, _>(part.to_lowercase());
    statement.push(") > 0");
}

struct ListedRow(ListedInvitation);

impl FromRow for ListedRow {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        let uuid = |columns: &mut Columns<'_, _>| columns.next::<SqlUuid, Uuid>();
        let invitation = Invitation {
            merchant: uuid(columns)?.into(),
            id: uuid(columns)?.into(),
            referrer: uuid(columns)?.into(),
            recipient: recipient(
                columns.next::<Nullable<Text>, _>()?,
                columns.next::<Nullable<Text>, _>()?,
            )?,
            token: columns
                .next::<Nullable<Binary>, Option<Vec<u8>>>()?
                .map(fingerprint)
                .transpose()?,
            customer: columns.next::<Nullable<SqlUuid>, Option<Uuid>>()?.map(Into::into),
            status: InvitationStatus::named(&columns.next::<Text, String>()?)
                .ok_or("unknown status of an invitation")?,
            created_at: columns.next::<Timestamptz, _>()?,
        };
        Ok(Self(ListedInvitation {
            invitation,
            referrer_email: columns.next::<Nullable<Text>, _>()?,
            referrer_name: columns.next::<Nullable<Text>, _>()?,
            customer_name: columns.next::<Nullable<Text>, _>()?,
        }))
    }
}

fn recipient(
    email: Option<String>,
    phone: Option<String>,
) -> deserialize::Result<Option<Recipient>> {
    match (email, phone) {
        (Some(email), _) => Ok(Some(Recipient::Email(Email::from(text::<255>(email)?)))),
        (None, Some(phone)) => Ok(Some(Recipient::Phone(PhoneNumber::try_from(phone)?))),
        (None, None) => Ok(None),
    }
}

fn fingerprint(bytes: Vec<u8>) -> deserialize::Result<Fingerprint> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| "a fingerprint of another length")?;
    Ok(bytes.into())
}
