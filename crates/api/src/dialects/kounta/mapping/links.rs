//! Absolute addresses in answers. They begin with the configured address, never with what a request says about its host.

use std::fmt::{Display, Write as _};

use actix_web::http::Uri;
use domain::id::{CompanyId, CustomerNumber, SubscriptionNumber};

use crate::config::PublicUrl;

/// Where a customer can be read, with the suffix that the request had (contract 1.4).
pub(crate) fn customer_link(
    base: &PublicUrl,
    company: CompanyId,
    customer: CustomerNumber,
    suffix: &str,
) -> String {
    base.join(&format!("/v1/companies/{company}/customers/{customer}{suffix}"))
}

/// Where a webhook can be read, likewise.
pub(crate) fn webhook_link(
    base: &PublicUrl,
    company: CompanyId,
    webhook: SubscriptionNumber,
    suffix: &str,
) -> String {
    base.join(&format!("/v1/companies/{company}/webhooks/{webhook}{suffix}"))
}

/// The page after the one that ended with a number: the request's path and query, starting behind it (contract 1.8).
pub(crate) fn next_page_link(base: &PublicUrl, request: &Uri, last: impl Display) -> String {
    let mut path = format!("{}?", request.path());
    let pairs = request.query().unwrap_or_default().split('&');
    for pair in pairs.filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("start")) {
        path.push_str(pair);
        path.push('&');
    }
    let _ = write!(path, "start={last}");
    base.join(&path)
}

/// A client's registered address with parameters added to its query (RFC 6749, 4.1.2).
pub(crate) fn redirect_link(registered: &str, parameters: &[(&str, &str)]) -> String {
    let (address, fragment) = match registered.find('#') {
        Some(at) => registered.split_at(at),
        None => (registered, ""),
    };
    let mut link = address.to_owned();
    let mut separator = if address.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        link.push(separator);
        link.push_str(name);
        link.push('=');
        escape_into(&mut link, value);
        separator = '&';
    }
    link.push_str(fragment);
    link
}

/// Everything but RFC 3986's unreserved characters is escaped.
fn escape_into(link: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            link.push(byte.into());
        } else {
            let _ = write!(link, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> PublicUrl {
        PublicUrl::try_from("https://api.example.test/pos".to_owned()).unwrap()
    }

    #[test]
    fn a_customers_link_keeps_the_suffix_of_the_request() {
        let link = |suffix| {
            customer_link(&base(), 5678.try_into().unwrap(), 7.try_into().unwrap(), suffix)
        };
        assert_eq!(
            link(".json"),
            "https://api.example.test/pos/v1/companies/5678/customers/7.json"
        );
        assert_eq!(link(""), "https://api.example.test/pos/v1/companies/5678/customers/7");
    }

    #[test]
    fn the_next_page_keeps_path_and_query_and_replaces_start() {
        for (request, expected) in [
            ("/v1/companies/me/customers.json", "/v1/companies/me/customers.json?start=9"),
            ("/v1/companies/5/customers?start=3", "/v1/companies/5/customers?start=9"),
            (
                "/v1/companies/5/customers?reference_id=a%26b&start=3&x",
                "/v1/companies/5/customers?reference_id=a%26b&x&start=9",
            ),
            (
                "/v1/companies/5/customers?starting=1",
                "/v1/companies/5/customers?starting=1&start=9",
            ),
        ] {
            let link = next_page_link(&base(), &request.parse().unwrap(), 9);
            assert_eq!(link, format!("https://api.example.test/pos{expected}"));
        }
    }

    #[test]
    fn parameters_join_the_registered_query_and_are_escaped() {
        let parameters = [("error", "a b"), ("state", "x&y=\r\nż")];
        for (registered, expected) in [
            ("https://a.test/cb", "https://a.test/cb?error=a%20b&state=x%26y%3D%0D%0A%C5%BC"),
            (
                "https://a.test/cb?k=v",
                "https://a.test/cb?k=v&error=a%20b&state=x%26y%3D%0D%0A%C5%BC",
            ),
            ("https://a.test/cb#f", "https://a.test/cb?error=a%20b&state=x%26y%3D%0D%0A%C5%BC#f"),
        ] {
            assert_eq!(redirect_link(registered, &parameters), expected);
        }
    }
}
