//! Ports whose answers a test knows beforehand.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::clock::{Clock, Entropy};
use crate::secret::{Fingerprint, PasswordHash, Sealed, Secret, SecretError, SecretKeeper};

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct FixedClock(Mutex<OffsetDateTime>);

impl Default for FixedClock {
    fn default() -> Self {
        Self(Mutex::new(datetime!(2026-03-02 08:15:00 UTC)))
    }
}

impl FixedClock {
    /// A clock that stands at a moment.
    pub fn at(moment: OffsetDateTime) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves the clock.
    pub fn advance(&self, by: time::Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Randomness that counts: every id is new, and the same in every run.
#[derive(Debug, Default)]
pub struct SequentialEntropy(AtomicU64);

impl SequentialEntropy {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Entropy for SequentialEntropy {
    fn uuid(&self) -> Uuid {
        Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | self.next())
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let value = self.next().wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
            chunk.copy_from_slice(&value[..chunk.len()]);
        }
    }
}

/// Secrets that anybody can read, and a count of the checks that take long in production.
#[derive(Debug, Default)]
pub struct CountingKeeper(AtomicUsize);

impl CountingKeeper {
    /// How often a password was checked.
    pub fn checks(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an older hash begins with; the password follows.
pub const OLD_HASH: &str = "old hash of ";

#[async_trait]
impl SecretKeeper for CountingKeeper {
    async fn hash_password(&self, password: Secret<String>) -> Result<PasswordHash, SecretError> {
        Ok(PasswordHash::new(format!("hash of {}", password.expose())))
    }

    async fn verify_password(
        &self,
        password: Secret<String>,
        hash: Option<PasswordHash>,
    ) -> Result<bool, SecretError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let own = format!("hash of {}", password.expose());
        Ok(hash.is_some_and(|hash| hash.as_str().trim_start_matches("old ") == own))
    }

    /// A sum of the letters by their places, long enough for a test.
    fn fingerprint(&self, secret: &str) -> Fingerprint {
        let mut bytes = [0_u8; 32];
        for (at, letter) in secret.bytes().enumerate() {
            let byte = &mut bytes[at % 32];
            *byte = byte.wrapping_mul(31).wrapping_add(letter);
        }
        Fingerprint::from(bytes)
    }

    fn keyed_fingerprint(&self, secret: &str) -> Fingerprint {
        self.fingerprint(&format!("keyed {secret}"))
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        hash.as_str().starts_with(OLD_HASH)
    }

    fn seal(&self, secret: &Secret<Vec<u8>>) -> Result<Sealed, SecretError> {
        Ok(Sealed::new(secret.expose().clone()))
    }

    fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, SecretError> {
        Ok(Secret::new(sealed.as_bytes().to_vec()))
    }
}
