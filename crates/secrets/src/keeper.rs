//! The domain's port for secrets.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Params, PasswordHasher as _, PasswordVerifier as _};
use async_trait::async_trait;
use domain::Secret;
use domain::secret::{Fingerprint, PasswordHash, Sealed, SecretError, SecretKeeper};
use tokio::sync::Semaphore;

use crate::argon::Hasher;
use crate::bcrypt;
use crate::seal::{MasterKey, sha256};

/// How many callers may wait for the hasher, per core, before further ones are turned away.
const QUEUE_PER_CORE: usize = 32;

/// Secrets on argon2id, SHA-256 and AES-256-GCM.
#[derive(Clone)]
pub struct Keeper {
    master: MasterKey,
    hasher: Arc<Hasher>,
    /// A hash that no password fits, so that unknown accounts cost what known ones cost.
    decoy: Arc<str>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}

impl Keeper {
    /// A keeper with the cost that OWASP advises for argon2id: 19 MiB, two passes, one lane.
    pub fn new(master: MasterKey) -> Result<Self, SecretError> {
        Self::with_cost(master, Params::DEFAULT)
    }

    /// A keeper whose hashes cost next to nothing: for tests that log in often.
    pub fn cheap(master: MasterKey) -> Result<Self, SecretError> {
        let params =
            Params::new(Params::MIN_M_COST, 1, 1, None).map_err(|_| SecretError::Unreadable)?;
        Self::with_cost(master, params)
    }

    fn with_cost(master: MasterKey, params: Params) -> Result<Self, SecretError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // Whoever starts and is never asked for a password keeps no memory for it.
        let passing = Hasher::new(params.clone());
        let decoy = hash(&passing, "no password is this long and still typed by a person")?;
        let hasher = Hasher::new(params);
        Ok(Self {
            master,
            hasher: Arc::new(hasher),
            decoy: Arc::from(decoy),
            running: Arc::new(Semaphore::new(cores)),
            waiting: Arc::new(Semaphore::new(cores * QUEUE_PER_CORE)),
        })
    }

    /// Runs slow work off the async threads, on at most as many threads as there are cores.
    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, SecretError> {
        let _place = self.waiting.try_acquire().map_err(|_| SecretError::Overloaded)?;
        let _core = self.running.acquire().await.map_err(|_| SecretError::Overloaded)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| SecretError::Overloaded)
    }
}

#[async_trait]
impl SecretKeeper for Keeper {
    async fn hash_password(&self, password: Secret<String>) -> Result<PasswordHash, SecretError> {
        let hasher = Arc::clone(&self.hasher);
        self.slowly(move || hash(&hasher, password.expose())).await?.map(PasswordHash::new)
    }

    async fn verify_password(
        &self,
        password: Secret<String>,
        hash: Option<PasswordHash>,
    ) -> Result<bool, SecretError> {
        let (hasher, decoy) = (Arc::clone(&self.hasher), Arc::clone(&self.decoy));
        self.slowly(move || {
            if let Some(hash) = hash.as_ref().filter(|hash| bcrypt::is_hash(hash.as_str())) {
                return bcrypt::verify(password.expose(), hash.as_str());
            }
            let known = hash.is_some();
            let phc = Phc::new(hash.as_ref().map_or(&*decoy, PasswordHash::as_str))
                .map_err(|_| SecretError::Unreadable)?;
            let fits = hasher.verify_password(password.expose().as_bytes(), &phc).is_ok();
            Ok(known && fits)
        })
        .await?
    }

    fn fingerprint(&self, secret: &str) -> Fingerprint {
        Fingerprint::from(sha256(secret))
    }

    fn keyed_fingerprint(&self, secret: &str) -> Fingerprint {
        Fingerprint::from(self.master.hmac(secret))
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        bcrypt::is_hash(hash.as_str())
    }

    fn seal(&self, secret: &Secret<Vec<u8>>) -> Result<Sealed, SecretError> {
        self.master.seal(secret)
    }

    fn open(&self, sealed: &Sealed) -> Result<Secret<Vec<u8>>, SecretError> {
        self.master.open(sealed)
    }
}

