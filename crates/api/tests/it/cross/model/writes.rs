//! What callers may write, made up.

use std::collections::BTreeMap;

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

pub(super) const RIVAL_EMAIL: &str = "rival@example.com";
pub(super) const RIVAL_PHONE: &str = "48600700800";
pub(super) const RIVAL_MOBILE: &str = "0400 111 222";

/// Which of three values; the last is the rival's, who holds it.
pub(super) type Choice = usize;

/// One request.
#[expect(clippy::option_option, reason = "left out, cleared and given are three things in JSON")]
#[derive(Clone, Debug)]
pub(super) enum Write {
    OpenLoyalty {
        first: Option<&'static str>,
        last: Option<&'static str>,
        email: Option<Choice>,
        phone: Option<Choice>,
        address: Option<Place>,
    },
    KunaCore {
        first: Option<&'static str>,
        last: Option<&'static str>,
        email: Option<Choice>,
        phone: Option<Option<Choice>>,
        comment: Option<Option<&'static str>>,
    },
    Monri {
        name: Option<&'static str>,
        email: Option<Choice>,
        phone: Option<Choice>,
        line: Option<&'static str>,
        city: Option<&'static str>,
        metadata: BTreeMap<&'static str, Option<u8>>,
    },
    Kounta {
        first: Option<&'static str>,
        last: Option<&'static str>,
        email: Option<Choice>,
        mobile: Option<Option<Choice>>,
        address: Option<Option<(&'static str, &'static str)>>,
        tags: Option<Vec<&'static str>>,
        marketing: Option<bool>,
    },
}

/// An address in the parts that Open Loyalty has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) street: String,
    pub(super) house: String,
    pub(super) unit: String,
    pub(super) city: String,
    pub(super) postal: String,
    pub(super) province: String,
    pub(super) country: String,
}

impl Place {
    /// As those read it who have one line for it.
    pub(super) fn line(&self) -> String {
        let parts = [&self.street, &self.house, &self.unit];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    /// Another line is all street; the same line changes nothing.
    pub(super) fn write_line(&mut self, line: &str) {
        if self.line() != line {
            (self.street, self.house, self.unit) = (line.to_owned(), String::new(), String::new());
        }
    }
}

/// What one case calls its values: no two cases share any.
pub(super) struct Values(pub(super) u32);

impl Values {
    pub(super) fn email(&self, choice: Choice) -> String {
        match choice {
            2 => RIVAL_EMAIL.to_owned(),
            other => format!("own{other}.{}@example.com", self.0),
        }
    }

    /// Digits; Open Loyalty writes a plus before them.
    pub(super) fn phone(&self, choice: Choice) -> String {
        match choice {
            2 => RIVAL_PHONE.to_owned(),
            other => format!("4822{other}{:06}", self.0),
        }
    }

    pub(super) fn mobile(&self, choice: Choice) -> String {
        match choice {
            2 => RIVAL_MOBILE.to_owned(),
            other => format!("04{other}1 {:06}", self.0),
        }
    }
}

/// Requests of all dialects alike.
pub(super) fn any_write() -> impl Strategy<Value = Write> {
    let first = || of(select(vec!["Ana", "Zoë Maria", "Jo"]));
    let last = || of(select(vec!["Horvat", "de la Cruz"]));
    let lines = || select(vec!["Ilica 1", "Long Lane 7 b", "Quay"]);
    let cities = || select(vec!["Zagreb", "Łódź"]);
    let choice = || 0..3_usize;
    let place = (lines(), of(Just("7")), of(Just("b")), cities()).prop_map(
        |(street, house, unit, city)| Place {
            street: street.to_owned(),
            house: house.unwrap_or_default().to_owned(),
            unit: unit.unwrap_or_default().to_owned(),
            city: city.to_owned(),
            postal: "10-000".to_owned(),
            province: "P".to_owned(),
            country: "PL".to_owned(),
        },
    );
    let names = of(select(vec!["Ana Marija Anić", "Prince", "Ana Horvat", "Jo de la Cruz"]));
    let metadata = prop::collection::btree_map(select(vec!["a", "b"]), of(0..3_u8), 0..3);
    let tags = of(prop::collection::vec(select(vec!["VIP"]), 0..2));
    prop_oneof![
        (first(), last(), of(choice()), of(choice()), of(place)).prop_map(
            |(first, last, email, phone, address)| Write::OpenLoyalty {
                first,
                last,
                email,
                phone,
                address
            }
        ),
        (first(), last(), of(choice()), of(of(choice())), of(of(Just("calls back")))).prop_map(
            |(first, last, email, phone, comment)| Write::KunaCore {
                first,
                last,
                email,
                phone,
                comment
            }
        ),
        (names, of(choice()), of(choice()), of(lines()), of(cities()), metadata).prop_map(
            |(name, email, phone, line, city, metadata)| Write::Monri {
                name,
                email,
                phone,
                line,
                city,
                metadata
            }
        ),
        (
            first(),
            last(),
            of(choice()),
            of(of(choice())),
            of(of((lines(), cities()))),
            tags,
            of(any::<bool>())
        )
            .prop_map(|(first, last, email, mobile, address, tags, marketing)| {
                Write::Kounta { first, last, email, mobile, address, tags, marketing }
            }),
    ]
}
