//! Sellers as they are registered, shown and listed (contract 4.4 and 9.8).

use serde_json::{Value, json};

use super::world::World;

/// A registration of somebody who may log in.
pub(super) fn a_seller_form(world: &World, email: &str) -> Value {
    json!({"seller": {
        "firstName": "Sel", "lastName": "Ler", "email": email, "phone": "+48221112244",
        "posId": world.shop.pos.id.to_string(), "plainPassword": "oloy", "active": true,
        "allowPointTransfer": true,
    }})
}

/// Registers a seller and gives the id.
pub(super) async fn a_seller(world: &World, form: &Value) -> String {
    let token = world.admin().await;
    let answer = world.post("/api/seller/register").token(&token).json(form).send().await;
    answer.ok()["sellerId"].as_str().unwrap().to_owned()
}

/// Logs a registered seller in.
pub(super) async fn log_in(world: &World, email: &str, password: &str) -> super::answer::Answer {
    let body = json!({"_username": email, "_password": password});
    world.post("/api/seller/login_check").json(&body).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_echoes_the_password_and_lets_the_seller_in() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = a_seller_form(&world, "Sel@Shop.example");
    let answer = world.post("/api/SHOP/seller/register").token(&token).json(&form).send().await;
    let id = answer.ok()["sellerId"].as_str().unwrap().to_owned();
    let expected = format!(r#"{{"sellerId":"{id}","password":"oloy","email":"sel@shop.example"}}"#);
    assert_eq!(answer.text, expected);
    log_in(&world, "sel@shop.example", "oloy").await.ok();
    assert_eq!(log_in(&world, "sel@shop.example", "olay").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_is_shown_in_the_vendors_order_byte_for_byte() {
    let world = World::start().await;
    let id = a_seller(&world, &a_seller_form(&world, "sel@shop.example")).await;
    let pos = world.shop.pos.id;
    let expected = [
        &format!(r#"{{"name":"Sel Ler","sellerId":"{id}","firstName":"Sel","lastName":"Ler","#),
        r#""email":"sel@shop.example","phone":"+48221112244","#,
        &format!(r#""posId":"{pos}","posName":"Corner shop","posCity":"Gdynia","#),
        r#""active":true,"deleted":false,"allowPointTransfer":true}"#,
    ]
    .concat();
    let own = log_in(&world, "sel@shop.example", "oloy").await.ok();
    for token in [&world.reporter().await, own["token"].as_str().unwrap()] {
        let answer = world.get(&format!("/api/seller/{id}")).token(token).send().await;
        assert_eq!((answer.status, &answer.text), (200, &expected));
    }
    let token = world.admin().await;
    let list = world.get("/api/seller?email=SEL@").token(&token).send().await;
    assert_eq!(list.text, format!(r#"{{"sellers":[{expected}],"total":1}}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn sellers_are_found_by_parts_of_their_fields() {
    let world = World::start().await;
    for (first, email, phone) in
        [("Bea", "bea@shop.example", "100"), ("ada", "ada@other.example", "+48200")]
    {
        let mut form = a_seller_form(&world, email);
        form["seller"]["firstName"] = first.into();
        form["seller"]["phone"] = phone.into();
        a_seller(&world, &form).await;
    }
    let token = world.reporter().await;
    for (query, expected) in [
        ("", vec!["Tove", "Bea", "ada"]),
        ("firstName=A&lastName=ler", vec!["Bea", "ada"]),
        ("firstName=null&email=&phone=48", vec!["ada"]),
        ("email=%40SHOP", vec!["Tove", "Bea"]),
        ("lastName=%25", vec![]),
        ("unknown=x&sort=firstName", vec!["ada", "Bea", "Tove"]),
        ("sort=firstName&direction=desc&page=2&perPage=2", vec!["ada"]),
        ("sort=password&perPage=-1", vec!["Tove", "Bea", "ada"]),
    ] {
        let list = world.get(&format!("/api/seller?{query}")).token(&token).send().await.ok();
        let sellers = list["sellers"].as_array().unwrap();
        let found: Vec<_> = sellers.iter().map(|it| it["firstName"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    }
    for query in ["firstName[]=a", "email=a%00b", &format!("phone={}", "1".repeat(256))] {
        let answer = world.get(&format!("/api/seller?{query}")).token(&token).send().await;
        answer.http_error(400, "Bad Request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_sees_himself_and_nobody_else() {
    let world = World::start().await;
    let other = a_seller(&world, &a_seller_form(&world, "sel@shop.example")).await;
    let token = world.seller().await;
    let own = format!("/api/seller/{}", world.shop.seller.id);
    assert_eq!(world.get(&own).token(&token).send().await.ok()["firstName"], "Tove");
    for path in [format!("/api/seller/{other}"), "/api/seller".to_owned()] {
        world.get(&path).token(&token).send().await.http_error(403, "Forbidden");
    }
    world.put(&own).token(&token).form("").send().await.http_error(403, "Forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_taken_once_in_whatever_letter_case() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = a_seller_form(&world, "TOVE@shop.example");
    let answer = world.post("/api/seller/register").token(&token).json(&form).send().await;
    assert_eq!(answer.form_errors(), ["email: This email is already taken"]);
    let id = a_seller(&world, &a_seller_form(&world, "sel@shop.example")).await;
    let answer = world.put(&format!("/api/seller/{id}")).token(&token).json(&form).send().await;
    assert_eq!(answer.form_errors(), ["email: This email is already taken"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_form_that_was_not_sent_is_answered_with_every_child() {
    let world = World::start().await;
    let token = world.admin().await;
    let new = concat!(
        r#"{"form":{"children":{"firstName":{},"lastName":{},"active":{},"email":{},"phone":{},"posId":{},"#,
        r#""plainPassword":{},"allowPointTransfer":{}}},"errors":[]}"#
    );
    let edit = concat!(
        r#"{"form":{"children":{"firstName":{},"lastName":{},"active":{},"email":{},"phone":{},"posId":{},"#,
        r#""allowPointTransfer":{},"plainPassword":{}}},"errors":[]}"#
    );
    let path = format!("/api/seller/{}", world.shop.seller.id);
    for (call, tree) in [(world.post("/api/seller/register"), new), (world.put(&path), edit)] {
        let answer = call.token(&token).form("").send().await;
        assert_eq!((answer.status, answer.text.as_str()), (400, tree));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_a_seller_is_told_at_once() {
    let world = World::start().await;
    let token = world.admin().await;
    let post = async |seller: Value| {
        let body = json!({"seller": seller});
        let answer = world.post("/api/seller/register").token(&token).json(&body).send().await;
        answer.form_errors()
    };
    let starred = ["firstName", "lastName", "email", "posId", "plainPassword"];
    let blank = starred.map(|field| format!("{field}: This value should not be blank."));
    assert_eq!(post(json!({})).await, blank);
    let wrong = json!({
        "firstName": "a\0b", "lastName": "x".repeat(256), "email": "nonsense", "phone": "12 34",
        "posId": world.other.pos.id.to_string(), "plainPassword": {"x": 1}, "version": 1,
    });
    let expected = [
        "This form should not contain extra fields.",
        "firstName: This value is not valid.",
        "lastName: This value is not valid.",
        "email: This value is not a valid email address.",
        "phone: Incorrect phone number format, use +00000000000",
        "posId: This value is not valid.",
        "plainPassword: This value is not valid.",
    ];
    assert_eq!(post(wrong).await, expected);
}
