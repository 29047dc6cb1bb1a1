//! Who is calling and what they may do. The matrix is data: one row per action, shared by all dialects.

use crate::id::{AdminId, ApplicationId, CustomerId, MerchantId, OperatorId, SellerId};

/// Whoever makes a call or causes an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person who administers the programme.
    Admin(AdminId),
    /// A person behind a till.
    Seller(SellerId),
    /// A customer.
    Customer(CustomerId),
    /// A person of an institution.
    Operator(OperatorId),
    /// A client program.
    Application(ApplicationId),
    /// The service itself: seeding, jobs, imports.
    System,
}

/// An authenticated caller. It reaches the data of its merchant and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The merchant the credentials belong to.
    pub merchant: MerchantId,
    /// Who it is.
    pub actor: Actor,
    /// What an admin's role permits; empty for everyone else.
    pub permissions: Permissions,
}

/// What permissions are about (OL 2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the vendor's and say it all")]
pub enum Resource {
    Customer,
    Level,
    PointOfSale,
    Seller,
    Segment,
    SegmentExport,
    Transaction,
    PointTransfer,
    EarningRule,
    RewardCampaign,
    Settings,
    Analytics,
    Audit,
    Admin,
    Acl,
}

impl Resource {
    /// Every resource, in the vendor's order.
    pub const ALL: &[Self] = &[
        Self::Customer,
        Self::Level,
        Self::PointOfSale,
        Self::Seller,
        Self::Segment,
        Self::SegmentExport,
        Self::Transaction,
        Self::PointTransfer,
        Self::EarningRule,
        Self::RewardCampaign,
        Self::Settings,
        Self::Analytics,
        Self::Audit,
        Self::Admin,
        Self::Acl,
    ];
}

/// How far a permission goes; `Modify` includes `View` (OL 2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Reading.
    View,
    /// Reading and writing.
    Modify,
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    view: u16,
    modify: u16,
}

impl Permissions {
    /// No permission at all.
    pub const NONE: Self = Self { view: 0, modify: 0 };

    /// Every permission: a master role.
    pub fn all() -> Self {
        Resource::ALL.iter().fold(Self::NONE, |set, resource| set.with(*resource, Access::Modify))
    }

    /// Reading everything: the reporter's role.
    pub fn view_all() -> Self {
        Resource::ALL.iter().fold(Self::NONE, |set, resource| set.with(*resource, Access::View))
    }

    /// The set with one more permission.
    #[must_use]
    pub fn with(self, resource: Resource, access: Access) -> Self {
        let bit = 1 << resource as u16;
        match access {
            Access::View => Self { view: self.view | bit, ..self },
            Access::Modify => Self { view: self.view | bit, modify: self.modify | bit },
        }
    }

    /// Whether the set includes a permission.
    pub fn include(self, resource: Resource, access: Access) -> bool {
        let set = match access {
            Access::View => self.view,
            Access::Modify => self.modify,
        };
        set & (1 << resource as u16) != 0
    }
}

/// What callers do. Dialects name the action, never the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Adding a customer on somebody's behalf.
    RegisterCustomer,
    /// Reading one customer.
    ViewCustomer,
    /// Listing and searching customers.
    ListCustomers,
    /// Changing one customer.
    EditCustomer,
    /// Removing one customer.
    DeleteCustomer,
    /// Reading the merchant's own description.
    ViewMerchant,
    /// Letting an application act for the merchant (KO 1.5).
    AuthorizeApplication,
}

/// One way of being allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    /// Admins with a permission.
    Admin(Resource, Access),
    /// Any active seller: there is no scoping by seller (OL 2.8).
    Seller,
    /// The customer whom the call is about.
    Oneself,
    /// Applications and operators of the merchant.
    Application,
}

