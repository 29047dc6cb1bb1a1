//! The feed: the order in which events were stored.

use time::OffsetDateTime;

use super::super::state::State;
use crate::delivery::{
    Beyond, Fact, FeedEvent, FeedFilter, FeedPosition, Headline, Place, Stretch, Subject,
};
use crate::id::MerchantId;

impl State {
    /// Notes that a change of a subject wrote so many events.
    pub(in super::super) fn note_in_feed(
        &mut self,
        merchant: MerchantId,
        subject: Subject,
        version: u64,
        events: usize,
    ) {
        for ordinal in (1..).take(events) {
            let transaction = self.feed.len() as u64 + 1;
            let (subject_id, place) = (subject.id(), Place { version, ordinal });
            let position = FeedPosition { transaction, merchant, subject: subject_id, place };
            self.feed.push((position, subject));
        }
    }

    pub(super) fn headlines(&self, after: FeedPosition, limit: u32) -> Stretch<Headline> {
        let stretch = self.facts(after, &FeedFilter::default(), limit);
        let headline = |told: FeedEvent| {
            let event = told.fact.event();
            let (kind, at) = (event.kind.clone(), event.at);
            Headline { position: told.position, subject: told.fact.subject(), kind, at }
        };
        Stretch {
            events: stretch.events.into_iter().map(headline).collect(),
            begins_at: stretch.begins_at,
            reached: stretch.reached,
            beyond: stretch.beyond,
        }
    }

    pub(super) fn facts(
        &self,
        after: FeedPosition,
        filter: &FeedFilter,
        limit: u32,
    ) -> Stretch<FeedEvent> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut stretch = Stretch {
            events: Vec::new(),
            begins_at: None,
            reached: after,
            beyond: Beyond::Nothing,
        };
        for (position, subject) in self.feed.iter().filter(|(position, _)| *position > after) {
            if stretch.events.len() == limit {
                stretch.beyond = Beyond::More;
                break;
            }
            stretch.reached = *position;
            let Some(fact) = self.fact(position.merchant, *subject, position.place) else {
                continue;
            };
            stretch.begins_at.get_or_insert(fact.event().at);
            if filter.lets_pass(position.merchant, *subject, &fact.event().kind) {
                stretch.events.push(FeedEvent { position: *position, fact });
            }
        }
        stretch
    }

    pub(super) fn feed_at(&self, moment: OffsetDateTime) -> FeedPosition {
        let happened = |(position, subject): &&(FeedPosition, Subject)| {
            self.fact(position.merchant, *subject, position.place)
                .is_some_and(|fact| fact.event().at >= moment)
        };
        let first = self.feed.iter().find(happened);
        let transaction =
            first.map_or(self.feed.len() as u64 + 1, |(position, _)| position.transaction);
        FeedPosition::before(transaction)
    }

    /// An event with its record.
    pub(super) fn fact(
        &self,
        merchant: MerchantId,
        subject: Subject,
        place: Place,
    ) -> Option<Fact> {
        match subject {
            Subject::Customer(id) => {
                let events = self.events.get(&(merchant, id))?;
                let mut of_version =
                    events.iter().filter(|told| told.record.version == place.version);
                let told = of_version.nth(usize::from(place.ordinal) - 1).cloned()?;
                Some(Fact::Customer(Box::new(told)))
            }
            Subject::Transaction(id) => {
                let mut all = self.transactions.iter().filter(|(one, _)| one.merchant == merchant);
                let (_, told) = all.find(|(one, _)| one.id == id)?;
                Some(Fact::Transaction(Box::new(told.clone())))
            }
            Subject::Endpoint(id) => {
                let told = self.warnings.iter().find(|warning| warning.event.id == id)?;
                Some(Fact::Endpoint(Box::new(told.clone())))
            }
        }
    }
}
