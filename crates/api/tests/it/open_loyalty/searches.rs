//! Finding customers at a till (contract E33).

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

const PATH: &str = "/api/SHOP/pos/search/customer";

async fn search(world: &World, body: &Value) -> Answer {
    let seller = world.seller().await;
    world.post(PATH).token(&seller).json(body).send().await
}

/// The e-mail addresses of those who are found.
async fn found(world: &World, search_for: Value) -> Vec<String> {
    let answer = search(world, &json!({"search": search_for})).await.ok();
    let customers = answer["customers"].as_array().unwrap();
    customers.iter().map(|one| one["email"].as_str().unwrap().to_owned()).collect()
}

async fn crowd(world: &World) {
    for customer in [
        json!({"firstName": "Zoe", "lastName": "Byron", "email": "zoe@shop.example",
            "phone": "+48221112233", "address": {"city": "Łódź", "postal": "90-001"}}),
        json!({"firstName": "Ada", "lastName": "byron", "email": "ada@shop.example",
            "loyaltyCardNumber": "CARD_7", "address": {"city": "Warszawa", "postal": "00-001"}}),
        json!({"firstName": "Ada", "lastName": "Aa", "email": "aa@mail.example"}),
    ] {
        world.customer(customer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_finds_those_of_whom_it_is_a_part() {
    let world = World::start().await;
    crowd(&world).await;
    let (zoe, ada, aa) = ("zoe@shop.example", "ada@shop.example", "aa@mail.example");
    for (search_for, expected) in [
        (json!({"loyaltyCardNumber": "card_"}), vec![ada]),
        (json!({"phone": "2211"}), vec![zoe]),
        (json!({"phone": "+48"}), vec![zoe]),
        (json!({"email": "SHOP.EXAMPLE"}), vec![ada, zoe]),
        (json!({"firstName": "da"}), vec![aa, ada]),
        (json!({"lastName": "BYR"}), vec![ada, zoe]),
        (json!({"city": "łÓD"}), vec![zoe]),
        (json!({"postcode": "0-001"}), vec![ada, zoe]),
        (json!({"firstName": "Ada", "city": "warszawa", "email": ""}), vec![ada]),
        (json!({"firstName": "Ada", "city": "Łódź"}), vec![]),
        (json!({"email": "%"}), vec![]),
        (json!({"loyaltyCardNumber": "_"}), vec![ada]),
    ] {
        assert_eq!(found(&world, search_for.clone()).await, expected, "{search_for}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_has_whole_list_items_and_no_total() {
    let world = World::start().await;
    let pos = world.shop.pos.id.to_string();
    world.customer(json!({"email": "ada@shop.example", "posId": pos})).await;
    let seller = world.seller().await;
    let list = world.get("/api/customer").token(&seller).send().await.ok();
    let call = world.post(PATH).token(&seller).form("search[firstName]=Ada&search[lastName]=Byron");
    let answer = call.send().await.ok();
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["customers"]);
    assert_eq!(answer["customers"], list["customers"]);
    assert_eq!(answer["customers"][0]["posIdentifier"], "pos1");
    let level = &answer["customers"][0]["level"]["levelId"];
    assert_eq!(level, &json!({"id": world.shop.start.id.to_string()}));
    let nobody = world.post(PATH).token(&seller).form("search[firstName]=Nobody").send().await;
    assert_eq!((nobody.status, nobody.text.as_str()), (200, r#"{"customers":[]}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_the_levels_name_is_chosen_in_the_query() {
    let world = World::start().await;
    world.customer(json!({"email": "ada@shop.example"})).await;
    let seller = world.seller().await;
    for locale in ["en", "pl", "xx_YY"] {
        let list =
            world.get(&format!("/api/customer?_locale={locale}")).token(&seller).send().await;
        let call = world.post(&format!("{PATH}?_locale={locale}")).token(&seller);
        let answer = call.form("search[email]=ada").send().await.ok();
        let name = |answer: &Value| answer["customers"][0]["level"]["name"].clone();
        assert_eq!(name(&answer), name(&list.ok()), "{locale}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_for_nothing_or_for_nonsense_is_refused() {
    let world = World::start().await;
    let nothing = "Provide at least one field";
    let number = "phone: Incorrect phone number format, use +00000000000";
    for (search_for, expected) in [
        (json!({}), nothing),
        (json!({"firstName": " ", "city": null}), nothing),
        (json!("Ada"), "This value is not valid."),
        (json!({"phone": "12 34"}), number),
        (json!({"phone": "%"}), number),
        (json!({"phone": "abc", "firstName": "Ada"}), number),
        (json!({"firstName": "x".repeat(256)}), "firstName: This value is not valid."),
        (json!({"city": "a\u{0}"}), "city: This value is not valid."),
        (json!({"city": ["a"]}), "city: This value is not valid."),
        (json!({"firstName": "a", "id": 1}), "This form should not contain extra fields."),
    ] {
        let answer = search(&world, &json!({"search": search_for})).await;
        assert_eq!(answer.form_errors(), [expected], "{search_for}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_not_sent_is_answered_with_every_child_in_order() {
    let world = World::start().await;
    let expected = concat!(
        r#"{"form":{"children":{"loyaltyCardNumber":{},"phone":{},"email":{},"firstName":{},"#,
        r#""lastName":{},"city":{},"postcode":{}}},"errors":[]}"#
    );
    for body in [json!({}), json!({"customer": {"firstName": "Ada"}})] {
        let answer = search(&world, &body).await;
        assert_eq!((answer.status, answer.text.as_str()), (400, expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_are_too_many() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let columns = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns \
        WHERE table_name = 'customers' AND table_schema = 'public' \
        AND column_name NOT IN ('id', 'number', 'email_key')";
    let copies = |count: u32| {
        format!(
            "DO $$ DECLARE names text := ({columns}); BEGIN EXECUTE format('INSERT INTO customers (id, %1$s) \
             SELECT gen_random_uuid(), %1$s FROM customers, generate_series(1, {count}) WHERE id = %2$L', \
             names, '{id}'); END $$"
        )
    };
    world.server.database.execute(&copies(999)).await;
    assert_eq!(found(&world, json!({"firstName": "a"})).await.len(), 1000);
    world.server.database.execute(&copies(1)).await;
    let answer = search(&world, &json!({"search": {"firstName": "a"}})).await;
    answer.refused(400, r#"{"error":"too many results"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn participants_do_not_search() {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let ada = world.participant(&id).await;
    let call = world.post(PATH).token(&ada).form("search[firstName]=Ada");
    call.send().await.http_error(403, "Forbidden");
}
