//! The end of connections on which nothing happens any more.
//!
//! The HTTP library bounds the head of a connection's first request and the idle time between requests, but its idle
//! timer stops for good at the first byte of a next head, and an unread chunked body is drained for ever. So each
//! connection gets a deadline of our own that runs while no request is being served; it shuts the socket down, and the
//! library then sees an end of input and cleans up.

use std::any::Any;
use std::cell::Cell;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::rc::{Rc, Weak};
use std::time::Duration;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::rt;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How long a client that was told to stop sending may take to read that.
const FAREWELL: Duration = Duration::from_secs(2);

/// One connection, kept in its own data; when it ends, so does its watch.
struct Connection {
    socket: TcpStream,
    idle: Duration,
    busy: Cell<bool>,
    deadline: Cell<Instant>,
    watch: Cell<Option<JoinHandle<()>>>,
}

impl Connection {
    /// When to look again; `None` once the connection was shut down.
    fn look(&self) -> Option<Instant> {
        let now = Instant::now();
        if self.busy.get() {
            return Some(now + self.idle);
        }
        if self.deadline.get() > now {
            return Some(self.deadline.get());
        }
        // A socket that is gone already needs no shutting down.
        let _ = self.socket.shutdown(Shutdown::Both);
        None
    }

    fn rest(&self, allowed: Duration) {
        self.busy.set(false);
        self.deadline.set(Instant::now() + allowed);
    }

    /// Has the deadline looked at in that time, and again whenever it was moved.
    fn watch(self: &Rc<Self>, first: Duration) {
        let watch = rt::spawn(run(Rc::downgrade(self), Instant::now() + first));
        if let Some(former) = self.watch.replace(Some(watch)) {
            former.abort();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(watch) = self.watch.take() {
            watch.abort();
        }
    }
}

/// For `HttpServer::on_connect`: watches every connection, with `idle` as the time it may go without a request.
///
/// The watch holds a second descriptor of the socket, because the library does not share its own.
pub fn watch(idle: Duration) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static {
    move |stream, data| {
        let Some(stream) = stream.downcast_ref::<rt::net::TcpStream>() else { return };
        // Out of descriptors: the connection does without a watch rather than not at all.
        let Ok(socket) = stream.as_fd().try_clone_to_owned() else { return };
        let connection = Rc::new(Connection {
            socket: socket.into(),
            idle,
            busy: Cell::new(false),
            deadline: Cell::new(Instant::now() + idle),
            watch: Cell::new(None),
        });
        connection.watch(idle);
        data.insert(connection);
    }
}

async fn run(connection: Weak<Connection>, mut wake: Instant) {
    loop {
        sleep_until(wake).await;
        match connection.upgrade().and_then(|connection| connection.look()) {
            Some(again) => wake = again,
            None => return,
        }
    }
}

/// Middleware, the outermost: stops the deadline while the request is served.
///
/// After 408 and 413 the client is not expected to go on, so the connection gets seconds only.
pub async fn track(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let busy = Busy::begin(&request);
    let response = next.call(request).await;
    let status = response
        .as_ref()
        .map_or_else(|error| error.as_response_error().status_code(), ServiceResponse::status);
    busy.end(status);
    response
}

/// A request is being served; dropping this tells that it no longer is, also when the client went away.
struct Busy(Option<Rc<Connection>>);

impl Busy {
    fn begin(request: &ServiceRequest) -> Self {
        let connection = request.conn_data::<Rc<Connection>>().cloned();
        if let Some(connection) = &connection {
            connection.busy.set(true);
        }
        Self(connection)
    }

    fn end(mut self, status: StatusCode) {
        let closing =
            [StatusCode::REQUEST_TIMEOUT, StatusCode::PAYLOAD_TOO_LARGE].contains(&status);
        if closing && let Some(connection) = self.0.take() {
            connection.rest(FAREWELL);
            connection.watch(FAREWELL);
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            connection.rest(connection.idle);
        }
    }
}
