//! What deliveries need from those who write and carry them.

use std::borrow::Cow;
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::model::{Fact, Target};
use crate::id::DeliveryId;
use crate::merchant::Merchant;
use crate::secret::{Secret, SecretError};
use crate::subscription::DeliveryAddress;

/// One delivery that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Whose customer.
    pub merchant: &'a Merchant,
    /// Who is told.
    pub target: &'a Target,
    /// Of what.
    pub fact: &'a Fact,
}

/// Writes deliveries in a vendor's shape: implemented by the dialects.
pub trait Renderer: Send + Sync {
    /// The body. The same order has the same body, whenever it is asked for.
    ///
    /// # Errors
    /// [`RenderError`] when the target cannot be told of the fact; it is then never delivered.
    fn body(&self, order: Order<'_>) -> Result<Vec<u8>, RenderError>;

    /// The vendor's own headers for a body, those that the subscriber added included; no standard ones (`Host`,
    /// `Content-Length`, those of Standard Webhooks). `delivery` names the delivery: retries carry the same.
    ///
    /// # Errors
    /// [`SecretError`] when a sealed value cannot be read.
    fn headers(
        &self,
        order: Order<'_>,
        delivery: DeliveryId,
        body: &[u8],
    ) -> Result<Vec<Rendered>, SecretError>;
}

/// A header that is ready to go. Values may be credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its value.
    pub value: Secret<String>,
}

/// The dialect cannot tell the target of the fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fact that this kind of endpoint is not told of")]
pub struct RenderError;

/// A delivery that is ready to go.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its id (`webhook-id`): tries again carry the same.
    pub id: DeliveryId,
    /// When it is sent (`webhook-timestamp`).
    pub at: OffsetDateTime,
    /// The secrets in force, newest first: each makes a signature (`webhook-signature`).
    pub secrets: Vec<Secret<Vec<u8>>>,
    /// Where to.
    pub address: DeliveryAddress,
    /// The vendor's headers.
    pub headers: Vec<Rendered>,
    /// What is sent, byte for byte.
    pub body: Vec<u8>,
}

/// Carries deliveries. It bounds everything: the time from the first look-up of a name to the last byte that is read
/// (15 s), and what is read (16 KiB). It follows no redirect, and connects to nothing that configuration does not allow.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Sends one delivery and waits for the answer.
    async fn send(&self, outgoing: Outgoing) -> Reply;
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer with a status.
    Answered {
        /// The status.
        status: u16,
        /// At most so much of the body as was read.
        body: Vec<u8>,
        /// For how long the other side wants to be left alone (`Retry-After`, in seconds or as a date).
        retry_after: Option<Duration>,
    },
    /// No answer.
    Failed(Failure),
}

/// Why there was no answer. Names no address: it is shown to whoever reads the log of deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address leads where deliveries may not go.
    #[error("the address is not allowed")]
    Forbidden,
    /// The name has no address.
    #[error("the name could not be resolved")]
    Unresolved,
    /// Nobody listens, or not as expected.
    #[error("no connection")]
    Unreachable,
    /// The certificate is not to be trusted, or there is no common protocol.
    #[error("no secure connection")]
    Insecure,
    /// Not all was said in time.
    #[error("out of time")]
    TimedOut,
    /// The connection ended, or what came was no answer.
    #[error("no valid answer")]
    Broken,
}

impl Failure {
    /// Every failure.
    pub const ALL: [Self; 6] = [
        Self::Forbidden,
        Self::Unresolved,
        Self::Unreachable,
        Self::Insecure,
        Self::TimedOut,
        Self::Broken,
    ];

    /// The failure's name in storage and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Unresolved => "unresolved",
            Self::Unreachable => "unreachable",
            Self::Insecure => "insecure",
            Self::TimedOut => "timed_out",
            Self::Broken => "broken",
        }
    }
}
