//! Whether the process lives, and whether it should be sent requests.
//!
//! `/livez` says that the process answers at all; `/readyz` says that it is neither starting nor draining and that its
//! database answers. Neither gives any detail away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use actix_web::web::{self, Data};
use actix_web::{HttpResponse, Responder};
use async_trait::async_trait;
use serde::Serialize;
use tokio::time::timeout;

/// How long the database may take to answer the question.
const PATIENCE: Duration = Duration::from_secs(1);

const STARTING: u8 = 0;
const READY: u8 = 1;
const DRAINING: u8 = 2;

/// Where the process is in its life. Clones share one state, which only moves forward.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<AtomicU8>);

impl Readiness {
    /// A process that is starting.
    pub fn starting() -> Self {
        Self::default()
    }

    /// The process may be sent requests, unless it is draining already.
    pub fn ready(&self) {
        self.0.fetch_max(READY, Ordering::Relaxed);
    }

    /// The process is about to end, whatever it was before.
    pub fn drain(&self) {
        self.0.fetch_max(DRAINING, Ordering::Relaxed);
    }

    /// Whether the process is about to end.
    pub fn is_draining(&self) -> bool {
        self.0.load(Ordering::Relaxed) == DRAINING
    }
}

/// Asks the database whether it answers.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Whether it did. May take its time: the caller sets the bound.
    async fn probe(&self) -> bool;
}

/// Mounts `/livez` and `/readyz`.
pub fn mount(config: &mut web::ServiceConfig, readiness: Readiness, probe: Arc<dyn Probe>) {
    mount_health(config, Health { readiness, probe, patience: PATIENCE });
}

fn mount_health(config: &mut web::ServiceConfig, health: Health) {
    config
        .app_data(Data::new(health))
        .service(web::resource("/livez").route(web::get().to(live)).route(web::head().to(live)))
        .service(web::resource("/readyz").route(web::get().to(ready)).route(web::head().to(ready)));
}

struct Health {
    readiness: Readiness,
    probe: Arc<dyn Probe>,
    patience: Duration,
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
}

async fn live() -> impl Responder {
    HttpResponse::Ok().json(Report { status: "live" })
}

async fn ready(health: Data<Health>) -> impl Responder {
    let unready = match health.readiness.0.load(Ordering::Relaxed) {
        STARTING => Some("starting"),
        DRAINING => Some("draining"),
        _ if timeout(health.patience, health.probe.probe()).await.unwrap_or(false) => None,
        _ => Some("database unavailable"),
    };
    match unready {
        None => HttpResponse::Ok().json(Report { status: "ready" }),
        Some(status) => HttpResponse::ServiceUnavailable().json(Report { status }),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;

    enum Database {
        Answers(bool),
        Hangs,
    }

    #[async_trait]
    impl Probe for Database {
        async fn probe(&self) -> bool {
            match self {
                Self::Answers(well) => *well,
                Self::Hangs => std::future::pending().await,
            }
        }
    }

    async fn ask(path: &str, readiness: &Readiness, database: Database) -> (u16, String) {
        let app =
            App::new().configure(|config| mount(config, readiness.clone(), Arc::new(database)));
        let answer =
            call_service(&init_service(app).await, TestRequest::with_uri(path).to_request()).await;
        let status = answer.status().as_u16();
        (status, String::from_utf8(read_body(answer).await.to_vec()).unwrap())
    }

    fn after(steps: &[fn(&Readiness)]) -> Readiness {
        let readiness = Readiness::starting();
        for step in steps {
            step(&readiness);
        }
        readiness
    }

    #[actix_web::test]
    async fn a_process_is_live_whatever_its_database_does() {
        let answer = ask("/livez", &Readiness::starting(), Database::Hangs).await;
        assert_eq!(answer, (200, r#"{"status":"live"}"#.to_owned()));
    }

    #[actix_web::test]
    async fn readiness_tells_the_state_of_the_process_and_of_its_database() {
        for (steps, database, status, word) in [
            (&[][..], Database::Answers(true), 503, "starting"),
            (&[Readiness::ready as fn(&Readiness)], Database::Answers(true), 200, "ready"),
            (&[Readiness::ready], Database::Answers(false), 503, "database unavailable"),
            (&[Readiness::ready, Readiness::drain], Database::Answers(true), 503, "draining"),
            (&[Readiness::drain, Readiness::ready], Database::Answers(true), 503, "draining"),
        ] {
            let answer = ask("/readyz", &after(steps), database).await;
            assert_eq!(answer, (status, format!(r#"{{"status":"{word}"}}"#)));
        }
    }

    #[actix_web::test]
    async fn a_database_that_hangs_counts_as_unavailable() {
        let answer = ask("/readyz", &after(&[Readiness::ready]), Database::Hangs).await;
        assert_eq!(answer, (503, r#"{"status":"database unavailable"}"#.to_owned()));
    }
}
