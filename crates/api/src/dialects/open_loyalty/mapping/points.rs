//! Points: their form, their filters and their bodies (contract 4.5 and 4.9).

use domain::access::Actor;
use domain::id::CustomerId;
use domain::money::Amount;
use domain::points::{
    CreditState, ListedTransfer, NewPoints, PointsError, SpentPoints, TransferCriterion,
    TransferKind, TransferQuery,
};

use super::super::auth::is_operators_key;
use super::super::errors::Error;
use super::super::wire::points::{SpentPointsBody, TransferBody};
use super::form::{BLANK, NOT_VALID};
use super::sheet::{Child, Sheet};
use super::{figure, filter, list, moment, sort};
use crate::http::form::FormValue;
use crate::http::zone::Zone;

const CUSTOMER: &str = "customer";
const POINTS: &str = "points";
const FORM: &[Child] = &[
    Child::Field(CUSTOMER),
    Child::Field(POINTS),
    Child::Field("validityDuration"),
    Child::Field("comment"),
];

const AT_LEAST_ONE: &str = "This value should be 1 or more.";
/// The most points of one transfer: the ledger holds the sum of hundreds of thousands of such.
const MOST: Amount = Amount::whole(1_000_000_000);
/// A hundred years of days, as long as any calendar is asked to go.
const MOST_DAYS: u32 = 36_500;

const STATES: [(&str, CreditState); 4] = [
    ("active", CreditState::Active),
    ("pending", CreditState::Locked),
    ("expired", CreditState::Expired),
    ("canceled", CreditState::Canceled),
];
const KINDS: [(&str, TransferKind); 4] = [
    ("adding", TransferKind::Adding),
    ("spending", TransferKind::Spending),
    ("p2p_adding", TransferKind::AddingFromCustomer),
    ("p2p_spending", TransferKind::SpendingToCustomer),
];

/// The form of points that are added or spent, as it was sent.
pub(crate) struct PointsForm<'f>(Sheet<'f>);

/// The customer whom a form of points names, whether it exists or not.
pub(crate) fn named_customer(root: Option<&FormValue>) -> Option<CustomerId> {
    match root?.get(CUSTOMER)? {
        FormValue::Text(text) => text.trim().parse().ok(),
        FormValue::Null | FormValue::Bool(_) | FormValue::Number(_) | FormValue::Map(_) => None,
    }
}

impl<'f> PointsForm<'f> {
    /// The points that the form asks for. `known` tells whether its customer exists.
    pub(crate) fn read(
        root: Option<&'f FormValue>,
        known: bool,
    ) -> Result<(Self, NewPoints), Error> {
        let mut sheet = Sheet::new(FORM, root)?;
        sheet.required(CUSTOMER, BLANK, |_| if known { Ok(()) } else { Err(NOT_VALID) });
        let value = sheet.required(POINTS, BLANK, |text| {
            let value = figure::read(&text).map(in_hundredths).ok_or(NOT_VALID)?;
            match value {
                value if value < Amount::whole(1) => Err(AT_LEAST_ONE),
                value if value > MOST => Err(NOT_VALID),
                value => Ok(value),
            }
        });
        let few =
            |text: String| text.parse().ok().filter(|days| *days <= MOST_DAYS).ok_or(NOT_VALID);
        let valid_days = sheet.parsed("validityDuration", few).value();
        let comment = sheet.line("comment").value();
        match value {
            Some(value) if sheet.is_clean() => {
                Ok((Self(sheet), NewPoints { value, valid_days, comment }))
            }
            _ => Err(sheet.refused()),
        }
    }

    /// The answer to points that the domain refused to book.
    pub(crate) fn refused(mut self, error: PointsError) -> Error {
        match error {
            PointsError::NotAllowed => self.0.note(CUSTOMER, NOT_VALID),
            PointsError::NotEnough(_) => self.0.note(POINTS, "not enough points"),
            error @ (PointsError::NotFound
            | PointsError::NotCancelable(_)
            | PointsError::Storage(_)) => return error.into(),
        }
        self.0.refused()
    }
}

/// The vendor keeps two decimals; half a hundredth is rounded up.
fn in_hundredths(amount: Amount) -> Amount {
    const HUNDREDTH: i64 = 100;
    let value = amount.ten_thousandths();
    Amount::from_ten_thousandths(
        value.saturating_add(HUNDREDTH / 2).div_euclid(HUNDREDTH).saturating_mul(HUNDREDTH),
    )
}

/// The list that the parameters describe; of one customer alone, if one is given. Names that mean nothing are ignored.
pub(crate) fn transfer_query(
    parameters: &FormValue,
    of: Option<CustomerId>,
    zone: &Zone,
) -> Result<TransferQuery, Error> {
    let given = |name: &str| filter::given(parameters, name).map_err(|_| Error::BadRequest);
    let mut criteria: Vec<_> = of.map(TransferCriterion::Customer).into_iter().collect();
    if of.is_none()
        && let Some(id) = given("customerId")?
    {
        let id = id.parse().map_err(|_| Error::BadRequest)?;
        criteria.push(TransferCriterion::Customer(id));
    }
    if let Some(kind) = given("type")? {
        criteria.push(TransferCriterion::Kind(meant(&KINDS, kind)?));
    }
    // Who asks what expires asks for what can still be spent, whatever else the request says.
    if let Some(text) = given("willExpireTill")? {
        let until = moment::moment(text, zone).ok_or(Error::BadRequest)?;
        criteria.push(TransferCriterion::ExpiresUntil(until));
    } else if let Some(states) = states(parameters)? {
        criteria.push(TransferCriterion::States(states));
    }
    let order = list::order(parameters, |name| (name == "createdAt").then_some(()));
    let oldest_first = order.is_some_and(|order| !order.descending);
    Ok(TransferQuery { criteria, oldest_first, page: sort::page(parameters) })
}

