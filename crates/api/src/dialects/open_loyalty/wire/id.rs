//! Ids as the contract writes them.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// A UUID in its hyphenated lower-case form.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, format = "uuid")]
pub(crate) struct Id(Uuid);

impl<T: Into<Uuid>> From<T> for Id {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
