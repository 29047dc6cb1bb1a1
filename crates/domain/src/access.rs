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
    /// Listing customers.
    ListCustomers,
    /// Finding customers at a till.
    SearchCustomers,
    /// Changing one customer.
    EditCustomer,
    /// Removing one customer.
    DeleteCustomer,
    /// Letting a customer use the programme, and sending the code that does.
    ActivateCustomer,
    /// Taking that away.
    DeactivateCustomer,
    /// Removing what makes a customer a person.
    AnonymizeCustomer,
    /// Reading how a customer stands in the programme.
    ViewCustomerStatus,
    /// Assigning and taking back a level by hand.
    AssignLevel,
    /// Assigning a point of sale.
    AssignPointOfSale,
    /// Confirming a pending change of a customer.
    ConfirmChange,
    /// Counting new customers.
    ViewRegistrations,
    /// Adding many customers from a file.
    ImportCustomers,
    /// Reading levels.
    ViewLevels,
    /// Reading the levels that one may reach oneself.
    ViewReachableLevels,
    /// Making and changing levels.
    EditLevels,
    /// Listing who is on a level.
    ViewLevelCustomers,
    /// Reading points of sale.
    ViewPointsOfSale,
    /// Making and changing points of sale.
    EditPointsOfSale,
    /// Reading one seller.
    ViewSeller,
    /// Listing sellers.
    ListSellers,
    /// Making, changing and removing sellers.
    EditSellers,
    /// Saying where a seller works.
    AssignSellerPointOfSale,
    /// Reading admins.
    ViewAdmins,
    /// Making and changing admins.
    EditAdmins,
    /// Reading and changing one's own admin account.
    EditOwnAccount,
    /// Reading how the programme works.
    ViewSettings,
    /// Changing how the programme works.
    EditSettings,
    /// Reading what every user needs to know of how the programme works.
    ViewPublicSettings,
    /// Registering what a till sold.
    RegisterTransaction,
    /// Listing transactions: everybody's, or one's own.
    ListTransactions,
    /// Saying whose purchase a transaction is: anybody's, or one's own.
    AssignTransaction,
    /// Inviting somebody to the programme.
    Invite,
    /// Listing invitations.
    ViewInvitations,
    /// Choosing a new password, and ending one's sessions.
    ManageOwnAccess,
    /// Reading who did what.
    ViewAudit,
    /// Reading figures of the programme.
    ViewAnalytics,
    /// Adding and spending points of customers; of sellers only those who are trusted with it (OL 4.5).
    TransferPoints,
    /// Taking back points that were added.
    CancelTransfers,
    /// Reading the points ledger.
    ViewTransfers,
    /// Reading one's own part of it.
    ViewOwnTransfers,
    /// Reading the merchant's own description.
    ViewMerchant,
    /// Letting an application act for the merchant (KO 1.5).
    AuthorizeApplication,
    /// Saying what one wants to be told, as an application (KO 3).
    Subscribe,
}

/// One way of being allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    /// Admins with a permission.
    Admin(Resource, Access),
    /// Admins with both permissions.
    AdminBoth((Resource, Access), (Resource, Access)),
    /// Any active admin.
    AnyAdmin,
    /// Any active seller: there is no scoping by seller (OL 2.8).
    Seller,
    /// Any customer.
    Customer,
    /// The one whom the call is about.
    Oneself,
    /// Applications and operators of the merchant.
    Application,
}

