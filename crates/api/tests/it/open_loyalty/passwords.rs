//! Changing and resetting passwords, and the end of sessions (contract 2.3 and 2.5).

use domain::access::Actor;
use domain::merchant::CommunicationMethod;
use domain::message::MessageKind::{PasswordResetCode, PasswordResetLink};
use serde_json::{Value, json};
use time::Duration;
use tokio::time::timeout;

use super::answer::Answer;
use super::world::{PASSWORD, World};
use crate::support::Sent;

const NEW: &str = "Loyalty-2";
const BAD: &str = r#"{"message":"Bad credentials"}"#;
const GONE: &str = r#"{"code":401,"message":""}"#;
const REQUESTED: &str = r#"{"error":"resetting password already requested"}"#;
const SUCCESS: &str = r#"{"success":true}"#;

async fn pair(world: &World, who: &str, name: &str, password: &str) -> Answer {
    let body = json!({"_username": name, "_password": password});
    world.post(&format!("/api/{who}/login_check")).json(&body).send().await
}

async fn change(world: &World, who: &str, token: &str, body: &Value) -> Answer {
    world.post(&format!("/api/{who}/password/change")).token(token).json(body).send().await
}

async fn request(world: &World, path: &str, name: &str) -> Answer {
    world.post(path).json(&json!({"username": name})).send().await
}

async fn reset(world: &World, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "reset": {"plainPassword": password}});
    world.post("/api/password/reset").json(&body).send().await
}

async fn last(world: &World) -> Sent {
    world.server.sent(&[PasswordResetLink, PasswordResetCode]).await.pop().unwrap()
}

