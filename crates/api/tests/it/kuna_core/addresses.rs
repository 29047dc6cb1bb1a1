//! Keys that may be shown from some addresses only (contract 1.4).

use domain::merchant::MerchantError;
use domain::network::AddressList;
use serde_json::json;

use super::world::{Answer, Institution, JSON, World};

const FIND: &str = "/v2/customer/find";

/// A server that believes its only peer about where requests come from, and looks at keys afresh each time.
async fn behind_a_proxy() -> World {
    World::with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("PRINCIPAL_CACHE_SECONDS", "0")]).await
}

async fn restrict(institution: &Institution<'_>, networks: &[&str]) {
    let networks: Vec<_> = networks.iter().map(|network| network.parse().unwrap()).collect();
    let list = AddressList::try_from(networks).unwrap();
    let merchants = &institution.world.services.merchants;
    let restricted =
        merchants.restrict_key(institution.merchant, institution.application, Some(&list));
    restricted.await.unwrap();
}

async fn find_from(institution: &Institution<'_>, address: &str, body: &str) -> Answer {
    let lines = [JSON, ("api-key", institution.key.as_str()), ("x-forwarded-for", address)];
    institution.world.post(FIND, &lines, body).await
}

fn is_shut_out(answer: &Answer) {
    let message = "IP address is not in the white list of the key";
    answer.fails(403, "IP_NOT_IN_WHITE_LIST", message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_a_list_works_from_anywhere() {
    let world = behind_a_proxy().await;
    let institution = world.institution().await;
    for address in ["192.0.2.7", "2001:db8::7"] {
        find_from(&institution, address, "{}").await.data();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_a_list_works_from_its_networks_of_either_version_alone() {
    let world = behind_a_proxy().await;
    let institution = world.institution().await;
    restrict(&institution, &["192.0.2.0/24", "198.51.100.7", "2001:db8:1::1", "2001:db8:2::/48"])
        .await;
    for listed in
        ["192.0.2.7", "::ffff:192.0.2.7", "198.51.100.7", "2001:db8:1::1", "2001:db8:2:3:4:5:6:7"]
    {
        find_from(&institution, listed, "{}").await.data();
    }
    for other in ["192.0.3.7", "198.51.100.8", "2001:db8:1::2", "2001:db8:3::1", "127.0.0.1"] {
        is_shut_out(&find_from(&institution, other, "{}").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_is_believed_about_where_a_caller_is() {
    let world = World::with(&[("PRINCIPAL_CACHE_SECONDS", "0")]).await;
    let institution = world.institution().await;
    restrict(&institution, &["192.0.2.7"]).await;
    is_shut_out(&find_from(&institution, "192.0.2.7", "{}").await);
    restrict(&institution, &["127.0.0.1"]).await;
    find_from(&institution, "192.0.2.8", "{}").await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_told_after_a_wrong_key_and_before_a_bad_body() {
    let world = behind_a_proxy().await;
    let institution = world.institution().await;
    restrict(&institution, &["192.0.2.7"]).await;
    for body in ["no JSON", r#"{"take":0}"#] {
        is_shut_out(&find_from(&institution, "192.0.2.8", body).await);
        assert_eq!(find_from(&institution, "192.0.2.7", body).await.status, 400);
    }
    let lines = [JSON, ("api-key", "unknown"), ("x-forwarded-for", "192.0.2.8")];
    world.post(FIND, &lines, "{}").await.is_unauthorized();
    let lines = [JSON, ("api-key", institution.key.as_str()), ("x-forwarded-for", "192.0.2.8")];
    world.post("/v2/customer/nothing", &lines, "{}").await.fails(
        404,
        "NOT_FOUND",
        "Route not found",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_binds_its_key_and_neither_logins_nor_other_institutions() {
    let world = behind_a_proxy().await;
    let (institution, other) = (world.institution().await, world.institution().await);
    let (token, _) = institution.tokens().await;
    restrict(&institution, &["192.0.2.7"]).await;
    institution.post_with(&token, FIND, &json!({})).await.data();
    institution.tokens().await;
    find_from(&other, "192.0.2.8", "{}").await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_looked_at_however_well_the_key_is_remembered() {
    let world =
        World::with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("PRINCIPAL_CACHE_SECONDS", "3600")]).await;
    let institution = world.institution().await;
    restrict(&institution, &["192.0.2.7"]).await;
    for _ in 0..2 {
        find_from(&institution, "192.0.2.7", "{}").await.data();
        is_shut_out(&find_from(&institution, "192.0.2.8", "{}").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_set_free_works_from_anywhere_again() {
    let world = behind_a_proxy().await;
    let institution = world.institution().await;
    restrict(&institution, &["192.0.2.7"]).await;
    is_shut_out(&find_from(&institution, "192.0.2.8", "{}").await);
    let merchants = &world.services.merchants;
    merchants.restrict_key(institution.merchant, institution.application, None).await.unwrap();
    find_from(&institution, "192.0.2.8", "{}").await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_institutions_key_cannot_be_restricted() {
    let world = behind_a_proxy().await;
    let (institution, stranger) = (world.institution().await, world.institution().await);
    let merchants = &world.services.merchants;
    let list = AddressList::try_from(vec!["192.0.2.7".parse().unwrap()]).unwrap();
    let restricted =
        merchants.restrict_key(stranger.merchant, institution.application, Some(&list));
    assert_eq!(restricted.await, Err(MerchantError::NoSuchKey));
    find_from(&institution, "192.0.2.8", "{}").await.data();
}
