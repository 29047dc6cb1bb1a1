//! Bodies, field for field as the contract has them.

pub(super) mod body;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One member of a request. Only JSON's own types are told apart here: whether the member may be absent, null or of
/// that type is for the mapping to say, so that one answer names every bad member at once (contract 1.4).
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Value")]
pub(super) enum Member {
    /// The body does not have it.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A string.
    Text(String),
    /// A number without fraction and exponent.
    Integer(i64),
    /// Anything else.
    Other,
}

impl From<Value> for Member {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::String(text) => Self::Text(text),
            Value::Number(number) => number.as_i64().map_or(Self::Other, Self::Integer),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => Self::Other,
        }
    }
}

/// What every success answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Envelope<T> {
    /// The result.
    pub(super) data: T,
}

/// Contract 1.3.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"email": "operator@inst.example", "password": "Clientele-2026!"}))]
pub(super) struct LoginRequest {
    #[schema(value_type = String, required, min_length = 1, max_length = 254)]
    #[serde(default)]
    pub(super) email: Member,
    #[schema(value_type = String, required, format = Password, min_length = 1, max_length = 1000)]
    #[serde(default)]
    pub(super) password: Member,
}

/// Contract 1.3.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"refreshToken": "the refresh token of an earlier answer"}))]
pub(super) struct RefreshRequest {
    #[schema(value_type = String, required, min_length = 1)]
    #[serde(default)]
    pub(super) refresh_token: Member,
}

/// A pair of tokens; the refresh token works once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenPair {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

/// Contract 2.2.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "email": "alex@example.com", "phoneNumber": "+380991234567", "firstName": "Alex", "lastName": "Smith",
    "comment": "met at the fair", "externalId": "crm-77", "country": "UA", "verificationDocumentId": "AA123456",
    "residenceAddress": "Kyiv, Street 1", "itn": "1234567890"
}))]
pub(super) struct CreateRequest {
    #[schema(value_type = String, required, min_length = 3, max_length = 254, example = "alex@example.com")]
    #[serde(default)]
    pub(super) email: Member,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32, example = "+380991234567")]
    #[serde(default)]
    pub(super) phone_number: Member,
    #[schema(value_type = String, required, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) first_name: Member,
    #[schema(value_type = String, required, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) last_name: Member,
    #[schema(value_type = Option<String>, max_length = 1000)]
    #[serde(default)]
    pub(super) comment: Member,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) external_id: Member,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) referral_id: Member,
    /// ISO 3166-1 alpha-2, in any letter case.
    #[schema(value_type = String, required, min_length = 2, max_length = 2, example = "UA")]
    #[serde(default)]
    pub(super) country: Member,
    #[schema(value_type = String, required, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) verification_document_id: Member,
    #[schema(value_type = String, required, min_length = 1, max_length = 1000)]
    #[serde(default)]
    pub(super) residence_address: Member,
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    #[serde(default)]
    pub(super) itn: Member,
}

/// Contract 2.3.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "00000000-0000-474c-b092-b0dd880c07e1"}))]
pub(super) struct DetailsRequest {
    #[schema(value_type = String, required, min_length = 1)]
    #[serde(default)]
    pub(super) id: Member,
}

/// Contract 2.4.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"id": "00000000-0000-474c-b092-b0dd880c07e1", "comment": "prefers e-mail", "country": "PL"}))]
pub(super) struct UpdateRequest {
    #[schema(value_type = String, required, min_length = 1)]
    #[serde(default)]
    pub(super) id: Member,
    #[schema(value_type = String, min_length = 3, max_length = 254)]
    #[serde(default)]
    pub(super) email: Member,
    /// `null` clears it.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32)]
    #[serde(default)]
    pub(super) phone_number: Member,
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) first_name: Member,
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) last_name: Member,
    /// `null` clears it.
    #[schema(value_type = Option<String>, max_length = 1000)]
    #[serde(default)]
    pub(super) comment: Member,
    /// `null` clears it.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) external_id: Member,
    /// ISO 3166-1 alpha-2, in any letter case.
    #[schema(value_type = String, min_length = 2, max_length = 2)]
    #[serde(default)]
    pub(super) country: Member,
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    #[serde(default)]
    pub(super) verification_document_id: Member,
    #[schema(value_type = String, min_length = 1, max_length = 1000)]
    #[serde(default)]
    pub(super) residence_address: Member,
    /// `null` clears it.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    #[serde(default)]
    pub(super) itn: Member,
    /// Of the customer's wallet: `Active`, `Blocked` or `Suspicious`.
    #[schema(value_type = String, example = "Blocked")]
    #[serde(default)]
    pub(super) status: Member,
}

/// Contract 2.5. A filter that is `null` or empty is ignored.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"fullName": "alex  smith", "createdFrom": "2024-02-01", "take": 10}))]
pub(super) struct FindRequest {
    #[schema(value_type = Option<String>, max_length = 255)]
    #[serde(default)]
    pub(super) email: Member,
    #[schema(value_type = Option<String>, max_length = 255)]
    #[serde(default)]
    pub(super) wallet_id: Member,
    #[schema(value_type = Option<String>, max_length = 255)]
    #[serde(default)]
    pub(super) phone_number: Member,
    /// First and last name with a blank between them.
    #[schema(value_type = Option<String>, max_length = 511)]
    #[serde(default)]
    pub(super) full_name: Member,
    /// A part of the comment.
    #[schema(value_type = Option<String>, max_length = 1000)]
    #[serde(default)]
    pub(super) comment: Member,
    #[schema(value_type = Option<String>, max_length = 255)]
    #[serde(default)]
    pub(super) external_id: Member,
    #[schema(value_type = Option<String>, max_length = 255)]
    #[serde(default)]
    pub(super) referral_id: Member,
    /// ISO 8601 date or date-time; inclusive.
    #[schema(value_type = Option<String>, example = "2024-02-26T16:36:14.499Z")]
    #[serde(default)]
    pub(super) created_from: Member,
    /// ISO 8601 date or date-time; inclusive.
    #[schema(value_type = Option<String>, example = "2024-02-26")]
    #[serde(default)]
    pub(super) created_to: Member,
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    #[serde(default)]
    pub(super) take: Member,
    #[schema(value_type = Option<u64>, minimum = 0, default = 0)]
    #[serde(default)]
    pub(super) skip: Member,
}

/// The query string of a search: `take` and `skip` count where the body lacks them (contract 2.5). Of a name that
/// repeats the last value wins, as in bodies.
pub(super) type FindQuery = HashMap<String, String>;

/// Contract 2.1: exactly these members, in this order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer {
    #[schema(format = "uuid")]
    pub(super) id: String,
    pub(super) comment: Option<String>,
    #[schema(format = DateTime)]
    pub(super) created_at: String,
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) phone_number: Option<String>,
    pub(super) external_id: Option<String>,
    #[schema(format = "uuid")]
    pub(super) wallet_id: String,
    pub(super) referral_id: Option<String>,
}

/// What every failure answers (contract 1.4).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorBody {
    pub(super) errors: Vec<ErrorEntry>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorEntry {
    #[schema(example = "ARGUMENT_VALIDATION_ERROR")]
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The member that is wrong, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<&'static str>,
    pub(super) extensions: ErrorExtensions,
}

/// The code once more, as the vendor's sibling API has it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorExtensions {
    pub(super) code: &'static str,
}
