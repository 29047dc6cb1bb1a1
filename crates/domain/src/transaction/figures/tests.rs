use proptest::prelude::*;
use time::Duration;
use time::macros::datetime;

use super::*;
use crate::testing::a_document;
use crate::transaction::model::Totals;

fn posting(document: &str, kind: TransactionKind, gross: i64) -> Posting {
    let gross = Amount::whole(gross);
    let totals = Totals { gross, without_delivery: gross, excluded: Amount::ZERO };
    let purchased_at = datetime!(2026-03-01 12:00 UTC);
    Posting { kind, document: a_document(document), totals, purchased_at }
}

fn sale(document: &str, gross: i64) -> Posting {
    posting(document, TransactionKind::Sale, gross)
}

fn back(of: &str, gross: i64) -> Posting {
    posting("R", TransactionKind::Return { of: Some(a_document(of)) }, gross)
}

fn stray(gross: i64) -> Posting {
    posting("R", TransactionKind::Return { of: None }, gross)
}

fn amount_and_count(postings: &[Posting]) -> (Amount, u64) {
    let figures = figures_of(postings);
    (figures.amount, figures.count)
}

#[test]
fn the_vendors_own_cases_come_out() {
    let (three, nine) = (3, 9);
    for (postings, amount, count) in [
        (
            vec![
                sale("1", nine),
                sale("2", nine),
                sale("3", nine),
                back("1", nine),
                back("2", three),
                back("3", nine),
            ],
            6,
            1,
        ),
        (vec![sale("1", nine), back("1", three), back("1", 6)], 0, 0),
        (vec![sale("1", nine), back("1", three), back("1", 6), back("1", 6)], 0, 0),
    ] {
        assert_eq!(amount_and_count(&postings), (Amount::whole(amount), count), "{postings:?}");
    }
    let figures = figures_of(&[sale("1", three), sale("2", 0)]);
    assert_eq!((figures.amount, figures.count), (Amount::whole(3), 2));
    assert!((figures.average() - 1.5).abs() < f64::EPSILON);
}

#[test]
fn a_return_takes_away_whatever_its_sign() {
    assert_eq!(amount_and_count(&[sale("1", 9), back("1", -4)]), (Amount::whole(5), 1));
    assert_eq!(amount_and_count(&[sale("1", 9), back("1", -9)]), (Amount::ZERO, 0));
}

#[test]
fn a_return_of_something_else_counts_as_the_till_wrote_it_and_in_no_count() {
    assert_eq!(amount_and_count(&[sale("1", 9), back("2", 4)]), (Amount::whole(13), 1));
    assert_eq!(amount_and_count(&[sale("1", 9), stray(-4)]), (Amount::whole(5), 1));
    assert_eq!(amount_and_count(&[stray(-4), sale("1", 9)]), (Amount::whole(9), 1));
}

#[test]
fn nobody_spent_less_than_nothing_but_for_delivery() {
    let mut goods = sale("1", 9);
    goods.totals.without_delivery = Amount::whole(5);
    let figures = figures_of(&[goods, back("1", 12), sale("2", 1)]);
    assert_eq!(figures.amount, Amount::whole(1));
    assert_eq!(figures.amount_without_delivery, Amount::whole(-6));
}

#[test]
fn returns_give_back_nothing_of_what_counts_towards_no_level() {
    let excluding = |posting: Posting| {
        let totals = Totals { excluded: Amount::whole(2), ..posting.totals };
        Posting { totals, ..posting }
    };
    let figures = figures_of(&[excluding(sale("1", 9)), excluding(back("1", 9))]);
    assert_eq!(figures.amount_excluded_from_level, Amount::whole(2));
}

#[test]
fn the_latest_purchase_is_the_latest_whatever_came_last() {
    let late = datetime!(2026-03-05 12:00 UTC);
    let mut postings = [sale("1", 1), sale("2", 1)];
    postings[0].purchased_at = late;
    assert_eq!(figures_of(&postings).last_at, Some(late));
    assert_eq!(figures_of(&[]).last_at, None);
}

#[test]
fn a_return_that_was_there_before_its_sale_counts_right_after_it() {
    let early = [back("1", 4), sale("2", 3), sale("1", 9), back("1", 5)];
    assert_eq!(amount_and_count(&early), (Amount::whole(3), 1));
    let before = figures_of(&early[..2]);
    let about = About::of(&early[..1]);
    assert_eq!(figures_after(before, &early[2], about), None);
}

