//! How a change of one record is stored although others change it too.

use super::{Customers, taken_identifiers};
use crate::customer::error::CustomerError;
use crate::customer::identifier::Identifier;
use crate::customer::model::Customer;
use crate::customer::port::{CustomerWrite, Stored, WriteError};
use crate::storage::{Session, StorageError};

/// How often a change is tried again because somebody else changed the record first. Each failed try is another
/// caller's success, so this many mean a storm on one record.
pub(crate) const TRIES: usize = 100;

/// What is said when the tries are used up.
pub(crate) fn storm() -> StorageError {
    StorageError::Unavailable("too many changes of one record at once".to_owned())
}

/// What else goes with a change.
#[derive(Clone, Copy)]
pub(super) enum Storing {
    /// Nothing.
    Plain,
    /// The customer's sessions.
    ShutOut,
    /// Everything personal.
    Anonymize,
}

impl Customers {
    /// Changes a record that was found a moment ago by what `change` makes of it; nothing where it makes none. When
    /// somebody else was first, the change is made again of what is stored then. All identifiers that are taken are told
    /// at once.
    pub(super) async fn revise<E: From<CustomerError>>(
        &self,
        session: &mut dyn Session,
        found: Customer,
        storing: Storing,
        change: impl Fn(&Customer) -> Result<Option<CustomerWrite>, E>,
    ) -> Result<Customer, E> {
        match try_revise(session, found, storing, change).await? {
            Ok(revised) => Ok(revised),
            Err(Held { first, write }) => {
                let taken = taken_identifiers(session, &write).await;
                let mut taken = taken.map_err(CustomerError::from)?;
                // Whoever held it may have let go by now; the write failed on it all the same.
                if !taken.contains(&first) {
                    taken.push(first);
                }
                Err(CustomerError::Taken(taken).into())
            }
        }
    }

    /// The same in a unit of work, which a refusal ends: only the first identifier that is taken is told.
    pub(super) async fn revise_in(
        &self,
        session: &mut dyn Session,
        found: Customer,
        storing: Storing,
        change: impl Fn(&Customer) -> Result<Option<CustomerWrite>, CustomerError>,
    ) -> Result<Customer, CustomerError> {
        let revised = try_revise(session, found, storing, change).await?;
        revised.map_err(|held| CustomerError::Taken(vec![held.first]))
    }
}

/// A change that another customer's identifier stands against.
struct Held {
    first: Identifier,
    write: Box<CustomerWrite>,
}

async fn try_revise<E: From<CustomerError>>(
    session: &mut dyn Session,
    found: Customer,
    storing: Storing,
    change: impl Fn(&Customer) -> Result<Option<CustomerWrite>, E>,
) -> Result<Result<Customer, Held>, E> {
    let mut before = found;
    for _ in 0..TRIES {
        let Some(mut write) = change(&before)? else { return Ok(Ok(before)) };
        match store(session, storing, &write).await {
            Ok(stored) => {
                Customers::settle(&mut write.record, stored);
                return Ok(Ok(write.record));
            }
            Err(WriteError::Stale) => {
                let found = session.customers().find(before.merchant, before.id).await;
                before = found.map_err(CustomerError::from)?.ok_or(CustomerError::NotFound)?;
            }
            Err(WriteError::Taken(first)) => {
                return Ok(Err(Held { first, write: Box::new(write) }));
            }
            Err(WriteError::Storage(error)) => return Err(CustomerError::from(error).into()),
        }
    }
    Err(CustomerError::from(storm()).into())
}

async fn store(
    session: &mut dyn Session,
    storing: Storing,
    write: &CustomerWrite,
) -> Result<Stored, WriteError> {
    match storing {
        Storing::Plain => session.customers().update(write).await,
        Storing::ShutOut => session.customers().shut_out(write).await,
        Storing::Anonymize => session.customers().anonymize(write).await,
    }
}
