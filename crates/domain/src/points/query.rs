//! Lists of transfers.

use time::OffsetDateTime;

use super::model::{CreditState, Transfer};
use crate::customer::{Customer, Email, LoyaltyCard, PhoneNumber};
use crate::id::{CustomerId, WalletId};
use crate::money::Amount;
use crate::page::PageRequest;

/// A list of transfers, the newest first unless it is asked for the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferQuery {
    /// Conditions, joined by "and".
    pub criteria: Vec<TransferCriterion>,
    /// Whether the oldest come first.
    pub oldest_first: bool,
    /// Which part.
    pub page: PageRequest,
}

/// One condition of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferCriterion {
    /// Of one customer.
    Customer(CustomerId),
    /// Of a kind.
    Kind(TransferKind),
    /// In any of these states.
    States(Vec<CreditState>),
    /// Active points that expire at a moment or before it.
    ExpiresUntil(OffsetDateTime),
}

/// What a transfer is (OL `type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// Points of the programme.
    Adding,
    /// Points spent in the programme.
    Spending,
    /// Points that another customer gave.
    AddingFromCustomer,
    /// Points given to another customer.
    SpendingToCustomer,
}

impl TransferKind {
    /// What a transfer is.
    pub fn of(transfer: &Transfer) -> Self {
        match (transfer.credit().is_some(), transfer.peer.is_some()) {
            (true, false) => Self::Adding,
            (false, false) => Self::Spending,
            (true, true) => Self::AddingFromCustomer,
            (false, true) => Self::SpendingToCustomer,
        }
    }

    /// Whether points come, and whether another customer is the other side.
    pub fn parts(self) -> (bool, bool) {
        match self {
            Self::Adding => (true, false),
            Self::Spending => (false, false),
            Self::AddingFromCustomer => (true, true),
            Self::SpendingToCustomer => (false, true),
        }
    }
}

impl Transfer {
    /// The state that lists show and look for. A transfer that spends points is done, which counts as active.
    pub fn state(&self) -> CreditState {
        self.credit().map_or(CreditState::Active, |credit| credit.state)
    }
}

/// A transfer in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTransfer {
    /// The transfer.
    pub transfer: Transfer,
    /// Whose it is; nobody, where the customer was deleted.
    pub owner: Option<TransferOwner>,
}

/// A customer as lists of transfers show it, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferOwner {
    /// First name, or an undivided one.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<Email>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Loyalty card.
    pub loyalty_card: Option<LoyaltyCard>,
    /// The customer's wallet, which stands for its account of points.
    pub wallet: WalletId,
}

impl From<&Customer> for TransferOwner {
    fn from(customer: &Customer) -> Self {
        Self {
            first_name: customer.name.first().to_owned(),
            last_name: customer.name.last().to_owned(),
            email: customer.email.clone(),
            phone: customer.phone.clone(),
            loyalty_card: customer.loyalty_card.clone(),
            wallet: customer.wallet_id,
        }
    }
}

/// What was spent in a programme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpentPoints {
    /// How often.
    pub transfers: u64,
    /// How many points in all.
    pub points: Amount,
}
