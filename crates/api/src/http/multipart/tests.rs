use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use futures_util::stream;

use super::*;

const LIMITS: MultipartLimits = MultipartLimits {
    parts: 4,
    header_bytes: 8 * 1024,
    part_bytes: 1000,
    bytes: 100_000,
    time: Duration::from_secs(30),
};

/// What a body came to: name, file and bytes of every part.
type Parts = Vec<(String, Option<PartFile>, Bytes)>;

fn headers(content_type: &str) -> HeaderMap {
    let content_type = HeaderValue::from_str(content_type).unwrap();
    [(CONTENT_TYPE, content_type)].into_iter().collect()
}

fn form() -> HeaderMap {
    headers("multipart/form-data; boundary=XX")
}

fn body(parts: &[(&str, &str)]) -> String {
    let part = |(head, text): &(&str, &str)| {
        format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--XX--\r\n"
}

fn start(body: &[u8], piece: usize, limits: MultipartLimits) -> Multipart {
    let pieces: Vec<_> =
        body.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Multipart::new(&form(), stream::iter(pieces), limits).ok().unwrap()
}

async fn collect(mut multipart: Multipart) -> Result<Parts, MultipartError> {
    let mut parts = Vec::new();
    while let Some(part) = multipart.next().await? {
        let (name, file) = (part.name().to_owned(), part.file().cloned());
        parts.push((name, file, part.bytes(usize::MAX).await?));
    }
    Ok(parts)
}

async fn read(body: &[u8]) -> Result<Parts, MultipartError> {
    collect(start(body, 4096, LIMITS)).await
}

#[tokio::test]
async fn files_and_texts_are_told_apart_by_their_file_name() {
    let sent = body(&[
        ("name=\"avatar[file]\"; filename=\"me.png\"\r\nContent-Type: image/png; x=y", "bytes"),
        ("name=\"avatar[note]\"", "a text"),
        ("name=\"file[file]\"; filename=\"\"", ""),
        ("name=\"late\"; filename*=UTF-8''%C3%A4.png", "\r\n--X"),
    ]);
    let file = |name: &str, declared: Option<&str>| {
        Some(PartFile { name: name.to_owned(), declared_type: declared.map(str::to_owned) })
    };
    let expected = vec![
        ("avatar[file]".to_owned(), file("me.png", Some("image/png")), Bytes::from("bytes")),
        ("avatar[note]".to_owned(), None, Bytes::from("a text")),
        ("file[file]".to_owned(), file("", None), Bytes::new()),
        ("late".to_owned(), file("ä.png", None), Bytes::from("\r\n--X")),
    ];
    for piece in [1, 2, 3, 7, 64, 4096] {
        let parts = collect(start(sent.as_bytes(), piece, LIMITS)).await;
        assert_eq!(parts, Ok(expected.clone()), "in pieces of {piece}");
    }
}

#[tokio::test]
async fn a_part_that_nobody_reads_is_skipped() {
    let sent = body(&[("name=a", "left alone"), ("name=b", "read")]);
    let mut multipart = start(sent.as_bytes(), 5, LIMITS);
    assert_eq!(multipart.next().await.unwrap().unwrap().name(), "a");
    let second = multipart.next().await.unwrap().unwrap();
    assert_eq!(second.text(4).await.as_deref(), Ok("read"));
    assert_eq!(multipart.finish().await, Ok(()));
    assert!(multipart.next().await.unwrap().is_none(), "the end stays the end");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_never_complete() {
    let sent = body(&[("name=a", "text"), ("name=b; filename=c", "more")]);
    let end = sent.len() - "--\r\n".len();
    for length in 0..end {
        let error = read(&sent.as_bytes()[..length]).await.unwrap_err();
        let broken =
            [MultipartError::Incomplete, MultipartError::NoBoundary, MultipartError::Malformed];
        assert!(broken.contains(&error), "{length} bytes: {error}");
    }
    assert_eq!(read(sent.trim_end().as_bytes()).await.map(|parts| parts.len()), Ok(2));
}

#[tokio::test]
async fn broken_bodies_are_told_by_their_defect() {
    let head = "--XX\r\nContent-Disposition: ";
    let cases: [(&str, String, MultipartError); 8] = [
        ("no parts", "hello\r\n".to_owned(), MultipartError::Incomplete),
        ("no name", body(&[("filename=a", "b")]), MultipartError::Unnamed),
        ("an empty name", body(&[("name=\"\"; filename=a", "b")]), MultipartError::Unnamed),
        ("no head", "--XX\r\n\r\nb\r\n--XX--\r\n".to_owned(), MultipartError::Incomplete),
        ("no form data", format!("{head}inline\r\n\r\n\r\n--XX--"), MultipartError::Malformed),
        (
            "a second multipart inside",
            body(&[("name=a\r\nContent-Type: multipart/mixed; boundary=Y", "b")]),
            MultipartError::Malformed,
        ),
        (
            "a NUL in a file's name",
            body(&[("name=a; filename=\"\0\"", "b")]),
            MultipartError::Malformed,
        ),
        ("junk after a boundary", body(&[("name=a", "b\r\n--XXYY")]), MultipartError::Malformed),
    ];
    for (what, sent, expected) in cases {
        assert_eq!(read(sent.as_bytes()).await, Err(expected), "{what}");
    }
}

#[tokio::test]
async fn every_limit_is_kept_to_the_byte() {
    let part = |length: usize| body(&[("name=a; filename=b", &"x".repeat(length))]);
    assert_eq!(read(part(1000).as_bytes()).await.map(|parts| parts.len()), Ok(1));
    assert_eq!(read(part(1001).as_bytes()).await, Err(MultipartError::PartTooLarge));

    let many = |count: usize| body(&vec![("name=a", ""); count]);
    assert_eq!(read(many(4).as_bytes()).await.map(|parts| parts.len()), Ok(4));
    assert_eq!(read(many(5).as_bytes()).await, Err(MultipartError::TooManyParts));
    assert_eq!(read(many(10_000).as_bytes()).await, Err(MultipartError::TooManyParts));

    let whole = part(10);
    let limits = MultipartLimits { bytes: whole.len(), ..LIMITS };
    assert!(collect(start(whole.as_bytes(), 9, limits)).await.is_ok());
    let limits = MultipartLimits { bytes: whole.len() - 1, ..LIMITS };
    let outcome = collect(start(whole.as_bytes(), 9, limits)).await;
    assert_eq!(outcome, Err(BodyError::TooLarge.into()));
}

#[tokio::test]
async fn a_part_with_a_head_of_64_kib_is_refused() {
    for length in [8 * 1024, 64 * 1024, 90_000] {
        let long = format!("name=a\r\nX-Long: {}", "x".repeat(length));
        let sent = body(&[(&long, "b")]);
        assert_eq!(read(sent.as_bytes()).await, Err(MultipartError::HeaderTooLarge), "{length}");
    }
}

#[tokio::test]
async fn what_headers_tell_is_refused_unread() {
    let refusal = |headers: HeaderMap| {
        let never = stream::poll_fn(|_| panic!("must not be read"));
        Multipart::new(&headers, never, LIMITS).err()
    };
    let with = |name, value| {
        let mut headers = form();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    };
    let long = format!("multipart/form-data; boundary={}", "x".repeat(10 * 1024));
    assert_eq!(refusal(HeaderMap::new()), Some(MultipartError::NoBoundary));
    assert_eq!(refusal(headers(&long)), Some(MultipartError::NoBoundary));
    assert_eq!(refusal(with(CONTENT_LENGTH, "100001")), Some(BodyError::TooLarge.into()));
    assert_eq!(refusal(with(CONTENT_ENCODING, "gzip")), Some(BodyError::Encoded.into()));
}

#[tokio::test]
async fn a_header_without_a_boundary_makes_the_body_unreadable() {
    for content_type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/"] {
        let empty = stream::iter([]);
        let multipart = Multipart::new(&headers(content_type), empty, LIMITS).ok().unwrap();
        assert_eq!(collect(multipart).await, Err(MultipartError::NoBoundary), "{content_type}");
    }
}

#[tokio::test]
async fn text_must_be_utf_8_and_short_enough() {
    let mut sent = body(&[("name=a", "ab?")]).into_bytes();
    let at = sent.iter().position(|byte| *byte == b'?').unwrap();
    let mut multipart = start(&sent, 4096, LIMITS);
    let part = multipart.next().await.unwrap().unwrap();
    assert_eq!(part.text(2).await, Err(MultipartError::PartTooLarge));
    sent[at] = 0xff;
    let mut multipart = start(&sent, 4096, LIMITS);
    let part = multipart.next().await.unwrap().unwrap();
    assert_eq!(part.text(3).await, Err(MultipartError::NoText));
}

#[tokio::test]
async fn after_an_error_there_is_nothing_but_that_error() {
    let sent = body(&[("name=a", &"x".repeat(2000)), ("name=b", "")]);
    let mut multipart = start(sent.as_bytes(), 4096, LIMITS);
    let mut part = multipart.next().await.unwrap().unwrap();
    for _ in 0..2 {
        assert_eq!(part.chunk().await, Err(MultipartError::PartTooLarge));
    }
    assert_eq!(multipart.next().await.err(), Some(MultipartError::PartTooLarge));
    assert_eq!(multipart.finish().await, Err(MultipartError::PartTooLarge));
}

#[tokio::test]
async fn only_waiting_for_the_client_uses_up_its_time() {
    let limits = MultipartLimits { time: Duration::from_millis(20), ..LIMITS };
    let sent = body(&[("name=a", "first")]);
    let (begin, rest) = sent.split_at(sent.len() - 20);
    let piece = |text: &str| Ok(Bytes::from(text.to_owned()));
    let a_moment = stream::once(tokio::task::yield_now()).map(|()| Ok(Bytes::new()));
    let sent = stream::iter([piece(begin)]).chain(a_moment).chain(stream::iter([piece(rest)]));
    let mut multipart = Multipart::new(&form(), sent, limits).ok().unwrap();
    let mut part = multipart.next().await.unwrap().unwrap();
    let busy = Instant::now();
    while busy.elapsed() < limits.time * 2 {
        tokio::task::yield_now().await;
    }
    while part.chunk().await.unwrap().is_some() {}
    assert_eq!(multipart.finish().await, Ok(()));

    let stuck = stream::iter([piece(begin)]).chain(stream::pending());
    let multipart = Multipart::new(&form(), stuck, limits).ok().unwrap();
    assert_eq!(collect(multipart).await, Err(BodyError::TooSlow.into()));
}

#[tokio::test]
async fn a_torn_connection_is_no_end() {
    let sent = body(&[("name=a", "text")]);
    let torn = stream::iter([
        Ok(Bytes::from(sent[..sent.len() - 10].to_owned())),
        Err(PayloadError::Incomplete(None)),
    ]);
    let multipart = Multipart::new(&form(), torn, LIMITS).ok().unwrap();
    assert_eq!(collect(multipart).await, Err(BodyError::Malformed.into()));
}

#[tokio::test]
async fn a_large_file_is_held_back_while_nobody_reads_it() {
    const PIECE: usize = 32 * 1024;
    let pulled = Rc::new(Cell::new(0));
    let count = Rc::clone(&pulled);
    let head = "--XX\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n";
    let pieces = stream::iter(0..1024).map(move |_| {
        count.set(count.get() + PIECE);
        Ok(Bytes::from(vec![b'x'; PIECE]))
    });
    let sent = stream::iter([Ok(Bytes::from(head))])
        .chain(pieces)
        .chain(stream::iter([Ok(Bytes::from("\r\n--XX--"))]));
    let limits = MultipartLimits { part_bytes: usize::MAX, bytes: usize::MAX, ..LIMITS };
    let mut multipart = Multipart::new(&form(), sent, limits).ok().unwrap();
    let mut part = multipart.next().await.unwrap().unwrap();
    let mut received = 0;
    while let Some(piece) = part.chunk().await.unwrap() {
        received += piece.len();
        assert!(pulled.get() <= received + 4 * PIECE, "{} of {}", received, pulled.get());
    }
    assert_eq!(received, 1024 * PIECE);
    assert_eq!(multipart.finish().await, Ok(()));
}
