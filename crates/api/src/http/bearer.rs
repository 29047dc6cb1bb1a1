//! The `Authorization` header, taken apart.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use domain::Secret;

/// Basic credentials with or without padding: some clients leave it out.
const BASIC: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a caller presents.
#[derive(Debug, PartialEq, Eq)]
pub enum Credentials<'a> {
    /// A token.
    Bearer(&'a str),
    /// A user and a password; either may be empty.
    Basic {
        /// Everything before the first colon.
        user: String,
        /// Everything after it.
        password: Secret<String>,
    },
    /// A scheme that is neither, with all that follows it; Monri's digest is one.
    Other {
        /// The scheme as it was written.
        scheme: &'a str,
        /// The rest, without blanks around it; may be empty.
        rest: &'a str,
    },
}

/// The header is there and says nothing usable: twice, not text, or not in the form its scheme asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unusable Authorization header")]
pub struct UnusableAuthorization;

/// Reads the credentials; `None` without the header.
///
/// A header that comes twice is refused, so that no two places can disagree about which of them counts.
pub fn credentials(headers: &HeaderMap) -> Result<Option<Credentials<'_>>, UnusableAuthorization> {
    let mut values = headers.get_all(AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(UnusableAuthorization);
    }
    let value = value.to_str().map_err(|_| UnusableAuthorization)?.trim_matches([' ', '\t']);
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    let rest = rest.trim_start_matches(' ');
    if scheme.eq_ignore_ascii_case("bearer") {
        if is_token68(rest) {
            Ok(Some(Credentials::Bearer(rest)))
        } else {
            Err(UnusableAuthorization)
        }
    } else if scheme.eq_ignore_ascii_case("basic") {
        basic(rest).map(Some)
    } else if scheme.is_empty() {
        Err(UnusableAuthorization)
    } else {
        Ok(Some(Credentials::Other { scheme, rest }))
    }
}

fn basic(encoded: &str) -> Result<Credentials<'static>, UnusableAuthorization> {
    let bytes = BASIC.decode(encoded).map_err(|_| UnusableAuthorization)?;
    let text = String::from_utf8(bytes).map_err(|_| UnusableAuthorization)?;
    let (user, password) = text.split_once(':').ok_or(UnusableAuthorization)?;
    Ok(Credentials::Basic { user: user.to_owned(), password: Secret::new(password.to_owned()) })
}

/// The characters of RFC 9110, section 11.2.
fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn of(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn no_header_means_no_credentials() {
        assert_eq!(credentials(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn the_scheme_is_read_in_any_case() {
        for value in [
            "Bearer abc.d-e_f~+/==",
            "bearer abc.d-e_f~+/==",
            "BEARER  abc.d-e_f~+/==",
            " Bearer abc.d-e_f~+/== ",
        ] {
            assert_eq!(
                credentials(&of(&[value])),
                Ok(Some(Credentials::Bearer("abc.d-e_f~+/=="))),
                "{value}"
            );
        }
    }

    #[test]
    fn basic_credentials_split_at_the_first_colon() {
        for (value, user, password) in [
            ("Basic aWQ6c2VjcmV0", "id", "secret"),
            ("basic aWQ6YTpi", "id", "a:b"),
            ("Basic Og==", "", ""),
            ("Basic Og", "", ""),
            ("Basic xb86cA==", "ſ", "p"),
        ] {
            let expected = Credentials::Basic {
                user: user.to_owned(),
                password: Secret::new(password.to_owned()),
            };
            assert_eq!(credentials(&of(&[value])), Ok(Some(expected)), "{value}");
        }
    }

    #[test]
    fn other_schemes_are_handed_on_as_they_are() {
        let expected = |scheme, rest| Ok(Some(Credentials::Other { scheme, rest }));
        assert_eq!(credentials(&of(&["WP3-v2.1 a 1 b"])), expected("WP3-v2.1", "a 1 b"));
        assert_eq!(credentials(&of(&["abc"])), expected("abc", ""));
    }

    #[test]
    fn unusable_headers_are_refused() {
        for values in [
            &["Bearer abc", "Bearer abc"][..],
            &["Bearer"],
            &["Bearer "],
            &["Bearer ="],
            &["Bearer a b"],
            &["Bearer a,b"],
            &[""],
            &["Basic"],
            &["Basic !"],
            &["Basic aWQ="],
            &["Basic /zo="],
        ] {
            assert_eq!(credentials(&of(values)), Err(UnusableAuthorization), "{values:?}");
        }
    }

    #[test]
    fn passwords_do_not_show_in_debug_output() {
        let shown = format!("{:?}", credentials(&of(&["Basic aWQ6c2VjcmV0"])));
        assert!(shown.contains("id") && !shown.contains("secret"), "{shown}");
    }
}
