//! Files in a bucket.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::Secret;
use domain::picture::{ObjectError, ObjectKey, ObjectStore};
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt as _};

/// Where a bucket is, and how one gets in.
#[derive(Clone, Debug)]
pub struct BucketSettings {
    /// Its name.
    pub bucket: String,
    /// The region, as the provider calls it.
    pub region: String,
    /// The address of a provider other than Amazon.
    pub endpoint: Option<String>,
    /// What stands before all names, so that others may use the bucket too; may be empty.
    pub prefix: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: Secret<String>,
}

/// Why settings name no bucket. The text tells no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no bucket can be had by these settings")]
pub struct InvalidBucket;

/// Keeps each file as `<prefix>/<merchant>/<folder>/<name>` in a bucket of S3, or of what speaks like it. An object is
/// there as a whole or not at all.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn object_store::ObjectStore>,
    prefix: Path,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bucket")
    }
}

impl Bucket {
    /// The bucket that settings name. Nothing is asked of it yet.
    pub fn new(settings: &BucketSettings) -> Result<Self, InvalidBucket> {
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose());
        let builder = match &settings.endpoint {
            // Who names an address without encryption means it: a store on the same machine or network.
            Some(endpoint) => {
                builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"))
            }
            None => builder,
        };
        if settings.bucket.is_empty() {
            return Err(InvalidBucket);
        }
        let store = builder.build().map_err(|_| InvalidBucket)?;
        let prefix = Path::parse(&settings.prefix).map_err(|_| InvalidBucket)?;
        Ok(Self { store: Arc::new(store), prefix })
    }

    fn path(&self, key: &ObjectKey) -> Path {
        let below = format!("{}/{}", key.merchant, key.path);
        let parts = below.split('/');
        parts.fold(self.prefix.clone(), Path::join)
    }
}

#[async_trait]
impl ObjectStore for Bucket {
    async fn put(&self, key: &ObjectKey, content: Vec<u8>) -> Result<(), ObjectError> {
        let put = self.store.put(&self.path(key), content.into()).await;
        put.map(drop).map_err(|error| meaning(&error))
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Vec<u8>>, ObjectError> {
        let read = async { self.store.get(&self.path(key)).await?.bytes().await };
        if_there(read.await.map(Vec::from))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        if_there(self.store.delete(&self.path(key)).await).map(drop)
    }
}

fn if_there<T>(outcome: Result<T, Error>) -> Result<Option<T>, ObjectError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(meaning(&error)),
    }
}

/// The kind of an error alone: its text may name addresses and keys.
fn meaning(error: &Error) -> ObjectError {
    let kind = match error {
        Error::NotFound { .. } => "not there",
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => "it refuses our key",
        Error::InvalidPath { .. } => "it refuses the name",
        _ => "it did not do as it was told",
    };
    ObjectError::Unavailable(kind.to_owned())
}

#[cfg(test)]
mod tests {
    use domain::testing::contract;
    use object_store::memory::InMemory;

    use super::*;

    fn settings() -> BucketSettings {
        BucketSettings {
            bucket: "pictures".to_owned(),
            region: "eu-central-1".to_owned(),
            endpoint: None,
            prefix: "clientele".to_owned(),
            access_key_id: "id".to_owned(),
            secret_access_key: Secret::new("key".to_owned()),
        }
    }

    #[tokio::test]
    async fn a_bucket_keeps_what_every_object_store_promises() {
        let bucket = Bucket { store: Arc::new(InMemory::new()), prefix: Path::from("clientele") };
        contract::objects(&bucket).await;
    }

    #[test]
    fn settings_name_a_bucket_or_are_refused() {
        assert!(Bucket::new(&settings()).is_ok());
        assert!(Bucket::new(&BucketSettings { bucket: String::new(), ..settings() }).is_err());
        assert!(Bucket::new(&BucketSettings { prefix: "a//b".to_owned(), ..settings() }).is_err());
    }

    #[test]
    fn an_error_tells_its_kind_and_nothing_that_the_provider_said() {
        let said = "https://pictures.example/clientele";
        let error = Error::Unauthenticated { path: said.to_owned(), source: said.into() };
        let told = meaning(&error).to_string();
        assert!(told.contains("refuses our key") && !told.contains("pictures"), "{told}");
    }
}
