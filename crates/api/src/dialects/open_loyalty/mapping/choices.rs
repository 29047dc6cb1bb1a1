//! What clients offer to choose from (contract 4.7 and 10.1).

mod names;

use serde_json::{Map, Value};

use super::super::wire::settings::{ChoicesBody, StatusesBody};
use super::settings::{EXPIRIES, LANGUAGES, METHODS, STATUSES};
use crate::http::zone::Zone;

/// The choices of a type; nothing for a type that nobody knows. One failing look-up keeps every select of a cockpit
/// empty, so that types of parts that are not served here have their values too.
pub(crate) fn choices(kind: &str) -> Option<ChoicesBody> {
    let choices = match kind {
        "timezone" => time_zones(),
        "language" => labelled(&names::LANGUAGES),
        "country" => labelled(&names::COUNTRIES),
        "availableFrontendTranslations" => labelled(&LANGUAGES),
        "availableCustomerStatuses" => plain(&STATUSES.map(|(word, _)| word)),
        "availableAccountActivationMethods" => plain(&METHODS.map(|(word, _)| word)),
        "availablePointExpireAfter" => plain(&EXPIRIES.map(|(word, _)| word)),
        // The gateway is the operator's business, not a merchant's.
        "smsGatewayConfig" => return Some(ChoicesBody::Fields(Map::new())),
        "availableMarketingVendors" => Map::new(),
        "promotedEvents" => labelled(&[
            ("Customer logged in", "oloy.customer.logged_in"),
            ("First purchase", "oloy.transaction.customer_first_transaction"),
            ("Account created", "oloy.account.created"),
            ("Newsletter subscription", "oloy.customer.newsletter_subscription"),
        ]),
        "referralEvents" => plain(&["register", "first_purchase", "every_purchase"]),
        "referralTypes" => plain(&["referred", "referrer", "both"]),
        "earningRuleLimitPeriod" => plain(&["1 day", "1 week", "1 month"]),
        "deliveryStatus" => plain(&["ordered", "canceled", "shipped", "delivered"]),
        _ => return None,
    };
    Some(ChoicesBody::Choices(choices))
}

/// The statuses that a customer can have.
pub(crate) fn statuses() -> StatusesBody {
    let statuses = STATUSES.map(|(word, _)| word).to_vec();
    StatusesBody { total: statuses.len(), statuses }
}

fn labelled(pairs: &[(&str, &str)]) -> Map<String, Value> {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), Value::from(*value))).collect()
}

fn plain(values: &[&str]) -> Map<String, Value> {
    values.iter().map(|value| ((*value).to_owned(), Value::from(*value))).collect()
}

/// Zones below their regions: `{"Europe": {"Warsaw": "Europe/Warsaw"}}`.
fn time_zones() -> Map<String, Value> {
    let mut regions = Map::new();
    for name in Zone::names() {
        let (region, label) = name.split_once('/').unwrap_or(("Other", &name));
        let label = label.replace('_', " ");
        let region = regions.entry(region).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(zones) = region {
            zones.insert(label, Value::from(name));
        }
    }
    regions
}
