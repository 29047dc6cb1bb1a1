//! The filters of a list (contract 1.10 and 1.11).

use domain::customer::{Criterion, Range, TextMatch};
use domain::money::Amount;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::http::form::FormValue;

/// Label conditions of one list at most.
const MOST_LABELS: usize = 50;
/// Characters of a filter's text at most.
const LONGEST_NEEDLE: usize = 255;
/// Nothing that is kept happened before this; a limit further back is as good as none.
const EARLIEST: OffsetDateTime = datetime!(0001-01-01 00:00 UTC);

/// A filter that cannot be understood: no number where one is due, a text too long, a list where a text is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a filter of the list makes no sense")]
pub(super) struct BadFilter;

/// Every condition that the parameters name; they are joined by "and".
pub(super) fn criteria(
    parameters: &FormValue,
    now: OffsetDateTime,
) -> Result<Vec<Criterion>, BadFilter> {
    let mut found = Vec::new();
    texts(parameters, &mut found)?;
    figures(parameters, &mut found)?;
    ages(parameters, now, &mut found)?;
    if is_true(parameters.get("manuallyAssignedLevel")) {
        found.push(Criterion::ManualLevel);
    }
    labels(parameters, &mut found)?;
    Ok(found)
}

/// Whether a text can be looked for at all.
pub(super) fn is_needle(text: &str) -> bool {
    !text.contains('\0') && text.chars().take(LONGEST_NEEDLE + 1).count() <= LONGEST_NEEDLE
}

fn texts(parameters: &FormValue, found: &mut Vec<Criterion>) -> Result<(), BadFilter> {
    let filters = [
        ("firstName", Criterion::FirstName as fn(TextMatch) -> Criterion),
        ("lastName", Criterion::LastName),
        ("email", Criterion::Email),
        ("phone", Criterion::Phone),
        ("loyaltyCardNumber", Criterion::LoyaltyCard),
        ("emailOrPhone", Criterion::EmailOrPhone),
    ];
    let compared =
        if is_true(parameters.get("strict")) { TextMatch::Equals } else { TextMatch::Contains };
    for (name, criterion) in filters {
        if let Some(text) = given(parameters, name)? {
            found.push(criterion(compared(text.to_owned())));
        }
    }
    Ok(())
}

fn figures(parameters: &FormValue, found: &mut Vec<Criterion>) -> Result<(), BadFilter> {
    if let Some(range) = range(parameters, "transactionsAmount")? {
        found.push(Criterion::PurchaseAmount(range));
    }
    if let Some(range) = range(parameters, "averageTransactionAmount")? {
        found.push(Criterion::PurchaseAverage(range));
    }
    if let Some(range) = range(parameters, "transactionsCount")? {
        found.push(counted(range));
    }
    Ok(())
}

fn ages(
    parameters: &FormValue,
    now: OffsetDateTime,
    found: &mut Vec<Criterion>,
) -> Result<(), BadFilter> {
    // Of the two generations of names the newer one ends in `To`; they mean the same.
    let since = |name: &str, unit: Duration| -> Result<Option<OffsetDateTime>, BadFilter> {
        let newer = number(parameters, &format!("{name}To"))?;
        let Some(count) = newer.or(number(parameters, name)?) else { return Ok(None) };
        let seconds =
            count.below.ten_thousandths().saturating_mul(unit.whole_seconds()) / Bound::SCALE;
        let moment = now.saturating_sub(Duration::seconds(seconds));
        Ok(Some(moment.max(EARLIEST)))
    };
    if let Some(moment) = since("daysFromLastTransaction", Duration::DAY)? {
        found.push(Criterion::PurchasedSince(moment));
    }
    if let Some(moment) = since("hoursFromLastUpdate", Duration::HOUR)? {
        found.push(Criterion::UpdatedSince(moment));
    }
    Ok(())
}

/// Entries with a key; an entry with a value and no key fits nobody.
fn labels(parameters: &FormValue, found: &mut Vec<Criterion>) -> Result<(), BadFilter> {
    for condition in label_conditions(parameters)? {
        found.push(match condition {
            (Some(key), value) => {
                Criterion::Label { key: key.to_owned(), value: value.map(ToOwned::to_owned) }
            }
            (None, _) => NOBODY,
        });
    }
    Ok(())
}

/// A key and, if given, a value; or a value alone.
type LabelCondition<'p> = (Option<&'p str>, Option<&'p str>);

