//! Webhooks (contract 3.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::given;

/// A webhook, whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Below 2^53.
    pub(crate) id: i64,
    #[schema(example = "customers/updated")]
    pub(crate) topic: &'static str,
    #[schema(example = "https://hooks.example.test/kounta")]
    pub(crate) address: String,
    #[schema(example = "json")]
    pub(crate) format: &'static str,
    #[schema(example = "2026-03-02T09:15:00+11:00")]
    pub(crate) created_at: String,
    #[schema(example = "2026-03-05T17:40:12+11:00")]
    pub(crate) updated_at: String,
    /// Empty if there is none: never null and never an array.
    #[schema(value_type = Object)]
    pub(crate) filter: Map<String, Value>,
    /// Names and values; empty if there are none.
    #[schema(value_type = Object)]
    pub(crate) headers: Map<String, Value>,
}

/// A body of POST and PUT. `None` is a key that was not sent; each value's type is judged by itself. Other keys are
/// ignored.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({
    "topic": "customers/updated", "address": "https://hooks.example.test/kounta", "format": "json",
    "filter": {"attributes": ["name", "mobile"]}, "headers": {"X-Tenant": "geelong"}
}))]
pub(crate) struct WriteWebhook {
    /// Required in POST.
    #[schema(value_type = Option<String>, example = "customers/updated")]
    #[serde(deserialize_with = "given")]
    pub(crate) topic: Option<Value>,
    /// An absolute web address of at most 2048 characters. Required in POST.
    #[schema(value_type = Option<String>, example = "https://hooks.example.test/kounta")]
    #[serde(deserialize_with = "given")]
    pub(crate) address: Option<Value>,
    /// `json` or `xml`; `json` if it is not sent in POST.
    #[schema(value_type = Option<String>, example = "json")]
    #[serde(deserialize_with = "given")]
    pub(crate) format: Option<Value>,
    /// At most 20; replaces all.
    #[schema(value_type = Option<Object>)]
    #[serde(deserialize_with = "given")]
    pub(crate) headers: Option<Value>,
    /// Replaces the whole filter.
    #[schema(value_type = Option<Object>)]
    #[serde(deserialize_with = "given")]
    pub(crate) filter: Option<Value>,
}
