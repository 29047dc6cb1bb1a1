//! New customers (contract E10, E32 and E35).

use domain::event::EventKind;
use domain::merchant::{CommunicationMethod, Merchant};
use domain::testing::{a_merchant, an_admin};
use domain::{Secret, access::Actor};
use serde_json::{Value, json};

use super::world::{PASSWORD, World, a_form, unknown_level};

const BLANK: &str = "This value should not be blank.";
const NOT_VALID: &str = "This value is not valid.";

/// The seed's third example of endpoint 10, white space aside.
const EMPTY_TREE: &str = concat!(
    r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"phone":{},"birthDate":{},"#,
    r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
    r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"#,
    r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
);

/// The contract's example of a failure (9.4), white space aside.
const WRONG_TREE: &str = concat!(
    r#"{"form":{"children":{"firstName":{},"lastName":{"errors":["This value should not be blank."]},"gender":{},"#,
    r#""email":{"errors":["This value is not a valid email address."]},"phone":{},"birthDate":{},"#,
    r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
    r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"#,
    r#""agreement1":{"errors":["This value should not be blank."]},"agreement2":{},"agreement3":{},"levelId":{},"#,
    r#""posId":{},"sellerId":{}}},"errors":[]}"#
);

async fn errors(world: &World, fields: Value) -> Vec<String> {
    let token = world.admin().await;
    world
        .post("/api/customer/register")
        .token(&token)
        .json(&a_form(&fields))
        .send()
        .await
        .form_errors()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_first_example_registers_an_active_customer() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = "customer[firstName]=John&customer[lastName]=Kowalski&customer[email]=John4@example.com\
                &customer[phone]=000000005000&customer[agreement1]=1";
    let answer = world.post("/api/SHOP/customer/register").token(&token).form(form).send().await;
    let body = answer.ok();
    let id = body["customerId"].as_str().unwrap();
    assert_eq!(answer.text, format!(r#"{{"customerId":"{id}","email":"john4@example.com"}}"#));
    let details = world.details(id).await;
    assert_eq!(details["email"], "John4@example.com");
    assert_eq!(details["phone"], "000000005000");
    assert_eq!(details["active"], true);
    assert_eq!(details["status"]["state"], "no-card");
    assert_eq!(details["gender"], "not_disclosed");
    assert_eq!(details["address"], json!({}));
    assert_eq!(details["levelId"], world.shop.start.id.to_string());
    assert_eq!(details.get("manuallyAssignedLevelId"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_second_example_registers_everything() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = "customer[firstName]=John&customer[lastName]=Kowalski&customer[email]=john3@example.com\
        &customer[phone]=000000004000&customer[birthDate]=1990-01-01&customer[address][street]=Street\
        &customer[address][postal]=00-000&customer[address][city]=Wroclaw&customer[address][province]=Dolnoslaskie\
        &customer[address][country]=Poland&customer[company][nip]=111-222-33-44&customer[company][name]=Company+name\
        &customer[loyaltyCardNumber]=00000000000000002&customer[agreement1]=1&customer[agreement2]=1\
        &customer[agreement3]=1";
    let answer =
        world.post("/api/SHOP/admin/customer/register").token(&token).form(form).send().await;
    let details = world.details(answer.ok()["customerId"].as_str().unwrap()).await;
    assert_eq!(details["birthDate"], "1990-01-01T00:00:00+0100");
    assert_eq!(
        details["address"].to_string(),
        r#"{"street":"Street","province":"Dolnoslaskie","city":"Wroclaw","postal":"00-000","country":"Poland"}"#
    );
    assert_eq!(details["company"], json!({"name": "Company name", "nip": "111-222-33-44"}));
    assert_eq!(details["loyaltyCardNumber"], "00000000000000002");
    assert_eq!((&details["agreement2"], &details["agreement3"]), (&json!(true), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_not_sent_is_answered_byte_for_byte_as_the_seed_says() {
    let world = World::start().await;
    let token = world.admin().await;
    for path in ["/api/customer/register", "/api/SHOP/admin/customer/register"] {
        for body in ["", "other[firstName]=x"] {
            let answer = world.post(path).token(&token).form(body).send().await;
            assert_eq!((answer.status, answer.text.as_str()), (400, EMPTY_TREE));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_errors_is_answered_byte_for_byte_as_the_contract_says() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = "customer[firstName]=Ada&customer[lastName]=&customer[email]=nonsense&customer[agreement1]=0";
    let answer = world.post("/api/customer/register").token(&token).form(form).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (400, WRONG_TREE));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_is_told_at_once() {
    let world = World::start().await;
    let token = world.admin().await;
    let body = json!({"customer": {
        "firstName": {"x": 1}, "gender": "MALE", "phone": "+440000000", "birthDate": "nonsense",
        "createdAt": "2017-02-30", "address": {"street": {"x": 1}, "city": "x".repeat(256)}, "company": "x",
        "loyaltyCardNumber": "a\0b", "labels": 7, "agreement1": "false",
        "levelId": world.shop.retired.id.to_string(), "posId": "x", "sellerId": unknown_level().to_string(),
        "isAdmin": true,
    }});
    let answer = world.post("/api/customer/register").token(&token).json(&body).send().await;
    let blank = |field: &str| format!("{field}: {BLANK}");
    let wrong = |field: &str| format!("{field}: {NOT_VALID}");
    assert_eq!(
        answer.form_errors(),
        [
            "This form should not contain extra fields.".to_owned(),
            wrong("firstName"),
            blank("lastName"),
            wrong("gender"),
            blank("email"),
            "phone: This value is not a valid phone number.".to_owned(),
            wrong("createdAt"),
            wrong("address.street"),
            wrong("address.city"),
            wrong("company"),
            wrong("loyaltyCardNumber"),
            "labels: Type of the labels field value is incorrect. The correct type is labels as a string.".to_owned(),
            blank("agreement1"),
            wrong("levelId"),
            wrong("posId"),
            wrong("sellerId"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_place_of_the_form_is_an_error_of_the_form() {
    let world = World::start().await;
    let token = world.admin().await;
    let answer =
        world.post("/api/customer/register").token(&token).form("customer=abc").send().await;
    assert_eq!(answer.form_errors()[0], NOT_VALID);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_first_taken_identifier_is_told() {
    let world = World::start().await;
    let taken =
        json!({"email": "Ada@shop.example", "phone": "48123123123", "loyaltyCardNumber": "C-1"});
    world.customer(taken).await;
    for (fields, expected) in [
        (
            json!({"email": "aDA@Shop.example ", "phone": "+48123123123", "loyaltyCardNumber": "c-1"}),
            "email: Customer with such email already exists.",
        ),
        (
            json!({"email": "b@shop.example", "phone": "+48123123123", "loyaltyCardNumber": "c-1"}),
            "loyaltyCardNumber: Customer with such loyalty card number already exists.",
        ),
        (
            json!({"email": "b@shop.example", "phone": "+48123123123"}),
            "phone: Customer with such phone already exists.",
        ),
    ] {
        assert_eq!(errors(&world, fields).await, [expected]);
    }
    // Uniqueness is looked at only when everything else is right.
    let fields = json!({"email": "ada@shop.example", "gender": "x"});
    assert_eq!(errors(&world, fields).await, [format!("gender: {NOT_VALID}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_with_one_address_one_wins() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = a_form(&json!({"email": "ada@shop.example"}));
    let call = || world.post("/api/customer/register").token(&token).json(&form).send();
    let (one, two, three) = tokio::join!(call(), call(), call());
    let mut statuses = [one.status, two.status, three.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_by_hand_and_a_shop_and_a_seller_may_be_named() {
    let world = World::start().await;
    let shop = &world.shop;
    let id = world
        .customer(json!({
            "email": "ada@shop.example",
            "levelId": shop.gold.id.to_string().to_uppercase(),
            "posId": shop.pos.id.to_string(),
            "sellerId": shop.seller.id.to_string(),
        }))
        .await;
    let details = world.details(&id).await;
    assert_eq!(details["manuallyAssignedLevelId"], json!({"levelId": shop.gold.id.to_string()}));
    assert_eq!(details["levelPercent"], "1,234.00%");
    assert_eq!(details["posIdentifier"], "pos1");
    assert_eq!(details["sellerId"], shop.seller.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_start_level_nobody_is_registered() {
    let world = World::start().await;
    let merchant = Merchant { store_code: "BARE".try_into().unwrap(), ..a_merchant() };
    world.services().merchants.add(&merchant).await.unwrap();
    let admin = an_admin(merchant.id);
    world.services().accounts.add_admin(&admin, Secret::new(PASSWORD.to_owned())).await.unwrap();
    let token = world.log_in("/api/admin/login_check", admin.username.as_str()).await;
    let call =
        |form: Value| world.post("/api/BARE/customer/register").token(&token).json(&form).send();
    let answer = call(a_form(&json!({"email": "ada@shop.example"}))).await;
    assert_eq!(
        answer.form_errors(),
        ["levelId: Neither level is not available as start level for this customer."]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sellers_customer_is_the_sellers_and_the_shops() {
    let world = World::start().await;
    let token = world.seller().await;
    let form = a_form(&json!({"email": "ada@shop.example"}));
    for path in ["/api/seller/customer/register", "/api/SHOP/seller/customer/register"] {
        let refused = world.post(path).token(&token).form("customer[sellerId]=x").send().await;
        assert!(!refused.text.contains("sellerId"), "{}", refused.text);
        assert_eq!(refused.form_errors()[0], "This form should not contain extra fields.");
    }
    let answer = world.post("/api/seller/customer/register").token(&token).json(&form).send().await;
    let details = world.details(answer.ok()["customerId"].as_str().unwrap()).await;
    assert_eq!(details["sellerId"], world.shop.seller.id.to_string());
    assert_eq!(details["posId"], world.shop.pos.id.to_string());
    assert_eq!(details["active"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_messages_go_by_sms_the_phone_is_required_and_a_sellers_customer_waits() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    assert_eq!(errors(&world, json!({})).await, [format!("phone: {BLANK}")]);
    let token = world.seller().await;
    let form = a_form(&json!({"phone": "48123123123"}));
    let answer = world.post("/api/seller/customer/register").token(&token).json(&form).send().await;
    let body = answer.ok();
    let id = body["customerId"].as_str().unwrap();
    assert_eq!(answer.text, format!(r#"{{"customerId":"{id}"}}"#));
    let details = world.details(id).await;
    assert_eq!(details["active"], false);
    assert_eq!(details["status"]["type"], "new");
    assert_eq!(details["status"].get("state"), None);
    assert_eq!(details.get("email"), None);
    let id = world.customer(json!({"phone": "899000333"})).await;
    assert_eq!(world.details(&id).await["active"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_register_is_told_so() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    for token in [world.reporter().await, world.participant(&id).await] {
        for path in [
            "/api/customer/register",
            "/api/admin/customer/register",
            "/api/seller/customer/register",
        ] {
            world.post(path).token(&token).send().await.http_error(403, "Forbidden");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_values_are_read_as_the_contract_says() {
    let world = World::start().await;
    let id = world
        .customer(json!({
            "firstName": "  Żółć ", "email": "ada@shop.example", "gender": "", "phone": "",
            "birthDate": "2019-02-31", "createdAt": "2017-07-01 14:15:16", "company": {"name": "Half"},
            "labels": "k1:v1;none;k2:a:b;k1:v1", "agreement1": "on", "agreement2": "0", "agreement3": "\"false\"",
            "referral_customer_email": "friend@shop.example", "invitationToken": "anything",
        }))
        .await;
    let details = world.details(&id).await;
    assert_eq!(details["firstName"], "Żółć");
    assert_eq!(details["createdAt"], "2017-07-01T14:15:16+0200");
    assert_eq!(details["agreement2"], false);
    assert_eq!(details["agreement3"], false);
    assert_eq!(
        details["labels"],
        json!([
            {"key": "k1", "value": "v1"},
            {"key": "k2", "value": "a:b"},
            {"key": "k1", "value": "v1"}
        ])
    );
    for absent in ["birthDate", "phone", "company"] {
        assert_eq!(details.get(absent), None, "{absent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_announced_with_its_level() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let events = world.events(&id).await;
    let kinds: Vec<_> = events.iter().map(|recorded| recorded.event.kind.name()).collect();
    assert_eq!(kinds, ["customer_created", "level_changed"]);
    assert_eq!(events[0].event.kind, EventKind::CustomerCreated);
    assert_eq!(events[0].event.actor, Actor::Admin(world.shop.admin.id));
}
