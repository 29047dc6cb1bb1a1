//! The tokens that a login wins: HS256, short-lived for calls, single-use for renewal (contract 1.3).
//!
//! The library checks algorithm and signature. Times are checked here, because only the service's clock counts.

use std::time::Duration;

use domain::access::Actor;
use domain::account::LoggedIn;
use domain::id::OperatorId;
use domain::merchant::Merchant;
use domain::token::{NewToken, Renewal, Scopes, TokenPurpose};
use jsonwebtoken::{Header, Validation};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::dialects::kuna_core::errors::Error;
use crate::dialects::kuna_core::wire::TokenPair;
use crate::keys::SigningKey;
use crate::services::Services;

/// How far clocks may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// Stands in the id of a refresh token between the id of its family and its own.
const FOLLOWS: char = '.';

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Calling the API.
    Access,
    /// Winning a new pair, once.
    Refresh,
}

/// What a verified token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// Who logged in.
    pub(crate) operator: OperatorId,
    /// Where, by the name that a login gives.
    pub(crate) institution: String,
    /// When the token ceases to work, leeway included.
    pub(crate) expires_at: OffsetDateTime,
    id: String,
}

impl Verified {
    /// The id of the first token of the family.
    fn family(&self) -> &str {
        self.id.split_once(FOLLOWS).map_or(&self.id, |(family, _)| family)
    }
}

/// What is signed. A token with any other claim is not ours.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    sub: String,
    merchant_id: String,
    typ: Kind,
    jti: String,
    iat: i64,
    exp: i64,
}

/// The first pair of tokens of an operator who logged in. Its refresh token begins a family: the ids of all that follow it
/// begin with its id.
pub(crate) async fn issue(
    services: &Services,
    merchant: &Merchant,
    who: &LoggedIn,
) -> Result<TokenPair, Error> {
    let family = services.ports.entropy.uuid().to_string();
    let pair = pair(services, merchant, who, family.clone())?;
    let new = NewToken {
        purpose: TokenPurpose::Refresh,
        merchant: merchant.id,
        actor: who.actor,
        scopes: Scopes::default(),
        redirect_uri: None,
        lifetime: renewable_for(services),
        bytes: 0,
    };
    services.tokens.remember(new, &family).await?;
    Ok(pair)
}

/// Trades a refresh token, which works once, for the next pair of an operator who was let in again. If it was used before,
/// the whole family ends. Of two callers at once, one gets through with a pair that cannot be renewed.
pub(crate) async fn renew(
    services: &Services,
    merchant: &Merchant,
    who: &LoggedIn,
    shown: &Verified,
) -> Result<TokenPair, Error> {
    let family = shown.family();
    let successor = format!("{family}{FOLLOWS}{}", services.ports.entropy.uuid());
    let pair = pair(services, merchant, who, successor.clone())?;
    let renewal = Renewal {
        purpose: TokenPurpose::Refresh,
        family,
        shown: &shown.id,
        successor: &successor,
        lifetime: renewable_for(services),
    };
    let kept = services.tokens.renew(renewal).await?;
    match kept.filter(|kept| kept.merchant == merchant.id && kept.actor == who.actor) {
        Some(_) => Ok(pair),
        None => Err(Error::Unauthorized),
    }
}

/// The claims of a token of ours that works now; any other is refused without a reason.
pub(crate) fn verify(services: &Services, token: &str, kind: Kind) -> Result<Verified, Error> {
    let now = services.ports.clock.now();
    read(&services.keys.kuna_core, now, token, kind).ok_or(Error::Unauthorized)
}

fn pair(
    services: &Services,
    merchant: &Merchant,
    who: &LoggedIn,
    refresh_id: String,
) -> Result<TokenPair, Error> {
    let Actor::Operator(operator) = who.actor else { return Err(Error::Unauthorized) };
    let config = &services.config.kuna_core;
    let now = services.ports.clock.now().unix_timestamp();
    let claims = |typ, jti, lifetime: Duration| Claims {
        sub: operator.to_string(),
        merchant_id: merchant.institution.as_str().to_owned(),
        typ,
        jti,
        iat: now,
        exp: now.saturating_add_unsigned(lifetime.as_secs()),
    };
    let access_id = services.ports.entropy.uuid().to_string();
    let access = claims(Kind::Access, access_id, config.access_token);
    let refresh = claims(Kind::Refresh, refresh_id, config.refresh_token);
    let key = &services.keys.kuna_core;
    Ok(TokenPair { access_token: sign(key, &access)?, refresh_token: sign(key, &refresh)? })
}

/// How long a refresh token is kept: for its life and the leeway.
fn renewable_for(services: &Services) -> Option<time::Duration> {
    let lifetime = services.config.kuna_core.refresh_token.saturating_add(LEEWAY);
    time::Duration::try_from(lifetime).ok()
}

fn sign(key: &SigningKey, claims: &Claims) -> Result<String, Error> {
    jsonwebtoken::encode(&Header::new(key.algorithm), claims, &key.encoding)
        .map_err(|error| Error::Internal(error.into()))
}

