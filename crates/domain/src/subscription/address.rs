//! Where deliveries go.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::text::{InvalidText, Text};

/// The longest address, in characters (KO 3.2).
const LONGEST: usize = 2048;
/// The longest name of a host, and of one of its parts (RFC 1035).
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;
/// Ports below this one are given out for services that are none of ours.
const FIRST_FREE_PORT: u16 = 1024;

/// An absolute address on the web, kept as it was written: `http` or `https`, a host, a port that may be left out, and a
/// path with a query. It has no credentials and no fragment, and its host is spelled so that everybody reads the same in
/// it: letters, digits, `-` and `_` between dots (other scripts in their ASCII form), or an address of IPv4 or IPv6 in the
/// usual form. `http://0177.1` and its like, which some read as an address inside, are nobody's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryAddress {
    text: Text<LONGEST>,
    host: Host,
    port: u16,
}

/// What the spelling of a host says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    /// Where it is.
    At(IpAddr),
    /// What it is called.
    Named,
}

impl DeliveryAddress {
    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Where the host is, if its name says so: an address, or a name that always means the machine itself.
    pub fn host(&self) -> Option<IpAddr> {
        match self.host {
            Host::At(address) => Some(address),
            Host::Named => None,
        }
    }

    /// Whether a delivery could be meant for the open internet: `is_public` tells which addresses belong to it. A name
    /// may still lead inside; that shows when it is resolved.
    pub fn is_public(&self, is_public: fn(IpAddr) -> bool) -> bool {
        let port = matches!(self.port, 80 | 443) || self.port >= FIRST_FREE_PORT;
        port && self.host().is_none_or(is_public)
    }
}

impl TryFrom<String> for DeliveryAddress {
    type Error = InvalidAddress;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        let text = Text::try_from(raw)?;
        let (host, port) = target(text.as_str()).ok_or(InvalidAddress::NotAbsolute)?;
        Ok(Self { text, host, port })
    }
}

impl fmt::Display for DeliveryAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Why a text is no address for deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// No absolute address of the web, or one that could be read in two ways.
    #[error("no absolute http or https address")]
    NotAbsolute,
    /// A text that cannot be kept.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

/// The host, where its spelling tells it, and the port.
fn target(text: &str) -> Option<(Host, u16)> {
    // Browsers read `\` as `/`, others do not; blanks and a fragment are never sent.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '#')) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let authority = rest.split(['/', '?']).next()?;
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (host, port) = bracketed.split_once(']')?;
        let host = Host::At(host.parse::<Ipv6Addr>().ok()?.into());
        return Some((host, port_of(port, usual)?));
    }
    let at = authority.find(':').unwrap_or(authority.len());
    let (host, port) = authority.split_at(at);
    Some((host_of(host)?, port_of(port, usual)?))
}

/// The port behind a host; nothing there means the usual one.
fn port_of(text: &str, usual: u16) -> Option<u16> {
    if text.is_empty() {
        return Some(usual);
    }
    let digits = text.strip_prefix(':')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| plain && *port > 0)
}

/// A host that is no address of IPv6; `None` if it could be read in two ways.
fn host_of(host: &str) -> Option<Host> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if host.len() > LONGEST_HOST || !host.split('.').all(is_label) {
        return None;
    }
    let last = host.rsplit('.').next()?.to_ascii_lowercase();
    if is_number(&last) {
        return Some(Host::At(host.parse::<Ipv4Addr>().ok()?.into()));
    }
    // RFC 6761: whoever asks for this name asks for the machine itself.
    Some(if last == "localhost" { Host::At(Ipv4Addr::LOCALHOST.into()) } else { Host::Named })
}

