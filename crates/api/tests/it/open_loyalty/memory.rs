//! Callers and merchants are remembered for a moment, so that they cost no trip to the database.

use domain::merchant::CommunicationMethod;

use super::world::World;

const SWITCH_OFF: &str = "UPDATE admins SET active = false";

async fn world_that_remembers_for(seconds: &'static str) -> World {
    World::with(&[("PRINCIPAL_CACHE_SECONDS", seconds)], CommunicationMethod::Email).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_caller_is_not_looked_up_again() {
    let world = world_that_remembers_for("3600").await;
    let token = world.admin().await;
    world.get("/api/customer").token(&token).send().await.ok();
    world.server.database.execute(SWITCH_OFF).await;
    world.get("/api/customer").token(&token).send().await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_remembered_is_looked_up_every_time() {
    let world = world_that_remembers_for("0").await;
    let token = world.admin().await;
    world.get("/api/customer").token(&token).send().await.ok();
    world.server.database.execute(SWITCH_OFF).await;
    let answer = world.get("/api/customer").token(&token).send().await;
    answer.refused(401, r#"{"code":401,"message":""}"#);
}
