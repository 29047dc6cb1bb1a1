//! How secrets in messages read (OL 5.4), and how they are made.

use uuid::Uuid;

use crate::clock::Entropy;
use crate::id::MerchantId;
use crate::text::hex;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The least and the number of six-digit codes: none begins with a zero.
const CODES: (u32, u32) = (100_000, 900_000);

/// Random bytes of an activation link.
const LINK_BYTES: usize = 10;

/// How a secret reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Six digits, the first of them not zero.
    Code,
    /// Twenty lower-case hexadecimal digits.
    Link,
    /// 43 characters of base64url: the merchant, because a link alone must lead to it, and 128 random bits.
    MerchantLink,
}

/// Makes a new secret.
pub(super) fn mint(form: Form, merchant: MerchantId, entropy: &dyn Entropy) -> String {
    match form {
        Form::Code => code(entropy),
        Form::Link => {
            let mut bytes = [0; LINK_BYTES];
            entropy.fill(&mut bytes);
            hex(&bytes)
        }
        Form::MerchantLink => {
            let mut bytes = [0; 32];
            bytes[..16].copy_from_slice(Uuid::from(merchant).as_bytes());
            entropy.fill(&mut bytes[16..]);
            base64url(&bytes)
        }
    }
}

/// Every code is as likely as any other: values beyond the last whole round are thrown again.
fn code(entropy: &dyn Entropy) -> String {
    let (least, count) = CODES;
    loop {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        let value = u32::from_le_bytes(bytes);
        if value < u32::MAX - u32::MAX % count {
            return (least + value % count).to_string();
        }
    }
}

/// Whether a text can be a code.
pub fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

/// Whether a text can be an activation link's token.
pub fn is_link(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 2 * LINK_BYTES && text.bytes().all(digit)
}

/// The merchant of a [`Form::MerchantLink`].
pub(super) fn merchant_of(text: &str) -> Option<MerchantId> {
    if text.len() != 43 {
        return None;
    }
    let mut value: u128 = 0;
    let mut last = 0;
    for (at, letter) in text.bytes().enumerate() {
        let bits = ALPHABET.iter().position(|known| *known == letter)?;
        match at {
            // 21 letters hold 126 bits, the upper two of the next one the rest.
            0..=20 => value = value << 6 | bits as u128,
            21 => value = value << 2 | (bits >> 4) as u128,
            _ => last = bits,
        }
    }
    // The last letter holds four bits; what else it could say would be another spelling of the same secret.
    (last % 4 == 0).then(|| MerchantId::from(Uuid::from_u128(value)))
}

fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 1);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let value = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for at in 0..=chunk.len() {
            let bits = value >> (18 - 6 * at) & 0x3f;
            text.push(char::from(ALPHABET[bits as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SequentialEntropy, a_merchant_id};

    #[test]
    fn a_code_is_six_ascii_digits_without_a_leading_zero() {
        let entropy = SequentialEntropy::default();
        for _ in 0..1_000 {
            let code = mint(Form::Code, a_merchant_id(), &entropy);
            assert!(is_code(&code), "{code}");
        }
        for bad in
            ["", "012345", "12345", "1234567", " 12345", "+12345", "12345\n", "١٢٣٤٥٦", "12345a"]
        {
            assert!(!is_code(bad), "{bad}");
        }
    }

    #[test]
    fn a_link_is_twenty_lower_case_hexadecimal_digits() {
        let link = mint(Form::Link, a_merchant_id(), &SequentialEntropy::default());
        assert!(is_link(&link), "{link}");
        for bad in ["", &link[1..], &link.to_uppercase().replace('0', "A"), "../../../etc/passwd/"]
        {
            assert!(!is_link(bad), "{bad}");
        }
    }

    #[test]
    fn a_reset_link_has_43_characters_and_names_its_merchant() {
        let merchant = a_merchant_id();
        let entropy = SequentialEntropy::default();
        let link = mint(Form::MerchantLink, merchant, &entropy);
        assert_eq!(link.len(), 43);
        assert_eq!(merchant_of(&link), Some(merchant));
        assert_ne!(mint(Form::MerchantLink, merchant, &entropy), link);
        for bad in ["", &link[1..], &format!("{link}A"), &link.replace(&link[..1], "+")] {
            assert_eq!(merchant_of(bad), None, "{bad}");
        }
        let respelt = format!("{}B", &link[..42]);
        assert_eq!(merchant_of(&respelt), None);
    }

    #[test]
    fn base64url_is_written_as_everywhere_else() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff", "-_8")]
        {
            assert_eq!(base64url(bytes), text);
        }
    }
}
