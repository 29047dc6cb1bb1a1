//! What the server said, and how to ask it byte for byte.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Far more than any answer needs.
const GUARD: Duration = Duration::from_secs(20);

/// A response, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    /// The value of a header, whatever the letter case of its name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The body as JSON, in the vendor's media type.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(super) fn json_of(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }

    /// The ids of a list's items, in order.
    #[track_caller]
    pub(super) fn ids(&self) -> Vec<i64> {
        let items = self.json_of(200);
        items.as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
    }

    /// Checks an error, byte for byte.
    #[track_caller]
    pub(super) fn refused(&self, status: u16, error: &str, description: &str) {
        let expected = json!({"error": error, "error_description": description});
        assert_eq!((self.status, self.body.as_str()), (status, expected.to_string().as_str()));
        self.json();
    }

    /// Checks the refusal of a request's content.
    #[track_caller]
    pub(super) fn bad_request(&self, description: &str) {
        self.refused(400, "Bad Request", description);
    }

    /// Checks that no customer was meant.
    #[track_caller]
    pub(super) fn customer_not_found(&self) {
        self.refused(404, "Not Found", "Customer not found");
    }

    /// Checks that no webhook was meant.
    #[track_caller]
    pub(super) fn webhook_not_found(&self) {
        self.refused(404, "Not Found", "Webhook not found");
    }

    /// Where the answer sends the client; nothing else is in it.
    #[track_caller]
    pub(super) fn redirect(&self) -> &str {
        assert_eq!((self.status, self.body.as_str()), (302, ""), "{self:?}");
        assert_eq!(self.header("content-length"), Some("0"));
        self.header("location").expect("a location")
    }
}

/// Sends bytes and reads until the server closes.
pub(super) async fn exchange(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may refuse and close before all was sent.
    let _ = stream.write_all(request).await;
    let mut bytes = Vec::new();
    let ended = timeout(GUARD, stream.read_to_end(&mut bytes)).await.expect("an answer in time");
    assert!(ended.is_ok() || !bytes.is_empty(), "reset without an answer: {ended:?}");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.get(9..12).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
