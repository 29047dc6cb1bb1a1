//! Where customers belong (contract E19 and E29).

use domain::customer::Attribute;
use domain::event::EventKind;
use serde_json::json;

use super::world::World;

const UNKNOWN: &str = "00000000-0000-0000-0000-000000000011";

async fn customer(world: &World) -> String {
    world.customer(json!({"email": "ada@shop.example"})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_assigned_by_either_route() {
    let world = World::start().await;
    let id = customer(&world).await;
    let (admin, seller, pos) = (world.admin().await, world.seller().await, world.shop.pos.id);
    world.advance(time::Duration::HOUR);
    let body = json!({"posId": pos.to_string()});
    for (path, token) in [
        (format!("/api/SHOP/customer/{id}/pos"), &admin),
        (format!("/api/seller/customer/{id}/pos"), &seller),
    ] {
        let answer = world.post(&path).token(token).json(&body).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "[]"), "{path}");
    }
    let details = world.details(&id).await;
    assert_eq!(details["posId"], pos.to_string());
    assert_eq!(details["posIdentifier"], "pos1");
    assert_eq!(details["updatedAt"], "2026-03-02T10:15:00+0100");
    let changes = [Attribute::PointOfSale].into_iter().collect();
    let events = world.events(&id).await;
    assert_eq!(events.last().unwrap().event.kind, EventKind::CustomerUpdated(changes));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_point_of_sale_is_assigned_and_has_no_identifier() {
    let world = World::start().await;
    let id = customer(&world).await;
    let admin = world.admin().await;
    for pos in [UNKNOWN.to_owned(), world.other.pos.id.to_string()] {
        let call = world.post(&format!("/api/customer/{id}/pos")).token(&admin);
        let answer = call.form(&format!("posId=+{pos}+")).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "[]"));
        let details = world.details(&id).await;
        assert_eq!(details["posId"], pos);
        assert_eq!(details.get("posIdentifier"), None);
        let list = world.get("/api/customer").token(&admin).send().await.ok();
        assert_eq!(list["customers"][0]["posId"], pos);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_under_the_fields_name() {
    let world = World::start().await;
    let id = customer(&world).await;
    let admin = world.admin().await;
    let required = r#"{"posId":"field is required"}"#;
    let not_valid = r#"{"posId":"This value is not valid."}"#;
    for (body, expected) in [
        (json!({}), required),
        (json!({"posId": ""}), required),
        (json!({"posId": " "}), required),
        (json!({"posId": null}), required),
        (json!({"customer": {"posId": UNKNOWN}}), required),
        (json!({"posId": "pos1"}), not_valid),
        (json!({"posId": UNKNOWN.replace('-', "")}), not_valid),
        (json!({"posId": format!("{UNKNOWN}\u{0}")}), not_valid),
        (json!({"posId": 11}), not_valid),
        (json!({"posId": [UNKNOWN]}), not_valid),
    ] {
        for path in
            [format!("/api/customer/{id}/pos"), format!("/api/SHOP/seller/customer/{id}/pos")]
        {
            let answer = world.post(&path).token(&admin).json(&body).send().await;
            answer.refused(400, expected);
        }
    }
    assert_eq!(world.details(&id).await.get("posId"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assignment_may_name_the_customer_by_card_and_an_unknown_one_is_not_found() {
    let world = World::start().await;
    let fields = json!({"email": "ada@shop.example", "loyaltyCardNumber": "CARD7"});
    let id = world.customer(fields).await;
    let admin = world.admin().await;
    let body = json!({"posId": UNKNOWN});
    let answer = world.post("/api/customer/card7/pos").token(&admin).json(&body).send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(world.details(&id).await["posId"], UNKNOWN);
    for unknown in [UNKNOWN, "card8"] {
        let path = format!("/api/customer/{unknown}/pos");
        let answer = world.post(&path).token(&admin).json(&body).send().await;
        answer.http_error(404, "Not Found");
    }
}
