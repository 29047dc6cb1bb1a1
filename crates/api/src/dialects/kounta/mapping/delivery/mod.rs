//! What programs are told: the bare customer, signed with the program's token (contract 3.5 and 3.6).

mod xml;

use std::sync::Arc;

use domain::Secret;
use domain::delivery::{Fact, Order, RenderError, Rendered, Renderer, Target};
use domain::id::DeliveryId;
use domain::secret::{SecretError, SecretKeeper};
use domain::subscription::Format;

use super::customer;

/// Writes deliveries of subscriptions. Of anything else but customers they are not told.
pub(crate) struct Deliveries {
    keeper: Arc<dyn SecretKeeper>,
}

impl Deliveries {
    /// Signs with tokens that `keeper` sealed.
    pub(crate) fn new(keeper: Arc<dyn SecretKeeper>) -> Self {
        Self { keeper }
    }
}

impl Renderer for Deliveries {
    /// The customer as a request for it would show it to the program, at the moment of the event: both timestamps are that
    /// moment, so that the body is the same whenever it is written (contract 3.7).
    fn body(&self, order: Order<'_>) -> Result<Vec<u8>, RenderError> {
        let (Target::Subscription { application, format, .. }, Fact::Customer(recorded)) =
            (order.target, order.fact)
        else {
            return Err(RenderError);
        };
        let shown = customer(&recorded.record, order.merchant, *application, recorded.event.at);
        match format {
            Format::Json => serde_json::to_vec(&shown).map_err(|_| RenderError),
            Format::Xml => xml::document("customer", &shown).ok_or(RenderError),
        }
    }

    fn headers(
        &self,
        order: Order<'_>,
        delivery: DeliveryId,
        body: &[u8],
    ) -> Result<Vec<Rendered>, SecretError> {
        let Target::Subscription { number, topic, format, headers, signature_token, .. } =
            order.target
        else {
            return Ok(Vec::new());
        };
        let signature = match signature_token {
            Some(token) => Some(webhooks::signature(&self.keeper.open(token)?, body)),
            None => None,
        };
        let content_type = match format {
            Format::Json => "application/json",
            Format::Xml => "application/xml",
        };
        let ours = [
            ("Content-Type", Some(content_type.to_owned())),
            ("User-Agent", Some("Kounta-Webhooks/1.0".to_owned())),
            ("X-Kounta-Signature", signature),
            ("X-Kounta-Topic", Some(topic.name().to_owned())),
            ("X-Kounta-Company-Id", Some(i64::from(order.merchant.company_id).to_string())),
            ("X-Kounta-Webhook-Id", Some(i64::from(*number).to_string())),
            ("X-Kounta-Delivery-Id", Some(delivery.to_string())),
        ];
        let ours = ours.into_iter().filter_map(|(name, value)| {
            Some(Rendered { name: name.into(), value: Secret::new(value?) })
        });
        let added = headers.iter().map(|(name, value)| Rendered {
            name: name.as_str().to_owned().into(),
            value: Secret::new(value.expose().to_owned()),
        });
        Ok(ours.chain(added).collect())
    }
}

#[cfg(test)]
mod tests;
