//! The keys that sign tokens: made at the first start, sealed in storage, the same for every process.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::secret::{SecretError, SecretKeeper};
use domain::token::{SigningKeyName, Tokens};
use domain::{Entropy, Secret, StorageError};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

/// One key pair or shared secret, and the one algorithm it is for: a token that names another is refused.
#[derive(Clone)]
pub struct SigningKey {
    /// The only algorithm that this key signs and verifies.
    pub algorithm: Algorithm,
    /// What signs.
    pub encoding: EncodingKey,
    /// What verifies.
    pub decoding: DecodingKey,
}

/// Every key of the service.
#[derive(Clone)]
pub struct SigningKeys {
    /// Open Loyalty's access tokens, RS256 (contract 2.2).
    pub open_loyalty: SigningKey,
    /// KunaCore's tokens, HS256 (contract 1.3).
    pub kuna_core: SigningKey,
}

/// Why the keys could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The stored key cannot be opened: another master key sealed it.
    #[error("the stored signing key was sealed under another master key")]
    Sealed(#[from] SecretError),
    /// The key could not be made or read.
    #[error("a signing key is damaged")]
    Damaged,
}

impl SigningKeys {
    /// Reads the keys, or makes them if this is the first start.
    pub async fn load(
        tokens: &Tokens,
        keeper: &dyn SecretKeeper,
        entropy: &dyn Entropy,
    ) -> Result<Self, KeysError> {
        let pkcs8 = key(tokens, keeper, SigningKeyName::OpenLoyalty, new_rsa).await?;
        let new_secret = || {
            let mut bytes = vec![0; 32];
            entropy.fill(&mut bytes);
            Ok(bytes)
        };
        let secret = key(tokens, keeper, SigningKeyName::KunaCore, new_secret).await?;
        Ok(Self {
            open_loyalty: rsa(pkcs8.expose())?,
            kuna_core: SigningKey {
                algorithm: Algorithm::HS256,
                encoding: EncodingKey::from_secret(secret.expose()),
                decoding: DecodingKey::from_secret(secret.expose()),
            },
        })
    }
}

async fn key(
    tokens: &Tokens,
    keeper: &dyn SecretKeeper,
    name: SigningKeyName,
    fresh: impl FnOnce() -> Result<Vec<u8>, KeysError> + Send,
) -> Result<Secret<Vec<u8>>, KeysError> {
    let sealed = match tokens.signing_key(name).await? {
        Some(sealed) => sealed,
        None => tokens.keep_signing_key(name, &keeper.seal(&Secret::new(fresh()?))?).await?,
    };
    Ok(keeper.open(&sealed)?)
}

fn new_rsa() -> Result<Vec<u8>, KeysError> {
    let pair =
        aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeysError::Damaged)?;
    Ok(pair.as_der().map_err(|_| KeysError::Damaged)?.as_ref().to_vec())
}

fn rsa(pkcs8: &[u8]) -> Result<SigningKey, KeysError> {
    let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeysError::Damaged)?;
    // The JWT library takes PKCS#8 in its PEM dress only.
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        wrapped(&STANDARD.encode(pkcs8))
    );
    Ok(SigningKey {
        algorithm: Algorithm::RS256,
        encoding: EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| KeysError::Damaged)?,
        decoding: DecodingKey::from_rsa_der(pair.public_key().as_ref()),
    })
}

fn wrapped(base64: &str) -> String {
    let lines = base64.as_bytes().chunks(64).map(String::from_utf8_lossy);
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Header, Validation, decode, encode};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_the_rsa_key_signs_it_verifies() {
        let key = rsa(&new_rsa().unwrap()).unwrap();
        let token =
            encode(&Header::new(key.algorithm), &json!({"exp": 4_000_000_000_u64}), &key.encoding)
                .unwrap();
        assert!(decode::<Value>(&token, &key.decoding, &Validation::new(key.algorithm)).is_ok());
        let other = rsa(&new_rsa().unwrap()).unwrap();
        assert!(
            decode::<Value>(&token, &other.decoding, &Validation::new(other.algorithm)).is_err()
        );
    }
}
