//! The address that clients know the server by.

use actix_web::http::Uri;
use serde::Deserialize;

/// An absolute `http` or `https` address without a query, a fragment, credentials or a last slash.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

impl PublicUrl {
    /// An absolute link to a path (and query) that begins with a slash.
    pub fn join(&self, path: &str) -> String {
        [&self.0, path].concat()
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an absolute http or https address without query, fragment and credentials")]
pub struct InvalidPublicUrl;

impl TryFrom<String> for PublicUrl {
    type Error = InvalidPublicUrl;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        let uri: Uri = raw.parse().map_err(|_| InvalidPublicUrl)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        let host = uri.host().is_some_and(|host| !host.is_empty());
        if !web || !host || raw.contains(['?', '#', '@']) {
            return Err(InvalidPublicUrl);
        }
        Ok(Self(raw.trim_end_matches('/').to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_address_and_have_one_slash() {
        let url = PublicUrl::try_from("https://shop.example/base/".to_owned()).unwrap();
        assert_eq!(
            url.join("/v1/companies/1.json"),
            "https://shop.example/base/v1/companies/1.json"
        );
    }

    #[test]
    fn what_cannot_begin_a_link_is_refused() {
        for raw in [
            "",
            "shop.example",
            "/v1",
            "ftp://shop.example",
            "http://",
            "http://u:p@shop.example",
            "http://a/?b",
            "http://a/#b",
        ] {
            assert_eq!(PublicUrl::try_from(raw.to_owned()), Err(InvalidPublicUrl), "{raw}");
        }
    }
}