/// The access matrix (OL 2.8; KC 1.2, MO 1.2 and KO 1.6 let an application do everything within its merchant).
const MATRIX: &[(Action, &[Grant])] = {
    use Access::{Modify, View};
    use Grant::{Admin, Application, Oneself, Seller};
    use Resource::{Customer, Settings};
    &[
        (Action::RegisterCustomer, &[Admin(Customer, Modify), Seller, Application]),
        (Action::ViewCustomer, &[Admin(Customer, View), Seller, Oneself, Application]),
        (Action::ListCustomers, &[Admin(Customer, View), Seller, Application]),
        (Action::EditCustomer, &[Admin(Customer, Modify), Seller, Oneself, Application]),
        (Action::DeleteCustomer, &[Admin(Customer, Modify), Application]),
        (Action::ViewMerchant, &[Admin(Settings, View), Application]),
        (Action::AuthorizeApplication, &[Admin(Settings, Modify), Application]),
    ]
};

impl Principal {
    /// Whether the caller may do something, to the given customer if the action is about one.
    pub fn may(&self, action: Action, target: Option<CustomerId>) -> bool {
        if self.actor == Actor::System {
            return true;
        }
        let row = MATRIX.iter().find(|(listed, _)| *listed == action);
        row.is_some_and(|(_, grants)| grants.iter().any(|grant| self.has(*grant, target)))
    }

    fn has(&self, grant: Grant, target: Option<CustomerId>) -> bool {
        match (grant, self.actor) {
            (Grant::Admin(resource, access), Actor::Admin(_)) => {
                self.permissions.include(resource, access)
            }
            (Grant::Oneself, Actor::Customer(id)) => target == Some(id),
            (Grant::Seller, Actor::Seller(_))
            | (Grant::Application, Actor::Application(_) | Actor::Operator(_)) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn principal(actor: Actor, permissions: Permissions) -> Principal {
        Principal { merchant: MerchantId::from(Uuid::nil()), actor, permissions }
    }

    fn customer(n: u128) -> CustomerId {
        CustomerId::from(Uuid::from_u128(n))
    }

    #[test]
    fn modify_includes_view_and_not_the_other_way_round() {
        let editor = Permissions::NONE.with(Resource::Customer, Access::Modify);
        assert!(editor.include(Resource::Customer, Access::View));
        let reporter = Permissions::view_all();
        assert!(Resource::ALL.iter().all(|resource| reporter.include(*resource, Access::View)));
        assert!(Resource::ALL.iter().all(|resource| !reporter.include(*resource, Access::Modify)));
    }

    #[test]
    fn every_cell_of_the_matrix_is_decided() {
        let admin = Actor::Admin(AdminId::from(Uuid::nil()));
        let callers = [
            principal(admin, Permissions::all()),
            principal(admin, Permissions::view_all()),
            principal(admin, Permissions::NONE),
            principal(Actor::Seller(SellerId::from(Uuid::nil())), Permissions::NONE),
            principal(Actor::Customer(customer(1)), Permissions::NONE),
            principal(Actor::Customer(customer(2)), Permissions::NONE),
            principal(Actor::Application(ApplicationId::from(Uuid::nil())), Permissions::NONE),
        ];
        let expected = [
            (Action::RegisterCustomer, [true, false, false, true, false, false, true]),
            (Action::ViewCustomer, [true, true, false, true, true, false, true]),
            (Action::ListCustomers, [true, true, false, true, false, false, true]),
            (Action::EditCustomer, [true, false, false, true, true, false, true]),
            (Action::DeleteCustomer, [true, false, false, false, false, false, true]),
            (Action::ViewMerchant, [true, true, false, false, false, false, true]),
            (Action::AuthorizeApplication, [true, false, false, false, false, false, true]),
        ];
        assert_eq!(expected.len(), MATRIX.len());
        for (action, row) in expected {
            assert_eq!(
                callers.map(|caller| caller.may(action, Some(customer(1)))),
                row,
                "{action:?}"
            );
        }
    }

    #[test]
    fn a_customer_is_oneself_only_when_the_call_is_about_somebody() {
        let caller = principal(Actor::Customer(customer(1)), Permissions::NONE);
        assert!(!caller.may(Action::ViewCustomer, None));
    }
}
