//! Receivers that misbehave: each delivery ends in time, says what happened, and lets go of its connection.

use domain::delivery::Failure::{Broken, Insecure, TimedOut, Unreachable, Unresolved};

use super::*;

/// How long a delivery may take that never ends by itself.
const SHORT: Duration = Duration::from_millis(250);

fn answered(status: u16, body: &[u8]) -> Reply {
    Reply::Answered { status, body: body.to_vec(), retry_after: None }
}

async fn reply_to(answer: &str) -> Reply {
    let receiver = Receiver::at("127.0.0.1").await;
    let (sender, url) = (sender(LONG), receiver.url());
    let (reply, _) = tokio::join!(sender.send(outgoing(&url)), receiver.answer(answer));
    reply
}

/// What comes of a receiver that begins so and then says nothing for ever. It sees the end of the connection.
async fn reply_to_silence_after(beginning: &[u8]) -> Reply {
    let receiver = Receiver::at("127.0.0.1").await;
    let (sender, url) = (sender(SHORT), receiver.url());
    let served = async {
        let (_, _, mut stream) = receiver.hear().await;
        stream.write_all(beginning).await.unwrap();
        until_closed(stream).await;
    };
    tokio::join!(sender.send(outgoing(&url)), served).0
}

/// What comes of a receiver that says something again and again, and how many bytes it could say.
async fn reply_to_flood(
    timeout: Duration,
    beginning: &[u8],
    again: &[u8],
    pause: Duration,
) -> (Reply, usize) {
    let receiver = Receiver::at("127.0.0.1").await;
    let (sender, url) = (sender(timeout), receiver.url());
    let served = async {
        let (_, _, mut stream) = receiver.hear().await;
        let mut said = beginning.len();
        stream.write_all(beginning).await.unwrap();
        while stream.write_all(again).await.is_ok() {
            said += again.len();
            tokio::time::sleep(pause).await;
        }
        said
    };
    tokio::join!(sender.send(outgoing(&url)), served)
}

#[tokio::test]
async fn silence_before_or_after_the_head_ends_with_the_deadline() {
    for beginning in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
    ] {
        assert_eq!(reply_to_silence_after(beginning).await, Reply::Failed(TimedOut));
    }
}

#[tokio::test]
async fn drips_of_a_head_or_a_body_do_not_move_the_deadline() {
    let pause = Duration::from_millis(5);
    for beginning in ["HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        let (reply, _) = reply_to_flood(SHORT, beginning.as_bytes(), b"a", pause).await;
        assert_eq!(reply, Reply::Failed(TimedOut), "{beginning}");
    }
}

#[tokio::test]
async fn of_endless_bodies_the_beginning_is_read_and_the_rest_never_sent() {
    let endless = |head: &'static str| async move {
        let chunk = vec![b'a'; 64 * 1024];
        reply_to_flood(LONG, head.as_bytes(), &chunk, Duration::ZERO).await
    };
    let heads = [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n",
    ];
    let (one, two, three) = tokio::join!(endless(heads[0]), endless(heads[1]), endless(heads[2]));
    for (reply, said) in [one, two, three] {
        assert_eq!(reply, answered(200, &[b'a'; 16 * 1024]));
        // What was under way fills the buffers of the sockets.
        assert!(said < 64 * 1024 * 1024, "{said}");
    }
}

#[tokio::test]
async fn a_flood_of_interim_answers_ends_with_the_deadline() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(64);
    let (reply, _) = reply_to_flood(SHORT, b"", &interim, Duration::ZERO).await;
    assert_eq!(reply, Reply::Failed(TimedOut));
}

#[tokio::test]
async fn statuses_are_told_as_they_are() {
    for (answer, status) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno", 200),
        ("HTTP/1.1 410 Gone\r\ncontent-length: 2\r\n\r\nno", 410),
        ("HTTP/1.1 429 Slow Down\r\ncontent-length: 2\r\n\r\nno", 429),
        ("HTTP/1.1 500 Oops\r\ncontent-length: 2\r\n\r\nno", 500),
        ("HTTP/1.1 999 What\r\ncontent-length: 2\r\n\r\nno", 999),
        ("HTTP/1.0 503 Away\r\n\r\nno", 503),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno", 200),
    ] {
        assert_eq!(reply_to(answer).await, answered(status, b"no"), "{answer}");
    }
}

