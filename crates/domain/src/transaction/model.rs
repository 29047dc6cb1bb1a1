//! The transaction itself.

use std::fmt;

use time::OffsetDateTime;

use crate::customer::{Address, Email, Label, LoyaltyCard, PhoneNumber};
use crate::id::{CustomerId, MerchantId, PointOfSaleId, TransactionId};
use crate::merchant::TierSettings;
use crate::money::Amount;
use crate::text::{InvalidText, Line};

/// The most items of one transaction.
pub const MOST_ITEMS: usize = 1_000;
/// The most labels of one transaction, and of one of its items.
pub const MOST_LABELS: usize = 50;
/// The greatest gross value, of an item and of a transaction, with either sign. Far above every till, and low enough
/// for sums over many transactions to stay exact.
pub const MOST_GROSS: Amount = Amount::whole(1_000_000_000);

/// What a till sold or took back, as it was registered. It never changes, but for whose purchase it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Whose till.
    pub merchant: MerchantId,
    /// Its id.
    pub id: TransactionId,
    /// A sale or a return.
    pub kind: TransactionKind,
    /// The number of the till's document, unique within the merchant.
    pub document: DocumentNumber,
    /// When it was bought or taken back.
    pub purchased_at: OffsetDateTime,
    /// Where, in the words of the till.
    pub place: Option<Line>,
    /// What, in the order of the document.
    pub items: Vec<Item>,
    /// What the items come to.
    pub totals: Totals,
    /// What the till knew of the person; none, if that was forgotten.
    pub buyer: Option<Buyer>,
    /// The point of sale.
    pub pos: Option<PointOfSaleId>,
    /// Ordered labels.
    pub labels: Vec<Label>,
    /// Whose purchase it is, if that is known.
    pub assignment: Option<Assignment>,
    /// When it was registered.
    pub registered_at: OffsetDateTime,
}

impl Transaction {
    /// What it adds to its customer's figures.
    pub fn posting(&self) -> Posting {
        Posting {
            kind: self.kind.clone(),
            document: self.document.clone(),
            totals: self.totals,
            purchased_at: self.purchased_at,
        }
    }

    /// The customer whose purchase it is.
    pub fn customer(&self) -> Option<CustomerId> {
        self.assignment.map(|assignment| assignment.customer)
    }

    /// What it adds to the turnover of its point of sale: a return of a known sale takes away, whatever its sign; any
    /// other counts as the till wrote it.
    pub fn turnover(&self) -> Amount {
        self.kind.signed(self.totals.gross)
    }
}

/// A sale or a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionKind {
    /// Goods went to the customer.
    Sale,
    /// Goods came back.
    Return {
        /// The sale that is revised, where the till knows it.
        of: Option<DocumentNumber>,
    },
}

impl TransactionKind {
    /// The kind's name in storage.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return { .. } => "return",
        }
    }

    /// The sale that is revised.
    pub fn revised(&self) -> Option<&DocumentNumber> {
        match self {
            Self::Sale => None,
            Self::Return { of } => of.as_ref(),
        }
    }

    /// A sum with the sign by which it counts where all sales are known.
    pub fn signed(&self, sum: Amount) -> Amount {
        if self.revised().is_some() { Amount::ZERO.minus(sum.magnitude()) } else { sum }
    }
}

/// The number of a till's document: not empty, compared letter for letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber(Line);

impl DocumentNumber {
    /// The number as the till wrote it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = InvalidDocumentNumber;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        let line = Line::try_from(raw)?;
        if line.is_empty() { Err(InvalidDocumentNumber::Empty) } else { Ok(Self(line)) }
    }
}

impl TryFrom<&str> for DocumentNumber {
    type Error = InvalidDocumentNumber;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Self::try_from(raw.to_owned())
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text is no document number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocumentNumber {
    /// There is nothing in it.
    #[error("a document number is not empty")]
    Empty,
    /// It cannot be stored.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The article's number.
    pub sku: Line,
    /// What it is called.
    pub name: Line,
    /// How many.
    pub quantity: i32,
    /// What the line comes to, taxes included.
    pub gross: Amount,
    /// The kind of goods.
    pub category: Line,
    /// Who made it.
    pub maker: Option<Line>,
    /// Ordered labels.
    pub labels: Vec<Label>,
}

/// What a document comes to, by the settings of the moment at which it was registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All items.
    pub gross: Amount,
    /// Without those that are delivery costs.
    pub without_delivery: Amount,
    /// Those that count towards no level; each once, whatever excludes it.
    pub excluded: Amount,
}

impl Totals {
    /// The totals of items.
    pub fn of(items: &[Item], tiers: &TierSettings) -> Self {
        let sum = |counts: &dyn Fn(&Item) -> bool| {
            let counted = items.iter().filter(|item| counts(item));
            counted.fold(Amount::ZERO, |sum, item| sum.plus(item.gross))
        };
        let is_excluded = |item: &Item| {
            tiers.excluded_skus.contains(&item.sku)
                || tiers.excluded_categories.contains(&item.category)
        };
        Self {
            gross: sum(&|_| true),
            without_delivery: sum(&|item| !tiers.delivery_skus.contains(&item.sku)),
            excluded: sum(&is_excluded),
        }
    }
}

/// What a till knew of the person who bought. It need not be a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// The name.
    pub name: Line,
    /// E-mail address.
    pub email: Option<Email>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Loyalty card.
    pub loyalty_card: Option<LoyaltyCard>,
    /// Tax number.
    pub tax_id: Option<Line>,
    /// Address.
    pub address: Option<Address>,
}

/// Whose purchase a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The customer.
    pub customer: CustomerId,
    /// The version of the customer's record that knows of it. Every version knows of one more at most, so that versions
    /// are the order in which a customer's transactions count.
    pub version: u64,
    /// When it was assigned.
    pub at: OffsetDateTime,
}

/// What a transaction adds to its customer's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// A sale or a return.
    pub kind: TransactionKind,
    /// The number of the till's document.
    pub document: DocumentNumber,
    /// What it comes to.
    pub totals: Totals,
    /// When it was bought or taken back.
    pub purchased_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::an_item;

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    #[test]
    fn what_is_excluded_counts_once_and_delivery_is_told_apart() {
        let tiers = TierSettings {
            delivery_skus: vec![line("POST")],
            excluded_skus: vec![line("GIFT")],
            excluded_categories: vec![line("cards")],
            ..TierSettings::default()
        };
        let items = [
            an_item("A", "10.5"),
            Item { category: line("cards"), ..an_item("GIFT", "4") },
            Item { category: line("cards"), ..an_item("B", "-1") },
            an_item("POST", "2"),
        ];
        let totals = Totals::of(&items, &tiers);
        let expected = ["15.5", "13.5", "3"].map(|sum| sum.parse::<Amount>().unwrap());
        assert_eq!([totals.gross, totals.without_delivery, totals.excluded], expected);
        assert_eq!(Totals::of(&[], &tiers), Totals::default());
    }

    #[test]
    fn a_document_number_has_something_in_it() {
        assert_eq!(DocumentNumber::try_from(""), Err(InvalidDocumentNumber::Empty));
        assert!(DocumentNumber::try_from("a\0").is_err());
        assert_eq!(DocumentNumber::try_from("FV/7").unwrap().as_str(), "FV/7");
    }
}
