//! Everything one may do with pictures.

use std::fmt;
use std::sync::Arc;

use time::Duration;

use super::error::{PictureError, Side};
use super::path::{PictureFolder, PicturePath};
use super::port::{CleanPicture, ObjectKey, ObjectStore, PictureCleaner};
use crate::clock::{Clock, Entropy};
use crate::customer::{Avatar, Customer, Customers, Origin};
use crate::id::{LevelId, MerchantId};
use crate::level::Level;
use crate::storage::{Storage, StorageError, UnitOfWork};
use crate::text::Line;

/// The most bytes of a picture as it is sent (OL 7: 2M in decimal).
pub const MOST_PICTURE_BYTES: usize = 2_000_000;
/// The fewest pixels that either side of a level's picture has (OL 4.2).
pub const LEAST_PHOTO_SIDE: u32 = 600;

/// How long an upload may take from its file to its row. What takes longer is swept, and its row is not written.
const UPLOAD_TIME: Duration = Duration::hours(1);
/// How many strays are swept at once.
const SWEPT_AT_ONCE: u32 = 100;

/// A customer's picture as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarUpload {
    /// The file.
    pub content: Vec<u8>,
    /// Its name at the client's.
    pub original_name: Line,
    /// The type that the client declared.
    pub media_type: Line,
}

/// Pictures of customers and levels.
#[derive(Clone)]
pub struct Pictures {
    storage: Storage,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    customers: Customers,
    store: Arc<dyn ObjectStore>,
    cleaner: Arc<dyn PictureCleaner>,
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pictures")
    }
}

impl Pictures {
    /// The service on its ports.
    pub fn new(
        storage: Storage,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        store: Arc<dyn ObjectStore>,
        cleaner: Arc<dyn PictureCleaner>,
    ) -> Self {
        let customers = Customers::new(storage.clone(), Arc::clone(&clock), Arc::clone(&entropy));
        Self { storage, clock, entropy, customers, store, cleaner }
    }

    /// Gives a customer who was found a moment ago a picture, in place of the one it has.
    pub async fn set_avatar(
        &self,
        origin: &Origin,
        found: Customer,
        upload: AvatarUpload,
    ) -> Result<(), PictureError> {
        let AvatarUpload { content, original_name, media_type } = upload;
        let picture = self.cleaned(content).await?;
        let path = self.keep(origin.merchant, PictureFolder::Avatars, picture).await?;
        let text = Line::try_from(path.as_str()).unwrap_or_default();
        let avatar = Avatar { path: text, original_name, media_type };
        let replace = async |unit: &mut UnitOfWork| {
            let older = self.customers.set_avatar(&mut **unit, origin, found, Some(avatar)).await?;
            self.exchange(unit, origin.merchant, &path, older.and_then(|older| parsed(&older)))
                .await
        };
        self.storage.atomically(replace).await?;
        self.sweep_quietly().await;
        Ok(())
    }

    /// Takes a customer's picture away.
    pub async fn remove_avatar(
        &self,
        origin: &Origin,
        found: Customer,
    ) -> Result<(), PictureError> {
        let remove = async |unit: &mut UnitOfWork| {
            let older = self.customers.set_avatar(&mut **unit, origin, found, None).await?;
            let older = older.ok_or(PictureError::NotFound)?;
            self.discard(unit, origin.merchant, parsed(&older)).await
        };
        self.storage.atomically(remove).await?;
        self.sweep_quietly().await;
        Ok(())
    }

    /// The picture of a customer who was found a moment ago, and what is known of it; `None` without one.
    pub async fn avatar(&self, found: Customer) -> Result<Option<(Avatar, Vec<u8>)>, PictureError> {
        let Some(avatar) = found.avatar else { return Ok(None) };
        if let Some(content) = self.content(found.merchant, parsed(&avatar)).await? {
            return Ok(Some((avatar, content)));
        }
        // It may have been replaced between the row and the file.
        let again = self.customers.find(found.merchant, found.id).await?;
        let Some(newer) = again.avatar.filter(|newer| *newer != avatar) else {
            return Err(PictureError::NotFound);
        };
        let content = self.content(found.merchant, parsed(&newer)).await?;
        content.map(|content| Some((newer, content))).ok_or(PictureError::NotFound)
    }

