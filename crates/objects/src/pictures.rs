//! Pictures from strangers, made anew.

mod gif;
mod jpeg;
mod png;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::picture::{CleanPicture, CleaningError, PictureCleaner, PictureFormat};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// The most pixels on a side.
const LONGEST_SIDE: u32 = 4096;
/// The most memory for one picture's pixels: those of the largest one in eight-bit colours with transparency.
const MOST_MEMORY: usize = 64 * 1024 * 1024;
/// How long a picture waits for those before it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Decodes and encodes pictures, so many at once.
#[derive(Clone, Debug)]
pub struct Pictures(Arc<Semaphore>);

impl Pictures {
    /// As many pictures at once as told. Each takes up to 200 MiB and a second of one core.
    pub fn new(at_once: NonZeroUsize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.get().min(Semaphore::MAX_PERMITS))))
    }
}

#[async_trait]
impl PictureCleaner for Pictures {
    async fn clean(&self, file: Vec<u8>) -> Result<CleanPicture, CleaningError> {
        let format = PictureFormat::of_content(&file).ok_or(CleaningError::NoPicture)?;
        let turn = timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(CleaningError::Overloaded) };
        let work = move || {
            // The work holds the turn, because it goes on when nobody waits for it any more.
            let _turn = turn;
            renewed(format, &file).ok_or(CleaningError::NoPicture)
        };
        // A decoder that panics over a file has not understood it.
        spawn_blocking(work).await.unwrap_or(Err(CleaningError::NoPicture))
    }
}

fn renewed(format: PictureFormat, file: &[u8]) -> Option<CleanPicture> {
    let renewed = match format {
        PictureFormat::Png => png::renew(file)?,
        PictureFormat::Gif => gif::renew(file)?,
        PictureFormat::Jpeg => jpeg::renew(file)?,
    };
    let Renewed { width, height, content } = renewed;
    Some(CleanPicture { format, width, height, content })
}

/// A picture in the format that it came in.
struct Renewed {
    width: u32,
    height: u32,
    content: Vec<u8>,
}

/// Whether a picture of this size is looked at.
fn fits(width: u32, height: u32) -> bool {
    (1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height)
}
