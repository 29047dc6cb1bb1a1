//! How requests carry their fields (contract 1.2).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::super::errors::Error;
use crate::config::Limits;
use crate::http::form::{self, FormLimits, FormValue};
use crate::http::json;
use crate::http::multipart::{Multipart, MultipartLimits};
use crate::http::negotiation::{BodyKind, body_kind};
use crate::http::raw_body::{self, BodyLimits};
use crate::services::Services;

/// The part of a path that means one customer: its id or its card number.
#[derive(Deserialize)]
pub(crate) struct CustomerPath {
    pub(crate) customer: String,
}

/// The part of a path that is a code or a token.
#[derive(Deserialize)]
pub(crate) struct TokenPath {
    pub(crate) token: String,
}

/// The part of a path that means a level.
#[derive(Deserialize)]
pub(crate) struct LevelPath {
    pub(crate) level: String,
}

/// The part of a path that means a point of sale.
#[derive(Deserialize)]
pub(crate) struct PosPath {
    pub(crate) pos: String,
}

/// The part of a path that tills call a point of sale by.
#[derive(Deserialize)]
pub(crate) struct IdentifierPath {
    pub(crate) identifier: String,
}

/// The part of a path that means a seller.
#[derive(Deserialize)]
pub(crate) struct SellerPath {
    pub(crate) seller: String,
}

/// The part of a path that means one line of the points ledger.
#[derive(Deserialize)]
pub(crate) struct TransferPath {
    pub(crate) transfer: String,
}

/// The part of a path that means an admin.
#[derive(Deserialize)]
pub(crate) struct AdminPath {
    pub(crate) admin: String,
}

/// The part of a path that means one device.
#[derive(Deserialize)]
pub(crate) struct DevicePath {
    pub(crate) token: String,
}

/// A request whose body was not read yet: it is looked at only after the caller and the target are known.
pub(crate) struct Incoming {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for Incoming {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self { request: request.clone(), payload: payload.take() }))
    }
}

impl Incoming {
    /// The fields of the body, form or JSON. A body without a type has none.
    pub(crate) async fn fields(self) -> Result<FormValue, Error> {
        let kind = body_kind(self.request.headers());
        let limits = self.limits()?.clone();
        let bytes = self.read(&limits).await?;
        match kind {
            _ if bytes.is_empty() => Ok(FormValue::Map(Vec::new())),
            BodyKind::Unsaid => Ok(FormValue::Map(Vec::new())),
            BodyKind::Form => Ok(form::parse(&bytes, form_limits(&limits))?),
            BodyKind::Json => match json::parse(&bytes, limits.json_depth.get())? {
                fields @ (Value::Object(_) | Value::Array(_)) => Ok(fields.into()),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                    Err(Error::BadRequest)
                }
            },
            BodyKind::Multipart | BodyKind::Other => Err(Error::UnsupportedMediaType),
        }
    }

    /// Whether the body comes in parts, as files do.
    pub(crate) fn has_parts(&self) -> bool {
        body_kind(self.request.headers()) == BodyKind::Multipart
    }

    /// The parts of the body, none of them read yet and none larger than this many bytes.
    pub(crate) fn parts(self, part_bytes: usize) -> Result<Multipart, Error> {
        if !self.has_parts() {
            return Err(Error::UnsupportedMediaType);
        }
        let limits = MultipartLimits::of_one_file(part_bytes, self.limits()?.body);
        Ok(Multipart::new(self.request.headers(), self.payload, limits)?)
    }

    /// The parameters of a reading request: its query, and a form in its body as the vendor's examples send it. The
    /// query wins. Any other body is left alone.
    pub(crate) async fn parameters(self) -> Result<FormValue, Error> {
        let limits = self.limits()?.clone();
        let query = self.request.query_string().to_owned();
        if body_kind(self.request.headers()) != BodyKind::Form {
            return Ok(form::parse(query.as_bytes(), form_limits(&limits))?);
        }
        let body = self.read(&limits).await?;
        Ok(form::parse(&[&body[..], b"&", query.as_bytes()].concat(), form_limits(&limits))?)
    }

    /// The parameters of the query.
    pub(crate) fn query(&self) -> Result<FormValue, Error> {
        let limits = form_limits(self.limits()?);
        Ok(form::parse(self.request.query_string().as_bytes(), limits)?)
    }

    fn limits(&self) -> Result<&Limits, Error> {
        let services = self.request.app_data::<Data<Services>>().ok_or(Error::Unwired)?;
        Ok(&services.config.limits)
    }

    async fn read(self, limits: &Limits) -> Result<Bytes, Error> {
        let bounds = BodyLimits { bytes: limits.body_bytes.get(), time: limits.body };
        Ok(raw_body::read(self.request.headers(), self.payload, bounds).await?)
    }
}

fn form_limits(limits: &Limits) -> FormLimits {
    FormLimits { depth: limits.form_depth.get(), keys: limits.form_keys.get() }
}
