//! What one can be told about.

macro_rules! topics {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {
        /// What one can be told about (KO 3.3). Programs subscribe to more than happens here: what is not about
        /// customers is kept for them and never comes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Topic { $($(#[$doc])+ $name,)+ }

        impl Topic {
            /// Every topic.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The topic's name in storage and on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

topics! {
    /// A customer came to be.
    CustomersCreated = "customers/created";
    /// A customer changed.
    CustomersUpdated = "customers/updated";
    /// A customer was removed.
    CustomersDeleted = "customers/deleted";
    /// An order was made.
    OrdersCreated = "orders/created";
    /// An order changed.
    OrdersUpdated = "orders/updated";
    /// An order was removed.
    OrdersDeleted = "orders/deleted";
    /// An order was paid and handed over.
    OrdersCompleted = "orders/completed";
    /// A product came to be.
    ProductsCreated = "products/created";
    /// A product changed.
    ProductsUpdated = "products/updated";
    /// A product was removed.
    ProductsDeleted = "products/deleted";
    /// A till came to be.
    RegistersCreated = "registers/created";
    /// A till changed.
    RegistersUpdated = "registers/updated";
    /// A till was removed.
    RegistersDeleted = "registers/deleted";
    /// A shop came to be.
    SitesCreated = "sites/created";
    /// A shop changed.
    SitesUpdated = "sites/updated";
    /// A shop was removed.
    SitesDeleted = "sites/deleted";
    /// A member of staff came to be.
    StaffCreated = "staff/created";
    /// A member of staff changed.
    StaffUpdated = "staff/updated";
    /// A member of staff was removed.
    StaffDeleted = "staff/deleted";
}

impl Topic {
    /// The topic with a name, letter for letter.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.name() == name)
    }

    /// Whether it happens here at all.
    pub fn is_announced(self) -> bool {
        matches!(self, Self::CustomersCreated | Self::CustomersUpdated | Self::CustomersDeleted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_of_the_contract_has_its_three_events_and_orders_a_fourth() {
        let resources = ["customers", "orders", "products", "registers", "sites", "staff"];
        for resource in resources {
            for event in ["created", "updated", "deleted"] {
                let name = format!("{resource}/{event}");
                let topic = Topic::named(&name).unwrap_or_else(|| panic!("{name}"));
                assert_eq!(topic.name(), name);
                assert_eq!(topic.is_announced(), resource == "customers", "{name}");
            }
        }
        assert_eq!(Topic::named("orders/completed"), Some(Topic::OrdersCompleted));
        assert_eq!(Topic::ALL.len(), resources.len() * 3 + 1);
    }

    #[test]
    fn nothing_else_is_a_topic() {
        for name in [
            "",
            "customers",
            "customers/",
            "customers/*",
            "customers/completed",
            "Customers/created",
            " customers/created",
            "customers/created ",
            "people/created",
        ] {
            assert_eq!(Topic::named(name), None, "{name}");
        }
    }
}
