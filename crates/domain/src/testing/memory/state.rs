//! Everything that is stored.

use std::collections::{BTreeMap, HashMap};

use time::{Date, OffsetDateTime};

use crate::access::Actor;
use crate::account::{Admin, Operator, Password};
use crate::audit::View;
use crate::customer::Customer;
use crate::event::RecordedEvent;
use crate::id::{AdminId, ApplicationId, CustomerId, MerchantId, OperatorId, SellerId};
use crate::job::Job;
use crate::level::Level;
use crate::merchant::{Application, Merchant};
use crate::message::{Message, Template, TemplateName};
use crate::pos::PointOfSale;
use crate::secret::{Fingerprint, Sealed};
use crate::seller::Seller;
use crate::token::{SigningKeyName, Token, TokenPurpose};

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
    pub(super) tokens: HashMap<(TokenPurpose, Fingerprint), Token>,
    /// Messages that wait, in the order they came.
    pub(super) messages: Vec<Waiting>,
    pub(super) templates: HashMap<(MerchantId, TemplateName), Template>,
    /// The day for which each merchant's job was last finished.
    pub(super) job_days: HashMap<(MerchantId, Job), Date>,
    /// Looks at customers, in the order they came.
    pub(super) views: Vec<View>,
    pub(super) signing_keys: HashMap<SigningKeyName, Sealed>,
}
