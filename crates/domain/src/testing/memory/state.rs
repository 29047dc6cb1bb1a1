//! Everything that is stored.

use std::collections::{BTreeMap, HashMap};

use crate::access::Actor;
use crate::account::{Admin, Operator, Password};
use crate::customer::Customer;
use crate::event::RecordedEvent;
use crate::id::{AdminId, ApplicationId, CustomerId, MerchantId, OperatorId, SellerId};
use crate::invitation::Invitation;
use crate::level::Level;
use crate::merchant::{Application, Merchant};
use crate::message::Message;
use crate::pos::PointOfSale;
use crate::secret::{Fingerprint, Sealed};
use crate::seller::Seller;
use crate::token::{SigningKeyName, Token, TokenPurpose};

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
    pub(super) messages: Vec<Message>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) signing_keys: HashMap<SigningKeyName, Sealed>,
}
