//! Files that are meant to do harm: they are refused as a whole, at once, and whatever their size.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use import::{ReadError, Refusal, Survey, survey};

use crate::shop::{Shop, file, row};

/// What a refusal may have read of a file: what is allowed at once, at five bytes for a character, and what is read ahead.
const MOST_READ: u64 = 8 * 64 * 1024;

/// A beginning, then one text over and over without end; counts what is read of it.
struct Endless {
    beginning: Cursor<String>,
    rest: &'static [u8],
    at: usize,
    read: Arc<AtomicU64>,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = self.beginning.read(buffer)?;
        if count == 0 {
            for byte in &mut *buffer {
                *byte = self.rest[self.at % self.rest.len()];
                self.at += 1;
            }
            count = buffer.len();
        }
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn endless(beginning: &str, rest: &'static str) -> (Endless, Arc<AtomicU64>) {
    let read = Arc::<AtomicU64>::default();
    let beginning = Cursor::new(format!("<?xml version=\"1.0\"?>{beginning}"));
    (Endless { beginning, rest: rest.as_bytes(), at: 0, read: Arc::clone(&read) }, read)
}

#[track_caller]
fn refused(outcome: Result<Survey, ReadError>) -> Refusal {
    match outcome {
        Err(ReadError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_document_type_is_refused_whatever_it_says() {
    for declaration in [
        "<!DOCTYPE customers>",
        "<!DOCTYPE c [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>",
        "<!DOCTYPE c [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE c [<!ENTITY x SYSTEM \"http://127.0.0.1:9/\">]>",
        "<!DOCTYPE c [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/\"> %p;]>",
        "<!DOCTYPE c PUBLIC \"-//W3C//DTD\" \"http://127.0.0.1:9/c.dtd\">",
        "<!doctype c>",
    ] {
        let file = format!("<?xml version=\"1.0\"?>{declaration}<c>{}</c>", row(&[]));
        assert_eq!(refused(survey(file.as_bytes(), None)), Refusal::DocumentType, "{declaration}");
        let file = format!("<?xml version=\"1.0\"?><c>{}{declaration}</c>", row(&[]));
        assert_eq!(refused(survey(file.as_bytes(), None)), Refusal::DocumentType, "{declaration}");
    }
}

#[test]
fn what_has_no_end_is_refused_before_much_of_it_is_read() {
    for (beginning, rest, expected) in [
        ("", "<a>", Refusal::TooDeep),
        ("<c><customer>", "<customer>", Refusal::TooDeep),
        ("<c><customer a=\"", "x", Refusal::TooLong),
        ("<c><customer ", "a=\"1\" ", Refusal::TooLong),
        ("<c><", "x", Refusal::TooLong),
        ("<c></", "x", Refusal::TooLong),
        ("<c><!--", "x", Refusal::TooLong),
        ("<c><customer><email><![CDATA[", "x", Refusal::TooLong),
        ("<c><customer><email>", "x", Refusal::TooLong),
        ("<c><customer><email>", "&amp;", Refusal::TooLong),
        ("<c><customer><email>", "x<i/>", Refusal::TooLong),
        ("<c>", " ", Refusal::TooLong),
        ("<c>&", "x", Refusal::TooLong),
        ("<?", "x", Refusal::TooLong),
        ("<!DOCTYPE c [", "<!ENTITY x 'x'>", Refusal::TooLong),
    ] {
        let (source, read) = endless(beginning, rest);
        assert_eq!(refused(survey(source, None)), expected, "{beginning}{rest}…");
        let read = read.load(Ordering::Relaxed);
        assert!(read <= MOST_READ, "{beginning}{rest}…: {read} bytes");
    }
}

#[test]
fn rows_without_end_are_counted_up_to_the_limit() {
    let (source, _) = endless("<c>", "<customer/>");
    assert_eq!(refused(survey(source, Some(1000))), Refusal::TooManyRows(1000));
}

#[test]
fn limits_may_be_reached_and_not_passed() {
    let nested = |depth: usize| file(&("<a>".repeat(depth - 1) + &"</a>".repeat(depth - 1)));
    assert!(survey(nested(32).as_bytes(), None).is_ok());
    assert_eq!(refused(survey(nested(33).as_bytes(), None)), Refusal::TooDeep);
    let attributes = |count: usize| file(&format!("<a{}/>", " b=\"c\"".repeat(count)));
    assert!(survey(attributes(64).as_bytes(), None).is_ok());
    assert_eq!(refused(survey(attributes(65).as_bytes(), None)), Refusal::TooManyAttributes);
    let rows = |count: usize| file(&"<customer/>".repeat(count));
    assert_eq!(survey(rows(7).as_bytes(), Some(7)).unwrap().rows, 7);
    assert_eq!(refused(survey(rows(8).as_bytes(), Some(7))), Refusal::TooManyRows(7));
}

#[test]
fn anything_but_utf_8_is_refused() {
    let utf_16 = |order: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let text = file(&row(&[]));
        mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(order).collect()
    };
    let declared = |encoding: &str| {
        format!("<?xml version='1.0' encoding='{encoding}'?><c>{}</c>", row(&[])).into_bytes()
    };
    let lie = [&declared("UTF-8")[..], b"<\xb1/>"].concat();
    for (bytes, expected) in [
        (utf_16(u16::to_be_bytes, true), Refusal::Encoding),
        (utf_16(u16::to_le_bytes, true), Refusal::Encoding),
        (utf_16(u16::to_be_bytes, false), Refusal::NotXml("application/octet-stream")),
        (utf_16(u16::to_le_bytes, false), Refusal::NotXml("application/octet-stream")),
        (declared("ISO-8859-2"), Refusal::Encoding),
        (declared("UTF-7"), Refusal::Encoding),
        (declared("UTF-16"), Refusal::Encoding),
        (lie, Refusal::Encoding),
    ] {
        assert_eq!(refused(survey(&bytes[..], None)), expected);
    }
    for encoding in ["utf-8", "UTF-8", "US-ASCII"] {
        assert_eq!(survey(&declared(encoding)[..], None).unwrap().rows, 1);
    }
    let marked = [b"\xef\xbb\xbf", &declared("UTF-8")[..]].concat();
    assert_eq!(survey(&marked[..], None).unwrap().rows, 1);
}

#[test]
fn a_file_is_known_by_its_declaration() {
    assert_eq!(refused(survey(&b""[..], None)), Refusal::Empty);
    for text in ["hello", "<customers/>", " <?xml version=\"1.0\"?><c/>", "<?xmlish?>", "{}"] {
        let plain = Refusal::NotXml("text/plain");
        assert_eq!(refused(survey(text.as_bytes(), None)), plain, "{text}");
    }
    for text in ["", "hello", "<c/>", "<c", "<<<", "</c>", "<c></d>", "&", "]]>"] {
        let file = format!("<?xml version=\"1.0\"?>{text}");
        assert_eq!(survey(file.as_bytes(), None).unwrap().rows, 0, "{text}");
    }
}

#[tokio::test]
async fn a_refused_file_leaves_nobody() {
    let shop = Shop::new().await;
    // Whoever does not take a look first stores no row that is not whole.
    let file = file("<!DOCTYPE c>") + &row(&[]);
    let (outcomes, end) = shop.import(Cursor::new(file), None).await;
    assert!(end.is_err());
    assert_eq!(outcomes, []);
    assert_eq!(shop.customers().await, []);
}
