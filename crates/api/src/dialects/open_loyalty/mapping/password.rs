//! Passwords in forms (contract 2.5).

use domain::Secret;
use domain::account::{PasswordRule, PasswordStrength};

use super::super::errors::Error;
use super::form::{BLANK, NOT_VALID};
use super::sheet::{Child, Sheet};
use crate::http::form::FormValue;

const CURRENT: &str = "currentPassword";
const NEW: &str = "plainPassword";
const WRONG: &str = "This value should be the user's current password.";

/// The most characters that anybody may send to be hashed.
const MOST_CHARACTERS: usize = 4096;

/// The form of a change.
pub(crate) const CHANGE: &[Child] = &[Child::Field(CURRENT), Child::Field(NEW)];
/// The form of a reset.
pub(crate) const RESET: &[Child] = &[Child::Field(NEW)];

/// The current and the new password of a change; a form without any field was not sent.
pub(crate) fn change(fields: &FormValue) -> Result<(Secret<String>, Secret<String>), Error> {
    let sent = !fields.entries().is_empty();
    let mut sheet = Sheet::new(CHANGE, sent.then_some(fields))?;
    let passwords = (password(&mut sheet, CURRENT), password(&mut sheet, NEW));
    sheet.finish()?;
    Ok(passwords)
}

/// The new password of a reset.
pub(crate) fn reset(root: Option<&FormValue>) -> Result<Secret<String>, Error> {
    let mut sheet = Sheet::new(RESET, root)?;
    let password = password(&mut sheet, NEW);
    sheet.finish()?;
    Ok(password)
}

/// The answer to a change with another than the current password.
pub(crate) fn wrong_current() -> Error {
    told(CHANGE, CURRENT, &[WRONG])
}

/// The answer to a form whose new password is too weak.
pub(crate) fn weak(form: &'static [Child], broken: &[PasswordRule]) -> Error {
    let messages: Vec<_> = broken.iter().copied().map(message).collect();
    told(form, NEW, &messages)
}

/// Every rule that a password breaks, in words.
pub(super) fn violations(
    password: &str,
    strength: PasswordStrength,
) -> impl Iterator<Item = &'static str> {
    strength.violations(password).into_iter().map(message)
}

/// A password, blanks around it included.
pub(super) fn text(value: Option<&FormValue>) -> Result<Secret<String>, &'static str> {
    match value {
        Some(FormValue::Text(text)) if !text.is_empty() => Ok(Secret::new(text.clone())),
        Some(FormValue::Number(number)) => Ok(Secret::new(number.to_string())),
        Some(FormValue::Map(_) | FormValue::Bool(true)) => Err(NOT_VALID),
        Some(FormValue::Text(_) | FormValue::Bool(false) | FormValue::Null) | None => Err(BLANK),
    }
}

/// A password, not trimmed; nothing, if none was sent. Whatever it lacks for its strength is noted, and so is a value
/// that could never be typed into a login.
pub(super) fn chosen(
    sheet: &mut Sheet<'_>,
    path: &str,
    strength: Option<PasswordStrength>,
) -> Option<Secret<String>> {
    let text = match sheet.raw(path)? {
        FormValue::Null | FormValue::Bool(_) => return None,
        FormValue::Text(text) if text.is_empty() => return None,
        FormValue::Text(text) => text.clone(),
        FormValue::Number(number) => number.to_string(),
        FormValue::Map(_) => {
            sheet.note(path, NOT_VALID);
            return None;
        }
    };
    if text.contains('\0') || text.chars().count() > MOST_CHARACTERS {
        sheet.note(path, NOT_VALID);
    }
    for rule in strength.map(|strength| strength.violations(&text)).unwrap_or_default() {
        sheet.note(path, message(rule));
    }
    Some(Secret::new(text))
}

fn password(sheet: &mut Sheet<'_>, field: &str) -> Secret<String> {
    text(sheet.raw(field)).unwrap_or_else(|message| {
        sheet.note(field, message);
        Secret::new(String::new())
    })
}

fn told(form: &'static [Child], field: &str, messages: &[&'static str]) -> Error {
    let nothing = FormValue::Map(Vec::new());
    let mut sheet = Sheet::lenient(form, &nothing);
    for message in messages {
        sheet.note(field, *message);
    }
    sheet.refused()
}

fn message(rule: PasswordRule) -> &'static str {
    match rule {
        PasswordRule::Length => "Your password must be at least 8 characters long.",
        PasswordRule::Letter => "Your password must include at least one letter.",
        PasswordRule::Case => "Your password must include both upper and lower case letters.",
        PasswordRule::Number => "Your password must include at least one number.",
        PasswordRule::Special => "Your password must contain at least one special character.",
    }
}
