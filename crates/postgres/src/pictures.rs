//! Files of pictures that no row names.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::id::MerchantId;
use domain::picture::{ObjectKey, PicturePath, PictureRepository};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::errors;
use crate::schema::stray_pictures;
use crate::session::{PgSession, read};

#[async_trait]
impl PictureRepository for PgSession {
    async fn note_stray(
        &mut self,
        merchant: MerchantId,
        path: &PicturePath,
        due_at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let row = (
            stray_pictures::merchant_id.eq(Uuid::from(merchant)),
            stray_pictures::path.eq(path.as_str()),
            stray_pictures::due_at.eq(due_at),
        );
        let insert = diesel::insert_into(stray_pictures::table).values(row);
        let upsert = insert
            .on_conflict((stray_pictures::merchant_id, stray_pictures::path))
            .do_update()
            .set(stray_pictures::due_at.eq(due_at));
        upsert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn take_stray(
        &mut self,
        merchant: MerchantId,
        path: &PicturePath,
    ) -> Result<bool, StorageError> {
        let row = stray_pictures::table.find((Uuid::from(merchant), path.as_str()));
        let taken = diesel::delete(row).execute(self.connection()).await;
        taken.map(|count| count > 0).map_err(errors::storage)
    }

    async fn list_strays(
        &mut self,
        at: OffsetDateTime,
        most: u32,
    ) -> Result<Vec<ObjectKey>, StorageError> {
        let rows: Vec<(Uuid, String)> = read!(self, |connection| {
            let due = stray_pictures::table.filter(stray_pictures::due_at.le(at));
            let due = due.order(stray_pictures::due_at).limit(i64::from(most));
            due.select((stray_pictures::merchant_id, stray_pictures::path)).load(connection).await
        })?;
        let key = |(merchant, path): (Uuid, String)| {
            let path = PicturePath::try_from(path.as_str());
            let path = path.map_err(|_| errors::corrupt("picture"))?;
            Ok(ObjectKey { merchant: merchant.into(), path })
        };
        rows.into_iter().map(key).collect()
    }
}
