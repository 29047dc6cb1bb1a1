use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse};
use domain::delivery::{Failure, Outgoing, Reply, Sender};
use domain::testing::{an_event, an_id};

use super::*;
use crate::http::request_log::LoggedDialect;

fn value(text: &str, line: &str) -> Option<f64> {
    let found = text.lines().find_map(|known| known.strip_prefix(line)?.strip_prefix(' '))?;
    found.parse().ok()
}

struct Waiting(Option<BacklogFigures>);

#[async_trait]
impl Backlog for Waiting {
    async fn figures(&self) -> Option<BacklogFigures> {
        self.0
    }
}

struct Answering(Reply);

#[async_trait]
impl Sender for Answering {
    async fn send(&self, _: Outgoing) -> Reply {
        self.0.clone()
    }
}

#[actix_web::test]
async fn requests_are_counted_by_the_pattern_and_never_by_the_path() {
    let metrics = Metrics::default();
    let app = App::new()
        .app_data(Data::new(metrics.clone()))
        .service(web::scope("/v9").app_data(LoggedDialect("martian")).route(
            "/cards/{number}",
            web::get().to(|| async { HttpResponse::Conflict().finish() }),
        ))
        .wrap(from_fn(measure));
    let app = init_service(app).await;
    for path in ["/v9/cards/4111", "/v9/cards/4222", "/secret"] {
        call_service(&app, TestRequest::with_uri(path).to_request()).await;
    }
    let text = metrics.text(None).await.unwrap();
    let count = |labels: &str| {
        value(&text, &format!("clientele_request_duration_seconds_count{{{labels}}}"))
    };
    assert_eq!(
        count(r#"dialect="martian",route="/v9/cards/{number}",status="4xx""#),
        Some(2.0),
        "{text}"
    );
    assert_eq!(count(r#"dialect="none",route="none",status="4xx""#), Some(1.0), "{text}");
    assert!(!text.contains("4111") && !text.contains("secret"), "{text}");
}

#[actix_web::test]
async fn attempts_are_counted_by_what_came_of_them() {
    let metrics = Metrics::default();
    let answered = |status| Reply::Answered { status, body: Vec::new(), retry_after: None };
    for reply in [answered(204), answered(200), answered(503), Reply::Failed(Failure::TimedOut)] {
        let sender = MeasuredSender::new(Arc::new(Answering(reply.clone())), metrics.clone());
        let outgoing = Outgoing {
            id: an_id(),
            at: an_event(domain::event::EventKind::CustomerCreated).at,
            secrets: Vec::new(),
            address: "https://example.test/".to_owned().try_into().unwrap(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        assert_eq!(sender.send(outgoing).await, reply);
    }
    metrics.settled(DeliveryState::Parked);
    let text = metrics.text(None).await.unwrap();
    for (result, count) in [("2xx", 2.0), ("5xx", 1.0), ("timed_out", 1.0)] {
        let line =
            format!(r#"clientele_delivery_attempt_duration_seconds_count{{result="{result}"}}"#);
        assert_eq!(value(&text, &line), Some(count), "{text}");
    }
    assert_eq!(value(&text, r#"clientele_deliveries_total{state="parked"}"#), Some(1.0), "{text}");
}

#[actix_web::test]
async fn what_waits_is_told_as_it_is_now_and_what_is_unknown_as_such() {
    let metrics = Metrics::default();
    let waiting =
        Waiting(Some(BacklogFigures { pending: 7, oldest: Duration::from_millis(1_500) }));
    let text = metrics.text(Some(&waiting)).await.unwrap();
    assert_eq!(value(&text, "clientele_deliveries_pending"), Some(7.0), "{text}");
    assert_eq!(value(&text, "clientele_deliveries_oldest_age_seconds"), Some(1.5), "{text}");
    let text = metrics.text(Some(&Waiting(None))).await.unwrap();
    assert_eq!(value(&text, "clientele_deliveries_pending"), Some(-1.0), "{text}");
    assert!(value(&text, "clientele_deliveries_oldest_age_seconds").unwrap().is_nan(), "{text}");
}

#[actix_web::test]
async fn connections_of_all_pools_are_counted_together() {
    let metrics = Metrics::default();
    let settings = postgres::PoolSettings { connections: 1, wait: Duration::from_millis(1) };
    for _ in 0..2 {
        metrics.watch(PgBackend::new("postgres://localhost/none", settings).unwrap());
    }
    let text = metrics.text(None).await.unwrap();
    for state in ["open", "lent", "waiting"] {
        let line = format!(r#"clientele_database_connections{{state="{state}"}}"#);
        assert_eq!(value(&text, &line), Some(0.0), "{text}");
    }
    assert!(text.ends_with("# EOF\n"));
}
