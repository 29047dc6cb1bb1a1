//! An object store in memory, and somebody who takes every picture for a clean one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::picture::{
    CleanPicture, CleaningError, ObjectError, ObjectKey, ObjectStore, PictureCleaner, PictureFormat,
};

/// Keeps files in memory, and keeps none while it is told so. Clones share what they keep.
#[derive(Clone, Debug, Default)]
pub struct MemoryObjects(Arc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    refusal: Mutex<Option<ObjectError>>,
}

impl MemoryObjects {
    /// The content of every file.
    pub fn contents(&self) -> Vec<Vec<u8>> {
        self.files().values().cloned().collect()
    }

    /// From now on answers with an error; with none it does everything again.
    pub fn answer(&self, error: Option<ObjectError>) {
        *self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn willing(&self) -> Result<MutexGuard<'_, BTreeMap<String, Vec<u8>>>, ObjectError> {
        let refusal = self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone();
        refusal.map_or_else(|| Ok(self.files()), Err)
    }
}

fn name(key: &ObjectKey) -> String {
    format!("{}/{}", key.merchant, key.path)
}

#[async_trait]
impl ObjectStore for MemoryObjects {
    async fn put(&self, key: &ObjectKey, content: Vec<u8>) -> Result<(), ObjectError> {
        self.willing()?.insert(name(key), content);
        Ok(())
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Vec<u8>>, ObjectError> {
        Ok(self.willing()?.get(&name(key)).cloned())
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        self.willing()?.remove(&name(key));
        Ok(())
    }
}

/// Takes what begins as a picture for a clean one of 600 times 600 pixels.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrustingCleaner;

#[async_trait]
impl PictureCleaner for TrustingCleaner {
    async fn clean(&self, file: Vec<u8>) -> Result<CleanPicture, CleaningError> {
        let format = PictureFormat::of_content(&file).ok_or(CleaningError::NoPicture)?;
        Ok(CleanPicture { format, width: 600, height: 600, content: file })
    }
}
