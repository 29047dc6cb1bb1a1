//! Sending what waits.

use std::fmt;
use std::sync::Arc;

use super::builtin;
use super::links::Links;
use super::model::{Claim, Message, MessageContent, MessageKind};
use super::owner::{self, Owner};
use super::port::{DeliveryError, Mail, Mailer, TextMessage, Texter};
use super::retry::{self, LEASE};
use super::route::{self, Channel, Route};
use super::template::{self, Template, TemplateName, Values};
use crate::access::Actor;
use crate::clock::{Clock, Entropy};
use crate::id::{CustomerId, MerchantId, MessageId};
use crate::merchant::{Language, Merchant};
use crate::secret::{Secret, SecretError, SecretKeeper};
use crate::storage::{Storage, StorageError};
use time::OffsetDateTime;

/// Letters and digits of a temporary password (OL 5.4); none that people take for another.
const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const PASSWORD_LENGTH: usize = 10;

/// The ways out of the house; without one, the messages that need it wait.
#[derive(Clone, Default)]
pub struct Gateways {
    /// Carries mails.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Carries SMS.
    pub texter: Option<Arc<dyn Texter>>,
}

impl Gateways {
    /// Whether messages can go that way.
    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.mailer.is_some(),
            Channel::Sms => self.texter.is_some(),
        }
    }

    /// Whether no message can leave at all.
    pub fn is_empty(&self) -> bool {
        self.mailer.is_none() && self.texter.is_none()
    }
}

/// What became of one message, in words that are fit for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whose message.
    pub merchant: MerchantId,
    /// Which message.
    pub id: MessageId,
    /// What it was for.
    pub kind: MessageKind,
    /// How often it was tried, this time included.
    pub attempt: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a try to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It left the house.
    Sent(Channel),
    /// It is tried again later.
    PutOff {
        /// When.
        until: OffsetDateTime,
        /// Why.
        reason: String,
    },
    /// It will not be sent any more.
    Dropped(String),
}

/// The dispatcher of messages. Any number of them may work on one storage.
#[derive(Clone)]
pub struct Messages {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keeper: Arc<dyn SecretKeeper>,
    gateways: Gateways,
    links: Links,
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Messages")
    }
}

/// How a try ended, before it is stored.
enum Verdict {
    Sent(Channel),
    /// Not for lack of a gateway that answers, but for lack of one at all.
    NoGateway,
    Failed(String),
    Dropped(String),
}

