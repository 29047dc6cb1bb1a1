//! The rules of pictures, on storage and objects in memory.

use std::sync::Arc;

use time::Duration;

use super::*;
use crate::access::Actor;
use crate::customer::{Customer, Customers, Deletion, Demands, Origin};
use crate::event::EventKind;
use crate::id::{LevelId, MerchantId};
use crate::level::Level;
use crate::storage::{Storage, StorageError};
use crate::testing::{
    FixedClock, MemoryBackend, MemoryObjects, SequentialEntropy, TrustingCleaner, a_birth,
    a_customer, a_level, a_merchant,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nfirst";
const GIF: &[u8] = b"GIF89a second";

struct Gallery {
    storage: Storage,
    clock: Arc<FixedClock>,
    objects: MemoryObjects,
    pictures: Pictures,
    customers: Customers,
    origin: Origin,
}

impl Gallery {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SequentialEntropy::default());
        let objects = MemoryObjects::default();
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        let demands = Demands { email: false, loyalty_card: false, phone: false, mobile: false };
        Self {
            pictures: Pictures::new(
                storage.clone(),
                Arc::<FixedClock>::clone(&clock),
                Arc::<SequentialEntropy>::clone(&entropy),
                Arc::new(objects.clone()),
                Arc::new(TrustingCleaner),
            ),
            customers: Customers::new(storage.clone(), Arc::<FixedClock>::clone(&clock), entropy),
            origin: Origin { merchant: merchant.id, actor: Actor::System, demands },
            storage,
            clock,
            objects,
        }
    }

    fn merchant(&self) -> MerchantId {
        self.origin.merchant
    }

    async fn customer(&self) -> Customer {
        let write = a_birth(a_customer(self.merchant()), self.origin.demands);
        let mut session = self.storage.session().await.unwrap();
        session.customers().create(&write).await.unwrap();
        session.customers().find(self.merchant(), write.record.id).await.unwrap().unwrap()
    }

    async fn again(&self, customer: &Customer) -> Customer {
        self.customers.find(self.merchant(), customer.id).await.unwrap()
    }

    async fn upload(&self, customer: &Customer, content: &[u8]) -> Result<(), PictureError> {
        let (original_name, media_type) = (original_name("me"), declared_type(None));
        let upload = AvatarUpload { content: content.to_vec(), original_name, media_type };
        self.pictures.set_avatar(&self.origin, customer.clone(), upload).await
    }

    async fn level(&self) -> LevelId {
        let level = Level { merchant: self.merchant(), ..a_level(0, 5) };
        self.storage.session().await.unwrap().levels().insert(&level).await.unwrap();
        level.id
    }
}

#[tokio::test]
async fn a_new_picture_takes_the_place_of_the_old_one_and_its_file() {
    let gallery = Gallery::new().await;
    let customer = gallery.customer().await;
    gallery.upload(&customer, PNG).await.unwrap();
    assert_eq!(gallery.objects.contents(), [PNG]);
    // What was found a moment ago may be older than what is stored.
    gallery.upload(&customer, GIF).await.unwrap();
    assert_eq!(gallery.objects.contents(), [GIF]);
    let after = gallery.again(&customer).await;
    assert_eq!((after.version, after.updated_at), (customer.version + 2, customer.updated_at));
    let (avatar, content) = gallery.pictures.avatar(after).await.unwrap().unwrap();
    assert!(avatar.path.as_str().starts_with("avatars/"), "{}", avatar.path);
    assert_eq!(content, GIF);
    let events = gallery.customers.events(gallery.merchant(), customer.id).await.unwrap();
    let told = |kind: &EventKind| matches!(kind, EventKind::CustomerUpdated(_));
    assert_eq!(events.iter().filter(|recorded| told(&recorded.event.kind)).count(), 2);
}

#[tokio::test]
async fn a_picture_goes_with_its_file_and_only_once() {
    let gallery = Gallery::new().await;
    let customer = gallery.customer().await;
    gallery.upload(&customer, PNG).await.unwrap();
    let shown = gallery.again(&customer).await;
    gallery.pictures.remove_avatar(&gallery.origin, shown.clone()).await.unwrap();
    assert!(gallery.objects.contents().is_empty());
    let again = gallery.pictures.remove_avatar(&gallery.origin, shown.clone()).await;
    assert_eq!(again, Err(PictureError::NotFound));
    assert_eq!(gallery.pictures.avatar(gallery.again(&customer).await).await, Ok(None));
    assert_eq!(gallery.pictures.avatar(shown).await, Err(PictureError::NotFound));
}

