//! Refusals that operations have in common.
#![expect(dead_code, reason = "describes answers for the document; `errors` makes them")]

use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::super::wire::error::{
    AuthenticationErrorBody, FormErrorBody, HttpErrorBody, NamedErrorBody,
};

/// What is wrong with a form, or in one sentence what is missing beside it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum FormRefusal {
    /// Fields are wrong.
    Form(FormErrorBody),
    /// Something else is.
    Named(NamedErrorBody),
}

/// What any operation may answer.
#[derive(IntoResponses)]
pub(crate) enum Refusals {
    /// No such store or customer
    #[response(status = 404)]
    NotFound(HttpErrorBody),
    /// The path has other methods; `Allow` names them
    #[response(status = 405)]
    MethodNotAllowed(HttpErrorBody),
    /// The body came too slowly
    #[response(status = 408)]
    TooSlow(HttpErrorBody),
    /// The body is too large
    #[response(status = 413)]
    TooLarge(HttpErrorBody),
    /// The body is neither a form nor JSON, or compressed
    #[response(status = 415)]
    UnsupportedMediaType(HttpErrorBody),
    /// The server failed
    #[response(status = 500)]
    Failed(HttpErrorBody),
    /// The database or the password hasher is out of reach for the moment
    #[response(status = 503)]
    Unavailable(HttpErrorBody),
}

/// What an operation that is counted may answer besides.
#[derive(IntoResponses)]
pub(crate) enum TooMany {
    /// Too much of it for now; `Retry-After` says for how many seconds
    #[response(status = 429)]
    TooMany(HttpErrorBody),
}

/// What an operation for known callers may answer besides.
#[derive(IntoResponses)]
pub(crate) enum Closed {
    /// No token, or one that does not work
    #[response(status = 401)]
    Unauthenticated(AuthenticationErrorBody),
    /// The caller may not do this
    #[response(status = 403)]
    Forbidden(HttpErrorBody),
}
