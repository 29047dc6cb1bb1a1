//! The examples of `docs/dialects/kounta.md`, as a newcomer tries them with the demonstration merchant.

use super::world::{World, escaped};

const PAGE: &str = include_str!("../../../../../docs/dialects/kounta.md");
/// `ko_demo_client:ko_demo_secret`.
const DEMO: &str = "Authorization: Basic a29fZGVtb19jbGllbnQ6a29fZGVtb19zZWNyZXQ=";

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_merchant_answers_the_first_example() {
    assert!(
        PAGE.contains(
            "-u ko_demo_client:ko_demo_secret http://127.0.0.1:8080/v1/companies/me.json"
        )
    );
    let world = World::start().await;
    let company = world.ask("GET", "/v1/companies/me.json", &[DEMO], b"").await.json_of(200);
    assert_eq!(company["id"], i64::from(world.server.merchant.company_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_client_approves_itself() {
    let uri = "http://127.0.0.1:9999/callback";
    assert!(PAGE.contains(&format!("redirect_uri={uri} -d decision=approve")));
    let world = World::start().await;
    let form = format!(
        "client_id=ko_demo_client&response_type=code&state=xyz&redirect_uri={}&decision=approve",
        escaped(uri)
    );
    let lines = [DEMO, "Content-Type: application/x-www-form-urlencoded"];
    let answer = world.ask("POST", "/authorize", &lines, form.as_bytes()).await;
    let link = answer.redirect();
    assert!(link.starts_with(&format!("{uri}?code=")) && link.ends_with("&state=xyz"), "{link}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_customer_of_the_page_is_what_a_customer_has() {
    let world = World::start().await;
    let program = world.company().await;
    let block = PAGE.lines().find(|line| line.starts_with("{\"id\":700123")).unwrap();
    let sample: serde_json::Value = serde_json::from_str(block).unwrap();
    let mut expected = sample.clone();
    let shown = program.post(&sample).await.json_of(201);
    for key in ["id", "company_id"] {
        expected[key] = shown[key].clone();
    }
    assert_eq!(shown.to_string(), expected.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_webhook_of_the_page_is_what_a_webhook_has() {
    let world = World::start().await;
    let program = world.company().await;
    let block = PAGE.lines().find(|line| line.starts_with("{\"id\":537")).unwrap();
    let sample: serde_json::Value = serde_json::from_str(block).unwrap();
    let mut expected = sample.clone();
    let shown = program.post_webhook(&sample).await.json_of(201);
    for key in ["id", "updated_at"] {
        expected[key] = shown[key].clone();
    }
    assert_eq!(shown.to_string(), expected.to_string());
}
