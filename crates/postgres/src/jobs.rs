//! What daily jobs have done, and who does them.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;
use domain::StorageError;
use domain::id::MerchantId;
use domain::job::{Job, JobRepository};
use time::Date;
use uuid::Uuid;

use crate::errors;
use crate::schema::job_days;
use crate::session::{PgSession, read};

#[async_trait]
impl JobRepository for PgSession {
    async fn lead(&mut self, merchant: MerchantId, job: Job) -> Result<bool, StorageError> {
        // The lock ends with the transaction, whatever becomes of the process.
        let query = diesel::select(
            diesel::dsl::sql::<Bool>("pg_try_advisory_xact_lock(")
                .bind::<BigInt, _>(lock(merchant, job))
                .sql(")"),
        );
        query.get_result(self.connection()).await.map_err(errors::storage)
    }

    async fn last_day(
        &mut self,
        merchant: MerchantId,
        job: Job,
    ) -> Result<Option<Date>, StorageError> {
        read!(self, |connection| {
            let row = job_days::table.find((Uuid::from(merchant), job.name()));
            row.select(job_days::day).first(connection).await.optional()
        })
    }

    async fn last_days(&mut self, job: Job) -> Result<HashMap<MerchantId, Date>, StorageError> {
        let days: Vec<(Uuid, Date)> = read!(self, |connection| {
            let rows = job_days::table.filter(job_days::job.eq(job.name()));
            rows.select((job_days::merchant_id, job_days::day)).load(connection).await
        })?;
        Ok(days.into_iter().map(|(merchant, day)| (MerchantId::from(merchant), day)).collect())
    }

    async fn note_day(
        &mut self,
        merchant: MerchantId,
        job: Job,
        day: Date,
    ) -> Result<(), StorageError> {
        let row = (
            job_days::merchant_id.eq(Uuid::from(merchant)),
            job_days::job.eq(job.name()),
            job_days::day.eq(day),
        );
        let insert = diesel::insert_into(job_days::table).values(row);
        let upsert = insert
            .on_conflict((job_days::merchant_id, job_days::job))
            .do_update()
            .set(job_days::day.eq(day));
        upsert.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }
}

/// The advisory lock of a merchant's job: the merchant's id folded to 64 bits, and the job. Two that meet by chance only
/// wait for one another.
fn lock(merchant: MerchantId, job: Job) -> i64 {
    let (high, low) = Uuid::from(merchant).as_u64_pair();
    let job = match job {
        Job::LevelRecalculation => 0x6c65_7665_6c73_0001_u64,
        Job::LevelWarning => 0x6c65_7665_6c73_0002,
        Job::PointsUnlocking => 0x706f_696e_7473_0001,
        Job::PointsExpiry => 0x706f_696e_7473_0002,
        Job::PointsWarning => 0x706f_696e_7473_0003,
    };
    (high ^ low.rotate_left(17) ^ job).cast_signed()
}
