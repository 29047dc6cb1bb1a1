//! Promises about files that no row names.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::customer::{Avatar, Customer, CustomerWrite, KeyWrites};
use crate::event::EventKind;
use crate::picture::{ObjectKey, PictureFolder, PictureFormat, PicturePath};
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{SequentialEntropy, an_event, an_id};
use crate::text::Line;

/// Notes are told when they are due, and taken back once; who is forgotten leaves one.
pub async fn pictures(storage: &Storage) {
    strays_are_told_from_their_moment_on(storage).await;
    a_note_is_taken_back_once(storage).await;
    the_picture_of_somebody_forgotten_is_a_stray_at_once(storage).await;
}

const NOON: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);

fn a_path() -> PicturePath {
    let id: uuid::Uuid = an_id();
    PicturePath::try_from(format!("avatars/{}.png", id.simple()).as_str()).expect("a path")
}

/// The strays of one merchant at a moment; other promises have others.
async fn strays(tenant: Tenant<'_>, at: OffsetDateTime) -> Vec<PicturePath> {
    let mut session = tenant.session().await;
    let keys = session.pictures().list_strays(at, 10_000).await.expect("an answer");
    let own = keys.into_iter().filter(|key| key.merchant == tenant.merchant);
    own.map(|ObjectKey { path, .. }| path).collect()
}

async fn strays_are_told_from_their_moment_on(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let (early, late) = (a_path(), a_path());
    let mut session = tenant.session().await;
    let mut note = async |path: &PicturePath, due_at| {
        session.pictures().note_stray(tenant.merchant, path, due_at).await.expect("a note");
    };
    note(&late, NOON + Duration::HOUR).await;
    note(&early, NOON).await;
    assert_eq!(strays(tenant, NOON - Duration::SECOND).await, []);
    assert_eq!(strays(tenant, NOON).await, std::slice::from_ref(&early));
    assert_eq!(strays(tenant, NOON + Duration::HOUR).await, [early.clone(), late.clone()]);
    note(&late, NOON - Duration::HOUR).await;
    assert_eq!(strays(tenant, NOON).await, [late, early], "a later note replaces an earlier one");
    let most = session.pictures().list_strays(NOON, 1).await.expect("an answer");
    assert_eq!(most.len(), 1);
}

async fn a_note_is_taken_back_once(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let path = a_path();
    let mut session = here.session().await;
    session.pictures().note_stray(here.merchant, &path, NOON).await.expect("a note");
    assert_eq!(session.pictures().take_stray(there.merchant, &path).await, Ok(false));
    assert_eq!(session.pictures().take_stray(here.merchant, &path).await, Ok(true));
    assert_eq!(session.pictures().take_stray(here.merchant, &path).await, Ok(false));
    assert_eq!(strays(here, NOON).await, []);
}

async fn the_picture_of_somebody_forgotten_is_a_stray_at_once(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let entropy = SequentialEntropy::default();
    let mut paths = Vec::new();
    for erased in [false, true] {
        let path = PicturePath::mint(PictureFolder::Avatars, PictureFormat::Gif, &entropy);
        let line = |text: &str| Line::try_from(text).expect("a line");
        let avatar = Avatar {
            path: line(path.as_str()),
            original_name: line("me.gif"),
            media_type: line("image/gif"),
        };
        let given = tenant.given(Customer { avatar: Some(avatar), ..tenant.customer() }).await;
        let record = Customer { version: 2, ..given.stripped() };
        let write = CustomerWrite {
            record,
            keys: KeyWrites::RELEASE_ALL,
            events: vec![an_event(EventKind::CustomerAnonymized)],
            messages: Vec::new(),
        };
        let stale = CustomerWrite {
            record: Customer { version: 5, ..write.record.clone() },
            ..write.clone()
        };
        let mut session = tenant.session().await;
        let customers = session.customers();
        if erased {
            customers.erase(&stale).await.expect_err("a stale write");
            customers.erase(&write).await.expect("an erasure");
        } else {
            customers.anonymize(&stale).await.expect_err("a stale write");
            customers.anonymize(&write).await.expect("a change");
        }
        paths.push(path);
    }
    let mut found = strays(tenant, NOON).await;
    found.sort();
    paths.sort();
    assert_eq!(found, paths);
    let other = tenant.given(tenant.customer()).await;
    assert_eq!(other.avatar, None);
    assert_eq!(strays(tenant, NOON).await.len(), 2, "whoever has none leaves none");
}
