//! Time and randomness come from outside, so that every rule can be tested without waiting or luck.

use time::OffsetDateTime;
use uuid::Uuid;

/// The current time.
pub trait Clock: Send + Sync {
    /// Now, in UTC, cut to whole microseconds: finer parts would not survive a round trip through storage.
    fn now(&self) -> OffsetDateTime;
}

/// A source of values that nobody can foresee.
pub trait Entropy: Send + Sync {
    /// A new time-ordered UUID (version 7), so that rows of one time lie together in an index.
    fn uuid(&self) -> Uuid;

    /// Fills `bytes` with random bits fit for secrets.
    fn fill(&self, bytes: &mut [u8]);
}
