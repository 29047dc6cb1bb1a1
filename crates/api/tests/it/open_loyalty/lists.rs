//! Lists of customers (contract E04, E05, 1.9 to 1.11).

use domain::customer::{Customer, Demands, PurchaseFigures};
use domain::money::Amount;
use domain::testing::a_change;
use serde_json::{Value, json};
use time::Duration;
use time::macros::datetime;

use super::world::{World, customer_id};

/// First names of a list, in its order.
async fn names(world: &World, token: &str, query: &str) -> Vec<String> {
    let path = format!("/api/customer?{query}");
    let list = world.get(&path).token(token).send().await.ok();
    let customers = list["customers"].as_array().unwrap();
    customers.iter().map(|customer| customer["firstName"].as_str().unwrap().to_owned()).collect()
}

/// Anna, Bert and Cleo, a minute apart.
async fn three(world: &World) -> [String; 3] {
    let mut ids = Vec::new();
    for fields in [
        json!({"firstName": "Anna", "lastName": "Marks", "email": "anna@one.example", "phone": "+48111222333",
               "loyaltyCardNumber": "AB-1", "labels": "Src:Web;tier:1"}),
        json!({"firstName": "Bert", "lastName": "John Marks", "email": "bert@two.example", "phone": "48999",
               "labels": "src:shop"}),
        json!({"firstName": "Cleo", "lastName": "Zed%", "email": "cleo@two.example",
               "levelId": world.shop.gold.id.to_string()}),
    ] {
        ids.push(world.customer(fields).await);
        world.advance(Duration::MINUTE);
    }
    ids.try_into().unwrap()
}

/// Gives a customer purchases, which no route does yet.
async fn buy(world: &World, id: &str, purchases: PurchaseFigures) {
    let mut session = world.services().storage.session().await.unwrap();
    let customers = session.customers();
    let before = customers.find(world.shop.merchant.id, customer_id(id)).await.unwrap().unwrap();
    let after = Customer { purchases, version: before.version + 1, ..before.clone() };
    customers.update(&a_change(&before, after, Demands::default())).await.unwrap();
}

