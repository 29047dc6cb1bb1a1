//! Postal addresses.

use crate::text::Line;

/// A postal address. Every part may be empty; `country` is free text here, dialects check what they write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Street, or the whole street line when nobody divided it.
    pub street: Line,
    /// Building number.
    pub house: Line,
    /// Flat, unit or room.
    pub unit: Line,
    /// City, suburb, town or village.
    pub city: Line,
    /// Province or state.
    pub province: Line,
    /// Postal code.
    pub postal_code: Line,
    /// Country, as text or ISO 3166-1 code.
    pub country: Line,
}

impl Address {
    /// Street, house and unit in one line: the non-empty ones joined by a blank (`domain.md` §3, rule 3).
    pub fn street_line(&self) -> String {
        let parts = [&self.street, &self.house, &self.unit];
        parts
            .iter()
            .map(|part| part.as_str())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The address after a street line was written: writing back what was read keeps the parts.
    #[must_use]
    pub fn with_street_line(self, line: Line) -> Self {
        if self.street_line() == line.as_str() {
            return self;
        }
        Self { street: line, house: Line::default(), unit: Line::default(), ..self }
    }

    /// Whether no part has content.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(raw: &str) -> Line {
        Line::try_from(raw).unwrap()
    }

    #[test]
    fn a_street_line_written_back_keeps_its_parts() {
        let address = Address { street: line("Bagno"), unit: line("12"), ..Address::default() };
        assert_eq!(address.street_line(), "Bagno 12");
        assert_eq!(address.clone().with_street_line(line("Bagno 12")), address);
    }

    #[test]
    fn another_street_line_goes_into_the_street_alone() {
        let address = Address {
            street: line("Bagno"),
            house: line("1"),
            city: line("Warszawa"),
            ..Address::default()
        };
        let moved = address.with_street_line(line("Long 7"));
        assert_eq!(
            moved,
            Address { street: line("Long 7"), city: line("Warszawa"), ..Address::default() }
        );
    }
}
