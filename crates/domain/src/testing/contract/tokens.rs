//! Promises about tokens and signing keys.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::access::Actor;
use crate::secret::{Fingerprint, Sealed};
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_fingerprint, an_id};
use crate::text::Text;
use crate::token::{Scopes, SigningKeyName, Succession, Token, TokenPurpose};

/// Tokens are known to their purpose alone and used up once; signing keys are kept once.
pub async fn tokens(storage: &Storage) {
    a_token_survives_storage(storage).await;
    a_token_of_one_purpose_is_unknown_to_every_other(storage).await;
    an_erased_customer_has_no_token(storage).await;
    a_token_is_consumed_once(storage).await;
    of_many_who_consume_a_token_exactly_one_gets_it(storage).await;
    each_token_of_a_family_is_followed_by_the_next(storage).await;
    a_token_that_is_not_the_newest_ends_its_family(storage).await;
    of_many_who_renew_a_token_one_is_followed_and_the_family_ends(storage).await;
    whoever_renews_while_the_family_ends_is_left_with_nothing(storage).await;
    a_tokens_expiry_can_be_moved(storage).await;
    revoking_takes_what_one_actor_holds_for_one_purpose(storage).await;
    purging_takes_only_what_expired_before(storage).await;
    a_signing_key_is_kept_once(storage).await;
}

const EXPIRY: OffsetDateTime = datetime!(2099-01-01 00:00:00.000_001 UTC);

fn a_token(tenant: Tenant<'_>, purpose: TokenPurpose) -> Token {
    Token {
        fingerprint: a_fingerprint(),
        purpose,
        merchant: tenant.merchant,
        actor: Actor::Application(an_id()),
        scopes: Scopes::default(),
        redirect_uri: None,
        expires_at: Some(EXPIRY),
    }
}

async fn insert(tenant: Tenant<'_>, token: &Token) {
    tenant.session().await.tokens().insert(token).await.expect("a new token");
}

async fn find(tenant: Tenant<'_>, token: &Token) -> Option<Token> {
    let mut session = tenant.session().await;
    session.tokens().find(token.purpose, token.fingerprint).await.expect("an answer")
}

async fn consume(tenant: Tenant<'_>, purpose: TokenPurpose, secret: Fingerprint) -> Option<Token> {
    tenant.session().await.tokens().consume(purpose, secret).await.expect("an answer")
}

async fn a_token_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let scopes = [(false, false), (true, false), (false, true), (true, true)];
    let scopes = scopes.map(|(customers, payment_methods)| Scopes { customers, payment_methods });
    let actors = [
        Actor::Admin(an_id()),
        Actor::Seller(an_id()),
        Actor::Customer(an_id()),
        Actor::Operator(an_id()),
        Actor::Application(an_id()),
    ];
    for (actor, scopes) in actors.into_iter().zip(scopes.into_iter().cycle()) {
        let full = Token {
            actor,
            scopes,
            redirect_uri: Text::try_from("https://example.test/back?a=b").ok(),
            ..a_token(tenant, TokenPurpose::AuthorizationCode)
        };
        let eternal = Token { actor, expires_at: None, ..a_token(tenant, TokenPurpose::Access) };
        for token in [full, eternal] {
            insert(tenant, &token).await;
            assert_eq!(find(tenant, &token).await, Some(token));
        }
    }
}

async fn a_token_of_one_purpose_is_unknown_to_every_other(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let token = a_token(tenant, TokenPurpose::Refresh);
    insert(tenant, &token).await;
    let secret = token.fingerprint;
    for purpose in [TokenPurpose::Access, TokenPurpose::AuthorizationCode] {
        let mut session = tenant.session().await;
        assert_eq!(session.tokens().find(purpose, secret).await, Ok(None));
        assert_eq!(session.tokens().consume(purpose, secret).await, Ok(None));
        let later = EXPIRY + Duration::DAY;
        session.tokens().extend(purpose, secret, later).await.expect("nothing to move");
    }
    assert_eq!(find(tenant, &token).await, Some(token));
}

async fn an_erased_customer_has_no_token(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let purpose = TokenPurpose::Refresh;
    let token = Token { actor: Actor::Customer(customer.id), ..a_token(tenant, purpose) };
    let kept = Token { fingerprint: a_fingerprint(), ..a_token(tenant, purpose) };
    for token in [&token, &kept] {
        tenant.session().await.tokens().insert(token).await.expect("a new token");
    }
    tenant.erase(&customer).await.expect("the current version");
    let found = tenant.session().await.tokens().find(purpose, token.fingerprint).await;
    assert_eq!(found, Ok(None));
    let found = tenant.session().await.tokens().find(purpose, kept.fingerprint).await;
    assert_eq!(found, Ok(Some(kept)));
}

