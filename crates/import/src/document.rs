//! The rows of an XML document, one after the other.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::encoding::EncodingError;
use quick_xml::errors::Error as XmlError;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use crate::bounded::Bounded;
use crate::fields::{Fields, Place};
use crate::refusal::{ReadError, Refusal};

/// What stands where a row is.
#[derive(Debug)]
pub(crate) enum Found {
    /// A row that can be read.
    Row(Box<Fields>),
    /// A row that cannot: the file breaks off in it, or it means something that nobody defined.
    Broken,
}

/// The rows of a document. Every `customer` within the document's element is one, wherever it stands; what it stands in
/// and beside does not matter (OL 6.2).
///
/// What is no XML ends the document: the rows before count. What could harm the reader is a [`Refusal`].
pub(crate) struct Document<R> {
    xml: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    open: Vec<Open>,
    /// The row that is being read, and whether it is beyond reading.
    row: Option<(Box<Fields>, bool)>,
    ended: bool,
}

/// An element that has begun.
struct Open {
    place: Place,
    text: String,
}

impl<R: BufRead> Document<R> {
    /// Begins to read. Refuses what does not begin as XML in UTF-8 does.
    pub(crate) fn new(mut source: R) -> Result<Self, ReadError> {
        check_beginning(source.fill_buf()?)?;
        let xml = Reader::from_reader(Bounded::new(source, Refusal::LENGTH));
        Ok(Self { xml, buffer: Vec::new(), open: Vec::new(), row: None, ended: false })
    }

    /// How many bytes were read.
    pub(crate) fn position(&self) -> u64 {
        self.xml.buffer_position()
    }

    /// The next row, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Found>, ReadError> {
        while !self.ended {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            self.xml.get_mut().begin();
            let step = match self.xml.read_event_into(&mut buffer) {
                Ok(event) => self.take(event),
                Err(error) => self.failed(error).map(|()| None),
            };
            self.buffer = buffer;
            if let Some(found) = step? {
                return Ok(Some(found));
            }
        }
        // A document that ends within a row broke off there.
        Ok(self.row.take().map(|_| Found::Broken))
    }

    fn take(&mut self, event: Event<'_>) -> Result<Option<Found>, ReadError> {
        match event {
            Event::Start(tag) => self.begin(&tag)?,
            Event::Empty(tag) => {
                self.begin(&tag)?;
                return Ok(self.end());
            }
            Event::End(_) => return Ok(self.end()),
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(text) => self.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => self.reference(&reference)?,
            Event::Decl(declaration) => check_encoding(&declaration)?,
            Event::DocType(_) => return Err(Refusal::DocumentType.into()),
            Event::Eof => self.ended = true,
            Event::Comment(_) | Event::PI(_) => {}
        }
        Ok(None)
    }

    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        if self.open.len() == Refusal::DEPTH {
            return Err(Refusal::TooDeep.into());
        }
        let mut attributes = tag.attributes();
        attributes.with_checks(false);
        if attributes.take(Refusal::ATTRIBUTES + 1).count() > Refusal::ATTRIBUTES {
            return Err(Refusal::TooManyAttributes.into());
        }
        let name = tag.name();
        let name: &str = name.as_ref();
        let place = match self.open.last() {
            None => Place::Root,
            Some(_) if self.row.is_none() && name == "customer" => {
                self.row = Some(Default::default());
                Place::Row
            }
            Some(parent) => parent.place.child(name),
        };
        self.open.push(Open { place, text: String::new() });
        Ok(())
    }

    fn end(&mut self) -> Option<Found> {
        let Open { place, text } = self.open.pop()?;
        if let Some((fields, _)) = &mut self.row {
            fields.end(place, &text);
        }
        if place != Place::Row {
            return None;
        }
        let (fields, is_broken) = self.row.take()?;
        Some(if is_broken { Found::Broken } else { Found::Row(fields) })
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        let Some(open) = self.open.last_mut().filter(|open| open.place.has_text()) else {
            return Ok(());
        };
        if open.text.len() + text.len() > Refusal::LENGTH {
            return Err(Refusal::TooLong.into());
        }
        open.text.push_str(text);
        if !text.chars().all(is_allowed) {
            self.break_row();
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), ReadError> {
        let name: &str = reference;
        let named = resolve_predefined_entity(name).map(str::to_owned);
        let meant = named.or_else(|| Some(reference.resolve_char_ref().ok()??.to_string()));
        if let Some(text) = meant {
            return self.text(&text);
        }
        // Nobody defined it, or there is no such character.
        self.break_row();
        Ok(())
    }

    fn break_row(&mut self) {
        if let Some((_, is_broken)) = &mut self.row {
            *is_broken = true;
        }
    }

    fn failed(&mut self, error: XmlError) -> Result<(), ReadError> {
        if self.xml.get_ref().is_overrun() {
            return Err(Refusal::TooLong.into());
        }
        // A character that lacks its last bytes at the file's end broke off with it.
        let is_cut = |error: &EncodingError| {
            matches!(error, EncodingError::Utf8(error) if error.error_len().is_none())
                && self.xml.get_ref().is_at_end()
        };
        match error {
            XmlError::Io(error) => Err(std::io::Error::new(error.kind(), error.to_string()).into()),
            XmlError::Encoding(error) if !is_cut(&error) => Err(Refusal::Encoding.into()),
            _ => {
                self.ended = true;
                Ok(())
            }
        }
    }
}

/// What XML 1.0 allows in a text.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// By its first bytes, a file is of the type `text/xml` if it has an XML declaration (OL 6.1).
fn check_beginning(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) {
        return Err(Refusal::Encoding);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.strip_prefix(b"<?xml") {
        Some([b' ' | b'\t' | b'\r' | b'\n', ..]) => Ok(()),
        // UTF-16 without a mark is no text to anybody.
        _ if bytes.contains(&0) => Err(Refusal::NotXml("application/octet-stream")),
        _ => Err(Refusal::NotXml("text/plain")),
    }
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), Refusal> {
    const COMPATIBLE: [&str; 3] = ["utf-8", "utf8", "us-ascii"];
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if COMPATIBLE.contains(&&*name.to_ascii_lowercase()) => Ok(()),
        Some(_) => Err(Refusal::Encoding),
    }
}
