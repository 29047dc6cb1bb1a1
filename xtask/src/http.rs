//! As much HTTP/1.1 as it takes to ask our own server something: heads of replies, and whether it is ready.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A reply's head is never longer than this; a server that sends more is broken.
const LARGEST_HEAD: usize = 64 * 1024;
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The head of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Bytes up to and including the empty line.
    pub(crate) size: usize,
    /// Bytes of body that follow.
    pub(crate) body: usize,
    /// Whether the server will take another request on this connection.
    pub(crate) keeps_alive: bool,
}

/// A reply that is not HTTP/1.1 with a body of known length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("the reply does not start like HTTP/1.1")]
    NoStatus,
    #[error("the reply's head has no end")]
    EndlessHead,
    #[error("the reply's body has no Content-Length")]
    UnknownLength,
}

impl Head {
    /// Reads a head from the front of `bytes`; `None` when it is not complete yet.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Self>, Unreadable> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            return if bytes.len() > LARGEST_HEAD {
                Err(Unreadable::EndlessHead)
            } else {
                Ok(None)
            };
        };
        let head = str::from_utf8(&bytes[..end]).map_err(|_| Unreadable::NoStatus)?;
        let mut lines = head.split("\r\n");
        let status = status_of(lines.next().unwrap_or_default()).ok_or(Unreadable::NoStatus)?;
        let (mut length, mut chunked, mut keeps_alive) = (None, false, true);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok();
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = true;
            } else if name.eq_ignore_ascii_case("connection") {
                keeps_alive = !value.eq_ignore_ascii_case("close");
            }
        }
        // These carry no body, or (redirects) may go without saying that theirs is empty.
        let bodiless = matches!(status, 100..=199 | 204 | 304);
        let body = match length {
            _ if bodiless => 0,
            Some(length) => length,
            None if !chunked && (300..400).contains(&status) => 0,
            None => return Err(Unreadable::UnknownLength),
        };
        Ok(Some(Self { status, size: end + 4, body, keeps_alive }))
    }
}

fn status_of(line: &str) -> Option<u16> {
    line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// The status that `GET path` answers with; `None` when there is no answer.
pub(crate) async fn probe(address: SocketAddr, path: &str) -> Option<u16> {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut line = [0; 12];
        stream.read_exact(&mut line).await?;
        Ok::<_, std::io::Error>(line)
    };
    let line = tokio::time::timeout(PROBE_TIMEOUT, ask).await.ok()?.ok()?;
    status_of(str::from_utf8(&line).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<Head>, Unreadable> {
        Head::parse(text.as_bytes())
    }

    #[test]
    fn a_head_says_where_the_body_ends() {
        let head = parse("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").unwrap().unwrap();
        assert_eq!(head, Head { status: 200, size: 38, body: 5, keeps_alive: true });
    }

    #[test]
    fn header_names_have_no_case() {
        let head = parse("HTTP/1.1 200 OK\r\nContent-LENGTH: 7\r\nConnection: Close\r\n\r\n")
            .unwrap()
            .unwrap();
        assert_eq!((head.body, head.keeps_alive), (7, false));
    }

    #[test]
    fn half_a_head_is_waited_for() {
        assert_eq!(parse("HTTP/1.1 200 OK\r\ncontent-le"), Ok(None));
    }

    #[test]
    fn no_content_has_no_body_and_a_redirect_may_have_none() {
        for status in ["204 No Content", "302 Found"] {
            let head =
                parse(&format!("HTTP/1.1 {status}\r\nlocation: /x\r\n\r\n")).unwrap().unwrap();
            assert_eq!(head.body, 0, "{status}");
        }
    }

    #[test]
    fn a_body_of_unknown_length_is_refused() {
        assert_eq!(
            parse("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
            Err(Unreadable::UnknownLength)
        );
    }

    #[test]
    fn something_other_than_http_is_refused() {
        assert_eq!(parse("SSH-2.0-OpenSSH\r\n\r\n"), Err(Unreadable::NoStatus));
    }

    #[tokio::test]
    async fn a_closed_port_gives_no_answer() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(probe(free, "/readyz").await, None);
    }
}
