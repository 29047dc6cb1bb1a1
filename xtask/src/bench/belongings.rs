//! What customers have beside their record: passwords to log in with and points to spend. And what a password hash alone
//! costs.

use std::time::{Duration, Instant};

use domain::demo;
use domain::{Secret, SecretKeeper};

use super::report;
use crate::backend::{Domain, explained};
use crate::database;
use crate::failure::Failure;
use crate::key::MasterKey;

/// How often the hash is made to see how long that takes.
const HASHES: usize = 21;

/// How many points each customer has, in ten-thousandths: more than any measurement spends.
const POINTS: i64 = 10_000_000_000;

/// Gives every customer the demonstration's password, hashed once since a hash for each would take an hour, and points.
pub(super) async fn give(url: &str, key: &MasterKey) -> Result<(), Failure> {
    let keeper = Domain::open(url, key)?.keeper;
    let hash = keeper.hash_password(password()).await.map_err(explained)?;
    let everybody = format!(
        "INSERT INTO passwords (merchant_id, actor_kind, actor_id, hash, temporary) \
         SELECT merchant_id, 'customer', id, '{}', false FROM customers \
         ON CONFLICT DO NOTHING",
        hash.as_str()
    );
    let transfers = format!(
        "INSERT INTO points_transfers (merchant_id, id, customer_id, is_adding, value, remaining, state, warned, \
         actor_kind, created_at) \
         SELECT merchant_id, gen_random_uuid(), id, true, {POINTS}, {POINTS}, 'active', false, 'system', created_at \
         FROM customers"
    );
    let totals = format!(
        "UPDATE customers SET points_available = {POINTS}, points_earned = {POINTS}, \
         points_earned_since_recalculation = {POINTS}"
    );
    let tidy = ["VACUUM FULL customers", "VACUUM ANALYZE", "CHECKPOINT"];
    for statement in [&everybody, &transfers, &totals].map(String::as_str).into_iter().chain(tidy) {
        database::query(url, statement)?;
    }
    Ok(())
}

/// How long one hash takes while nothing else is done; the median.
pub(super) async fn hash(keeper: &dyn SecretKeeper) -> Result<Duration, Failure> {
    let mut times = Vec::with_capacity(HASHES);
    for _ in 0..HASHES {
        let begun = Instant::now();
        keeper.hash_password(password()).await.map_err(explained)?;
        times.push(begun.elapsed().as_secs_f64());
    }
    Ok(Duration::from_secs_f64(report::median(times).unwrap_or_default()))
}

fn password() -> Secret<String> {
    Secret::new(demo::PASSWORD.to_owned())
}
