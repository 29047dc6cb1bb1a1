//! The smaller values of a record.

use crate::text::{Line, Note, Text};

/// A firm behind the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Its name.
    pub name: Line,
    /// Its tax number.
    pub tax_id: Line,
}

/// How the customer wants to be addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Asked and not told, or never asked.
    NotDisclosed,
}

/// One entry of the ordered list of labels. Keys may repeat; an empty key is refused by whoever writes labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What the label is about.
    pub key: Line,
    /// What it says; may be empty.
    pub value: Line,
}

/// A tag: a plain word on the customer (KO 2.2).
pub type Tag = Text<100>;

/// What the customer agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreements {
    /// The terms of the programme (OL `agreement1`).
    pub terms: bool,
    /// Marketing messages (OL `agreement2`, KO `accepts_marketing`).
    pub marketing: bool,
    /// The third agreement of a programme (OL `agreement3`).
    pub third: bool,
}

/// What an institution wrote down when it verified a person. Written by KC, never read by any dialect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<Line>,
    /// Number of the passport, licence or other document.
    pub document_id: Option<Line>,
    /// Where the person lives.
    pub residence_address: Option<Note>,
    /// Individual taxpayer number.
    pub tax_number: Option<Line>,
}

/// Whether the wallet may be used (KC 2.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WalletStatus {
    /// In use.
    #[default]
    Active,
    /// Closed.
    Blocked,
    /// Watched.
    Suspicious,
}

/// Who decided the wallet's status. What the operator of the service decided, an institution cannot undo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WalletAuthority {
    /// The merchant itself.
    #[default]
    Institution,
    /// The operator of the service.
    Operator,
}

/// A wallet's status and who set it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wallet {
    /// The status.
    pub status: WalletStatus,
    /// Who set it.
    pub set_by: WalletAuthority,
}

/// Where a record stands in its life. A deleted record is marked by its deletion time instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Registered, not yet activated.
    New,
    /// In use.
    Active,
    /// Shut out until somebody activates it again.
    Blocked,
    /// Stripped of everything personal; only figures remain (OL E08).
    Anonymized,
}

/// A stored picture of the customer. It is another thing than `image_url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avatar {
    /// Where the file lies in the store.
    pub path: Line,
    /// The name the client gave it.
    pub original_name: Line,
    /// The media type the client declared.
    pub media_type: Line,
}

/// Two-way names of an enum's values, in storage and where we choose the words of a wire.
macro_rules! named {
    ($type:ident, { $($value:ident = $text:literal),+ $(,)? }) => {
        impl $type {
            /// The value's name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => $text,)+ }
            }

            /// The value with a name, letter for letter.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$value),)+
                    _ => None,
                }
            }
        }
    };
}

named!(Gender, { Male = "male", Female = "female", NotDisclosed = "not_disclosed" });
named!(Status, { New = "new", Active = "active", Blocked = "blocked", Anonymized = "anonymized" });
named!(WalletStatus, { Active = "active", Blocked = "blocked", Suspicious = "suspicious" });
named!(WalletAuthority, { Institution = "institution", Operator = "operator" });
