//! Paths, queries and bodies, read within the limits.

use std::ops::RangeInclusive;
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::web::Payload;
use domain::delivery::Endpoint;
use domain::id::DeliveryId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use utoipa::IntoParams;

use crate::config::Limits;
use crate::http::form::{self, FormLimits, FormValue};
use crate::http::json;
use crate::http::raw_body::{self, BodyLimits};
use crate::ops::errors::Error;
use crate::ops::mapping;

/// The part of a path that names an endpoint.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::ops) struct EndpointPath {
    /// The merchant's id
    merchant: String,
    /// `settings`, or the number of a subscription
    endpoint: String,
}

impl EndpointPath {
    pub(super) fn endpoint(&self) -> Result<Endpoint, Error> {
        mapping::endpoint(&self.merchant, &self.endpoint).ok_or(Error::NoSuchEndpoint)
    }
}

/// The part of a path that names a delivery.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::ops) struct DeliveryPath {
    /// The merchant's id
    merchant: String,
    /// `settings`, or the number of a subscription
    endpoint: String,
    /// The delivery's id
    delivery: String,
}

impl DeliveryPath {
    pub(super) fn endpoint(&self) -> Result<Endpoint, Error> {
        mapping::endpoint(&self.merchant, &self.endpoint).ok_or(Error::NoSuchEndpoint)
    }

    pub(super) fn delivery(&self) -> Result<DeliveryId, Error> {
        self.delivery.parse().map_err(|_| Error::NoSuchDelivery)
    }
}

/// The parameters of a query.
pub(super) struct Query(FormValue);

impl Query {
    pub(super) fn of(request: &HttpRequest, limits: &Limits) -> Result<Self, Error> {
        let limits = FormLimits { depth: limits.form_depth.get(), keys: limits.form_keys.get() };
        let parameters = form::parse(request.query_string().as_bytes(), limits);
        parameters.map(Self).map_err(|_| Error::Invalid("query"))
    }

    /// One parameter as text; an empty one is none.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, Error> {
        match self.0.get(name) {
            None => Ok(None),
            Some(FormValue::Text(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(Error::Invalid(name)),
        }
    }

    /// One parameter, read.
    pub(super) fn parsed<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, Error> {
        let text = self.text(name)?;
        text.map(|text| text.parse().map_err(|_| Error::Invalid(name))).transpose()
    }

    /// A moment.
    pub(super) fn moment(&self, name: &'static str) -> Result<Option<OffsetDateTime>, Error> {
        let text = self.text(name)?;
        text.map(|text| mapping::read_moment(text).ok_or(Error::Invalid(name))).transpose()
    }

    /// One parameter, which only some names can be.
    pub(super) fn named<T>(
        &self,
        name: &'static str,
        known: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let text = self.text(name)?;
        text.map(|text| known(text).ok_or(Error::Invalid(name))).transpose()
    }

    /// A number within bounds, or else the usual one.
    pub(super) fn number(
        &self,
        name: &'static str,
        bounds: RangeInclusive<u32>,
        usual: u32,
    ) -> Result<u32, Error> {
        let number = self.parsed(name)?.unwrap_or(usual);
        if bounds.contains(&number) { Ok(number) } else { Err(Error::Invalid(name)) }
    }
}

/// A body of JSON.
pub(super) async fn body<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
    limits: &Limits,
) -> Result<T, Error> {
    let bounds = BodyLimits { bytes: limits.body_bytes.get(), time: limits.body };
    let bytes = raw_body::read(request.headers(), payload, bounds).await?;
    let value = json::parse(&bytes, limits.json_depth.get());
    let value = value.map_err(|_| Error::Invalid("body"))?;
    serde_json::from_value(value).map_err(|_| Error::Invalid("body"))
}
