//! The parts of a customer that both forms read alike.

use domain::customer::{Address, Company, Gender};
use domain::text::Line;

use super::form::{Field, NOT_VALID};
use super::reader::{Given, Reader};

/// The address, as a whole: parts that are not sent are empty (contract 1.6). The country is free text, as the vendor's
/// own example has it.
pub(super) fn address(reader: &mut Reader<'_>) -> Given<Address> {
    reader.compound(Field::Address).map(|()| Address {
        street: part(reader, Field::Street),
        house: part(reader, Field::House),
        unit: part(reader, Field::Unit),
        city: part(reader, Field::City),
        province: part(reader, Field::Province),
        postal_code: part(reader, Field::PostalCode),
        country: part(reader, Field::Country),
    })
}

/// The company; either part may be missing, and what that means differs between the forms.
pub(super) fn company(reader: &mut Reader<'_>) -> Given<PartialCompany> {
    reader.compound(Field::Company).map(|()| PartialCompany {
        name: part(reader, Field::CompanyName),
        tax_id: part(reader, Field::TaxId),
    })
}

/// A company of which a part may be empty.
pub(super) struct PartialCompany {
    name: Line,
    tax_id: Line,
}

impl PartialCompany {
    /// The company, if both parts have content.
    pub(super) fn whole(self) -> Option<Company> {
        let complete = !self.name.is_empty() && !self.tax_id.is_empty();
        complete.then_some(Company { name: self.name, tax_id: self.tax_id })
    }
}

pub(super) fn gender(reader: &mut Reader<'_>) -> Given<Gender> {
    reader.parsed(Field::Gender, |word| match word.as_str() {
        "male" => Ok(Gender::Male),
        "female" => Ok(Gender::Female),
        "not_disclosed" => Ok(Gender::NotDisclosed),
        _ => Err(NOT_VALID),
    })
}

fn part(reader: &mut Reader<'_>, field: Field) -> Line {
    reader.line(field).value().unwrap_or_default()
}
