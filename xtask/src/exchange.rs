//! Single requests with their whole reply, and the bytes of requests.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use domain::demo;

use crate::failure::Failure;
use crate::http::Head;

const PATIENCE: Duration = Duration::from_secs(10);

/// The header of [`demo::CLIENT`] at Kounta, with its line end.
pub(crate) const KOUNTA_BASIC: &str =
    "Authorization: Basic a29fZGVtb19jbGllbnQ6a29fZGVtb19zZWNyZXQ=\r\n";

/// The bytes of a request. `lines` are header lines, each with its line end.
pub(crate) fn request(method: &str, target: &str, lines: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    format!("{method} {target} HTTP/1.1\r\nHost: bench.test\r\n{lines}{length}\r\n{body}")
        .into_bytes()
}

/// Posts JSON and returns the text member `name` of the answer.
fn log_in(address: SocketAddr, target: &str, body: &str, name: &str) -> Result<String, Failure> {
    let reply = ask(address, &request("POST", target, "", body), 200)?;
    let answer = serde_json::from_slice::<serde_json::Value>(&reply).unwrap_or_default();
    let member = answer[name].as_str().map(str::to_owned);
    member.ok_or_else(|| Failure::explained(format!("the answer of {target} has no {name}")))
}

/// What somebody with the demonstration's password logs in with at Open Loyalty.
pub(crate) fn credentials(name: &str) -> String {
    format!(r#"{{"_username":"{name}","_password":"{}"}}"#, demo::PASSWORD)
}

/// The header of somebody who has logged in at `target` of Open Loyalty.
pub(crate) fn open_loyalty_bearer(
    address: SocketAddr,
    target: &str,
    name: &str,
) -> Result<String, Failure> {
    let token = log_in(address, target, &credentials(name), "token")?;
    Ok(format!("Authorization: Bearer {token}"))
}

/// The header of the demonstration merchant's gateway at Monri, with all scopes.
pub(crate) fn monri_bearer(address: SocketAddr) -> Result<String, Failure> {
    let (client, secret) = demo::AUTHENTICITY_TOKEN;
    let body = format!(
        r#"{{"client_id":"{client}","client_secret":"{secret}","grant_type":"client_credentials","scopes":["customers","payment-methods"]}}"#
    );
    let token = log_in(address, "/v2/oauth", &body, "access_token")?;
    Ok(format!("Authorization: Bearer {token}"))
}

/// Has the demonstration's program be told of `customers/{topic}` at an address, as JSON.
pub(crate) fn subscribe(server: SocketAddr, topic: &str, address: &str) -> Result<(), Failure> {
    let body = format!(r#"{{"topic":"customers/{topic}","address":"{address}"}}"#);
    let target = "/v1/companies/me/webhooks.json";
    ask(server, &request("POST", target, KOUNTA_BASIC, &body), 201).map(drop)
}

/// Sends one request and returns the body of the answer, which must have the `expected` status.
pub(crate) fn ask(address: SocketAddr, request: &[u8], expected: u16) -> Result<Vec<u8>, Failure> {
    let (status, body) = exchange(address, request)?;
    if status == expected {
        return Ok(body);
    }
    let shown = String::from_utf8_lossy(&body);
    Err(Failure::explained(format!("{status} and not the expected {expected}:\n{shown}")))
}

/// Sends one request and returns the status and the body of the answer.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> Result<(u16, Vec<u8>), Failure> {
    let mut reply = Vec::new();
    let mut stream = TcpStream::connect(address).map_err(Failure::io("reach the service"))?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(Failure::io("reach the service"))?;
    stream.write_all(request).map_err(Failure::io("ask the service"))?;
    loop {
        if let Some(head) = Head::parse(&reply).map_err(crate::backend::explained)?
            && reply.len() >= head.size + head.body
        {
            return Ok((head.status, reply.split_off(head.size)));
        }
        let mut part = [0; 8192];
        let read = stream.read(&mut part).map_err(Failure::io("read the service's answer"))?;
        if read == 0 {
            return Err(Failure::explained("the service closed the connection"));
        }
        reply.extend_from_slice(&part[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_a_body_says_how_long_it_is() {
        let text = String::from_utf8(request("PUT", "/x", "A: b\r\n", "{}")).unwrap();
        assert_eq!(
            text,
            "PUT /x HTTP/1.1\r\nHost: bench.test\r\nA: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        );
    }

    #[test]
    fn a_request_without_a_body_has_no_length() {
        assert!(!String::from_utf8(request("GET", "/", "", "")).unwrap().contains("Length"));
    }
}
