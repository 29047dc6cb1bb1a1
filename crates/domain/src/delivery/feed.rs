//! The one order of all events, and what reads along it.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Fact, Place, Subject};
use crate::event::EventKind;
use crate::id::{CustomerId, MerchantId};
use crate::text::hex;

/// A place in the feed of all events: that of an event, or one between two. Events are in the order of the storage
/// transactions that wrote them; those of one transaction by merchant, subject, version and ordinal.
///
/// As text it is opaque. It means something only to the database that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedPosition {
    /// The number of the transaction that wrote the event.
    pub transaction: u64,
    /// Whose event.
    pub merchant: MerchantId,
    /// Whom it is about: [`Subject::id`].
    pub subject: Uuid,
    /// Its place there.
    pub place: Place,
}

/// The bytes of a position.
const SIZE: usize = 8 + 16 + 16 + 8 + 2;

impl FeedPosition {
    /// Before everything that a transaction wrote.
    pub fn before(transaction: u64) -> Self {
        let place = Place { version: 0, ordinal: 0 };
        Self { transaction, merchant: Uuid::nil().into(), subject: Uuid::nil(), place }
    }
}

impl fmt::Display for FeedPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend(self.transaction.to_be_bytes());
        bytes.extend(Uuid::from(self.merchant).into_bytes());
        bytes.extend(self.subject.into_bytes());
        bytes.extend(self.place.version.to_be_bytes());
        bytes.extend(self.place.ordinal.to_be_bytes());
        f.write_str(&hex(&bytes))
    }
}

impl FromStr for FeedPosition {
    type Err = InvalidPosition;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if raw.len() != 2 * SIZE || !raw.bytes().all(lower) {
            return Err(InvalidPosition);
        }
        let number = |from: usize, bytes: usize| {
            u128::from_str_radix(&raw[2 * from..2 * (from + bytes)], 16)
                .map_err(|_| InvalidPosition)
        };
        // Storage counts with a sign.
        let counted = |from: usize| {
            let count = u64::try_from(number(from, 8)?).map_err(|_| InvalidPosition)?;
            if i64::try_from(count).is_ok() { Ok(count) } else { Err(InvalidPosition) }
        };
        let ordinal = u16::try_from(number(48, 2)?).map_err(|_| InvalidPosition)?;
        if i16::try_from(ordinal).is_err() {
            return Err(InvalidPosition);
        }
        Ok(Self {
            transaction: counted(0)?,
            merchant: Uuid::from_u128(number(8, 16)?).into(),
            subject: Uuid::from_u128(number(24, 16)?),
            place: Place { version: counted(40)?, ordinal },
        })
    }
}

/// The text is no position in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in the feed of events")]
pub struct InvalidPosition;

/// An event without its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Where it stands.
    pub position: FeedPosition,
    /// Whom it is about.
    pub subject: Subject,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: OffsetDateTime,
}

/// An event with its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEvent {
    /// Where it stands.
    pub position: FeedPosition,
    /// What happened.
    pub fact: Fact,
}

/// A part of the feed without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    /// The events that were wanted, in the order of the feed.
    pub events: Vec<T>,
    /// When the first event of the part happened, wanted or not.
    pub begins_at: Option<OffsetDateTime>,
    /// Up to where nothing more is wanted; from here it goes on.
    pub reached: FeedPosition,
    /// What comes behind it.
    pub beyond: Beyond,
}

/// What comes behind a part of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// More that can be read now.
    More,
    /// Events that are stored but have to wait for transactions that began before theirs and have not ended yet.
    Waiting,
    /// Nothing yet.
    Nothing,
}

/// Which events of the feed are wanted: those that meet everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedFilter {
    /// Of a merchant.
    pub merchant: Option<MerchantId>,
    /// Of one of these kinds; of any, if there are none.
    pub kinds: Vec<EventName>,
    /// About a customer.
    pub customer: Option<CustomerId>,
}

/// The name of a kind of event ([`EventKind::name`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName(&'static str);

impl EventName {
    /// Every name.
    pub const ALL: [Self; 16] = [
        Self("customer_created"),
        Self("customer_updated"),
        Self("customer_deleted"),
        Self("customer_activated"),
        Self("customer_deactivated"),
        Self("customer_anonymized"),
        Self("newsletter_announced"),
        Self("manual_level_removed"),
        Self("points_changed"),
        Self("points_expiring"),
        Self("level_expiring"),
        Self("transaction_registered"),
        Self("transaction_assigned"),
        Self("level_changed"),
        Self("level_moved"),
        Self("endpoint_failing"),
    ];

    /// The name as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The name that is written so, letter for letter.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.0 == name)
    }
}

impl From<&EventKind> for EventName {
    fn from(kind: &EventKind) -> Self {
        Self(kind.name())
    }
}

impl FeedFilter {
    /// Whether an event of a merchant is wanted.
    pub fn lets_pass(&self, merchant: MerchantId, subject: Subject, kind: &EventKind) -> bool {
        self.merchant.is_none_or(|wanted| wanted == merchant)
            && (self.kinds.is_empty() || self.kinds.contains(&kind.into()))
            && self.customer.is_none_or(|wanted| subject == Subject::Customer(wanted))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_position_survives_as_text(
            transaction in 0..=i64::MAX.cast_unsigned(),
            merchant: u128,
            subject: u128,
            version in 0..=i64::MAX.cast_unsigned(),
            ordinal in 0..=i16::MAX.cast_unsigned(),
        ) {
            let position = FeedPosition {
                transaction,
                merchant: Uuid::from_u128(merchant).into(),
                subject: Uuid::from_u128(subject),
                place: Place { version, ordinal },
            };
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }

        #[test]
        fn no_text_but_a_position_is_one(raw in "[0-9a-fA-F+ ż]{98,101}") {
            if let Ok(position) = raw.parse::<FeedPosition>() {
                prop_assert_eq!(position.to_string(), raw);
            }
        }
    }

    #[test]
    fn what_storage_cannot_count_is_no_position() {
        let zeros = FeedPosition::before(0).to_string();
        for (at, digit) in [(0, "8"), (80, "8"), (96, "8")] {
            let mut raw = zeros.clone();
            raw.replace_range(at..=at, digit);
            assert_eq!(raw.parse::<FeedPosition>(), Err(InvalidPosition), "{at}");
        }
        assert_eq!("".parse::<FeedPosition>(), Err(InvalidPosition));
    }

    #[test]
    fn kinds_are_known_by_their_names() {
        for kind in [EventKind::CustomerCreated, EventKind::TransactionRegistered] {
            assert_eq!(EventName::named(kind.name()), Some((&kind).into()));
        }
        assert_eq!(EventName::named("customer_sold"), None);
    }
}
