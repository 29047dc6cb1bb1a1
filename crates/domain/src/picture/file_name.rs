//! What a client says about a file, made fit to be kept and shown (OL 7). Nothing of it decides anything.

use crate::text::Line;

/// The type of a file that nobody declared one for.
const UNDECLARED: &str = "application/octet-stream";
/// What a file without a usable name is called.
const UNNAMED: &str = "file";
/// The most characters that are kept of a name.
const LONGEST_NAME: usize = 255;
/// The most characters of a media type (RFC 6838, 4.2).
const LONGEST_TYPE: usize = 127;

/// The name of a file without its folders and without what would not show as it reads.
pub fn original_name(sent: &str) -> Line {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = name.chars().filter(|character| is_shown(*character)).take(LONGEST_NAME);
    let name: String = shown.collect();
    let name = if name.trim().is_empty() { UNNAMED } else { name.as_str() };
    Line::try_from(name).unwrap_or_default()
}

/// The type that a client declared, if it can be one.
pub fn declared_type(sent: Option<&str>) -> Line {
    let of_tokens = |text: &&str| {
        let mut halves = text.split('/');
        let tokens = [halves.next(), halves.next()];
        text.len() <= LONGEST_TYPE
            && halves.next().is_none()
            && tokens.iter().all(|half| half.is_some_and(is_token))
    };
    Line::try_from(sent.filter(of_tokens).unwrap_or(UNDECLARED)).unwrap_or_default()
}

/// Neither a control character nor one that turns the direction of what follows.
fn is_shown(character: char) -> bool {
    let turns = matches!(character,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !character.is_control() && !turns
}

fn is_token(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_name_only_what_reads_as_it_is_stays() {
        for (sent, kept) in [
            ("me.png", "me.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\a.jpg", "a.jpg"),
            ("a.jpg\r\nX: y", "a.jpgX: y"),
            ("a\0b", "ab"),
            ("gnp.\u{202e}exe", "gnp.exe"),
            ("żółw.png", "żółw.png"),
            ("", "file"),
            ("dir/", "file"),
            (" ", "file"),
        ] {
            assert_eq!(original_name(sent).as_str(), kept, "{sent:?}");
        }
        let long = "ż".repeat(1024);
        assert_eq!(original_name(&long).as_str(), "ż".repeat(255));
    }

    #[test]
    fn a_type_is_two_tokens_or_unknown() {
        for (sent, kept) in [
            (Some("image/png"), "image/png"),
            (Some("image/svg+xml"), "image/svg+xml"),
            (Some("text/html; x"), UNDECLARED),
            (Some("a/b/c"), UNDECLARED),
            (Some("image"), UNDECLARED),
            (Some("/"), UNDECLARED),
            (None, UNDECLARED),
        ] {
            assert_eq!(declared_type(sent).as_str(), kept, "{sent:?}");
        }
    }
}
