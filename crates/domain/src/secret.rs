//! Secrets: what is hidden in memory, hashed when it is compared and sealed when it must be read again.

use std::fmt;

use async_trait::async_trait;

/// A value that never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The hidden value, for the one place that needs it.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the hidden value away.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The SHA-256 of a secret with enough entropy of its own: stored and looked up in place of the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl From<[u8; 32]> for Fingerprint {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Fingerprint {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A password as it is stored: a hash with its own salt and cost.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a hash as a keeper made it, or in the form of a system that a merchant comes from.
    pub fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A secret that the service must read again (a signing key, say), encrypted at rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes the bytes as a keeper made them.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The encrypted bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Hashing, fingerprints and encryption at rest.
#[async_trait]
pub trait SecretKeeper: Send + Sync {
    /// Hashes a password for storage. Slow on purpose, and bounded in parallel.
    async fn hash_password(&self, password: Secret<String>) -> Result<PasswordHash, SecretError>;

    /// Whether the password fits the hash. With no hash it takes as long and answers no, so that time tells nothing
    /// about who exists.
    async fn verify_password(
        &self,
        password: Secret<String>,
        hash: Option<PasswordHash>,
    ) -> Result<bool, SecretError>;

    /// The fingerprint under which a high-entropy secret is stored.
    fn fingerprint(&self, secret: &str) -> Fingerprint;

    /// The fingerprint under which a secret is stored that could be guessed if anybody could compute it: keyed, so that
    /// a stolen database gives nothing away.
    fn keyed_fingerprint(&self, secret: &str) -> Fingerprint;

    /// Whether a hash is of an older kind, to be replaced as soon as its password is known.
    fn is_outdated(&self, hash: &PasswordHash) -> bool;

    /// Encrypts a secret for storage.
    fn seal(&self, secret: &Secret<Vec<u8>>) -> Result<Sealed, SecretError>;

    /// Reads a sealed secret.
    fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, SecretError>;
}

/// Why a secret could not be handled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Too many passwords are being hashed at once.
    #[error("the password hasher is overloaded")]
    Overloaded,
    /// The stored form is damaged, or sealed under another master key.
    #[error("a stored secret cannot be read")]
    Unreadable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print_themselves() {
        let shown = format!(
            "{:?} {:?}",
            Secret::new("hunter2"),
            PasswordHash::new("$argon2id$x".to_owned())
        );
        assert_eq!(shown, "*** ***");
    }
}
