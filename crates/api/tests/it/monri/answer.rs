//! What the server said, and how to ask it byte for byte.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Far more than any answer needs.
const GUARD: Duration = Duration::from_secs(20);

/// A response, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
}

impl Answer {
    /// The value of a header, whose name is given in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The body as JSON, in the vendor's media type.
    pub(super) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The body of an approved request.
    #[track_caller]
    pub(super) fn approved(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        let body = self.json();
        assert_eq!(body["status"], "approved", "{body}");
        body
    }

    /// Checks a refusal, whose body has one sentence.
    #[track_caller]
    pub(super) fn refused(&self, status: u16, sentence: &str) {
        let expected = format!(
            r#"{{"status":"invalid-request","message":"{sentence}","errors":["{sentence}"]}}"#
        );
        assert_eq!((self.status, self.body.as_str()), (status, expected.as_str()));
        self.json();
    }

    /// Checks the refusal of a caller.
    #[track_caller]
    pub(super) fn unauthorized(&self) {
        self.refused(401, "Unauthorized");
    }

    /// Checks that no customer was meant.
    #[track_caller]
    pub(super) fn customer_not_found(&self) {
        self.refused(404, "Customer not found");
    }
}

/// Sends a request with exactly these header lines and this body, and reads the answer.
pub(super) async fn ask(
    address: SocketAddr,
    method: &str,
    target: &str,
    lines: &[String],
    body: &[u8],
) -> Answer {
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for line in lines {
        request.push_str(line);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may refuse and close before all was sent.
    let _ = stream.write_all(&[request.as_bytes(), body].concat()).await;
    let mut bytes = Vec::new();
    let ended = timeout(GUARD, stream.read_to_end(&mut bytes)).await.expect("an answer in time");
    assert!(ended.is_ok() || !bytes.is_empty(), "reset without an answer: {ended:?}");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.get(9..12).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
