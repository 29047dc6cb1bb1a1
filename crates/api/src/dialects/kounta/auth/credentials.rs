//! Credentials and the programs behind them.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use domain::access::{Actor, Permissions, Principal};
use domain::id::ApplicationId;
use domain::merchant::{Application, ApplicationName, Credentials};
use domain::text::Line;
use domain::token::{Scopes, TokenPurpose, TokenState};
use domain::{Fingerprint, Secret, StorageError};
use time::OffsetDateTime;

use super::Scheme;
use crate::dialects::kounta::errors::Error;
use crate::directory::Session;
use crate::http::bearer::{self, credentials};
use crate::services::Services;

/// A registered OAuth client.
#[derive(Clone, Debug)]
pub(crate) struct OAuthClient(Arc<Application>);

impl OAuthClient {
    fn of(application: Arc<Application>) -> Option<Self> {
        matches!(application.credentials, Credentials::OAuthClient { .. })
            .then_some(Self(application))
    }

    /// The program.
    pub(crate) fn application(&self) -> &Application {
        &self.0
    }

    /// The caller that the program is.
    pub(crate) fn principal(&self) -> Principal {
        Principal {
            merchant: self.0.merchant,
            actor: Actor::Application(self.0.id),
            permissions: Permissions::NONE,
        }
    }

    /// The address among the registered ones that is the given one, letter for letter.
    pub(crate) fn redirect_uri(&self, given: &str) -> Option<&str> {
        match &self.0.credentials {
            Credentials::OAuthClient { redirect_uris, .. } => {
                redirect_uris.iter().map(String::as_str).find(|registered| *registered == given)
            }
            Credentials::ApiKey { .. } | Credentials::SharedKey { .. } => None,
        }
    }

    fn has_secret(&self, given: Fingerprint) -> bool {
        match &self.0.credentials {
            Credentials::OAuthClient { secret, .. } => *secret == given,
            Credentials::ApiKey { .. } | Credentials::SharedKey { .. } => false,
        }
    }
}

/// The client of that id.
pub(crate) async fn registered_client(
    services: &Services,
    client_id: &str,
) -> Result<Option<OAuthClient>, StorageError> {
    // Storage must not be asked for what it cannot hold.
    let Ok(client_id) = Line::try_from(client_id) else { return Ok(None) };
    let name = ApplicationName::ClientId(client_id.into_string());
    let found = services.directory.application_by_name(&name).await?;
    Ok(found.and_then(OAuthClient::of))
}

/// The client of that id and secret.
pub(crate) async fn known_client(
    services: &Services,
    client_id: &str,
    secret: &Secret<String>,
) -> Result<Option<OAuthClient>, StorageError> {
    let client = registered_client(services, client_id).await?;
    let given = services.ports.keeper.fingerprint(secret.expose());
    Ok(client.filter(|client| client.has_secret(given)))
}

/// The program that a request's credentials prove, from memory if it called a moment ago.
pub(super) async fn authenticate(
    services: &Services,
    headers: &HeaderMap,
) -> Result<(Arc<Session>, ApplicationId, Scheme), Error> {
    let (session, scheme) = match credentials(headers) {
        Ok(None) => return Err(Error::Unauthenticated),
        Ok(Some(bearer::Credentials::Basic { user, password })) => {
            (by_secret(services, &user, &password).await?, Scheme::Basic)
        }
        Ok(Some(bearer::Credentials::Bearer(token))) => {
            (by_token(services, token).await?, Scheme::Bearer)
        }
        Ok(Some(bearer::Credentials::Other { .. })) => return Err(Error::MalformedAuthorization),
        Err(bearer::UnusableAuthorization) => return Err(unusable(headers)),
    };
    match session.principal.actor {
        Actor::Application(application) => Ok((session, application, scheme)),
        _ => Err(Error::Unexpected("a session of this dialect belongs to no application")),
    }
}

async fn by_secret(
    services: &Services,
    client_id: &str,
    secret: &Secret<String>,
) -> Result<Arc<Session>, Error> {
    let shown = Secret::new(format!("kounta basic {client_id}:{}", secret.expose()));
    remembered(services, &shown, async || {
        let client = known_client(services, client_id, secret).await?;
        Ok((client.ok_or(Error::UnknownClient)?, None))
    })
    .await
}

async fn by_token(services: &Services, token: &str) -> Result<Arc<Session>, Error> {
    let shown = Secret::new(format!("kounta bearer {token}"));
    remembered(services, &shown, async || {
        let token = match services.tokens.check(TokenPurpose::Access, token).await? {
            TokenState::Valid(token) => token,
            TokenState::Expired => return Err(Error::ExpiredToken),
            TokenState::Unknown => return Err(Error::UnknownToken),
        };
        // Other dialects hand tokens out too, to others.
        let Actor::Application(id) = token.actor else { return Err(Error::UnknownToken) };
        let found = services.directory.application(token.merchant, id).await?;
        let client = found.map(Arc::new).and_then(OAuthClient::of);
        Ok((client.ok_or(Error::UnknownToken)?, token.expires_at))
    })
    .await
}

async fn remembered(
    services: &Services,
    shown: &Secret<String>,
    find: impl AsyncFnOnce() -> Result<(OAuthClient, Option<OffsetDateTime>), Error>,
) -> Result<Arc<Session>, Error> {
    let key = services.ports.keeper.fingerprint(shown.expose());
    if let Some(session) = services.directory.session(&key, services.ports.clock.now()) {
        return Ok(session);
    }
    let (client, expires_at) = find().await?;
    let principal = client.principal();
    let merchant = services
        .directory
        .merchant(principal.merchant)
        .await?
        .ok_or(Error::Unexpected("an application belongs to no merchant"))?;
    let session = Session { principal, merchant, scopes: Scopes::default(), expires_at };
    Ok(services.directory.remember(key, session))
}

/// A token or a pair that nobody was ever given looks like any other unknown one.
fn unusable(headers: &HeaderMap) -> Error {
    let mut values = headers.get_all(AUTHORIZATION);
    let (first, second) = (values.next(), values.next());
    let text = first.filter(|_| second.is_none()).and_then(|value| value.to_str().ok());
    match text.and_then(|text| text.split_whitespace().next()) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer") => Error::UnknownToken,
        Some(scheme) if scheme.eq_ignore_ascii_case("basic") => Error::UnknownClient,
        _ => Error::MalformedAuthorization,
    }
}