/// Ten documents, some of which revise others or nothing.
fn postings() -> impl Strategy<Value = Vec<Posting>> {
    let kind = prop_oneof![
        3 => Just(None),
        3 => (0_usize..10).prop_map(|of| Some(Some(of))),
        1 => Just(Some(None)),
    ];
    prop::collection::vec((kind, -50_i64..200, -9_i64..50, 0_i64..900), 0..14).prop_map(|drawn| {
        let one = |(number, (kind, gross, delivery, minutes)): (
            usize,
            (Option<Option<usize>>, _, _, _),
        )| {
            let name = |number: usize| a_document(&number.to_string());
            let kind = kind
                .map_or(TransactionKind::Sale, |of| TransactionKind::Return { of: of.map(name) });
            let mut posting = posting(&number.to_string(), kind, gross);
            posting.totals.without_delivery = Amount::whole(gross - delivery);
            posting.totals.excluded = Amount::whole(delivery);
            posting.purchased_at += Duration::minutes(minutes);
            posting
        };
        drawn.into_iter().enumerate().map(one).collect()
    })
}

/// The contract's words, one figure at a time, in whole numbers.
fn naive(postings: &[Posting]) -> (i64, i64, i64, u64) {
    let whole = |amount: Amount| amount.ten_thousandths() / 10_000;
    let revises = |back: &Posting, sale: &Posting| {
        sale.kind == TransactionKind::Sale && back.kind.revised() == Some(&sale.document)
    };
    let mut ordered: Vec<&Posting> = Vec::new();
    for (at, posting) in postings.iter().enumerate() {
        let comes_later = postings[at + 1..].iter().any(|sale| revises(posting, sale));
        if !comes_later {
            ordered.push(posting);
            ordered.extend(postings[..at].iter().filter(|back| revises(back, posting)));
        }
    }
    let (mut amount, mut without_delivery) = (0, 0);
    for posting in &ordered {
        let sign = |sum: i64| {
            if postings.iter().any(|sale| revises(posting, sale)) { -sum.abs() } else { sum }
        };
        amount = (amount + sign(whole(posting.totals.gross))).max(0);
        without_delivery += sign(whole(posting.totals.without_delivery));
    }
    let sales = || postings.iter().filter(|posting| posting.kind == TransactionKind::Sale);
    let is_kept = |sale: &&Posting| {
        let returns: Vec<i64> = postings
            .iter()
            .filter(|back| revises(back, sale))
            .map(|back| whole(back.totals.gross).abs())
            .collect();
        returns.is_empty() || returns.iter().sum::<i64>() < whole(sale.totals.gross)
    };
    let excluded = sales().map(|sale| whole(sale.totals.excluded)).sum();
    (amount, without_delivery, excluded, sales().filter(is_kept).count() as u64)
}

fn whole(figures: &PurchaseFigures) -> (i64, i64, i64, u64) {
    let whole = |amount: Amount| amount.ten_thousandths() / 10_000;
    (
        whole(figures.amount),
        whole(figures.amount_without_delivery),
        whole(figures.amount_excluded_from_level),
        figures.count,
    )
}

proptest! {
    #[test]
    fn any_transactions_come_to_what_the_contract_says_and_never_to_less_than_nothing(
        postings in postings(),
    ) {
        let figures = figures_of(&postings);
        prop_assert_eq!(whole(&figures), naive(&postings));
        prop_assert!(figures.amount >= Amount::ZERO);
        prop_assert_eq!(figures.last_at, postings.iter().map(|it| it.purchased_at).max());
    }

    #[test]
    fn one_by_one_the_figures_are_those_of_all(postings in postings()) {
        let mut figures = PurchaseFigures::default();
        for at in 0..postings.len() {
            let posting = &postings[at];
            let subject = About::subject(posting);
            let concerns = |other: &&Posting| match &other.kind {
                TransactionKind::Sale => subject == Some(&other.document),
                TransactionKind::Return { of } => of.is_some() && of.as_ref() == subject,
            };
            let about: Vec<_> = postings[..at].iter().filter(concerns).cloned().collect();
            let all = figures_of(&postings[..=at]);
            figures = figures_after(figures, posting, About::of(&about)).unwrap_or(all);
            prop_assert_eq!(figures, all);
        }
    }
}
