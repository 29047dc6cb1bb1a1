//! Why there was no answer, out of what the client says.

use std::error::Error;
use std::io;

use domain::delivery::Failure;

use crate::names::Refusal;

/// What an error of the client means.
pub(super) fn of(error: &reqwest::Error) -> Failure {
    match find(error) {
        Some(Refusal::Forbidden) => return Failure::Forbidden,
        Some(Refusal::Unresolved) => return Failure::Unresolved,
        None => {}
    }
    if find::<rustls::Error>(error).is_some() {
        Failure::Insecure
    } else if error.is_timeout() {
        Failure::TimedOut
    } else if error.is_connect() {
        Failure::Unreachable
    } else {
        Failure::Broken
    }
}

/// The first error of a kind among an error and its causes.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    // An I/O error passes over what it wraps when it is asked for its cause.
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let wrapped = wrapped.and_then(|wrapped| find::<T>(wrapped));
    wrapped.or_else(|| error.source().and_then(find::<T>))
}
