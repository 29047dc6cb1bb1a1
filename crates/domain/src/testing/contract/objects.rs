//! Promises of an object store.

use crate::picture::{ObjectKey, ObjectStore, PictureFolder, PictureFormat, PicturePath};
use crate::testing::{SequentialEntropy, a_merchant_id};

/// What is put is there as it was put, under its own key alone, until it is deleted.
///
/// # Panics
///
/// Where the store breaks a promise.
pub async fn objects(store: &dyn ObjectStore) {
    let entropy = SequentialEntropy::default();
    let path = PicturePath::mint(PictureFolder::Avatars, PictureFormat::Png, &entropy);
    let key = ObjectKey { merchant: a_merchant_id(), path };
    let of_another = ObjectKey { merchant: a_merchant_id(), ..key.clone() };
    assert_eq!(store.get(&key).await, Ok(None));
    assert_eq!(store.delete(&key).await, Ok(()), "what is not there needs no deleting");

    let content: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    assert_eq!(store.put(&key, content.clone()).await, Ok(()));
    assert_eq!(store.get(&key).await, Ok(Some(content)));
    assert_eq!(store.get(&of_another).await, Ok(None));

    assert_eq!(store.put(&key, b"short".to_vec()).await, Ok(()), "the last one stays");
    assert_eq!(store.get(&key).await, Ok(Some(b"short".to_vec())));
    assert_eq!(store.put(&of_another, Vec::new()).await, Ok(()));
    assert_eq!(store.delete(&key).await, Ok(()));
    assert_eq!(store.get(&key).await, Ok(None));
    assert_eq!(store.get(&of_another).await, Ok(Some(Vec::new())), "another merchant's stays");
}
