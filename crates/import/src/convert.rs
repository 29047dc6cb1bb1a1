//! What a row must say, and in which words it is refused (OL 6.2 and 6.3).

use domain::customer::{
    Activation, Address, Agreements, Company, CreateCustomer, CustomerError, Email, Gender,
    Identifier, Label, LoyaltyCard, Name, PhoneNumber, StartLevel,
};
use domain::import::ImportRow;
use domain::merchant::{CommunicationMethod, Merchant};
use domain::message::MessageKind;
use domain::text::{InvalidText, Line};
use jiff::civil;
use jiff::tz::TimeZone;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::Found;
use crate::fields::{Field, Fields};

/// What of a programme a row is judged by.
#[derive(Clone, Debug)]
pub struct Programme {
    zone: TimeZone,
    communication: CommunicationMethod,
}

/// Why a row became nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowError {
    #[error("Convert exception: {} is required node", .0.name())]
    Missing(Field),
    #[error("Convert exception: birthDate has invalid date format (Y-m-d required)")]
    BirthDate,
    // The verb is missing in the original.
    #[error("Convert exception: {} should one of ({})", .0.name(), .1)]
    Choice(Field, &'static str),
    #[error("Convert exception: {} should be UUID", .0.name())]
    Id(Field),
    #[error("Convert exception: {0} is too long")]
    TooLong(&'static str),
    #[error("Convert exception: XML has invalid structure")]
    Structure,
    #[error("Process exception: Customer with such email already exists")]
    Email,
    #[error("Process exception: Customer with such loyalty card number already exists")]
    LoyaltyCard,
    #[error("Process exception: Customer with such phone already exists.")]
    Phone,
    #[error("Process exception: Neither level is not available as start level for this customer.")]
    StartLevel,
}

/// A row that was looked at.
#[derive(Debug)]
pub(crate) struct Row {
    /// What the row is known by: the e-mail address, or the phone number where that is the login.
    pub(crate) identifier: String,
    pub(crate) judged: Result<Box<ImportRow>, RowError>,
}

impl Programme {
    /// How a merchant's rows are judged; in universal time, should the name of its zone mean nothing.
    pub fn of(merchant: &Merchant) -> Self {
        let zone = TimeZone::get(merchant.time_zone.as_str()).unwrap_or(TimeZone::UTC);
        Self { zone, communication: merchant.settings.communication }
    }

    /// Judges what was found behind a row that was known as `previous`.
    pub(crate) fn judge(&self, found: &Found, previous: &str) -> Row {
        match found {
            Found::Broken => {
                Row { identifier: previous.to_owned(), judged: Err(RowError::Structure) }
            }
            Found::Row(fields) => {
                let identifier = fields.get(self.identifier()).unwrap_or_default();
                let identifier = identifier.chars().take(255).collect();
                Row { identifier, judged: self.convert(fields).map(Box::new) }
            }
        }
    }

    fn identifier(&self) -> Field {
        match self.communication {
            CommunicationMethod::Email => Field::Email,
            CommunicationMethod::Sms => Field::Phone,
        }
    }

    /// The first thing that is wrong counts, in the order in which the contract lists what a row says.
    fn convert(&self, fields: &Fields) -> Result<ImportRow, RowError> {
        let row = Reading(fields);
        let login = self.identifier();
        let needed = |field| if field == login { row.present(field) } else { Ok(row.text(field)) };
        let email = needed(Field::Email)?;
        let name = Name::Divided {
            first: line(Field::FirstName, row.present(Field::FirstName)?)?,
            last: line(Field::LastName, row.present(Field::LastName)?)?,
        };
        row.present(Field::Active)?;
        let is_active = row.boolean(Field::Active)?;
        let send_activation = row.boolean(Field::SendActivationMail)?;
        let birth_date = self.midnight(row.text(Field::BirthDate)).ok_or(RowError::BirthDate)?;
        row.present(Field::Agreement1)?;
        let agreements = Agreements {
            terms: row.boolean(Field::Agreement1)?,
            marketing: row.boolean(Field::Agreement2)?,
            third: row.boolean(Field::Agreement3)?,
        };
        row.present(Field::Gender)?;
        let gender = row.gender()?;
        let (level, pos, seller) =
            (row.id(Field::LevelId)?, row.id(Field::PosId)?, row.id(Field::SellerId)?);
        let loyalty_card = row.parsed(Field::LoyaltyCardNumber, LoyaltyCard::try_from)?;
        needed(Field::Phone)?;
        let phone = row.parsed(Field::Phone, PhoneNumber::try_from)?;
        let customer = CreateCustomer {
            name,
            email: row.parsed(Field::Email, Email::try_from)?,
            phone,
            loyalty_card,
            birth_date: Some(birth_date),
            gender: Some(gender),
            company: row.company()?,
            primary_address: Some(row.address()?),
            labels: row.labels()?,
            agreements,
            pos: pos.map(Into::into),
            seller: seller.map(Into::into),
            start_level: level
                .map_or(StartLevel::Required, |level| StartLevel::AsGiven(level.into())),
            activation: if is_active { Activation::Immediate } else { Activation::Pending },
            notices: vec![MessageKind::AccountCreated],
            announces_newsletter: true,
            ..CreateCustomer::default()
        };
        // What is empty passes all of these checks and is as good as taken (OL 6.2).
        match login {
            Field::Phone if customer.phone.is_none() => Err(RowError::Phone),
            Field::Email if email.is_empty() => Err(RowError::Email),
            _ => Ok(ImportRow { customer, send_activation }),
        }
    }

    /// The moment at which a day begins in the programme's zone.
    fn midnight(&self, text: &str) -> Option<OffsetDateTime> {
        let [year, month, day] = *text.split('-').collect::<Vec<_>>() else { return None };
        let number = |digits: &str, length: usize| {
            let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain { digits.parse::<i16>().ok() } else { None }
        };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let date = civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        let start = self.zone.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible().ok()?;
        let moment = OffsetDateTime::from_unix_timestamp(start.timestamp().as_second()).ok()?;
        (0..=9999).contains(&moment.year()).then_some(moment)
    }
}

/// The fields of one row, being read.
struct Reading<'a>(&'a Fields);