/// What a list asks of labels: each entry that says anything.
pub(super) fn label_conditions(
    parameters: &FormValue,
) -> Result<Vec<LabelCondition<'_>>, BadFilter> {
    let entries = parameters.get("labels").map(FormValue::entries).unwrap_or_default();
    if entries.len() > MOST_LABELS {
        return Err(BadFilter);
    }
    let conditions =
        entries.iter().map(|(_, entry)| Ok((given(entry, "key")?, given(entry, "value")?)));
    let says_something =
        |condition: &Result<LabelCondition<'_>, BadFilter>| !matches!(condition, Ok((None, None)));
    conditions.filter(says_something).collect()
}

/// A condition that no customer meets.
const NOBODY: Criterion = Criterion::PurchaseCount(Range { from: Some(1), to: Some(0) });

/// The text of a filter; nothing when it is absent, empty or the word `null`.
pub(super) fn given<'p>(
    parameters: &'p FormValue,
    name: &str,
) -> Result<Option<&'p str>, BadFilter> {
    match parameters.get(name) {
        None | Some(FormValue::Null) => Ok(None),
        Some(FormValue::Text(text)) if text.is_empty() || text == "null" => Ok(None),
        Some(FormValue::Text(text)) if is_needle(text) => Ok(Some(text)),
        Some(_) => Err(BadFilter),
    }
}

/// Yes, in the vendor's reading: everything but the usual spellings of no.
fn is_true(value: Option<&FormValue>) -> bool {
    match value {
        Some(FormValue::Text(word)) => {
            !["", "0", "false", "off", "null"].iter().any(|no| word.eq_ignore_ascii_case(no))
        }
        _ => false,
    }
}

/// The range that `<name>From`, `<name>To` and `<name>` (both at once) describe.
fn range(parameters: &FormValue, name: &str) -> Result<Option<Range<Amount>>, BadFilter> {
    let exactly = number(parameters, name)?;
    let from = number(parameters, &format!("{name}From"))?.into_iter().chain(exactly);
    let to = number(parameters, &format!("{name}To"))?.into_iter().chain(exactly);
    let range =
        Range { from: from.map(|bound| bound.above).max(), to: to.map(|bound| bound.below).min() };
    Ok((range.from.is_some() || range.to.is_some()).then_some(range))
}

fn counted(range: Range<Amount>) -> Criterion {
    let from = range.from.map(|least| u64::try_from(Bound::ceiling(least)).unwrap_or(0));
    match range.to.map(|most| u64::try_from(Bound::whole_below(most))) {
        // Nobody bought less than nothing.
        Some(Err(_)) => NOBODY,
        to => Criterion::PurchaseCount(Range { from, to: to.and_then(Result::ok) }),
    }
}

/// A number from a filter, between the two amounts that are nearest to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bound {
    below: Amount,
    above: Amount,
}

impl Bound {
    const SCALE: i64 = 10_000;

    fn whole_below(amount: Amount) -> i64 {
        amount.ten_thousandths().div_euclid(Self::SCALE)
    }

    fn ceiling(amount: Amount) -> i64 {
        -(-amount.ten_thousandths()).div_euclid(Self::SCALE)
    }
}

/// A plain decimal number; digits beyond the fourth decimal only tell on which side of an amount it lies.
fn number(parameters: &FormValue, name: &str) -> Result<Option<Bound>, BadFilter> {
    let Some(text) = given(parameters, name)?.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let (kept, cut) = match text.split_once('.') {
        Some((whole, fraction)) if fraction.len() > 4 => {
            let kept = text.get(..whole.len() + 5).ok_or(BadFilter)?;
            (kept, &text[kept.len()..])
        }
        _ => (text, ""),
    };
    let nearest: Amount = kept.parse().map_err(|_| BadFilter)?;
    if !cut.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadFilter);
    }
    let exact = cut.bytes().all(|byte| byte == b'0');
    let step = |by: i64| Amount::from_ten_thousandths(nearest.ten_thousandths().saturating_add(by));
    Ok(Some(match (exact, text.starts_with('-')) {
        (true, _) => Bound { below: nearest, above: nearest },
        (false, false) => Bound { below: nearest, above: step(1) },
        (false, true) => Bound { below: step(-1), above: nearest },
    }))
}

