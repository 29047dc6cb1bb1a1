//! Points of sale (contract 4.3 and 9.7).

use serde_json::{Value, json};

use super::world::World;

pub(super) fn a_pos_form(identifier: &str) -> Value {
    json!({"pos": {
        "name": "Shop one", "identifier": identifier, "description": "corner",
        "location": {
            "street": "Long", "address1": "1", "postal": "00-001", "city": "Warszawa",
            "province": "Mazowieckie", "country": "PL", "lat": "52.1", "long": "21.0",
        },
    }})
}

async fn a_pos(world: &World, form: &Value) -> String {
    let token = world.admin().await;
    let answer = world.post("/api/pos").token(&token).json(form).send().await;
    let id = answer.ok()["posId"].as_str().unwrap().to_owned();
    assert_eq!(answer.text, format!(r#"{{"posId":"{id}"}}"#));
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_of_sale_is_shown_in_the_vendors_order_byte_for_byte() {
    let world = World::start().await;
    let id = a_pos(&world, &a_pos_form("till 7/a")).await;
    let expected = [
        &format!(
            r#"{{"posId":"{id}","name":"Shop one","identifier":"till 7/a","description":"corner","#
        ),
        r#""location":{"street":"Long","address1":"1","province":"Mazowieckie","city":"Warszawa","#,
        r#""postal":"00-001","country":"PL","geoPoint":{"lat":"52.1","long":"21.0"}},"#,
        r#""transactionsAmount":0,"transactionsCount":0,"currency":"eur"}"#,
    ]
    .concat();
    let (reporter, seller) = (world.reporter().await, world.seller().await);
    for (path, token) in [
        (format!("/api/pos/{id}"), &reporter),
        (format!("/api/SHOP/seller/pos/{id}"), &seller),
        ("/api/pos/identifier/till%207%2Fa".to_owned(), &seller),
    ] {
        let answer = world.get(&path).token(token).send().await;
        assert_eq!((answer.status, &answer.text), (200, &expected), "{path}");
    }
    let list = world.get("/api/seller/pos?sort=name&direction=desc").token(&seller).send().await;
    assert!(list.text.starts_with(&format!(r#"{{"pos":[{expected}"#)), "{}", list.text);
    assert!(list.text.ends_with(r#""total":2}"#), "{}", list.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_a_place_that_nobody_gave_are_left_out() {
    let world = World::start().await;
    let mut form = a_pos_form("till");
    let pos = form["pos"].as_object_mut().unwrap();
    pos.remove("description");
    let location = pos["location"].as_object_mut().unwrap();
    location.remove("lat");
    location.remove("long");
    location.insert("address2".to_owned(), "b".into());
    let id = a_pos(&world, &form).await;
    let token = world.admin().await;
    let shown = world.get(&format!("/api/pos/{id}")).token(&token).send().await.ok();
    assert_eq!(shown.get("description"), None);
    let expected = concat!(
        r#"{"street":"Long","address1":"1","address2":"b","province":"Mazowieckie","city":"Warszawa","#,
        r#""postal":"00-001","country":"PL"}"#
    );
    assert_eq!(shown["location"].to_string(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_leaves_nothing_of_the_old_point_of_sale() {
    let world = World::start().await;
    let id = a_pos(&world, &a_pos_form("till")).await;
    let token = world.admin().await;
    let form = "pos[name]=Moved&pos[identifier]=till&pos[location][street]=Quay&pos[location][address1]=2\
                &pos[location][postal]=1&pos[location][city]=Gdynia&pos[location][province]=Pomorskie\
                &pos[location][country]=pl&pos[location][long]=18";
    let answer = world.put(&format!("/api/pos/{id}")).token(&token).form(form).send().await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, format!(r#"{{"posId":"{id}"}}"#).as_str())
    );
    let shown = world.get(&format!("/api/pos/{id}")).token(&token).send().await.ok();
    let expected = json!({
        "posId": id, "name": "Moved", "identifier": "till",
        "location": {
            "street": "Quay", "address1": "2", "province": "Pomorskie", "city": "Gdynia",
            "postal": "1", "country": "PL", "geoPoint": {"long": "18"},
        },
        "transactionsAmount": 0, "transactionsCount": 0, "currency": "eur",
    });
    assert_eq!(shown, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_is_used_once_in_a_store() {
    let world = World::start().await;
    let id = a_pos(&world, &a_pos_form("till")).await;
    let token = world.admin().await;
    let used = ["identifier: This value is already used."];
    let twice = world.post("/api/pos").token(&token).json(&a_pos_form("pos1")).send().await;
    assert_eq!(twice.form_errors(), used);
    let path = format!("/api/pos/{id}");
    let refused = world.put(&path).token(&token).json(&a_pos_form("pos1")).send().await;
    assert_eq!(refused.form_errors(), used);
    world.put(&path).token(&token).json(&a_pos_form("till")).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pos_form_that_was_not_sent_is_answered_with_every_child() {
    let world = World::start().await;
    let token = world.admin().await;
    let answer = world.post("/api/pos").token(&token).form("").send().await;
    let tree = concat!(
        r#"{"form":{"children":{"name":{},"identifier":{},"description":{},"location":{"children":{"#,
        r#""street":{},"address1":{},"address2":{},"postal":{},"city":{},"province":{},"country":{},"#,
        r#""lat":{},"long":{}}}}},"errors":[]}"#
    );
    assert_eq!((answer.status, answer.text.as_str()), (400, tree));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_a_point_of_sale_is_told_at_once() {
    let world = World::start().await;
    let token = world.admin().await;
    let answer = world.post("/api/pos").token(&token).json(&json!({"pos": {}})).send().await;
    let starred = [
        "name",
        "identifier",
        "location.street",
        "location.address1",
        "location.postal",
        "location.city",
        "location.province",
        "location.country",
    ];
    let blank = starred.map(|path| format!("{path}: This value should not be blank."));
    assert_eq!(answer.form_errors(), blank);
    let mut form = a_pos_form("a\0b");
    form["pos"]["location"]["country"] = "Poland".into();
    form["pos"]["location"]["lat"] = "x".repeat(256).into();
    form["pos"]["posId"] = "x".into();
    let answer = world.post("/api/pos").token(&token).json(&form).send().await;
    let expected = [
        "This form should not contain extra fields.",
        "identifier: This value is not valid.",
        "location.country: This value is not valid.",
        "location.lat: This value is not valid.",
    ];
    assert_eq!(answer.form_errors(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn points_of_sale_are_listed_in_parts_and_in_the_order_asked_for() {
    let world = World::start().await;
    for identifier in ["b", "C", "a"] {
        a_pos(&world, &a_pos_form(identifier)).await;
    }
    let token = world.admin().await;
    for (query, expected) in [
        ("sort=identifier", vec!["a", "b", "C", "pos1"]),
        ("sort=identifier&direction=DESC&perPage=2", vec!["pos1", "C"]),
        ("sort=identifier&page=2&perPage=3", vec!["pos1"]),
        ("page=7", vec![]),
    ] {
        let list = world.get(&format!("/api/pos?{query}")).token(&token).send().await.ok();
        let pos = list["pos"].as_array().unwrap();
        let found: Vec<_> = pos.iter().map(|pos| pos["identifier"].as_str().unwrap()).collect();
        assert_eq!((found, &list["total"]), (expected, &json!(4)), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_of_sale_that_does_not_exist_is_not_found() {
    let world = World::start().await;
    let token = world.admin().await;
    for target in [
        "5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10",
        "pos1",
        "identifier/nowhere",
        "identifier/a%00b",
        "%00",
    ] {
        let path = format!("/api/pos/{target}");
        world.get(&path).token(&token).send().await.http_error(404, "Not Found");
    }
    let path = "/api/pos/5d1f0c1e-7a52-4b0f-8a35-6a1d7d3f9b10";
    world.put(path).token(&token).json(&a_pos_form("x")).send().await.http_error(404, "Not Found");
}
