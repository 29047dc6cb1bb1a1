//! Whose programme a form is for, and the levels, points of sale and sellers that it may name.

use domain::customer::Customer;
use domain::id::{LevelId, PointOfSaleId, SellerId};
use domain::level::Ladder;
use domain::merchant::Merchant;

use super::form::{Field, Form, NOT_VALID};
use super::reader::{Given, Reader};
use crate::http::form::FormValue;
use crate::http::zone::Zone;

/// The point of sale and the seller that a form names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    pub(crate) pos: Option<PointOfSaleId>,
    pub(crate) seller: Option<SellerId>,
}

impl Targets {
    /// Those named by a form, whether they exist or not.
    pub(crate) fn named(root: Option<&FormValue>) -> Self {
        let text = |field: Field| match root?.get(field.name())? {
            FormValue::Text(text) => Some(text.trim()),
            _ => None,
        };
        Self {
            pos: text(Field::PosId).and_then(|id| id.parse().ok()),
            seller: text(Field::SellerId).and_then(|id| id.parse().ok()),
        }
    }
}

/// Everything about a programme that its forms are checked against.
pub(crate) struct Programme<'p> {
    pub(super) merchant: &'p Merchant,
    pub(super) ladder: &'p Ladder,
    pub(super) zone: Zone,
    /// The named ones that exist.
    known: Targets,
    /// The customer as it is: writing back what it points at is no error, whatever became of that since.
    current: Targets,
    current_level: Option<LevelId>,
}

impl<'p> Programme<'p> {
    /// The programme of a merchant; `known` are the named targets that exist.
    pub(crate) fn new(merchant: &'p Merchant, ladder: &'p Ladder, known: Targets) -> Self {
        let (current, current_level) = (Targets::default(), None);
        Self { zone: super::zone(merchant), merchant, ladder, known, current, current_level }
    }

    /// The same for changing a customer.
    pub(crate) fn for_customer(self, customer: &Customer) -> Self {
        Self {
            current: Targets { pos: customer.pos, seller: customer.seller },
            current_level: customer.level.map(|assignment| assignment.level),
            ..self
        }
    }

    /// The level that the form names: an active one, or the current one.
    pub(super) fn active_level(&self, reader: &mut Reader<'_>) -> Given<LevelId> {
        let known = |id| self.current_level == Some(id) || self.ladder.active(id).is_some();
        checked(reader, Field::LevelId, known)
    }

    /// The point of sale that the form names.
    pub(super) fn pos(&self, reader: &mut Reader<'_>) -> Given<PointOfSaleId> {
        checked(reader, Field::PosId, |id| [self.known.pos, self.current.pos].contains(&Some(id)))
    }

    /// The seller that the form names, if it has the field.
    pub(super) fn seller(&self, form: &Form, reader: &mut Reader<'_>) -> Given<SellerId> {
        if !form.includes(Field::SellerId) {
            return Given::Absent;
        }
        let known = |id| [self.known.seller, self.current.seller].contains(&Some(id));
        checked(reader, Field::SellerId, known)
    }

    /// A named point of sale that is not the customer's already.
    pub(super) fn other_pos(&self, named: PointOfSaleId) -> Option<PointOfSaleId> {
        (self.current.pos != Some(named)).then_some(named)
    }

    /// A named seller that is not the customer's already.
    pub(super) fn other_seller(&self, named: SellerId) -> Option<SellerId> {
        (self.current.seller != Some(named)).then_some(named)
    }
}

fn checked<T: std::str::FromStr + Copy>(
    reader: &mut Reader<'_>,
    field: Field,
    known: impl FnOnce(T) -> bool,
) -> Given<T> {
    reader.parsed(field, |text| match text.parse() {
        Ok(id) if known(id) => Ok(id),
        _ => Err(NOT_VALID),
    })
}
