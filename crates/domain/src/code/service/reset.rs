//! Choosing a new password without the old one (OL 2.5).

use time::Duration;

use super::activation::reachable;
use super::{Codes, Dispatch, Guess};
use crate::access::Actor;
use crate::budget::ClientAddress;
use crate::code::error::CodeError;
use crate::code::mint::{is_code, merchant_of};
use crate::code::model::CodePurpose;
use crate::customer::{Customer, Status};
use crate::id::MerchantId;
use crate::merchant::{CommunicationMethod, Merchant};
use crate::message::MessageKind;
use crate::secret::Secret;

/// How long after a request the next one is refused, unless its secret was used.
const INTERVAL: Duration = Duration::DAY;

/// Whose password may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetTarget {
    /// Customers of the store.
    Customers,
    /// Admins of any merchant, sellers and customers of the store.
    Anyone,
    /// Admins, sellers and customers of the store.
    AnyoneOfTheStore,
}

/// Somebody who wants a new password, and how he is reached.
struct Forgetful {
    merchant: MerchantId,
    actor: Actor,
    customer: Option<Customer>,
}

impl Codes {
    /// Sends whoever logs in by a name what lets him choose a new password.
    pub async fn request_reset(
        &self,
        merchant: &Merchant,
        target: ResetTarget,
        name: &str,
        address: ClientAddress,
    ) -> Result<(), CodeError> {
        // Asking costs the same whether anybody is meant or not.
        let budget = self.limits().request(Some(address));
        self.storage
            .atomically(async |unit| {
                self.draw(&mut **unit, merchant.id, budget.as_slice()).await.map(drop)
            })
            .await?;
        let found = self.forgetful(merchant.id, target, name).await?.ok_or(CodeError::Unknown)?;
        let own;
        let merchant = if found.merchant == merchant.id {
            merchant
        } else {
            let stored = self.storage.session().await?.merchants().find(found.merchant).await?;
            own = stored.ok_or(CodeError::Unknown)?;
            &own
        };
        let sms = found.customer.as_ref().and_then(|customer| by_sms(merchant, customer));
        if sms.is_none() && found.customer.as_ref().is_some_and(|customer| !has_email(customer)) {
            return Err(CodeError::Unknown);
        }
        let kind = match sms {
            Some(_) => MessageKind::PasswordResetCode,
            None => MessageKind::PasswordResetLink,
        };
        let dispatch = Dispatch {
            merchant,
            holder: found.actor,
            purpose: CodePurpose::PasswordReset,
            kind,
            sms,
            proves: None,
            address: None,
            interval: Some(INTERVAL),
        };
        self.storage.atomically(async |unit| self.dispatch(&mut **unit, dispatch).await).await
    }

    /// The merchant that a reset token leads to: a link's is part of it, a code's is the store.
    pub fn reset_merchant(token: &str) -> Option<MerchantId> {
        merchant_of(token)
    }

    /// Sets a new password for whoever holds the token, and ends his sessions. A code was admitted as a guess before;
    /// a link needs none.
    pub async fn reset_password(
        &self,
        merchant: MerchantId,
        guess: Option<Guess>,
        token: &str,
        password: Secret<String>,
    ) -> Result<Actor, CodeError> {
        if !is_code(token) && merchant_of(token).is_none() {
            return Err(CodeError::Unknown);
        }
        let (purpose, now) = (CodePurpose::PasswordReset, self.clock.now());
        let fingerprint = self.fingerprint(merchant, purpose, token);
        let mut session = self.storage.session().await?;
        let holder = session.codes().holder(merchant, purpose, fingerprint, now).await?;
        drop(session);
        let holder = holder.ok_or(CodeError::Unknown)?;
        // Sellers' passwords are not checked (OL 2.5).
        let broken = match holder {
            Actor::Seller(_) => Vec::new(),
            _ => self.accounts.strength().violations(password.expose()),
        };
        if !broken.is_empty() {
            return Err(CodeError::Weak(broken));
        }
        let password = self.accounts.chosen(password).await?;
        let reset = self.storage.atomically(async |unit| {
            let redeemed = unit.codes().redeem(merchant, purpose, fingerprint, now).await?;
            let actor = redeemed.ok_or(CodeError::Unknown)?.holder;
            self.accounts.replace_password(&mut **unit, merchant, actor, &password).await?;
            Ok::<_, CodeError>(actor)
        });
        let actor = reset.await?;
        if let Some(guess) = guess {
            self.absolve(guess).await?;
        }
        Ok(actor)
    }

    async fn forgetful(
        &self,
        store: MerchantId,
        target: ResetTarget,
        name: &str,
    ) -> Result<Option<Forgetful>, CodeError> {
        if target != ResetTarget::Customers {
            let anywhere = target == ResetTarget::Anyone;
            let admin = self.accounts.admin_by_login(name).await?;
            let admin = admin.filter(|admin| anywhere || admin.merchant == store);
            if let Some(admin) = admin {
                let actor = Actor::Admin(admin.id);
                return Ok(Some(Forgetful { merchant: admin.merchant, actor, customer: None }));
            }
            if let Some(seller) = self.accounts.seller_by_login(store, name).await? {
                let actor = Actor::Seller(seller.id);
                return Ok(Some(Forgetful { merchant: store, actor, customer: None }));
            }
        }
        let customer = self.accounts.customer_by_login(store, name.trim()).await?;
        let known = |customer: &Customer| {
            customer.is_live() && matches!(customer.status, Status::New | Status::Active)
        };
        Ok(customer.filter(known).map(|customer| Forgetful {
            merchant: store,
            actor: Actor::Customer(customer.id),
            customer: Some(customer),
        }))
    }
}

/// The number to which a customer's code goes: where messages go to phones, and where nothing else reaches him.
fn by_sms<'a>(
    merchant: &Merchant,
    customer: &'a Customer,
) -> Option<&'a crate::customer::PhoneNumber> {
    let preferred = merchant.settings.communication == CommunicationMethod::Sms;
    reachable(customer).filter(|_| preferred || !has_email(customer))
}

fn has_email(customer: &Customer) -> bool {
    customer.email.as_ref().is_some_and(|email| email.key().is_some())
}
