//! What is added to the heads of deliveries. Values are often credentials: they never print themselves, and are sealed
//! at rest.

use std::fmt;

use crate::secret::{Sealed, Secret, SecretError, SecretKeeper};

/// The longest name, in characters.
const LONGEST_NAME: usize = 128;

/// `Authorization`, or a name that begins with `X-` (KO 3.2): no other header can be given, so that none can change what a
/// delivery is. Kept as written; letter case does not count.
#[derive(Clone, Debug)]
pub struct HeaderName(String);

impl HeaderName {
    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name begins with something, whatever the letter case.
    pub fn begins_with(&self, start: &str) -> bool {
        begins_with(&self.0, start)
    }
}

impl PartialEq for HeaderName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for HeaderName {}

impl TryFrom<String> for HeaderName {
    type Error = InvalidHeaderName;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let known = raw.eq_ignore_ascii_case("authorization") || begins_with(&raw, "x-");
        if known && raw.len() <= LONGEST_NAME && raw.bytes().all(legal) {
            Ok(Self(raw))
        } else {
            Err(InvalidHeaderName)
        }
    }
}

fn begins_with(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// The name is neither `Authorization` nor one that begins with `X-` and can stand in a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a header that may be added")]
pub struct InvalidHeaderName;

/// The value of a header: at most [`HeaderValue::LONGEST`] characters, none of which ends a line or controls anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderValue(Secret<String>);

impl HeaderValue {
    /// How many characters a value may have (KO 3.2).
    pub const LONGEST: usize = 1024;

    /// The value, for the one place that sends or shows it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl TryFrom<String> for HeaderValue {
    type Error = InvalidHeaderValue;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        if raw.chars().any(|c| c.is_control() && c != '\t') {
            return Err(InvalidHeaderValue::ControlCharacter);
        }
        if raw.chars().count() > Self::LONGEST {
            return Err(InvalidHeaderValue::TooLong);
        }
        Ok(Self(Secret::new(raw)))
    }
}

/// Why a text is no value of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHeaderValue {
    /// It ends a line, or controls something else.
    #[error("contains a control character")]
    ControlCharacter,
    /// It has more than [`HeaderValue::LONGEST`] characters.
    #[error("longer than {} characters", HeaderValue::LONGEST)]
    TooLong,
}

/// All headers of a subscription, in the subscriber's order, no name twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// How many there may be (KO 3.2).
    pub const MOST: usize = 20;

    /// Collects headers.
    pub fn new(headers: Vec<(HeaderName, HeaderValue)>) -> Result<Self, InvalidHeaders> {
        if headers.len() > Self::MOST {
            return Err(InvalidHeaders::TooMany);
        }
        let repeats = |at: usize| headers[..at].iter().any(|(name, _)| *name == headers[at].0);
        if (0..headers.len()).any(repeats) {
            return Err(InvalidHeaders::Repeated);
        }
        Ok(Self(headers))
    }

    /// The headers in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Seals the headers for storage; none need no seal.
    pub fn seal(&self, keeper: &dyn SecretKeeper) -> Result<Option<Sealed>, SecretError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        // A name has no colon and a value no end of line.
        let line = |(name, value): &(HeaderName, HeaderValue)| {
            format!("{}:{}\n", name.as_str(), value.expose())
        };
        let text: String = self.0.iter().map(line).collect();
        keeper.seal(&Secret::new(text.into_bytes())).map(Some)
    }

    /// Reads stored headers. Fails if they were damaged, or sealed under another master key.
    pub fn open(sealed: Option<&Sealed>, keeper: &dyn SecretKeeper) -> Result<Self, SecretError> {
        let Some(sealed) = sealed else { return Ok(Self::default()) };
        let bytes = keeper.open(sealed)?.into_inner();
        let text = String::from_utf8(bytes).map_err(|_| SecretError::Unreadable)?;
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned().try_into().ok()?, value.to_owned().try_into().ok()?))
        };
        let headers = text.split_terminator('\n').map(header).collect::<Option<_>>();
        Self::new(headers.ok_or(SecretError::Unreadable)?).map_err(|_| SecretError::Unreadable)
    }
}

