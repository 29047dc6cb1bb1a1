//! Messages of forms and rules in the caller's language (contract 1.12): whatever a refusal says is said in English
//! first and put into other words here, on its way out, so that nobody else has to think of languages.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use serde_json::Value;

use super::polish::polish;

/// Answers in the language of the parameter `_locale`. Only refusals of what was sent (400) carry messages that people
/// read; all others say the name of their status.
pub(in super::super) async fn speak(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let wants_polish = is_polish(request.query_string());
    let answer = next.call(request).await?.map_into_boxed_body();
    if wants_polish && answer.status() == StatusCode::BAD_REQUEST {
        let (request, response) = answer.into_parts();
        return Ok(ServiceResponse::new(request, translated(response)));
    }
    Ok(answer)
}

fn is_polish(query: &str) -> bool {
    let locale = query.rsplit('&').find_map(|pair| pair.strip_prefix("_locale="));
    locale.and_then(|locale| locale.split(['-', '_']).next()) == Some("pl")
}

/// The same refusal in other words. A body that is not JSON, or not here yet, stays as it is.
fn translated(response: HttpResponse) -> HttpResponse {
    let (head, body) = response.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return head.set_body(body),
    };
    let Ok(mut said) = serde_json::from_slice::<Value>(&bytes) else {
        return head.set_body(BoxBody::new(bytes));
    };
    translate(&mut said);
    let mut answer = head.set_body(BoxBody::new(said.to_string()));
    answer.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static("pl"));
    answer
}

/// Puts every text that is one of our messages into Polish, wherever it stands.
fn translate(said: &mut Value) {
    match said {
        Value::String(message) => {
            if let Some(words) = polish(message) {
                *message = words;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(translate),
        Value::Object(fields) => fields.values_mut().for_each(translate),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn polish_is_asked_for_by_its_code_with_or_without_a_region() {
        for (query, expected) in [
            ("_locale=pl", true),
            ("a=b&_locale=pl_PL", true),
            ("_locale=pl-PL", true),
            ("_locale=en&x=pl", false),
            ("_locale=plx", false),
            ("_locale=", false),
            ("", false),
        ] {
            assert_eq!(is_polish(query), expected, "{query}");
        }
    }

    #[test]
    fn messages_are_translated_where_they_stand_and_keys_and_others_are_not() {
        let blank = "This value should not be blank.";
        let mut said =
            json!({"form": {"errors": [blank], "children": {blank: {}, "x": {"errors": ["odd"]}}}});
        translate(&mut said);
        let expected = json!({
            "form": {"errors": ["Ta wartość nie powinna być pusta."],
                     "children": {blank: {}, "x": {"errors": ["odd"]}}}
        });
        assert_eq!(said, expected);
        let mut bare = json!("not enough points");
        translate(&mut bare);
        assert_eq!(bare, json!("za mało punktów"));
    }
}
