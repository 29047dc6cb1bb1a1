//! The listening side of the process: workers, limits and an orderly end.
//!
//! What the HTTP library does with a head it cannot use was read and tried (actix-http 3.20): conflicting or repeated
//! lengths, both framings at once and broken chunks are answered 400 and the connection is closed. A line that ends in a
//! bare LF is accepted, as RFC 9112, section 2.2 allows; it cannot be switched off, and the message means the same to
//! either reading. Paths are not normalised before routing: `%2F` stays inside its segment (`monri.md` 1.1).

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer};
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, Limits};
use crate::health::Readiness;
use crate::http::request_id::RequestIds;
use crate::http::{connections, head_limit, request_id, request_log};
use crate::metrics;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Binds the socket that [`serve`] accepts on. Port 0 takes any free one.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Ends when the process is told to: SIGTERM, or SIGINT from a terminal. Registered at once, awaited later.
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Serves on a bound socket until `stop` ends, and then drains.
///
/// Every worker thread calls `state` once and has `mount` build its routes over what came back, so that state may belong
/// to one thread, as a pool of connections does. Once `stop` ends, `readiness` turns first; then no connection is
/// accepted any more, requests in flight get the configured time, and the returned future ends. Runs inside a plain
/// multi-threaded runtime; nothing is served unless the future is polled.
pub fn serve<T, S, M>(
    config: &Config,
    listener: TcpListener,
    readiness: Readiness,
    stop: impl Future<Output = ()> + Send + 'static,
    state: S,
    mount: M,
) -> io::Result<Server>
where
    T: 'static,
    S: Fn() -> Data<T> + Clone + Send + 'static,
    M: Fn(&mut ServiceConfig, &Data<T>) + Clone + Send + 'static,
{
    let workers = config
        .workers
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get);
    let Limits { head_bytes, head, keep_alive, connections, .. } = config.limits;
    let ids = Arc::new(RequestIds::random());
    let server = HttpServer::new(move || {
        let (state, ids) = (state(), Arc::clone(&ids));
        App::new()
            .app_data(state.clone())
            .configure(|routes| mount(routes, &state))
            .wrap(from_fn(move |request, next| {
                head_limit::enforce(head_bytes.get(), request, next)
            }))
            .wrap(from_fn(request_log::log))
            .wrap(from_fn(metrics::measure))
            .wrap(from_fn(move |request, next| {
                request_id::identify(Arc::clone(&ids), request, next)
            }))
            .wrap(from_fn(connections::track))
    });
    let server = server
        .workers(workers)
        .max_connections(connections.get().div_ceil(workers))
        .client_request_timeout(head)
        .keep_alive(keep_alive)
        .tcp_nodelay(true)
        .on_connect(connections::watch(keep_alive + head))
        .shutdown_timeout(config.shutdown.as_secs())
        .shutdown_signal(async move {
            stop.await;
            readiness.drain();
        })
        .listen(listener)?;
    Ok(server.run())
}

#[cfg(test)]
mod tests;
