//! Searches that expect one customer (contract 2.3).

use serde_json::json;

use super::world::{World, escaped};

#[tokio::test(flavor = "multi_thread")]
async fn an_email_is_found_without_letter_case() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "email": "Ayla@Example.test"})).await;
    let expected = program.link(&format!("/customers/{id}.json"));
    for email in ["Ayla@Example.test", "ayla@example.TEST", " ayla@example.test "] {
        let search = format!("/customers.json?email={}", escaped(email));
        assert_eq!(program.get(&search).await.redirect(), expected, "{email}");
    }
    for email in ["", "ayla@example", "ayla%25", "%25", "_@example.test", "%00", "a%00b@x"] {
        program.get(&format!("/customers.json?email={email}")).await.customer_not_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_of_a_redirect_ignores_a_repeated_query() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "email": "ayla@example.test"})).await;
    let target = program.get("/customers.json?email=ayla%40example.test").await;
    assert!(!target.redirect().contains('?'));
    for query in ["?email=ayla%40example.test", "?email=nobody", "?phone=1", "?%zz", "?email[]=a"] {
        let answer = program.get(&format!("/customers/{id}.json{query}")).await;
        assert_eq!(answer.json_of(200)["id"], id, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_with_one_email_the_lowest_id_is_found() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({"first_name": "A", "email": "twins@example.test"});
    let (first, second) = (program.customer(&body).await, program.customer(&body).await);
    assert!(first < second);
    let found = program.get("/customers.json?email=twins%40example.test").await;
    assert_eq!(found.redirect(), program.link(&format!("/customers/{first}.json")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mobile_number_is_found_by_its_digits() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program.customer(&json!({"first_name": "A", "mobile": "0491 570 156"})).await;
    let expected = program.link(&format!("/customers/{id}.json"));
    for mobile in ["0491570156", "0491+570+156", "+0491570156", "%2B(0491)-570.156"] {
        let search = format!("/customers.json?mobile={mobile}");
        assert_eq!(program.get(&search).await.redirect(), expected, "{mobile}");
    }
    for mobile in ["", "none", "%25", "049157015", "%2B61491570156", &"1".repeat(6000)] {
        program.get(&format!("/customers.json?mobile={mobile}")).await.customer_not_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_number_is_no_mobile_number() {
    let world = World::start().await;
    let program = world.company().await;
    program.customer(&json!({"first_name": "A", "phone": "0491 570 156"})).await;
    program.get("/customers.json?mobile=0491570156").await.customer_not_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_phone_are_found_together_only() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({"first_name": "Jamie", "last_name": "McDonald", "phone": "02 8765 4321"});
    let (id, later) = (program.customer(&body).await, program.customer(&body).await);
    assert!(id < later);
    let expected = program.link(&format!("/customers/{id}.json"));
    for query in [
        "first_name=Jamie&last_name=McDonald&phone=02+8765+4321",
        "phone=0287654321&first_name=+jamie&last_name=MCDONALD+",
    ] {
        let found = program.get(&format!("/customers.json?{query}")).await;
        assert_eq!(found.redirect(), expected, "{query}");
    }
    for query in [
        "first_name=Jamie&last_name=McDonald&phone=1",
        "first_name=Jamie&last_name=McDonald&phone=",
        "first_name=Jami_&last_name=McDonald&phone=0287654321",
        "first_name=%00&last_name=McDonald&phone=0287654321",
        "first_name=Jamie&last_name=&phone=0287654321",
    ] {
        program.get(&format!("/customers.json?{query}")).await.customer_not_found();
    }
    for query in [
        "first_name=Jamie",
        "phone=0287654321",
        "first_name=Jamie&last_name=McDonald",
        "last_name=McDonald&phone=0287654321",
    ] {
        let answer = program.get(&format!("/customers.json?{query}")).await;
        answer.bad_request("first_name, last_name and phone must all be provided");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_searches_reference_email_and_mobile_come_first() {
    let world = World::start().await;
    let program = world.company().await;
    let first = program
        .customer(&json!({"first_name": "A", "email": "a@x", "mobile": "1", "reference_id": "r"}))
        .await;
    let second = program.customer(&json!({"first_name": "B", "email": "b@x", "mobile": "2"})).await;
    let link = |id| program.link(&format!("/customers/{id}.json"));
    let all = "first_name=C&mobile=2&email=b%40x&reference_id=r";
    assert_eq!(program.get(&format!("/customers.json?{all}")).await.ids(), [first]);
    let found = program.get("/customers.json?first_name=C&mobile=2&email=a%40x").await;
    assert_eq!(found.redirect(), link(first));
    let found = program.get("/customers.json?first_name=C&mobile=2").await;
    assert_eq!(found.redirect(), link(second));
    let last_counts = program.get("/customers.json?email=a%40x&email=b%40x").await;
    assert_eq!(last_counts.redirect(), link(second));
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_cannot_be_read_are_refused() {
    let world = World::start().await;
    let program = world.company().await;
    program.get("/customers.json?email[]=a").await.bad_request("email must be a string");
    for query in ["email=%zz", "email=%ff%fe", "%", &"a&".repeat(2000)] {
        let answer = program.get(&format!("/customers.json?{query}")).await;
        answer.bad_request("The query string could not be read");
    }
}
