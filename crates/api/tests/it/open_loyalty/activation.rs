//! Registering oneself and being activated (contract 4.1, E06, E07, E10, E26 to E28 and E32).

use domain::access::Actor;
use domain::merchant::CommunicationMethod;
use domain::message::MessageKind::{AccountCreated, ActivationCode, ActivationLink};
use serde_json::{Value, json};
use time::Duration;

use super::answer::Answer;
use super::world::{World, a_form};
use crate::support::Sent;

/// A password that keeps every rule.
pub(super) const STRONG: &str = "Loyalty-1";

const BAD: &str = r#"{"message":"Bad credentials"}"#;

pub(super) async fn register(world: &World, fields: Value) -> Answer {
    let mut form = a_form(&json!({"plainPassword": STRONG}));
    let given = fields.as_object().unwrap().clone();
    form["customer"].as_object_mut().unwrap().extend(given);
    world.post("/api/customer/self_register").json(&form).send().await
}

/// A customer who registered himself in a programme that sends SMS; his id and his code.
pub(super) async fn waiting(world: &World, phone: &str) -> (String, String) {
    let answer = register(world, json!({"phone": phone})).await.ok();
    let id = answer["customerId"].as_str().unwrap().to_owned();
    let code = world.server.sent(&[ActivationCode]).await.pop().unwrap();
    assert_eq!(code.about, id);
    (id, code.secret())
}

pub(super) async fn show(world: &World, code: &str) -> Answer {
    world.post(&format!("/api/customer/activate-sms/{code}")).json(&json!({})).send().await
}

pub(super) async fn status(world: &World, id: &str) -> Value {
    world.details(id).await["status"]["type"].clone()
}