const ANYONE: &str = "/api/password/reset/request";
const CUSTOMERS: &str = "/api/customer/password/reset/request";

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_every_session_and_opens_a_new_one() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    world.participant(&id).await;
    let names = [
        ("admin", world.shop.admin.username.to_string()),
        ("seller", "tove@shop.example".to_owned()),
        ("customer", "ada@shop.example".to_owned()),
    ];
    for (who, name) in names {
        let tokens = pair(&world, who, &name, PASSWORD).await.ok();
        let token = tokens["token"].as_str().unwrap();
        world.advance(Duration::seconds(1));
        let body = json!({"currentPassword": PASSWORD, "plainPassword": NEW});
        let changed = change(&world, who, token, &body).await;
        assert_eq!((changed.status, changed.text.as_str()), (200, SUCCESS), "{who}");
        world.get("/api/token/revoke").token(token).send().await.refused(401, GONE);
        let refresh = json!({"refresh_token": tokens["refresh_token"]});
        assert_eq!(world.post("/api/token/refresh").json(&refresh).send().await.status, 401);
        pair(&world, who, &name, PASSWORD).await.refused(401, BAD);
        let tokens = pair(&world, who, &name, NEW).await.ok();
        let token = tokens["token"].as_str().unwrap();
        assert_eq!(world.get("/api/token/revoke").token(token).send().await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_tells_what_is_wrong_with_it() {
    let world = World::start().await;
    let (admin, seller) = (world.admin().await, world.seller().await);
    let body = |current: &str, new: &str| json!({"currentPassword": current, "plainPassword": new});
    let errors = change(&world, "admin", &admin, &json!({})).await;
    assert!(errors.form_errors().is_empty());
    assert_eq!(
        errors.text,
        r#"{"form":{"children":{"currentPassword":{},"plainPassword":{}}},"errors":[]}"#
    );
    assert_eq!(
        change(&world, "admin", &admin, &body("", "")).await.form_errors(),
        [
            "currentPassword: This value should not be blank.",
            "plainPassword: This value should not be blank.",
        ]
    );
    assert_eq!(
        change(&world, "admin", &admin, &body("wrong", NEW)).await.form_errors(),
        ["currentPassword: This value should be the user's current password."]
    );
    assert_eq!(
        change(&world, "admin", &admin, &body(PASSWORD, "weak")).await.form_errors(),
        [
            "plainPassword: Your password must be at least 8 characters long.",
            "plainPassword: Your password must include both upper and lower case letters.",
            "plainPassword: Your password must include at least one number.",
            "plainPassword: Your password must contain at least one special character.",
        ]
    );
    change(&world, "seller", &seller, &body(PASSWORD, "oloy")).await.ok();
    let anonymous =
        world.post("/api/admin/password/change").json(&body(PASSWORD, NEW)).send().await;
    assert_eq!(anonymous.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_password_is_not_guessed_at_for_long() {
    let world = World::start().await;
    let admin = world.admin().await;
    let body = json!({"currentPassword": "wrong", "plainPassword": NEW});
    for _ in 0..5 {
        assert_eq!(change(&world, "admin", &admin, &body).await.status, 400);
    }
    let body = json!({"currentPassword": PASSWORD, "plainPassword": NEW});
    change(&world, "admin", &admin, &body).await.http_error(429, "Too Many Requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_password_is_none_any_more_once_it_was_changed() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    world.participant(&id).await;
    world.server.database.execute("UPDATE passwords SET temporary = true").await;
    let tokens = pair(&world, "customer", &id, PASSWORD).await.ok();
    assert_eq!(tokens["error"], "password change needed");
    let body = json!({"currentPassword": PASSWORD, "plainPassword": NEW});
    change(&world, "customer", tokens["token"].as_str().unwrap(), &body).await.ok();
    assert_eq!(pair(&world, "customer", &id, NEW).await.ok().get("error"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_forgot_the_password_sets_a_new_one_by_the_link_in_a_mail() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example", "phone": "48221112233"})).await;
    let old = world.participant(&id).await;
    world.advance(Duration::seconds(1));
    let requested = request(&world, CUSTOMERS, "48221112233").await;
    assert_eq!((requested.status, requested.text.as_str()), (200, SUCCESS));
    let sent = last(&world).await;
    assert_eq!((sent.kind, sent.about.as_str()), (PasswordResetLink, id.as_str()));
    let token = sent.secret();
    assert_eq!(token.len(), 43);
    let weak = reset(&world, &token, "weak").await.form_errors();
    assert_eq!(weak.len(), 4, "{weak:?}");
    let done = reset(&world, &token, NEW).await;
    assert_eq!((done.status, done.text.as_str()), (200, SUCCESS));
    reset(&world, &token, NEW).await.http_error(404, "Not Found");
    world.get(&format!("/api/customer/{id}")).token(&old).send().await.refused(401, GONE);
    pair(&world, "customer", &id, PASSWORD).await.refused(401, BAD);
    pair(&world, "customer", &id, NEW).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_of_any_store_and_sellers_set_new_passwords_by_link_too() {
    let world = World::start().await;
    let names = [
        ("admin", world.shop.admin.email.to_string(), NEW),
        ("admin", world.other.admin.username.to_string(), NEW),
        ("seller", "tove@shop.example".to_owned(), "oloy"),
    ];
    for (who, name, new) in names {
        request(&world, ANYONE, &name).await.ok();
        let token = last(&world).await.secret();
        let path = format!("/api/password/reset?token={token}");
        let body = json!({"reset": {"plainPassword": new}});
        assert_eq!(world.post(&path).json(&body).send().await.status, 200, "{who}");
        pair(&world, who, &name, new).await.ok();
    }
    let name = world.other.admin.email.as_str();
    request(&world, "/api/SHOP/password/reset/request", name).await.http_error(404, "Not Found");
    request(&world, CUSTOMERS, name).await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_one_store_is_unknown_in_another() {
    let world = World::start().await;
    request(&world, ANYONE, world.shop.admin.username.as_str()).await.ok();
    let token = last(&world).await.secret();
    let body = json!({"token": token, "reset": {"plainPassword": NEW}});
    world.post("/api/OTHER/password/reset").json(&body).send().await.http_error(404, "Not Found");
    world.post("/api/SHOP/password/reset").json(&body).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_programme_of_sms_a_code_sets_the_new_password_once() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let id = world.customer(json!({"phone": "48221112233"})).await;
    request(&world, CUSTOMERS, "48221112233").await.ok();
    let sent = last(&world).await;
    assert_eq!((sent.kind, sent.number()), (PasswordResetCode, 1));
    let code = sent.secret();
    let body = json!({"token": code, "reset": {"plainPassword": NEW}});
    world.post("/api/OTHER/password/reset").json(&body).send().await.http_error(404, "Not Found");
    let (one, two) = tokio::join!(reset(&world, &code, NEW), reset(&world, &code, NEW));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404]);
    pair(&world, "customer", &id, NEW).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_guesses_from_one_address_a_reset_code_is_unknown_there() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    world.customer(json!({"phone": "48221112233"})).await;
    request(&world, CUSTOMERS, "48221112233").await.ok();
    let code = last(&world).await.secret();
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for _ in 0..5 {
        reset(&world, wrong, NEW).await.http_error(404, "Not Found");
    }
    reset(&world, &code, NEW).await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_is_asked_for_once_a_day_unless_it_was_set() {
    for communication in [CommunicationMethod::Email, CommunicationMethod::Sms] {
        let world = World::with(&[], communication).await;
        world.customer(json!({"email": "ada@shop.example", "phone": "48221112233"})).await;
        request(&world, CUSTOMERS, "ada@shop.example").await.ok();
        for hours in [1, 22] {
            world.advance(Duration::hours(hours));
            for name in ["ada@shop.example", "48221112233"] {
                request(&world, ANYONE, name).await.refused(400, REQUESTED);
            }
        }
        world.advance(Duration::hours(1));
        request(&world, CUSTOMERS, "48221112233").await.ok();
        reset(&world, &last(&world).await.secret(), NEW).await.ok();
        world.advance(Duration::minutes(1));
        request(&world, CUSTOMERS, "48221112233").await.ok();
        assert_eq!(last(&world).await.number(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_wishes_at_once_one_is_granted() {
    let world = World::start().await;
    world.customer(json!({"email": "ada@shop.example"})).await;
    let (one, two) = tokio::join!(
        request(&world, CUSTOMERS, "ada@shop.example"),
        request(&world, CUSTOMERS, "ada@shop.example")
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    assert_eq!(world.server.sent(&[PasswordResetLink]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_names_are_told_unless_the_operator_hides_them() {
    let world = World::start().await;
    for (path, name) in [(ANYONE, "nobody"), (CUSTOMERS, "nobody"), (CUSTOMERS, "a\u{0}b")] {
        request(&world, path, name).await.http_error(404, "Not Found");
    }
    for body in [json!({}), json!({"username": ""}), json!({"username": ["x"]})] {
        let refused = world.post(CUSTOMERS).json(&body).send().await;
        refused.refused(400, r#"{"error":"field \"username\" should not be empty"}"#);
    }
    let settings = &[("OPEN_LOYALTY__HIDE_UNKNOWN_ACCOUNTS", "true")];
    let world = World::with(settings, CommunicationMethod::Email).await;
    world.customer(json!({"email": "ada@shop.example"})).await;
    for name in ["nobody", "ada@shop.example", "ada@shop.example"] {
        let hidden = request(&world, CUSTOMERS, name).await;
        assert_eq!((hidden.status, hidden.text.as_str()), (200, SUCCESS));
    }
    // Nobody waits for what is done about it.
    let sent = async {
        loop {
            match world.server.sent(&[PasswordResetLink]).await.len() {
                0 => tokio::task::yield_now().await,
                sent => break sent,
            }
        }
    };
    assert_eq!(timeout(core::time::Duration::from_secs(20), sent).await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_missing_unknown_or_expired_set_no_password() {
    let world = World::start().await;
    let body = json!({"reset": {"plainPassword": NEW}});
    let missing = world.post("/api/password/reset").json(&body).send().await;
    missing.refused(400, r#"{"error":"field \"token\" should not be empty"}"#);
    request(&world, ANYONE, world.shop.admin.username.as_str()).await.ok();
    let token = last(&world).await.secret();
    world.advance(Duration::hours(48));
    let long = "A".repeat(2_000);
    for token in [token.as_str(), "x", &long, &"A".repeat(43), "123456", "a\u{0}b"] {
        reset(&world, token, NEW).await.http_error(404, "Not Found");
    }
    let nothing = world.post("/api/password/reset").json(&json!({"token": token})).send().await;
    assert_eq!(nothing.text, r#"{"form":{"children":{"plainPassword":{}}},"errors":[]}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_ends_the_refresh_tokens_and_not_the_access_token() {
    let world = World::start().await;
    let name = world.shop.admin.username.as_str();
    let tokens = pair(&world, "admin", name, PASSWORD).await.ok();
    let token = tokens["token"].as_str().unwrap();
    let revoked = world.get("/api/token/revoke").token(token).send().await;
    assert_eq!((revoked.status, revoked.text.as_str()), (200, ""));
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    assert_eq!(world.post("/api/token/refresh").json(&refresh).send().await.status, 401);
    world.get("/api/customer").token(token).send().await.ok();
    assert_eq!(world.get("/api/token/revoke").send().await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_of_the_vendors_server_let_their_owners_in_and_are_replaced() {
    let world = World::start().await;
    let admin = Actor::Admin(world.shop.admin.id);
    let name = world.shop.admin.username.as_str();
    // "x" 72 times.
    let hash = "$2y$04$CCCCCCCCCCCCCCCCCCCCC.ug0A3dTXhy5U.dFjx/qguZ8I4CB77BC";
    let store = format!("UPDATE passwords SET hash = '{hash}' WHERE actor_kind = 'admin'");
    world.server.database.execute(&store).await;
    pair(&world, "admin", name, &"x".repeat(73)).await.refused(401, BAD);
    pair(&world, "admin", name, &"x".repeat(72)).await.ok();
    let services = world.services();
    let mut session = services.storage.session().await.unwrap();
    let stored = session.accounts().password(world.shop.merchant.id, admin).await.unwrap();
    assert!(stored.unwrap().hash.as_str().starts_with("$argon2id$"));
    drop(session);
    pair(&world, "admin", name, &"x".repeat(73)).await.refused(401, BAD);
    pair(&world, "admin", name, &"x".repeat(72)).await.ok();
}
