//! Everything that is stored.

use std::collections::{BTreeMap, HashMap};

use crate::access::Actor;
use crate::account::{Admin, Operator, Password};
use crate::audit::View;
use crate::code::{CodePurpose, NewCode};
use crate::customer::Customer;
use crate::delivery::{
    Attempt, DeliveryKey, DeliveryState, Endpoint, FeedPosition, Lane, SigningSecrets, Subject,
    Warning,
};
use crate::event::RecordedEvent;
use crate::id::{
    AdminId, ApplicationId, CustomerId, DeliveryId, MerchantId, OperatorId, SellerId,
    SubscriptionNumber, TransferId,
};
use crate::import::Import;
use crate::invitation::Invitation;
use crate::job::Job;
use crate::level::Level;
use crate::merchant::{Application, Merchant};
use crate::message::{Message, Template, TemplateName};
use crate::payment_method::PaymentMethod;
use crate::picture::PicturePath;
use crate::points::Transfer;
use crate::pos::PointOfSale;
use crate::secret::{Fingerprint, Sealed};
use crate::seller::Seller;
use crate::subscription::{Subscriber, Subscription};
use crate::token::{SigningKeyName, Token, TokenPurpose};
use crate::transaction::{RecordedTransaction, Transaction};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// A message that waits.
#[derive(Clone)]
pub(super) struct Waiting {
    pub(super) message: Message,
    pub(super) attempts: u32,
    pub(super) due_at: OffsetDateTime,
}

impl From<&Message> for Waiting {
    fn from(message: &Message) -> Self {
        Self { message: message.clone(), attempts: 0, due_at: message.created_at }
    }
}

/// The rows of all tables. Whatever belongs to a merchant has the merchant in its key.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) merchants: HashMap<MerchantId, Merchant>,
    pub(super) applications: HashMap<(MerchantId, ApplicationId), Application>,
    pub(super) customers: BTreeMap<(MerchantId, CustomerId), Customer>,
    pub(super) events: HashMap<(MerchantId, CustomerId), Vec<RecordedEvent>>,
    /// How many customers were ever numbered.
    pub(super) numbered: i64,
    pub(super) levels: Vec<Level>,
    pub(super) points_of_sale: Vec<PointOfSale>,
    pub(super) sellers: HashMap<(MerchantId, SellerId), Seller>,
    pub(super) admins: HashMap<(MerchantId, AdminId), Admin>,
    pub(super) operators: HashMap<(MerchantId, OperatorId), Operator>,
    pub(super) passwords: HashMap<(MerchantId, Actor), Password>,
    /// The moment before which an account's tokens work no more.
    pub(super) sessions_since: HashMap<(MerchantId, Actor), OffsetDateTime>,
    pub(super) codes: HashMap<(MerchantId, Actor, CodePurpose), CodeRow>,
    pub(super) budgets: HashMap<BudgetKey, Count>,
    pub(super) tokens: HashMap<(TokenPurpose, Fingerprint), Token>,
    /// The newest token of each family that was renewed.
    pub(super) renewals: HashMap<(TokenPurpose, Fingerprint), Fingerprint>,
    /// Messages that wait, in the order they came.
    pub(super) messages: Vec<Waiting>,
    pub(super) templates: HashMap<(MerchantId, TemplateName), Template>,
    /// The day for which each merchant's job was last finished.
    pub(super) job_days: HashMap<(MerchantId, Job), Date>,
    /// Looks at customers, in the order they came.
    pub(super) views: Vec<View>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) transfers: BTreeMap<(MerchantId, TransferId), Transfer>,
    pub(super) imports: HashMap<(MerchantId, Fingerprint), Import>,
    /// In the order in which they were registered, each with what was told of it.
    pub(super) transactions: Vec<(Transaction, RecordedTransaction)>,
    /// From when files that no row names may be removed.
    pub(super) strays: BTreeMap<(MerchantId, PicturePath), OffsetDateTime>,
    pub(super) payment_methods: Vec<PaymentMethod>,
    pub(super) subscriptions: BTreeMap<(Subscriber, SubscriptionNumber), Subscription>,
    /// How many subscriptions were ever numbered.
    pub(super) subscriptions_numbered: i64,
    /// Every event in the order of the feed.
    pub(super) feed: Vec<(FeedPosition, Subject)>,
    /// How far the feed was fanned out.
    pub(super) fanned_out: Option<FeedPosition>,
    pub(super) endpoints: BTreeMap<Endpoint, EndpointRow>,
    pub(super) warnings: Vec<Warning>,
    pub(super) deliveries: BTreeMap<DeliveryKey, DeliveryRow>,
    pub(super) lanes: BTreeMap<Lane, LaneRow>,
    pub(super) attempts: Vec<(Endpoint, DeliveryId, Attempt)>,
    pub(super) signing_keys: HashMap<SigningKeyName, Sealed>,
}

/// An endpoint that was told of something.
#[derive(Clone)]
pub(super) struct EndpointRow {
    pub(super) secrets: SigningSecrets,
    pub(super) paused_at: Option<OffsetDateTime>,
    pub(super) failing_since: Option<OffsetDateTime>,
    pub(super) told_at: Option<OffsetDateTime>,
    pub(super) last_attempt_at: Option<OffsetDateTime>,
    pub(super) last_success_at: Option<OffsetDateTime>,
}

/// A delivery.
#[derive(Clone)]
pub(super) struct DeliveryRow {
    pub(super) id: DeliveryId,
    pub(super) state: DeliveryState,
    pub(super) attempts: u32,
    pub(super) body: Option<Vec<u8>>,
    /// Whether the person it tells of is a person no more.
    pub(super) is_stripped: bool,
    pub(super) created_at: OffsetDateTime,
    pub(super) settled_at: Option<OffsetDateTime>,
}

/// A lane with something pending.
#[derive(Clone, Copy)]
pub(super) struct LaneRow {
    pub(super) due_at: OffsetDateTime,
    pub(super) lease: Option<Uuid>,
}

/// Merchant, rule and subject.
pub(super) type BudgetKey = (MerchantId, &'static str, Fingerprint);

/// How much of a budget is used.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub(super) used: u32,
    pub(super) ends_at: OffsetDateTime,
}

/// The newest code of an account and a purpose.
#[derive(Clone)]
pub(super) struct CodeRow {
    pub(super) code: NewCode,
    /// How many there have been.
    pub(super) number: u32,
    /// Wrong guesses.
    pub(super) tries: u32,
    pub(super) used: bool,
    /// Whether anybody who shows it is told apart from somebody who shows an unknown one.
    pub(super) outstanding: bool,
}
