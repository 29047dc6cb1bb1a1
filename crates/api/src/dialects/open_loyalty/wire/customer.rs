//! Customers as the contract shows them (9.1, 9.2 and 9.4). Fields stand in the vendor's order; absent ones are left out.
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Number, Value};
use utoipa::ToSchema;

use super::id::Id;

/// One part of a list of customers. Clients take the first key for the list, whatever it is called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerList<'c> {
    pub(crate) customers: Vec<CustomerBody<'c>>,
    pub(crate) total: u64,
}

/// Everybody whom a search found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundCustomers<'c> {
    pub(crate) customers: Vec<CustomerBody<'c>>,
}

/// How many customers came in each period: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, ascending and without gaps.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct RegistrationCounts(pub(crate) BTreeMap<String, u64>);

/// The addresses of a customer's devices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushTokens {
    pub(crate) tokens: Vec<String>,
}

/// How many customers fit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckAnswer {
    pub(crate) total: u64,
}

/// A registered customer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegisteredCustomer {
    pub(crate) customer_id: Id,
    /// In lower case; absent without an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
}

/// A changed customer: read it to see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedCustomer {
    pub(crate) customer_id: Id,
}

/// A customer, in a list or by itself. `id`, `version` and `segments` are there only by itself.
#[expect(clippy::struct_excessive_bools, reason = "the vendor's fields")]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerBody<'c> {
    pub(crate) customer_id: Id,
    pub(crate) active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seller_id: Option<Id>,
    pub(crate) first_name: &'c str,
    pub(crate) last_name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gender: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1990-12-10T00:00:00+0100")]
    pub(crate) birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_level_recalculation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<AddressBody<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) loyalty_card_number: Option<&'c str>,
    #[schema(example = "2019-03-01T10:20:30+0100")]
    pub(crate) created_at: String,
    /// The id of the level, not of the customer: the vendor's oddity (contract 9.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) manually_assigned_level_id: Option<ManualLevel>,
    pub(crate) agreement1: bool,
    pub(crate) agreement2: bool,
    pub(crate) agreement3: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) company: Option<CompanyBody<'c>>,
    pub(crate) status: StatusBody,
    pub(crate) updated_at: String,
    /// Empty: there is no campaign module (contract 5.8).
    #[schema(value_type = Vec<Object>)]
    pub(crate) campaign_purchases: [Value; 0],
    pub(crate) transactions_count: u64,
    #[schema(value_type = f64)]
    pub(crate) transactions_amount: Number,
    #[schema(value_type = f64)]
    pub(crate) transactions_amount_without_delivery_costs: Number,
    #[schema(value_type = f64)]
    pub(crate) amount_excluded_for_level: Number,
    #[schema(value_type = f64)]
    pub(crate) average_transaction_amount: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_transaction_date: Option<String>,
    pub(crate) labels: Vec<LabelBody<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<LevelBody<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar_path: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar_original_name: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar_mime: Option<&'c str>,
    #[schema(example = "eur")]
    pub(crate) currency: String,
    /// Empty: there is no segment module (contract 4.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub(crate) segments: Option<[Value; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "5.00%")]
    pub(crate) level_percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_identifier: Option<&'c str>,
}

/// An address; parts without content are left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddressBody<'c> {
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) street: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) address1: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) address2: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) province: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) city: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) postal: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub(crate) country: &'c str,
}

/// A company.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompanyBody<'c> {
    pub(crate) name: &'c str,
    pub(crate) nip: &'c str,
}

/// The level that somebody assigned by hand: an object where `levelId` is a text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManualLevel {
    pub(crate) level_id: Id,
}

/// Where the customer stands, with every place one can stand in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusBody {
    pub(crate) available_types: [&'static str; 4],
    pub(crate) available_states: [&'static str; 3],
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// Only of active customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<&'static str>,
}

/// A label.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelBody<'c> {
    pub(crate) key: &'c str,
    pub(crate) value: &'c str,
}

/// The customer's level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelBody<'c> {
    pub(crate) level_id: LevelIdBody,
    pub(crate) name: &'c str,
    #[serde(serialize_with = "by_locale")]
    #[schema(value_type = HashMap<String, TranslationBody>)]
    pub(crate) translations: Vec<(&'c str, TranslationBody<'c>)>,
}

/// The level's id, spelled twice where a customer stands by itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelIdBody {
    pub(crate) id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_id: Option<Id>,
}

/// A level's name in one language.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TranslationBody<'c> {
    pub(crate) name: &'c str,
}

fn by_locale<S: serde::Serializer>(
    translations: &[(&str, TranslationBody<'_>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(translations.iter().map(|(locale, text)| (locale, text)))
}
