//! What a row says, as texts.

/// Something that a row may say once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Email,
    FirstName,
    LastName,
    Active,
    SendActivationMail,
    BirthDate,
    Agreement1,
    Agreement2,
    Agreement3,
    Gender,
    LevelId,
    PosId,
    SellerId,
    LoyaltyCardNumber,
    Phone,
    CompanyName,
    TaxId,
    Street,
    House,
    Unit,
    PostalCode,
    City,
    Province,
    Country,
}

const FIELDS: usize = Field::Country as usize + 1;

impl Field {
    /// The element's name.
    pub(crate) fn name(self) -> &'static str {
        let all = OF_ROW.iter().chain(OF_COMPANY).chain(OF_ADDRESS);
        all.copied().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

const OF_ROW: &[(&str, Field)] = &[
    ("email", Field::Email),
    ("firstName", Field::FirstName),
    ("lastName", Field::LastName),
    ("active", Field::Active),
    ("sendActivationMail", Field::SendActivationMail),
    ("birthDate", Field::BirthDate),
    ("agreement1", Field::Agreement1),
    ("agreement2", Field::Agreement2),
    ("agreement3", Field::Agreement3),
    ("gender", Field::Gender),
    ("levelId", Field::LevelId),
    ("posId", Field::PosId),
    ("sellerId", Field::SellerId),
    ("loyaltyCardNumber", Field::LoyaltyCardNumber),
    ("phone", Field::Phone),
];
const OF_COMPANY: &[(&str, Field)] = &[("name", Field::CompanyName), ("nip", Field::TaxId)];
const OF_ADDRESS: &[(&str, Field)] = &[
    ("street", Field::Street),
    ("address1", Field::House),
    ("address2", Field::Unit),
    ("postal", Field::PostalCode),
    ("city", Field::City),
    ("province", Field::Province),
    ("country", Field::Country),
];

/// What an element within the document is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The document's own element, whatever it is called.
    Root,
    /// A row.
    Row,
    Field(Field),
    Company,
    Address,
    Labels,
    Label,
    LabelKey,
    LabelValue,
    /// Nothing.
    Elsewhere,
}

impl Place {
    /// What an element of that name within this one is.
    pub(crate) fn child(self, name: &str) -> Self {
        let one_of = |fields: &[(&str, Field)]| {
            let known = fields.iter().find(|(known, _)| *known == name);
            known.map_or(Self::Elsewhere, |(_, field)| Self::Field(*field))
        };
        match (self, name) {
            (Self::Row, "company") => Self::Company,
            (Self::Row, "address") => Self::Address,
            (Self::Row, "labels") => Self::Labels,
            (Self::Row, _) => one_of(OF_ROW),
            (Self::Company, _) => one_of(OF_COMPANY),
            (Self::Address, _) => one_of(OF_ADDRESS),
            (Self::Labels, "label") => Self::Label,
            (Self::Label, "key") => Self::LabelKey,
            (Self::Label, "value") => Self::LabelValue,
            _ => Self::Elsewhere,
        }
    }

    /// Whether the text of such an element is kept.
    pub(crate) fn has_text(self) -> bool {
        matches!(self, Self::Field(_) | Self::LabelKey | Self::LabelValue)
    }
}

/// The texts of one row, without the blanks around them. Of an element that comes twice the first counts.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    texts: [Option<String>; FIELDS],
    labels: Vec<(String, String)>,
    label: (Option<String>, Option<String>),
    has_too_many_labels: bool,
}

impl Fields {
    /// How many labels a customer has at most.
    const LABELS: usize = 200;

    /// What a field says; `None` without such an element.
    pub(crate) fn get(&self, field: Field) -> Option<&str> {
        self.texts[field as usize].as_deref()
    }

    /// Keys and values, in the order of the file; `None` if there are too many.
    pub(crate) fn labels(&self) -> Option<&[(String, String)]> {
        (!self.has_too_many_labels).then_some(&self.labels)
    }

    /// An element ended that had this text.
    pub(crate) fn end(&mut self, place: Place, text: &str) {
        let kept = match place {
            Place::Field(field) => &mut self.texts[field as usize],
            Place::LabelKey => &mut self.label.0,
            Place::LabelValue => &mut self.label.1,
            Place::Label => return self.end_label(),
            _ => return,
        };
        kept.get_or_insert_with(|| text.trim().to_owned());
    }

    /// A label without a key says nothing (OL 3.2).
    fn end_label(&mut self) {
        let (key, value) = std::mem::take(&mut self.label);
        let Some(key) = key.filter(|key| !key.is_empty()) else { return };
        if self.labels.len() < Self::LABELS {
            self.labels.push((key, value.unwrap_or_default()));
        } else {
            self.has_too_many_labels = true;
        }
    }
}
