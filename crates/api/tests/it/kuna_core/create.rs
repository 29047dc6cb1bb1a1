//! Adding a customer (contract 2.2).

use domain::customer::WalletStatus;
use serde_json::{Value, json};

use super::world::{World, a_creation};

const CREATE: &str = "/v2/customer/create";

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_record_is_answered_in_the_contracts_order() {
    let world = World::start().await;
    let institution = world.institution().await;
    let answer = institution
        .post(
            CREATE,
            &json!({
                "email": " Alex@Example.com ", "phoneNumber": "+380991234567", "firstName": "Alex",
                "lastName": "Smith", "comment": "met at the fair", "externalId": "crm-77", "referralId": "friend 5",
                "country": "ua", "verificationDocumentId": "AA123456",
                "residenceAddress": "Kyiv, Street 1", "itn": "1234567890",
            }),
        )
        .await;
    let data = answer.data();
    let (id, wallet) = (data["id"].as_str().unwrap(), data["walletId"].as_str().unwrap());
    assert_ne!(id, wallet);
    let expected = format!(
        r#"{{"data":{{"id":"{id}","comment":"met at the fair","createdAt":"2026-03-02T08:15:00.000Z","email":"Alex@Example.com","firstName":"Alex","lastName":"Smith","phoneNumber":"+380991234567","externalId":"crm-77","walletId":"{wallet}","referralId":"friend 5"}}}}"#
    );
    assert_eq!(answer.text, expected);
    let stored = world.customers.find(institution.merchant, id.parse().unwrap()).await.unwrap();
    let verification = stored.verification;
    assert_eq!(verification.country.unwrap().as_str(), "UA");
    assert_eq!(verification.document_id.unwrap().as_str(), "AA123456");
    assert_eq!(verification.residence_address.unwrap().as_str(), "Kyiv, Street 1");
    assert_eq!(verification.tax_number.unwrap().as_str(), "1234567890");
    assert_eq!(stored.wallet.status, WalletStatus::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn optional_members_may_be_absent_or_null() {
    let world = World::start().await;
    let institution = world.institution().await;
    let optional = json!({"phoneNumber": null, "comment": null, "externalId": null, "referralId": null, "itn": null});
    for members in [json!({}), optional] {
        let customer = institution.customer(&members).await;
        for name in ["phoneNumber", "comment", "externalId", "referralId"] {
            assert_eq!(customer[name], Value::Null, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_member_is_named_in_the_order_of_the_table() {
    let world = World::start().await;
    let institution = world.institution().await;
    let answer = institution.post(CREATE, &json!({})).await;
    answer.refuses(&[
        ("email", "is required"),
        ("firstName", "is required"),
        ("lastName", "is required"),
        ("country", "is required"),
        ("verificationDocumentId", "is required"),
        ("residenceAddress", "is required"),
    ]);
    let answer = institution
        .post(
            CREATE,
            &json!({
                "itn": [], "residenceAddress": {}, "verificationDocumentId": 5, "country": "UKR", "referralId": "",
                "externalId": 1.5, "comment": true, "lastName": "", "firstName": null, "phoneNumber": "", "email": "x",
            }),
        )
        .await;
    answer.refuses(&[
        ("email", "must be a valid email"),
        ("phoneNumber", "must be between 1 and 32 characters long"),
        ("firstName", "is required"),
        ("lastName", "must be between 1 and 255 characters long"),
        ("comment", "must be a string"),
        ("externalId", "must be a string"),
        ("referralId", "must be between 1 and 255 characters long"),
        ("country", "must be an ISO 3166-1 alpha-2 country code"),
        ("verificationDocumentId", "must be a string"),
        ("residenceAddress", "must be a string"),
        ("itn", "must be a string"),
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_fit_up_to_their_limit_in_characters() {
    let world = World::start().await;
    let institution = world.institution().await;
    for (name, limit) in [
        ("phoneNumber", 32),
        ("firstName", 255),
        ("lastName", 255),
        ("comment", 1000),
        ("externalId", 255),
        ("referralId", 255),
        ("verificationDocumentId", 255),
        ("residenceAddress", 1000),
        ("itn", 64),
    ] {
        let fits = institution.post(CREATE, &a_creation(&json!({name: "ж".repeat(limit)}))).await;
        fits.data();
        let over =
            institution.post(CREATE, &a_creation(&json!({name: "ж".repeat(limit + 1)}))).await;
        let message = match name {
            "comment" => "must be at most 1000 characters long".to_owned(),
            _ => format!("must be between 1 and {limit} characters long"),
        };
        over.refuses(&[(name, &message)]);
        let null = institution.post(CREATE, &a_creation(&json!({name: "a\0b"}))).await;
        null.refuses(&[(name, "must not contain the null character")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn countries_are_the_assigned_codes() {
    let world = World::start().await;
    let institution = world.institution().await;
    for country in ["UA", "it", "Es"] {
        institution.post(CREATE, &a_creation(&json!({"country": country}))).await.data();
    }
    for country in ["XX", "UK", "UKR", "U", "", "ukraine"] {
        let answer = institution.post(CREATE, &a_creation(&json!({"country": country}))).await;
        answer.refuses(&[("country", "must be an ISO 3166-1 alpha-2 country code")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_belongs_to_one_customer_in_any_letter_case() {
    let world = World::start().await;
    let institution = world.institution().await;
    institution.customer(&json!({"email": "alex@example.com"})).await;
    let again = institution.post(CREATE, &a_creation(&json!({"email": "ALEX@example.com"}))).await;
    assert_eq!(again.status, 409);
    assert_eq!(
        again.text,
        r#"{"errors":[{"code":"CUSTOMER_ALREADY_EXISTS","message":"email is already used by another customer","field":"email","extensions":{"code":"CUSTOMER_ALREADY_EXISTS"}}]}"#
    );
    // Another institution has addresses of its own.
    world.institution().await.customer(&json!({"email": "alex@example.com"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_gets_the_address() {
    let world = World::start().await;
    let institution = world.institution().await;
    let tries = (0..16).map(|n| {
        let email = if n % 2 == 0 { "race@example.com" } else { "RACE@example.com" };
        let body = a_creation(&json!({"email": email}));
        let institution = &institution;
        async move { institution.post(CREATE, &body).await.status }
    });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, &[409; 15][..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_and_external_ids_need_not_be_unique() {
    let world = World::start().await;
    let institution = world.institution().await;
    let same = json!({"phoneNumber": "+380991234567", "externalId": "crm-77", "referralId": "r"});
    let (one, other) = (institution.customer(&same).await, institution.customer(&same).await);
    for name in ["phoneNumber", "externalId", "referralId"] {
        assert_eq!(one[name], other[name]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_the_contract_does_not_know_are_ignored() {
    let world = World::start().await;
    let institution = world.institution().await;
    let id = "6d962783-f0cf-420d-a511-3a48c71c5595";
    let given = json!({
        "id": id, "walletId": id, "createdAt": "2020-01-01T00:00:00.000Z", "status": "Blocked", "token": "x",
        "__proto__": {"admin": true},
    });
    let customer = institution.customer(&given).await;
    assert_ne!((&customer["id"], &customer["walletId"]), (&json!(id), &json!(id)));
    assert_eq!(customer["createdAt"], "2026-03-02T08:15:00.000Z");
    let stored = customer["id"].as_str().unwrap().parse().unwrap();
    let stored = world.customers.find(institution.merchant, stored).await.unwrap();
    assert_eq!(stored.wallet.status, WalletStatus::Active);
}
