//! What a customer's purchases come to (OL 5.7), as pure functions of its transactions.

use std::collections::{HashMap, HashSet};

use super::model::{DocumentNumber, Posting, TransactionKind};
use crate::customer::PurchaseFigures;
use crate::money::Amount;

/// What a customer's other transactions say about one that is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    sale: Option<Sale>,
    has_returns: bool,
}

impl About {
    /// What the customer's postings say: the sale that the new one revises, and returns of either.
    pub fn of(postings: &[Posting]) -> Self {
        let sale = postings.iter().find(|posting| posting.kind == TransactionKind::Sale);
        let returns = || postings.iter().filter(|posting| posting.kind != TransactionKind::Sale);
        let sale = sale.map(|sale| returns().fold(Sale::new(sale), Sale::after));
        Self { sale, has_returns: returns().next().is_some() }
    }

    /// The document whose postings matter for a new one, if any do.
    pub fn subject(posting: &Posting) -> Option<&DocumentNumber> {
        match &posting.kind {
            TransactionKind::Sale => Some(&posting.document),
            TransactionKind::Return { of } => of.as_ref(),
        }
    }
}

/// The figures after one more transaction; `None` if they must be counted anew, because returns were there before their
/// sale.
pub fn figures_after(
    before: PurchaseFigures,
    posting: &Posting,
    about: About,
) -> Option<PurchaseFigures> {
    let mut figures = before;
    match &posting.kind {
        TransactionKind::Sale if about.has_returns => return None,
        TransactionKind::Sale => drop(add_sale(&mut figures, posting)),
        TransactionKind::Return { .. } => match about.sale {
            Some(sale) => drop(take_back(&mut figures, posting, sale)),
            None => add_unmatched(&mut figures, posting),
        },
    }
    Some(figures)
}

/// The figures of all of a customer's transactions, in the order in which they count. A return that was there before its
/// sale counts right after it.
pub fn figures_of(postings: &[Posting]) -> PurchaseFigures {
    let is_sale = |posting: &&Posting| posting.kind == TransactionKind::Sale;
    let own: HashSet<_> = postings.iter().filter(is_sale).map(|sale| &sale.document).collect();
    let mut sales: HashMap<&DocumentNumber, Sale> = HashMap::new();
    let mut early: HashMap<&DocumentNumber, Vec<&Posting>> = HashMap::new();
    let mut figures = PurchaseFigures::default();
    for posting in postings {
        match (&posting.kind, posting.kind.revised().filter(|sale| own.contains(sale))) {
            (TransactionKind::Sale, _) => {
                let mut sale = add_sale(&mut figures, posting);
                for back in early.remove(&posting.document).unwrap_or_default() {
                    sale = take_back(&mut figures, back, sale);
                }
                sales.insert(&posting.document, sale);
            }
            (TransactionKind::Return { .. }, None) => add_unmatched(&mut figures, posting),
            (TransactionKind::Return { .. }, Some(document)) => match sales.get_mut(document) {
                Some(sale) => *sale = take_back(&mut figures, posting, *sale),
                None => early.entry(document).or_default().push(posting),
            },
        }
    }
    figures
}

/// A sale of the customer, and what of it came back so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sale {
    gross: Amount,
    /// None as long as nothing came back: a sale of nothing is not returned by itself.
    returned: Option<Amount>,
}

impl Sale {
    fn new(sale: &Posting) -> Self {
        Self { gross: sale.totals.gross, returned: None }
    }

    fn after(self, back: &Posting) -> Self {
        let so_far = self.returned.unwrap_or(Amount::ZERO);
        Self { returned: Some(so_far.plus(back.totals.gross.magnitude())), ..self }
    }

    fn is_returned(self) -> bool {
        self.returned.is_some_and(|returned| returned >= self.gross)
    }
}

fn add_sale(figures: &mut PurchaseFigures, sale: &Posting) -> Sale {
    figures.count += 1;
    add(figures, sale.totals.gross, sale.totals.without_delivery);
    let excluded = &mut figures.amount_excluded_from_level;
    *excluded = excluded.plus(sale.totals.excluded);
    note_time(figures, sale);
    Sale::new(sale)
}

/// A return of one of the customer's sales; the one that completes it takes the sale out of the count.
fn take_back(figures: &mut PurchaseFigures, back: &Posting, sale: Sale) -> Sale {
    let taken = |sum: Amount| Amount::ZERO.minus(sum.magnitude());
    add(figures, taken(back.totals.gross), taken(back.totals.without_delivery));
    let after = sale.after(back);
    if after.is_returned() && !sale.is_returned() {
        figures.count = figures.count.saturating_sub(1);
    }
    note_time(figures, back);
    after
}

/// A return of something that is no sale of the customer counts as the till wrote it, and in no count.
fn add_unmatched(figures: &mut PurchaseFigures, back: &Posting) {
    add(figures, back.totals.gross, back.totals.without_delivery);
    note_time(figures, back);
}

/// Nobody has spent less than nothing; without delivery costs the sum may say so (OL 5.7).
fn add(figures: &mut PurchaseFigures, gross: Amount, without_delivery: Amount) {
    figures.amount = figures.amount.plus(gross).max(Amount::ZERO);
    figures.amount_without_delivery = figures.amount_without_delivery.plus(without_delivery);
}

fn note_time(figures: &mut PurchaseFigures, posting: &Posting) {
    figures.last_at = figures.last_at.max(Some(posting.purchased_at));
}

#[cfg(test)]
mod tests;
