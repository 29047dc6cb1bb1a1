//! Where a request comes from, behind proxies too.

use std::net::IpAddr;

use actix_web::http::header::HeaderMap;
use domain::network::Network;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of a client. What a proxy says is believed as far as proxies that are trusted say it: from the peer
/// backwards, the first address that is no trusted proxy's is the client's.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    let lines = headers.get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let mut named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let mut client = peer.to_canonical();
    while is_trusted(client) {
        let Some(next) = named.pop().and_then(|text| text.trim().parse::<IpAddr>().ok()) else {
            break;
        };
        client = next.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn address(raw: &str) -> IpAddr {
        raw.parse().unwrap()
    }

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            let name = HeaderName::from_static(FORWARDED_FOR);
            headers.append(name, HeaderValue::from_str(line).unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|raw| raw.parse().unwrap()).collect();
        client_address(address(peer), &headers, &trusted).to_string()
    }

    #[test]
    fn a_header_of_somebody_who_is_not_trusted_is_not_believed() {
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.7");
    }

    #[test]
    fn the_last_address_that_no_trusted_proxy_has_is_the_clients() {
        let trusted = &["10.0.0.0/8", "2001:db8::1"];
        for (forwarded, expected) in [
            (&["198.51.100.1"][..], "198.51.100.1"),
            (&["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            (&["1.2.3.4, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            (&["1.2.3.4, 198.51.100.1", "10.9.9.9 , 2001:db8::1"], "198.51.100.1"),
            (&["10.1.1.1"], "10.1.1.1"),
            (&["1.2.3.4, unknown"], "10.0.0.1"),
            (&[""], "10.0.0.1"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(seen("10.0.0.1", forwarded, trusted), expected, "{forwarded:?}");
            assert_eq!(seen("::ffff:10.0.0.1", forwarded, trusted), expected, "{forwarded:?}");
        }
    }
}
