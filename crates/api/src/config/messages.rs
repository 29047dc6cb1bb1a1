//! How messages to people leave: settings, and what they mean to the adapters.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use domain::Secret;
use domain::message::Links;
use messages::{Security, SmsSettings, SmtpSettings};
use serde::Deserialize;

use super::{PublicUrl, values};

/// The most that handing over one message may take: a message is another sender's after five minutes.
const LONGEST_TIMEOUT: Duration = Duration::from_mins(1);

/// How messages to people leave.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessagesConfig {
    /// What links begin with; `None` for the public address.
    #[serde(deserialize_with = "values::optional_text")]
    pub customer_panel_url: Option<String>,
    /// What stands between the panel's address and an activation token.
    pub activation_path: String,
    /// What stands before a password reset token; `None` for a path of the panel.
    #[serde(deserialize_with = "values::optional_text")]
    pub password_reset_url: Option<String>,
    /// How many messages are sent at the same time.
    pub senders: NonZeroUsize,
    /// How often messages are looked for.
    #[serde(rename = "poll_milliseconds", deserialize_with = "values::milliseconds")]
    pub poll: Duration,
    /// Whether messages land in the log and on a page instead of leaving.
    pub dev_outbox: bool,
    /// The mail server.
    pub smtp: SmtpConfig,
    /// The SMS gateway.
    pub sms: SmsConfig,
}

/// The mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name or address; `None` for no mail server.
    #[serde(deserialize_with = "values::optional_text")]
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// The name to log in by; `None` for no login.
    #[serde(deserialize_with = "values::optional_text")]
    pub username: Option<String>,
    /// The password to log in with.
    #[serde(deserialize_with = "values::optional_secret")]
    pub password: Option<Secret<String>>,
    /// The sender.
    pub from: String,
    /// How long handing over one mail may take.
    #[serde(rename = "timeout_seconds", deserialize_with = "values::seconds")]
    pub timeout: Duration,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// Encrypted once the server agreed to it, which it must.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all.
    None,
}

/// The SMS gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    /// Where SMS are posted to; `None` for no gateway.
    #[serde(deserialize_with = "values::optional_text")]
    pub url: Option<String>,
    /// How the body is written.
    pub format: BodyFormat,
    /// The body with places for values.
    pub body: String,
    /// Further headers.
    #[serde(deserialize_with = "values::headers")]
    pub headers: Vec<(String, Secret<String>)>,
    /// How long handing over one SMS may take.
    #[serde(rename = "timeout_seconds", deserialize_with = "values::seconds")]
    pub timeout: Duration,
}

/// How the body of a request to the SMS gateway is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// JSON.
    Json,
    /// A form.
    Form,
}

impl MessagesConfig {
    /// Rules that no single value's type can hold: whether each is broken, the key, and what to say then.
    pub(super) fn rules(&self, listen: SocketAddr) -> [(bool, &'static str, &'static str); 6] {
        let gateway = self.smtp.host.is_some() || self.sms.url.is_some();
        let stranded = self.smtp.host.is_some() && self.smtp.from.is_empty();
        let slow = |timeout: Duration| timeout > LONGEST_TIMEOUT;
        let open = self.dev_outbox && !listen.ip().is_loopback();
        [
            (stranded, "messages.smtp.from", "must be set with a host"),
            (slow(self.smtp.timeout), "messages.smtp.timeout_seconds", "is over 60"),
            (slow(self.sms.timeout), "messages.sms.timeout_seconds", "is over 60"),
            (
                !self.activation_path.starts_with('/'),
                "messages.activation_path",
                "must begin with a slash",
            ),
            (open, "messages.dev_outbox", "needs a loopback address in `listen`"),
            (self.dev_outbox && gateway, "messages.dev_outbox", "cannot stand beside a gateway"),
        ]
    }

    /// What links begin with. The development outbox has a panel of its own, so that its links lead somewhere.
    pub fn links(&self, public: &PublicUrl) -> Links {
        let own = if self.dev_outbox { "/dev/panel/{store}" } else { "" };
        let panel = match &self.customer_panel_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => public.join(own),
        };
        let reset = match &self.password_reset_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("{panel}/reset-password"),
        };
        let activation_path = self.activation_path.trim_end_matches('/').to_owned();
        Links { panel, activation_path, reset }
    }
}

impl SmtpConfig {
    /// What the adapter needs; `None` without a mail server.
    pub fn settings(&self) -> Option<SmtpSettings> {
        let password = || self.password.clone().unwrap_or_else(|| Secret::new(String::new()));
        Some(SmtpSettings {
            host: self.host.clone()?,
            port: self.port,
            security: match self.security {
                MailSecurity::StartTls => Security::StartTls,
                MailSecurity::Tls => Security::Tls,
                MailSecurity::None => Security::None,
            },
            credentials: self.username.clone().map(|name| (name, password())),
            from: self.from.clone(),
            timeout: self.timeout,
        })
    }
}

impl SmsConfig {
    /// What the adapter needs; `None` without a gateway.
    pub fn settings(&self) -> Option<SmsSettings> {
        Some(SmsSettings {
            url: self.url.clone()?,
            format: match self.format {
                BodyFormat::Json => messages::BodyFormat::Json,
                BodyFormat::Form => messages::BodyFormat::Form,
            },
            body: self.body.clone(),
            headers: self.headers.clone(),
            timeout: self.timeout,
        })
    }
}
