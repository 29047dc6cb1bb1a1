//! Lists of transactions, and what many of them come to.

use crate::id::{CustomerId, PointOfSaleId};
use crate::money::Amount;
use crate::page::{Order, PageRequest};

/// One condition on transactions. Conditions of a query are joined by "and"; letter case never counts in texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionCriterion {
    /// Is this customer's.
    Customer(CustomerId),
    /// Carries this point of sale.
    PointOfSale(PointOfSaleId),
    /// Is a return, or a sale.
    IsReturn(bool),
    /// The document number contains the text.
    Document(String),
    /// The buyer's name contains the text.
    BuyerName(String),
    /// The buyer's e-mail address contains the text.
    BuyerEmail(String),
    /// The buyer's phone number contains the text.
    BuyerPhone(String),
    /// The buyer's card number contains the text.
    BuyerCard(String),
    /// Has a label with this key and, if given, this value.
    Label {
        /// The key.
        key: String,
        /// The value, or any.
        value: Option<String>,
    },
    /// Is none: no transaction meets this.
    Nothing,
}

/// What a list of transactions is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionSortKey {
    /// Id.
    Id,
    /// Document number, letter case aside.
    Document,
    /// Sales and returns.
    Kind,
    /// When it was bought.
    PurchasedAt,
    /// Where, letter case aside.
    Place,
    /// What it comes to.
    Gross,
}

/// A list of transactions. Equals are told apart by id, in the list's direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionQuery {
    /// Which transactions.
    pub criteria: Vec<TransactionCriterion>,
    /// In which order.
    pub order: Order<TransactionSortKey>,
    /// Which part.
    pub page: PageRequest,
}

/// What the transactions of one point of sale come to (OL 5.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    /// How many there are, returns included.
    pub count: u64,
    /// Their sum, returns taken away.
    pub amount: Amount,
}

/// What all transactions of a merchant come to (OL 4.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SalesSummary {
    /// How many there are, returns included.
    pub count: u64,
    /// Their sum, returns taken away.
    pub amount: Amount,
    /// The same without delivery costs.
    pub amount_without_delivery: Amount,
}