/// One state, or a list of them.
fn states(parameters: &FormValue) -> Result<Option<Vec<CreditState>>, Error> {
    let Some(FormValue::Map(entries)) = parameters.get("state") else {
        let state = filter::given(parameters, "state").map_err(|_| Error::BadRequest)?;
        return state.map(|state| Ok(vec![meant(&STATES, state)?])).transpose();
    };
    let states = entries.iter().map(|(_, value)| match value {
        FormValue::Text(state) => meant(&STATES, state),
        _ => Err(Error::BadRequest),
    });
    let states: Vec<_> = states.collect::<Result<_, _>>()?;
    Ok(Some(states).filter(|states| !states.is_empty()))
}

fn meant<T: Copy>(words: &[(&str, T)], word: &str) -> Result<T, Error> {
    let known = words.iter().find(|(known, _)| *known == word);
    known.map(|(_, meant)| *meant).ok_or(Error::BadRequest)
}

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], meant: T) -> &'static str {
    words.iter().find(|(_, known)| *known == meant).map_or("", |(word, _)| word)
}

/// A transfer in a list.
pub(crate) fn transfer<'t>(listed: &'t ListedTransfer, zone: &Zone) -> TransferBody<'t> {
    let (transfer, owner) = (&listed.transfer, listed.owner.as_ref());
    let credit = transfer.credit();
    let expires_at = credit.map_or(Some(transfer.created_at), |credit| credit.expires_at);
    let peer = transfer.peer.map(Into::into);
    let (sender, receiver) = if credit.is_some() { (peer, None) } else { (None, peer) };
    TransferBody {
        points_transfer_id: transfer.id.into(),
        account_id: owner.map(|owner| owner.wallet.into()),
        customer_id: transfer.customer.into(),
        customer_first_name: owner.map(|owner| owner.first_name.as_str()),
        customer_last_name: owner.map(|owner| owner.last_name.as_str()),
        customer_loyalty_card_number: owner
            .and_then(|owner| owner.loyalty_card.as_ref())
            .map(domain::customer::LoyaltyCard::as_str),
        customer_email: owner
            .and_then(|owner| owner.email.as_ref())
            .map(domain::customer::Email::as_str),
        customer_phone: owner
            .and_then(|owner| owner.phone.as_ref())
            .map(domain::customer::PhoneNumber::as_str),
        created_at: zone.format_basic(transfer.created_at),
        expires_at: expires_at.map(|at| zone.format_basic(at)),
        locked_until: credit
            .and_then(|credit| credit.locked_until)
            .map(|until| zone.format_basic(until)),
        value: figure::amount(transfer.value),
        state: word(&STATES, transfer.state()),
        kind: word(&KINDS, TransferKind::of(transfer)),
        comment: transfer.comment.as_ref().map(domain::text::Text::as_str),
        issuer: issuer(transfer.actor),
        sender_id: sender,
        receiver_id: receiver,
    }
}

fn issuer(actor: Actor) -> &'static str {
    match actor {
        actor if is_operators_key(actor) => "api",
        Actor::Admin(_) => "admin",
        Actor::Seller(_) => "seller",
        Actor::Application(_) | Actor::Operator(_) => "api",
        Actor::Customer(_) | Actor::System => "system",
    }
}

/// What was spent in a programme.
pub(crate) fn spent_points(spent: SpentPoints) -> SpentPointsBody {
    SpentPointsBody {
        total_spending_transfers: spent.transfers,
        total_points_spent: figure::amount(spent.points),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn points_have_two_decimals_and_are_at_least_one() {
        for (sent, expected) in [
            (json!(5), Some("5")),
            (json!("1"), Some("1")),
            (json!("12.345"), Some("12.35")),
            (json!(0.995), Some("1")),
            (json!("0.99"), None),
            (json!(-5), None),
            (json!(1_000_000_000), Some("1000000000")),
            (json!("1000000000.01"), None),
            (json!("1e300"), None),
            (json!("NaN"), None),
            (json!("ten"), None),
            (json!(""), None),
        ] {
            let root = FormValue::from(json!({"customer": "x", "points": sent}));
            let read = PointsForm::read(Some(&root), true).map(|(_, points)| points.value).ok();
            let expected = expected.map(|amount| amount.parse::<Amount>().unwrap());
            assert_eq!(read, expected, "{sent}");
        }
    }

    #[test]
    fn days_are_whole_and_within_a_century() {
        for (sent, expected) in [
            (json!(0), Some(Some(0))),
            (json!("36500"), Some(Some(36_500))),
            (json!(""), Some(None)),
            (json!(36_501), None),
            (json!("-1"), None),
            (json!(1.5), None),
        ] {
            let root = json!({"customer": "x", "points": 1, "validityDuration": sent});
            let root = FormValue::from(root);
            let read = PointsForm::read(Some(&root), true);
            assert_eq!(read.map(|(_, points)| points.valid_days).ok(), expected, "{sent}");
        }
    }
}
