//! Inviting, and following an invitation.

use std::fmt;
use std::sync::Arc;

use super::model::{
    Invitation, InvitationClaim, InvitationCriterion, InvitationQuery, InvitationStatus,
    InvitationTotals, ListedInvitation, Recipient,
};
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::customer::{Customer, Lookup, PhoneNumber};
use crate::id::{CustomerId, InvitationId, MerchantId, MessageId};
use crate::merchant::{CommunicationMethod, Settings};
use crate::message::{Message, MessageContent, MessageKind};
use crate::page::{Page, Total};
use crate::secret::{Secret, SecretError, SecretKeeper};
use crate::storage::{Session, Storage, StorageError, UnitOfWork};
use crate::text::hex;

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// Why nobody was invited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// The address is a customer's, or was invited already.
    #[error("the address was invited already")]
    Exists,
    /// The message could not be sealed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A merchant's invitations.
#[derive(Clone)]
pub struct Invitations {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
}

impl fmt::Debug for Invitations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitations")
    }
}

impl Invitations {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
    ) -> Self {
        Self { storage, clock, entropy, keeper }
    }

    /// Invites somebody on behalf of a customer, and queues the message that says so, or does neither.
    pub async fn invite(
        &self,
        merchant: MerchantId,
        referrer: CustomerId,
        recipient: Recipient,
    ) -> Result<Invitation, InvitationError> {
        let mut random = [0; TOKEN_BYTES];
        self.entropy.fill(&mut random);
        let token = hex(&random);
        let invitation = Invitation {
            merchant,
            id: InvitationId::from(self.entropy.uuid()),
            referrer,
            token: Some(self.keeper.fingerprint(&token)),
            recipient: Some(recipient.clone()),
            customer: None,
            status: InvitationStatus::Invited,
            created_at: self.clock.now(),
        };
        let message = self.message(&invitation, Secret::new(token), &recipient)?;
        let invite = async |unit: &mut UnitOfWork| {
            if is_customer(&mut **unit, merchant, &recipient).await?
                || !unit.invitations().insert(&invitation).await?
            {
                return Err(InvitationError::Exists);
            }
            Ok(unit.messages().enqueue(&message).await?)
        };
        self.storage.atomically(invite).await?;
        Ok(invitation)
    }

    /// What a new customer claims by a text: the token of an invitation, or the phone number of whoever invited, where
    /// the programme writes to phones (OL 4.1).
    pub fn claim(&self, settings: &Settings, text: &str) -> InvitationClaim {
        let referrer = match settings.communication {
            CommunicationMethod::Email => None,
            CommunicationMethod::Sms => PhoneNumber::try_from(text).ok(),
        };
        InvitationClaim { token: self.keeper.fingerprint(text), referrer }
    }

    /// Notes that an invited customer bought something; of others it notes nothing.
    pub async fn purchased(
        &self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<(), StorageError> {
        self.storage.session().await?.invitations().purchased(merchant, customer).await
    }

    /// One part of a list and the size of the whole.
    pub async fn page(
        &self,
        merchant: MerchantId,
        query: &InvitationQuery,
    ) -> Result<Page<ListedInvitation>, StorageError> {
        let mut session = self.storage.session().await?;
        let total = session.invitations().count(merchant, &query.criteria).await?;
        let items = if total > query.page.offset {
            session.invitations().list(merchant, query).await?
        } else {
            Vec::new()
        };
        Ok(Page { items, total: Total::Exact(total) })
    }

    /// How many invitations there are, and how far they came.
    pub async fn totals(&self, merchant: MerchantId) -> Result<InvitationTotals, StorageError> {
        let mut session = self.storage.session().await?;
        let invitations = session.invitations();
        let reached = |status| [InvitationCriterion::Status(status)];
        Ok(InvitationTotals {
            all: invitations.count(merchant, &[]).await?,
            registered: invitations.count(merchant, &reached(InvitationStatus::Registered)).await?,
            completed: invitations
                .count(merchant, &reached(InvitationStatus::MadePurchase))
                .await?,
        })
    }

    fn message(
        &self,
        invitation: &Invitation,
        token: Secret<String>,
        recipient: &Recipient,
    ) -> Result<Message, SecretError> {
        let address = Secret::new(recipient.as_str().to_owned());
        let content = MessageContent { secret: token, number: 0, address: Some(address) };
        Ok(Message {
            id: MessageId::from(self.entropy.uuid()),
            merchant: invitation.merchant,
            about: Actor::Customer(invitation.referrer),
            kind: MessageKind::Invitation,
            language: None,
            content: Some(content.seal(&*self.keeper)?),
            created_at: invitation.created_at,
            expires_at: None,
        })
    }
}

async fn is_customer(
    session: &mut dyn Session,
    merchant: MerchantId,
    recipient: &Recipient,
) -> Result<bool, StorageError> {
    let address = recipient.as_str().to_owned();
    let lookups = match recipient {
        Recipient::Email(_) => vec![Lookup::Email(address)],
        Recipient::Phone(_) => vec![Lookup::PhoneHolder(address.clone()), Lookup::Mobile(address)],
    };
    for lookup in lookups {
        if session.customers().look_up(merchant, &lookup).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ties a customer who was just stored to the invitation it claims to follow. A claim that means nothing is ignored.
/// Whoever names a referrer by phone without having been sent anything is invited at that moment, under `id`.
pub(crate) async fn redeem(
    unit: &mut dyn Session,
    claim: &InvitationClaim,
    customer: &Customer,
    id: InvitationId,
) -> Result<(), StorageError> {
    let merchant = customer.merchant;
    if unit.invitations().accept(merchant, claim.token, customer.id).await? {
        return Ok(());
    }
    let Some(phone) = &claim.referrer else { return Ok(()) };
    let lookup = Lookup::PhoneAsTyped(phone.as_str().to_owned());
    let referrer = unit.customers().look_up(merchant, &lookup).await?;
    let Some(referrer) = referrer.filter(|referrer| referrer.id != customer.id) else {
        return Ok(());
    };
    if unit.invitations().accept_from(referrer.id, customer).await? {
        return Ok(());
    }
    let invitation = Invitation {
        merchant,
        id,
        referrer: referrer.id,
        recipient: Recipient::of(customer),
        token: None,
        customer: Some(customer.id),
        status: InvitationStatus::Registered,
        created_at: customer.updated_at,
    };
    // Somebody else may have invited the address before: then this claim means nothing.
    unit.invitations().insert(&invitation).await.map(drop)
}