/// Whether a host that ends in this is read as an address by whoever follows the URL standard.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x");
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(raw: &str) -> Result<DeliveryAddress, InvalidAddress> {
        DeliveryAddress::try_from(raw.to_owned())
    }

    fn outside(host: IpAddr) -> bool {
        host == IpAddr::from([1, 1, 1, 1])
    }

    #[test]
    fn absolute_addresses_are_kept_as_written() {
        for raw in [
            "http://example.test",
            "https://hooks.example.test/kounta",
            "HTTPS://Hooks.Example.test:8443/a/b?c=d&e=%20",
            "http://a_b.xn--bcher-kva.test./",
            "https://hooks.example.test?a=b",
            "http://1.1.1.1:80/",
            "http://[2606:4700:4700::1111]:8080/x",
            "http://3com.test/ż",
            "http://example.test/a@b:c",
        ] {
            assert_eq!(address(raw).map(|address| address.to_string()), Ok(raw.to_owned()));
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_address() {
        for raw in [
            "",
            "hooks.example.test/kounta",
            "//example.test/",
            "/kounta",
            "ftp://example.test/",
            "gopher://example.test/",
            "file:///etc/passwd",
            "javascript://example.test/",
            "http:/example.test",
            "http:example.test",
            "http://",
            "http:///path",
            "http://?query",
            " http://example.test",
            "http://example.test/a b",
            "http://example.test/a\r\nHost: b",
            "http://example.test\t/",
            "http://user@example.test/",
            "http://user:secret@example.test/",
            "http://a#@127.0.0.1/",
            "http://example.test/#part",
            "http://example.test\\@127.0.0.1/",
            "http://127.1/",
            "http://0177.0.0.1/",
            "http://0x7f.0.0.1/",
            "http://0x7f000001/",
            "http://0x/",
            "http://2130706433/",
            "http://127.0.0.1.1/",
            "http://256.0.0.1/",
            "http://１２７.0.0.1/",
            "http://bücher.test/",
            "http://%31%32%37.0.0.1/",
            "http://exa mple.test/",
            "http://example..test/",
            "http://.example.test/",
            "http://example.test../",
            "http://[::1",
            "http://[::1]x/",
            "http://[fe80::1%25eth0]/",
            "http://[1.1.1.1]/",
            "http://::1/",
            "http://example.test:/",
            "http://example.test:0/",
            "http://example.test:65536/",
            "http://example.test:+80/",
            "http://example.test:80:80/",
        ] {
            assert_eq!(address(raw), Err(InvalidAddress::NotAbsolute), "{raw}");
        }
        let long = |label: usize| format!("http://{}.test/", "a".repeat(label));
        assert!(address(&long(63)).is_ok());
        assert_eq!(address(&long(64)), Err(InvalidAddress::NotAbsolute));
        assert_eq!(
            address(&format!("http://{}test/", "a.".repeat(125))),
            Err(InvalidAddress::NotAbsolute)
        );
    }

    #[test]
    fn an_address_has_at_most_2048_characters() {
        let of = |length: usize| {
            let start = "http://example.test/";
            address(&format!("{start}{}", "ż".repeat(length - start.len())))
        };
        assert!(of(2048).is_ok());
        let refused = InvalidAddress::Text(InvalidText::TooLong { max: 2048 });
        assert_eq!(of(2049), Err(refused));
    }

    #[test]
    fn a_host_that_is_an_address_is_known_before_it_is_resolved() {
        for (raw, host) in [
            ("http://127.0.0.1/", "127.0.0.1"),
            ("http://127.0.0.1.:8080/", "127.0.0.1"),
            ("http://10.1.2.3", "10.1.2.3"),
            ("http://[::1]/", "::1"),
            ("http://[::ffff:7f00:1]/", "::ffff:127.0.0.1"),
            ("http://localhost:3000", "127.0.0.1"),
            ("http://LOCALHOST./", "127.0.0.1"),
            ("http://app.localhost/", "127.0.0.1"),
        ] {
            assert_eq!(address(raw).unwrap().host(), Some(host.parse().unwrap()), "{raw}");
            assert!(!address(raw).unwrap().is_public(outside), "{raw}");
        }
        for raw in ["http://localhost.example.test/", "http://10.example.test/"] {
            assert_eq!(address(raw).unwrap().host(), None, "{raw}");
            assert!(address(raw).unwrap().is_public(outside), "{raw}");
        }
        assert!(address("https://1.1.1.1/").unwrap().is_public(outside));
    }

    #[test]
    fn ports_of_other_services_are_not_public() {
        for (port, public) in
            [(80, true), (443, true), (1024, true), (65535, true), (22, false), (1023, false)]
        {
            let raw = format!("http://example.test:{port}/");
            assert_eq!(address(&raw).unwrap().is_public(outside), public, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_kept_or_refused(raw in "\\PC{0,80}", host in "[0-9a-fx.:\\[\\]]{0,20}") {
            for raw in [raw.clone(), format!("http://{raw}"), format!("https://{host}/")] {
                if let Ok(kept) = address(&raw) {
                    prop_assert_eq!(kept.as_str(), raw);
                }
            }
        }

        #[test]
        fn every_address_of_either_kind_is_recognised(v4: u32, v6: u128, port in 1..u16::MAX) {
            let v4 = Ipv4Addr::from(v4);
            let v6 = Ipv6Addr::from(v6);
            let known = address(&format!("http://{v4}:{port}/")).unwrap();
            prop_assert_eq!(known.host(), Some(IpAddr::from(v4)));
            let known = address(&format!("http://[{v6}]/")).unwrap();
            prop_assert_eq!(known.host(), Some(IpAddr::from(v6)));
        }
    }
}
