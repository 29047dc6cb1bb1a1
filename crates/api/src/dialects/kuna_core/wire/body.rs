//! The body of a call: a JSON object, bounded in size, time and depth (contract 1.1).

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::dialects::kuna_core::errors::Error;
use crate::http::json;
use crate::http::negotiation::{BodyKind, body_kind};
use crate::http::raw_body::{self, BodyLimits};
use crate::services::Services;

/// A decoded body. An empty one counts as `{}`, whatever its type.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Body<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (services, headers, payload) =
            (services(request), request.headers().clone(), payload.take());
        async move {
            let limits = &services?.config.limits;
            let bounds = BodyLimits { bytes: limits.body_bytes.get(), time: limits.body };
            let bytes = raw_body::read(&headers, payload, bounds).await?;
            decode(&headers, &bytes, limits.json_depth.get()).map(Self)
        }
        .boxed_local()
    }
}

/// The services that a request is served with.
pub(crate) fn services(request: &HttpRequest) -> Result<Data<Services>, Error> {
    let services = request.app_data::<Data<Services>>().cloned();
    services.ok_or_else(|| Error::Internal("a route is mounted without services".into()))
}

/// Members take any JSON value, so nothing but a body that is no object fails here.
fn decode<T: DeserializeOwned>(
    headers: &HeaderMap,
    bytes: &Bytes,
    depth: usize,
) -> Result<T, Error> {
    let object = if bytes.is_empty() {
        Value::Object(Map::new())
    } else {
        match body_kind(headers) {
            BodyKind::Json | BodyKind::Unsaid => {
                json::parse(bytes, depth).map_err(|_| Error::NotAnObject)?
            }
            BodyKind::Form | BodyKind::Multipart | BodyKind::Other => {
                return Err(Error::UnsupportedMediaType);
            }
        }
    };
    // serde would take an array for a struct as well.
    if !object.is_object() {
        return Err(Error::NotAnObject);
    }
    serde_json::from_value(object).map_err(|_| Error::NotAnObject)
}
