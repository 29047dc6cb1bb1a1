//! Actors in two columns.

use diesel::deserialize;
use domain::access::Actor;
use uuid::Uuid;

/// The kind and the id; the service itself has no id.
pub(crate) fn to_columns(actor: Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Admin(id) => ("admin", Some(id.into())),
        Actor::Seller(id) => ("seller", Some(id.into())),
        Actor::Customer(id) => ("customer", Some(id.into())),
        Actor::Operator(id) => ("operator", Some(id.into())),
        Actor::Application(id) => ("application", Some(id.into())),
        Actor::System => ("system", None),
    }
}

/// The actor that two columns name.
pub(crate) fn from_columns(kind: &str, id: Option<Uuid>) -> deserialize::Result<Actor> {
    match (kind, id) {
        ("admin", Some(id)) => Ok(Actor::Admin(id.into())),
        ("seller", Some(id)) => Ok(Actor::Seller(id.into())),
        ("customer", Some(id)) => Ok(Actor::Customer(id.into())),
        ("operator", Some(id)) => Ok(Actor::Operator(id.into())),
        ("application", Some(id)) => Ok(Actor::Application(id.into())),
        ("system", None) => Ok(Actor::System),
        _ => Err("unknown actor".into()),
    }
}