fn hash(hasher: &Hasher, password: &str) -> Result<String, SecretError> {
    let phc = hasher.hash_password(password.as_bytes()).map_err(|_| SecretError::Unreadable)?;
    Ok(phc.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "U*U", under three spellings of the same kind of hash.
    const BCRYPT: &[&str] = &[
        "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    ];
    const BCRYPT_72: &str = "$2y$04$CCCCCCCCCCCCCCCCCCCCC.ug0A3dTXhy5U.dFjx/qguZ8I4CB77BC";

    fn keeper() -> Keeper {
        Keeper::cheap("a".repeat(64).parse().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_fits_its_hash() {
        let keeper = keeper();
        let hash = keeper.hash_password(Secret::new("Clientele-2026!".to_owned())).await.unwrap();
        for (given, fits) in [("Clientele-2026!", true), ("clientele-2026!", false), ("", false)] {
            let verified =
                keeper.verify_password(Secret::new(given.to_owned()), Some(hash.clone())).await;
            assert_eq!(verified, Ok(fits), "{given}");
        }
    }

    #[tokio::test]
    async fn nobody_fits_no_hash() {
        let decoy = "no password is this long and still typed by a person";
        assert_eq!(keeper().verify_password(Secret::new(decoy.to_owned()), None).await, Ok(false));
    }

    #[test]
    fn a_keyed_fingerprint_takes_the_key() {
        let other = Keeper::cheap("b".repeat(64).parse().unwrap()).unwrap();
        let (one, two) = ("123456", "123457");
        assert_eq!(keeper().keyed_fingerprint(one), keeper().keyed_fingerprint(one));
        assert_ne!(keeper().keyed_fingerprint(one), keeper().keyed_fingerprint(two));
        assert_ne!(keeper().keyed_fingerprint(one), other.keyed_fingerprint(one));
        assert_ne!(keeper().keyed_fingerprint(one), keeper().fingerprint(one));
    }

    #[tokio::test]
    async fn hashes_of_the_vendors_servers_fit_and_are_outdated() {
        let keeper = keeper();
        for hash in BCRYPT {
            let hash = PasswordHash::new((*hash).to_owned());
            assert!(keeper.is_outdated(&hash));
            for (given, fits) in [("U*U", true), ("U*V", false), ("", false)] {
                let given = Secret::new(given.to_owned());
                let verified = keeper.verify_password(given, Some(hash.clone())).await;
                assert_eq!(verified, Ok(fits), "{hash:?}");
            }
        }
        let own = keeper.hash_password(Secret::new("U*U".to_owned())).await.unwrap();
        assert!(!keeper.is_outdated(&own));
    }

    #[tokio::test]
    async fn a_password_of_which_an_old_hash_holds_a_part_only_does_not_fit() {
        let keeper = keeper();
        // The hash is that of 72 letters.
        let hash = PasswordHash::new(BCRYPT_72.to_owned());
        let verify = async |given: String| {
            keeper.verify_password(Secret::new(given), Some(hash.clone())).await
        };
        assert_eq!(verify("x".repeat(72)).await, Ok(true));
        assert_eq!(verify("x".repeat(73)).await, Ok(false));
        assert_eq!(verify(format!("{}y", "x".repeat(72))).await, Ok(false));
        assert_eq!(verify("x".repeat(71)).await, Ok(false));
        assert_eq!(verify(format!("{}\0", "x".repeat(71))).await, Ok(false));
    }

    #[tokio::test]
    async fn a_damaged_old_hash_is_told_and_fits_nobody() {
        let hash = PasswordHash::new("$2y$05$CCCCCCCCCCCCCCCCCCCCC".to_owned());
        let verified = keeper().verify_password(Secret::new("U*U".to_owned()), Some(hash)).await;
        assert_eq!(verified, Err(SecretError::Unreadable));
    }

    #[tokio::test]
    async fn passwords_count_beyond_their_seventy_second_byte() {
        let keeper = keeper();
        let long = "x".repeat(80);
        let hash = keeper.hash_password(Secret::new(long.clone())).await.unwrap();
        let other = format!("{}y", &long[..79]);
        assert_eq!(keeper.verify_password(Secret::new(other), Some(hash)).await, Ok(false));
    }
}
