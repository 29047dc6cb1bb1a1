//! The field with which a customer is put on a level (contract E18): by itself, outside of any form.

use domain::customer::CustomerError;
use domain::id::LevelId;

use super::super::errors::Error;
use super::form::NOT_VALID;
use crate::http::form::FormValue;

const FIELD: &str = "levelId";

/// The level that the fields name.
pub(crate) fn named_level(fields: &FormValue) -> Result<LevelId, Error> {
    let refused = |message| Error::Refused { field: FIELD, message };
    match fields.get(FIELD) {
        None | Some(FormValue::Null | FormValue::Bool(false)) => Err(refused("field is required")),
        Some(FormValue::Text(text)) if text.trim().is_empty() => Err(refused("field is required")),
        Some(FormValue::Text(text)) => text.trim().parse().map_err(|_| refused(NOT_VALID)),
        Some(FormValue::Bool(true) | FormValue::Number(_) | FormValue::Map(_)) => {
            Err(refused(NOT_VALID))
        }
    }
}

/// The answer to a move that the domain refused.
pub(crate) fn refused_level(error: CustomerError) -> Error {
    match error {
        CustomerError::UnknownLevel => Error::Refused { field: FIELD, message: NOT_VALID },
        error => error.into(),
    }
}
