//! What a client wants a webhook to be (contract 3.2 to 3.4).

use domain::subscription::{
    DeliveryAddress, Filter, FilterText, Format, HeaderName, HeaderValue, Headers, InvalidAddress,
    InvalidHeaderValue, InvalidHeaders, NewSubscription, SubscriptionPatch, Topic, Watch,
};
use domain::text::InvalidText;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::fields::Fields;
use crate::dialects::kounta::errors::{Kind, Violation, WebhookRule};
use crate::dialects::kounta::wire::WriteWebhook;

/// The filter's key for parts of a customer.
pub(super) const ATTRIBUTES: &str = "attributes";
/// The filter's key for sites.
pub(super) const SITES: &str = "site_ids";

/// What the vendor's own headers begin with.
const RESERVED: &str = "X-Kounta";
const ADDRESS_LENGTH: usize = 2048;
const FILTER_LENGTH: usize = 4096;

/// Reads a body for a new webhook.
pub(crate) fn new_webhook(body: WriteWebhook) -> Result<NewSubscription, Violation> {
    let mut fields = Fields::default();
    // A key that was not sent is missing like one that is empty.
    let required = WriteWebhook {
        topic: body.topic.or(Some(Value::Null)),
        address: body.address.or(Some(Value::Null)),
        ..body
    };
    let patch = fields.webhook(required);
    match (fields.broken(), patch.topic, patch.address) {
        (Some(rule), _, _) => Err(rule),
        (None, None, _) => Err(WebhookRule::TopicRequired.into()),
        (None, _, None) => Err(WebhookRule::AddressRequired.into()),
        (None, Some(topic), Some(address)) => Ok(NewSubscription {
            topic,
            address,
            format: patch.format.unwrap_or_default(),
            headers: patch.headers.unwrap_or_default(),
            filter: patch.filter.unwrap_or_default(),
        }),
    }
}

/// Reads a body that changes a webhook.
pub(crate) fn webhook_patch(body: WriteWebhook) -> Result<SubscriptionPatch, Violation> {
    let mut fields = Fields::default();
    let patch = fields.webhook(body);
    fields.broken().map_or(Ok(patch), Err)
}

impl Fields {
    fn webhook(&mut self, body: WriteWebhook) -> SubscriptionPatch {
        SubscriptionPatch {
            topic: body.topic.and_then(|value| self.topic(value)),
            address: body.address.and_then(|value| self.delivery_address(value)),
            format: body.format.and_then(|value| self.format(value)),
            headers: body.headers.and_then(|value| self.headers(value)),
            filter: body.filter.and_then(|value| self.filter(value)),
        }
    }

    fn topic(&mut self, value: Value) -> Option<Topic> {
        let name = self.text("topic", value)?;
        let topic = Topic::named(&name);
        if topic.is_none() {
            let missing = name.trim().is_empty();
            self.refuse_webhook(if missing {
                WebhookRule::TopicRequired
            } else {
                WebhookRule::UnknownTopic
            });
        }
        topic
    }

    fn delivery_address(&mut self, value: Value) -> Option<DeliveryAddress> {
        let text = self.text("address", value)?;
        if text.trim().is_empty() {
            self.refuse_webhook(WebhookRule::AddressRequired);
            return None;
        }
        let refused = match DeliveryAddress::try_from(text) {
            Ok(address) => return Some(address),
            Err(InvalidAddress::Text(InvalidText::TooLong { .. })) => {
                Violation::TooLong("address", ADDRESS_LENGTH)
            }
            Err(InvalidAddress::Text(InvalidText::NullCharacter)) => {
                Violation::NullCharacter("address")
            }
            Err(InvalidAddress::NotAbsolute) => WebhookRule::AddressForm.into(),
        };
        self.refuse(refused);
        None
    }

    /// Null stands for the format that counts without one.
    fn format(&mut self, value: Value) -> Option<Format> {
        if value.is_null() {
            return Some(Format::default());
        }
        let format = Format::named(&self.text("format", value)?);
        if format.is_none() {
            self.refuse_webhook(WebhookRule::UnknownFormat);
        }
        format
    }

