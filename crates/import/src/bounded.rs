//! Bytes of a file, so many at a time.

use std::io::{self, BufRead, Read};

/// A source that fails once more was taken from it than one piece of markup or text may have. Without it, whoever reads
/// XML collects an attribute or a comment of any length before anybody can object.
pub(crate) struct Bounded<R> {
    source: R,
    most: usize,
    taken: usize,
    overrun: bool,
    ended: bool,
}

impl<R: BufRead> Bounded<R> {
    pub(crate) fn new(source: R, most: usize) -> Self {
        Self { source, most, taken: 0, overrun: false, ended: false }
    }

    /// A new piece begins.
    pub(crate) fn begin(&mut self) {
        self.taken = 0;
    }

    /// Whether a piece was too long.
    pub(crate) fn is_overrun(&self) -> bool {
        self.overrun
    }

    /// Whether the source has nothing more.
    pub(crate) fn is_at_end(&self) -> bool {
        self.ended
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > self.most {
            self.overrun = true;
            return Err(io::Error::other("too much at once"));
        }
        let bytes = self.source.fill_buf()?;
        self.ended = bytes.is_empty();
        Ok(bytes)
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount;
        self.source.consume(amount);
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(buffer.len());
        buffer[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}
