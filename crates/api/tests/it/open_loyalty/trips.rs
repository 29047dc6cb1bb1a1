//! How often a request goes to the database.

use domain::merchant::CommunicationMethod;
use serde_json::json;

use super::world::{World, a_form};

#[actix_web::test]
async fn a_known_caller_costs_no_trip() {
    let remembering = "principal_cache_seconds = 3600\n";
    let world = World::with(remembering, CommunicationMethod::Email).await;
    let token = world.admin().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let path = format!("/api/customer/{id}");
    world.get(&path).token(&token).send().await.ok();
    for (what, trips) in [("show", 1), ("list", 1), ("check", 1), ("register", 1), ("change", 2)] {
        let before = world.trips();
        let form = a_form(json!({"email": "bea@shop.example"}));
        let change = json!({"customer": {"firstName": "Bea"}});
        let call = match what {
            "show" => world.get(&path).token(&token),
            "list" => world.get("/api/customer").token(&token),
            "check" => world.get("/api/customer/check?emailOrPhone=x@y.zz"),
            "register" => world.post("/api/customer/register").token(&token).json(&form),
            _ => world.put(&path).token(&token).json(&change),
        };
        call.send().await.ok();
        assert_eq!(world.trips() - before, trips, "{what}");
    }
}
