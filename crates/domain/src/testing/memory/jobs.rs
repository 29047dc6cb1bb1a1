//! What daily jobs have done. Units of work run one at a time here, so whoever asks for the lead has it.

use std::collections::HashMap;

use async_trait::async_trait;
use time::Date;

use super::session::MemorySession;
use crate::id::MerchantId;
use crate::job::{Job, JobRepository};
use crate::storage::StorageError;

#[async_trait]
impl JobRepository for MemorySession {
    async fn lead(&mut self, _: MerchantId, _: Job) -> Result<bool, StorageError> {
        Ok(true)
    }

    async fn last_day(
        &mut self,
        merchant: MerchantId,
        job: Job,
    ) -> Result<Option<Date>, StorageError> {
        Ok(self.read(|state| state.job_days.get(&(merchant, job)).copied()).await)
    }

    async fn last_days(&mut self, job: Job) -> Result<HashMap<MerchantId, Date>, StorageError> {
        let of_job = self.read(|state| {
            let days = state.job_days.iter().filter(|((_, done), _)| *done == job);
            days.map(|((merchant, _), day)| (*merchant, *day)).collect()
        });
        Ok(of_job.await)
    }

    async fn note_day(
        &mut self,
        merchant: MerchantId,
        job: Job,
        day: Date,
    ) -> Result<(), StorageError> {
        self.write(|state| state.job_days.insert((merchant, job), day)).await;
        Ok(())
    }
}