/// Why headers cannot stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHeaders {
    /// There are more than [`Headers::MOST`].
    #[error("more than {} headers", Headers::MOST)]
    TooMany,
    /// A name stands there twice.
    #[error("a header repeats")]
    Repeated,
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::CountingKeeper;

    fn name(raw: &str) -> Result<HeaderName, InvalidHeaderName> {
        HeaderName::try_from(raw.to_owned())
    }

    fn value(raw: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        HeaderValue::try_from(raw.to_owned())
    }

    fn headers(pairs: &[(&str, &str)]) -> Result<Headers, InvalidHeaders> {
        Headers::new(pairs.iter().map(|(n, v)| (name(n).unwrap(), value(v).unwrap())).collect())
    }

    #[test]
    fn only_authorization_and_names_of_ones_own_may_be_added() {
        for raw in ["Authorization", "AUTHORIZATION", "X-Tenant", "x-a", "X-", "X-A.b_c!"] {
            assert_eq!(name(raw).map(|name| name.to_string()), Ok(raw.to_owned()));
        }
        for raw in [
            "",
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "webhook-id",
            "Authorization ",
            "Proxy-Authorization",
            "XTenant",
            " X-A",
            "X-A:",
            "X-A B",
            "X-A\r\nHost",
            "X-ż",
            "X-\u{0}",
            "ż",
        ] {
            assert_eq!(name(raw), Err(InvalidHeaderName), "{raw}");
        }
        let long = |length: usize| name(&format!("X-{}", "a".repeat(length - 2)));
        assert!(long(128).is_ok());
        assert!(long(129).is_err());
        assert!(name("X-KOUNTA-Topic").unwrap().begins_with("x-kounta"));
        assert!(!name("X-Kount").unwrap().begins_with("x-kounta"));
    }

    #[test]
    fn a_value_is_one_line_of_at_most_1024_characters() {
        for raw in ["", "Bearer abc", "a\tb", "Zoë"] {
            assert_eq!(value(raw).unwrap().expose(), raw);
        }
        for raw in ["a\rb", "a\nb", "a\u{0}b", "a\u{7f}", "a\u{85}"] {
            assert_eq!(value(raw), Err(InvalidHeaderValue::ControlCharacter), "{raw:?}");
        }
        assert!(value(&"ż".repeat(1024)).is_ok());
        assert_eq!(value(&"a".repeat(1025)), Err(InvalidHeaderValue::TooLong));
    }

    #[test]
    fn names_do_not_repeat_whatever_their_letter_case() {
        assert_eq!(headers(&[("X-A", "1"), ("x-a", "2")]), Err(InvalidHeaders::Repeated));
        assert!(headers(&[("X-A", "1"), ("X-B", "1")]).is_ok());
    }

    #[test]
    fn there_are_at_most_twenty() {
        let names: Vec<String> = (0..21).map(|n| format!("X-{n}")).collect();
        let pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        assert!(headers(&pairs[..20]).is_ok());
        assert_eq!(headers(&pairs), Err(InvalidHeaders::TooMany));
    }

    #[test]
    fn values_do_not_print_themselves() {
        let shown = format!("{:?}", headers(&[("Authorization", "Bearer abc")]).unwrap());
        assert!(shown.contains("Authorization") && !shown.contains("abc"), "{shown}");
    }

    #[test]
    fn no_headers_need_no_seal_and_damaged_ones_are_not_read() {
        let keeper = CountingKeeper::default();
        assert_eq!(Headers::default().seal(&keeper), Ok(None));
        assert_eq!(Headers::open(None, &keeper), Ok(Headers::default()));
        for bytes in [&b"X-A"[..], b"Host:x\n", b"\xff:\n", b"X-A:1\nX-a:2\n"] {
            let sealed = Sealed::new(bytes.to_vec());
            assert_eq!(Headers::open(Some(&sealed), &keeper), Err(SecretError::Unreadable));
        }
    }

    proptest! {
        #[test]
        fn sealed_headers_are_read_as_they_were(
            pairs in prop::collection::vec(("X-[a-zA-Z0-9-]{1,8}", "[^\\p{Cc}]{0,40}"), 0..8)
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let named: Vec<_> = pairs.iter().map(|(n, v)| (name(n).unwrap(), value(v).unwrap())).collect();
            let Ok(headers) = Headers::new(named) else { return Ok(()) };
            let keeper = CountingKeeper::default();
            let sealed = headers.seal(&keeper).unwrap();
            let opened = Headers::open(sealed.as_ref(), &keeper).unwrap();
            let shown = |headers: &Headers| -> Vec<(String, String)> {
                headers.iter().map(|(n, v)| (n.to_string(), v.expose().to_owned())).collect()
            };
            prop_assert_eq!(shown(&opened), shown(&headers));
        }
    }
}
