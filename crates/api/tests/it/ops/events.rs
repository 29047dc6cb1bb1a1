//! The feed of events.

use super::*;

async fn end(server: &Server) -> String {
    let (status, _, body) = ask(server, "GET", "/ops/v1/events?after=end", Some(KEY)).await;
    assert_eq!((status, &body["events"]), (200, &json!([])));
    body["next"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_waits_is_told_as_soon_as_something_happens() {
    let server = opened().await;
    let after = end(&server).await;
    let path = format!("/ops/v1/events?after={after}&wait=30");
    let (read, customer) =
        tokio::join!(ask(&server, "GET", &path, Some(KEY)), create_customer(&server, "ada"));
    let (status, _, page) = read;
    assert_eq!((status, customer["first_name"].as_str()), (200, Some("ada")));
    let event = &page["events"][0];
    assert_eq!(event["type"], "customer_created");
    assert_eq!((&event["version"], &event["ordinal"]), (&json!(1), &json!(1)));
    assert_eq!(event["merchant"], server.merchant.id.to_string());
    assert_eq!(event["actor"]["type"], "application");
    let record = &event["record"];
    assert_eq!((&record["id"], &record["name"]["first"]), (&event["subject"]["id"], &json!("ada")));
    let next = page["next"].as_str().unwrap();
    let path = format!("/ops/v1/events?after={next}&type=customer_created");
    let (_, _, rest) = ask(&server, "GET", &path, Some(KEY)).await;
    assert_eq!(rest["events"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_wanted_is_told() {
    let server = opened().await;
    let after = end(&server).await;
    create_customer(&server, "ada").await;
    let path = format!("/ops/v1/events?after={after}&wait=30&type=customer_created");
    let (_, _, page) = ask(&server, "GET", &path, Some(KEY)).await;
    let customer = page["events"][0]["subject"]["id"].as_str().unwrap();
    let merchant = server.merchant.id;
    for (filter, found) in [
        (format!("customer={customer}&type=customer_created"), 1),
        (format!("merchant={merchant}&type=customer_created,customer_deleted"), 1),
        ("type=customer_deleted".to_owned(), 0),
        ("customer=00000000-0000-4000-8000-000000000000".to_owned(), 0),
        ("merchant=00000000-0000-4000-8000-000000000000".to_owned(), 0),
    ] {
        let path = format!("/ops/v1/events?after={after}&{filter}");
        let (_, _, page) = ask(&server, "GET", &path, Some(KEY)).await;
        assert_eq!(page["events"].as_array().unwrap().len(), found, "{filter}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_refused() {
    let server = opened().await;
    for query in [
        "after=x",
        "merchant=x",
        "customer=x",
        "type=x",
        "type=customer_created,",
        "limit=0",
        "limit=1001",
        "limit=x",
        "wait=31",
        "wait=-1",
        "wait[a]=1",
    ] {
        let path = format!("/ops/v1/events?{query}");
        let (status, kind, body) = ask(&server, "GET", &path, Some(KEY)).await;
        assert_eq!((status, kind.as_str()), (400, "application/problem+json"), "{query}");
        assert_eq!(body["code"], "invalid", "{query}");
    }
}
