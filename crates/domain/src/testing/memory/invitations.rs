//! Invitations.

use async_trait::async_trait;

use super::session::MemorySession;
use super::state::State;
use crate::customer::{Customer, Email, Identifier};
use crate::id::{CustomerId, MerchantId};
use crate::invitation::{
    Invitation, InvitationCriterion, InvitationQuery, InvitationRepository, InvitationStatus,
    ListedInvitation, Recipient,
};
use crate::secret::Fingerprint;
use crate::storage::StorageError;

#[async_trait]
impl InvitationRepository for MemorySession {
    async fn insert(&mut self, invitation: &Invitation) -> Result<bool, StorageError> {
        let insert = |state: &mut State| {
            let clashes = |other: &Invitation| {
                other.merchant == invitation.merchant && same_address(other, invitation)
            };
            if state.invitations.iter().any(clashes) {
                return false;
            }
            state.invitations.push(invitation.clone());
            true
        };
        Ok(self.write(insert).await)
    }

    async fn accept(
        &mut self,
        merchant: MerchantId,
        token: Fingerprint,
        customer: CustomerId,
    ) -> Result<bool, StorageError> {
        let fits = |one: &Invitation| one.merchant == merchant && one.token == Some(token);
        Ok(self.write(|state| state.accept(customer, fits)).await)
    }

    async fn accept_from(
        &mut self,
        referrer: CustomerId,
        customer: &Customer,
    ) -> Result<bool, StorageError> {
        let fits = |one: &Invitation| {
            one.merchant == customer.merchant
                && one.referrer == referrer
                && is_addressed_to(one, customer)
        };
        Ok(self.write(|state| state.accept(customer.id, fits)).await)
    }

    async fn purchased(
        &mut self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<(), StorageError> {
        let note = |state: &mut State| {
            for one in &mut state.invitations {
                if (one.merchant, one.customer) == (merchant, Some(customer)) {
                    one.status = InvitationStatus::MadePurchase;
                }
            }
        };
        self.write(note).await;
        Ok(())
    }

    async fn forget(&mut self, customer: &Customer) -> Result<(), StorageError> {
        let forget = |state: &mut State| {
            for one in &mut state.invitations {
                let concerned = one.merchant == customer.merchant
                    && (one.referrer == customer.id
                        || one.customer == Some(customer.id)
                        || is_addressed_to(one, customer));
                if concerned {
                    one.recipient = None;
                    one.token = None;
                }
            }
        };
        self.write(forget).await;
        Ok(())
    }

    async fn list(
        &mut self,
        merchant: MerchantId,
        query: &InvitationQuery,
    ) -> Result<Vec<ListedInvitation>, StorageError> {
        let list = |state: &State| {
            let mut listed = state.listed(merchant, &query.criteria);
            listed.sort_by_key(|one| (one.invitation.created_at, one.invitation.id));
            let from = usize::try_from(query.page.offset).unwrap_or(usize::MAX);
            let most = query.page.limit.and_then(|limit| usize::try_from(limit).ok());
            listed.into_iter().rev().skip(from).take(most.unwrap_or(usize::MAX)).collect()
        };
        Ok(self.read(list).await)
    }

    async fn count(
        &mut self,
        merchant: MerchantId,
        criteria: &[InvitationCriterion],
    ) -> Result<u64, StorageError> {
        let count = |state: &State| state.listed(merchant, criteria).len();
        u64::try_from(self.read(count).await)
            .map_err(|error| StorageError::Failed(error.to_string()))
    }
}

impl State {
    /// Ties the oldest open invitation that fits.
    fn accept(&mut self, customer: CustomerId, fits: impl Fn(&Invitation) -> bool) -> bool {
        let open = |one: &&mut Invitation| one.status == InvitationStatus::Invited && fits(one);
        let oldest = self.invitations.iter_mut().filter(open);
        let Some(found) = oldest.min_by_key(|one| (one.created_at, one.id)) else { return false };
        found.customer = Some(customer);
        found.status = InvitationStatus::Registered;
        true
    }

    fn listed(
        &self,
        merchant: MerchantId,
        criteria: &[InvitationCriterion],
    ) -> Vec<ListedInvitation> {
        let own = self.invitations.iter().filter(|one| one.merchant == merchant);
        let listed = own.map(|one| self.with_people(one));
        listed.filter(|one| criteria.iter().all(|criterion| meets(one, criterion))).collect()
    }

    fn with_people(&self, invitation: &Invitation) -> ListedInvitation {
        let person = |id: CustomerId| self.customers.get(&(invitation.merchant, id));
        let referrer = person(invitation.referrer);
        let customer = invitation.customer.and_then(person);
        ListedInvitation {
            invitation: invitation.clone(),
            referrer_email: referrer
                .and_then(|person| person.email.as_ref().map(ToString::to_string)),
            referrer_name: referrer.map(name),
            customer_name: customer.map(name),
        }
    }
}

fn name(person: &Customer) -> String {
    format!("{} {}", person.name.first(), person.name.last()).trim().to_owned()
}

fn same_address(one: &Invitation, other: &Invitation) -> bool {
    let keys = |invitation: &Invitation| {
        let recipient = invitation.recipient.as_ref();
        (recipient.and_then(Recipient::email_key), recipient.and_then(Recipient::phone_key))
    };
    let ((email, phone), (other_email, other_phone)) = (keys(one), keys(other));
    email.is_some() && email == other_email || phone.is_some() && phone == other_phone
}

fn is_addressed_to(invitation: &Invitation, customer: &Customer) -> bool {
    let recipient = invitation.recipient.as_ref();
    let email = recipient.and_then(Recipient::email_key);
    let phone = recipient.and_then(Recipient::phone_key);
    email.is_some() && email == customer.email.as_ref().and_then(Email::key)
        || phone.is_some()
            && [Identifier::Phone, Identifier::Mobile]
                .map(|kind| customer.key(kind))
                .contains(&phone)
}

fn meets(listed: &ListedInvitation, criterion: &InvitationCriterion) -> bool {
    let contains = |value: Option<&str>, part: &str| {
        value.is_some_and(|value| value.to_lowercase().contains(&part.to_lowercase()))
    };
    let invitation = &listed.invitation;
    let (email, phone) = match &invitation.recipient {
        Some(Recipient::Email(email)) => (Some(email.as_str()), None),
        Some(Recipient::Phone(phone)) => (None, Some(phone.as_str())),
        None => (None, None),
    };
    match criterion {
        InvitationCriterion::Referrer(id) => invitation.referrer == *id,
        InvitationCriterion::ReferrerEmail(part) => {
            contains(listed.referrer_email.as_deref(), part)
        }
        InvitationCriterion::ReferrerName(part) => contains(listed.referrer_name.as_deref(), part),
        InvitationCriterion::Customer(id) => invitation.customer == Some(*id),
        InvitationCriterion::CustomerName(part) => contains(listed.customer_name.as_deref(), part),
        InvitationCriterion::RecipientEmail(part) => contains(email, part),
        InvitationCriterion::RecipientPhone(part) => contains(phone, part),
        InvitationCriterion::Status(status) => invitation.status == *status,
    }
}
