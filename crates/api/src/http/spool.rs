//! An uploaded file, laid aside until it can be read from its beginning.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;

use bytes::Bytes;
use domain::Entropy;
use tokio::task::spawn_blocking;

/// A file without a name: nobody else can open it, and nothing of it stays behind, whatever becomes of the process.
#[derive(Debug)]
pub struct Spool(File);

impl Spool {
    /// An empty one in the machine's temporary folder.
    pub async fn new(entropy: &dyn Entropy) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("clientele-{}", entropy.uuid()));
        off_the_threads(move || {
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
            fs::remove_file(&path)?;
            Ok(Self(file))
        })
        .await
    }

    /// Appends a piece.
    pub async fn push(self, piece: Bytes) -> io::Result<Self> {
        off_the_threads(move || {
            (&self.0).write_all(&piece)?;
            Ok(self)
        })
        .await
    }

    /// The file, at its beginning.
    pub fn rewound(&self) -> io::Result<File> {
        // The place to read from is shared, so readers take turns.
        let mut file = self.0.try_clone()?;
        file.rewind()?;
        Ok(file)
    }
}

async fn off_the_threads<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}
