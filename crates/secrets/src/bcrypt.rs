//! Hashes that other systems made with bcrypt. They are checked and never made.

use domain::secret::SecretError;

/// What bcrypt looks at: two passwords that agree in so many bytes have the same hash.
const BYTES: usize = 72;

/// Whether a hash is one of bcrypt.
pub(crate) fn is_hash(hash: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|kind| hash.starts_with(kind))
}

/// Whether a password fits a hash. One of which the hash knows a part only fits none, after the same effort.
pub(crate) fn verify(password: &str, hash: &str) -> Result<bool, SecretError> {
    let fits = ::bcrypt::verify(password, hash).map_err(|_| SecretError::Unreadable)?;
    // A null byte ends the password for the vendor's hasher, so that nobody can have chosen one.
    Ok(fits && password.len() <= BYTES && !password.contains('\0'))
}
