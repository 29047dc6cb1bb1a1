//! Changing a customer (contract E12).

use domain::merchant::CommunicationMethod;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::{World, unknown_level};

/// The seed's second example of endpoint 12, white space aside.
const WRONG_PHONE: &str = concat!(
    r#"{"form":{"children":{"firstName":{},"lastName":{},"gender":{},"email":{},"#,
    r#""phone":{"errors":["This value is not a valid phone number."]},"birthDate":{},"#,
    r#""createdAt":{},"address":{"children":{"street":{},"address1":{},"address2":{},"postal":{},"city":{},"#,
    r#""province":{},"country":{}}},"company":{"children":{"name":{},"nip":{}}},"loyaltyCardNumber":{},"labels":{},"#,
    r#""agreement1":{},"agreement2":{},"agreement3":{},"levelId":{},"posId":{},"sellerId":{}}},"errors":[]}"#
);

async fn put(world: &World, token: &str, id: &str, fields: Value) -> Answer {
    let body = json!({"customer": fields});
    world.put(&format!("/api/customer/{id}")).token(token).json(&body).send().await
}

/// A customer with something in every field.
async fn somebody(world: &World) -> String {
    let fields = json!({
        "gender": "female", "email": "ada@shop.example", "phone": "48221112233", "birthDate": "1990-12-10",
        "loyaltyCardNumber": "C-1", "labels": "a:b", "address": {"street": "Long", "city": "Warszawa"},
        "company": {"name": "Engine Ltd", "nip": "111-222"}, "agreement2": true,
    });
    world.customer(fields).await
}