#[tokio::test]
async fn a_pause_that_is_asked_for_is_told() {
    for (value, seconds) in
        [("17", Some(17)), ("Mon, 02 Mar 2026 08:16:00 GMT", Some(60)), ("?", None)]
    {
        let answer =
            format!("HTTP/1.1 503 Away\r\nretry-after: {value}\r\ncontent-length: 0\r\n\r\n");
        let retry_after = seconds.map(Duration::from_secs);
        let expected = Reply::Answered { status: 503, body: Vec::new(), retry_after };
        assert_eq!(reply_to(&answer).await, expected, "{value}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_broken() {
    let huge = format!("HTTP/1.1 200 OK\r\nx-a: {}\r\n\r\n", "a".repeat(1024 * 1024));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: b\r\n".repeat(200));
    for answer in [
        "",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u{16}\u{3}\u{1}\u{0}junk\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n",
        many.as_str(),
    ] {
        assert_eq!(reply_to(answer).await, Reply::Failed(Broken), "{answer}");
    }
    let (reply, _) = reply_to_flood(LONG, b"", huge.as_bytes(), Duration::ZERO).await;
    assert_eq!(reply, Reply::Failed(Broken));
}

#[tokio::test]
async fn more_than_was_announced_is_not_read() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 500 Oops\r\n\r\n";
    assert_eq!(reply_to(answer).await, answered(200, b"ok"));
}

#[tokio::test]
async fn a_connection_that_is_reset_is_broken() {
    let receiver = Receiver::at("127.0.0.1").await;
    let (sender, url) = (sender(LONG), receiver.url());
    let body = vec![b'a'; 8 * 1024 * 1024];
    let reset = async {
        // What was not read makes the end a reset.
        let (mut stream, _) = receiver.listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 16]).await.unwrap();
    };
    let large = Outgoing { body, ..outgoing(&url) };
    let (reply, ()) = tokio::join!(sender.send(large), reset);
    assert_eq!(reply, Reply::Failed(Broken));
}

#[tokio::test]
async fn where_nobody_is_there_is_no_connection() {
    let url = Receiver::at("127.0.0.1").await.url();
    assert_eq!(sender(LONG).send(outgoing(&url)).await, Reply::Failed(Unreachable));
    let nowhere = HttpSender::over(Arc::new(Scripted::new(&[])), LONG, None).unwrap();
    let reply = nowhere.send(outgoing("http://example.test/")).await;
    assert_eq!(reply, Reply::Failed(Unresolved));
    let empty = HttpSender::over(Arc::new(Scripted::new(&[&[]])), LONG, None).unwrap();
    let reply = empty.send(outgoing("http://example.test/")).await;
    assert_eq!(reply, Reply::Failed(Unresolved));
}

#[tokio::test]
async fn what_does_not_speak_tls_is_not_secure_and_what_is_silent_is_late() {
    let receiver = Receiver::at("127.0.0.1").await;
    let url = receiver.url().replace("http:", "https:");
    let (junk, silent) = (sender(LONG), sender(SHORT));
    let talk = async {
        let (mut stream, _) = receiver.listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        until_closed(stream).await;
    };
    let (reply, ()) = tokio::join!(junk.send(outgoing(&url)), talk);
    assert_eq!(reply, Reply::Failed(Insecure));
    let hush = async { until_closed(receiver.listener.accept().await.unwrap().0).await };
    let (reply, ()) = tokio::join!(silent.send(outgoing(&url)), hush);
    assert_eq!(reply, Reply::Failed(TimedOut));
}

#[tokio::test]
async fn a_name_that_takes_too_long_is_late() {
    struct Stuck;

    #[async_trait]
    impl Names for Stuck {
        async fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            std::future::pending().await
        }
    }

    let sender = HttpSender::over(Arc::new(Stuck), SHORT, None).unwrap();
    let reply = sender.send(outgoing("http://example.test/")).await;
    assert_eq!(reply, Reply::Failed(TimedOut));
}
