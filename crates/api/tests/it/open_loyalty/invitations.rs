//! Invitations to the programme (contract 4.10 and 4.1).

use domain::merchant::CommunicationMethod;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

const PATH: &str = "/api/SHOP/invitations/invite";

/// A customer who invites, and the token to call with.
async fn ada(world: &World) -> (String, String) {
    let fields = json!({"email": "ada@shop.example", "phone": "+48221112233"});
    let id = world.customer(fields).await;
    let token = world.participant(&id).await;
    (id, token)
}

async fn invite(world: &World, token: &str, invitation: Value) -> Answer {
    world.post(PATH).token(token).json(&json!({"invitation": invitation})).send().await
}

async fn invited(world: &World, token: &str, email: &str) {
    let answer = invite(world, token, json!({"type": "email", "recipientEmail": email})).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
}

async fn listed(world: &World, query: &str) -> Value {
    let admin = world.admin().await;
    world.get(&format!("/api/SHOP/invitations{query}")).token(&admin).send().await.ok()
}

/// How many messages wait.
async fn waiting(world: &World) -> u64 {
    world.services().storage.session().await.unwrap().messages().waiting().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_with_nothing_and_queued_as_a_message() {
    let world = World::start().await;
    let (id, token) = ada(&world).await;
    let before = waiting(&world).await;
    invited(&world, &token, "Tove@shop.example").await;
    assert_eq!(waiting(&world).await, before + 1);
    let list = listed(&world, "").await;
    let invitation = &list["invitations"][0];
    let expected = json!({
        "invitationId": invitation["invitationId"], "referrerId": id,
        "referrerEmail": "ada@shop.example", "referrerName": "Ada Byron",
        "recipientEmail": "Tove@shop.example", "status": "invited",
    });
    assert_eq!(list, json!({"invitations": [expected], "total": 1}));
    let keys: Vec<&String> = invitation.as_object().unwrap().keys().collect();
    let order =
        ["invitationId", "referrerId", "referrerEmail", "referrerName", "recipientEmail", "status"];
    assert_eq!(keys, order);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_goes_the_way_of_its_type_or_of_the_address_that_is_there() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    for invitation in [
        json!({"type": "email", "recipientEmail": "a@shop.example"}),
        json!({"type": "", "recipientEmail": "b@shop.example"}),
        json!({"recipientEmail": "c@shop.example", "recipientPhone": "+48600000001"}),
        json!({"type": "mobile", "recipientPhone": "+48600000002"}),
        json!({"recipientPhone": "48600000003"}),
    ] {
        let answer = invite(&world, &token, invitation.clone()).await;
        assert_eq!(answer.status, 200, "{invitation}: {}", answer.text);
    }
    let list = listed(&world, "").await;
    let sent = |key: &str| -> Vec<&str> {
        let all = list["invitations"].as_array().unwrap().iter();
        all.filter_map(|one| one.get(key)?.as_str()).collect()
    };
    let mut emails = sent("recipientEmail");
    emails.sort_unstable();
    assert_eq!(emails, ["a@shop.example", "b@shop.example", "c@shop.example"]);
    let mut phones = sent("recipientPhone");
    phones.sort_unstable();
    assert_eq!(phones, ["+48600000002", "48600000003"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_invited_twice_and_no_customer_at_all() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    let bob = world.customer(json!({"email": "bob@shop.example"})).await;
    invited(&world, &token, "tove@shop.example").await;
    let bob = world.participant(&bob).await;
    let before = waiting(&world).await;
    for (token, invitation) in [
        (&token, json!({"recipientEmail": "Tove@shop.example"})),
        (&bob, json!({"recipientEmail": "tove@shop.example"})),
        (&bob, json!({"recipientEmail": "ADA@shop.example"})),
        (&bob, json!({"type": "mobile", "recipientPhone": "48221112233"})),
    ] {
        let answer = invite(&world, token, invitation).await;
        let expected = concat!(
            r#"{"form":{"errors":["Invitation exists"],"children":{"type":{},"recipientEmail":{},"#,
            r#""recipientPhone":{}}},"errors":["Invitation exists"]}"#
        );
        assert_eq!((answer.status, answer.text.as_str()), (400, expected));
    }
    assert_eq!(listed(&world, "").await["total"], 1);
    assert_eq!(waiting(&world).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_invitation_is_told_at_its_field() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    let blank = |field: &str| format!("{field}: This value should not be blank.");
    for (invitation, expected) in [
        (json!({}), blank("recipientEmail")),
        (json!({"type": "mobile"}), blank("recipientPhone")),
        (json!({"type": "mobile", "recipientEmail": "a@b.example"}), blank("recipientPhone")),
        (
            json!({"type": "post", "recipientEmail": "a@b.example"}),
            "type: This value is not valid.".into(),
        ),
        (
            json!({"recipientEmail": "nobody"}),
            "recipientEmail: This value is not a valid email address.".into(),
        ),
        (
            json!({"type": "mobile", "recipientPhone": "x"}),
            "recipientPhone: Incorrect phone number format, use 00000000000.".into(),
        ),
        (
            json!({"recipientEmail": "a@b.example", "status": "registered"}),
            "This form should not contain extra fields.".into(),
        ),
    ] {
        let answer = invite(&world, &token, invitation.clone()).await;
        assert_eq!(answer.form_errors(), [expected], "{invitation}");
    }
    let answer = world.post(PATH).token(&token).send().await;
    let expected =
        r#"{"form":{"children":{"type":{},"recipientEmail":{},"recipientPhone":{}}},"errors":[]}"#;
    assert_eq!((answer.status, answer.text.as_str()), (400, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_customers_invite_and_only_admins_see_the_list() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    for other in [world.admin().await, world.seller().await] {
        let answer = invite(&world, &other, json!({"recipientEmail": "a@b.example"})).await;
        answer.http_error(403, "Forbidden");
    }
    for other in [token, world.seller().await] {
        let answer = world.get("/api/invitations").token(&other).send().await;
        answer.http_error(403, "Forbidden");
    }
    let reporter = world.reporter().await;
    world.get("/api/invitations").token(&reporter).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_has_parts_and_filters() {
    let world = World::start().await;
    let (id, token) = ada(&world).await;
    for email in ["a@shop.example", "b@shop.example", "c@shop.example"] {
        world.advance(time::Duration::MINUTE);
        invited(&world, &token, email).await;
    }
    let emails = |list: &Value| -> Vec<String> {
        let all = list["invitations"].as_array().unwrap().iter();
        all.map(|one| one["recipientEmail"].as_str().unwrap().to_owned()).collect()
    };
    let list = listed(&world, "?perPage=2&page=1").await;
    assert_eq!(
        (emails(&list), &list["total"]),
        (vec!["c@shop.example".into(), "b@shop.example".into()], &json!(3))
    );
    let list = listed(&world, "?perPage=2&page=2").await;
    assert_eq!(emails(&list), ["a@shop.example"]);
    for (query, total) in [
        (format!("referrerId={id}"), 3),
        ("referrerId=00000000-0000-0000-0000-000000000011".into(), 0),
        ("referrerEmail=ADA@".into(), 3),
        ("referrerName=byr".into(), 3),
        ("recipientEmail=b%40".into(), 1),
        ("recipientEmail=%25".into(), 0),
        ("recipientPhone=48".into(), 0),
        ("recipientName=x".into(), 0),
        ("status=invited".into(), 3),
        ("status=registered&unknown=1".into(), 0),
    ] {
        assert_eq!(listed(&world, &format!("?{query}")).await["total"], total, "{query}");
    }
    let admin = world.admin().await;
    for query in ["status=lost", "referrerId=1", "recipientEmail=a%00", "recipientEmail[]=a"] {
        let path = format!("/api/invitations?{query}");
        world.get(&path).token(&admin).send().await.http_error(400, "Bad Request");
    }
}

/// Lets every open invitation have a token that the test knows: the message that carries the real one is sealed.
async fn known_token(world: &World, token: &str) {
    let fingerprint = world.services().ports.keeper.fingerprint(token);
    let digits = domain::text::hex(fingerprint.as_ref());
    let set = format!("UPDATE invitations SET token_fingerprint = '\\x{digits}'");
    world.server.database.execute(&set).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_with_the_token_is_tied_to_the_invitation() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    invited(&world, &token, "tove@shop.example").await;
    known_token(&world, "4f2a").await;
    let fields =
        json!({"firstName": "Tove", "email": "t@shop.example", "invitationToken": " 4f2a "});
    let tove = world.customer(fields).await;
    let invitation = &listed(&world, "").await["invitations"][0];
    assert_eq!(invitation["status"], "registered");
    assert_eq!(invitation["recipientId"], tove);
    assert_eq!(invitation["recipientName"], "Tove Byron");
    world.customer(json!({"email": "late@shop.example", "invitationToken": "4f2a"})).await;
    assert_eq!(listed(&world, "?status=registered").await["invitations"][0]["recipientId"], tove);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_means_nothing_is_ignored_and_one_of_no_kind_is_an_error() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    invited(&world, &token, "tove@shop.example").await;
    for (at, token) in ["unknown", "", "+48221112233", "a\u{0}b"].into_iter().enumerate() {
        let email = format!("tove{at}@shop.example");
        world.customer(json!({"email": email, "invitationToken": token})).await;
    }
    assert_eq!(listed(&world, "?status=invited").await["total"], 1);
    let admin = world.admin().await;
    let form = super::world::a_form(&json!({"email": "x@shop.example", "invitationToken": ["a"]}));
    let answer = world.post("/api/customer/register").token(&admin).json(&form).send().await;
    assert_eq!(answer.form_errors(), ["invitationToken: This value is not valid."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_messages_go_to_phones_the_referrers_number_is_a_token() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let (id, token) = ada(&world).await;
    let invitation = json!({"type": "mobile", "recipientPhone": "+48600000001"});
    assert_eq!(invite(&world, &token, invitation).await.status, 200);
    for (phone, token) in [
        ("48600000001", "+48221112233"),
        ("48600000002", "+48221112233"),
        ("48600000003", "48221112233"),
        ("48600000004", "+48999999999"),
    ] {
        world.customer(json!({"phone": phone, "invitationToken": token})).await;
    }
    let list = listed(&world, &format!("?referrerId={id}&status=registered")).await;
    let all = list["invitations"].as_array().unwrap().iter();
    let mut phones: Vec<&str> = all.map(|one| one["recipientPhone"].as_str().unwrap()).collect();
    phones.sort_unstable();
    assert_eq!(phones, ["+48600000001", "48600000002"]);
    assert_eq!(listed(&world, "").await["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stores_invitations_are_not_seen_and_not_followed() {
    let world = World::start().await;
    let (_, token) = ada(&world).await;
    invited(&world, &token, "tove@shop.example").await;
    known_token(&world, "4f2a").await;
    let other = world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    let form = super::world::a_form(&json!({"email": "t@shop.example", "invitationToken": "4f2a"}));
    let answer = world.post("/api/OTHER/customer/register").token(&other).json(&form).send().await;
    answer.ok();
    let list = world.get("/api/OTHER/invitations").token(&other).send().await.ok();
    assert_eq!(list, json!({"invitations": [], "total": 0}));
    assert_eq!(listed(&world, "?status=invited").await["total"], 1);
}
