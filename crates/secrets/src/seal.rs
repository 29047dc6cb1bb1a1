//! Encryption at rest.

use std::str::FromStr;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{digest, hmac};
use domain::Secret;
use domain::secret::{Sealed, SecretError};

/// What the key of keyed fingerprints is derived from the master key for.
const DERIVATION: &[u8] = b"clientele keyed fingerprint";

/// The key that everything sealed is sealed under: 32 bytes, written as 64 hex digits.
#[derive(Clone, Debug)]
pub struct MasterKey(Secret<[u8; 32]>);

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let digits = raw.trim().as_bytes();
        if digits.len() != 64 {
            return Err(InvalidMasterKey);
        }
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| InvalidMasterKey)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidMasterKey)?;
        }
        Ok(Self(Secret::new(key)))
    }
}

impl From<Secret<[u8; 32]>> for MasterKey {
    fn from(key: Secret<[u8; 32]>) -> Self {
        Self(key)
    }
}

/// The text is not 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 64 hex digits")]
pub struct InvalidMasterKey;

impl MasterKey {
    /// Encrypts, with a nonce of its own in front.
    pub(crate) fn seal(&self, secret: &Secret<Vec<u8>>) -> Result<Sealed, SecretError> {
        let mut bytes = secret.expose().clone();
        let nonce = self
            .key()?
            .seal_in_place_append_tag(Aad::empty(), &mut bytes)
            .map_err(|_| SecretError::Unreadable)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut bytes);
        Ok(Sealed::new(sealed))
    }

    /// Decrypts; what was changed or sealed under another key is refused.
    pub(crate) fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, SecretError> {
        let (nonce, bytes) =
            sealed.as_bytes().split_at_checked(NONCE_LEN).ok_or(SecretError::Unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecretError::Unreadable)?;
        let mut bytes = bytes.to_vec();
        let opened = self
            .key()?
            .open_in_place(nonce, Aad::empty(), &mut bytes)
            .map_err(|_| SecretError::Unreadable)?;
        Ok(Secret::new(opened.to_vec()))
    }

    /// The HMAC of a text, under a key that is derived for nothing else.
    pub(crate) fn hmac(&self, text: &str) -> [u8; 32] {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.0.expose()), DERIVATION);
        let key = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&key, text.as_bytes()).as_ref());
        bytes
    }

    fn key(&self) -> Result<RandomizedNonceKey, SecretError> {
        RandomizedNonceKey::new(&AES_256_GCM, self.0.expose()).map_err(|_| SecretError::Unreadable)
    }
}

/// The SHA-256 of a text.
pub(crate) fn sha256(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: char) -> MasterKey {
        String::from(digit).repeat(64).parse().unwrap()
    }

    #[test]
    fn what_is_sealed_opens_under_the_same_key_only() {
        let secret = Secret::new(b"mk_demo".to_vec());
        let sealed = key('a').seal(&secret).unwrap();
        assert_eq!(key('a').open(&sealed), Ok(secret));
        assert_eq!(key('b').open(&sealed), Err(SecretError::Unreadable));
    }

    #[test]
    fn a_changed_or_cut_seal_is_refused() {
        let sealed = key('a').seal(&Secret::new(b"mk_demo".to_vec())).unwrap();
        let mut changed = sealed.as_bytes().to_vec();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(key('a').open(&Sealed::new(changed)), Err(SecretError::Unreadable));
        assert_eq!(key('a').open(&Sealed::new(vec![1, 2, 3])), Err(SecretError::Unreadable));
    }

    #[test]
    fn equal_secrets_do_not_look_equal_when_sealed() {
        let secret = Secret::new(b"mk_demo".to_vec());
        assert_ne!(key('a').seal(&secret), key('a').seal(&secret));
    }

    #[test]
    fn a_master_key_is_sixty_four_hex_digits() {
        for raw in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
            assert!(raw.parse::<MasterKey>().is_err(), "{raw}");
        }
    }
}
