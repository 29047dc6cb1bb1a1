//! The form of a push token (contract E21).

use domain::customer::PushTokenError;
use domain::text::Line;

use super::super::errors::Error;
use super::form::{BLANK, NOT_VALID};
use super::sheet::{Child, Sheet};
use crate::http::form::FormValue;

const FORM: &[Child] = &[Child::Field("pushyToken")];
const TOKEN: &str = "pushyToken";
const TOO_MANY: &str = "This collection should contain 100 elements or less.";

/// The form, as it was sent.
pub(crate) struct PushTokenForm<'f>(Sheet<'f>);

impl<'f> PushTokenForm<'f> {
    /// The token that the form names.
    pub(crate) fn read(root: Option<&'f FormValue>) -> Result<(Self, Line), Error> {
        let mut sheet = Sheet::new(FORM, root)?;
        let token =
            sheet.required(TOKEN, BLANK, |text| Line::try_from(text).map_err(|_| NOT_VALID));
        match token {
            Some(token) if sheet.is_clean() => Ok((Self(sheet), token)),
            _ => Err(sheet.refused()),
        }
    }

    /// The answer to a token that the domain refused.
    pub(crate) fn refused(mut self, error: PushTokenError) -> Error {
        match error {
            PushTokenError::TooMany => {
                self.0.note(TOKEN, TOO_MANY);
                self.0.refused()
            }
            PushTokenError::Customer(error) => error.into(),
        }
    }
}