async fn a_token_is_consumed_once(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [token, other] = [TokenPurpose::AuthorizationCode; 2].map(|one| a_token(tenant, one));
    insert(tenant, &token).await;
    insert(tenant, &other).await;
    let (purpose, secret) = (token.purpose, token.fingerprint);
    assert_eq!(consume(tenant, purpose, secret).await.as_ref(), Some(&token));
    assert_eq!(consume(tenant, purpose, secret).await, None);
    assert_eq!(find(tenant, &token).await, None);
    assert_eq!(find(tenant, &other).await, Some(other));
}

async fn of_many_who_consume_a_token_exactly_one_gets_it(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let token = a_token(tenant, TokenPurpose::Refresh);
    insert(tenant, &token).await;
    let tries = (0..16).map(|_| consume(tenant, token.purpose, token.fingerprint));
    let got: Vec<_> = all_at_once(tries).await.into_iter().flatten().collect();
    assert_eq!(got, [token]);
}

const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00 UTC);

/// The succession in which a new token follows one of a family.
fn a_succession(family: &Token, shown: Fingerprint) -> Succession {
    let expires_at = Some(EXPIRY + Duration::DAY);
    let (purpose, family) = (family.purpose, family.fingerprint);
    Succession { purpose, family, shown, successor: a_fingerprint(), at: NOW, expires_at }
}

async fn renew(tenant: Tenant<'_>, succession: &Succession) -> Option<Token> {
    tenant.session().await.tokens().renew(succession).await.expect("an answer")
}

async fn each_token_of_a_family_is_followed_by_the_next(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [first, other] = [TokenPurpose::Refresh; 2].map(|one| a_token(tenant, one));
    insert(tenant, &first).await;
    insert(tenant, &other).await;
    let renewed = Token { expires_at: Some(EXPIRY + Duration::DAY), ..first.clone() };
    let mut shown = first.fingerprint;
    for _ in 0..3 {
        let succession = a_succession(&first, shown);
        assert_eq!(renew(tenant, &succession).await.as_ref(), Some(&renewed));
        assert_eq!(find(tenant, &first).await.as_ref(), Some(&renewed));
        shown = succession.successor;
    }
    let eternal = Succession { expires_at: None, ..a_succession(&first, shown) };
    let expected = Token { expires_at: None, ..first };
    assert_eq!(renew(tenant, &eternal).await, Some(expected));
    assert_eq!(find(tenant, &other).await, Some(other));
}

async fn a_token_that_is_not_the_newest_ends_its_family(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for shown in [None, Some(a_fingerprint())] {
        let [first, other] = [TokenPurpose::Refresh; 2].map(|one| a_token(tenant, one));
        insert(tenant, &first).await;
        insert(tenant, &other).await;
        let next = a_succession(&first, first.fingerprint);
        assert!(renew(tenant, &next).await.is_some());
        let access = Succession { purpose: TokenPurpose::Access, ..next };
        assert_eq!(renew(tenant, &access).await, None, "a family is good for one purpose");
        assert!(find(tenant, &first).await.is_some());
        let again = a_succession(&first, shown.unwrap_or(first.fingerprint));
        assert_eq!(renew(tenant, &again).await, None);
        assert_eq!(find(tenant, &first).await, None);
        assert_eq!(renew(tenant, &a_succession(&first, next.successor)).await, None);
        assert_eq!(find(tenant, &other).await, Some(other));
    }
    let late = a_token(tenant, TokenPurpose::Refresh);
    insert(tenant, &late).await;
    let at = Succession { at: EXPIRY, ..a_succession(&late, late.fingerprint) };
    assert_eq!(renew(tenant, &at).await, None, "it works no more at the moment of its expiry");
}

async fn of_many_who_renew_a_token_one_is_followed_and_the_family_ends(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = a_token(tenant, TokenPurpose::Refresh);
    insert(tenant, &first).await;
    let successions: Vec<_> = (0..8).map(|_| a_succession(&first, first.fingerprint)).collect();
    let tries = successions.iter().map(|succession| renew(tenant, succession));
    let results = all_at_once(tries).await;
    assert_eq!(results.iter().flatten().count(), 1);
    assert_eq!(find(tenant, &first).await, None);
    for succession in successions {
        assert_eq!(renew(tenant, &a_succession(&first, succession.successor)).await, None);
    }
}

