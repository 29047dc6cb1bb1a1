use actix_web::body::to_bytes;
use domain::customer::Identifier;
use serde_json::Value;

use super::*;

const UNAVAILABLE: &str = "the pool is empty";

fn allowance() -> Allowance {
    Allowance { allowed: false, limit: 60, remaining: 0, reset: 1_772_404_560, retry_after: 20 }
}

fn violations() -> Vec<Violation> {
    vec![
        Violation::NotJson,
        Violation::NotAnObject,
        Violation::ContentType,
        Violation::FirstNameRequired,
        Violation::ContactRequired,
        Violation::MobileTaken,
        Violation::EmailForm,
        Violation::CountryForm,
        Violation::WrongType("accepts_marketing", Kind::Boolean),
        Violation::WrongType("first_name", Kind::String),
        Violation::WrongType("primary_address", Kind::Object),
        Violation::WrongType("tags", Kind::Strings),
        Violation::TooLong("phone", 50),
        Violation::TooManyTags(100),
        Violation::BlankTag,
        Violation::NullCharacter("phone"),
        Violation::ImageForm,
        Violation::PartialNameSearch,
        Violation::Webhook(WebhookRule::TopicRequired),
        Violation::Webhook(WebhookRule::UnknownTopic),
        Violation::Webhook(WebhookRule::AddressRequired),
        Violation::Webhook(WebhookRule::AddressForm),
        Violation::Webhook(WebhookRule::ForbiddenAddress),
        Violation::Webhook(WebhookRule::UnknownFormat),
        Violation::Webhook(WebhookRule::HeaderName),
        Violation::Webhook(WebhookRule::HeaderValueType),
        Violation::Webhook(WebhookRule::ControlCharacter),
        Violation::Webhook(WebhookRule::LongHeaderValue(1024)),
        Violation::Webhook(WebhookRule::RepeatedHeader),
        Violation::Webhook(WebhookRule::TooManyHeaders(20)),
        Violation::Webhook(WebhookRule::UnknownAttribute),
        Violation::Webhook(WebhookRule::TooManySites(1000)),
        Violation::Webhook(WebhookRule::TooManyWebhooks(100)),
        Violation::Query,
    ]
}

/// Every error that is not about credentials.
fn ordinary() -> Vec<Error> {
    let mut errors = vec![
        Error::Unauthenticated,
        Error::Forbidden,
        Error::CompanyNotFound,
        Error::CustomerNotFound,
        Error::WebhookNotFound,
        Error::UnknownRoute,
        Error::MethodNotAllowed(Verbs("GET")),
        Error::NotAcceptable,
        Error::RateLimited(allowance()),
        Error::Body(BodyError::TooLarge),
        Error::Body(BodyError::TooSlow),
        Error::Body(BodyError::Encoded),
        Error::Body(BodyError::Malformed),
        Error::Storage(StorageError::Unavailable(UNAVAILABLE.to_owned())),
        Error::Storage(StorageError::Failed(UNAVAILABLE.to_owned())),
        Error::Unexpected("an invalid and expired state"),
    ];
    errors.extend(violations().into_iter().map(Error::Refused));
    errors
}

async fn answer(error: &impl ResponseError) -> (u16, Value) {
    let response = error.error_response();
    let status = response.status().as_u16();
    assert_eq!(response.headers().get("content-type").unwrap(), "application/json");
    let body = to_bytes(response.into_body()).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[actix_web::test]
async fn no_error_outside_credentials_says_invalid_or_expired() {
    for error in ordinary() {
        let (_, body) = answer(&error).await;
        let text = body.to_string().to_lowercase();
        assert!(!text.contains("invalid") && !text.contains("expired"), "{text}");
    }
}

#[actix_web::test]
async fn the_two_token_errors_say_what_makes_clients_refresh() {
    for (error, description) in [
        (Error::UnknownToken, "The access token provided is invalid"),
        (Error::ExpiredToken, "The access token provided has expired"),
    ] {
        let challenge = format!(
            r#"Bearer realm="Service", error="invalid_token", error_description="{description}""#
        );
        let header = error.error_response().headers().get(WWW_AUTHENTICATE).cloned();
        assert_eq!(header.unwrap().to_str().unwrap(), challenge);
        let (status, body) = answer(&error).await;
        let expected =
            serde_json::json!({"error": "invalid_token", "error_description": description});
        assert_eq!((status, body.to_string()), (401, expected.to_string()));
    }
}

#[actix_web::test]
async fn errors_have_the_reason_phrase_of_their_status() {
    for (error, status, phrase) in [
        (Error::Unauthenticated, 401, "Unauthorized"),
        (Error::Forbidden, 403, "Forbidden"),
        (Error::CustomerNotFound, 404, "Not Found"),
        (Error::MethodNotAllowed(Verbs("GET")), 405, "Method Not Allowed"),
        (Error::NotAcceptable, 406, "Not Acceptable"),
        (Error::RateLimited(allowance()), 429, "Too Many Requests"),
        (Error::Refused(Violation::NotJson), 400, "Bad Request"),
        (Error::Body(BodyError::TooLarge), 413, "Payload Too Large"),
    ] {
        let (told, body) = answer(&error).await;
        assert_eq!((told, body["error"].as_str()), (status, Some(phrase)));
    }
}

#[actix_web::test]
async fn nothing_of_the_inside_gets_out() {
    for (error, status) in [
        (Error::Storage(StorageError::Unavailable(UNAVAILABLE.to_owned())), 503),
        (Error::Storage(StorageError::Failed(UNAVAILABLE.to_owned())), 500),
        (Error::Unexpected(UNAVAILABLE), 500),
    ] {
        let (told, body) = answer(&error).await;
        assert_eq!(told, status);
        assert!(!body.to_string().contains(UNAVAILABLE), "{body}");
        let (told, body) = answer(&TokenError::Other(error)).await;
        assert_eq!(told, status);
        assert!(!body.to_string().contains(UNAVAILABLE), "{body}");
    }
}

#[test]
fn a_taken_mobile_number_is_a_bad_request() {
    let error = Error::from(CustomerError::Taken(vec![Identifier::Mobile]));
    assert_eq!(error.status_code(), StatusCode::BAD_REQUEST);
    assert_eq!(error.to_string(), "mobile must be unique within the company");
}

#[test]
fn violations_are_ordered_as_the_contract_lists_them() {
    assert!(violations().is_sorted());
}
