//! Transactions as the contract shows them (4.6, with the order of fields of the vendor's own pages).
#![expect(single_use_lifetimes, reason = "what `ToSchema` derives has them")]

use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::customer::{AddressBody, LabelBody};
use super::id::Id;

/// One part of a list of transactions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransactionList<'t> {
    pub(crate) transactions: Vec<TransactionBody<'t>>,
    pub(crate) total: u64,
}

/// A transaction that was registered or assigned.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedTransaction {
    pub(crate) transaction_id: Id,
}

/// A transaction.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionBody<'t> {
    #[schema(value_type = f64)]
    pub(crate) gross_value: Number,
    pub(crate) transaction_id: Id,
    pub(crate) document_number: &'t str,
    #[schema(example = "2018-02-20T09:45:04+0100")]
    pub(crate) purchase_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) purchase_place: Option<&'t str>,
    /// `sell` or `return`.
    #[schema(example = "sell")]
    pub(crate) document_type: &'static str,
    /// The customer whose purchase it is, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assigned_to_customer_date: Option<String>,
    pub(crate) customer_data: BuyerBody<'t>,
    pub(crate) labels: Vec<LabelBody<'t>>,
    pub(crate) items: Vec<ItemBody<'t>>,
    /// The sale that a return revises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revised_document: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pos_id: Option<Id>,
    #[schema(example = "eur")]
    pub(crate) currency: String,
}

/// What the till knew of the person; nothing, when that was forgotten.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BuyerBody<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nip: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) loyalty_card_number: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<AddressBody<'t>>,
}

/// One line of a document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemBody<'t> {
    pub(crate) sku: SkuBody<'t>,
    pub(crate) name: &'t str,
    pub(crate) quantity: i32,
    #[schema(value_type = f64)]
    pub(crate) gross_value: Number,
    pub(crate) category: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maker: Option<&'t str>,
    pub(crate) labels: Vec<LabelBody<'t>>,
}

/// The article's number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkuBody<'t> {
    pub(crate) code: &'t str,
}

/// What all transactions come to (4.9).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SalesFigures {
    pub(crate) total: u64,
    #[schema(value_type = f64)]
    pub(crate) amount: Number,
    #[schema(value_type = f64)]
    pub(crate) amount_without_delivery_costs: Number,
    #[schema(example = "eur")]
    pub(crate) currency: String,
}
