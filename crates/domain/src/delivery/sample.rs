//! What an operator sends to see whether an endpoint answers.

use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Fact, Target};
use crate::access::Actor;
use crate::customer::{Changes, Customer, Email, Name};
use crate::event::{Event, EventKind, RecordedEvent};
use crate::id::{EventId, MerchantId};
use crate::subscription::Topic;
use crate::text::Line;

/// Something that never happened to a customer who never was, of the kind that the target is told of. Ids of nobody (zero)
/// and a name that says so keep it from being taken for a person.
pub(super) fn sample(
    merchant: MerchantId,
    target: &Target,
    event: EventId,
    at: OffsetDateTime,
) -> Fact {
    let kind = match target {
        Target::Subscription { topic: Topic::CustomersCreated, .. } => EventKind::CustomerCreated,
        Target::Subscription { topic: Topic::CustomersDeleted, .. } => EventKind::CustomerDeleted,
        Target::Subscription { .. } | Target::Settings { .. } => {
            EventKind::CustomerUpdated(Changes::default())
        }
    };
    let event = Event { id: event, kind, actor: Actor::System, at };
    Fact::Customer(Box::new(RecordedEvent { event, record: nobody(merchant, at) }))
}

fn nobody(merchant: MerchantId, at: OffsetDateTime) -> Customer {
    let nobody = Uuid::nil();
    let name = Name::Divided { first: Line::constant("Test"), last: Line::constant("Customer") };
    Customer {
        email: Email::try_from("test@example.com").ok(),
        ..Customer::bare(merchant, nobody.into(), nobody.into(), name, at)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::want::Wants;
    use super::*;
    use crate::subscription::{Filter, Format, Headers};
    use crate::testing::{a_merchant, an_event, an_id};

    #[test]
    fn a_sample_is_of_a_kind_that_the_target_wants() {
        let at = an_event(EventKind::CustomerCreated).at;
        let address = || "https://example.test/".to_owned().try_into().unwrap();
        for topic in [Topic::CustomersCreated, Topic::CustomersUpdated, Topic::CustomersDeleted] {
            let target = Target::Subscription {
                application: an_id(),
                number: 1.try_into().unwrap(),
                topic,
                format: Format::Json,
                address: address(),
                headers: Headers::default(),
                signature_token: None,
            };
            let fact = sample(a_merchant().id, &target, an_id(), at);
            let kind = match &fact.event().kind {
                // The program would be told of any change that others see.
                EventKind::CustomerUpdated(_) => EventKind::CustomerAnonymized,
                kind => kind.clone(),
            };
            assert!(Wants::Topic(topic, Filter::default()).includes(&kind), "{topic:?}");
        }
        let target = Target::Settings { address: address(), header: None, levels: BTreeMap::new() };
        let fact = sample(a_merchant().id, &target, an_id(), at);
        assert!(Wants::Programme.includes(&fact.event().kind));
    }
}
