//! One process leads a job at a time.

use domain::Storage;
use domain::job::Job;
use domain::testing::an_id;
use postgres::testing::TestDatabase;

#[tokio::test(flavor = "multi_thread")]
async fn while_one_leads_a_merchants_job_nobody_else_does() {
    let database = TestDatabase::new().await;
    let [one, other] = [(); 2].map(|()| Storage::new(database.backend()));
    let (merchant, elsewhere) = (an_id(), an_id());
    let job = Job::LevelRecalculation;
    let lead = async |merchant| {
        other.atomically(async |unit| unit.jobs().lead(merchant, job).await).await.unwrap()
    };
    let done = one.atomically(async |unit| {
        assert!(unit.jobs().lead(merchant, job).await?);
        assert!(!lead(merchant).await);
        assert!(lead(elsewhere).await);
        Ok::<_, domain::StorageError>(())
    });
    done.await.unwrap();
    assert!(lead(merchant).await);
}
