//! Client programs and their credentials.

use time::OffsetDateTime;

use crate::id::{ApplicationId, MerchantId};
use crate::network::AddressList;
use crate::secret::{Fingerprint, Sealed};
use crate::text::Line;

/// A client program that a merchant gave credentials to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Whose program.
    pub merchant: MerchantId,
    /// Its id.
    pub id: ApplicationId,
    /// What people call it.
    pub name: Line,
    /// How it proves itself.
    pub credentials: Credentials,
    /// When it was registered.
    pub created_at: OffsetDateTime,
}

/// How a program proves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// By showing a key (KC 1.2).
    ApiKey {
        /// The key's fingerprint.
        key: Fingerprint,
        /// Where it may be shown from; anywhere, if not given (KC 1.4).
        addresses: Option<AddressList>,
    },
    /// By hashing a key that both sides know into each request (MO 1.3).
    SharedKey {
        /// The public half, by which the merchant is found.
        token: Line,
        /// The secret half.
        key: Sealed,
    },
    /// By client id and secret, or tokens won with them (KO 1.5).
    OAuthClient {
        /// The public half.
        client_id: Line,
        /// The secret's fingerprint.
        secret: Fingerprint,
        /// What signs webhooks to this program (KO 3.5).
        signature_token: Option<Sealed>,
        /// Where browsers may be sent back to, letter for letter.
        redirect_uris: Vec<String>,
    },
}

impl Credentials {
    /// The name by which the program is found before its merchant is known.
    pub fn name(&self) -> ApplicationName {
        match self {
            Self::ApiKey { key, .. } => ApplicationName::ApiKey(*key),
            Self::SharedKey { token, .. } => {
                ApplicationName::AuthenticityToken(token.as_str().to_owned())
            }
            Self::OAuthClient { client_id, .. } => {
                ApplicationName::ClientId(client_id.as_str().to_owned())
            }
        }
    }
}

/// The public name of a program, unique over all merchants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ApplicationName {
    /// `KunaCore`'s key, by its fingerprint.
    ApiKey(Fingerprint),
    /// Monri's authenticity token.
    AuthenticityToken(String),
    /// Kounta's client id.
    ClientId(String),
}
