//! A load generator that leaves the machine to the server: kept-alive HTTP/1.1 on one thread, requests made beforehand
//! or by the caller's closure, replies read no further than needed to tell them apart.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::histogram::Histogram;
use crate::failure::Failure;
use crate::http::Head;

/// How long a reply may take before its connection counts as stuck.
const GRACE: Duration = Duration::from_secs(10);
/// How much of a wrong reply is kept to show.
const SHOWN: usize = 300;

/// What to ask, of whom, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) connections: usize,
    /// Requests in this time are made but not counted.
    pub(super) warm_up: Duration,
    pub(super) duration: Duration,
    /// The status of a good reply.
    pub(super) expected: u16,
}

/// How it went.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    latencies: Histogram,
    answered: u64,
    pub(super) errors: u64,
    /// The first thing that went wrong, for a person.
    pub(super) first_error: Option<String>,
    seconds: f64,
}

impl Load {
    /// Runs the load. `requests` makes one closure per connection, which gets the connection's number and a running
    /// number from 0 and returns the bytes of a whole request.
    ///
    /// Blocks the calling thread; the load has a thread and a runtime of its own.
    pub(super) fn run<R>(self, requests: impl Fn() -> R) -> Result<Outcome, Failure>
    where
        R: FnMut(usize, u64) -> Vec<u8> + Send + 'static,
    {
        let closures: Vec<R> = (0..self.connections).map(|_| requests()).collect();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(self.drive(closures)))
        });
        thread
            .join()
            .map_err(|_| Failure::explained("the load generator broke down"))?
            .map_err(Failure::io("start the load generator"))
    }

    async fn drive<R>(self, closures: Vec<R>) -> Outcome
    where
        R: FnMut(usize, u64) -> Vec<u8> + Send + 'static,
    {
        let counting_from = Instant::now() + self.warm_up;
        let mut workers = JoinSet::new();
        for (number, requests) in closures.into_iter().enumerate() {
            let worker = Worker::new(self, number, counting_from);
            workers.spawn(worker.work(requests));
        }
        let mut outcome = Outcome {
            latencies: Histogram::new(),
            answered: 0,
            errors: 0,
            first_error: None,
            seconds: self.duration.as_secs_f64(),
        };
        while let Some(joined) = workers.join_next().await {
            match joined {
                Ok(worker) => outcome.add(worker),
                Err(error) => outcome.fail(error.to_string()),
            }
        }
        outcome
    }
}

impl Outcome {
    /// Good replies a second, the warm-up left out.
    pub(super) fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
        let count = self.latencies.count() as f64;
        count / self.seconds
    }

    /// All good replies, those in the warm-up too: what CPU time is to be shared out over.
    pub(super) fn count(&self) -> u64 {
        self.answered
    }

    pub(super) fn quantile(&self, share: f64) -> Duration {
        self.latencies.quantile(share)
    }

    fn add(&mut self, worker: Worker) {
        self.latencies.merge(&worker.latencies);
        self.answered += worker.answered;
        self.errors += worker.errors;
        self.first_error = self.first_error.take().or(worker.first_error);
    }

    fn fail(&mut self, error: String) {
        self.errors += 1;
        self.first_error.get_or_insert(error);
    }
}

/// One request that goes wrong spoils the whole.
pub(super) fn checked(outcome: Outcome) -> Result<Outcome, Failure> {
    match &outcome.first_error {
        None => Ok(outcome),
        Some(error) => Err(Failure::explained(format!(
            "{} requests failed, the first with:\n{error}",
            outcome.errors
        ))),
    }
}

/// One connection's share of the load.
struct Worker {
    load: Load,
    number: usize,
    counting_from: Instant,
    latencies: Histogram,
    answered: u64,
    errors: u64,
    first_error: Option<String>,
    buffer: Vec<u8>,
}

impl Worker {
    fn new(load: Load, number: usize, counting_from: Instant) -> Self {
        let buffer = Vec::with_capacity(16 * 1024);
        Self {
            load,
            number,
            counting_from,
            latencies: Histogram::new(),
            answered: 0,
            errors: 0,
            first_error: None,
            buffer,
        }
    }

