//! What the routes of transactions take.
#![expect(dead_code, reason = "describes requests for the document; `mapping` reads them")]

use utoipa::{IntoParams, ToSchema};

use super::forms::AddressForm;

/// A new transaction.
#[derive(ToSchema)]
#[schema(example = json!({"transaction": {
    "transactionData": {
        "documentType": "sell", "documentNumber": "R/2026/11/0042", "purchasePlace": "Old Town",
        "purchaseDate": "2026-11-02 09:28"
    },
    "items": [{"sku": {"code": "espresso"}, "name": "Espresso", "quantity": 2, "grossValue": 7.5, "category": "coffee"}],
    "customerData": {"name": "John Doe", "email": "user@example.com"}
}}))]
pub(crate) struct TransactionFields {
    transaction: TransactionForm,
}

#[derive(ToSchema)]
#[expect(non_snake_case, reason = "the vendor's names")]
struct TransactionForm {
    transactionData: DocumentForm,
    /// At most 1,000.
    items: Vec<ItemForm>,
    customerData: BuyerForm,
    /// Id of a point of sale.
    pos: Option<String>,
    /// The number of the sale that a return revises.
    revisedDocument: Option<String>,
    /// At most 50.
    labels: Option<Vec<LabelForm>>,
}

#[derive(ToSchema)]
#[expect(non_snake_case, reason = "the vendor's names")]
struct DocumentForm {
    /// `sell`, or `return`; `sell` unless said.
    documentType: Option<String>,
    /// Taken once.
    documentNumber: String,
    purchasePlace: Option<String>,
    #[schema(example = "2019-02-20 09:28")]
    purchaseDate: String,
}

#[derive(ToSchema)]
#[expect(non_snake_case, reason = "the vendor's names")]
struct ItemForm {
    sku: SkuForm,
    name: String,
    quantity: i32,
    grossValue: f64,
    category: String,
    maker: Option<String>,
    /// At most 50.
    labels: Option<Vec<LabelForm>>,
}

#[derive(ToSchema)]
struct SkuForm {
    code: String,
}

#[derive(ToSchema)]
struct LabelForm {
    key: String,
    value: Option<String>,
}

#[derive(ToSchema)]
#[expect(non_snake_case, reason = "the vendor's names")]
struct BuyerForm {
    name: String,
    email: Option<String>,
    nip: Option<String>,
    phone: Option<String>,
    loyaltyCardNumber: Option<String>,
    address: Option<AddressForm>,
}

/// A transaction and its customer, named by one of three fields; a customer names nobody.
#[derive(ToSchema)]
#[schema(example = json!({"assign": {
    "transactionDocumentNumber": "R/2026/11/0042", "customerLoyaltyCardNumber": "47834433524"
}}))]
pub(crate) struct AssignmentFields {
    assign: AssignmentForm,
}

#[derive(ToSchema)]
#[expect(non_snake_case, reason = "the vendor's names")]
struct AssignmentForm {
    transactionDocumentNumber: String,
    customerId: Option<String>,
    customerLoyaltyCardNumber: Option<String>,
    customerPhoneNumber: Option<String>,
}

/// Filters, order and part of a list of transactions.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct TransactionParameters {
    /// Id of the customer whose purchases they are.
    customerId: Option<String>,
    /// Id of the point of sale.
    posId: Option<String>,
    /// `sell` or `return`.
    documentType: Option<String>,
    /// Part of the document number.
    documentNumber: Option<String>,
    /// Part of the name that the till knew.
    customerData_name: Option<String>,
    /// Part of the e-mail address that the till knew.
    customerData_email: Option<String>,
    /// Part of the phone number that the till knew.
    customerData_phone: Option<String>,
    /// Part of the card number that the till knew.
    customerData_loyaltyCardNumber: Option<String>,
    /// Labels that a transaction must have: `labels[0][key]=k&labels[0][value]=v`.
    labels: Option<String>,
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Transactions on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
    /// Column by which the list is ordered; `purchaseDate`, the newest first, unless said.
    sort: Option<String>,
    /// `asc`, or anything else for descending; ascending unless said.
    direction: Option<String>,
}
