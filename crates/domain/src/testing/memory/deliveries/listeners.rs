//! Who is told, and where.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::state::State;
use crate::delivery::{Endpoint, Listener, Party, Source, Target, Wants};
use crate::id::MerchantId;
use crate::merchant::{Credentials, Merchant, WebhookSettings};
use crate::subscription::{DeliveryAddress, Headers, Subscription};

impl State {
    pub(super) fn listeners(&self, merchants: &[MerchantId]) -> Vec<Listener> {
        let subscriptions = self.subscriptions.values().filter_map(|one| {
            let endpoint = Endpoint {
                merchant: one.subscriber.merchant,
                source: Source::Subscription(one.number),
            };
            let (topic, filter) = (one.terms.topic, one.terms.filter.clone());
            let since = Some(one.created_at);
            topic.is_announced().then_some((endpoint, since, Wants::Topic(topic, filter)))
        });
        let settings = self.merchants.values().filter_map(|merchant| {
            address_of(&merchant.settings.webhook)?;
            let endpoint = Endpoint { merchant: merchant.id, source: Source::Settings };
            Some((endpoint, None, Wants::Programme))
        });
        let all = subscriptions.chain(settings);
        all.filter(|(endpoint, ..)| merchants.contains(&endpoint.merchant))
            .map(|(endpoint, since, wants)| {
                let is_known = self.endpoints.contains_key(&endpoint);
                Listener { endpoint, wants, since, is_known }
            })
            .collect()
    }

    pub(super) fn party(&self, endpoint: Endpoint) -> Option<Party> {
        let merchant = Arc::new(self.merchants.get(&endpoint.merchant)?.clone());
        let secrets = self.endpoints.get(&endpoint)?.secrets.clone();
        let target = self.target(endpoint)?;
        let sealed_headers = match endpoint.source {
            Source::Settings => None,
            Source::Subscription(number) => {
                let found = self.subscriptions.values().find(|one| one.number == number);
                found.and_then(|one| one.terms.headers.clone())
            }
        };
        Some(Party { endpoint, merchant, target, sealed_headers, secrets })
    }

    pub(super) fn target(&self, endpoint: Endpoint) -> Option<Target> {
        match endpoint.source {
            Source::Settings => self.settings_target(self.merchants.get(&endpoint.merchant)?),
            Source::Subscription(number) => {
                let mut all = self.subscriptions.values();
                let found = all.find(|one| {
                    (one.subscriber.merchant, one.number) == (endpoint.merchant, number)
                });
                found.map(|subscription| self.subscription_target(subscription))
            }
        }
    }

    fn settings_target(&self, merchant: &Merchant) -> Option<Target> {
        let webhook = &merchant.settings.webhook;
        let address = address_of(webhook)?;
        let language = merchant.languages.first();
        let levels = self.levels.iter().filter(|level| level.merchant == merchant.id);
        let levels: BTreeMap<_, _> =
            levels.map(|level| (level.id, level.name(language, None).to_owned())).collect();
        Some(Target::Settings { address, header: header_of(webhook), levels })
    }

    fn subscription_target(&self, subscription: &Subscription) -> Target {
        let Subscription { subscriber, number, terms, .. } = subscription;
        let program = self.applications.get(&(subscriber.merchant, subscriber.application));
        let signature_token = program.and_then(|program| match &program.credentials {
            Credentials::OAuthClient { signature_token, .. } => signature_token.clone(),
            _ => None,
        });
        Target::Subscription {
            application: subscriber.application,
            number: *number,
            topic: terms.topic,
            format: terms.format,
            address: terms.address.clone(),
            headers: Headers::default(),
            signature_token,
        }
    }
}

/// Where the merchant wants to be told, if it does.
fn address_of(webhook: &WebhookSettings) -> Option<DeliveryAddress> {
    let url = webhook.url.as_ref().filter(|_| webhook.enabled)?;
    DeliveryAddress::try_from(url.to_string()).ok()
}

fn header_of(webhook: &WebhookSettings) -> Option<(String, String)> {
    let name = webhook.header_name.as_ref().filter(|name| !name.is_empty())?;
    let value = webhook.header_value.as_ref().map(ToString::to_string);
    Some((name.to_string(), value.unwrap_or_default()))
}
