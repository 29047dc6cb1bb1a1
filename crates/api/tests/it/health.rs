//! Health, as an orchestrator asks for it.

use crate::support::{Server, ServerOptions};

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_lives_and_is_ready() {
    let server = Server::with(ServerOptions::default()).await;
    for path in ["/livez", "/readyz"] {
        let answer = server.client.get(server.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_of_no_dialect_is_not_found() {
    let server = Server::start().await;
    let answer = server.client.get(server.url("/nowhere")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
