//! What callers ask for.

use time::OffsetDateTime;

use super::model::{Buyer, DocumentNumber, Item, TransactionKind};
use crate::customer::Label;
use crate::id::PointOfSaleId;
use crate::text::Line;

/// What a till sold or took back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterTransaction {
    /// A sale or a return.
    pub kind: TransactionKind,
    /// The number of the till's document.
    pub document: DocumentNumber,
    /// When it was bought or taken back.
    pub purchased_at: OffsetDateTime,
    /// Where.
    pub place: Option<Line>,
    /// What.
    pub items: Vec<Item>,
    /// What the till knows of the person; by this its customer is found.
    pub buyer: Buyer,
    /// The point of sale; must exist.
    pub pos: Option<PointOfSaleId>,
    /// Labels.
    pub labels: Vec<Label>,
}