async fn whoever_renews_while_the_family_ends_is_left_with_nothing(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for _ in 0..4 {
        let first = a_token(tenant, TokenPurpose::Refresh);
        insert(tenant, &first).await;
        let next = a_succession(&first, first.fingerprint);
        assert!(renew(tenant, &next).await.is_some());
        let both = [a_succession(&first, first.fingerprint), a_succession(&first, next.successor)];
        let results = all_at_once(both.iter().map(|succession| renew(tenant, succession))).await;
        assert_eq!(results[0], None);
        assert_eq!(find(tenant, &first).await, None);
        assert_eq!(renew(tenant, &a_succession(&first, both[1].successor)).await, None);
    }
}

async fn a_tokens_expiry_can_be_moved(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [token, other] = [TokenPurpose::Access; 2].map(|one| a_token(tenant, one));
    insert(tenant, &token).await;
    insert(tenant, &other).await;
    let later = EXPIRY + Duration::days(30);
    let mut session = tenant.session().await;
    let moved = session.tokens().extend(token.purpose, token.fingerprint, later).await;
    moved.expect("a known token");
    drop(session);
    let expected = Token { expires_at: Some(later), ..token };
    assert_eq!(find(tenant, &expected).await.as_ref(), Some(&expected));
    assert_eq!(find(tenant, &other).await, Some(other));
}

async fn revoking_takes_what_one_actor_holds_for_one_purpose(storage: &Storage) {
    let [tenant, elsewhere] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let first = a_token(tenant, TokenPurpose::Access);
    let of_actor = |tenant, purpose| Token { actor: first.actor, ..a_token(tenant, purpose) };
    let second = of_actor(tenant, TokenPurpose::Access);
    let kept = [
        of_actor(tenant, TokenPurpose::Refresh),
        of_actor(elsewhere, TokenPurpose::Access),
        a_token(tenant, TokenPurpose::Access),
    ];
    for token in [&first, &second].into_iter().chain(&kept) {
        insert(tenant, token).await;
    }
    let mut session = tenant.session().await;
    let revoked = session.tokens().revoke(tenant.merchant, first.actor, first.purpose).await;
    revoked.expect("an answer");
    drop(session);
    for token in [first, second] {
        assert_eq!(find(tenant, &token).await, None);
    }
    for token in kept {
        assert_eq!(find(tenant, &token).await, Some(token));
    }
}

async fn purging_takes_only_what_expired_before(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    // Long before any other token of a shared database expires, so that the figure is this promise's own.
    let moment = datetime!(1999-01-01 00:00:00 UTC);
    let purge = async || tenant.session().await.tokens().purge(moment).await.expect("an answer");
    purge().await;
    let expired = |expires_at| Token { expires_at, ..a_token(tenant, TokenPurpose::Refresh) };
    let gone = [Duration::MICROSECOND, Duration::DAY].map(|ago| expired(Some(moment - ago)));
    let kept = [Some(moment), Some(moment + Duration::DAY), None].map(expired);
    for token in gone.iter().chain(&kept) {
        insert(tenant, token).await;
    }
    assert_eq!(purge().await, 2);
    for token in gone {
        assert_eq!(find(tenant, &token).await, None);
    }
    for token in kept {
        assert_eq!(find(tenant, &token).await, Some(token));
    }
}

async fn a_signing_key_is_kept_once(storage: &Storage) {
    let keep = async |name, bytes: u8| {
        let mut session = storage.session().await.expect("a session");
        let fresh = Sealed::new(vec![bytes; 48]);
        session.tokens().keep_signing_key(name, &fresh).await.expect("a key")
    };
    let kept = all_at_once((1..=16).map(|bytes| keep(SigningKeyName::KunaCore, bytes))).await;
    assert!(kept.iter().all(|key| *key == kept[0]), "every starter gets the same key");
    let other = keep(SigningKeyName::OpenLoyalty, 77).await;
    assert_eq!(keep(SigningKeyName::KunaCore, 99).await, kept[0]);
    for (name, key) in
        [(SigningKeyName::KunaCore, kept[0].clone()), (SigningKeyName::OpenLoyalty, other)]
    {
        let mut session = storage.session().await.expect("a session");
        assert_eq!(session.tokens().find_signing_key(name).await, Ok(Some(key)));
    }
}
