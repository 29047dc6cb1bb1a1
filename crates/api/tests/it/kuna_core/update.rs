//! Changing a customer (contract 2.4).

use domain::access::Actor;
use domain::customer::{Demands, Origin, UpdateCustomer, WalletStatus};
use domain::event::EventKind;
use domain::id::CustomerId;
use domain::level::Ladder;
use serde_json::{Value, json};

use super::world::{Institution, World};

const UPDATE: &str = "/v2/customer/update";

fn id(customer: &Value) -> CustomerId {
    customer["id"].as_str().unwrap().parse().unwrap()
}

/// The customer's body with other values.
fn with(customer: &Value, changes: &Value) -> Value {
    let mut expected = customer.clone();
    for (name, value) in changes.as_object().unwrap() {
        expected[name] = value.clone();
    }
    expected
}

async fn change(institution: &Institution<'_>, customer: &Value, changes: &Value) -> Value {
    let body = with(&json!({"id": customer["id"]}), changes);
    institution.post(UPDATE, &body).await.data()
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_are_given_change_and_others_stay() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution
        .customer(&json!({"phoneNumber": "1", "comment": "c", "externalId": "e", "referralId": "r", "itn": "i"}))
        .await;
    let mut expected = customer.clone();
    for changes in [
        json!({"email": "New@Example.com"}),
        json!({"firstName": "Alexander"}),
        json!({"lastName": "Smythe", "phoneNumber": "+2"}),
        json!({"comment": "", "externalId": "f"}),
    ] {
        expected = with(&expected, &changes);
        assert_eq!(change(&institution, &customer, &changes).await, expected);
    }
    let hidden = json!({
        "country": "it", "verificationDocumentId": "B", "residenceAddress": "Rome", "itn": "2",
    });
    assert_eq!(change(&institution, &customer, &hidden).await, expected);
    let stored = world.customers.find(institution.merchant, id(&customer)).await.unwrap();
    let verification = stored.verification;
    assert_eq!(verification.country.unwrap().as_str(), "IT");
    assert_eq!(verification.document_id.unwrap().as_str(), "B");
    assert_eq!(verification.residence_address.unwrap().as_str(), "Rome");
    assert_eq!(verification.tax_number.unwrap().as_str(), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn null_clears_what_a_customer_can_do_without() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution
        .customer(&json!({"phoneNumber": "1", "comment": "c", "externalId": "e", "itn": "i"}))
        .await;
    let cleared = json!({"phoneNumber": null, "comment": null, "externalId": null});
    let expected = with(&customer, &cleared);
    let changes = with(&cleared, &json!({"itn": null}));
    assert_eq!(change(&institution, &customer, &changes).await, expected);
    let stored = world.customers.find(institution.merchant, id(&customer)).await.unwrap();
    assert_eq!(stored.verification.tax_number, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn null_is_refused_for_what_every_customer_has() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    let nulls = json!({
        "id": customer["id"], "email": null, "firstName": null, "lastName": null, "country": null,
        "verificationDocumentId": null, "residenceAddress": null, "status": null,
    });
    let names = [
        "email",
        "firstName",
        "lastName",
        "country",
        "verificationDocumentId",
        "residenceAddress",
        "status",
    ];
    institution.post(UPDATE, &nulls).await.refuses(&names.map(|name| (name, "must be a string")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_member_keeps_the_others_from_changing() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    let answer = institution
        .post(
            UPDATE,
            &json!({
                "id": customer["id"], "firstName": "Changed", "email": "no address", "lastName": "", "itn": "",
                "phoneNumber": "1".repeat(33), "comment": "c".repeat(1001), "externalId": "", "country": "XX",
                "verificationDocumentId": "", "residenceAddress": "", "status": "active",
            }),
        )
        .await;
    answer.refuses(&[
        ("email", "must be a valid email"),
        ("phoneNumber", "must be between 1 and 32 characters long"),
        ("lastName", "must be between 1 and 255 characters long"),
        ("comment", "must be at most 1000 characters long"),
        ("externalId", "must be between 1 and 255 characters long"),
        ("country", "must be an ISO 3166-1 alpha-2 country code"),
        ("verificationDocumentId", "must be between 1 and 255 characters long"),
        ("residenceAddress", "must be between 1 and 1000 characters long"),
        ("itn", "must be between 1 and 64 characters long"),
        ("status", "must be one of Active, Blocked, Suspicious"),
    ]);
    assert_eq!(change(&institution, &customer, &json!({})).await, customer);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_required_and_must_mean_somebody() {
    let world = World::start().await;
    let institution = world.institution().await;
    let answer = institution.post(UPDATE, &json!({"firstName": ""})).await;
    answer.refuses(&[
        ("id", "is required"),
        ("firstName", "must be between 1 and 255 characters long"),
    ]);
    institution.post(UPDATE, &json!({"id": ["x"]})).await.refuses(&[("id", "must be a string")]);
    for id in ["6d962783-f0cf-420d-a511-3a48c71c5595", "nobody"] {
        institution.post(UPDATE, &json!({"id": id, "firstName": "A"})).await.is_not_found();
        // What is wrong with the body is told before who is missing.
        let answer = institution.post(UPDATE, &json!({"id": id, "country": "XX"})).await;
        assert_eq!(answer.status, 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_values_change_nothing_and_announce_nothing() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({"comment": "c"})).await;
    let same = json!({"email": customer["email"], "firstName": customer["firstName"], "comment": "c", "country": "UA"});
    for changes in [json!({}), same] {
        assert_eq!(change(&institution, &customer, &changes).await, customer);
    }
    let events = world.customers.events(institution.merchant, id(&customer)).await.unwrap();
    let kinds: Vec<_> = events.into_iter().map(|recorded| recorded.event.kind).collect();
    assert_eq!(kinds, [EventKind::CustomerCreated]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_address_may_be_written_again_in_another_letter_case() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({"email": "alex@example.com"})).await;
    let shouted = json!({"email": "ALEX@example.com"});
    let answer = change(&institution, &customer, &shouted).await;
    assert_eq!(answer["email"], shouted["email"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_another_customer_is_refused_with_all_else() {
    let world = World::start().await;
    let institution = world.institution().await;
    let other = institution.customer(&json!({"email": "taken@example.com"})).await;
    let customer = institution.customer(&json!({})).await;
    let body = json!({"id": customer["id"], "email": "Taken@example.com", "firstName": "Changed"});
    let answer = institution.post(UPDATE, &body).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains(r#""field":"email""#), "{}", answer.text);
    assert_eq!(change(&institution, &customer, &json!({})).await, customer);
    // Once the holder has another address, the old one is free.
    change(&institution, &other, &json!({"email": "moved@example.com"})).await;
    assert_eq!(institution.post(UPDATE, &body).await.data()["firstName"], "Changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_wallet_referral_and_creation_cannot_be_written() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({"referralId": "r"})).await;
    let changes = json!({
        "walletId": "6d962783-f0cf-420d-a511-3a48c71c5595", "referralId": "s", "createdAt": "2020-01-01T00:00:00.000Z",
        "updatedAt": "x", "version": 9, "merchant": "x",
    });
    assert_eq!(change(&institution, &customer, &changes).await, customer);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_sets_the_status_of_a_wallet_and_takes_it_back() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    for (text, status) in [
        ("Blocked", WalletStatus::Blocked),
        ("Suspicious", WalletStatus::Suspicious),
        ("Active", WalletStatus::Active),
    ] {
        assert_eq!(change(&institution, &customer, &json!({"status": text})).await, customer);
        let stored = world.customers.find(institution.merchant, id(&customer)).await.unwrap();
        assert_eq!(stored.wallet.status, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_operator_of_the_service_blocked_stays_blocked() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    change(&institution, &customer, &json!({"status": "Blocked"})).await;
    world.database.execute("UPDATE customers SET wallet_set_by = 'operator'").await;
    for status in ["Active", "Suspicious"] {
        let body = json!({"id": customer["id"], "status": status, "firstName": "Changed"});
        let answer = institution.post(UPDATE, &body).await;
        answer.fails(403, "FORBIDDEN", "wallet status was set by Kuna and cannot be changed");
    }
    // The same status again changes nothing, and everything else may change.
    let changes = json!({"status": "Blocked", "firstName": "Changed"});
    assert_eq!(change(&institution, &customer, &changes).await["firstName"], "Changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_at_once_leave_one_of_them_whole_and_no_hole_in_the_versions() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    let changes = (0..32).map(|n| {
        let changes = json!({"firstName": format!("First{n}"), "lastName": format!("Last{n}")});
        let (institution, customer) = (&institution, &customer);
        async move { change(institution, customer, &changes).await }
    });
    futures_util::future::join_all(changes).await;
    let stored = world.customers.find(institution.merchant, id(&customer)).await.unwrap();
    assert_eq!(stored.name.first().strip_prefix("First"), stored.name.last().strip_prefix("Last"));
    assert_eq!(stored.version, 33);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_was_deleted_is_not_found() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({"email": "gone@example.com"})).await;
    let origin = Origin {
        merchant: institution.merchant,
        actor: Actor::System,
        demands: Demands::default(),
    };
    let deletion = domain::customer::Deletion::Soft;
    world.customers.delete(&origin, id(&customer), deletion).await.unwrap();
    institution.post(UPDATE, &json!({"id": customer["id"]})).await.is_not_found();
    let details = json!({"id": customer["id"]});
    institution.post("/v2/customer/details", &details).await.is_not_found();
    assert_eq!(institution.found(&json!({"email": "gone@example.com"})).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_dialects_wrote_stays() {
    let world = World::start().await;
    let institution = world.institution().await;
    let customer = institution.customer(&json!({})).await;
    let origin = Origin {
        merchant: institution.merchant,
        actor: Actor::System,
        demands: Demands::default(),
    };
    let elsewhere = UpdateCustomer {
        mobile: domain::Change::Set("+48 600".try_into().unwrap()),
        description: domain::Change::Set("d".try_into().unwrap()),
        accepts_marketing: Some(true),
        ..UpdateCustomer::default()
    };
    let before = world
        .customers
        .update(&origin, &Ladder::default(), id(&customer), elsewhere)
        .await
        .unwrap();
    let changes = json!({"firstName": "Changed", "phoneNumber": "5", "comment": "new"});
    change(&institution, &customer, &changes).await;
    let after = world.customers.find(institution.merchant, id(&customer)).await.unwrap();
    assert_eq!(
        (after.mobile, after.description, after.agreements),
        (before.mobile, before.description, before.agreements)
    );
}
