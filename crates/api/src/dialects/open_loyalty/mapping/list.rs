//! The parameters of lists (contract 1.9 and E04).

use domain::Order;
use domain::customer::CustomerQuery;
use time::OffsetDateTime;

use super::super::errors::Error;
use super::{filter, sort};
use crate::http::form::FormValue;

/// The list that the parameters describe. Names that mean nothing are ignored.
pub(crate) fn list_query(
    parameters: &FormValue,
    now: OffsetDateTime,
) -> Result<CustomerQuery, Error> {
    let criteria = filter::criteria(parameters, now).map_err(|_| Error::BadRequest)?;
    Ok(CustomerQuery { criteria, sort: sort::sort(parameters), page: sort::page(parameters) })
}

/// The order of a list of anything but customers: ascending, unless a direction is given that is not. A column that is
/// not known is as if it had not been named.
pub(super) fn order<K>(
    parameters: &FormValue,
    column: impl FnOnce(&str) -> Option<K>,
) -> Option<Order<K>> {
    let text = |name: &str| match parameters.get(name) {
        Some(FormValue::Text(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    let key = column(text("sort")?)?;
    let descending = text("direction").is_some_and(|word| !word.eq_ignore_ascii_case("asc"));
    Some(Order { key, descending })
}

#[cfg(test)]
mod tests {
    use crate::http::form::{FormLimits, parse};

    use super::*;

    #[test]
    fn an_order_is_ascending_unless_another_direction_is_given() {
        for (query, expected) in [
            ("", None),
            ("direction=desc", None),
            ("sort=secret", None),
            ("sort[]=name", None),
            ("sort=name", Some(false)),
            ("sort=name&direction=", Some(false)),
            ("sort=name&direction=ASC", Some(false)),
            ("sort=name&direction=desc", Some(true)),
            ("sort=name&direction=sideways", Some(true)),
        ] {
            let parameters = parse(query.as_bytes(), FormLimits { depth: 5, keys: 10 }).unwrap();
            let found = order(&parameters, |name| (name == "name").then_some(()));
            let expected = expected.map(|descending| Order { key: (), descending });
            assert_eq!(found, expected, "{query}");
        }
    }
}