async fn kinds_of_events(world: &World, id: &str) -> Vec<&'static str> {
    let events = world.events(id).await;
    events.iter().map(|recorded| recorded.event.kind.name()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_first_example_changes_what_it_names_and_nothing_else() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let before = world.details(&id).await;
    let token = world.admin().await;
    world.advance(time::Duration::HOUR);
    let form = "customer[email]=john4@example.com&customer[phone]=&customer[agreement2]=0";
    let path = format!("/api/SHOP/customer/{id}");
    let answer = world.put(&path).token(&token).form(form).send().await;
    answer.ok();
    assert_eq!(answer.text, format!(r#"{{"customerId":"{id}"}}"#));
    let mut expected = before;
    expected["email"] = json!("john4@example.com");
    expected["phone"] = json!("");
    expected["agreement2"] = json!(false);
    expected["updatedAt"] = json!("2026-03-02T10:15:00+0100");
    expected["version"] = json!(2);
    assert_eq!(world.details(&id).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_second_example_is_refused_byte_for_byte() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let path = format!("/api/SHOP/customer/{id}");
    let answer = world.put(&path).token(&token).form("customer[phone]=%2B440000000").send().await;
    assert_eq!((answer.status, answer.text.as_str()), (400, WRONG_PHONE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_not_sent_or_is_empty_changes_nothing() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let before = world.details(&id).await;
    let token = world.admin().await;
    world.advance(time::Duration::HOUR);
    let path = format!("/api/customer/{id}");
    for body in ["", "customer=", "other[firstName]=x"] {
        world.put(&path).token(&token).form(body).send().await.ok();
    }
    for body in [json!({}), json!({"customer": {}}), json!({"customer": null})] {
        world.put(&path).token(&token).json(&body).send().await.ok();
    }
    assert_eq!(world.details(&id).await, before);
    assert_eq!(
        kinds_of_events(&world, &id).await,
        ["customer_created", "level_changed", "newsletter_announced"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_values_do_to_each_field_what_the_contract_says() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let empty = json!({
        "firstName": "", "lastName": null, "gender": "", "email": "", "phone": "", "birthDate": null,
        "createdAt": "", "address": {}, "company": {"name": "", "nip": ""}, "loyaltyCardNumber": "", "labels": "",
        "agreement1": "", "agreement2": null, "levelId": "", "posId": "", "sellerId": "",
        "referral_customer_email": "",
    });
    put(&world, &token, &id, empty).await.ok();
    let details = world.details(&id).await;
    for (field, expected) in [
        ("firstName", json!("Ada")),
        ("lastName", json!("Byron")),
        ("gender", json!("female")),
        ("phone", json!("")),
        ("address", json!({})),
        ("loyaltyCardNumber", json!("")),
        ("labels", json!([])),
        ("agreement1", json!(false)),
        ("agreement2", json!(false)),
        ("levelId", json!(world.shop.start.id.to_string())),
    ] {
        assert_eq!(details[field], expected, "{field}");
    }
    for gone in ["email", "birthDate", "company"] {
        assert_eq!(details.get(gone), None, "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_and_a_company_are_replaced_as_a_whole() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let fields = json!({
        "address": {"city": "Gdynia"}, "company": {"name": "New", "nip": "9"}, "birthDate": "nonsense",
        "labels": "x:y",
    });
    put(&world, &token, &id, fields).await.ok();
    let details = world.details(&id).await;
    assert_eq!(details["address"], json!({"city": "Gdynia"}));
    assert_eq!(details["company"], json!({"name": "New", "nip": "9"}));
    assert_eq!(details["labels"], json!([{"key": "x", "value": "y"}]));
    assert_eq!(details.get("birthDate"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_company_breaks_the_call_and_changes_nothing() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let before = world.details(&id).await;
    let token = world.admin().await;
    for company in
        [json!({"name": "Only"}), json!({"nip": "9"}), json!({"name": "Only", "nip": ""})]
    {
        let fields = json!({"firstName": "Bea", "company": company});
        let answer = put(&world, &token, &id, fields).await;
        answer.http_error(500, "Internal Server Error");
    }
    assert_eq!(world.details(&id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_taken_identifier_is_told() {
    let world = World::start().await;
    let theirs =
        json!({"email": "Taken@shop.example", "phone": "+48123123123", "loyaltyCardNumber": "T-1"});
    world.customer(theirs).await;
    let id = somebody(&world).await;
    let before = world.details(&id).await;
    let token = world.admin().await;
    let fields = json!({
        "firstName": "Bea", "email": "taken@SHOP.example", "phone": "48123123123", "loyaltyCardNumber": "t-1",
    });
    assert_eq!(
        put(&world, &token, &id, fields).await.form_errors(),
        [
            "email: Customer with such email already exists.",
            "phone: Customer with such phone already exists.",
            "loyaltyCardNumber: Customer with such loyalty card number already exists.",
        ]
    );
    assert_eq!(world.details(&id).await, before);
    let own =
        json!({"email": "ADA@shop.example", "phone": "+48221112233", "loyaltyCardNumber": "c-1"});
    put(&world, &token, &id, own).await.ok();
    assert_eq!(world.details(&id).await["email"], "ADA@shop.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_told() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let fields = json!({
        "gender": "x", "email": "x", "phone": "12 34", "createdAt": "soon", "labels": ":x",
        "levelId": world.shop.retired.id.to_string(), "posId": unknown_level().to_string(), "sellerId": "x",
        "invitationToken": "x",
    });
    assert_eq!(
        put(&world, &token, &id, fields).await.form_errors(),
        [
            "This form should not contain extra fields.",
            "gender: This value is not valid.",
            "email: This value is not a valid email address.",
            "phone: Incorrect phone number format, use 00000000000.",
            "createdAt: This value is not valid.",
            "labels: Customer labels invalid data",
            "levelId: This value is not valid.",
            "posId: This value is not valid.",
            "sellerId: This value is not valid.",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_messages_go_by_sms_the_phone_cannot_be_taken_away() {
    let world = World::with(&[], CommunicationMethod::Sms).await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    assert_eq!(
        put(&world, &token, &id, json!({"phone": ""})).await.form_errors(),
        ["phone: Incorrect phone number format, use 00000000000."]
    );
    put(&world, &token, &id, json!({"email": ""})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_level_is_a_move_by_hand_and_the_same_one_is_nothing() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    put(&world, &token, &id, json!({"levelId": world.shop.start.id.to_string()})).await.ok();
    let details = world.details(&id).await;
    assert_eq!(details.get("manuallyAssignedLevelId"), None);
    assert_eq!(details["version"], 1);
    put(&world, &token, &id, json!({"levelId": world.shop.gold.id.to_string()})).await.ok();
    let details = world.details(&id).await;
    assert_eq!(details["manuallyAssignedLevelId"]["levelId"], world.shop.gold.id.to_string());
    assert_eq!(
        kinds_of_events(&world, &id).await,
        [
            "customer_created",
            "level_changed",
            "newsletter_announced",
            "customer_updated",
            "level_changed"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_changes_everything_but_the_seller() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.seller().await;
    let pos = world.shop.pos.id.to_string();
    put(&world, &token, &id, json!({"firstName": "Bea", "posId": pos})).await.ok();
    let details = world.details(&id).await;
    assert_eq!((&details["firstName"], &details["posId"]), (&json!("Bea"), &json!(pos)));
    let answer =
        put(&world, &token, &id, json!({"sellerId": world.shop.seller.id.to_string()})).await;
    assert!(!answer.text.contains("sellerId"));
    assert_eq!(answer.form_errors(), ["This form should not contain extra fields."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_own_level_shop_and_seller_are_not_the_customers_to_change() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.participant(&id).await;
    let fields = json!({
        "lastName": "King", "levelId": world.shop.gold.id.to_string(), "posId": world.shop.pos.id.to_string(),
        "sellerId": "nonsense",
    });
    put(&world, &token, &id, fields).await.ok();
    let details = world.details(&id).await;
    assert_eq!(details["lastName"], "King");
    assert_eq!(details["levelId"], world.shop.start.id.to_string());
    assert_eq!((details.get("posId"), details.get("sellerId")), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_told_before_what_is_forbidden_and_that_before_what_is_wrong() {
    let world = World::start().await;
    let one = somebody(&world).await;
    let two = world.customer(json!({"email": "two@shop.example"})).await;
    let missing = unknown_level().to_string();
    let wrong = json!({"gender": "x"});
    for token in [world.reporter().await, world.participant(&two).await] {
        put(&world, &token, &missing, wrong.clone()).await.http_error(404, "Not Found");
        put(&world, &token, &one, wrong.clone()).await.http_error(403, "Forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_changes_at_once_of_different_fields_are_both_kept() {
    let world = World::start().await;
    let id = somebody(&world).await;
    let token = world.admin().await;
    let (one, two) = tokio::join!(
        put(&world, &token, &id, json!({"firstName": "Bea"})),
        put(&world, &token, &id, json!({"lastName": "King"})),
    );
    assert_eq!((one.status, two.status), (200, 200));
    let details = world.details(&id).await;
    assert_eq!((&details["firstName"], &details["lastName"]), (&json!("Bea"), &json!("King")));
    assert_eq!(details["version"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_vendors_client_wrote_stays() {
    let world = World::start().await;
    let mut command = domain::testing::create_customer("ada@shop.example");
    command.mobile = Some("+61400111222".try_into().unwrap());
    command.comment = Some("vip".try_into().unwrap());
    let customers = &world.services().customers;
    let origin = domain::customer::Origin {
        merchant: world.shop.merchant.id,
        actor: domain::access::Actor::System,
        demands: domain::customer::Demands::default(),
    };
    let ladder = domain::level::Ladder::default();
    let created = customers.create(&origin, &ladder, command).await.unwrap();
    let (id, token) = (created.id.to_string(), world.admin().await);
    let details = world.details(&id).await;
    assert_eq!(details["phone"], "+61400111222");
    assert_eq!(
        (details.get("address"), details.get("level"), details.get("id")),
        (None, None, None)
    );
    put(&world, &token, &id, json!({"firstName": "Bea", "phone": "123123123"})).await.ok();
    let after = customers.find(world.shop.merchant.id, created.id).await.unwrap();
    assert_eq!((after.mobile, after.comment), (created.mobile, created.comment));
    assert_eq!(world.details(&id).await["phone"], "123123123");
}
