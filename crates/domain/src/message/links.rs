//! Links in messages.

use std::fmt::Write as _;

/// What links begin with. `{store}` in any of them becomes the merchant's store code, so that one process can send the
/// customers of several merchants to panels of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The customers' panel, without a last slash.
    pub panel: String,
    /// What stands between the panel's address and the token of an activation link; with a first slash (OL 4.1).
    pub activation_path: String,
    /// What stands before the token of a password reset link; without a last slash (OL 2.5).
    pub reset: String,
}

impl Links {
    /// The customers' panel.
    pub fn panel(&self, store: &str) -> String {
        self.panel.replace("{store}", &escaped(store))
    }

    /// The link that activates an account: panel, activation path, token (OL 4.1).
    pub fn activation(&self, store: &str, token: &str) -> String {
        let path = self.activation_path.replace("{store}", &escaped(store));
        format!("{}{path}/{}", self.panel(store), escaped(token))
    }

    /// The link that lets choose a new password (OL 2.5).
    pub fn reset(&self, store: &str, token: &str) -> String {
        format!("{}/{}", self.reset.replace("{store}", &escaped(store)), escaped(token))
    }
}

/// A text as one segment of a path: everything that is not plainly a letter, a digit or one of `-._~` is escaped.
fn escaped(raw: &str) -> String {
    raw.bytes().fold(String::with_capacity(raw.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_the_store_and_end_in_the_token() {
        let links = Links {
            panel: "https://shop.example/{store}".to_owned(),
            activation_path: "/activate".to_owned(),
            reset: "https://reset.example/{store}/reset".to_owned(),
        };
        assert_eq!(links.panel("A B/ż"), "https://shop.example/A%20B%2F%C5%BC");
        assert_eq!(links.activation("ONE", "c0ffee"), "https://shop.example/ONE/activate/c0ffee");
        assert_eq!(links.reset("ONE", "a/b"), "https://reset.example/ONE/reset/a%2Fb");
    }
}