async fn log_in(world: &World, name: &str) -> Answer {
    let body = json!({"_username": name, "_password": STRONG});
    world.post("/api/customer/login_check").json(&body).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_himself_gets_in_after_following_the_link_in_his_mail() {
    let world = World::start().await;
    let answer = register(&world, json!({"email": "Ada@Shop.example"})).await.ok();
    assert_eq!(answer["email"], "ada@shop.example");
    let id = answer["customerId"].as_str().unwrap();
    assert_eq!(status(&world, id).await, "new");
    log_in(&world, "ada@shop.example").await.refused(401, BAD);
    let sent = world.server.sent(&[ActivationLink, ActivationCode, AccountCreated]).await;
    let [link] = &sent[..] else { panic!("one message: {sent:?}") };
    assert_eq!((link.kind, link.about.as_str(), link.number()), (ActivationLink, id, 1));
    let token = link.secret();
    assert!(token.len() == 20 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    let path = format!("/api/customer/activate/{token}");
    let activated = world.post(&path).send().await;
    assert_eq!((activated.status, activated.text.as_str()), (200, ""));
    assert_eq!(status(&world, id).await, "active");
    log_in(&world, "ada@shop.example").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_may_be_followed_again_by_an_active_customer_and_by_no_other() {
    let world = World::start().await;
    register(&world, json!({"email": "ada@shop.example"})).await.ok();
    let link = world.server.sent(&[ActivationLink]).await.pop().unwrap();
    let path = format!("/api/customer/activate/{}", link.secret());
    world
        .post(&format!("/api/OTHER/customer/activate/{}", link.secret()))
        .send()
        .await
        .http_error(404, "Not Found");
    for _ in 0..2 {
        assert_eq!(world.post(&path).send().await.status, 200);
    }
    let block = "UPDATE customers SET status = 'blocked'";
    world.server.database.execute(block).await;
    world.post(&path).send().await.http_error(404, "Not Found");
    assert_eq!(status(&world, &link.about).await, "blocked");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_are_unknown_expired_or_malformed_are_answered_alike() {
    let world = World::start().await;
    register(&world, json!({"email": "ada@shop.example"})).await.ok();
    let link = world.server.sent(&[ActivationLink]).await.pop().unwrap();
    world.advance(Duration::hours(48));
    let (right, upper) = (link.secret(), link.secret().to_uppercase());
    let long = "a".repeat(3_000);
    for token in
        [&right, &upper, "00000000000000000000", "x", "..%2F..%2Fetc%2Fpasswd", "a%00b", &long]
    {
        let answer = world.post(&format!("/api/customer/activate/{token}")).send().await;
        answer.http_error(404, "Not Found");
    }
    assert_eq!(status(&world, &link.about).await, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_programme_of_sms_a_code_activates_once() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (id, code) = waiting(&world, "48221112233").await;
    assert!(code.len() == 6 && !code.starts_with('0'), "{code}");
    world
        .post(&format!("/api/OTHER/customer/activate-sms/{code}"))
        .send()
        .await
        .http_error(404, "Not Found");
    let answer = show(&world, &code).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(status(&world, &id).await, "active");
    log_in(&world, "48221112233").await.ok();
    show(&world, &code).await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_shown_twice_at_once_activates_once() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (id, code) = waiting(&world, "48221112233").await;
    let (one, two) = tokio::join!(show(&world, &code), show(&world, &code));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404]);
    assert_eq!(status(&world, &id).await, "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_in_other_digits_or_with_more_around_them_are_unknown() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (id, code) = waiting(&world, "48221112233").await;
    let arabic: String =
        code.chars().map(|digit| char::from_u32(0x0660 + digit as u32 - 0x30).unwrap()).collect();
    for spelling in [
        &arabic,
        &format!("0{code}"),
        &format!("%20{code}"),
        &format!("+{code}"),
        &format!("{code}%0A"),
        &format!("{code}%00"),
        &code[..5],
    ] {
        show(&world, spelling).await.http_error(404, "Not Found");
    }
    assert_eq!(status(&world, &id).await, "new");
    assert_eq!(show(&world, &code).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_dies_after_ten_minutes_and_with_the_next_one() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (id, first) = waiting(&world, "48221112233").await;
    let admin = world.admin().await;
    world.advance(Duration::minutes(2));
    let path = format!("/api/admin/customer/{id}/send-sms-code");
    let sent = world.post(&path).token(&admin).send().await;
    assert_eq!((sent.status, sent.text.as_str()), (200, ""));
    let second = world.server.sent(&[ActivationCode]).await.pop().unwrap();
    assert_eq!((second.number(), second.about.as_str()), (2, id.as_str()));
    if first != second.secret() {
        show(&world, &first).await.http_error(404, "Not Found");
    }
    world.advance(Duration::minutes(10));
    show(&world, &second.secret()).await.http_error(404, "Not Found");
    assert_eq!(status(&world, &id).await, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_guesses_from_one_address_the_right_code_is_unknown_there_too() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (id, code) = waiting(&world, "48221112233").await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for _ in 0..5 {
        show(&world, wrong).await.http_error(404, "Not Found");
    }
    show(&world, &code).await.http_error(404, "Not Found");
    assert_eq!(status(&world, &id).await, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn right_codes_use_up_no_guesses() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    for phone in 0..12 {
        // Numbers of different prefixes, far enough apart to be sent to.
        world.advance(Duration::minutes(10));
        let (_, code) = waiting(&world, &format!("4822{phone:02}112233")).await;
        assert_eq!(show(&world, &code).await.status, 204, "{phone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_guesses_from_everywhere_slow_a_store_down_and_do_not_shut_it() {
    let world = World::with(&[("TRUSTED_PROXIES", "127.0.0.1")], CommunicationMethod::Sms).await;
    let (_, code) = waiting(&world, "48221112233").await;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let guess = async |address: usize, code: &str| {
        let path = format!("/api/customer/activate-sms/{code}");
        let from = format!("203.0.113.{address}");
        world.post(&path).header("x-forwarded-for", &from).send().await
    };
    for address in 0..50 {
        guess(address, wrong).await.http_error(404, "Not Found");
    }
    let started = std::time::Instant::now();
    guess(50, wrong).await.http_error(404, "Not Found");
    assert_eq!(guess(51, &code).await.status, 204);
    assert!(
        started.elapsed() >= std::time::Duration::from_secs(1),
        "the second waits for the first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_new_customers_with_a_phone_are_sent_codes() {
    let world = World::start().await;
    let active = world.customer(json!({"email": "a@shop.example", "phone": "48221112233"})).await;
    let mailed = register(&world, json!({"email": "b@shop.example"})).await.ok();
    let mailed = mailed["customerId"].as_str().unwrap();
    let unknown = "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10";
    let (admin, seller, reporter) =
        (world.admin().await, world.seller().await, world.reporter().await);
    for (who, token) in [("admin", &admin), ("seller", &seller)] {
        let send = async |id: &str| {
            let path = format!("/api/{who}/customer/{id}/send-sms-code");
            world.post(&path).token(token).send().await
        };
        assert_eq!(send(&active).await.status, 200);
        let unreachable = send(mailed).await;
        assert_eq!((unreachable.status, unreachable.text.as_str()), (400, ""));
        send(unknown).await.http_error(404, "Not Found");
    }
    let path = format!("/api/admin/customer/{active}/send-sms-code");
    world.post(&path).token(&reporter).send().await.http_error(403, "Forbidden");
    assert!(world.server.sent(&[ActivationCode]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_code_is_sent_to_a_number_after_two_minutes_and_else_nobody_learns_why_not() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    waiting(&world, "48221112233").await;
    let ask = async |phone: Value| {
        let path = "/api/customer/customer-phone/send-sms-code";
        let answer = world.post(path).json(&json!({"phone": phone})).send().await;
        (answer.status, answer.text)
    };
    let refused = (400, String::new());
    assert_eq!(ask(json!("48221112233")).await, refused);
    assert_eq!(ask(json!("48999999999")).await, refused);
    assert_eq!(ask(json!("a\u{0}b")).await, refused);
    assert_eq!(ask(json!("")).await, refused);
    world.advance(Duration::minutes(2));
    assert_eq!(ask(json!("48221112233")).await, (200, String::new()));
    let codes = world.server.sent(&[ActivationCode]).await;
    assert_eq!(codes.iter().map(Sent::number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(show(&world, &codes[1].secret()).await.status, 204);
    world.advance(Duration::minutes(2));
    assert_eq!(ask(json!("48221112233")).await, refused, "active by now");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_programmes_way_does_not_reach_somebody_the_other_one_is_taken() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let fields = json!({"phone": "48221112233", "email": "a@shop.example"});
    register(&world, fields).await.ok();
    let sent = world.server.sent(&[ActivationLink, ActivationCode]).await;
    assert_eq!(sent.iter().map(|sent| sent.kind).collect::<Vec<_>>(), [ActivationCode]);
    // An address is required where messages are mailed, and a phone where they are not.
    let errors = register(&world, json!({"email": "b@shop.example"})).await.form_errors();
    assert_eq!(errors, ["phone: This value should not be blank."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_activation_is_required_whoever_registers_gets_in_at_once() {
    let world = World::start().await;
    let document =
        r#"UPDATE merchants SET settings = settings || '{"activation_required": false}'"#;
    world.server.database.execute(document).await;
    let answer = register(&world, json!({"email": "ada@shop.example"})).await.ok();
    let id = answer["customerId"].as_str().unwrap();
    assert_eq!(status(&world, id).await, "active");
    log_in(&world, "ada@shop.example").await.ok();
    assert!(world.server.sent(&[ActivationLink, ActivationCode]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_self_registration_tells_everything_that_is_wrong_with_it() {
    let world = World::start().await;
    let register =
        async |form: &Value| world.post("/api/customer/self_register").json(form).send().await;
    let weak = json!({"customer": {"plainPassword": "short", "email": "x"}});
    assert_eq!(
        register(&weak).await.form_errors(),
        [
            "firstName: This value should not be blank.",
            "lastName: This value should not be blank.",
            "email: This value is not a valid email address.",
            "agreement1: This value should not be blank.",
            "plainPassword: Your password must be at least 8 characters long.",
            "plainPassword: Your password must include both upper and lower case letters.",
            "plainPassword: Your password must include at least one number.",
            "plainPassword: Your password must contain at least one special character.",
        ]
    );
    let blank = register(&a_form(&json!({"email": "a@b.example"}))).await;
    assert_eq!(blank.form_errors(), ["plainPassword: This value should not be blank."]);
    for field in ["levelId", "posId", "sellerId"] {
        let form = a_form(&json!({"email": "a@b.example", "plainPassword": STRONG, field: "x"}));
        let errors = register(&form).await.form_errors();
        assert_eq!(errors, ["This form should not contain extra fields."], "{field}");
    }
    let nothing = register(&json!({})).await;
    assert!(nothing.form_errors().is_empty());
    let children = nothing.json()["form"]["children"].clone();
    let names: Vec<_> = children.as_object().unwrap().keys().rev().take(3).cloned().collect();
    assert_eq!(names, ["plainPassword", "invitationToken", "agreement3"]);
    world.customer(json!({"email": "taken@b.example"})).await;
    let form = a_form(&json!({"email": "Taken@b.example", "plainPassword": STRONG}));
    let errors = register(&form).await.form_errors();
    assert_eq!(errors, ["email: Customer with such email already exists."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_token_is_accepted_whatever_it_says() {
    let world = World::start().await;
    let fields = json!({"email": "ada@shop.example", "invitationToken": "who knows"});
    register(&world, fields).await.ok();
    let id = world.customer(json!({"email": "b@shop.example", "invitationToken": "no"})).await;
    assert_eq!(status(&world, &id).await, "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_registered_by_others_is_told_of_the_account_and_sellers_customers_get_a_code() {
    for (communication, seller_kinds) in [
        (CommunicationMethod::Email, vec![AccountCreated]),
        (CommunicationMethod::Sms, vec![AccountCreated, ActivationCode]),
    ] {
        let world = World::with(&[], communication).await;
        let kinds = [AccountCreated, ActivationCode, ActivationLink];
        let register = async |path: &str, token: &str, form: Value| {
            let answer = world.post(path).token(token).json(&a_form(&form)).send().await.ok();
            let id = answer["customerId"].as_str().unwrap().to_owned();
            let sent = world.server.sent(&kinds).await.into_iter();
            let mut sent: Vec<_> =
                sent.filter(|sent| sent.about == id).map(|sent| sent.kind).collect();
            sent.sort_by_key(|kind| kind.name());
            (id, sent)
        };
        let (admin, seller) = (world.admin().await, world.seller().await);
        let by = json!({"email": "a@shop.example", "phone": "48221112233"});
        let (id, sent) = register("/api/customer/register", &admin, by).await;
        assert_eq!((status(&world, &id).await, sent), (json!("active"), vec![AccountCreated]));
        let by = json!({"email": "b@shop.example", "phone": "48331112233"});
        let (id, sent) = register("/api/seller/customer/register", &seller, by).await;
        assert_eq!(sent, seller_kinds);
        let expected = if seller_kinds.len() == 1 { "active" } else { "new" };
        assert_eq!(status(&world, &id).await, expected);
        if let Some(code) = world.server.sent(&[ActivationCode]).await.pop() {
            assert_eq!(show(&world, &code.secret()).await.status, 204);
            assert_eq!(status(&world, &id).await, "active");
            let actor = Actor::System;
            assert_eq!(world.events(&id).await.last().unwrap().event.actor, actor);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lenient_service_asks_for_long_passwords_only() {
    let settings = &[("OPEN_LOYALTY__PASSWORD_SECURITY_LEVEL", "simple")];
    let world = World::with(settings, CommunicationMethod::Email).await;
    let register = async |password: &str| {
        let fields = json!({"email": "ada@shop.example", "plainPassword": password});
        world.post("/api/customer/self_register").json(&a_form(&fields)).send().await
    };
    let short = "plainPassword: Your password must be at least 8 characters long.";
    assert_eq!(register("passwor").await.form_errors(), [short]);
    register("password").await.ok();
}
