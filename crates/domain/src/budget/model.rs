//! What is counted against what.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use time::Duration;

use crate::secret::Fingerprint;

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetRule {
    /// The rule's name in storage; no two rules share one.
    pub name: &'static str,
    /// How often in one window.
    pub limit: u32,
    /// How long a window is. It begins with the first draw and is followed by a new one when it is over.
    pub window: Duration,
}

impl BudgetRule {
    /// The rule's budget of one subject.
    pub fn of(self, subject: Fingerprint) -> Budget {
        Budget { rule: self, subject }
    }
}

/// What one subject may do by one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The rule.
    pub rule: BudgetRule,
    /// Whose budget it is: a fingerprint, because phone numbers and addresses are nobody's business.
    pub subject: Fingerprint,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl From<IpAddr> for ClientAddress {
    /// One network of IPv6 is one address: its owner has 2^64 of them.
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
            }
            address @ IpAddr::V4(_) => Self(address),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_the_sixth_version_is_one_address() {
        for (raw, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            let address: IpAddr = raw.parse().unwrap();
            assert_eq!(ClientAddress::from(address).to_string(), expected);
        }
    }
}
