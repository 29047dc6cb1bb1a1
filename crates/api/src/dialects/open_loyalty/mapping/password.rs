//! Passwords in forms (contract 2.5).

use domain::Secret;
use domain::account::{PasswordRule, PasswordStrength};

use super::form::NOT_VALID;
use super::sheet::Sheet;
use crate::http::form::FormValue;

/// The most characters that anybody may send to be hashed.
const MOST_CHARACTERS: usize = 4096;

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
        sheet.note(path, complaint(rule));
    }
    Some(Secret::new(text))
}

fn complaint(rule: PasswordRule) -> &'static str {
    match rule {
        PasswordRule::Length => "Your password must be at least 8 characters long.",
        PasswordRule::Letter => "Your password must include at least one letter.",
        PasswordRule::Case => "Your password must include both upper and lower case letters.",
        PasswordRule::Number => "Your password must include at least one number.",
        PasswordRule::Special => "Your password must contain at least one special character.",
    }
}
