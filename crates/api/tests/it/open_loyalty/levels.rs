//! Levels as they are shown, switched and removed (contract 4.2 and 9.6).

use serde_json::{Value, json};

use super::world::World;

/// A level with something in every field.
pub(super) fn a_level_form() -> Value {
    json!({"level": {
        "translations": {
            "en": {"name": "level1", "description": "example level"},
            "pl": {"name": "poziom1", "description": "opis"},
        },
        "active": true, "conditionValue": 25, "minOrder": 1,
        "reward": {"name": "discount", "value": 5, "code": "abc"},
        "specialRewards": [{
            "name": "summer", "value": 22, "code": "spec", "active": true,
            "startAt": "2019-06-01", "endAt": "2019-06-30 12:30",
        }],
    }})
}

/// Makes a level and gives its id.
pub(super) async fn a_level(world: &World, form: &Value) -> String {
    let token = world.admin().await;
    let answer = world.post("/api/level/create").token(&token).json(form).send().await;
    let id = answer.ok()["levelId"].as_str().unwrap().to_owned();
    assert_eq!(answer.text, format!(r#"{{"id":"{id}","levelId":"{id}"}}"#));
    id
}

/// The level as the API shows it.
pub(super) async fn shown(world: &World, id: &str) -> Value {
    let token = world.admin().await;
    world.get(&format!("/api/level/{id}")).token(&token).send().await.ok()
}

fn names(list: &Value) -> Vec<&str> {
    list["levels"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_is_shown_in_the_vendors_order_byte_for_byte() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let customer = json!({"email": "ada@shop.example", "levelId": id});
    world.customer(customer).await;
    let token = world.seller().await;
    let answer = world.get(&format!("/api/SHOP/seller/level/{id}")).token(&token).send().await;
    let body = answer.ok();
    let special = body["specialRewards"][0]["id"].as_str().unwrap();
    let [english, polish] = [0, 1].map(|at| body["translations"][at]["id"].as_u64().unwrap());
    let expected = [
        &format!(
            r#"{{"id":"{id}","levelId":"{id}","name":"level1","description":"example level","#
        ),
        r#""hasPhoto":false,"active":true,"conditionValue":25,"minOrder":1,"#,
        r#""reward":{"name":"discount","value":0.05,"code":"abc"},"#,
        &format!(
            r#""specialRewards":[{{"name":"summer","value":0.22,"code":"spec","id":"{special}","#
        ),
        r#""active":true,"createdAt":"2026-03-02T09:15:00+0100","#,
        r#""startAt":"2019-06-01T00:00:00+0200","endAt":"2019-06-30T12:30:00+0200"}],"#,
        r#""customersCount":1,"translations":["#,
        &format!(
            r#"{{"name":"level1","description":"example level","id":{english},"locale":"en"}},"#
        ),
        &format!(r#"{{"name":"poziom1","description":"opis","id":{polish},"locale":"pl"}}]}}"#),
    ];
    assert_eq!(answer.text, expected.concat());
    let list = world.get("/api/seller/level?sort=conditionValue&direction=desc");
    let list = list.token(&token).send().await;
    assert!(list.text.starts_with(&format!(r#"{{"levels":[{}"#, answer.text)), "{}", list.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn levels_are_listed_by_condition_with_those_that_are_switched_off() {
    let world = World::start().await;
    let token = world.reporter().await;
    let list = world.get("/api/level").token(&token).send().await;
    let body = list.ok();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["levels", "total"]);
    assert_eq!(body["total"], 3);
    let active: Vec<&Value> =
        body["levels"].as_array().unwrap().iter().map(|level| &level["active"]).collect();
    assert_eq!(active, [true, false, true]);
    assert_eq!(body["levels"][2]["levelId"], world.shop.gold.id.to_string());
    assert_eq!(body["levels"][2]["reward"]["value"], 12.34);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_levels_comes_in_parts_and_in_the_order_asked_for() {
    let world = World::start().await;
    let form = |name: &str, condition: u32| {
        let mut form = a_level_form();
        form["level"]["translations"]["en"]["name"] = name.into();
        form["level"]["conditionValue"] = condition.into();
        form
    };
    for (name, condition) in [("zinc", 30), ("Amber", 40), ("mica", 50)] {
        a_level(&world, &form(name, condition)).await;
    }
    let token = world.admin().await;
    for (query, expected) in [
        ("page=2&perPage=3", vec!["zinc", "Amber", "mica"]),
        ("sort=conditionValue&direction=desc&perPage=2", vec!["mica", "Amber"]),
        ("sort=name&perPage=2", vec!["Amber", "level"]),
        ("sort=name&direction=whatever&perPage=1", vec!["zinc"]),
        ("sort=secret&page=3&perPage=2", vec!["Amber", "mica"]),
        ("page=9", vec![]),
    ] {
        let list = world.get(&format!("/api/level?{query}")).token(&token).send().await.ok();
        assert_eq!((names(&list), &list["total"]), (expected, &json!(6)), "{query}");
    }
    let list = world.get("/api/level?perPage=-1").token(&token).send().await.ok();
    assert_eq!(names(&list).len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_locale_chooses_name_and_description() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let token = world.admin().await;
    for (query, name, description) in [
        ("", "level1", "example level"),
        ("?_locale=pl", "poziom1", "opis"),
        ("?_locale=xx", "level1", "example level"),
    ] {
        let level = world.get(&format!("/api/level/{id}{query}")).token(&token).send().await.ok();
        assert_eq!((&level["name"], &level["description"]), (&json!(name), &json!(description)));
        let list = world.get(&format!("/api/level{query}")).token(&token).send().await.ok();
        assert!(names(&list).contains(&name), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_see_the_levels_that_they_may_reach() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let customer = world.customer(json!({"email": "ada@shop.example"})).await;
    let token = world.participant(&customer).await;
    let list = world.get("/api/customer/level?_locale=pl").token(&token).send().await;
    list.ok();
    let (start, gold) = (world.shop.start.id, world.shop.gold.id);
    let expected = [
        &format!(
            r#"{{"levels":[{{"levelId":"{start}","name":"poziom","conditionValue":0,"hasPhoto":false}},"#
        ),
        &format!(r#"{{"levelId":"{gold}","name":"poziom","conditionValue":20,"hasPhoto":false}},"#),
        &format!(
            r#"{{"levelId":"{id}","name":"poziom1","description":"opis","conditionValue":25,"#
        ),
        r#""hasPhoto":false}],"total":3}"#,
    ];
    assert_eq!(list.text, expected.concat());
    let part =
        world.get("/api/SHOP/customer/level?page=2&perPage=2&sort=conditionValue&direction=desc");
    let part = part.token(&token).send().await.ok();
    assert_eq!(part["levels"][0]["levelId"], start.to_string());
    for token in [world.admin().await, world.seller().await] {
        let answer = world.get("/api/customer/level").token(&token).send().await;
        answer.http_error(403, "Forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_is_switched_on_and_off_and_counts_at_once() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let path = format!("/api/level/{id}/activate");
    let token = world.admin().await;
    let customer = json!({"email": "ada@shop.example", "levelId": id});
    for (body, active) in [(json!({"active": 0}), false), (json!({"active": "true"}), true)] {
        let answer = world.post(&path).token(&token).json(&body).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        assert_eq!(shown(&world, &id).await["active"], active);
        if !active {
            // The levels that are remembered for registrations are no longer the old ones.
            let form = super::world::a_form(&customer);
            let answer =
                world.post("/api/customer/register").token(&token).json(&form).send().await;
            assert_eq!(answer.form_errors(), ["levelId: This value is not valid."]);
        }
    }
    world.customer(customer).await;
    let answer = world.post(&path).token(&token).form("active=").send().await;
    assert_eq!(answer.status, 204);
    assert_eq!(shown(&world, &id).await["active"], false);
    for body in ["", "level[active]=1"] {
        let answer = world.post(&path).token(&token).form(body).send().await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (400, r#"{"active":"this field is required"}"#)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_goes_when_nobody_is_on_it() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let customer = world.customer(json!({"email": "ada@shop.example", "levelId": id})).await;
    let (token, path) = (world.admin().await, format!("/api/level/{id}"));
    let answer = world.delete(&path).token(&token).send().await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (400, r#"{"error":"Customers are on this level"}"#)
    );
    let gone = world.delete(&format!("/api/customer/{customer}")).token(&token).send().await;
    assert_eq!(gone.status, 204);
    let answer = world.delete(&path).token(&token).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    for answer in [
        world.get(&path).token(&token).send().await,
        world.delete(&path).token(&token).send().await,
        world.put(&path).token(&token).json(&a_level_form()).send().await,
        world.get(&format!("{path}/customers")).token(&token).send().await,
    ] {
        answer.http_error(404, "Not Found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_on_a_level_is_listed_in_parts() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let path = format!("/api/level/{id}/customers");
    let token = world.reporter().await;
    let answer = world.get(&path).token(&token).send().await;
    assert_eq!(answer.ok(), json!({"customers": [], "total": 0}));
    let ada = world.customer(json!({"email": "ada@shop.example", "levelId": id})).await;
    world.customer(json!({"email": "bob@shop.example", "firstName": "Bob", "levelId": id})).await;
    world.customer(json!({"email": "cyd@shop.example"})).await;
    let answer = world
        .get(&format!("{path}?sort=firstName&direction=asc&perPage=1"))
        .token(&token)
        .send()
        .await;
    answer.ok();
    let expected = [
        &format!(r#"{{"customers":[{{"customerId":"{ada}","firstName":"Ada","lastName":"Byron","#),
        r#""email":"ada@shop.example"}],"total":2}"#,
    ];
    assert_eq!(answer.text, expected.concat());
    assert_eq!(shown(&world, &id).await["customersCount"], 2);
}
