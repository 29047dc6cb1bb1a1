//! Bodies and queries, read within the limits.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::web::Payload;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::Limits;
use crate::dialects::kounta::errors::{Error, Violation};
use crate::http::form::{self, FormLimits, FormValue};
use crate::http::json;
use crate::http::negotiation::{BodyKind, body_kind};
use crate::http::raw_body::{self, BodyError, BodyLimits};

/// A record as a body of JSON, judged in the contract's order: its text, its shape, its declared type (2.7).
pub(super) async fn record<T: DeserializeOwned>(
    request: &HttpRequest,
    body: Payload,
    limits: &Limits,
) -> Result<T, Error> {
    let bytes = raw(request.headers(), body, limits).await?;
    let value = json::parse(&bytes, limits.json_depth.get()).map_err(|_| Violation::NotJson)?;
    if !value.is_object() {
        return Err(Violation::NotAnObject.into());
    }
    if body_kind(request.headers()) != BodyKind::Json {
        return Err(Violation::ContentType.into());
    }
    Ok(serde_json::from_value(value).map_err(|_| Violation::NotAnObject)?)
}

/// Parameters as a form or as JSON (contract 1.5); what is neither has none.
pub(super) async fn parameters(
    request: &HttpRequest,
    body: Payload,
    limits: &Limits,
) -> Result<FormValue, BodyError> {
    let bytes = raw(request.headers(), body, limits).await?;
    let found = if body_kind(request.headers()) == BodyKind::Json {
        json::parse(&bytes, limits.json_depth.get()).ok().map(FormValue::from)
    } else {
        form::parse(&bytes, form_limits(limits)).ok()
    };
    Ok(found.unwrap_or(FormValue::from(Value::Null)))
}

/// The parameters of a query string.
pub(super) fn query(request: &HttpRequest, limits: &Limits) -> Result<FormValue, Violation> {
    form::parse(request.query_string().as_bytes(), form_limits(limits))
        .map_err(|_| Violation::Query)
}

/// One parameter; an empty one is none.
pub(super) fn parameter<'a>(parameters: &'a FormValue, name: &str) -> Option<&'a str> {
    match parameters.get(name) {
        Some(FormValue::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

async fn raw(headers: &HeaderMap, body: Payload, limits: &Limits) -> Result<Bytes, BodyError> {
    let limits = BodyLimits { bytes: limits.body_bytes.get(), time: limits.body };
    raw_body::read(headers, body, limits).await
}

fn form_limits(limits: &Limits) -> FormLimits {
    FormLimits { depth: limits.form_depth.get(), keys: limits.form_keys.get() }
}
