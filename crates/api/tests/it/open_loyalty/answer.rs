//! What the server said.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A response, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
    /// The body as it came.
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    pub(super) async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        Self { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body, which has to be JSON by its type too.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of a success.
    #[track_caller]
    pub(super) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// Checks an HTTP error, byte for byte (contract 1.7).
    #[track_caller]
    pub(super) fn http_error(&self, status: u16, message: &str) {
        let expected = format!(r#"{{"error":{{"code":{status},"message":"{message}"}}}}"#);
        assert_eq!((self.status, self.text.as_str()), (status, expected.as_str()));
        self.json();
    }

    /// Checks a refusal of the doorkeeper, byte for byte (contract 2.6).
    #[track_caller]
    pub(super) fn refused(&self, status: u16, body: &str) {
        assert_eq!((self.status, self.text.as_str()), (status, body));
        self.json();
    }

    /// The errors of a refused form, as `field: message` or `compound.field: message`, in order; those of the form as a
    /// whole have no field. Checks that they stand where they belong.
    #[track_caller]
    pub(super) fn form_errors(&self) -> Vec<String> {
        assert_eq!(self.status, 400, "{}", self.text);
        let body = self.json();
        let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["form", "errors"]);
        let whole =
            body["form"].get("errors").cloned().unwrap_or_else(|| Value::from(Vec::<Value>::new()));
        assert_eq!(whole, body["errors"], "{body}");
        let mut found = Vec::new();
        collect(&body["form"], "", &mut found);
        found
    }
}

fn collect(node: &Value, path: &str, found: &mut Vec<String>) {
    for message in node["errors"].as_array().into_iter().flatten() {
        found.push(
            format!("{path}: {}", message.as_str().unwrap()).trim_start_matches(": ").to_owned(),
        );
    }
    for (name, child) in node["children"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        collect(child, &path, found);
    }
}
