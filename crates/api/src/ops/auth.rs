//! Who is calling: the operator, or nobody.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::errors::Error;
use crate::http::bearer::{Credentials, credentials};
use crate::services::Services;

/// The operator. Handlers take it first, so that nothing is looked at before the key.
pub(super) struct Operator;

impl FromRequest for Operator {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(identify(request))
    }
}

fn identify(request: &HttpRequest) -> Result<Operator, Error> {
    let services = request.app_data::<Data<Services>>().ok_or(Error::Unwired)?;
    let Ok(Some(Credentials::Bearer(shown))) = credentials(request.headers()) else {
        return Err(Error::Unauthorized);
    };
    let key = services.config.ops.key.as_ref().ok_or(Error::Unauthorized)?;
    // Fingerprints have one length, so that time tells not even that of the key.
    let [key, shown] =
        [key.expose(), shown].map(|secret| services.ports.keeper.fingerprint(secret));
    verify_slices_are_equal(key.as_ref(), shown.as_ref()).map_err(|_| Error::Unauthorized)?;
    Ok(Operator)
}
