//! The page with the contracts.

use serde_json::Value;

use crate::support::{Server, ServerOptions};

/// What a page loads.
const ENDS: [&str; 2] = [".js", ".css"];

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_all_it_loads_come_from_this_server() {
    let server = Server::start().await;
    let client = server.client.clone();
    let get = async |path: &str| client.get(server.url(path)).send().await.unwrap();
    let short = get("/docs").await;
    assert_eq!(
        (short.status().as_u16(), &short.headers()["location"]),
        (307, &"/docs/".parse().unwrap())
    );
    let page = get("/docs/").await.text().await.unwrap();
    let mut loaded = 0;
    let files = page.split(['"', '\'']).filter(|part| ENDS.iter().any(|end| part.ends_with(end)));
    for part in files {
        assert!(!part.contains("//"), "{part}");
        let path = format!("/docs/{}", part.trim_start_matches("./"));
        assert_eq!(get(&path).await.status().as_u16(), 200, "{path}");
        loaded += 1;
    }
    assert!(loaded > 2, "{page}");
    let settings = get("/docs/swagger-initializer.js").await.text().await.unwrap();
    for name in ["open_loyalty", "kuna_core", "monri", "kounta"] {
        assert!(settings.contains(&format!("/docs/openapi/{name}.json")), "{settings}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_are_those_of_the_dialects_that_are_served() {
    let variables = vec![("DIALECTS", "monri")];
    let server = Server::with(ServerOptions { variables, ..ServerOptions::default() }).await;
    let answer = reqwest::get(server.url("/docs/openapi/monri.json")).await.unwrap();
    let shown: Value = answer.json().await.unwrap();
    let written = include_str!("../../../../docs/openapi/monri.json");
    assert_eq!(shown, serde_json::from_str::<Value>(written).unwrap());
    for absent in ["kounta.json", "monri", "x.json"] {
        let answer = reqwest::get(server.url(&format!("/docs/openapi/{absent}"))).await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{absent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_can_leave_the_page_out() {
    let variables = vec![("DOCS", "false")];
    let server = Server::with(ServerOptions { variables, ..ServerOptions::default() }).await;
    for path in ["/docs", "/docs/", "/docs/openapi/monri.json"] {
        let answer = reqwest::get(server.url(path)).await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
}
