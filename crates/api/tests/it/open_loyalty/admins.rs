//! Admins (contract 4.8).

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::{PASSWORD, World, a_form};

const STRONG: &str = "Test12#$";

fn a_person(email: &str) -> Value {
    json!({"admin": {
        "firstName": "Alice", "lastName": "May", "phone": "+48123123123", "email": email,
        "plainPassword": STRONG, "isActive": true, "roles": [3],
    }})
}

fn a_program(email: &str, key: &str) -> Value {
    json!({"admin": {"email": email, "external": true, "apiKey": key, "isActive": true, "roles": ["3"]}})
}

async fn create(world: &World, form: &Value) -> Answer {
    let token = world.admin().await;
    world.post("/api/admin/data").token(&token).json(form).send().await
}

async fn an_admin(world: &World, form: &Value) -> String {
    let answer = create(world, form).await;
    let id = answer.ok()["adminId"].as_str().unwrap().to_owned();
    assert_eq!(answer.text, format!(r#"{{"adminId":"{id}"}}"#));
    id
}

async fn log_in(world: &World, name: &str, password: &str) -> Answer {
    let body = json!({"_username": name, "_password": password});
    world.post("/api/admin/login_check").json(&body).send().await
}

async fn shown(world: &World, id: &str) -> Value {
    let token = world.admin().await;
    world.get(&format!("/api/admin/data/{id}")).token(&token).send().await.ok()
}

async fn replace(world: &World, id: &str, fields: Value) -> Answer {
    let token = world.admin().await;
    let form = json!({"admin": fields});
    world.put(&format!("/api/admin/data/{id}")).token(&token).json(&form).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_shown_in_the_vendors_order_byte_for_byte() {
    let world = World::start().await;
    let id = an_admin(&world, &a_person("Alice@shop.example")).await;
    let expected = [
        &format!(r#"{{"id":"{id}","username":"Alice@shop.example","firstName":"Alice","lastName":"May","#),
        r#""phone":"+48123123123","email":"Alice@shop.example","isActive":true,"#,
        r#""createAt":"2026-03-02T09:15:00+0100","external":false,"#,
        r#""roles":[{"id":3,"name":"Reporter admin","role":"ROLE_ADMIN","master":false}],"dtype":"admin"}"#,
    ]
    .concat();
    let pair = log_in(&world, "alice@shop.example", STRONG).await.ok();
    let own = pair["token"].as_str().unwrap();
    let admin = world.admin().await;
    for (path, token) in [
        (format!("/api/admin/data/{id}"), admin.as_str()),
        ("/api/SHOP/admin/data".to_owned(), own),
        (format!("/api/admin/data/{id}"), own),
    ] {
        let answer = world.get(&path).token(token).send().await;
        assert_eq!((answer.status, &answer.text), (200, &expected), "{path}");
    }
    let list =
        world.get("/api/admin?sort=createAt&direction=desc&perPage=1").token(own).send().await;
    assert_eq!(list.text, format!(r#"{{"users":[{expected}],"total":3}}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_are_listed_in_parts_and_in_the_order_asked_for() {
    let world = World::start().await;
    let alice = an_admin(&world, &a_person("alice@shop.example")).await;
    let token = world.reporter().await;
    let (admin, reporter) = (world.shop.admin.id.to_string(), world.shop.reporter.id.to_string());
    for (query, expected) in [
        ("", vec![&admin, &reporter, &alice]),
        ("sort=lastName&direction=desc", vec![&alice, &admin, &reporter]),
        ("sort=firstName", vec![&alice, &admin, &reporter]),
        ("sort=password&page=2&perPage=2", vec![&alice]),
        ("page=5", vec![]),
    ] {
        let list = world.get(&format!("/api/admin?{query}")).token(&token).send().await.ok();
        let users = list["users"].as_array().unwrap();
        let found: Vec<_> = users.iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(
            (found, &list["total"]),
            (expected.iter().map(|id| id.as_str()).collect(), &json!(3)),
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_without_a_role_is_a_master() {
    let world = World::start().await;
    let mut form = a_person("alice@shop.example");
    form["admin"].as_object_mut().unwrap().remove("roles");
    let id = an_admin(&world, &form).await;
    let role = json!({"id": 1, "name": "Super admin", "role": "ROLE_ADMIN", "master": true});
    assert_eq!(shown(&world, &id).await["roles"], json!([role]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_key_is_shown_to_those_who_may_change_it() {
    let world = World::start().await;
    let id = an_admin(&world, &a_program("erp@shop.example", "123456")).await;
    let path = format!("/api/admin/data/{id}");
    let (admin, reporter) = (world.admin().await, world.reporter().await);
    let answer = world.get(&path).token(&admin).send().await;
    assert!(
        answer.text.contains(r#""external":true,"apiKey":"123456","roles""#),
        "{}",
        answer.text
    );
    let answer = world.get(&path).token(&reporter).send().await.ok();
    assert_eq!((&answer["external"], answer.get("apiKey")), (&json!(true), None));
    let list = world.get("/api/admin").token(&reporter).send().await;
    assert!(!list.text.contains("123456"), "{}", list.text);
    assert_eq!(log_in(&world, "erp@shop.example", "123456").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_keys_are_used_once() {
    let world = World::start().await;
    an_admin(&world, &a_program("erp@shop.example", "key-1")).await;
    let used = |field: &str| [format!("{field}: This value is already used.")];
    let late = create(&world, &a_person("ERP@shop.example")).await;
    assert_eq!(late.form_errors(), used("email"));
    let foreign = world.other.admin.username.as_str();
    let mut form = a_person("alice@shop.example");
    form["admin"]["email"] = world.other.admin.email.as_str().into();
    assert_eq!(create(&world, &form).await.form_errors(), used("email"), "{foreign}");
    let late = create(&world, &a_program("crm@shop.example", "key-1")).await;
    assert_eq!(late.form_errors(), used("apiKey"));
    let id = an_admin(&world, &a_person("alice@shop.example")).await;
    let answer = replace(&world, &id, json!({"email": "erp@shop.example"})).await;
    assert_eq!(answer.form_errors(), used("email"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_has_to_be_strong_and_every_weakness_is_told() {
    let world = World::start().await;
    let mut form = a_person("alice@shop.example");
    form["admin"]["plainPassword"] = "1".into();
    let weaknesses = [
        "plainPassword: Your password must be at least 8 characters long.",
        "plainPassword: Your password must include at least one letter.",
        "plainPassword: Your password must include both upper and lower case letters.",
        "plainPassword: Your password must contain at least one special character.",
    ];
    assert_eq!(create(&world, &form).await.form_errors(), weaknesses);
    form["admin"]["plainPassword"] = "oloyoloy".into();
    let id = an_admin(&world, &a_person("bob@shop.example")).await;
    let answer = replace(&world, &id, form["admin"].clone()).await;
    assert_eq!(
        answer.form_errors(),
        [
            "plainPassword: Your password must include both upper and lower case letters.",
            "plainPassword: Your password must include at least one number.",
            "plainPassword: Your password must contain at least one special character.",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_an_admin_is_told_at_once() {
    let world = World::start().await;
    let blank = "This value should not be blank.";
    let answer = create(&world, &json!({"admin": {}})).await;
    assert_eq!(
        answer.form_errors(),
        [format!("email: {blank}"), format!("plainPassword: {blank}")]
    );
    let wrong = json!({"admin": {
        "firstName": "a\0b", "lastName": {"x": 1}, "phone": "abc", "email": "nonsense",
        "external": true, "roles": [1, 2], "username": "x",
    }});
    let expected = [
        "This form should not contain extra fields.".to_owned(),
        "firstName: This value is not valid.".to_owned(),
        "lastName: This value is not valid.".to_owned(),
        "phone: Incorrect phone number format, use +00000000000".to_owned(),
        "email: This value is not a valid email address.".to_owned(),
        format!("apiKey: {blank}"),
        "roles: This value is not valid.".to_owned(),
    ];
    assert_eq!(create(&world, &wrong).await.form_errors(), expected);
    let mut unknown = a_person("alice@shop.example");
    unknown["admin"]["roles"] = json!([7]);
    assert_eq!(create(&world, &unknown).await.form_errors(), ["roles.0: This value is not valid."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_form_that_was_not_sent_is_answered_with_every_child() {
    let world = World::start().await;
    let token = world.admin().await;
    let tree = concat!(
        r#"{"form":{"children":{"firstName":{},"lastName":{},"phone":{},"email":{},"plainPassword":{},"#,
        r#""external":{},"apiKey":{},"isActive":{},"roles":{}}},"errors":[]}"#
    );
    let own = r#"{"form":{"children":{"firstName":{},"lastName":{},"phone":{},"email":{},"roles":{}}},"errors":[]}"#;
    let other = format!("/api/admin/data/{}", world.shop.reporter.id);
    for (call, expected) in [
        (world.post("/api/admin/data"), tree),
        (world.put(&other), tree),
        (world.put("/api/admin/data"), own),
    ] {
        let answer = call.token(&token).form("").send().await;
        assert_eq!((answer.status, answer.text.as_str()), (400, expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_keeps_role_and_password_and_nothing_else() {
    let world = World::start().await;
    let id = an_admin(&world, &a_person("alice@shop.example")).await;
    replace(&world, &id, json!({"email": "al@shop.example", "isActive": 1})).await.ok();
    let admin = shown(&world, &id).await;
    assert_eq!(
        (admin.get("firstName"), admin.get("lastName"), admin.get("phone")),
        (None, None, None)
    );
    assert_eq!(
        (&admin["username"], &admin["roles"][0]["id"]),
        (&json!("al@shop.example"), &json!(3))
    );
    log_in(&world, "al@shop.example", STRONG).await.ok();
    assert_eq!(log_in(&world, "alice@shop.example", STRONG).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_tokens_stop_at_once_when_the_account_does() {
    let world = World::start().await;
    let id = an_admin(&world, &a_person("alice@shop.example")).await;
    let pair = log_in(&world, "alice@shop.example", STRONG).await.ok();
    let own = pair["token"].as_str().unwrap();
    world.get("/api/customer").token(own).send().await.ok();
    replace(&world, &id, json!({"email": "alice@shop.example"})).await.ok();
    let answer = world.get("/api/customer").token(own).send().await;
    answer.refused(401, r#"{"code":401,"message":""}"#);
    replace(&world, &id, json!({"email": "alice@shop.example", "isActive": true})).await.ok();
    let refresh = json!({"refresh_token": pair["refresh_token"]});
    assert_eq!(world.post("/api/token/refresh").json(&refresh).send().await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_counts_from_the_next_request_on() {
    let world = World::start().await;
    let id = an_admin(&world, &a_person("alice@shop.example")).await;
    let pair = log_in(&world, "alice@shop.example", STRONG).await.ok();
    let own = pair["token"].as_str().unwrap();
    let create = || world.post("/api/pos").token(own).form("");
    create().send().await.http_error(403, "Forbidden");
    let fields = json!({"email": "alice@shop.example", "isActive": true, "roles": [2]});
    replace(&world, &id, fields).await.ok();
    assert_eq!(create().send().await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_change_what_they_are_called_and_not_what_they_may_do() {
    let world = World::start().await;
    let token = world.reporter().await;
    let own = format!("/api/admin/data/{}", world.shop.reporter.id);
    let put = async |path: &str, fields: Value| {
        world.put(path).token(&token).json(&json!({"admin": fields})).send().await
    };
    let fields = json!({"firstName": "Rae", "email": "rae@shop.example", "roles": [3]});
    let answer = put(&own, fields).await;
    assert_eq!(answer.ok(), json!({"adminId": world.shop.reporter.id.to_string()}));
    let shown = world.get("/api/admin/data").token(&token).send().await.ok();
    assert_eq!((&shown["firstName"], &shown["email"]), (&json!("Rae"), &json!("rae@shop.example")));
    assert_eq!(shown["username"], world.shop.reporter.username.as_str());
    for field in ["isActive", "external", "apiKey", "plainPassword"] {
        for path in [own.as_str(), "/api/admin/data"] {
            let answer = put(path, json!({"email": "rae@shop.example", field: "1"})).await;
            assert_eq!(answer.form_errors(), ["This form should not contain extra fields."]);
        }
    }
    let answer = put(&own, json!({"email": "rae@shop.example", "roles": [1]})).await;
    assert_eq!(answer.form_errors(), ["roles: This value is not valid."]);
    log_in(&world, "rae@shop.example", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_key_opens_what_its_role_may_see_for_as_long_as_the_program_is_active() {
    let world = World::start().await;
    let id = an_admin(&world, &a_program("till@shop.example", "key-of-the-till")).await;
    let ask = |path: &str| world.get(path).header("x-auth-token", "key-of-the-till").send();
    for path in ["/api/customer", "/api/SHOP/customer", "/api/seller", "/api/level"] {
        ask(path).await.ok();
    }
    ask("/api/OTHER/customer").await.http_error(404, "Not Found");
    let form = a_form(&json!({"email": "ada@shop.example"}));
    let request = world.post("/api/customer/register").header("x-auth-token", "key-of-the-till");
    request.json(&form).send().await.http_error(403, "Forbidden");
    let off = json!({"email": "till@shop.example", "external": true, "apiKey": "key-of-the-till"});
    replace(&world, &id, off).await.ok();
    let unknown = r#"{"message":"Username could not be found."}"#;
    ask("/api/customer").await.refused(403, unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_master_stays_one() {
    let world = World::start().await;
    let second = an_admin(
        &world,
        &json!({"admin": {
            "email": "full@shop.example", "plainPassword": STRONG, "isActive": true, "roles": [2],
        }}),
    )
    .await;
    let pair = log_in(&world, "full@shop.example", STRONG).await.ok();
    let full = pair["token"].as_str().unwrap();
    let path = format!("/api/admin/data/{}", world.shop.admin.id);
    let email = world.shop.admin.email.as_str();
    let message = "At least one active super admin has to remain.";
    for (fields, field) in [
        (json!({"email": email}), "isActive"),
        (json!({"email": email, "isActive": 1, "roles": [3]}), "roles"),
        (json!({"email": email, "isActive": 1, "external": 1, "apiKey": "k"}), "external"),
    ] {
        let answer = world.put(&path).token(full).json(&json!({"admin": fields})).send().await;
        assert_eq!(answer.form_errors(), [format!("{field}: {message}")]);
    }
    let token = world.admin().await;
    let own = json!({"admin": {"email": email, "roles": [2]}});
    let answer = world.put("/api/admin/data").token(&token).json(&own).send().await;
    assert_eq!(answer.form_errors(), [format!("roles: {message}")]);
    let promoted = json!({"email": "full@shop.example", "isActive": true, "roles": [1]});
    replace(&world, &second, promoted).await.ok();
    world.put("/api/admin/data").token(&token).json(&own).send().await.ok();
}
