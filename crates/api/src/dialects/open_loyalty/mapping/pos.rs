//! Points of sale: forms and bodies (contract 4.3 and 9.7).

use domain::customer::{Address, CountryCode};
use domain::id::{MerchantId, PointOfSaleId};
use domain::merchant::Merchant;
use domain::pos::{
    Coordinates, PointOfSale, PointOfSaleError, PointOfSaleQuery, PointOfSaleSortKey,
};
use domain::text::{Line, Note};
use domain::transaction::Turnover;

use super::super::errors::Error;
use super::super::wire::pos::{GeoPoint, LocationBody, PosBody};
use super::form::{BLANK, NOT_VALID, USED};
use super::level::finished;
use super::sheet::{Child, Sheet};
use super::{figure, list, sort};
use crate::http::form::FormValue;

const FORM: &[Child] = &[
    Child::Field("name"),
    Child::Field("identifier"),
    Child::Field("description"),
    Child::Compound(
        "location",
        &[
            Child::Field("street"),
            Child::Field("address1"),
            Child::Field("address2"),
            Child::Field("postal"),
            Child::Field("city"),
            Child::Field("province"),
            Child::Field("country"),
            Child::Field("lat"),
            Child::Field("long"),
        ],
    ),
];

/// The point of sale that a form describes.
pub(crate) fn pos_terms(
    root: Option<&FormValue>,
    merchant: MerchantId,
    id: PointOfSaleId,
) -> Result<PointOfSale, Error> {
    let mut sheet = Sheet::new(FORM, root)?;
    let (name, identifier) = (required(&mut sheet, "name"), required(&mut sheet, "identifier"));
    let description: Option<Note> = sheet.line("description").value();
    let location = location(&mut sheet);
    let coordinates = Coordinates {
        latitude: sheet.line("location.lat").value(),
        longitude: sheet.line("location.long").value(),
    };
    let read = name.zip(identifier).zip(location);
    finished(sheet, read).map(|((name, identifier), location)| PointOfSale {
        merchant,
        id,
        name,
        identifier,
        description,
        location,
        coordinates,
    })
}

fn required(sheet: &mut Sheet<'_>, path: &str) -> Option<Line> {
    sheet.required(path, BLANK, |text| Line::try_from(text).map_err(|_| NOT_VALID))
}

fn location(sheet: &mut Sheet<'_>) -> Option<Address> {
    let street = required(sheet, "location.street");
    let house = required(sheet, "location.address1");
    let unit: Option<Line> = sheet.line("location.address2").value();
    let postal_code = required(sheet, "location.postal");
    let city = required(sheet, "location.city");
    let province = required(sheet, "location.province");
    let country = sheet.required("location.country", BLANK, |text| {
        text.parse::<CountryCode>().map(Line::from).map_err(|_| NOT_VALID)
    });
    Some(Address {
        street: street?,
        house: house?,
        unit: unit.unwrap_or_default(),
        city: city?,
        province: province?,
        postal_code: postal_code?,
        country: country?,
    })
}

/// The answer when a point of sale could not be stored as a form says.
pub(crate) fn refused_pos(error: PointOfSaleError, root: Option<&FormValue>) -> Error {
    match error {
        PointOfSaleError::NotFound => Error::NotFound,
        PointOfSaleError::Storage(error) => Error::Storage(error),
        PointOfSaleError::IdentifierTaken => match Sheet::new(FORM, root) {
            Err(not_sent) => not_sent,
            Ok(mut sheet) => {
                sheet.note("identifier", USED);
                sheet.refused()
            }
        },
    }
}

/// The list that the parameters describe.
pub(crate) fn pos_query(parameters: &FormValue) -> PointOfSaleQuery {
    let column = |name: &str| match name {
        "posId" => Some(PointOfSaleSortKey::Id),
        "name" => Some(PointOfSaleSortKey::Name),
        "identifier" => Some(PointOfSaleSortKey::Identifier),
        "description" => Some(PointOfSaleSortKey::Description),
        "location.city" => Some(PointOfSaleSortKey::City),
        _ => None,
    };
    PointOfSaleQuery { order: list::order(parameters, column), page: sort::page(parameters) }
}

/// A point of sale.
pub(crate) fn pos_body<'p>(
    pos: &'p PointOfSale,
    turnover: Turnover,
    merchant: &Merchant,
) -> PosBody<'p> {
    let place = &pos.location;
    let lat = pos.coordinates.latitude.as_ref().map(Line::as_str);
    let long = pos.coordinates.longitude.as_ref().map(Line::as_str);
    PosBody {
        pos_id: pos.id.into(),
        name: pos.name.as_str(),
        identifier: pos.identifier.as_str(),
        description: pos.description.as_ref().map(Note::as_str),
        location: LocationBody {
            street: place.street.as_str(),
            address1: place.house.as_str(),
            address2: place.unit.as_str(),
            province: place.province.as_str(),
            city: place.city.as_str(),
            postal: place.postal_code.as_str(),
            country: place.country.as_str(),
            geo_point: (lat.is_some() || long.is_some()).then_some(GeoPoint { lat, long }),
        },
        transactions_amount: figure::amount(turnover.amount),
        transactions_count: turnover.count,
        currency: merchant.currency.lower(),
    }
}
