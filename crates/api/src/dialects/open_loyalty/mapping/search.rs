//! The form of a search at a till (contract E33).

use domain::customer::{Criterion, TextMatch};

use super::super::errors::Error;
use super::contact::is_numeric;
use super::filter::is_needle;
use super::form::NOT_VALID;
use super::sheet::{Child, Sheet};
use crate::http::form::FormValue;

const FORM: &[Child] = &[
    Child::Field("loyaltyCardNumber"),
    Child::Field("phone"),
    Child::Field("email"),
    Child::Field("firstName"),
    Child::Field("lastName"),
    Child::Field("city"),
    Child::Field("postcode"),
];
/// A condition on a text.
type ByText = fn(TextMatch) -> Criterion;

/// By which condition each field is searched, in the order of the form.
const CRITERIA: [(&str, ByText); 7] = [
    ("loyaltyCardNumber", Criterion::LoyaltyCard),
    ("phone", Criterion::Phone),
    ("email", Criterion::Email),
    ("firstName", Criterion::FirstName),
    ("lastName", Criterion::LastName),
    ("city", Criterion::City),
    ("postcode", Criterion::PostalCode),
];
const NO_NUMBER: &str = "Incorrect phone number format, use +00000000000";
const NOTHING: &str = "Provide at least one field";

/// The conditions that a form names; they are joined by "and".
pub(crate) fn search(root: Option<&FormValue>) -> Result<Vec<Criterion>, Error> {
    let mut sheet = Sheet::new(FORM, root)?;
    let (mut criteria, mut blank) = (Vec::new(), true);
    for (name, criterion) in CRITERIA {
        let given = sheet.parsed(name, |text| match name {
            _ if !is_needle(&text) => Err(NOT_VALID),
            "phone" if !is_numeric(&text) => Err(NO_NUMBER),
            _ => Ok(text),
        });
        let given = given.value();
        blank &= given.is_none() && !sheet.is_wrong(name);
        criteria.extend(given.map(|text| criterion(TextMatch::Contains(text))));
    }
    if blank && !sheet.is_wrong("") {
        sheet.note("", NOTHING);
    }
    sheet.finish().map(|()| criteria)
}
