//! One line of the ledger.

use time::OffsetDateTime;

use crate::access::Actor;
use crate::id::{CustomerId, MerchantId, TransferId};
use crate::money::Amount;
use crate::text::Note;

/// Points that came to a customer or went from one (OL 4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Whose programme.
    pub merchant: MerchantId,
    /// Its id.
    pub id: TransferId,
    /// Whose points.
    pub customer: CustomerId,
    /// How many, above zero.
    pub value: Amount,
    /// Which way they went, and what is left of them.
    pub movement: Movement,
    /// The other customer, of points that one customer gives another. No operation does that yet; the figures know of it.
    pub peer: Option<CustomerId>,
    /// What it was for, in the words of whoever made it.
    pub comment: Option<Note>,
    /// Who made it.
    pub actor: Actor,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// Which way points went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// To the customer.
    Adding(Credit),
    /// From the customer.
    Spending,
}

/// What became of points that came to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// How many are left: neither spent nor more than the transfer's value. A transfer without any is used up.
    pub remaining: Amount,
    /// What may be done with those.
    pub state: CreditState,
    /// Until when they are locked, if they ever were.
    pub locked_until: Option<OffsetDateTime>,
    /// The last moment at which they can be spent; none for points that stay.
    pub expires_at: Option<OffsetDateTime>,
    /// Whether the customer was told that they expire.
    pub warned: bool,
}

/// What may be done with the points that are left of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditState {
    /// They cannot be spent yet.
    Locked,
    /// They can be spent.
    Active,
    /// They were not spent in time.
    Expired,
    /// Somebody took the whole transfer back before any were spent.
    Canceled,
}

impl CreditState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Locked, Self::Active, Self::Expired, Self::Canceled];

    /// The state's name in storage.
    pub fn name(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        }
    }
}

impl Transfer {
    /// The points that came with it, if any came.
    pub fn credit(&self) -> Option<Credit> {
        match self.movement {
            Movement::Adding(credit) => Some(credit),
            Movement::Spending => None,
        }
    }

    /// The same transfer with something else left of it.
    #[must_use]
    pub(crate) fn with(self, credit: Credit) -> Self {
        Self { movement: Movement::Adding(credit), ..self }
    }
}