/// The access matrix (OL 2.8 and §4; KC 1.2, MO 1.2 and KO 1.6 let an application do everything within its merchant).
const MATRIX: &[(Action, &[Grant])] = {
    use Access::{Modify, View};
    use Grant::{
        Admin, AdminBoth, AnyAdmin, Application, Customer as Participant, Oneself, Seller,
    };
    use Resource::{
        Analytics, Audit, Customer, Level, PointOfSale, PointTransfer, Settings, Transaction,
    };
    &[
        (Action::RegisterCustomer, &[Admin(Customer, Modify), Seller, Application]),
        (Action::ViewCustomer, &[Admin(Customer, View), Seller, Oneself, Application]),
        (Action::ListCustomers, &[Admin(Customer, View), Seller, Application]),
        (Action::SearchCustomers, &[Admin(Customer, View), Seller]),
        (Action::EditCustomer, &[Admin(Customer, Modify), Seller, Oneself, Application]),
        (Action::DeleteCustomer, &[Admin(Customer, Modify), Application]),
        (Action::ActivateCustomer, &[Admin(Customer, Modify), Seller]),
        (Action::DeactivateCustomer, &[Admin(Customer, Modify), Seller]),
        (Action::AnonymizeCustomer, &[Admin(Customer, Modify)]),
        (Action::ViewCustomerStatus, &[Admin(Customer, View), Seller, Oneself]),
        (Action::AssignLevel, &[Admin(Customer, Modify), Seller]),
        (Action::AssignPointOfSale, &[Admin(Customer, Modify), Seller]),
        (Action::ConfirmChange, &[Admin(Customer, Modify), Seller, Oneself]),
        (Action::ViewRegistrations, &[AnyAdmin, Seller, Participant]),
        (Action::ImportCustomers, &[Admin(Customer, Modify)]),
        (Action::ViewLevels, &[Admin(Level, View), Seller]),
        (Action::ViewReachableLevels, &[Participant]),
        (Action::EditLevels, &[Admin(Level, Modify)]),
        (Action::ViewLevelCustomers, &[AdminBoth((Level, View), (Customer, View))]),
        (Action::ViewPointsOfSale, &[Admin(PointOfSale, View), Seller]),
        (Action::EditPointsOfSale, &[Admin(PointOfSale, Modify)]),
        (Action::ViewSeller, &[Admin(Resource::Seller, View), Oneself]),
        (Action::ListSellers, &[Admin(Resource::Seller, View)]),
        (Action::EditSellers, &[Admin(Resource::Seller, Modify)]),
        (
            Action::AssignSellerPointOfSale,
            &[AdminBoth((Resource::Seller, Modify), (PointOfSale, View))],
        ),
        (Action::ViewAdmins, &[Admin(Resource::Admin, View)]),
        (Action::EditAdmins, &[Admin(Resource::Admin, Modify)]),
        (Action::EditOwnAccount, &[AnyAdmin]),
        (Action::ViewSettings, &[Admin(Settings, View)]),
        (Action::EditSettings, &[Admin(Settings, Modify)]),
        (Action::ViewPublicSettings, &[AnyAdmin, Seller, Participant]),
        (Action::RegisterTransaction, &[Admin(Transaction, Modify)]),
        (Action::ListTransactions, &[Admin(Transaction, View), Seller, Participant]),
        (Action::AssignTransaction, &[Admin(Transaction, Modify), Seller, Participant]),
        (Action::Invite, &[Participant]),
        (Action::ViewInvitations, &[Admin(Customer, View)]),
        (Action::ManageOwnAccess, &[AnyAdmin, Seller, Participant]),
        (Action::ViewAudit, &[Admin(Audit, View)]),
        (Action::ViewAnalytics, &[Admin(Analytics, View)]),
        (Action::TransferPoints, &[Admin(PointTransfer, Modify), Seller]),
        (Action::CancelTransfers, &[Admin(PointTransfer, Modify)]),
        (Action::ViewTransfers, &[Admin(PointTransfer, View), Seller]),
        (Action::ViewOwnTransfers, &[Participant]),
        (Action::ViewMerchant, &[Admin(Settings, View), Application]),
        (Action::AuthorizeApplication, &[Admin(Settings, Modify), Application]),
        (Action::Subscribe, &[Application]),
    ]
};

impl Principal {
    /// Whether the caller may do something, to the given customer if the action is about one.
    pub fn may(&self, action: Action, target: Option<CustomerId>) -> bool {
        self.may_to(action, target.map(Actor::Customer))
    }

    /// Whether the caller may do something, to the given account if the action is about one.
    pub fn may_to(&self, action: Action, target: Option<Actor>) -> bool {
        if self.actor == Actor::System {
            return true;
        }
        let row = MATRIX.iter().find(|(listed, _)| *listed == action);
        row.is_some_and(|(_, grants)| grants.iter().any(|grant| self.has(*grant, target)))
    }

