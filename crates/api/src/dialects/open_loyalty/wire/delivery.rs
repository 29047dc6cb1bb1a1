//! What the merchant's webhook is told (section 8). Nobody asks for these bodies, so the document of the API has none of
//! them.

use serde::Serialize;
use serde_json::Number;

use super::customer::{AddressBody, CompanyBody, LabelBody};
use super::id::Id;
use super::transaction::ItemBody;

/// A delivery.
#[derive(Serialize)]
pub(crate) struct Delivery<D> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) data: D,
}

/// A customer of whom nothing else is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerTold {
    pub(crate) customer_id: Id,
}

/// A customer who came to be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationTold<'c> {
    pub(crate) customer_id: Id,
    pub(crate) data: RegistrationData<'c>,
}

/// What was registered, by the names and in the order of the form (E10). Moments are seconds since 1970.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationData<'c> {
    pub(crate) first_name: &'c str,
    pub(crate) last_name: &'c str,
    pub(crate) gender: &'static str,
    pub(crate) email: Option<&'c str>,
    pub(crate) phone: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) birth_date: Option<i64>,
    pub(crate) created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<AddressBody<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) company: Option<CompanyBody<'c>>,
    pub(crate) loyalty_card_number: Option<&'c str>,
    pub(crate) labels: Vec<LabelBody<'c>>,
    pub(crate) agreement1: bool,
    pub(crate) agreement2: bool,
    pub(crate) agreement3: bool,
    #[serde(rename = "referral_customer_email")]
    pub(crate) referral_customer_email: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seller_id: Option<Id>,
}

/// A customer who moved between levels.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelTold<'c> {
    pub(crate) customer_id: Id,
    /// Empty for no level.
    pub(crate) level_id: String,
    pub(crate) level_name: Option<&'c str>,
    /// `up` or `down`, of moves that the rules made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level_move: Option<&'static str>,
}

/// Points that became more or fewer. The vendor writes these names the other way.
#[derive(Serialize)]
pub(crate) struct PointsTold {
    #[serde(rename = "customerId")]
    pub(crate) customer_id: Id,
    pub(crate) amount: Number,
    /// Without a sign.
    pub(crate) amount_change: Number,
    /// `add` or `subtract`.
    pub(crate) amount_change_type: &'static str,
}

/// One of those whom a reminder is about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reminded<'c, W> {
    pub(crate) customer_id: Id,
    pub(crate) customer_email: Option<&'c str>,
    pub(crate) customer_phone: Option<&'c str>,
    pub(crate) customer_loyalty_card_number: Option<&'c str>,
    pub(crate) customer_first_name: &'c str,
    pub(crate) customer_last_name: &'c str,
    #[serde(flatten)]
    pub(crate) what: W,
}

/// Points that will expire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpiringPoints {
    pub(crate) points: Number,
    pub(crate) points_will_expire: String,
}

/// A level that will be lost.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpiringLevel<'c> {
    pub(crate) level_id: Id,
    pub(crate) level_name: Option<&'c str>,
    pub(crate) future_level_id: Id,
    pub(crate) future_level_name: Option<&'c str>,
}

/// A transaction that was registered, as the till wrote it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionTold<'t> {
    pub(crate) transaction_id: Id,
    pub(crate) transaction_data: TransactionData<'t>,
    pub(crate) customer_data: BuyerData<'t>,
    pub(crate) items: Vec<ItemBody<'t>>,
    /// The point of sale: the vendor's spelling.
    pub(crate) post_id: Option<Id>,
}

/// The document of a transaction.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionData<'t> {
    pub(crate) document_type: &'static str,
    pub(crate) document_number: &'t str,
    pub(crate) purchase_place: Option<&'t str>,
    pub(crate) purchase_date: String,
}

/// What the till knew of the person.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BuyerData<'t> {
    pub(crate) name: Option<&'t str>,
    pub(crate) email: Option<&'t str>,
    pub(crate) phone: Option<&'t str>,
    pub(crate) loyalty_card_number: Option<&'t str>,
    pub(crate) nip: Option<&'t str>,
    pub(crate) address: Option<AddressBody<'t>>,
}

/// A transaction that became a customer's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssignmentTold {
    pub(crate) transaction_id: Id,
    pub(crate) customer_id: Id,
}
