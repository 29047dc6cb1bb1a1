//! Argon2id in memory that stays for the next hash.
//!
//! A hash fills 19 MiB. Given back after each, that memory would not leave the process but pile up, a piece for each
//! thread that ever hashed, and getting it anew costs a fifth of the hash.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher, PasswordHasher};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Argon2id with as many pieces of memory as there ever were hashes at the same time.
pub(crate) struct Hasher {
    params: Params,
    idle: Mutex<Vec<Vec<Block>>>,
}

impl Hasher {
    /// A hasher of some cost. Checking a hash takes what that hash cost.
    pub(crate) fn new(params: Params) -> Self {
        Self { params, idle: Mutex::new(Vec::new()) }
    }

    fn with_memory<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = idle().pop().unwrap_or_default();
        if memory.len() < blocks {
            memory.resize(blocks, Block::default());
        }
        let done = work(&mut memory[..blocks]);
        idle().push(memory);
        done
    }
}

impl CustomizedPasswordHasher<Phc> for Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<Phc> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let mut output = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = output.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
        let (settings, blocks) = (ParamsString::try_from(&params)?, params.block_count());
        let argon = Argon2::new(algorithm, version, params);
        self.with_memory(blocks, |memory| {
            argon.hash_password_into_with_memory(password, &salt, output, memory)
        })?;
        Ok(Phc {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: settings,
            salt: Some(salt),
            hash: Some(Output::new(output)?),
        })
    }
}

impl PasswordHasher<Phc> for Hasher {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<Phc> {
        self.hash_password_customized(password, salt, None, None, self.params.clone())
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;

    use super::*;

    fn params(memory: u32) -> Params {
        Params::new(memory, 2, 1, None).unwrap()
    }

    #[test]
    fn hashes_are_those_of_the_algorithm_whatever_was_hashed_before() {
        let hasher = Hasher::new(params(64));
        for (password, memory) in [("one", 256), ("two", 32), ("three", 64), ("one", 512)] {
            let ours = hasher.hash_password_customized(
                password.as_bytes(),
                b"a salt for tests",
                None,
                None,
                params(memory),
            );
            let theirs = Argon2::from(params(memory))
                .hash_password_with_salt(password.as_bytes(), b"a salt for tests");
            assert_eq!(ours, theirs, "{password}");
        }
        assert_eq!(hasher.idle.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_hash_of_another_cost_is_checked_at_that_cost() {
        let theirs = Argon2::from(params(128)).hash_password(b"secret").unwrap();
        let hasher = Hasher::new(params(64));
        assert_eq!(hasher.verify_password(b"secret", &theirs), Ok(()));
        assert!(hasher.verify_password(b"Secret", &theirs).is_err());
    }
}
