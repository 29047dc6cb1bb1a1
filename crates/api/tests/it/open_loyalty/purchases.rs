//! One customer who buys three times and brings one thing back, and what the status says at each step.

use domain::merchant::{Settings, TierBasis, TierSettings};
use serde_json::{Value, json};

use super::world::World;

const START: &str = "5.00%";
const GOLD: &str = "1,234.00%";

/// A customer, and those who serve it.
struct Till {
    world: World,
    admin: String,
    id: String,
}

impl Till {
    async fn where_levels_follow(basis: TierBasis) -> Self {
        let tiers = TierSettings { basis, ..TierSettings::default() };
        let world = World::programme(Settings { tiers, ..Settings::default() }).await;
        let admin = world.admin().await;
        let id = world.customer(json!({"email": "ada@shop.example"})).await;
        Self { world, admin, id }
    }

    /// Registers a document of the customer about one thing of some value.
    async fn document(&self, kind: &str, number: &str, value: f64, revised: Option<&str>) {
        let mut transaction = json!({
            "transactionData": {
                "documentType": kind, "documentNumber": number, "purchasePlace": "Harbour Road",
                "purchaseDate": "2026-03-01 12:00",
            },
            "items": [{
                "sku": {"code": "beans"}, "name": "Coffee beans", "quantity": 1, "grossValue": value,
                "category": "coffee", "maker": "Clientele",
            }],
            "customerData": {"name": "Ada Byron", "email": "ada@shop.example"},
        });
        if let Some(revised) = revised {
            transaction["revisedDocument"] = json!(revised);
        }
        let form = json!({"transaction": transaction});
        let call = self.world.post("/api/transaction").token(&self.admin).json(&form);
        assert!(call.send().await.ok()["transactionId"].is_string());
    }

    async fn points(&self, what: &str, points: f64) {
        let form = json!({"transfer": {"customer": self.id, "points": points}});
        let path = format!("/api/points/transfer/{what}");
        self.world.post(&path).token(&self.admin).json(&form).send().await.ok();
    }

    /// The named members of the status; an absent one is null.
    async fn status(&self, members: &[&str]) -> Vec<Value> {
        let path = format!("/api/admin/customer/{}/status", self.id);
        let status = self.world.get(&path).token(&self.admin).send().await.ok();
        members.iter().map(|member| status[member].clone()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn money_spent_lifts_a_customer_and_a_return_takes_it_down_again() {
    let till = Till::where_levels_follow(TierBasis::Transactions).await;
    let members = [
        "level",
        "nextLevel",
        "transactionsAmountToNextLevel",
        "transactionsAmount",
        "transactionsCount",
        "averageTransactionsAmount",
    ];
    let steps = [
        ("sell", "A/1", 9.0, None, json!([START, GOLD, 11, 9, 1, "9.00"])),
        ("sell", "A/2", 9.5, None, json!([START, GOLD, 1.5, 18.5, 2, "9.25"])),
        ("sell", "A/3", 9.0, None, json!([GOLD, null, null, 27.5, 3, "9.17"])),
        ("return", "R/1", 9.0, Some("A/3"), json!([START, GOLD, 1.5, 18.5, 2, "9.25"])),
    ];
    assert_eq!(json!(till.status(&members).await), json!([START, GOLD, 20, 0, 0, "0.00"]));
    for (kind, number, value, revised, expected) in steps {
        till.document(kind, number, value, revised).await;
        assert_eq!(json!(till.status(&members).await), expected, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn points_lift_a_customer_and_spending_them_takes_nothing_away() {
    let till = Till::where_levels_follow(TierBasis::Points).await;
    let members = ["level", "points", "usedPoints", "totalEarnedPoints", "pointsToNextLevel"];
    let status = async |expected: Value| {
        assert_eq!(json!(till.status(&members).await), expected);
    };
    status(json!([START, 0, 0, 0, 20])).await;
    for (number, value) in [("A/1", 30.0), ("A/2", 30.0), ("A/3", 30.0)] {
        till.document("sell", number, value, None).await;
    }
    till.document("return", "R/1", 30.0, Some("A/2")).await;
    assert_eq!(till.status(&["transactionsAmount", "transactionsCount"]).await, [60, 2]);
    status(json!([START, 0, 0, 0, 20])).await;
    till.points("add", 15.5).await;
    status(json!([START, 15.5, 0, 15.5, 5])).await;
    till.points("add", 10.0).await;
    status(json!([GOLD, 25.5, 0, 25.5, null])).await;
    till.points("spend", 20.0).await;
    status(json!([GOLD, 5.5, 20, 25.5, null])).await;
}
