//! The subscription.

use time::OffsetDateTime;

use super::address::DeliveryAddress;
use super::filter::Filter;
use super::header::Headers;
use super::topic::Topic;
use crate::id::{ApplicationId, MerchantId, SubscriptionNumber};
use crate::page::PageRequest;
use crate::secret::Sealed;

/// Who subscribes: a program of a merchant. It sees its own subscriptions and no other program's (KO 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subscriber {
    /// Whose program.
    pub merchant: MerchantId,
    /// The program.
    pub application: ApplicationId,
}

/// A program's wish to be told of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Whose wish.
    pub subscriber: Subscriber,
    /// Its number.
    pub number: SubscriptionNumber,
    /// Of what, where, and how.
    pub terms: Terms,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

/// What a subscription says, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Of what it is told.
    pub topic: Topic,
    /// Where that goes.
    pub address: DeliveryAddress,
    /// How it is written.
    pub format: Format,
    /// What is added to the head of each delivery: [`Headers`], sealed; `None` for nothing.
    pub headers: Option<Sealed>,
    /// Which events of the topic.
    pub filter: Filter,
}

/// How a delivery is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[Self::Json, Self::Xml];

    /// The format's name in storage and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }

    /// The format with a name, letter for letter.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

/// A subscription that is to be made. Equal ones may stand beside each other: each is told (KO 3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// Of what it is told.
    pub topic: Topic,
    /// Where that goes.
    pub address: DeliveryAddress,
    /// How it is written.
    pub format: Format,
    /// What is added to the head of each delivery.
    pub headers: Headers,
    /// Which events of the topic.
    pub filter: Filter,
}

/// New values, each as a whole; `None` leaves the old one (KO 3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionPatch {
    /// Of what it is told.
    pub topic: Option<Topic>,
    /// Where that goes.
    pub address: Option<DeliveryAddress>,
    /// How it is written.
    pub format: Option<Format>,
    /// What is added to the head of each delivery.
    pub headers: Option<Headers>,
    /// Which events of the topic.
    pub filter: Option<Filter>,
}

/// A part of a program's subscriptions, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionQuery {
    /// Only those with a greater number.
    pub after: Option<SubscriptionNumber>,
    /// Which part of these.
    pub page: PageRequest,
}