    fn has(&self, grant: Grant, target: Option<Actor>) -> bool {
        let permitted =
            |(resource, access): (Resource, Access)| self.permissions.include(resource, access);
        match (grant, self.actor) {
            (Grant::Admin(resource, access), Actor::Admin(_)) => permitted((resource, access)),
            (Grant::AdminBoth(first, second), Actor::Admin(_)) => {
                permitted(first) && permitted(second)
            }
            (Grant::Oneself, actor) => target == Some(actor),
            (Grant::AnyAdmin, Actor::Admin(_))
            | (Grant::Seller, Actor::Seller(_))
            | (Grant::Customer, Actor::Customer(_))
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
            (Action::RegisterCustomer, "1001001"),
            (Action::ViewCustomer, "1101101"),
            (Action::ListCustomers, "1101001"),
            (Action::SearchCustomers, "1101000"),
            (Action::EditCustomer, "1001101"),
            (Action::DeleteCustomer, "1000001"),
            (Action::ActivateCustomer, "1001000"),
            (Action::DeactivateCustomer, "1001000"),
            (Action::AnonymizeCustomer, "1000000"),
            (Action::ViewCustomerStatus, "1101100"),
            (Action::AssignLevel, "1001000"),
            (Action::AssignPointOfSale, "1001000"),
            (Action::ConfirmChange, "1001100"),
            (Action::ViewRegistrations, "1111110"),
            (Action::ImportCustomers, "1000000"),
            (Action::ViewLevels, "1101000"),
            (Action::ViewReachableLevels, "0000110"),
            (Action::EditLevels, "1000000"),
            (Action::ViewLevelCustomers, "1100000"),
            (Action::ViewPointsOfSale, "1101000"),
            (Action::EditPointsOfSale, "1000000"),
            (Action::ViewSeller, "1100100"),
            (Action::ListSellers, "1100000"),
            (Action::EditSellers, "1000000"),
            (Action::AssignSellerPointOfSale, "1000000"),
            (Action::ViewAdmins, "1100000"),
            (Action::EditAdmins, "1000000"),
            (Action::EditOwnAccount, "1110000"),
            (Action::ViewSettings, "1100000"),
            (Action::EditSettings, "1000000"),
            (Action::ViewPublicSettings, "1111110"),
            (Action::RegisterTransaction, "1000000"),
            (Action::ListTransactions, "1101110"),
            (Action::AssignTransaction, "1001110"),
            (Action::Invite, "0000110"),
            (Action::ViewInvitations, "1100000"),
            (Action::ManageOwnAccess, "1111110"),
            (Action::ViewAudit, "1100000"),
            (Action::ViewAnalytics, "1100000"),
            (Action::TransferPoints, "1001000"),
            (Action::CancelTransfers, "1000000"),
            (Action::ViewTransfers, "1101000"),
            (Action::ViewOwnTransfers, "0000110"),
            (Action::ViewMerchant, "1100001"),
            (Action::AuthorizeApplication, "1000001"),
            (Action::Subscribe, "0000001"),
        ];
        assert_eq!(expected.len(), MATRIX.len());
        for (action, row) in expected {
            let cells = callers.map(|caller| caller.may(action, Some(customer(1))));
            let shown: String = cells.map(|may| if may { '1' } else { '0' }).iter().collect();
            assert_eq!(shown, row, "{action:?}");
        }
    }

    #[test]
    fn a_seller_is_oneself_and_no_other_seller() {
        let [one, other] = [1, 2].map(|n| Actor::Seller(SellerId::from(Uuid::from_u128(n))));
        let caller = principal(one, Permissions::NONE);
        assert!(caller.may_to(Action::ViewSeller, Some(one)));
        assert!(!caller.may_to(Action::ViewSeller, Some(other)));
    }

    #[test]
    fn two_resources_take_both_permissions() {
        let admin = Actor::Admin(AdminId::from(Uuid::nil()));
        let levels = Permissions::NONE.with(Resource::Level, Access::View);
        assert!(!principal(admin, levels).may(Action::ViewLevelCustomers, None));
        let both = levels.with(Resource::Customer, Access::View);
        assert!(principal(admin, both).may(Action::ViewLevelCustomers, None));
    }

    #[test]
    fn a_customer_is_oneself_only_when_the_call_is_about_somebody() {
        let caller = principal(Actor::Customer(customer(1)), Permissions::NONE);
        assert!(!caller.may(Action::ViewCustomer, None));
    }
}
