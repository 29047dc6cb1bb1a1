//! Which parts of a record a change touched.

use super::model::Customer;

macro_rules! attributes {
    ($($(#[$doc:meta])+ $name:ident = $bit:literal, $text:literal, $get:expr;)+) => {
        /// A part of the record that subscribers can tell apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Attribute { $($(#[$doc])+ $name,)+ }

        impl Attribute {
            /// Every attribute.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The attribute's name in stored events.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            fn bit(self) -> u64 {
                match self { $(Self::$name => 1 << $bit,)+ }
            }
        }

        impl Changes {
            /// What differs between two states of one record.
            pub fn between(before: &Customer, after: &Customer) -> Self {
                let mut changes = Self::default();
                $({
                    let get = $get;
                    if get(before) != get(after) { changes.0 |= Attribute::$name.bit(); }
                })+
                changes
            }
        }
    };
}

/// A set of attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes(u64);

// A closure returning a reference needs the signature spelt out, else its lifetime is inferred too short.
fn part<T: ?Sized>(get: fn(&Customer) -> &T) -> fn(&Customer) -> &T {
    get
}

attributes! {
    /// First, last or full name.
    Name = 0, "name", |c: &Customer| (c.name.first().to_owned(), c.name.last().to_owned());
    /// E-mail address.
    Email = 1, "email", part(|c| &c.email);
    /// Phone number.
    Phone = 2, "phone", part(|c| &c.phone);
    /// Mobile number.
    Mobile = 3, "mobile", part(|c| &c.mobile);
    /// Loyalty card.
    LoyaltyCard = 4, "loyalty_card", part(|c| &c.loyalty_card);
    /// The merchant's own id.
    MerchantCustomerId = 5, "merchant_customer_id", part(|c| &c.references.merchant_customer_id);
    /// The institution's id.
    ExternalId = 6, "external_id", part(|c| &c.references.external_id);
    /// Values of single applications.
    ApplicationReference = 7, "application_reference", part(|c| &c.references.per_application);
    /// Who recommended the customer.
    Referral = 8, "referral", |c: &Customer| (c.references.referral_id.clone(), c.references.referral_email.clone());
    /// Primary address.
    PrimaryAddress = 9, "primary_address", part(|c| &c.primary_address);
    /// Shipping address.
    ShippingAddress = 10, "shipping_address", part(|c| &c.shipping_address);
    /// Company.
    Company = 11, "company", part(|c| &c.company);
    /// Gender.
    Gender = 12, "gender", part(|c| &c.gender);
    /// Birth date.
    BirthDate = 13, "birth_date", part(|c| &c.birth_date);
    /// Labels.
    Labels = 14, "labels", part(|c| &c.labels);
    /// Tags.
    Tags = 15, "tags", part(|c| &c.tags);
    /// Metadata.
    Metadata = 16, "metadata", part(|c| &c.metadata);
    /// Description.
    Description = 17, "description", part(|c| &c.description);
    /// Comment.
    Comment = 18, "comment", part(|c| &c.comment);
    /// Agreements other than marketing.
    Agreements = 19, "agreements", |c: &Customer| (c.agreements.terms, c.agreements.third);
    /// Consent to marketing.
    AcceptsMarketing = 20, "accepts_marketing", |c: &Customer| c.agreements.marketing;
    /// Verification data.
    Verification = 21, "verification", part(|c| &c.verification);
    /// Wallet status.
    Wallet = 22, "wallet", part(|c| &c.wallet);
    /// Picture by address.
    Image = 23, "image", part(|c| &c.image_url);
    /// Picture by file.
    Avatar = 24, "avatar", part(|c| &c.avatar);
    /// Life cycle.
    Status = 25, "status", part(|c| &c.status);
    /// Loyalty level.
    Level = 26, "level", part(|c| &c.level);
    /// Point of sale.
    PointOfSale = 27, "pos", part(|c| &c.pos);
    /// Seller.
    Seller = 28, "seller", part(|c| &c.seller);
    /// Device addresses.
    PushTokens = 29, "push_tokens", part(|c| &c.push_tokens);
    /// Purchase totals.
    Purchases = 30, "purchases", part(|c| &c.purchases);
    /// The day of the last recalculation.
    LevelRecalculation = 31, "level_recalculation", part(|c| &c.level_recalculated_at);
    /// Point totals.
    Points = 32, "points", part(|c| &c.points);
    /// When the customer was last told that the level ends.
    LevelWarning = 33, "level_warning", part(|c| &c.level_warned_at);
}

impl Changes {
    /// Whether nothing changed: then there is no event (`domain.md` §6).
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether an attribute changed.
    pub fn contains(self, attribute: Attribute) -> bool {
        self.0 & attribute.bit() != 0
    }

    /// Whether an agreement was given or taken back (OL `AgreementsUpdated`).
    pub fn touch_agreements(self) -> bool {
        self.contains(Attribute::Agreements) || self.contains(Attribute::AcceptsMarketing)
    }

    /// Whether they move the record's `updated_at`: not where the customer stands, what it bought and
    /// what it earned (OL E02).
    pub fn move_the_time(self) -> bool {
        let standing = [
            Attribute::Status,
            Attribute::Level,
            Attribute::LevelRecalculation,
            Attribute::Avatar,
            Attribute::Purchases,
            Attribute::Points,
            Attribute::LevelWarning,
        ];
        self.iter().any(|attribute| !standing.contains(&attribute))
    }

    /// The attributes that changed.
    pub fn iter(self) -> impl Iterator<Item = Attribute> {
        Attribute::ALL.iter().copied().filter(move |attribute| self.contains(*attribute))
    }
}

impl FromIterator<Attribute> for Changes {
    fn from_iter<I: IntoIterator<Item = Attribute>>(attributes: I) -> Self {
        Self(attributes.into_iter().fold(0, |bits, attribute| bits | attribute.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreements_are_touched_by_any_of_the_three() {
        let given = [
            (Attribute::Agreements, true),
            (Attribute::AcceptsMarketing, true),
            (Attribute::Name, false),
        ];
        for (attribute, expected) in given {
            assert_eq!(Changes::from_iter([attribute]).touch_agreements(), expected);
        }
        assert!(!Changes::default().touch_agreements());
    }

    #[test]
    fn where_a_customer_stands_does_not_move_the_time() {
        let moves = |attributes: &[Attribute]| {
            attributes.iter().copied().collect::<Changes>().move_the_time()
        };
        assert!(!moves(&[Attribute::Status, Attribute::Level, Attribute::LevelRecalculation]));
        assert!(!moves(&[Attribute::Avatar, Attribute::Purchases]));
        assert!(!moves(&[]));
        assert!(moves(&[Attribute::Level, Attribute::Name]));
        assert!(moves(&[Attribute::PointOfSale]));
    }
}
