//! What sends messages in tests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::message::{Channel, DeliveryError, Gateways, Mail, Mailer, TextMessage, Texter};
use crate::secret::{Fingerprint, PasswordHash, Sealed, Secret, SecretError, SecretKeeper};

/// A message that a [`Postbox`] took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Which way it came.
    pub channel: Channel,
    /// The address or the number.
    pub to: String,
    /// Empty for an SMS.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Both gateways at once: keeps what it takes, and takes nothing while it is told so.
#[derive(Clone, Debug, Default)]
pub struct Postbox(Arc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    posted: Mutex<Vec<Posted>>,
    refusal: Mutex<Option<(Option<Channel>, DeliveryError)>>,
    asked: AtomicUsize,
}

impl Postbox {
    /// What it took, oldest first.
    pub fn posted(&self) -> Vec<Posted> {
        self.0.posted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often it was asked, whether it took the message or not.
    pub fn asked(&self) -> usize {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// From now on answers with an error, on one channel or on both; with none it takes everything again.
    pub fn answer(&self, channel: Option<Channel>, error: Option<DeliveryError>) {
        let mut refusal = self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        *refusal = error.map(|error| (channel, error));
    }

    /// The postbox as the way out for both channels.
    pub fn gateways(&self) -> Gateways {
        Gateways { mailer: Some(Arc::new(self.clone())), texter: Some(Arc::new(self.clone())) }
    }

    fn take(&self, posted: Posted) -> Result<(), DeliveryError> {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        let refusal = self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match refusal {
            Some((channel, error)) if channel.is_none_or(|channel| channel == posted.channel) => {
                Err(error)
            }
            _ => {
                self.0.posted.lock().unwrap_or_else(PoisonError::into_inner).push(posted);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, mail: &Mail) -> Result<(), DeliveryError> {
        let (to, subject, body) =
            (mail.to.as_str().to_owned(), mail.subject.clone(), mail.body.clone());
        self.take(Posted { channel: Channel::Email, to, subject, body })
    }
}

#[async_trait]
impl Texter for Postbox {
    async fn send(&self, text: &TextMessage) -> Result<(), DeliveryError> {
        let (to, body) = (text.to.as_str().to_owned(), text.body.clone());
        self.take(Posted { channel: Channel::Sms, to, subject: String::new(), body })
    }
}

/// A keeper whose hashes and seals anybody can read.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenKeeper;

#[async_trait]
impl SecretKeeper for OpenKeeper {
    async fn hash_password(&self, password: Secret<String>) -> Result<PasswordHash, SecretError> {
        Ok(PasswordHash::new(password.into_inner()))
    }

    async fn verify_password(
        &self,
        password: Secret<String>,
        hash: Option<PasswordHash>,
    ) -> Result<bool, SecretError> {
        Ok(hash.is_some_and(|hash| hash.as_str() == password.expose()))
    }

    fn fingerprint(&self, secret: &str) -> Fingerprint {
        let mut bytes = [0; 32];
        for (at, byte) in secret.bytes().enumerate() {
            bytes[at % 32] ^= byte.rotate_left(u32::try_from(at / 32 % 8).unwrap_or(0));
        }
        Fingerprint::from(bytes)
    }

    fn seal(&self, secret: &Secret<Vec<u8>>) -> Result<Sealed, SecretError> {
        Ok(Sealed::new([b"sealed ", secret.expose().as_slice()].concat()))
    }

    fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, SecretError> {
        let content = sealed.as_bytes().strip_prefix(b"sealed ");
        content.map(|bytes| Secret::new(bytes.to_vec())).ok_or(SecretError::Unreadable)
    }
}
