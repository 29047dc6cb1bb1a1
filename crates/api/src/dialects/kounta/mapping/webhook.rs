//! Webhooks as the vendor shows them (contract 3.1).

use domain::merchant::Merchant;
use domain::subscription::{Filter, HeaderName, HeaderValue, Headers, Subscription, Watch};
use serde_json::{Map, Value};

use super::subscribe::{ATTRIBUTES, SITES};
use super::zone;
use crate::dialects::kounta::wire;

/// The whole webhook, with its headers opened. Unlike a customer's, its timestamps are the real ones.
pub(crate) fn webhook(
    subscription: &Subscription,
    headers: &Headers,
    merchant: &Merchant,
) -> wire::Webhook {
    let terms = &subscription.terms;
    let zone = zone(merchant);
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.to_string(), Value::from(value.expose()))
    };
    wire::Webhook {
        id: subscription.number.into(),
        topic: terms.topic.name(),
        address: terms.address.to_string(),
        format: terms.format.name(),
        created_at: zone.format_extended(subscription.created_at),
        updated_at: zone.format_extended(subscription.updated_at),
        filter: filter(&terms.filter),
        headers: headers.iter().map(header).collect(),
    }
}

/// Conditions that are not there are left out; what nobody understands is shown as it came.
fn filter(filter: &Filter) -> Map<String, Value> {
    let mut members = Map::new();
    if !filter.watched().is_empty() {
        let names = filter.watched().iter().copied().map(Watch::name);
        members.insert(ATTRIBUTES.to_owned(), names.collect());
    }
    if !filter.sites().is_empty() {
        members.insert(SITES.to_owned(), filter.sites().iter().copied().collect());
    }
    // Only what we wrote ourselves is stored, so what does not parse is not there.
    let others: Map<String, Value> =
        serde_json::from_str(filter.others().as_str()).unwrap_or_default();
    members.extend(others);
    members
}

#[cfg(test)]
mod tests {
    use domain::subscription::{FilterText, Subscriber, Terms};
    use domain::testing::{a_merchant, a_subscription, an_id};
    use domain::text::Line;
    use time::macros::datetime;

    use super::*;

    fn melbourne() -> Merchant {
        Merchant { time_zone: Line::try_from("Australia/Melbourne").unwrap(), ..a_merchant() }
    }

    fn shown(filter: Filter, headers: &Headers) -> String {
        let merchant = melbourne();
        let subscription = Subscription {
            subscriber: Subscriber { merchant: merchant.id, application: an_id() },
            number: 537.try_into().unwrap(),
            terms: Terms { filter, ..a_subscription() },
            created_at: datetime!(2026-03-01 22:15:00.9 UTC),
            updated_at: datetime!(2026-07-05 07:40:12 UTC),
        };
        serde_json::to_string(&webhook(&subscription, headers, &merchant)).unwrap()
    }

    fn around(filter: &str, headers: &str) -> String {
        let rest = r#""id":537,"topic":"customers/updated","address":"https://hooks.example.test/kounta","format":"json","created_at":"2026-03-02T09:15:00+11:00","updated_at":"2026-07-05T17:40:12+10:00""#;
        format!(r#"{{{rest},"filter":{filter},"headers":{headers}}}"#)
    }

    #[test]
    fn a_webhook_has_the_contracts_keys_in_order() {
        let watched = [Watch::Name, Watch::Mobile];
        let filter = Filter::new(watched, Vec::new(), FilterText::default()).unwrap();
        let header = |name: &str, value: &str| {
            (name.to_owned().try_into().unwrap(), value.to_owned().try_into().unwrap())
        };
        let headers =
            vec![header("Authorization", "Bearer receiver-secret"), header("X-Tenant", "geelong")];
        let expected = around(
            r#"{"attributes":["name","mobile"]}"#,
            r#"{"Authorization":"Bearer receiver-secret","X-Tenant":"geelong"}"#,
        );
        assert_eq!(shown(filter, &Headers::new(headers).unwrap()), expected);
    }

    #[test]
    fn what_is_empty_is_an_empty_object() {
        assert_eq!(shown(Filter::default(), &Headers::default()), around("{}", "{}"));
    }

    #[test]
    fn other_conditions_are_shown_as_they_came() {
        let others = FilterText::try_from(r#"{"b":1.50,"a":{"x":[null]}}"#).unwrap();
        let filter = Filter::new([], vec![923], others).unwrap();
        let expected = around(r#"{"site_ids":[923],"b":1.50,"a":{"x":[null]}}"#, "{}");
        assert_eq!(shown(filter, &Headers::default()), expected);
    }
}
