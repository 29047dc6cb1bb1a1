//! Bodies, member for member as the contract has them (MO 2).
#![expect(single_use_lifetimes, reason = "the schema derive names a lifetime that it uses once")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::ToSchema;

/// What every response object says first.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// Processed.
    Approved,
    /// Refused: the request is at fault.
    InvalidRequest,
    /// Failed: the service is at fault.
    Error,
}

/// What create and update take. Every member is optional, and `null` means that it is not given.
///
/// An integer where a text is due is taken as its digits.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({
    "merchant_customer_id": "mc-00042", "description": "Regular", "email": "ana@example.com", "name": "Ana Anić",
    "phone": "385911234567", "metadata": {"plan": "gold"}, "zip_code": "10000", "city": "Zagreb",
    "address": "Ilica 1", "country": "HR"
}))]
pub(super) struct CustomerRequest {
    /// The merchant's own id of the customer, unique among customers that are not deleted.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub(super) merchant_customer_id: Option<Value>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub(super) description: Option<Value>,
    /// Any text: its form is not checked.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub(super) email: Option<Value>,
    /// Full name or business name.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50)]
    pub(super) name: Option<Value>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 30)]
    pub(super) phone: Option<Value>,
    /// At most 50 keys of 1 to 40 characters with texts of at most 500 characters, numbers or truth values; on update
    /// the keys are merged one by one, and `null` removes a key.
    #[schema(value_type = Option<Object>)]
    pub(super) metadata: Option<Value>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 9)]
    pub(super) zip_code: Option<Value>,
    #[schema(value_type = Option<String>, min_length = 3, max_length = 30)]
    pub(super) city: Option<Value>,
    #[schema(value_type = Option<String>, min_length = 3, max_length = 100)]
    pub(super) address: Option<Value>,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 30)]
    pub(super) country: Option<Value>,
}

/// A customer. All members are always there.
#[derive(Serialize, ToSchema)]
#[schema(as = Customer)]
pub(super) struct CustomerBody<'a> {
    pub(super) status: Status,
    #[schema(format = "uuid")]
    pub(super) uuid: String,
    #[schema(required)]
    pub(super) merchant_customer_id: Option<&'a str>,
    #[schema(required)]
    pub(super) description: Option<&'a str>,
    #[schema(required)]
    pub(super) email: Option<&'a str>,
    #[schema(required, value_type = Option<String>)]
    pub(super) name: Option<Cow<'a, str>>,
    #[schema(required)]
    pub(super) phone: Option<&'a str>,
    #[schema(value_type = Object)]
    pub(super) metadata: BTreeMap<&'a str, MetadataScalar<'a>>,
    #[schema(required)]
    pub(super) zip_code: Option<&'a str>,
    #[schema(required)]
    pub(super) city: Option<&'a str>,
    #[schema(required, value_type = Option<String>)]
    pub(super) address: Option<Cow<'a, str>>,
    #[schema(required)]
    pub(super) country: Option<&'a str>,
    pub(super) deleted: bool,
    /// ISO 8601 in universal time, with milliseconds.
    #[schema(format = DateTime)]
    pub(super) created_at: String,
    #[schema(format = DateTime)]
    pub(super) updated_at: String,
    #[schema(required, format = DateTime)]
    pub(super) deleted_at: Option<String>,
}

/// One value of the metadata.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum MetadataScalar<'a> {
    /// A text.
    Text(&'a str),
    /// A number as it was written.
    Number(Number),
    /// A truth value.
    Bool(bool),
}

/// What became of a deleted customer. The vendor's page calls the id `id`, its clients read `uuid`.
#[derive(Serialize, ToSchema)]
#[schema(as = DeletedCustomer)]
pub(super) struct DeletedBody {
    pub(super) status: Status,
    #[schema(format = "uuid")]
    pub(super) uuid: String,
    #[schema(format = "uuid")]
    pub(super) id: String,
    pub(super) deleted: bool,
}

/// A list of customers.
#[derive(Serialize, ToSchema)]
#[schema(as = Customers)]
pub(super) struct CustomersBody<'a> {
    pub(super) status: Status,
    pub(super) data: Vec<CustomerBody<'a>>,
}

/// A list of payment methods.
#[derive(Serialize, ToSchema)]
#[schema(as = PaymentMethods)]
pub(super) struct PaymentMethodsBody<'a> {
    pub(super) status: Status,
    pub(super) data: Vec<PaymentMethodBody<'a>>,
}

/// A saved payment method. All members are always there.
#[derive(Serialize, ToSchema)]
#[schema(as = PaymentMethod)]
pub(super) struct PaymentMethodBody<'a> {
    pub(super) status: Status,
    /// 32 hexadecimal digits.
    pub(super) id: String,
    /// Six digits, asterisks, four digits.
    #[schema(example = "411111******1111")]
    pub(super) masked_pan: String,
    /// The last day of the month with which the card expires.
    #[schema(format = Date)]
    pub(super) expiration_date: String,
    /// How long the token is kept.
    #[schema(required, format = DateTime)]
    pub(super) keep_until: Option<String>,
    /// ISO 8601 in universal time, with milliseconds.
    #[schema(format = DateTime)]
    pub(super) created_at: String,
    #[schema(format = DateTime)]
    pub(super) updated_at: String,
    #[schema(format = "uuid")]
    pub(super) customer_uuid: String,
    /// What stands for the card in payments.
    pub(super) token: &'a str,
    /// Whether the last day is over.
    pub(super) expired: bool,
}

/// What a program sends for an access token.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({
    "client_id": "3f9c1d7be2a84056b1c7d90e4a6f5823c0de1b97", "client_secret": "mk_demo_8Yq2Lw5Zr1",
    "grant_type": "client_credentials", "scopes": ["customers"]
}))]
pub(super) struct TokenRequest {
    /// The authenticity token.
    #[schema(value_type = String)]
    pub(super) client_id: Option<Value>,
    /// The merchant key.
    #[schema(value_type = String)]
    pub(super) client_secret: Option<Value>,
    /// `client_credentials`.
    #[schema(value_type = String)]
    pub(super) grant_type: Option<Value>,
    /// `customers`, `payment-methods`; others are ignored.
    #[schema(value_type = Option<Vec<String>>)]
    pub(super) scopes: Option<Value>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(super) struct TokenBody<'a> {
    pub(super) access_token: &'a str,
    pub(super) token_type: &'static str,
    /// Life of the token, in seconds.
    pub(super) expires_in: u64,
    pub(super) status: Status,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(super) struct ErrorBody {
    pub(super) status: Status,
    /// The entries of `errors`, joined by a comma and a blank.
    pub(super) message: String,
    /// At least one sentence.
    pub(super) errors: Vec<String>,
}