fn read(key: &SigningKey, now: OffsetDateTime, token: &str, kind: Kind) -> Option<Verified> {
    let mut validation = Validation::new(key.algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let token = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation).ok()?;
    // A header that says more than ours (`crit`, `jku`, …) asks for something that is not done here.
    if token.header != Header::new(key.algorithm) || token.claims.typ != kind {
        return None;
    }
    let Claims { sub, merchant_id, jti, iat, exp, .. } = token.claims;
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
    let expires_at = moment(exp)?.checked_add(LEEWAY.try_into().ok()?)?;
    if expires_at <= now || moment(iat)? > now + LEEWAY {
        return None;
    }
    Some(Verified { operator: sub.parse().ok()?, institution: merchant_id, expires_at, id: jti })
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);
    const OPERATOR: &str = "0190a000-0000-7000-8000-000000000001";

    fn key(secret: &[u8]) -> SigningKey {
        SigningKey {
            algorithm: Algorithm::HS256,
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
        }
    }

    #[test]
    fn all_refresh_tokens_of_a_login_name_their_family() {
        for (jti, family) in [("7", "7"), ("7.8", "7"), ("7.8.9", "7"), ("", "")] {
            let token = signed(&Header::default(), &changed("jti", json!(jti)));
            let verified = read(&key(b"secret"), NOW, &token, Kind::Access).unwrap();
            assert_eq!(verified.family(), family);
        }
    }

    fn good() -> Value {
        let now = NOW.unix_timestamp();
        json!({
            "sub": OPERATOR, "merchant_id": "inst-0001", "typ": "access", "jti": "7", "iat": now, "exp": now + 900,
        })
    }

    fn changed(name: &str, value: Value) -> Value {
        let mut claims = good();
        claims[name] = value;
        claims
    }

    fn signed(header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(b"secret")).unwrap()
    }

    fn accepted(token: &str) -> bool {
        read(&key(b"secret"), NOW, token, Kind::Access).is_some()
    }

    #[test]
    fn a_good_token_says_who_where_and_how_long() {
        let token = signed(&Header::default(), &good());
        let verified = read(&key(b"secret"), NOW, &token, Kind::Access).unwrap();
        assert_eq!(
            verified,
            Verified {
                operator: OPERATOR.parse().unwrap(),
                institution: "inst-0001".to_owned(),
                expires_at: datetime!(2026-03-02 08:30:30 UTC),
                id: "7".to_owned(),
            }
        );
    }

    #[test]
    fn a_token_works_until_thirty_seconds_after_its_end() {
        let now = NOW.unix_timestamp();
        for (claim, value, works) in [
            ("exp", now - 29, true),
            ("exp", now - 30, false),
            ("iat", now + 30, true),
            ("iat", now + 31, false),
        ] {
            let token = signed(&Header::default(), &changed(claim, value.into()));
            assert_eq!(accepted(&token), works, "{claim} {value}");
        }
    }

    #[test]
    fn claims_that_are_missing_mistyped_or_not_ours_are_refused() {
        for name in ["sub", "merchant_id", "typ", "jti", "iat", "exp"] {
            let mut claims = good();
            claims.as_object_mut().unwrap().remove(name);
            assert!(!accepted(&signed(&Header::default(), &claims)), "without {name}");
            for value in [json!(null), json!([]), json!({}), json!(true), json!(1.5e300)] {
                let token = signed(&Header::default(), &changed(name, value.clone()));
                assert!(!accepted(&token), "{name} {value}");
            }
        }
        for (name, value) in [
            ("exp", json!("9999999999")),
            ("exp", json!(i64::MAX)),
            ("exp", json!(-1)),
            ("sub", json!("nobody")),
            ("typ", json!("refresh")),
            ("typ", json!("ACCESS")),
            ("nbf", json!(0)),
            ("admin", json!(true)),
        ] {
            let token = signed(&Header::default(), &changed(name, value.clone()));
            assert!(!accepted(&token), "{name} {value}");
        }
    }

    #[test]
    fn another_algorithm_key_or_header_is_refused() {
        let good = good();
        assert!(!accepted(&signed(&Header::new(Algorithm::HS384), &good)));
        let critical = Header { crit: Some(vec!["b64".to_owned()]), ..Header::default() };
        assert!(!accepted(&signed(&critical, &good)));
        let named = Header { kid: Some("../../dev/null".to_owned()), ..Header::default() };
        assert!(!accepted(&signed(&named, &good)));
        let token = signed(&Header::default(), &good);
        assert!(read(&key(b"another"), NOW, &token, Kind::Access).is_none());
        assert!(read(&key(b"secret"), NOW, &token, Kind::Refresh).is_none());
    }

    #[test]
    fn forged_texts_are_refused() {
        let token = signed(&Header::default(), &good());
        let (message, signature) = token.rsplit_once('.').unwrap();
        let (_, payload) = message.split_once('.').unwrap();
        for forged in [
            String::new(),
            ".".repeat(3_000),
            message.to_owned(),
            format!("{message}."),
            format!("{message}.{signature}="),
            format!("{message}.{}", &signature[1..]),
            format!("{token}.{signature}"),
            // {"alg":"none"} and {"alg":"nOnE"}
            format!("eyJhbGciOiJub25lIn0.{payload}."),
            format!("eyJhbGciOiJuT25FIn0.{payload}.{signature}"),
        ] {
            assert!(!accepted(&forged), "{forged}");
        }
        assert!(accepted(&token));
    }
}
