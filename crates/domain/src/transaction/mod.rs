//! Transactions: what tills sold and took back, and whose purchases these are (OL 4.6 and 5.7).

mod command;
mod error;
mod figures;
mod model;
mod port;
mod query;
mod service;

pub use command::RegisterTransaction;
pub use error::TransactionError;
pub use figures::{About, figures_after, figures_of};
pub use model::{
    Assignment, Buyer, DocumentNumber, InvalidDocumentNumber, Item, MOST_GROSS, MOST_ITEMS,
    MOST_LABELS, Posting, Totals, Transaction, TransactionKind,
};
pub use port::{Forgetting, RecordedTransaction, TransactionRepository};
pub use query::{
    SalesSummary, TransactionCriterion, TransactionQuery, TransactionSortKey, Turnover,
};
pub use service::Transactions;