    async fn work<R: FnMut(usize, u64) -> Vec<u8>>(mut self, mut requests: R) -> Self {
        let end = self.counting_from + self.load.duration;
        let mut sequence = 0;
        // One deadline for the whole run: a timer per request would cost more than the request.
        let deadline = tokio::time::sleep_until((end + GRACE).into());
        tokio::pin!(deadline);
        while Instant::now() < end {
            tokio::select! {
                biased;
                outcome = self.converse(&mut requests, &mut sequence, end) => {
                    if let Err(error) = outcome {
                        self.fail(error);
                        // A server that refuses connections is not to be asked a million times a second.
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                }
                () = &mut deadline => {
                    self.fail("a reply did not come in time".to_owned());
                    break;
                }
            }
        }
        self
    }

    /// Uses one connection until the end or until it breaks.
    async fn converse<R>(
        &mut self,
        requests: &mut R,
        sequence: &mut u64,
        end: Instant,
    ) -> Result<(), String>
    where
        R: FnMut(usize, u64) -> Vec<u8>,
    {
        let mut stream = TcpStream::connect(self.load.address)
            .await
            .map_err(|error| format!("connect: {error}"))?;
        stream.set_nodelay(true).map_err(|error| format!("connect: {error}"))?;
        self.buffer.clear();
        let mut begun = Instant::now();
        while begun < end {
            let request = requests(self.number, *sequence);
            *sequence += 1;
            begun = Instant::now();
            stream.write_all(&request).await.map_err(|error| format!("send: {error}"))?;
            let head = self.reply(&mut stream).await?;
            let now = Instant::now();
            self.judge(head, begun, now, end);
            self.buffer.drain(..head.size + head.body);
            if !head.keeps_alive {
                break;
            }
            begun = now;
        }
        Ok(())
    }

    /// Reads one whole reply into the buffer.
    async fn reply(&mut self, stream: &mut TcpStream) -> Result<Head, String> {
        loop {
            if let Some(head) = Head::parse(&self.buffer).map_err(|error| error.to_string())?
                && self.buffer.len() >= head.size + head.body
            {
                return Ok(head);
            }
            let read = stream
                .read_buf(&mut self.buffer)
                .await
                .map_err(|error| format!("receive: {error}"))?;
            if read == 0 {
                return Err("the server closed the connection in the middle of a reply".to_owned());
            }
        }
    }

    /// Counts a reply that belongs to the measured time.
    fn judge(&mut self, head: Head, begun: Instant, now: Instant, end: Instant) {
        if head.status != self.load.expected {
            let reply = &self.buffer[..(head.size + head.body).min(SHOWN)];
            self.fail(String::from_utf8_lossy(reply).into_owned());
            return;
        }
        self.answered += 1;
        if begun >= self.counting_from && now <= end {
            self.latencies.record(now - begun);
        }
    }

    fn fail(&mut self, error: String) {
        self.errors += 1;
        self.first_error.get_or_insert(error);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// A server that answers every request with `reply`.
    fn server(reply: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut output = stream.try_clone().unwrap();
                    for line in BufReader::new(stream).lines() {
                        if line.is_ok_and(|line| line.is_empty())
                            && output.write_all(reply.as_bytes()).is_err()
                        {
                            return;
                        }
                    }
                });
            }
        });
        address
    }

    fn load(address: SocketAddr) -> Outcome {
        let duration = Duration::from_millis(200);
        let load = Load {
            address,
            connections: 2,
            warm_up: Duration::from_millis(20),
            duration,
            expected: 200,
        };
        load.run(|| |_, _| b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()).unwrap()
    }

    #[test]
    fn good_replies_are_counted_and_timed() {
        let outcome = load(server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
        assert_eq!((outcome.errors, outcome.first_error.as_deref()), (0, None));
        assert!(outcome.count() > 0 && outcome.rate() > 0.0);
        assert!(outcome.quantile(0.5) <= outcome.quantile(0.99));
    }

    #[test]
    fn a_reply_with_another_status_is_an_error_that_is_shown() {
        let outcome = load(server("HTTP/1.1 500 Oh\r\ncontent-length: 6\r\n\r\nbroken"));
        assert_eq!(outcome.count(), 0);
        assert!(outcome.errors > 0);
        assert!(outcome.first_error.unwrap().ends_with("broken"));
    }

    #[test]
    fn a_server_that_closes_after_each_reply_is_asked_again() {
        let outcome =
            load(server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
        assert_eq!(outcome.first_error, None);
        assert!(outcome.count() > 2);
    }

    #[test]
    fn nobody_listening_is_an_error_and_no_endless_loop() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let outcome = load(free);
        assert_eq!(outcome.count(), 0);
        assert!(outcome.first_error.unwrap().starts_with("connect"));
    }
}
