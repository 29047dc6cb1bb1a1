//! Networks, and lists of them that somebody may come from.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// How many bits lead an address of the fourth version that is written as one of the sixth.
const MAPPED: u8 = 96;

/// The addresses of a network: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether an address is one of the network. An address of the fourth version in the clothes of the sixth is one of the
    /// fourth.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same(own.to_bits().into(), other.to_bits().into(), 32 - self.prefix)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                same(own.to_bits(), other.to_bits(), 128 - self.prefix)
            }
            _ => false,
        }
    }
}

/// Whether two addresses differ in the last bits only.
fn same(own: u128, other: u128, free: u8) -> bool {
    (own ^ other).checked_shr(free.into()).unwrap_or(0) == 0
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match raw.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (raw, None),
        };
        let address: IpAddr = address.parse().map_err(|_| InvalidNetwork)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| InvalidNetwork)?,
            None => longest,
        };
        match address.to_canonical() {
            _ if prefix > longest => Err(InvalidNetwork),
            // Addresses are looked at in their shortest form, so networks are kept in it.
            short @ IpAddr::V4(_) if address.is_ipv6() && prefix >= MAPPED => {
                Ok(Self { address: short, prefix: prefix - MAPPED })
            }
            _ => Ok(Self { address, prefix }),
        }
    }
}

/// The text is no address and no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an IP address or a network such as 10.0.0.0/8")]
pub struct InvalidNetwork;

/// Where a key may be shown from (KC 1.4): at least one network and at most [`AddressList::MOST`], since an empty list
/// would shut everybody out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressList(Vec<Network>);

impl AddressList {
    /// The most networks of a list.
    pub const MOST: usize = 100;

    /// Whether an address is one of a listed network.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The networks, in the order in which they were listed.
    pub fn networks(&self) -> &[Network] {
        &self.0
    }
}

impl TryFrom<Vec<Network>> for AddressList {
    type Error = InvalidAddressList;

    fn try_from(networks: Vec<Network>) -> Result<Self, Self::Error> {
        let fits = (1..=Self::MOST).contains(&networks.len());
        if fits { Ok(Self(networks)) } else { Err(InvalidAddressList) }
    }
}

/// The list is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a list of addresses has 1 to {} networks", AddressList::MOST)]
pub struct InvalidAddressList;

#[cfg(test)]
mod tests {
    use super::*;

    fn address(raw: &str) -> IpAddr {
        raw.parse().unwrap()
    }

    fn networks(raw: &[&str]) -> Vec<Network> {
        raw.iter().map(|raw| raw.parse().unwrap()).collect()
    }

    #[test]
    fn a_network_has_the_addresses_that_begin_like_it() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
            ("192.0.2.128/25", "192.0.2.129", "192.0.2.127"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(address(inside)), "{inside}");
            assert!(!network.contains(address(outside)), "{outside}");
        }
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains(address("203.0.113.7")));
        assert!(!everything.contains(address("2001:db8::1")));
        for bad in ["", "10.0.0.0/33", "::/129", "10.0.0.0/", "proxy", "10.0.0/8", "10.0.0.0/-1"] {
            assert_eq!(bad.parse::<Network>(), Err(InvalidNetwork), "{bad}");
        }
    }

    #[test]
    fn a_network_reads_as_it_was_written() {
        for (raw, shown) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("192.0.2.1", "192.0.2.1/32"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("::/0", "::/0"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:192.0.2.1", "192.0.2.1/32"),
        ] {
            let network: Network = raw.parse().unwrap();
            assert_eq!(network.to_string(), shown);
            assert_eq!(shown.parse(), Ok(network));
        }
    }

    #[test]
    fn a_list_has_the_addresses_of_all_its_networks_in_either_version() {
        let list = AddressList::try_from(networks(&["192.0.2.0/24", "2001:db8:1::/48"])).unwrap();
        for inside in ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8:1:2:3:4:5:6"] {
            assert!(list.contains(address(inside)), "{inside}");
        }
        for outside in ["192.0.3.7", "2001:db8:2::1", "::192.0.2.7"] {
            assert!(!list.contains(address(outside)), "{outside}");
        }
    }

    #[test]
    fn a_list_has_at_least_one_network_and_at_most_a_hundred() {
        let many = |count| AddressList::try_from(vec![networks(&["::1"])[0]; count]);
        assert_eq!(many(0), Err(InvalidAddressList));
        assert_eq!(many(100).unwrap().networks().len(), 100);
        assert_eq!(many(101), Err(InvalidAddressList));
    }
}
