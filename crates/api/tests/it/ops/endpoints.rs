//! Endpoints: how they are doing, pauses and secrets.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_can_be_paused_before_it_was_told_of_anything() {
    let server = opened().await;
    let path = subscribed(&server, "http://127.0.0.1:9/").await;
    assert_eq!(ask(&server, "GET", &path, Some(KEY)).await.0, 404);
    let (status, _, paused) = ask(&server, "POST", &format!("{path}/pause"), Some(KEY)).await;
    assert_eq!((status, &paused["state"]), (200, &json!("paused")));
    assert_eq!(paused["paused_at"], "2026-03-02T08:15:00Z");
    assert_eq!((&paused["pending"], &paused["failing_since"]), (&json!(0), &Value::Null));
    let (_, _, list) = ask(&server, "GET", "/ops/v1/endpoints", Some(KEY)).await;
    assert_eq!(list, json!({"endpoints": [paused]}));
    let (status, _, resumed) = ask(&server, "POST", &format!("{path}/resume"), Some(KEY)).await;
    assert_eq!((status, &resumed["state"]), (200, &json!("working")));
    let other = "/ops/v1/endpoints?merchant=00000000-0000-4000-8000-000000000000";
    assert_eq!(ask(&server, "GET", other, Some(KEY)).await.2, json!({"endpoints": []}));
    let (status, _, body) = ask(&server, "GET", "/ops/v1/endpoints?merchant=x", Some(KEY)).await;
    assert_eq!((status, &body["code"]), (400, &json!("invalid")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_is_shown_once_and_is_another_each_time() {
    let server = opened().await;
    let path = subscribed(&server, "http://127.0.0.1:9/").await;
    let rotate = format!("{path}/rotate-secret");
    let (status, _, first) = ask(&server, "POST", &rotate, Some(KEY)).await;
    let (_, _, second) = ask(&server, "POST", &rotate, Some(KEY)).await;
    assert_eq!(status, 200);
    assert!(first["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_ne!(first["secret"], second["secret"]);
    assert_eq!(second["previous_until"], "2026-03-03T08:15:00Z");
    let (_, _, shown) = ask(&server, "GET", &path, Some(KEY)).await;
    assert!(!shown.to_string().contains("whsec_"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_can_be_tried_with_its_headers_and_signatures() {
    let server = opened().await;
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/ko", receiver.local_addr().unwrap());
    let path = format!("{}/test", subscribed(&server, &address).await);
    let taken = async {
        let (mut stream, _) = receiver.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"}") {
            assert!(stream.read_buf(&mut heard).await.unwrap() > 0);
        }
        stream.write_all(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8(heard).unwrap()
    };
    let ((status, _, body), heard) = tokio::join!(ask(&server, "POST", &path, Some(KEY)), taken);
    assert_eq!((status, &body["delivered"], &body["status"]), (200, &json!(false), &json!(500)));
    for start in
        ["x-kounta-topic: customers/created", "x-kounta-signature: ", "webhook-signature: v1,"]
    {
        assert!(heard.contains(start), "{start}: {heard}");
    }
    let (_, sample) = heard.split_once("\r\n\r\n").unwrap();
    let sample: Value = serde_json::from_str(sample).unwrap();
    assert_eq!((&sample["id"], &sample["first_name"]), (&json!(0), &json!("Test")));
}
