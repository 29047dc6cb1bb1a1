//! Ids that a body names outside of any form (contract E18 and E19).

use std::str::FromStr;

use super::super::errors::Error;
use super::form::NOT_VALID;
use crate::http::form::FormValue;

const REQUIRED: &str = "field is required";

/// The id that a body names; the name is told with what is wrong.
pub(crate) fn named_id<T: FromStr>(fields: &FormValue, name: &'static str) -> Result<T, Error> {
    let refused = |message| Error::Refused { field: name, message };
    match fields.get(name) {
        None | Some(FormValue::Null | FormValue::Bool(false)) => Err(refused(REQUIRED)),
        Some(FormValue::Text(text)) if text.trim().is_empty() => Err(refused(REQUIRED)),
        Some(FormValue::Text(text)) => text.trim().parse().map_err(|_| refused(NOT_VALID)),
        Some(FormValue::Bool(true) | FormValue::Number(_) | FormValue::Map(_)) => {
            Err(refused(NOT_VALID))
        }
    }
}
