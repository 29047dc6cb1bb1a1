//! Percent escapes and plus signs.

use super::FormError;

/// Decodes a name or a value.
pub(super) fn text(encoded: &[u8]) -> Result<String, FormError> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, after @ ..] = rest {
        rest = after;
        decoded.push(match first {
            b'+' => b' ',
            b'%' => {
                let ([high, low], after) = rest.split_first_chunk().ok_or(FormError::Malformed)?;
                rest = after;
                digit(*high)? << 4 | digit(*low)?
            }
            plain => *plain,
        });
    }
    String::from_utf8(decoded).map_err(|_| FormError::Malformed)
}

fn digit(character: u8) -> Result<u8, FormError> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        b'A'..=b'F' => Ok(character - b'A' + 10),
        _ => Err(FormError::Malformed),
    }
}
