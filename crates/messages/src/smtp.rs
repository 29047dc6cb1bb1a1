//! Mails by SMTP.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use domain::message::{DeliveryError, Mail, Mailer};
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{Address, AsyncTransport as _, Message, Tokio1Executor};
use tokio::time::timeout;

use crate::settings::{InvalidSettings, Security, SmtpSettings, is_loopback};

/// Replies that are about this mail and will be the same next time: unknown mailbox, no such host, too large. Others,
/// such as a refused login, say more about our settings than about the mail.
const FINAL: &[u16] = &[501, 550, 551, 552, 553, 556];

/// Hands mails to one SMTP server, each over a connection of its own.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}

impl Smtp {
    /// A way to the server; it is not called yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, InvalidSettings> {
        let from: Mailbox = settings.from.parse().map_err(|_| InvalidSettings::Sender)?;
        if settings.security == Security::None && !is_loopback(&settings.host) {
            return Err(InvalidSettings::UnprotectedMail);
        }
        let parameters =
            || TlsParameters::new(settings.host.clone()).map_err(|_| InvalidSettings::Tls);
        let tls = match settings.security {
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::None => Tls::None,
        };
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
                .port(settings.port)
                .tls(tls)
                .hello_name(ClientId::Domain(from.email.domain().to_owned()))
                .timeout(Some(settings.timeout));
        if let Some((name, password)) = settings.credentials {
            transport = transport.credentials(Credentials::new(name, password.into_inner()));
        }
        Ok(Self { transport: transport.build(), from, timeout: settings.timeout })
    }

    /// The mail as it goes over the wire. Every try carries the same id, so that a server may tell a repetition.
    fn written(&self, mail: &Mail) -> Result<Message, DeliveryError> {
        let refused = |reason: &'static str| DeliveryError::Refused(reason.into());
        let to: Address =
            mail.to.as_str().parse().map_err(|_| refused("the address cannot be used"))?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.as_str())
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|_| refused("the mail cannot be written"))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), DeliveryError> {
        let message = self.written(mail)?;
        match timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(DeliveryError::Failed("the mail server took too long".into())),
        }
    }
}

/// The error without the server's words, which often repeat the address.
fn told(error: &Error) -> DeliveryError {
    let Some(code) = error.status().map(u16::from) else {
        let reason = if error.is_timeout() {
            "the mail server took too long"
        } else if error.is_tls() {
            "no encrypted connection to the mail server"
        } else {
            "the mail server cannot be reached"
        };
        return DeliveryError::Failed(reason.into());
    };
    let reason = format!("the mail server answered {code}").into();
    if FINAL.contains(&code) {
        DeliveryError::Refused(reason)
    } else {
        DeliveryError::Failed(reason)
    }
}
