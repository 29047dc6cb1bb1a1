//! The company page.

use super::world::{BASE, World};
use domain::merchant::Merchant;
use domain::testing::a_merchant;
use domain::text::Line;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn me_is_the_company_of_the_credentials() {
    let world = World::start().await;
    let merchant = Merchant {
        time_zone: Line::try_from("Australia/Melbourne").unwrap(),
        currency: "aud".parse().unwrap(),
        ..a_merchant()
    };
    let program = world.company_like(merchant).await;
    let then = "2026-01-10T18:00:00+11:00";
    let expected = json!({
        "id": i64::from(program.merchant.company_id),
        "name": "Harbour Road Coffee",
        "shipping_address": null,
        "postal_address": null,
        "addresses": {"count": 0, "updated_at": then},
        "business_number": null,
        "contact_staff_member": null,
        "image": null,
        "website": null,
        "currency": "AUD",
        "timezone": {"offset": "+11:00", "name": "Australia/Melbourne"},
        "sites": {"count": 1, "updated_at": then},
        "registers": {"count": 1, "limit": 5, "updated_at": then},
        "created_at": then,
        "updated_at": then
    });
    let basic = program.basic.as_str();
    let bearer = format!("Authorization: Bearer {}", program.access_token().await);
    for (target, credentials) in [
        ("/v1/companies/me.json".to_owned(), basic),
        (program.path(".json"), basic),
        ("/v1/companies/me.json".to_owned(), &bearer),
    ] {
        let answer = world.ask("GET", &target, &[credentials], b"").await;
        assert_eq!((answer.status, answer.body), (200, expected.to_string()), "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn me_works_as_a_prefix_and_links_name_the_company_by_its_number() {
    let world = World::start().await;
    let program = world.company().await;
    let body = json!({"first_name": "Ayla", "phone": "1"}).to_string();
    let lines = [program.basic.as_str(), "Content-Type: application/json"];
    let created =
        world.ask("POST", "/v1/companies/me/customers.json", &lines, body.as_bytes()).await;
    let id = created.json_of(201)["id"].as_i64().unwrap();
    let location = program.link(&format!("/customers/{id}.json"));
    assert!(location.starts_with(BASE));
    assert_eq!(created.header("location"), Some(location.as_str()));
    let target = format!("/v1/companies/me/customers/{id}.json");
    let read = world.ask("GET", &target, &[program.basic.as_str()], b"").await;
    assert_eq!(read.json_of(200), created.json());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_company_is_forbidden_whether_it_exists_or_not() {
    let world = World::start().await;
    let (program, stranger) = (world.company().await, world.company().await);
    let foreign = stranger.merchant.company_id.to_string();
    for company in [foreign.as_str(), "9007199254740991", "99999999999999999999999"] {
        for rest in [".json", "/customers.json", "/customers/1.json"] {
            let target = format!("/v1/companies/{company}{rest}");
            let answer = world.ask("GET", &target, &[program.basic.as_str()], b"").await;
            let sentence = "This application has no access to the company";
            answer.refused(403, "Forbidden", sentence);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_is_no_company() {
    let world = World::start().await;
    let program = world.company().await;
    for company in ["abc", "-1", "0", "1.5", "0x1", "ME", "me%00", "%ff", "1%00", "%2e%2e"] {
        let target = format!("/v1/companies/{company}/customers.json");
        let answer = world.ask("GET", &target, &[program.basic.as_str()], b"").await;
        answer.refused(404, "Not Found", "Company not found");
    }
}
