//! Argon2id in memory that stays for the next hash.
//!
//! A hash fills 19 MiB, and getting that anew costs a fifth of the hash. So pieces stay while hashes are made, and one of
//! them for the next time.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher, PasswordHasher};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Argon2id with a piece of memory for each hash that is being made, and one for the next.
pub(crate) struct Hasher {
    params: Params,
    pieces: Mutex<Pieces>,
}

#[derive(Default)]
struct Pieces {
    idle: Vec<Vec<Block>>,
    lent: usize,
}

impl Hasher {
    /// A hasher of some cost. Checking a hash takes what that hash cost.
    pub(crate) fn new(params: Params) -> Self {
        Self { params, pieces: Mutex::default() }
    }

    fn with_memory<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let mut memory = self.borrow();
        if memory.len() < blocks {
            memory.resize(blocks, Block::default());
        }
        let done = work(&mut memory[..blocks]);
        self.give_back(memory);
        done
    }

    fn borrow(&self) -> Vec<Block> {
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.lent += 1;
        pieces.idle.pop().unwrap_or_default()
    }

    fn give_back(&self, piece: Vec<Block>) {
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.lent -= 1;
        pieces.idle.push(piece);
        if pieces.lent == 0 {
            pieces.idle.truncate(1);
        }
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
        assert_eq!(hasher.pieces.lock().unwrap().idle.len(), 1);
    }

    #[test]
    fn of_the_memory_of_many_hashes_at_once_one_piece_stays() {
        let hasher = Hasher::new(params(64));
        let idle = || hasher.pieces.lock().unwrap().idle.len();
        let (first, second) = (hasher.borrow(), hasher.borrow());
        hasher.give_back(first);
        assert_eq!(idle(), 1);
        hasher.with_memory(64, |_| {
            assert_eq!(idle(), 0);
        });
        hasher.give_back(second);
        assert_eq!(idle(), 1);
    }

    #[test]
    fn a_hash_of_another_cost_is_checked_at_that_cost() {
        let theirs = Argon2::from(params(128)).hash_password(b"secret").unwrap();
        let hasher = Hasher::new(params(64));
        assert_eq!(hasher.verify_password(b"secret", &theirs), Ok(()));
        assert!(hasher.verify_password(b"Secret", &theirs).is_err());
    }
}
