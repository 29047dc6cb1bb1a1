//! Where files are kept: settings, and what they mean to the adapters.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use domain::Secret;
use domain::picture::ObjectStore;
use serde::Deserialize;

use super::values;

/// Where files are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectsConfig {
    /// In a folder or in a bucket.
    pub store: ObjectStoreKind,
    /// The folder.
    pub folder: PathBuf,
    /// How many pictures are looked at at once.
    pub pictures_at_once: NonZeroUsize,
    /// The bucket.
    pub s3: BucketConfig,
}

/// What keeps files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectStoreKind {
    /// A folder of this machine.
    Folder,
    /// A bucket of S3, or of what speaks like it.
    S3,
}

/// A bucket.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketConfig {
    /// Its name.
    pub bucket: String,
    /// The region, as the provider calls it.
    pub region: String,
    /// The address of a provider other than Amazon; `None` for Amazon.
    #[serde(deserialize_with = "values::optional_text")]
    pub endpoint: Option<String>,
    /// What stands before all names.
    pub prefix: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key; `None` where files lie in a folder.
    #[serde(deserialize_with = "values::optional_secret")]
    pub secret_access_key: Option<Secret<String>>,
}

/// Why there is no place for files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidObjects {
    /// The settings name no bucket.
    #[error("`objects.s3`: no bucket can be had by these settings")]
    Bucket,
}

impl ObjectsConfig {
    /// Rules that no single value's type can hold: whether each is broken, the key, and what to say then.
    pub(super) fn rules(&self) -> [(bool, &'static str, &'static str); 4] {
        let in_bucket = self.store == ObjectStoreKind::S3;
        let nowhere = !in_bucket && self.folder.as_os_str().is_empty();
        let keyless = self.s3.access_key_id.is_empty() || self.s3.secret_access_key.is_none();
        let built = cfg!(feature = "s3");
        [
            (in_bucket && !built, "objects.store", "needs a program built with the feature s3"),
            (nowhere, "objects.folder", "is empty"),
            (in_bucket && self.s3.bucket.is_empty(), "objects.s3.bucket", "is empty"),
            (in_bucket && keyless, "objects.s3.secret_access_key", "must be set with its id"),
        ]
    }

    /// The place for files.
    pub(crate) fn store(&self) -> Result<Arc<dyn ObjectStore>, InvalidObjects> {
        match self.store {
            ObjectStoreKind::Folder => Ok(Arc::new(objects::Folder::new(&self.folder))),
            ObjectStoreKind::S3 => self.s3.store(),
        }
    }
}

impl BucketConfig {
    #[cfg(feature = "s3")]
    fn store(&self) -> Result<Arc<dyn ObjectStore>, InvalidObjects> {
        let settings = objects::BucketSettings {
            bucket: self.bucket.clone(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            prefix: self.prefix.clone(),
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone().ok_or(InvalidObjects::Bucket)?,
        };
        let bucket = objects::Bucket::new(&settings).map_err(|_| InvalidObjects::Bucket)?;
        Ok(Arc::new(bucket))
    }

    /// The settings were refused before, as long as they came through the configuration.
    #[cfg(not(feature = "s3"))]
    #[expect(clippy::unused_self, reason = "the same as where there are buckets")]
    fn store(&self) -> Result<Arc<dyn ObjectStore>, InvalidObjects> {
        Err(InvalidObjects::Bucket)
    }
}
