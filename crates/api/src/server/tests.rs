//! The server over raw sockets: what a client library would never send.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::http::raw_body::{self, BodyError, BodyLimits};

/// Far more than any case needs: what is still open then is a failure, not a slow machine.
const GUARD: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(60);
/// For heads that are sent at once and must not be late even when the machine is busy.
const AMPLE: Duration = Duration::from_secs(2);

/// What a worker has: the limits of the body, and gates that a test opens.
struct Worker {
    body: BodyLimits,
    entered: Arc<Notify>,
    leave: Arc<Notify>,
}

async fn greet(name: web::Path<String>) -> String {
    format!("hello <{name}>")
}

async fn count(request: HttpRequest, body: web::Payload, worker: Data<Worker>) -> HttpResponse {
    match raw_body::read(request.headers(), body, worker.body).await {
        Ok(body) => HttpResponse::Ok().body(format!("{} bytes", body.len())),
        Err(error) => {
            let status = match error {
                BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
                BodyError::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                BodyError::Malformed => StatusCode::BAD_REQUEST,
            };
            HttpResponse::build(status).body(format!("in my own shape: {error:?}"))
        }
    }
}

async fn wait(worker: Data<Worker>) -> &'static str {
    worker.entered.notify_one();
    worker.leave.notified().await;
    "waited"
}

fn routes(config: &mut ServiceConfig, worker: &Data<Worker>) {
    config
        .app_data(worker.clone())
        .route("/hello/{name}", web::get().to(greet))
        .route("/count", web::post().to(count))
        .route("/wait", web::get().to(wait));
}

struct Running {
    address: SocketAddr,
    readiness: Readiness,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<io::Result<()>>,
    entered: Arc<Notify>,
    leave: Arc<Notify>,
}

fn start(adjust: impl FnOnce(&mut Limits)) -> Running {
    let variables =
        [("CLIENTELE_MASTER_KEY", "0".repeat(64)), ("CLIENTELE_WORKERS", "1".to_owned())];
    let mut config =
        Config::from_parts("", variables.map(|(name, value)| (name.to_owned(), value))).unwrap();
    adjust(&mut config.limits);
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let readiness = Readiness::starting();
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (stop, stopped) = oneshot::channel();
    let gates = (Arc::clone(&entered), Arc::clone(&leave));
    let body = BodyLimits { bytes: config.limits.body_bytes.get(), time: config.limits.body };
    let state = move || {
        Data::new(Worker { body, entered: Arc::clone(&gates.0), leave: Arc::clone(&gates.1) })
    };
    let stopped = async { drop(stopped.await) };
    let server = serve(&config, listener, readiness.clone(), stopped, state, routes).unwrap();
    Running { address, readiness, stop, ended: tokio::spawn(server), entered, leave }
}

/// Sends the bytes and reads until the server closes, which it must do by itself.
async fn until_closed(server: &Running, request: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // The server may refuse and close before all was sent.
    let _ = stream.write_all(request.as_ref()).await;
    let mut answer = Vec::new();
    let ended = timeout(GUARD, stream.read_to_end(&mut answer))
        .await
        .expect("the server must close the connection");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(ended.is_ok() || !answer.is_empty(), "reset without an answer: {ended:?}");
    answer
}