    /// Gives a level a picture, in place of the one it has.
    pub async fn set_level_photo(
        &self,
        merchant: MerchantId,
        level: LevelId,
        content: Vec<u8>,
    ) -> Result<(), PictureError> {
        let picture = self.cleaned(content).await?;
        for (side, pixels) in [(Side::Width, picture.width), (Side::Height, picture.height)] {
            if pixels < LEAST_PHOTO_SIDE {
                return Err(PictureError::TooSmall { side, pixels });
            }
        }
        let path = self.keep(merchant, PictureFolder::Levels, picture).await?;
        let replace = async |unit: &mut UnitOfWork| {
            let before = unit.levels().find_to_change(merchant, level).await?;
            let before = before.ok_or(PictureError::NotFound)?;
            let after = Level { photo: Some(path.clone()), ..before.clone() };
            unit.levels().update(&after).await?;
            self.exchange(unit, merchant, &path, before.photo).await
        };
        self.storage.atomically(replace).await?;
        self.sweep_quietly().await;
        Ok(())
    }

    /// Takes a level's picture away, if it has one.
    pub async fn remove_level_photo(
        &self,
        merchant: MerchantId,
        level: LevelId,
    ) -> Result<(), PictureError> {
        let remove = async |unit: &mut UnitOfWork| {
            let before = unit.levels().find_to_change(merchant, level).await?;
            let before = before.ok_or(PictureError::NotFound)?;
            unit.levels().update(&Level { photo: None, ..before.clone() }).await?;
            self.discard(unit, merchant, before.photo).await
        };
        self.storage.atomically(remove).await?;
        self.sweep_quietly().await;
        Ok(())
    }

    /// The picture of a level.
    pub async fn level_photo(
        &self,
        merchant: MerchantId,
        path: PicturePath,
    ) -> Result<Vec<u8>, PictureError> {
        self.content(merchant, Some(path)).await?.ok_or(PictureError::NotFound)
    }

    /// Removes files that no row names, a number of them at once; says how many. Whatever fails stays for the next time.
    pub async fn sweep(&self) -> Result<usize, PictureError> {
        let now = self.clock.now();
        let strays = self.storage.session().await?.pictures().list_strays(now, SWEPT_AT_ONCE).await;
        let strays = strays?;
        for key in &strays {
            self.store.delete(key).await?;
            self.storage.session().await?.pictures().take_stray(key.merchant, &key.path).await?;
        }
        Ok(strays.len())
    }

    /// Removes what is left over now, so that nobody waits for the next sweep; what fails is left to that one.
    pub async fn sweep_quietly(&self) {
        let _ = self.sweep().await;
    }

    async fn cleaned(&self, content: Vec<u8>) -> Result<CleanPicture, PictureError> {
        if content.len() > MOST_PICTURE_BYTES {
            return Err(PictureError::TooLarge);
        }
        Ok(self.cleaner.clean(content).await?)
    }

    /// Stores a file that no row names yet, noted as a stray in case that none ever will.
    async fn keep(
        &self,
        merchant: MerchantId,
        folder: PictureFolder,
        picture: CleanPicture,
    ) -> Result<PicturePath, PictureError> {
        let path = PicturePath::mint(folder, picture.format, &*self.entropy);
        let due_at = self.clock.now() + UPLOAD_TIME;
        self.storage.session().await?.pictures().note_stray(merchant, &path, due_at).await?;
        let key = ObjectKey { merchant, path };
        self.store.put(&key, picture.content).await?;
        Ok(key.path)
    }

    /// A file is named from now on, and another one no more.
    pub(super) async fn exchange(
        &self,
        unit: &mut UnitOfWork,
        merchant: MerchantId,
        path: &PicturePath,
        older: Option<PicturePath>,
    ) -> Result<(), PictureError> {
        if !unit.pictures().take_stray(merchant, path).await? {
            let late = "the upload took so long that its file was swept".to_owned();
            return Err(StorageError::Unavailable(late).into());
        }
        self.discard(unit, merchant, older).await
    }

    async fn discard(
        &self,
        unit: &mut UnitOfWork,
        merchant: MerchantId,
        path: Option<PicturePath>,
    ) -> Result<(), PictureError> {
        if let Some(path) = path {
            unit.pictures().note_stray(merchant, &path, self.clock.now()).await?;
        }
        Ok(())
    }

    async fn content(
        &self,
        merchant: MerchantId,
        path: Option<PicturePath>,
    ) -> Result<Option<Vec<u8>>, PictureError> {
        let Some(path) = path else { return Ok(None) };
        Ok(self.store.get(&ObjectKey { merchant, path }).await?)
    }
}

/// Where the file of a picture lies; an older record may name something that is no file of ours.
fn parsed(avatar: &Avatar) -> Option<PicturePath> {
    PicturePath::try_from(avatar.path.as_str()).ok()
}
