//! Files in a folder of this machine.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use domain::picture::{ObjectError, ObjectKey, ObjectStore};
use tokio::task::spawn_blocking;

/// Keeps each file as `<merchant>/<folder>/<name>` below a folder, which need not exist yet. Several processes may share
/// the folder, as long as renaming within it is atomic.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Files below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// Where a file lies. A key leads two folders down and nowhere else, by its type.
    fn path(&self, key: &ObjectKey) -> PathBuf {
        self.0.join(key.merchant.to_string()).join(key.path.as_str())
    }
}

#[async_trait]
impl ObjectStore for Folder {
    async fn put(&self, key: &ObjectKey, content: Vec<u8>) -> Result<(), ObjectError> {
        let path = self.path(key);
        off_the_async_threads(move || write(&path, &content)).await
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Vec<u8>>, ObjectError> {
        let path = self.path(key);
        off_the_async_threads(move || if_there(fs::read(path))).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        let path = self.path(key);
        off_the_async_threads(move || if_there(fs::remove_file(path)).map(drop)).await
    }
}

async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ObjectError> {
    match spawn_blocking(work).await {
        Ok(outcome) => outcome.map_err(|error| meaning(&error)),
        Err(_) => Err(ObjectError::Unavailable("the work was given up".to_owned())),
    }
}

/// Writes beside the file and renames: a reader sees the old content or the new one, and a crash leaves no half of it.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    // A dot, which no name of a key begins with, tells what a crash left from files. Every file has a name of its own,
    // so no two drafts meet.
    let draft = folder.join(format!(".{}", path.file_name().unwrap_or_default().display()));
    let written = write_through(&draft, content).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // What matters is why it failed, not that cleaning up might fail too.
        let _ = fs::remove_file(&draft);
        return written;
    }
    sync_folder(folder)
}

fn write_through(draft: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(draft)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Makes the name last, too. Where folders cannot be opened as files, names last by themselves.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn if_there<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        outcome => outcome.map(Some),
    }
}

fn meaning(error: &io::Error) -> ObjectError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            ObjectError::Full
        }
        kind => ObjectError::Unavailable(kind.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::env::temp_dir;
    use std::process;
    use std::sync::atomic::{AtomicU32, Ordering};

    use domain::picture::{PictureFolder, PictureFormat, PicturePath};
    use domain::testing::{SequentialEntropy, a_merchant_id, contract};

    use super::*;

    /// A folder of one test, removed with it.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            Self(temp_dir().join(format!("clientele-objects-{}-{number}", process::id())))
        }

        /// Every file in it, hidden ones too.
        fn files(&self) -> Vec<PathBuf> {
            fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
                for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
                    if entry.path().is_dir() {
                        walk(&entry.path(), files);
                    } else {
                        files.push(entry.path());
                    }
                }
            }
            let mut files = Vec::new();
            walk(&self.0, &mut files);
            files
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn a_key() -> ObjectKey {
        let entropy = SequentialEntropy::default();
        let path = PicturePath::mint(PictureFolder::Avatars, PictureFormat::Png, &entropy);
        ObjectKey { merchant: a_merchant_id(), path }
    }

    #[tokio::test]
    async fn a_folder_keeps_what_every_object_store_promises() {
        let scratch = Scratch::new();
        contract::objects(&Folder::new(&scratch.0)).await;
        assert_eq!(scratch.files().len(), 1, "no drafts are left");
    }

    #[tokio::test]
    async fn files_lie_below_their_merchant_under_their_own_name() {
        let (scratch, key) = (Scratch::new(), a_key());
        Folder::new(&scratch.0).put(&key, b"x".to_vec()).await.unwrap();
        let expected = scratch.0.join(key.merchant.to_string()).join(key.path.as_str());
        assert_eq!(scratch.files(), [expected]);
    }

    #[tokio::test]
    async fn a_write_that_fails_leaves_nothing_and_tells_no_path() {
        let (scratch, key) = (Scratch::new(), a_key());
        let folder = Folder::new(&scratch.0);
        // A folder stands where the file would.
        fs::create_dir_all(folder.path(&key).join("in the way")).unwrap();
        let error = folder.put(&key, b"x".to_vec()).await.unwrap_err();
        assert!(!error.to_string().contains("clientele-"), "{error}");
        assert!(scratch.files().is_empty());
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        assert_eq!(meaning(&ErrorKind::StorageFull.into()), ObjectError::Full);
        let denied = meaning(&ErrorKind::PermissionDenied.into());
        assert!(matches!(denied, ObjectError::Unavailable(_)));
    }
}
