//! The request body: the bytes that a digest covers, and the JSON in them.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::super::errors::Error;
use crate::config::Limits;
use crate::http::json;
use crate::http::negotiation::{self, BodyKind};
use crate::http::raw_body::{self, BodyLimits};
use crate::services::Services;

/// A body as it was received.
pub(in super::super) struct Body {
    bytes: Bytes,
    kind: BodyKind,
}

impl Body {
    /// Reads a body within the limits.
    pub(super) async fn read(
        request: &HttpRequest,
        payload: Payload,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let limits = BodyLimits { bytes: limits.body_bytes.get(), time: limits.body };
        let bytes = raw_body::read(request.headers(), payload, limits).await?;
        Ok(Self { bytes, kind: negotiation::body_kind(request.headers()) })
    }

    /// The bytes, as they were sent.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The JSON object in the body; no bytes at all count as `{}` (MO 2.3).
    pub(in super::super) fn object<T>(&self, limits: &Limits) -> Result<T, Error>
    where
        T: DeserializeOwned + Default,
    {
        match self.kind {
            BodyKind::Unsaid | BodyKind::Json => {}
            BodyKind::Form | BodyKind::Multipart | BodyKind::Other => {
                return Err(Error::ContentType);
            }
        }
        if self.bytes.is_empty() {
            return Ok(T::default());
        }
        let value = json::parse(&self.bytes, limits.json_depth.get());
        let value = value.map_err(|_| Error::Malformed)?;
        // A type with named members would take an array of them just as well.
        if !value.is_object() {
            return Err(Error::NotAnObject);
        }
        serde_json::from_value(value).map_err(|_| Error::Malformed)
    }
}

impl FromRequest for Body {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let services = Data::<Services>::extract(&request).await?;
            Ok(Self::read(&request, payload, &services.config.limits).await?)
        })
    }
}
