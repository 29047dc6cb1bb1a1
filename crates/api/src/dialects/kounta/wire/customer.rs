//! Customers (contract 2.2).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::given;

/// The whole customer.
#[derive(Serialize, ToSchema)]
pub(crate) struct Customer {
    /// Unique over all companies, below 2^53.
    pub(crate) id: i64,
    pub(crate) company_id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    /// Always equal to `email`.
    pub(crate) primary_email_address: Option<String>,
    pub(crate) phone: Option<String>,
    /// Unique within the company.
    pub(crate) mobile: Option<String>,
    /// The calling application's own value; empty if it gave none.
    pub(crate) reference_id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) image: Option<String>,
    pub(crate) primary_address: Option<Address>,
    pub(crate) shipping_address: Option<Address>,
    pub(crate) accepts_marketing: bool,
    /// The time of the answer.
    #[schema(example = "2026-03-02T09:15:00+11:00")]
    pub(crate) created_at: String,
    /// The time of the answer.
    #[schema(example = "2026-03-02T09:15:00+11:00")]
    pub(crate) updated_at: String,
}

/// A customer as lists show it.
#[derive(Serialize, ToSchema)]
pub(crate) struct CustomerItem {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: Option<String>,
    pub(crate) primary_email_address: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) reference_id: String,
}

/// A customer's address; every part is there, empty when unset.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the vendor calls the street part `address`")]
pub(crate) struct Address {
    pub(crate) address: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// A body of POST and PUT. `None` is a key that was not sent, so that null can clear a value; each value's type is
/// judged by itself, because the contract has a sentence for each. Other keys are ignored.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({
    "first_name": "Ayla", "last_name": "Nguyen", "email": "ayla@example.test", "mobile": "0491 570 156",
    "primary_address": {
        "address": "Unit 4, 18 Harbour Road", "city": "Geelong", "state": "VIC", "postal_code": "3220", "country": "AU"
    },
    "tags": ["Gold Member"], "reference_id": "crm-00042", "accepts_marketing": true
}))]
pub(crate) struct WriteCustomer {
    /// 1 to 255 characters.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) first_name: Option<Value>,
    /// At most 255 characters.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) last_name: Option<Value>,
    /// At most 255 characters.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) email: Option<Value>,
    /// At most 50 characters.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) phone: Option<Value>,
    /// At most 50 characters.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) mobile: Option<Value>,
    /// At most 100 of 1 to 100 characters; replaces all.
    #[schema(value_type = Option<Vec<String>>)]
    #[serde(deserialize_with = "given")]
    pub(crate) tags: Option<Value>,
    /// An absolute web address.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) image: Option<Value>,
    /// Replaces the whole address.
    #[schema(value_type = Option<WriteAddress>)]
    #[serde(deserialize_with = "given")]
    pub(crate) primary_address: Option<Value>,
    /// Replaces the whole address.
    #[schema(value_type = Option<WriteAddress>)]
    #[serde(deserialize_with = "given")]
    pub(crate) shipping_address: Option<Value>,
    /// At most 255 characters.
    #[schema(value_type = Option<String>)]
    #[serde(deserialize_with = "given")]
    pub(crate) reference_id: Option<Value>,
    #[schema(value_type = Option<bool>)]
    #[serde(deserialize_with = "given")]
    pub(crate) accepts_marketing: Option<Value>,
}

/// An address in a body. `lines` and `zone` are the older names of `address` and `state`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct WriteAddress {
    #[schema(value_type = Option<String>)]
    pub(crate) address: Option<Value>,
    #[schema(value_type = Option<Vec<String>>)]
    pub(crate) lines: Option<Value>,
    #[schema(value_type = Option<String>)]
    pub(crate) city: Option<Value>,
    #[schema(value_type = Option<String>)]
    pub(crate) state: Option<Value>,
    #[schema(value_type = Option<String>)]
    pub(crate) zone: Option<Value>,
    #[schema(value_type = Option<String>)]
    pub(crate) postal_code: Option<Value>,
    /// Two letters of ISO 3166-1.
    #[schema(value_type = Option<String>, example = "AU")]
    pub(crate) country: Option<Value>,
}
