//! What an operator sets.

use std::net::IpAddr;
use std::time::Duration;

use domain::Secret;

/// How mails leave.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User name and password, where the server wants them.
    pub credentials: Option<(String, Secret<String>)>,
    /// The sender: `shop@example.com` or `Shop <shop@example.com>`.
    pub from: String,
    /// How long handing over one mail may take.
    pub timeout: Duration,
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Encrypted once the server agreed to it; without its agreement nothing is sent.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all; only to this very machine.
    None,
}

/// How SMS leave.
#[derive(Clone, Debug)]
pub struct SmsSettings {
    /// Where they are posted to; `http` only to this very machine.
    pub url: String,
    /// How the body is written.
    pub format: BodyFormat,
    /// The body, with `{number}`, `{text}` and `{id}` in the place of values: a JSON document, or `name=value` pairs
    /// joined by `&`, written plainly.
    pub body: String,
    /// Further headers, such as the gateway's key.
    pub headers: Vec<(String, Secret<String>)>,
    /// How long handing over one SMS may take.
    pub timeout: Duration,
}

/// How the body of a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// The settings cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// The sender is no address.
    #[error("the sender is not an e-mail address")]
    Sender,
    /// Mails would leave the machine in the clear.
    #[error("only a mail server on this machine may be used without encryption")]
    UnprotectedMail,
    /// The address is none, or SMS would leave the machine in the clear.
    #[error("the gateway's address must be https, or http to this machine")]
    Url,
    /// The body does not fit its format.
    #[error("the body must be JSON or pairs, as its format says, and use {{number}} and {{text}}")]
    Body,
    /// A header is none.
    #[error("a header cannot be sent")]
    Header,
    /// The TLS library could not be set up.
    #[error("encryption could not be set up")]
    Tls,
}

/// Whether a host is this very machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
