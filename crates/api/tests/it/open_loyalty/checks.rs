//! Whether somebody is reached by an address or number (contract E09).

use serde_json::json;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_check_counts_whole_addresses_and_numbers_only() {
    let world = World::start().await;
    world.customer(json!({"email": "User-1@Oloy.com", "phone": "+48234234000"})).await;
    world.customer(json!({"email": "b@oloy.com", "phone": "899000333"})).await;
    for (query, total) in [
        ("emailOrPhone=899000333", 1),
        ("emailOrPhone=user-1@oloy.com", 1),
        ("emailOrPhone=USER-1%40oloy.com", 1),
        ("emailOrPhone=%2B48234234000", 1),
        ("emailOrPhone=+48234234000", 0),
        ("emailOrPhone=48234234000", 0),
        ("emailOrPhone=user-1", 0),
        ("emailOrPhone=645", 0),
        ("emailOrPhone=%25", 0),
        ("emailOrPhone=_@oloy.com", 0),
        ("emailOrPhone=a%00b", 0),
        ("emailOrPhone=", 0),
        ("emailOrPhone=null", 0),
        ("emailOrPhone[]=899000333", 0),
        ("", 0),
    ] {
        for path in ["/api/customer/check", "/api/SHOP/customer/check"] {
            let answer = world.get(&format!("{path}?{query}")).send().await;
            assert_eq!(answer.ok(), json!({"total": total}), "{query}");
        }
    }
    let long = format!("/api/customer/check?emailOrPhone={}", "x".repeat(6_000));
    assert_eq!(world.get(&long).send().await.ok(), json!({"total": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_changes_nothing_about_a_check() {
    let world = World::start().await;
    world.customer(json!({"email": "a@oloy.com"})).await;
    for token in [world.admin().await, "junk".to_owned()] {
        let path = "/api/customer/check?emailOrPhone=a@oloy.com";
        assert_eq!(world.get(path).token(&token).send().await.ok(), json!({"total": 1}));
    }
}
