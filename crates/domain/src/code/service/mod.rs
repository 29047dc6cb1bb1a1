//! Sending codes and links, and what they do when they come back.

mod activation;
mod guess;
mod phone;
mod reset;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use time::Duration;

pub use guess::{Guess, Pace};
pub use reset::ResetTarget;

use super::error::CodeError;
use super::limits::Limits;
use super::mint::{Form, mint};
use super::model::{CodePurpose, NewCode};
use super::port::Put;
use crate::access::Actor;
use crate::account::Accounts;
use crate::budget::{Budget, ClientAddress, Drawn};
use crate::clock::{Clock, Entropy};
use crate::customer::{Customers, PhoneNumber};
use crate::id::{MerchantId, MessageId};
use crate::merchant::Merchant;
use crate::message::{Message, MessageContent, MessageKind};
use crate::secret::{Fingerprint, Secret, SecretKeeper};
use crate::storage::{Session, Storage, StorageError};

/// How often a code is made anew because another account has one that reads the same.
const MINTINGS: usize = 20;

/// Codes of all purposes, and the changes that wait for them.
#[derive(Clone)]
pub struct Codes {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
    customers: Customers,
    accounts: Accounts,
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codes")
    }
}

/// A message with a new secret in it.
struct Dispatch<'a> {
    merchant: &'a Merchant,
    holder: Actor,
    purpose: CodePurpose,
    kind: MessageKind,
    /// The number that an SMS goes to.
    sms: Option<&'a PhoneNumber>,
    /// The number that the secret proves, to which it goes instead of the account's own.
    proves: Option<&'a PhoneNumber>,
    /// Who asks, unless it is somebody who answers for it.
    address: Option<ClientAddress>,
    /// How long an unused older secret of the same purpose keeps a new one away.
    interval: Option<Duration>,
}

impl Codes {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
        accounts: Accounts,
    ) -> Self {
        let (time, chance) = (Arc::clone(&clock), Arc::clone(&entropy));
        let customers = Customers::new(storage.clone(), time, chance);
        Self { storage, clock, entropy, keeper, customers, accounts }
    }

    /// Forgets codes that expired long ago, and budgets that are over; returns how many of both.
    pub async fn purge(&self) -> Result<u64, StorageError> {
        let now = self.clock.now();
        let mut session = self.storage.session().await?;
        let codes = session.codes().purge(now - Self::REMEMBERED).await?;
        Ok(codes + session.budgets().purge(now).await?)
    }

    /// How long an expired code counts among those that its account has had.
    const REMEMBERED: Duration = Duration::days(30);

    fn limits(&self) -> Limits<'_> {
        Limits(&*self.keeper)
    }

    /// What a secret is stored as.
    fn fingerprint(&self, merchant: MerchantId, purpose: CodePurpose, secret: &str) -> Fingerprint {
        self.keeper.keyed_fingerprint(&format!("code {} {merchant} {secret}", purpose.name()))
    }

    /// Draws on budgets, or says how long to wait. Belongs in a unit of work.
    async fn draw(
        &self,
        session: &mut dyn Session,
        merchant: MerchantId,
        budgets: &[Budget],
    ) -> Result<Vec<u32>, CodeError> {
        let now = self.clock.now();
        match session.budgets().draw(merchant, budgets, now).await? {
            Drawn::Granted(counts) => Ok(counts),
            Drawn::Refused(until) => Err(CodeError::OverBudget { retry_after: until - now }),
        }
    }

    /// Makes a secret, and queues the message that tells it. Belongs in a unit of work: a refusal leaves nothing.
    async fn dispatch(
        &self,
        session: &mut dyn Session,
        dispatch: Dispatch<'_>,
    ) -> Result<(), CodeError> {
        let now = self.clock.now();
        let merchant = dispatch.merchant;
        let budgets = match dispatch.sms {
            Some(number) => self
                .limits()
                .sms(merchant, number, dispatch.address)
                .ok_or(CodeError::Unreachable)?,
            None => self.limits().request(dispatch.address).into_iter().collect(),
        };
        let (form, lifetime) = shape(dispatch.kind, merchant);
        let unless_after = dispatch.interval.map(|interval| now - interval);
        for _ in 0..MINTINGS {
            let secret = mint(form, merchant.id, &*self.entropy);
            let code = NewCode {
                merchant: merchant.id,
                holder: dispatch.holder,
                purpose: dispatch.purpose,
                fingerprint: self.fingerprint(merchant.id, dispatch.purpose, &secret),
                phone: dispatch.proves.cloned(),
                issued_at: now,
                expires_at: now + lifetime,
            };
            match session.codes().put(&code, unless_after).await? {
                Put::Occupied => {}
                Put::TooSoon => return Err(CodeError::TooSoon),
                Put::Numbered(number) => {
                    // A code that is too young is told first, so that a budget tells nothing about it.
                    self.draw(session, merchant.id, &budgets).await?;
                    let message = self.message(&dispatch, &code, secret, number)?;
                    return Ok(session.messages().enqueue(&message).await?);
                }
            }
        }
        Err(StorageError::Unavailable("all codes are taken".to_owned()).into())
    }

    fn message(
        &self,
        dispatch: &Dispatch<'_>,
        code: &NewCode,
        secret: String,
        number: u32,
    ) -> Result<Message, CodeError> {
        let address = dispatch.proves.map(|number| Secret::new(number.as_str().to_owned()));
        let content = MessageContent { secret: Secret::new(secret), number, address };
        Ok(Message {
            id: MessageId::from(self.entropy.uuid()),
            merchant: code.merchant,
            about: code.holder,
            kind: dispatch.kind,
            language: None,
            content: Some(content.seal(&*self.keeper)?),
            created_at: code.issued_at,
            expires_at: Some(code.expires_at),
        })
    }
}

/// How the secret of a message reads, and how long it works.
fn shape(kind: MessageKind, merchant: &Merchant) -> (Form, Duration) {
    let settings = &merchant.settings.tokens;
    let link = Duration::hours(settings.link_hours.into());
    match kind {
        MessageKind::ActivationLink => (Form::Link, link),
        MessageKind::PasswordResetLink => (Form::MerchantLink, link),
        _ => (Form::Code, Duration::minutes(settings.code_minutes.into())),
    }
}