fn figures(count: u64, ten_thousandths: i64) -> PurchaseFigures {
    let amount = Amount::from_ten_thousandths(ten_thousandths);
    PurchaseFigures {
        count,
        amount,
        amount_without_delivery: amount,
        amount_excluded_from_level: Amount::ZERO,
        last_at: Some(datetime!(2026-02-27 12:00 UTC)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_its_key_first_then_the_total_and_items_without_what_only_details_have() {
    let world = World::start().await;
    let [anna, ..] = three(&world).await;
    let token = world.admin().await;
    let answer = world
        .get("/api/customer?perPage=1&sort=firstName&direction=asc")
        .token(&token)
        .send()
        .await;
    let list = answer.ok();
    let keys: Vec<&String> = list.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["customers", "total"]);
    assert_eq!(list["total"], 3);
    let mut expected = world.details(&anna).await;
    for only_in_details in ["id", "version", "segments"] {
        expected.as_object_mut().unwrap().remove(only_in_details).unwrap();
    }
    expected["level"]["levelId"].as_object_mut().unwrap().remove("levelId").unwrap();
    assert_eq!(list["customers"], json!([expected]));
    assert!(
        answer
            .text
            .starts_with(&format!(r#"{{"customers":[{{"customerId":"{anna}","active":true,"#))
    );
    assert!(answer.text.ends_with(r#""currency":"eur","levelPercent":"5.00%"}],"total":3}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_come_in_the_query_or_in_a_form_and_the_query_wins() {
    let world = World::start().await;
    three(&world).await;
    let token = world.admin().await;
    // The seed's second example.
    let form = "email=two.example&strict=0&page=1&perPage=2&sort=firstName&direction=asc";
    for path in ["/api/SHOP/customer", "/api/SHOP/admin/customer"] {
        let list = world.get(path).token(&token).form(form).send().await.ok();
        assert_eq!(list["total"], 2);
        assert_eq!(list["customers"][0]["firstName"], "Bert");
    }
    let call = world.get("/api/customer?email=one.example").token(&token).form(form);
    assert_eq!(call.send().await.ok()["total"], 1);
    // The seed's third example: a part of an address is not the address.
    let call = world.get("/api/customer").token(&token).form("email=two.example&strict=1");
    assert_eq!(call.send().await.text, r#"{"customers":[],"total":0}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_found_in_part_or_whole_in_any_case() {
    let world = World::start().await;
    three(&world).await;
    let token = world.admin().await;
    for (query, expected) in [
        ("firstName=NN", &["Anna"][..]),
        ("lastName=marks", &["Bert", "Anna"]),
        ("lastName=john%20marks&strict=1", &["Bert"]),
        ("lastName=marks&strict=1", &["Anna"]),
        ("lastName=marks&strict=off", &["Bert", "Anna"]),
        ("phone=48", &["Bert", "Anna"]),
        ("phone=48999&strict=1", &["Bert"]),
        ("phone=48111222333&strict=1", &[]),
        ("phone=%2B48111222333&strict=1", &["Anna"]),
        ("loyaltyCardNumber=ab-", &["Anna"]),
        ("loyaltyCardNumber=AB-1&strict=1", &["Anna"]),
        ("emailOrPhone=999", &["Bert"]),
        ("emailOrPhone=two.", &["Cleo", "Bert"]),
        ("lastName=%25", &["Cleo"]),
        ("lastName=_", &[]),
        ("lastName=%5C", &[]),
        ("firstName=a&lastName=john", &[]),
        ("firstName=&email=null&unknown=x", &["Cleo", "Bert", "Anna"]),
    ] {
        assert_eq!(names(&world, &token, query).await, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_and_ages_filter() {
    let world = World::start().await;
    let [anna, bert, _] = three(&world).await;
    buy(&world, &anna, figures(2, 315_000)).await;
    buy(
        &world,
        &bert,
        PurchaseFigures { last_at: Some(datetime!(2025-12-24 12:00 UTC)), ..figures(3, 100_000) },
    )
    .await;
    let token = world.admin().await;
    for (query, expected) in [
        ("transactionsAmountFrom=10&transactionsAmountTo=31.5", &["Bert", "Anna"][..]),
        ("transactionsAmountFrom=10.01", &["Anna"]),
        ("transactionsAmount=10", &["Bert"]),
        ("transactionsCountFrom=3", &["Bert"]),
        ("transactionsCountTo=0", &["Cleo"]),
        ("transactionsCount=2", &["Anna"]),
        ("transactionsCountTo=-1", &[]),
        ("averageTransactionAmountFrom=3.4", &["Anna"]),
        ("averageTransactionAmountTo=3.34", &["Cleo", "Bert"]),
        ("averageTransactionAmount=15.75", &["Anna"]),
        ("transactionsAmountFrom=5&transactionsAmountTo=4", &[]),
        ("daysFromLastTransactionTo=3", &["Anna"]),
        ("daysFromLastTransaction=365", &["Bert", "Anna"]),
        ("daysFromLastTransactionTo=99999999999", &["Bert", "Anna"]),
        ("hoursFromLastUpdateTo=0.02", &["Cleo"]),
        ("hoursFromLastUpdate=1", &["Cleo", "Bert", "Anna"]),
        ("manuallyAssignedLevel=1", &["Cleo"]),
        ("manuallyAssignedLevel=0", &["Cleo", "Bert", "Anna"]),
    ] {
        assert_eq!(names(&world, &token, query).await, expected, "{query}");
    }
    let shown = world.details(&anna).await;
    assert_eq!(shown["transactionsAmount"], json!(31.5));
    assert_eq!(shown["averageTransactionAmount"], json!(15.75));
    assert_eq!(shown["lastTransactionDate"], "2026-02-27T13:00:00+0100");
    assert_eq!(
        world.details(&bert).await["averageTransactionAmount"],
        json!(3.333_333_333_333_333_5)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_filter_by_key_and_value() {
    let world = World::start().await;
    three(&world).await;
    let token = world.admin().await;
    for (query, expected) in [
        ("labels[0][key]=src", &["Bert", "Anna"][..]),
        ("labels[0][key]=SRC&labels[0][value]=web", &["Anna"]),
        ("labels[0][key]=src&labels[7][key]=tier", &["Anna"]),
        ("labels[0][key]=src&labels[0][value]=1", &[]),
        ("labels[0][value]=web", &[]),
        ("labels=web", &["Cleo", "Bert", "Anna"]),
    ] {
        assert_eq!(names(&world, &token, query).await, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_ordered_and_cut_as_asked() {
    let world = World::start().await;
    three(&world).await;
    let token = world.admin().await;
    for (query, expected) in [
        ("", &["Cleo", "Bert", "Anna"][..]),
        ("direction=asc", &["Anna", "Bert", "Cleo"]),
        ("sort=firstName&direction=ASC", &["Anna", "Bert", "Cleo"]),
        ("sort=firstName&direction=sideways", &["Cleo", "Bert", "Anna"]),
        ("sort=phone&direction=asc&firstName=e", &["Bert", "Cleo"]),
        ("sort=phone&direction=desc&firstName=e", &["Bert", "Cleo"]),
        ("sort=password;drop+table&direction=asc", &["Anna", "Bert", "Cleo"]),
        ("sort[]=firstName&page[]=2", &["Cleo", "Bert", "Anna"]),
        ("perPage=1", &["Cleo"]),
        ("perPage=1&page=2", &["Bert"]),
        ("perPage=2&page=2", &["Anna"]),
        ("perPage=-1", &["Cleo", "Bert", "Anna"]),
        ("perPage=0&page=0", &["Cleo", "Bert", "Anna"]),
        ("page=9", &[]),
        ("page=9223372036854775808", &[]),
    ] {
        assert_eq!(names(&world, &token, query).await, expected, "{query}");
    }
    let list = world.get("/api/customer?page=9").token(&token).send().await.ok();
    assert_eq!(list, json!({"customers": [], "total": 3}));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_column_sorts() {
    let world = World::start().await;
    three(&world).await;
    let token = world.admin().await;
    for column in [
        "customerId",
        "active",
        "posId",
        "sellerId",
        "firstName",
        "lastName",
        "gender",
        "email",
        "phone",
        "birthDate",
        "loyaltyCardNumber",
        "createdAt",
        "levelId",
        "level.name",
        "manuallyAssignedLevelId",
        "updatedAt",
        "transactionsCount",
        "transactionCount",
        "transactionsAmount",
        "averageTransactionAmount",
        "lastTransactionDate",
    ] {
        for direction in ["asc", "desc"] {
            let query = format!("sort={column}&direction={direction}");
            assert_eq!(names(&world, &token, &query).await.len(), 3, "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_makes_no_sense_is_a_bad_request() {
    let world = World::start().await;
    let token = world.admin().await;
    let long = format!("firstName={}", "x".repeat(256));
    for query in [
        "transactionsAmountFrom=NaN",
        "transactionsAmountFrom=1e400",
        "transactionsCountTo=,5",
        "daysFromLastTransactionTo=soon",
        "firstName[]=a",
        "email=a%00b",
        long.as_str(),
    ] {
        let path = format!("/api/customer?{query}");
        world.get(&path).token(&token).send().await.http_error(400, "Bad Request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_and_sellers_list_and_customers_do_not() {
    let world = World::start().await;
    let [anna, ..] = three(&world).await;
    for path in ["/api/customer", "/api/admin/customer"] {
        for token in [world.admin().await, world.reporter().await, world.seller().await] {
            assert_eq!(world.get(path).token(&token).send().await.ok()["total"], 3);
        }
        let token = world.participant(&anna).await;
        world.get(path).token(&token).send().await.http_error(403, "Forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_of_each_item_is_named() {
    let world = World::start().await;
    let pos = world.shop.pos.id.to_string();
    world.customer(json!({"email": "a@one.example", "posId": pos})).await;
    world.customer(json!({"email": "b@one.example"})).await;
    let token = world.admin().await;
    let list = world.get("/api/customer?sort=email&direction=asc").token(&token).send().await.ok();
    let shops: Vec<Option<&Value>> = list["customers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.get("posIdentifier"))
        .collect();
    assert_eq!(shops, [Some(&json!("pos1")), None]);
}
