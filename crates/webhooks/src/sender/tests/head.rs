//! What a delivery says.

use super::*;
use crate::sign::standard_signature;

async fn delivered(outgoing: Outgoing, receiver: &Receiver) -> (Vec<String>, Vec<u8>) {
    let sender = sender(LONG);
    let answer = "HTTP/1.1 204 No Content\r\n\r\n";
    let (reply, heard) = tokio::join!(sender.send(outgoing), receiver.answer(answer));
    assert_eq!(
        reply,
        Reply::Answered { status: 204, body: Vec::new(), retry_after: None },
        "{heard:?}"
    );
    heard
}

fn values<'a>(head: &'a [String], name: &str) -> Vec<&'a str> {
    let of_name = |line: &'a String| line.split_once(": ").filter(|(found, _)| *found == name);
    head.iter().filter_map(of_name).map(|(_, value)| value).collect()
}

#[tokio::test]
async fn a_delivery_is_posted_byte_for_byte_and_signed_with_every_secret_in_force() {
    let receiver = Receiver::at("127.0.0.1").await;
    let outgoing = outgoing(&receiver.url());
    let (id, timestamp) = (outgoing.id.to_string(), AT.unix_timestamp());
    let (head, body) = delivered(outgoing.clone(), &receiver).await;
    assert_eq!(head[0], "POST /hook?a=1 HTTP/1.1");
    assert_eq!(body, outgoing.body);
    assert_eq!(values(&head, "host"), [receiver.address.to_string()]);
    assert_eq!(values(&head, "webhook-id"), [id.as_str()]);
    assert_eq!(values(&head, "webhook-timestamp"), ["1772439300"]);
    let signatures =
        outgoing.secrets.iter().map(|secret| standard_signature(secret, &id, timestamp, &body));
    let signatures: Vec<String> = signatures.collect();
    assert_eq!(values(&head, "webhook-signature"), [signatures.join(" ")]);
    for name in ["cookie", "accept-encoding", "referer", "user-agent", "transfer-encoding"] {
        assert!(values(&head, name).is_empty(), "{name}: {head:?}");
    }
}

#[tokio::test]
async fn without_a_secret_there_is_no_signature() {
    let receiver = Receiver::at("127.0.0.1").await;
    let outgoing = Outgoing { secrets: Vec::new(), ..outgoing(&receiver.url()) };
    let (head, _) = delivered(outgoing, &receiver).await;
    assert_eq!(values(&head, "webhook-id").len(), 1);
    assert!(values(&head, "webhook-signature").is_empty());
}

#[tokio::test]
async fn a_header_that_was_added_changes_nothing_that_stands_there_already() {
    let receiver = Receiver::at("127.0.0.1").await;
    let headers = vec![
        header("User-Agent", "Kounta-Webhooks/1.0"),
        header("Content-Type", "application/json"),
        header("X-Tenant", "Zoë"),
        header("x-tenant", "other"),
        header("user-agent", "other"),
        header("Host", "inside.test"),
        header("Content-Length", "1"),
        header("Transfer-Encoding", "chunked"),
        header("Connection", "close"),
        header("Cookie", "a=b"),
        header("Proxy-Authorization", "x"),
        header("Webhook-Id", "other"),
        header("webhook-signature", "v1,other"),
        header("X Bad", "x"),
        header("X-Bad", "a\r\nX-Worse: b"),
    ];
    let outgoing = Outgoing { headers, ..outgoing(&receiver.url()) };
    let (head, _) = delivered(outgoing.clone(), &receiver).await;
    assert_eq!(values(&head, "user-agent"), ["Kounta-Webhooks/1.0"]);
    assert_eq!(values(&head, "content-type"), ["application/json"]);
    assert_eq!(values(&head, "x-tenant"), ["Zoë"]);
    assert_eq!(values(&head, "host"), [receiver.address.to_string()]);
    assert_eq!(values(&head, "content-length"), ["8"]);
    assert_eq!(values(&head, "webhook-id"), [outgoing.id.to_string()]);
    assert!(!values(&head, "webhook-signature")[0].contains("other"));
    let text = head.join("\n").to_lowercase();
    for name in ["transfer-encoding", "connection", "cookie", "proxy-", "x-bad", "worse"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
}

#[tokio::test]
async fn a_connection_is_used_again_when_its_answer_was_read_to_the_end() {
    let receiver = Receiver::at("127.0.0.1").await;
    let sender = sender(LONG);
    let served = async {
        let (_, _, mut stream) = receiver.hear().await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
        let mut next = [0; 4];
        stream.read_exact(&mut next).await.unwrap();
        stream.write_all(b"HTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        next
    };
    let sent = async {
        let first = sender.send(outgoing(&receiver.url())).await;
        (first, sender.send(outgoing(&receiver.url())).await)
    };
    let ((first, second), next) = tokio::join!(sent, served);
    assert_eq!(next, *b"POST");
    assert!(matches!(first, Reply::Answered { status: 200, .. }), "{first:?}");
    assert!(matches!(second, Reply::Answered { status: 202, .. }), "{second:?}");
}
