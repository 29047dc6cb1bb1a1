//! Sellers: forms and bodies (contract 4.4 and 9.8).

use domain::Secret;
use domain::customer::PhoneNumber;
use domain::id::PointOfSaleId;
use domain::pos::PointOfSale;
use domain::seller::{
    Seller, SellerError, SellerField, SellerFilter, SellerQuery, SellerSortKey, SellerTerms,
};
use domain::text::Line;

use super::super::errors::Error;
use super::super::wire::seller::SellerBody;
use super::form::{BLANK, NOT_VALID};
use super::level::finished;
use super::sheet::{Child, Sheet};
use super::{contact, filter, list, password, sort};
use crate::http::form::FormValue;

const EMAIL_TAKEN: &str = "This email is already taken";

const REGISTRATION: &[Child] = &[
    Child::Field("firstName"),
    Child::Field("lastName"),
    Child::Field("active"),
    Child::Field("email"),
    Child::Field("phone"),
    Child::Field("posId"),
    Child::Field("plainPassword"),
    Child::Field("allowPointTransfer"),
];

/// The vendor moves the password to the end when it need not be given.
const EDIT: &[Child] = &[
    Child::Field("firstName"),
    Child::Field("lastName"),
    Child::Field("active"),
    Child::Field("email"),
    Child::Field("phone"),
    Child::Field("posId"),
    Child::Field("allowPointTransfer"),
    Child::Field("plainPassword"),
];

/// The point of sale that a form names, whether it exists or not.
pub(crate) fn named_pos(root: Option<&FormValue>) -> Option<PointOfSaleId> {
    match root?.get("posId")? {
        FormValue::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The seller that a registration form asks for, and the password. `pos` is the named point of sale if it exists; a
/// caller who may not assign any is as one who named none.
pub(crate) fn register_terms(
    root: Option<&FormValue>,
    pos: Option<PointOfSaleId>,
    may_assign: bool,
) -> Result<(SellerTerms, Secret<String>), Error> {
    let mut sheet = Sheet::new(REGISTRATION, root)?;
    let terms = terms(&mut sheet, pos, may_assign);
    let password = password::chosen(&mut sheet, "plainPassword", None);
    if password.is_none() && !sheet.is_wrong("plainPassword") {
        sheet.note("plainPassword", BLANK);
    }
    finished(sheet, terms.zip(password))
}

/// The same for a change, where a password need not be given.
pub(crate) fn seller_terms(
    root: Option<&FormValue>,
    pos: Option<PointOfSaleId>,
    may_assign: bool,
) -> Result<(SellerTerms, Option<Secret<String>>), Error> {
    let mut sheet = Sheet::new(EDIT, root)?;
    let terms = terms(&mut sheet, pos, may_assign);
    let password = password::chosen(&mut sheet, "plainPassword", None);
    finished(sheet, terms).map(|terms| (terms, password))
}

fn terms(
    sheet: &mut Sheet<'_>,
    known: Option<PointOfSaleId>,
    may_assign: bool,
) -> Option<SellerTerms> {
    let line = |text: String| Line::try_from(text).map_err(|_| NOT_VALID);
    let first_name = sheet.required("firstName", BLANK, line);
    let last_name = sheet.required("lastName", BLANK, line);
    let active = sheet.checkbox("active").unwrap_or(false);
    let email = sheet.required("email", BLANK, contact::email);
    let phone = sheet.parsed("phone", contact::staff_phone).value();
    let pos = if may_assign {
        sheet.required("posId", BLANK, |text| match text.parse() {
            Ok(id) if known == Some(id) => Ok(id),
            _ => Err(NOT_VALID),
        })
    } else {
        sheet.note("posId", BLANK);
        None
    };
    let allow_point_transfer = sheet.checkbox("allowPointTransfer").unwrap_or(false);
    Some(SellerTerms {
        first_name: first_name?,
        last_name: last_name?,
        email: email?,
        phone,
        pos: pos?,
        active,
        allow_point_transfer,
    })
}

/// The answer when a seller could not be stored as a form says.
pub(crate) fn refused_seller(error: SellerError, root: Option<&FormValue>, new: bool) -> Error {
    match error {
        SellerError::NotFound => Error::NotFound,
        SellerError::Storage(error) => Error::Storage(error),
        SellerError::EmailTaken => match Sheet::new(if new { REGISTRATION } else { EDIT }, root) {
            Err(not_sent) => not_sent,
            Ok(mut sheet) => {
                sheet.note("email", EMAIL_TAKEN);
                sheet.refused()
            }
        },
    }
}

/// The list that the parameters describe.
pub(crate) fn seller_query(parameters: &FormValue) -> Result<SellerQuery, Error> {
    let column = |name: &str| match name {
        "sellerId" => Some(SellerSortKey::Id),
        "name" => Some(SellerSortKey::Name),
        "firstName" => Some(SellerSortKey::FirstName),
        "lastName" => Some(SellerSortKey::LastName),
        "email" => Some(SellerSortKey::Email),
        "phone" => Some(SellerSortKey::Phone),
        "active" => Some(SellerSortKey::Active),
        _ => None,
    };
    let fields = [
        ("firstName", SellerField::FirstName),
        ("lastName", SellerField::LastName),
        ("phone", SellerField::Phone),
        ("email", SellerField::Email),
    ];
    let mut filters = Vec::new();
    for (name, field) in fields {
        if let Some(text) = filter::given(parameters, name).map_err(|_| Error::BadRequest)? {
            filters.push(SellerFilter { field, text: text.to_owned() });
        }
    }
    Ok(SellerQuery {
        filters,
        order: list::order(parameters, column),
        page: sort::page(parameters),
    })
}

/// A seller; `shops` has the point of sale, if that exists.
pub(crate) fn seller_body<'s>(seller: &'s Seller, shops: &'s [PointOfSale]) -> SellerBody<'s> {
    let shop = seller.pos.and_then(|id| shops.iter().find(|shop| shop.id == id));
    SellerBody {
        name: format!("{} {}", seller.first_name, seller.last_name).trim().to_owned(),
        seller_id: seller.id.into(),
        first_name: seller.first_name.as_str(),
        last_name: seller.last_name.as_str(),
        email: seller.email.as_str(),
        phone: seller.phone.as_ref().map(PhoneNumber::as_str),
        pos_id: seller.pos.map(Into::into),
        pos_name: shop.map(|shop| shop.name.as_str()),
        pos_city: shop.map(|shop| shop.location.city.as_str()).filter(|city| !city.is_empty()),
        active: seller.active,
        deleted: seller.deleted_at.is_some(),
        allow_point_transfer: seller.allow_point_transfer,
    }
}

#[cfg(test)]
mod tests {
    use domain::testing::an_id;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn who_may_not_assign_a_point_of_sale_is_as_one_who_named_none() {
        let pos: PointOfSaleId = an_id();
        let root = FormValue::from(json!({
            "firstName": "Sel", "lastName": "Ler", "email": "sel@shop.example",
            "posId": pos.to_string(), "plainPassword": "oloy",
        }));
        assert!(register_terms(Some(&root), Some(pos), true).is_ok());
        let Err(Error::Form(body)) = register_terms(Some(&root), Some(pos), false) else {
            panic!("refused")
        };
        let children: Value = serde_json::to_value(&body).unwrap()["form"]["children"].clone();
        assert_eq!(children["posId"], json!({"errors": [BLANK]}));
        assert_eq!(children["email"], json!({}));
    }
}