impl Messages {
    /// The dispatcher on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keeper: Arc<dyn SecretKeeper>,
        gateways: Gateways,
        links: Links,
    ) -> Self {
        Self { storage, clock, entropy, keeper, gateways, links }
    }

    /// Takes on the message that has been due longest, and sends it, puts it off or drops it. `None` if nothing is due.
    ///
    /// If storage fails underway the message stays taken on until [`LEASE`] ends, and is tried again then.
    pub async fn send_next(&self) -> Result<Option<Delivery>, StorageError> {
        let now = self.clock.now();
        let claim = self.storage.session().await?.messages().claim(now, now + LEASE).await?;
        let Some(claim) = claim else { return Ok(None) };
        let verdict = self.try_to_send(&claim.message, now).await?;
        let outcome = self.settle(&claim, verdict).await?;
        let Claim { message, attempt } = claim;
        let (merchant, id, kind) = (message.merchant, message.id, message.kind);
        Ok(Some(Delivery { merchant, id, kind, attempt, outcome }))
    }

    /// Gives a merchant a text of its own.
    pub async fn set_template(
        &self,
        merchant: MerchantId,
        name: &TemplateName,
        template: &Template,
    ) -> Result<(), StorageError> {
        self.storage.session().await?.messages().set_template(merchant, name, template).await
    }

    async fn settle(&self, claim: &Claim, verdict: Verdict) -> Result<Outcome, StorageError> {
        let mut session = self.storage.session().await?;
        let messages = session.messages();
        let (now, dice, expires_at) = (self.clock.now(), self.dice(), claim.message.expires_at);
        let (until, attempts, reason) = match verdict {
            Verdict::Sent(channel) => {
                messages.finish(claim).await?;
                return Ok(Outcome::Sent(channel));
            }
            Verdict::Dropped(reason) => {
                messages.finish(claim).await?;
                return Ok(Outcome::Dropped(reason));
            }
            // Waiting for a gateway to be set up is no attempt.
            Verdict::NoGateway => {
                (retry::next_look(now, dice), claim.attempt - 1, "no gateway".to_owned())
            }
            Verdict::Failed(reason) => {
                let next = retry::next_attempt(claim.attempt, now, expires_at, dice);
                let Some(until) = next else {
                    messages.finish(claim).await?;
                    return Ok(Outcome::Dropped(format!("given up, {reason}")));
                };
                (until, claim.attempt, reason)
            }
        };
        messages.put_off(claim, until, attempts).await?;
        Ok(Outcome::PutOff { until, reason })
    }

    async fn try_to_send(
        &self,
        message: &Message,
        now: OffsetDateTime,
    ) -> Result<Verdict, StorageError> {
        if message.expires_at.is_some_and(|end| end <= now) {
            return Ok(Verdict::Dropped("it expired".to_owned()));
        }
        let Some((merchant, owner)) = self.parties(message).await? else {
            return Ok(Verdict::Dropped("its owner is gone or shut out".to_owned()));
        };
        let content = message.content.as_ref();
        let content = content.map(|sealed| MessageContent::open(sealed, &*self.keeper)).transpose();
        let Ok(content) = content else {
            return Ok(Verdict::Dropped("its content cannot be read".to_owned()));
        };
        let programme = merchant.settings.communication;
        let mut routes = route::routes(message.kind, programme, &owner, content.as_ref());
        if routes.is_empty() {
            return Ok(Verdict::Dropped("there is no address to send it to".to_owned()));
        }
        routes.retain(|route| self.gateways.has(route.channel()));
        if routes.is_empty() {
            return Ok(Verdict::NoGateway);
        }
        let password = match (message.kind, message.about) {
            (MessageKind::AccountCreated, Actor::Customer(id)) => {
                match self.temporary_password(message.merchant, id).await? {
                    Some(password) => Some(password),
                    None => return Ok(Verdict::Dropped("the owner chose a password".to_owned())),
                }
            }
            _ => None,
        };
        let values =
            Values::of(message, &merchant, owner, content.as_ref(), password.as_ref(), &self.links);
        self.send_by_any(message, &merchant, routes, &values).await
    }

    /// Tries one way after the other while they refuse; a way that merely fails is worth waiting for.
    async fn send_by_any(
        &self,
        message: &Message,
        merchant: &Merchant,
        routes: Vec<Route>,
        values: &Values,
    ) -> Result<Verdict, StorageError> {
        let mut refusal = String::new();
        for route in routes {
            let channel = route.channel();
            let template = self.template(message, merchant, channel).await?;
            match self.send(message.id, route, &template, values).await {
                Ok(()) => return Ok(Verdict::Sent(channel)),
                Err(error @ DeliveryError::Failed(_)) => {
                    return Ok(Verdict::Failed(error.to_string()));
                }
                Err(error @ DeliveryError::Refused(_)) => refusal = error.to_string(),
            }
        }
        Ok(Verdict::Dropped(refusal))
    }

    async fn send(
        &self,
        id: MessageId,
        route: Route,
        template: &Template,
        values: &Values,
    ) -> Result<(), DeliveryError> {
        let rendered = template::render(template, values);
        let missing = || DeliveryError::Failed("no gateway".into());
        match route {
            Route::Mail(to) => {
                let mailer = self.gateways.mailer.as_ref().ok_or_else(missing)?;
                let (subject, body) = (rendered.subject, rendered.body);
                mailer.send(&Mail { id, to, subject, body }).await
            }
            Route::Text(to) => {
                let texter = self.gateways.texter.as_ref().ok_or_else(missing)?;
                texter.send(&TextMessage { id, to, body: rendered.body }).await
            }
        }
    }

    async fn parties(&self, message: &Message) -> Result<Option<(Merchant, Owner)>, StorageError> {
        let mut session = self.storage.session().await?;
        let Some(merchant) = session.merchants().find(message.merchant).await? else {
            return Ok(None);
        };
        let owner = owner::find(&mut *session, message.merchant, message.about).await?;
        Ok(owner.map(|owner| (merchant, owner)))
    }

    /// The merchant's own text or ours, in the message's language or the programme's first.
    async fn template(
        &self,
        message: &Message,
        merchant: &Merchant,
        channel: Channel,
    ) -> Result<Template, StorageError> {
        let known = |language: &&Language| merchant.languages.contains(language);
        let asked = message.language.as_ref().filter(known);
        let language = asked.or_else(|| merchant.languages.first());
        let Some(language) = language else { return built_in(message.kind, channel, "en") };
        let name = TemplateName { kind: message.kind, channel, language: language.clone() };
        let mut session = self.storage.session().await?;
        match session.messages().find_template(message.merchant, &name).await? {
            Some(template) => Ok(template),
            None => built_in(message.kind, channel, language.as_str()),
        }
    }

    /// A new temporary password, stored; `None` if the account has a password of its owner's choice. Every try to send
    /// makes a new one: what an earlier try may have delivered is replaced by what the next one delivers.
    async fn temporary_password(
        &self,
        merchant: MerchantId,
        customer: CustomerId,
    ) -> Result<Option<Secret<String>>, StorageError> {
        let actor = Actor::Customer(customer);
        let known = self.storage.session().await?.accounts().password(merchant, actor).await?;
        if known.is_some_and(|password| !password.temporary) {
            return Ok(None);
        }
        let password = self.random_password();
        let hash =
            self.keeper.hash_password(password.clone()).await.map_err(|error| match error {
                SecretError::Overloaded => StorageError::Unavailable(error.to_string()),
                SecretError::Unreadable => StorageError::Failed(error.to_string()),
            })?;
        let mut session = self.storage.session().await?;
        let stored = session.accounts().set_temporary_password(merchant, customer, &hash).await?;
        Ok(stored.then_some(password))
    }

    fn random_password(&self) -> Secret<String> {
        let mut password = String::with_capacity(PASSWORD_LENGTH);
        let mut bytes = [0; 2 * PASSWORD_LENGTH];
        while password.len() < PASSWORD_LENGTH {
            self.entropy.fill(&mut bytes);
            // The bytes above the last whole multiple are left out, so that every letter is as likely as any other.
            let fair = bytes
                .iter()
                .filter(|byte| usize::from(**byte) < 256 / LETTERS.len() * LETTERS.len());
            let letters = fair.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
            password.extend(letters.take(PASSWORD_LENGTH - password.len()));
        }
        Secret::new(password)
    }

    fn dice(&self) -> u8 {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        byte[0]
    }
}

fn built_in(kind: MessageKind, channel: Channel, language: &str) -> Result<Template, StorageError> {
    let (subject, body) = builtin::text(kind, channel, language);
    Template::new(subject, body).map_err(|error| StorageError::Failed(error.to_string()))
}