impl<'a> Reading<'a> {
    /// The text of a field; empty without such an element.
    fn text(&self, field: Field) -> &'a str {
        self.0.get(field).unwrap_or_default()
    }

    fn present(&self, field: Field) -> Result<&'a str, RowError> {
        self.0.get(field).ok_or(RowError::Missing(field))
    }

    fn boolean(&self, field: Field) -> Result<bool, RowError> {
        match self.text(field) {
            "true" => Ok(true),
            "false" | "" => Ok(false),
            _ => Err(RowError::Choice(field, "true, false")),
        }
    }

    fn gender(&self) -> Result<Gender, RowError> {
        match self.text(Field::Gender) {
            "male" => Ok(Gender::Male),
            "female" => Ok(Gender::Female),
            "not_disclosed" | "" => Ok(Gender::NotDisclosed),
            _ => Err(RowError::Choice(Field::Gender, "male, female, not_disclosed")),
        }
    }

    /// An id; nobody asks whether it is somebody's (OL 6.2).
    fn id(&self, field: Field) -> Result<Option<Uuid>, RowError> {
        match self.text(field) {
            "" => Ok(None),
            // The other ways to write one are not what the contract calls a UUID.
            text if text.len() != 36 => Err(RowError::Id(field)),
            text => text.parse().map(Some).map_err(|_| RowError::Id(field)),
        }
    }

    fn parsed<T>(
        &self,
        field: Field,
        parse: impl FnOnce(&'a str) -> Result<T, InvalidText>,
    ) -> Result<Option<T>, RowError> {
        match self.text(field) {
            "" => Ok(None),
            text => parse(text).map(Some).map_err(|_| RowError::TooLong(field.name())),
        }
    }

    fn part(&self, field: Field) -> Result<Line, RowError> {
        line(field, self.text(field))
    }

    /// Half a company is none.
    fn company(&self) -> Result<Option<Company>, RowError> {
        let company =
            Company { name: self.part(Field::CompanyName)?, tax_id: self.part(Field::TaxId)? };
        let is_whole = !company.name.is_empty() && !company.tax_id.is_empty();
        Ok(is_whole.then_some(company))
    }

    fn address(&self) -> Result<Address, RowError> {
        Ok(Address {
            street: self.part(Field::Street)?,
            house: self.part(Field::House)?,
            unit: self.part(Field::Unit)?,
            postal_code: self.part(Field::PostalCode)?,
            city: self.part(Field::City)?,
            province: self.part(Field::Province)?,
            country: self.part(Field::Country)?,
        })
    }

    fn labels(&self) -> Result<Vec<Label>, RowError> {
        let too_long = || RowError::TooLong("labels");
        let line = |text: &str| Line::try_from(text).map_err(|_| too_long());
        let labels = self.0.labels().ok_or_else(too_long)?.iter();
        labels.map(|(key, value)| Ok(Label { key: line(key)?, value: line(value)? })).collect()
    }
}

fn line(field: Field, text: &str) -> Result<Line, RowError> {
    Line::try_from(text).map_err(|_| RowError::TooLong(field.name()))
}

/// Why a row that says enough became nobody; `None` for what cannot stand against a row.
pub(crate) fn refused(error: &CustomerError) -> Option<RowError> {
    match error {
        CustomerError::Taken(taken) => taken.iter().find_map(|identifier| match identifier {
            Identifier::Email => Some(RowError::Email),
            Identifier::LoyaltyCard => Some(RowError::LoyaltyCard),
            Identifier::Phone => Some(RowError::Phone),
            Identifier::Mobile | Identifier::MerchantCustomerId => None,
        }),
        CustomerError::NoStartLevel => Some(RowError::StartLevel),
        CustomerError::NotFound
        | CustomerError::UnknownLevel
        | CustomerError::NoManualLevel
        | CustomerError::UnknownPointOfSale
        | CustomerError::UnknownSeller
        | CustomerError::Incomplete
        | CustomerError::Metadata(_)
        | CustomerError::WalletLocked
        | CustomerError::Storage(_) => None,
    }
}
