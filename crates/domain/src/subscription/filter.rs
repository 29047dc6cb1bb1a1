//! Which events of a topic a subscriber wants.

use crate::customer::{Attribute, Changes};
use crate::text::Text;

/// A part of a customer whose change a subscriber waits for (KO 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Watch {
    /// First or last name.
    Name,
    /// Phone number.
    Phone,
    /// Mobile number.
    Mobile,
    /// E-mail address.
    Email,
    /// Primary or shipping address.
    Address,
    /// Tags.
    Tags,
    /// Picture by address.
    Image,
    /// Consent to marketing.
    AcceptsMarketing,
}

impl Watch {
    /// Every part.
    pub const ALL: &[Self] = &[
        Self::Name,
        Self::Phone,
        Self::Mobile,
        Self::Email,
        Self::Address,
        Self::Tags,
        Self::Image,
        Self::AcceptsMarketing,
    ];

    /// The part's name in storage and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::Address => "address",
            Self::Tags => "tags",
            Self::Image => "image",
            Self::AcceptsMarketing => "accepts_marketing",
        }
    }

    /// The part with a name, letter for letter.
    pub fn named(name: &str) -> Result<Self, UnknownWatch> {
        Self::ALL.iter().copied().find(|watch| watch.name() == name).ok_or(UnknownWatch)
    }

    fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::Name => &[Attribute::Name],
            Self::Phone => &[Attribute::Phone],
            Self::Mobile => &[Attribute::Mobile],
            Self::Email => &[Attribute::Email],
            Self::Address => &[Attribute::PrimaryAddress, Attribute::ShippingAddress],
            Self::Tags => &[Attribute::Tags],
            Self::Image => &[Attribute::Image],
            Self::AcceptsMarketing => &[Attribute::AcceptsMarketing],
        }
    }
}

/// No part of a customer has the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no part of a customer that can be watched")]
pub struct UnknownWatch;

/// Conditions that nobody here understands, in the subscriber's own spelling.
pub type FilterText = Text<4096>;

/// What narrows a topic down; the default lets every event pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    watched: Vec<Watch>,
    sites: Vec<i64>,
    others: FilterText,
}

impl Filter {
    /// How many sites a filter may name.
    pub const MOST_SITES: usize = 1000;

    /// A filter by parts of a customer, each counted once, by the vendor's numbers of sites, of which customers have none,
    /// and by `others`: what the dialect kept of conditions that it does not know, to show them again. Only the first
    /// kind narrows anything.
    pub fn new(
        watched: impl IntoIterator<Item = Watch>,
        sites: Vec<i64>,
        others: FilterText,
    ) -> Result<Self, TooManySites> {
        if sites.len() > Self::MOST_SITES {
            return Err(TooManySites);
        }
        let mut each = Vec::new();
        for watch in watched {
            if !each.contains(&watch) {
                each.push(watch);
            }
        }
        Ok(Self { watched: each, sites, others })
    }

    /// The parts of a customer that are waited for, in the subscriber's order; none means all.
    pub fn watched(&self) -> &[Watch] {
        &self.watched
    }

    /// The sites that it names.
    pub fn sites(&self) -> &[i64] {
        &self.sites
    }

    /// What else it says; empty if nothing.
    pub fn others(&self) -> &FilterText {
        &self.others
    }

    /// Whether an update of a customer is wanted (KO 3.4): some part that is waited for changed.
    pub fn lets_pass(&self, changes: Changes) -> bool {
        let touched =
            |watch: &Watch| watch.attributes().iter().any(|attribute| changes.contains(*attribute));
        self.watched.is_empty() || self.watched.iter().any(touched)
    }
}

/// The filter names more than [`Filter::MOST_SITES`] sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {} sites", Filter::MOST_SITES)]
pub struct TooManySites;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::customer::{Address, Customer, Name, PhoneNumber};
    use crate::testing::{a_customer, a_merchant_id};
    use crate::text::Line;

    fn watching(watched: &[Watch]) -> Filter {
        Filter::new(watched.iter().copied(), Vec::new(), FilterText::default()).unwrap()
    }

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    #[test]
    fn the_names_are_those_of_the_contract() {
        let names: Vec<&str> = Watch::ALL.iter().map(|watch| watch.name()).collect();
        let expected =
            ["name", "phone", "mobile", "email", "address", "tags", "image", "accepts_marketing"];
        assert_eq!(names, expected);
        for watch in Watch::ALL {
            assert_eq!(Watch::named(watch.name()), Ok(*watch));
        }
        for name in ["", "Name", "first_name", "reference_id", "name "] {
            assert_eq!(Watch::named(name), Err(UnknownWatch), "{name}");
        }
    }

    #[test]
    fn an_update_passes_if_a_watched_part_changed() {
        let before = a_customer(a_merchant_id());
        let street = Address { street: line("1 Low St"), ..Address::default() };
        let cases: [(Watch, Customer); 4] = [
            (
                Watch::Name,
                Customer {
                    name: Name::Divided { first: line("Q"), last: line("R") },
                    ..before.clone()
                },
            ),
            (Watch::Mobile, Customer { mobile: PhoneNumber::try_from("7").ok(), ..before.clone() }),
            (Watch::Address, Customer { primary_address: Some(street.clone()), ..before.clone() }),
            (Watch::Address, Customer { shipping_address: Some(street), ..before.clone() }),
        ];
        for (meant, after) in &cases {
            let changes = Changes::between(&before, after);
            assert!(Filter::default().lets_pass(changes));
            for watch in Watch::ALL {
                assert_eq!(watching(&[*watch]).lets_pass(changes), watch == meant, "{watch:?}");
            }
            assert!(watching(&[Watch::Tags, *meant]).lets_pass(changes));
        }
    }

    #[test]
    fn what_nobody_watches_passes_only_without_a_filter() {
        let before = a_customer(a_merchant_id());
        let after = Customer { comment: Some("x".try_into().unwrap()), ..before.clone() };
        let changes = Changes::between(&before, &after);
        assert!(!watching(Watch::ALL).lets_pass(changes));
        assert!(Filter::default().lets_pass(changes));
    }

    #[test]
    fn only_so_many_sites_are_kept() {
        let filter = |count| Filter::new([], vec![1; count], FilterText::default());
        assert_eq!(filter(Filter::MOST_SITES).unwrap().sites().len(), Filter::MOST_SITES);
        assert_eq!(filter(Filter::MOST_SITES + 1), Err(TooManySites));
    }

    proptest! {
        #[test]
        fn each_watched_part_is_kept_once_in_the_order_given(
            picks in prop::collection::vec(0..Watch::ALL.len(), 0..20)
        ) {
            let given: Vec<Watch> = picks.iter().map(|at| Watch::ALL[*at]).collect();
            let kept = watching(&given);
            let places: Vec<_> = kept
                .watched()
                .iter()
                .map(|watch| given.iter().position(|one| one == watch))
                .collect();
            prop_assert!(places.iter().all(Option::is_some));
            prop_assert!(places.is_sorted());
            prop_assert!(places.windows(2).all(|two| two[0] != two[1]));
            prop_assert!(given.iter().all(|watch| kept.watched().contains(watch)));
        }
    }
}
