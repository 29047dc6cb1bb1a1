//! What becomes of sellers and of their sessions.

use std::sync::Arc;

use time::macros::datetime;

use super::{SellerError, SellerTerms, Sellers};
use crate::access::Actor;
use crate::customer::Email;
use crate::id::{MerchantId, SellerId};
use crate::secret::Secret;
use crate::storage::Storage;
use crate::testing::{
    CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, a_fingerprint, a_merchant, an_id,
};
use crate::text::Line;
use crate::token::{Scopes, Token, TokenPurpose};

struct Shop {
    storage: Storage,
    sellers: Sellers,
    merchant: MerchantId,
}

impl Shop {
    async fn new() -> Self {
        let storage = Storage::new(MemoryBackend::default());
        let sellers = Sellers::new(
            storage.clone(),
            Arc::new(FixedClock::default()),
            Arc::new(SequentialEntropy::default()),
            Arc::new(CountingKeeper::default()),
        );
        let merchant = a_merchant();
        storage.session().await.unwrap().merchants().insert(&merchant).await.unwrap();
        Self { storage, sellers, merchant: merchant.id }
    }

    async fn seller(&self, email: &str) -> SellerId {
        self.sellers.register(self.merchant, terms(email), secret("oloy")).await.unwrap()
    }

    /// Gives a seller a refresh token; the returned question asks whether it still works.
    async fn logged_in(&self, id: SellerId) -> Token {
        let token = Token {
            purpose: TokenPurpose::Refresh,
            fingerprint: a_fingerprint(),
            merchant: self.merchant,
            actor: Actor::Seller(id),
            scopes: Scopes::default(),
            redirect_uri: None,
            expires_at: Some(datetime!(2027-01-01 00:00 UTC)),
        };
        self.storage.session().await.unwrap().tokens().insert(&token).await.unwrap();
        token
    }

    async fn works(&self, token: &Token) -> bool {
        let mut session = self.storage.session().await.unwrap();
        session.tokens().find(token.purpose, token.fingerprint).await.unwrap().is_some()
    }
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn terms(email: &str) -> SellerTerms {
    SellerTerms {
        first_name: Line::try_from("Sel").unwrap(),
        last_name: Line::try_from("Ler").unwrap(),
        email: Email::try_from(email).unwrap(),
        phone: None,
        pos: an_id(),
        active: true,
        allow_point_transfer: false,
    }
}

#[tokio::test]
async fn whoever_is_shut_out_or_gets_another_password_stays_logged_in_nowhere() {
    let shop = Shop::new().await;
    let id = shop.seller("sel@shop.example").await;
    let (sellers, merchant) = (&shop.sellers, shop.merchant);
    let token = shop.logged_in(id).await;
    sellers.replace(merchant, id, terms("sel@shop.example"), None).await.unwrap();
    assert!(shop.works(&token).await);
    sellers.replace(merchant, id, terms("sel@shop.example"), Some(secret("x"))).await.unwrap();
    assert!(!shop.works(&token).await);
    let token = shop.logged_in(id).await;
    sellers.set_active(merchant, id, false).await.unwrap();
    assert!(!shop.works(&token).await);
    sellers.set_active(merchant, id, true).await.unwrap();
    let token = shop.logged_in(id).await;
    sellers.remove(merchant, id).await.unwrap();
    assert!(!shop.works(&token).await);
}

#[tokio::test]
async fn a_removed_seller_stays_removed_and_leaves_the_address_to_a_successor() {
    let shop = Shop::new().await;
    let id = shop.seller("sel@shop.example").await;
    let (sellers, merchant) = (&shop.sellers, shop.merchant);
    let late = sellers.register(merchant, terms("SEL@shop.example"), secret("x")).await;
    assert_eq!(late, Err(SellerError::EmailTaken));
    sellers.remove(merchant, id).await.unwrap();
    let removed = sellers.find(merchant, id).await.unwrap();
    assert!(removed.as_ref().is_some_and(|seller| seller.deleted_at.is_some()));
    assert_eq!(sellers.remove(merchant, id).await, Ok(()));
    let missing = Err(SellerError::NotFound);
    assert_eq!(sellers.set_active(merchant, id, true).await, missing);
    assert_eq!(sellers.replace(merchant, id, terms("x@shop.example"), None).await, missing);
    assert_eq!(sellers.find(merchant, id).await, Ok(removed));
    shop.seller("SEL@shop.example").await;
}

#[tokio::test]
async fn another_merchants_seller_is_nobody() {
    let shop = Shop::new().await;
    let id = shop.seller("sel@shop.example").await;
    let stranger: MerchantId = an_id();
    let missing = Err(SellerError::NotFound);
    assert_eq!(shop.sellers.remove(stranger, id).await, missing);
    assert_eq!(shop.sellers.set_active(stranger, id, false).await, missing);
}