#[cfg(test)]
mod tests {
    use crate::http::form::{FormLimits, parse};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-02 08:15 UTC);

    fn of(query: &str) -> Result<Vec<Criterion>, BadFilter> {
        criteria(&parse(query.as_bytes(), FormLimits { depth: 5, keys: 1_000 }).unwrap(), NOW)
    }

    fn contains(text: &str) -> TextMatch {
        TextMatch::Contains(text.to_owned())
    }

    #[test]
    fn texts_are_parts_of_values_unless_the_list_is_strict() {
        assert_eq!(
            of("firstName=Jo&email=%25&phone=%2B48&unknown=1"),
            Ok(vec![
                Criterion::FirstName(contains("Jo")),
                Criterion::Email(contains("%")),
                Criterion::Phone(contains("+48")),
            ])
        );
        for strict in ["1", "true", "2", "yes"] {
            let exactly = Criterion::LastName(TextMatch::Equals("Doe".to_owned()));
            assert_eq!(of(&format!("lastName=Doe&strict={strict}")), Ok(vec![exactly]));
        }
        for loose in ["0", "", "false", "off", "OFF"] {
            let part = Criterion::LastName(contains("Doe"));
            assert_eq!(of(&format!("lastName=Doe&strict={loose}")), Ok(vec![part]));
        }
    }

    #[test]
    fn absent_empty_and_null_filter_nothing() {
        assert_eq!(
            of(
                "firstName=&email=null&transactionsCountFrom=&transactionsAmount=null&manuallyAssignedLevel=0"
            ),
            Ok(Vec::new())
        );
    }

    #[test]
    fn figures_are_inclusive_ranges_or_equal() {
        let amount = |from, to| Range {
            from: Option::map(from, Amount::from_ten_thousandths),
            to: Option::map(to, Amount::from_ten_thousandths),
        };
        for (query, expected) in [
            ("transactionsAmountFrom=1.5", Criterion::PurchaseAmount(amount(Some(15_000), None))),
            ("transactionsAmountTo=-0", Criterion::PurchaseAmount(amount(None, Some(0)))),
            ("transactionsAmount=3", Criterion::PurchaseAmount(amount(Some(30_000), Some(30_000)))),
            (
                "averageTransactionAmountFrom=3.33333&averageTransactionAmountTo=3.33339",
                Criterion::PurchaseAverage(amount(Some(33_334), Some(33_333))),
            ),
            (
                "averageTransactionAmountFrom=-0.00001",
                Criterion::PurchaseAverage(amount(Some(0), None)),
            ),
            (
                "transactionsCountFrom=2.5&transactionsCountTo=7.5",
                Criterion::PurchaseCount(Range { from: Some(3), to: Some(7) }),
            ),
            (
                "transactionsCount=2&transactionsCountFrom=-5",
                Criterion::PurchaseCount(Range { from: Some(2), to: Some(2) }),
            ),
            ("transactionsCountTo=-1", NOBODY),
        ] {
            assert_eq!(of(query), Ok(vec![expected]), "{query}");
        }
    }

    #[test]
    fn ages_count_back_from_now() {
        assert_eq!(
            of("daysFromLastTransactionTo=2&hoursFromLastUpdate=1.5"),
            Ok(vec![
                Criterion::PurchasedSince(datetime!(2026-02-28 08:15 UTC)),
                Criterion::UpdatedSince(datetime!(2026-03-02 06:45 UTC)),
            ])
        );
        assert_eq!(
            of("daysFromLastTransactionTo=900000000000"),
            Ok(vec![Criterion::PurchasedSince(EARLIEST)])
        );
    }

    #[test]
    fn labels_need_a_key() {
        let label = |key: &str, value: Option<&str>| Criterion::Label {
            key: key.to_owned(),
            value: value.map(ToOwned::to_owned),
        };
        assert_eq!(
            of(
                "labels[0][key]=a&labels[0][value]=1&labels[99999999][key]=b&labels[x][value]=2&labels[3][z]=1"
            ),
            Ok(vec![label("a", Some("1")), label("b", None), NOBODY])
        );
        assert_eq!(of("labels=abc"), Ok(Vec::new()));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let long = format!("firstName={}", "x".repeat(256));
        let many = "labels[][key]=k&".repeat(51);
        for query in [
            "transactionsAmountFrom=NaN",
            "transactionsAmountFrom=1e400",
            "transactionsAmountTo=,5",
            "transactionsAmount=99999999999999999999",
            "averageTransactionAmount=1.00000x",
            "transactionsCountFrom=two",
            "daysFromLastTransactionTo=soon",
            "firstName[]=a",
            "transactionsCountFrom[x]=1",
            "email=a%00b",
            &long,
            &many,
        ] {
            assert_eq!(of(query), Err(BadFilter), "{query}");
        }
    }
}
