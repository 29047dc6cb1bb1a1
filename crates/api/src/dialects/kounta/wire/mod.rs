//! The vendor's JSON, key for key and in the vendor's order.

mod company;
mod customer;
mod oauth;
mod webhook;

pub(super) use company::{
    Company, Contact, Count, LineAddress, Order, RegisterCount, Site, TimeZone,
};
pub(super) use customer::{Address, Customer, CustomerItem, WriteAddress, WriteCustomer};
pub(super) use oauth::{AuthorizeRequest, IssuedToken, TokenRequest};
pub(super) use webhook::{Webhook, WriteWebhook};

use serde::{Deserialize as _, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The body of every error (contract 1.9).
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(super) struct ErrorBody {
    /// The reason phrase of the status, or an OAuth error code.
    #[schema(example = "Not Found")]
    pub(super) error: &'static str,
    /// One sentence.
    #[schema(example = "Customer not found")]
    pub(super) error_description: String,
    /// Where an OAuth error is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_uri: Option<&'static str>,
}

/// Keeps a key that was sent as null apart from one that was not.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}
