//! JSON of bounded depth.

use serde_json::Value;

/// Why bytes are no acceptable JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// No JSON text in UTF-8, or a text with an escape that is no character.
    #[error("malformed JSON")]
    Malformed,
    /// Nested deeper than allowed.
    #[error("JSON nested too deeply")]
    TooDeep,
}

/// Parses a whole JSON text; of a name that repeats, the last value wins.
///
/// `depth` counts arrays and objects inside each other: `{}` has depth 1. It is looked at before anything is built, so
/// that a deep text costs one pass over its bytes.
pub fn parse(text: &[u8], depth: usize) -> Result<Value, JsonError> {
    if depth_of(text) > depth {
        return Err(JsonError::TooDeep);
    }
    serde_json::from_slice(text).map_err(|_| JsonError::Malformed)
}

/// The deepest nesting, if the text is JSON; of any other text an upper bound that nothing relies on.
fn depth_of(text: &[u8]) -> usize {
    let (mut open, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_parsed_whole_and_the_last_duplicate_wins() {
        assert_eq!(
            parse(br#" {"a":1,"b":[true,null],"a":"x"} "#, 2),
            Ok(json!({"b": [true, null], "a": "x"}))
        );
        assert_eq!(parse(b"3", 1), Ok(json!(3)));
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for text in [
            &b""[..],
            b"{",
            b"{}x",
            b"{} {}",
            b"{'a':1}",
            b"{\"a\":1,}",
            b"NaN",
            b"01",
            b"\"\xff\"",
            b"\"\xed\xa0\x80\"",
            br#""\ud800""#,
            br#""\udc00x""#,
            b"\"a\nb\"",
            b"\xef\xbb\xbf{}",
            b"]",
        ] {
            assert_eq!(parse(text, 32), Err(JsonError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn depth_is_allowed_up_to_the_limit_and_no_further() {
        let nested = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
        assert!(parse(nested(32).as_bytes(), 32).is_ok());
        assert_eq!(parse(nested(33).as_bytes(), 32), Err(JsonError::TooDeep));
        assert_eq!(parse(nested(1_000_000).as_bytes(), 32), Err(JsonError::TooDeep));
        assert_eq!(parse(br#"{"a":{"b":[]}}"#, 2), Err(JsonError::TooDeep));
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        let text = br#"["[[[[", "\"[[[", "\\", {"{{{": "]]"}]"#;
        assert_eq!(parse(text, 2), Ok(json!(["[[[[", "\"[[[", "\\", {"{{{": "]]"}])));
    }
}
