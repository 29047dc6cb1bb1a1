//! The secrets that sign deliveries: one for each endpoint, and for a day after a change two.

use time::{Duration, OffsetDateTime};

use crate::clock::Entropy;
use crate::secret::{Sealed, Secret, SecretError, SecretKeeper};

/// For how long a replaced secret signs beside the new one, so that a receiver can change over without a gap.
pub const OVERLAP: Duration = Duration::hours(24);

/// The bytes of a secret.
const LENGTH: usize = 32;

/// The secrets of an endpoint, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecrets {
    /// The newest.
    pub current: Sealed,
    /// The one before, for as long as it still signs.
    pub previous: Option<Retired>,
}

/// A secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// The secret.
    pub secret: Sealed,
    /// Until when it signs.
    pub until: OffsetDateTime,
}

impl SigningSecrets {
    /// Puts a new secret in front. The one so far signs for another [`OVERLAP`]; the one before it signs no more.
    #[must_use]
    pub fn rotated(self, new: Sealed, now: OffsetDateTime) -> Self {
        let previous = Retired { secret: self.current, until: now + OVERLAP };
        Self { current: new, previous: Some(previous) }
    }

    /// The secrets that sign at a moment, newest first.
    ///
    /// # Errors
    /// [`SecretError`] when one of them was sealed under another master key.
    pub fn in_force(
        &self,
        now: OffsetDateTime,
        keeper: &dyn SecretKeeper,
    ) -> Result<Vec<Secret<Vec<u8>>>, SecretError> {
        let previous = self.previous.iter().filter(|previous| now < previous.until);
        let sealed =
            std::iter::once(&self.current).chain(previous.map(|previous| &previous.secret));
        sealed.map(|sealed| keeper.open(sealed)).collect()
    }
}

/// A new secret: 32 random bytes.
pub(super) fn new_secret(entropy: &dyn Entropy) -> Secret<Vec<u8>> {
    let mut bytes = vec![0; LENGTH];
    entropy.fill(&mut bytes);
    Secret::new(bytes)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::testing::{CountingKeeper, SequentialEntropy};

    const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);

    fn sealed(text: &str) -> Sealed {
        Sealed::new(text.as_bytes().to_vec())
    }

    fn in_force(secrets: &SigningSecrets, at: OffsetDateTime) -> Vec<String> {
        let open = secrets.in_force(at, &CountingKeeper::default()).unwrap();
        open.into_iter().map(|one| String::from_utf8(one.into_inner()).unwrap()).collect()
    }

    #[test]
    fn a_replaced_secret_signs_for_a_day_beside_the_new_one() {
        let first = SigningSecrets { current: sealed("one"), previous: None };
        assert_eq!(in_force(&first, NOW), ["one"]);
        let second = first.rotated(sealed("two"), NOW);
        assert_eq!(in_force(&second, NOW + OVERLAP - Duration::MICROSECOND), ["two", "one"]);
        assert_eq!(in_force(&second, NOW + OVERLAP), ["two"]);
        let third = second.rotated(sealed("three"), NOW);
        assert_eq!(in_force(&third, NOW), ["three", "two"]);
    }

    #[test]
    fn secrets_are_long_and_new_every_time() {
        let entropy = SequentialEntropy::default();
        let [one, other] = [(); 2].map(|()| new_secret(&entropy).into_inner());
        assert_eq!(one.len(), LENGTH);
        assert_ne!(one, other);
    }
}
