//! Paths, methods and origins (contract 1.1).

use domain::merchant::CommunicationMethod;
use reqwest::Method;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_nobody_has_is_not_found_in_the_vendors_shape() {
    let world = World::start().await;
    for path in [
        "/api",
        "/api/",
        "/api/SHOP",
        "/api/SHOP/",
        "/api/nothing",
        "/api/customer/x/y",
        "/api/SHOP/nothing",
        "/api/SHOP/SHOP/customer",
        "/api//customer",
        "/api/doc",
    ] {
        world.get(path).send().await.http_error(404, "Not Found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_a_path_does_not_have_is_refused_with_those_it_has() {
    let world = World::start().await;
    for (method, path, allowed) in [
        (Method::GET, "/api/admin/login_check", "POST"),
        (Method::DELETE, "/api/SHOP/token/refresh", "POST"),
        (Method::GET, "/api/customer/register", "POST"),
        (Method::PUT, "/api/customer/check", "GET, HEAD"),
        (Method::POST, "/api/customer", "GET, HEAD"),
        (Method::DELETE, "/api/admin/customer", "GET, HEAD"),
        (Method::POST, "/api/customer/1", "GET, HEAD, PUT, DELETE"),
        (Method::OPTIONS, "/api/customer/1", "GET, HEAD, PUT, DELETE"),
    ] {
        let answer = world.call(method, path).send().await;
        answer.http_error(405, "Method Not Allowed");
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_get_without_a_body() {
    let world = World::start().await;
    let token = world.admin().await;
    for path in ["/api/customer", "/api/customer/check"] {
        let answer = world.call(Method::HEAD, path).token(&token).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_origin_may_call() {
    let world = World::start().await;
    let preflight = world
        .call(Method::OPTIONS, "/api/customer/1")
        .header("origin", "https://panel.example")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "authorization")
        .send()
        .await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(preflight.header("access-control-allow-methods"), Some("POST, PUT, GET, DELETE"));
    assert_eq!(preflight.header("access-control-allow-headers"), Some("authorization"));
    let refused = world.get("/api/customer").header("origin", "https://panel.example").send().await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_may_be_shut_out() {
    let shut = [("OPEN_LOYALTY__CORS", "false")];
    let world = World::with(&shut, CommunicationMethod::Email).await;
    let answer = world.get("/api/customer").header("origin", "https://panel.example").send().await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