fn statuses(answer: &str) -> Vec<&str> {
    answer.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)).collect()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_sends_nothing_or_half_a_head_is_closed() {
    let server = start(|limits| limits.head = SHORT);
    for request in ["", "GET /hello/a HT", "GET /hello/a HTTP/1.1\r\nHost: x\r\nX-"] {
        assert_eq!(statuses(&until_closed(&server, request).await), ["408"], "{request}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_kept_connection_is_closed() {
    let server = start(|limits| limits.keep_alive = SHORT);
    let answer = until_closed(&server, "GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!((statuses(&answer), body(&answer)), (vec!["200"], "hello <a>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_with_half_a_second_head_is_closed() {
    let server = start(|limits| (limits.keep_alive, limits.head) = (AMPLE, AMPLE));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let whole = b"GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(whole).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello <a>") {
        let read = timeout(GUARD, stream.read_buf(&mut answer)).await.expect("an answer");
        assert_ne!(read.unwrap(), 0);
    }
    stream.write_all(&whole[..15]).await.unwrap();
    let more = timeout(GUARD, stream.read_buf(&mut answer)).await;
    assert_eq!(more.expect("the server must close the connection").unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stops_coming_is_answered_408_in_the_handlers_shape_and_closed() {
    let server = start(|limits| limits.body = SHORT);
    for framing in
        ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]
    {
        let answer =
            until_closed(&server, format!("POST /count HTTP/1.1\r\nHost: x\r\n{framing}")).await;
        assert_eq!(statuses(&answer), ["408"], "{framing}");
        assert_eq!(body(&answer), "in my own shape: TooSlow");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_nobody_reads_does_not_keep_the_connection() {
    let server = start(|limits| (limits.keep_alive, limits.head) = (SHORT, AMPLE));
    for framing in
        ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]
    {
        let answer =
            until_closed(&server, format!("POST /none HTTP/1.1\r\nHost: x\r\n{framing}")).await;
        assert_eq!(statuses(&answer), ["404"], "{framing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_body_is_answered_413_in_the_handlers_shape_and_closed() {
    let server = start(|limits| limits.body_bytes = NonZeroUsize::new(4).unwrap());
    for framing in [
        "Content-Length: 5\r\n\r\nabcde",
        "Content-Length: 99999999999\r\n\r\nabcde",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n",
    ] {
        let answer =
            until_closed(&server, format!("POST /count HTTP/1.1\r\nHost: x\r\n{framing}")).await;
        assert_eq!(statuses(&answer), ["413"], "{framing}");
        assert_eq!(body(&answer), "in my own shape: TooLarge");
    }
    let fits =
        "POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nabcd";
    assert_eq!(body(&until_closed(&server, fits).await), "4 bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn unclear_framing_is_refused_and_what_follows_is_never_run() {
    let server = start(|_| ());
    let smuggled = "0\r\n\r\nGET /hello/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for lines in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 5",
        "Content-Length: +5",
        "Content-Length: -1",
        "Content-Length: 5a",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \x0bchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ] {
        let answer = until_closed(
            &server,
            format!("POST /count HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{smuggled}"),
        )
        .await;
        assert_eq!(statuses(&answer), ["400"], "{lines}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_chunks_are_malformed_and_what_follows_is_never_run() {
    let server = start(|_| ());
    for chunks in [
        "0x5\r\nabcde\r\n",
        "+5\r\nabcde\r\n",
        "11111111111111111\r\nabcde\r\n",
        "5\r\nabcdef\r\n",
        "\r\n",
    ] {
        let request = format!(
            "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\nGET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        let answer = until_closed(&server, request).await;
        assert_eq!(statuses(&answer).first(), Some(&"400"), "{chunks:?}: {answer}");
        assert!(!answer.contains("hello"), "{chunks:?}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_heads_are_refused_and_closed() {
    let server = start(|_| ());
    for head in [
        "GET /hello/a HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /hello/a HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        "GET /hello/a HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n",
        "GET /hello/a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /hello/a HTTP/1.1\r\n\r\n",
        "GET  /hello/a HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02\x00",
    ] {
        assert_eq!(statuses(&until_closed(&server, head).await), ["400"], "{head:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bare_line_feeds_end_lines_as_the_standard_allows() {
    let server = start(|_| ());
    let answer =
        until_closed(&server, "GET /hello/a HTTP/1.1\nHost: x\nConnection: close\n\n").await;
    assert_eq!((statuses(&answer), body(&answer)), (vec!["200"], "hello <a>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_head_is_refused_and_closed() {
    let server = start(|_| ());
    let long = |length| "a".repeat(length);
    for (head, status) in [
        (format!("GET /hello/{} HTTP/1.1\r\nHost: x\r\n\r\n", long(8_192)), "414"),
        (format!("GET /hello/a HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n", long(16_384)), "431"),
        (format!("GET /hello/a HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n", long(1_048_576)), "431"),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", long(1_048_576)), "431"),
        (format!("GET /hello/a HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(100)), "431"),
    ] {
        assert_eq!(statuses(&until_closed(&server, head).await), [status]);
    }
    let fits = format!(
        "GET /hello/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: {}\r\n\r\n",
        long(16_000)
    );
    assert_eq!(statuses(&until_closed(&server, fits).await), ["200"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_are_split_before_they_are_decoded_and_never_normalised() {
    let server = start(|_| ());
    for (path, expected) in [
        ("/hello/shop%2F42%20a", "hello <shop/42 a>"),
        ("/hello/a+b%252Fc", "hello <a+b%2Fc>"),
        ("/hello/%2e%2e", "hello <..>"),
        ("http://other.example/hello/a", "hello <a>"),
        ("//hello/a", ""),
        ("/hello//a", ""),
        ("/hello/a/", ""),
        ("/x/../hello/a", ""),
    ] {
        let answer = until_closed(
            &server,
            format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        )
        .await;
        assert_eq!(body(&answer), expected, "{path}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_http_1_0_gets_a_length_and_every_client_a_request_id() {
    let server = start(|_| ());
    let answer =
        until_closed(&server, "GET /hello/a HTTP/1.0\r\nX-Request-Id: my-id\r\n\r\n").await;
    assert!(answer.to_ascii_lowercase().contains("content-length: 9\r\n"), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("x-request-id: my-id\r\n"), "{answer}");
    assert!(answer.ends_with("hello <a>"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_drains_requests_in_flight_and_takes_no_new_ones() {
    let server = start(|_| ());
    server.readiness.ready();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    timeout(GUARD, server.entered.notified()).await.expect("the request must arrive");
    server.stop.send(()).unwrap();
    timeout(GUARD, async {
        while TcpStream::connect(server.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("new connections must be refused");
    assert!(server.readiness.is_draining());
    server.leave.notify_one();
    let mut answer = String::new();
    timeout(GUARD, stream.read_to_string(&mut answer))
        .await
        .expect("the request must end")
        .unwrap();
    assert_eq!((statuses(&answer), body(&answer)), (vec!["200"], "waited"));
    timeout(GUARD, server.ended).await.expect("the server must end").unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_to_terminate_ends_the_wait() {
    let stopped = stop_signal().unwrap();
    let sent = std::process::Command::new("sh").args(["-c", "kill -TERM $PPID"]).status().unwrap();
    assert!(sent.success());
    timeout(GUARD, stopped).await.expect("the signal must arrive");
}
