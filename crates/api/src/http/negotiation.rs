//! `Accept` and `Content-Type`, as far as any vendor looks at them.

use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap};

/// What `Accept` says about JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonAcceptance {
    /// There is no such header, or it is empty.
    Unsaid,
    /// JSON is admitted, by name or by a wildcard.
    Admitted,
    /// Only other types are.
    Refused,
}

/// Whether the client takes JSON. The most specific range decides (RFC 9110, 12.5.1); a weight of 0 refuses.
pub fn json_acceptance(headers: &HeaderMap) -> JsonAcceptance {
    let (mut said, mut best) = (false, None);
    for value in headers.get_all(ACCEPT) {
        let Ok(value) = value.to_str() else { continue };
        for range in value.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            said |= !name.is_empty();
            let Some(specificity) = specificity(name) else { continue };
            let admits = !parts.any(is_zero_weight);
            if best.is_none_or(|(known, _)| specificity > known) {
                best = Some((specificity, admits));
            } else if best.is_some_and(|(known, _)| specificity == known) {
                best = best.map(|(known, before)| (known, before || admits));
            }
        }
    }
    match best {
        Some((_, true)) => JsonAcceptance::Admitted,
        None if !said => JsonAcceptance::Unsaid,
        _ => JsonAcceptance::Refused,
    }
}

/// How exactly a range names JSON; `None` if it does not.
fn specificity(range: &str) -> Option<u8> {
    ["*/*", "application/*", "application/json"]
        .iter()
        .zip(0..)
        .find(|(name, _)| range.eq_ignore_ascii_case(name))
        .map(|(_, rank)| rank)
}

fn is_zero_weight(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, weight)| {
        name.trim().eq_ignore_ascii_case("q")
            && weight.trim().parse::<f32>().is_ok_and(|weight| weight == 0.0)
    })
}

/// The kind of body that `Content-Type` names, whatever its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// There is no such header, or it is empty.
    Unsaid,
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Anything else, and two headers that differ.
    Other,
}

/// What kind of body the client says it sends.
pub fn body_kind(headers: &HeaderMap) -> BodyKind {
    let mut kinds =
        headers.get_all(CONTENT_TYPE).map(|value| value.to_str().map_or(BodyKind::Other, kind));
    let first = kinds.next().unwrap_or(BodyKind::Unsaid);
    if kinds.all(|kind| kind == first) { first } else { BodyKind::Other }
}

fn kind(content_type: &str) -> BodyKind {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    [
        ("", BodyKind::Unsaid),
        ("application/json", BodyKind::Json),
        ("application/x-www-form-urlencoded", BodyKind::Form),
        ("multipart/form-data", BodyKind::Multipart),
    ]
    .into_iter()
    .find(|(name, _)| essence.eq_ignore_ascii_case(name))
    .map_or(BodyKind::Other, |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn of(name: &HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_most_specific_range_decides_about_json() {
        use JsonAcceptance::{Admitted, Refused, Unsaid};
        for (values, expected) in [
            (&[][..], Unsaid),
            (&[""], Unsaid),
            (&[" , "], Unsaid),
            (&["application/json"], Admitted),
            (&["Application/JSON; charset=utf-8"], Admitted),
            (&["text/html, application/json;q=0.1"], Admitted),
            (&["text/html", "application/json"], Admitted),
            (&["*/*"], Admitted),
            (&["text/html, */*;q=0.1"], Admitted),
            (&["application/*"], Admitted),
            (&["text/html"], Refused),
            (&["application/xml"], Refused),
            (&["application/json5"], Refused),
            (&["application/vnd.api+json"], Refused),
            (&["application/json;q=0"], Refused),
            (&["application/json; q=0.000, */*"], Refused),
            (&["application/json, */*;q=0"], Admitted),
            (&["application/json;v=1;q=0, application/json"], Admitted),
            (&["application/json;q=x"], Admitted),
            (&[";;;,=,q=0"], Refused),
        ] {
            assert_eq!(json_acceptance(&of(&ACCEPT, values)), expected, "{values:?}");
        }
    }

    #[test]
    fn the_body_kind_ignores_parameters_and_case() {
        for (values, expected) in [
            (&[][..], BodyKind::Unsaid),
            (&[" "], BodyKind::Unsaid),
            (&["application/json"], BodyKind::Json),
            (&["Application/Json; charset=UTF-8"], BodyKind::Json),
            (&["application/json;"], BodyKind::Json),
            (&["application/x-www-form-urlencoded;charset=utf-8"], BodyKind::Form),
            (&["multipart/form-data; boundary=x"], BodyKind::Multipart),
            (&["text/plain"], BodyKind::Other),
            (&["application/json, text/plain"], BodyKind::Other),
            (&["application/json", "application/json"], BodyKind::Json),
            (&["application/json", "text/plain"], BodyKind::Other),
        ] {
            assert_eq!(body_kind(&of(&CONTENT_TYPE, values)), expected, "{values:?}");
        }
    }
}
