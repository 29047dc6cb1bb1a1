//! Form fields as the ordered tree that PHP makes of them.
//!
//! `customer[labels][0][key]=k` names a place in a tree, `a[]=x` appends under the next free number, gaps are fine, and of
//! two values for one place the last wins (`open-loyalty.md` 1.2). JSON turns into the same tree, so that a dialect reads
//! either alike; a multipart reader can fill one through [`FormBuilder`].
//!
//! Two differences from PHP, on purpose: names keep their dots and blanks, and a broken escape is an error instead of text.

mod decode;
mod tree;

pub use tree::FormValue;

/// How much form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLimits {
    /// Brackets in one name at most: `a[b][c]` has two.
    pub depth: usize,
    /// Fields at most, counted as they are sent.
    pub keys: usize,
}

/// Why a form is not readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("malformed form encoding")]
    Malformed,
    /// A name with more brackets than allowed.
    #[error("form nested too deeply")]
    TooDeep,
    /// More fields than allowed.
    #[error("too many form fields")]
    TooManyKeys,
}

/// Reads a body of `application/x-www-form-urlencoded`, or a query string.
///
/// To let a query win over a body, read the body, an `&` and the query as one text.
pub fn parse(text: &[u8], limits: FormLimits) -> Result<FormValue, FormError> {
    let mut form = FormBuilder::new(limits);
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        form.insert(&decode::text(name)?, FormValue::Text(decode::text(value)?))?;
    }
    Ok(form.finish())
}

/// A form that grows field by field.
#[derive(Debug)]
pub struct FormBuilder {
    root: FormValue,
    keys: usize,
    limits: FormLimits,
}

impl FormBuilder {
    /// An empty form.
    pub fn new(limits: FormLimits) -> Self {
        Self { root: FormValue::Map(Vec::new()), keys: 0, limits }
    }

    /// Puts a value where a decoded name in bracket notation says. A field without a name is ignored, as in PHP.
    pub fn insert(&mut self, name: &str, value: FormValue) -> Result<(), FormError> {
        self.keys += 1;
        if self.keys > self.limits.keys {
            return Err(FormError::TooManyKeys);
        }
        let (head, brackets) = split_name(name);
        if head.is_empty() {
            return Ok(());
        }
        let mut place = self.root.entry(head);
        for (depth, key) in brackets.enumerate() {
            if depth == self.limits.depth {
                return Err(FormError::TooDeep);
            }
            place = if key.is_empty() { place.append() } else { place.entry(key) };
        }
        *place = value;
        Ok(())
    }

    /// The tree, always a map.
    pub fn finish(self) -> FormValue {
        self.root
    }
}

/// `a[b][]` is `a`, then `b` and an empty key. What follows a closing bracket and opens none is ignored, and a bracket
/// that is never closed, or stands first, is part of the name.
fn split_name(name: &str) -> (&str, impl Iterator<Item = &str>) {
    let (head, mut rest) = match name.find('[') {
        Some(at) if at > 0 && name[at..].contains(']') => name.split_at(at),
        _ => (name, ""),
    };
    let brackets = std::iter::from_fn(move || {
        let (key, after) = rest.strip_prefix('[')?.split_once(']')?;
        rest = after;
        Some(key)
    });
    (head, brackets)
}

#[cfg(test)]
mod tests;