    fn headers(&mut self, value: Value) -> Option<Headers> {
        let members = self.object("headers", value)?;
        // Each is judged before any is given up, so that the first broken rule is told.
        let read: Vec<_> =
            members.into_iter().map(|(name, value)| self.header(name, value)).collect();
        let headers = read.into_iter().collect::<Option<Vec<_>>>()?;
        let refused = match Headers::new(headers) {
            Ok(headers) => return Some(headers),
            Err(InvalidHeaders::TooMany) => WebhookRule::TooManyHeaders(Headers::MOST),
            Err(InvalidHeaders::Repeated) => WebhookRule::RepeatedHeader,
        };
        self.refuse_webhook(refused);
        None
    }

    fn header(&mut self, name: String, value: Value) -> Option<(HeaderName, HeaderValue)> {
        let name = HeaderName::try_from(name).ok().filter(|name| !name.begins_with(RESERVED));
        if name.is_none() {
            self.refuse_webhook(WebhookRule::HeaderName);
        }
        let Value::String(value) = value else {
            self.refuse_webhook(WebhookRule::HeaderValueType);
            return None;
        };
        let refused = match HeaderValue::try_from(value) {
            Ok(value) => return Some((name?, value)),
            Err(InvalidHeaderValue::ControlCharacter) => WebhookRule::ControlCharacter,
            Err(InvalidHeaderValue::TooLong) => WebhookRule::LongHeaderValue(HeaderValue::LONGEST),
        };
        self.refuse_webhook(refused);
        None
    }

    /// Members without content are conditions that nobody made: a client written in Go sends `{"site_ids":null}`.
    fn filter(&mut self, value: Value) -> Option<Filter> {
        let mut members = self.object("filter", value)?;
        members.retain(|_, value| !is_empty(value));
        let watched =
            members.shift_remove(ATTRIBUTES).map_or(Some(Vec::new()), |value| self.watched(value));
        let sites = members.shift_remove(SITES).map_or(Some(Vec::new()), |value| self.sites(value));
        let others = self.others(&members);
        let filter = Filter::new(watched?, sites?, others?);
        if filter.is_err() {
            self.refuse_webhook(WebhookRule::TooManySites(Filter::MOST_SITES));
        }
        filter.ok()
    }

    fn watched(&mut self, value: Value) -> Option<Vec<Watch>> {
        let Ok(names) = Vec::<String>::deserialize(value) else {
            self.refuse(Violation::WrongType("filter.attributes", Kind::Strings));
            return None;
        };
        let watched: Result<Vec<_>, _> = names.iter().map(|name| Watch::named(name)).collect();
        if watched.is_err() {
            self.refuse_webhook(WebhookRule::UnknownAttribute);
        }
        watched.ok()
    }

    fn sites(&mut self, value: Value) -> Option<Vec<i64>> {
        let sites = Vec::<i64>::deserialize(value);
        if sites.is_err() {
            self.refuse(Violation::WrongType("filter.site_ids", Kind::Numbers));
        }
        sites.ok()
    }

    /// What is not understood is kept, so that it can be shown again; it does not filter (contract 3.4).
    fn others(&mut self, members: &Map<String, Value>) -> Option<FilterText> {
        if members.is_empty() {
            return Some(FilterText::default());
        }
        let text = FilterText::try_from(Value::from(members.clone()).to_string());
        if text.is_err() {
            self.refuse(Violation::TooLong("filter", FILTER_LENGTH));
        }
        text.ok()
    }

    /// An object; null and an array without items are an empty one.
    fn object(&mut self, key: &'static str, value: Value) -> Option<Map<String, Value>> {
        match value {
            Value::Object(members) => Some(members),
            value if is_empty(&value) => Some(Map::new()),
            _ => {
                self.refuse(Violation::WrongType(key, Kind::Object));
                None
            }
        }
    }

    fn refuse_webhook(&mut self, rule: WebhookRule) {
        self.refuse(rule.into());
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests;