#[tokio::test]
async fn whoever_is_forgotten_leaves_no_file() {
    for erased in [false, true] {
        let gallery = Gallery::new().await;
        let customer = gallery.customer().await;
        gallery.upload(&customer, PNG).await.unwrap();
        let shown = gallery.again(&customer).await;
        if erased {
            let deleted = gallery.customers.delete(&gallery.origin, shown.id, Deletion::Erasure);
            deleted.await.unwrap();
        } else {
            let nobody = gallery.customers.anonymize(&gallery.origin, shown).await.unwrap();
            assert_eq!(gallery.upload(&nobody, GIF).await, Err(PictureError::NotFound));
        }
        assert!(gallery.pictures.sweep().await.unwrap() > 0);
        gallery.clock.advance(Duration::hours(2));
        gallery.pictures.sweep().await.unwrap();
        assert!(gallery.objects.contents().is_empty());
    }
}

#[tokio::test]
async fn an_upload_that_fails_changes_no_row_and_its_file_is_swept() {
    let gallery = Gallery::new().await;
    let customer = gallery.customer().await;
    gallery.objects.answer(Some(ObjectError::Full));
    assert_eq!(gallery.upload(&customer, PNG).await, Err(ObjectError::Full.into()));
    gallery.objects.answer(None);
    let stranger = a_customer(gallery.merchant());
    assert_eq!(gallery.upload(&stranger, PNG).await, Err(PictureError::NotFound));
    assert_eq!(gallery.again(&customer).await, customer);
    assert_eq!(gallery.objects.contents(), [PNG], "the file came before the row");
    assert_eq!(gallery.pictures.sweep().await, Ok(0), "it might still be named");
    gallery.clock.advance(Duration::HOUR);
    assert_eq!(gallery.pictures.sweep().await, Ok(2));
    assert!(gallery.objects.contents().is_empty());
}

#[tokio::test]
async fn an_old_file_that_cannot_be_removed_is_removed_later() {
    let gallery = Gallery::new().await;
    let customer = gallery.customer().await;
    gallery.upload(&customer, PNG).await.unwrap();
    let away = ObjectError::Unavailable("away".to_owned());
    gallery.objects.answer(Some(away));
    let removed = gallery.pictures.remove_avatar(&gallery.origin, gallery.again(&customer).await);
    assert_eq!(removed.await, Ok(()));
    gallery.objects.answer(None);
    assert_eq!(gallery.objects.contents(), [PNG]);
    assert_eq!(gallery.pictures.sweep().await, Ok(1));
    assert!(gallery.objects.contents().is_empty());
    assert_eq!(gallery.pictures.sweep().await, Ok(0));
}

#[tokio::test]
async fn an_upload_whose_file_was_swept_names_nothing() {
    let gallery = Gallery::new().await;
    let customer = gallery.customer().await;
    let path = PicturePath::try_from("avatars/0f.png").unwrap();
    let late = gallery
        .storage
        .atomically(async |unit| {
            gallery.pictures.exchange(unit, gallery.merchant(), &path, None).await
        })
        .await;
    assert!(matches!(late, Err(PictureError::Storage(StorageError::Unavailable(_)))), "{late:?}");
    assert_eq!(gallery.again(&customer).await.avatar, None);
}

#[tokio::test]
async fn what_is_too_large_or_no_picture_is_refused() {
    let gallery = Gallery::new().await;
    let customer = gallery.customer().await;
    let mut large = PNG.to_vec();
    large.resize(MOST_PICTURE_BYTES, 0);
    assert_eq!(gallery.upload(&customer, &large).await, Ok(()));
    large.push(0);
    assert_eq!(gallery.upload(&customer, &large).await, Err(PictureError::TooLarge));
    assert_eq!(gallery.upload(&customer, b"<svg").await, Err(PictureError::NoPicture));
    assert_eq!(gallery.upload(&customer, b"").await, Err(PictureError::NoPicture));
}

#[tokio::test]
async fn a_levels_picture_comes_is_replaced_and_goes() {
    let gallery = Gallery::new().await;
    let (merchant, level) = (gallery.merchant(), gallery.level().await);
    let photo = async || {
        let levels = gallery.storage.session().await.unwrap().levels().list(merchant).await;
        levels.unwrap().remove(0).photo
    };
    for content in [PNG, GIF] {
        gallery.pictures.set_level_photo(merchant, level, content.to_vec()).await.unwrap();
        let path = photo().await.unwrap();
        assert!(path.as_str().starts_with("levels/"), "{path}");
        let shown = gallery.pictures.level_photo(merchant, path).await;
        assert_eq!(shown.as_deref(), Ok(content));
        assert_eq!(gallery.objects.contents(), [content]);
    }
    for _ in 0..2 {
        gallery.pictures.remove_level_photo(merchant, level).await.unwrap();
        assert_eq!(photo().await, None);
        assert!(gallery.objects.contents().is_empty());
    }
    let unknown = LevelId::from(uuid::Uuid::nil());
    let refused = gallery.pictures.remove_level_photo(merchant, unknown).await;
    assert_eq!(refused, Err(PictureError::NotFound));
}
