//! Whether a client has already what it asks for (RFC 9110, 13.1.2).

use actix_web::http::header::{HeaderMap, IF_NONE_MATCH};

/// Whether the client says that it has the content of this tag, which stands here without quotes and holds no comma.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).any(|known| {
        let opaque = known.strip_prefix("W/").unwrap_or(known);
        let inside = opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        known == "*" || inside == Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_tag_is_known_by_name_or_by_a_star() {
        for (value, expected) in [
            ("\"a1\"", true),
            ("W/\"a1\"", true),
            ("\"b\", \"a1\"", true),
            ("*", true),
            ("a1", false),
            ("\"a1", false),
            ("\"A1\"", false),
            ("junk, \"\", ,", false),
        ] {
            let headers = [(IF_NONE_MATCH, HeaderValue::from_static(value))].into_iter().collect();
            assert_eq!(is_known(&headers, "a1"), expected, "{value}");
        }
        assert!(!is_known(&HeaderMap::new(), "a1"));
    }
}
