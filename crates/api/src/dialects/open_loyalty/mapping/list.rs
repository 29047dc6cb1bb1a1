//! The parameters of a list of customers (contract E04).

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
