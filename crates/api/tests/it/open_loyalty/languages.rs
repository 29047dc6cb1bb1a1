//! Messages in the caller's language (contract 1.12).

use serde_json::json;

use super::world::{World, a_form};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_speaks_polish_when_asked() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = a_form(&json!({"firstName": "", "email": "ada", "x": "y"}));
    let register = |query: &str| {
        world.post(&format!("/api/customer/register{query}")).token(&token).json(&form).send()
    };
    for query in ["", "?_locale=en", "?_locale=de", "?_locale="] {
        let english = register(query).await;
        assert_eq!(
            english.form_errors(),
            [
                "This form should not contain extra fields.",
                "firstName: This value should not be blank.",
                "email: This value is not a valid email address.",
            ],
            "{query}"
        );
        assert_eq!(english.header("content-language"), None);
    }
    for query in ["?_locale=pl", "?a=b&_locale=pl_PL"] {
        let polish = register(query).await;
        assert_eq!(
            polish.form_errors(),
            [
                "Ten formularz nie powinien zawierać dodatkowych pól.",
                "firstName: Ta wartość nie powinna być pusta.",
                "email: Ta wartość nie jest prawidłowym adresem e-mail.",
            ],
            "{query}"
        );
        assert_eq!(polish.header("content-language"), Some("pl"));
    }
    let english = register("").await;
    let polish = register("?_locale=pl").await;
    let same = english
        .text
        .replace(
            "This form should not contain extra fields.",
            "Ten formularz nie powinien zawierać dodatkowych pól.",
        )
        .replace("This value should not be blank.", "Ta wartość nie powinna być pusta.")
        .replace(
            "This value is not a valid email address.",
            "Ta wartość nie jest prawidłowym adresem e-mail.",
        );
    assert_eq!(polish.text, same);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_answers_stay_as_they_are() {
    let world = World::start().await;
    let token = world.admin().await;
    let nobody = world.get("/api/customer/nobody?_locale=pl").token(&token).send().await;
    nobody.http_error(404, "Not Found");
    let malformed = world.post("/api/customer/register?_locale=pl").token(&token);
    let malformed = malformed.header("content-type", "application/json").body("{").send().await;
    malformed.http_error(400, "Bad Request");
    let list = world.get("/api/customer?_locale=pl").token(&token).send().await;
    assert_eq!(list.text, r#"{"customers":[],"total":0}"#);
}
