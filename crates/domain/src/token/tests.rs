//! What becomes of tokens as time goes by and as they are used.

use std::sync::Arc;

use time::Duration;

use super::{NewToken, Renewal, Scopes, SigningKeyName, TokenPurpose, TokenState, Tokens};
use crate::access::Actor;
use crate::clock::Clock;
use crate::secret::Sealed;
use crate::storage::Storage;
use crate::testing::{CountingKeeper, FixedClock, MemoryBackend, SequentialEntropy, an_id};
use crate::text::Text;

struct Desk {
    clock: Arc<FixedClock>,
    tokens: Tokens,
}

impl Desk {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::default());
        let storage = Storage::new(MemoryBackend::default());
        let entropy = Arc::new(SequentialEntropy::default());
        let tokens = Tokens::new(
            storage,
            Arc::clone(&clock) as _,
            entropy,
            Arc::new(CountingKeeper::default()),
        );
        Self { clock, tokens }
    }

    async fn issue(&self, new: NewToken) -> String {
        self.tokens.issue(new).await.unwrap().into_inner()
    }

    async fn check(&self, purpose: TokenPurpose, secret: &str) -> TokenState {
        self.tokens.check(purpose, secret).await.unwrap()
    }

    async fn consume(&self, purpose: TokenPurpose, secret: &str) -> TokenState {
        self.tokens.consume(purpose, secret).await.unwrap()
    }
}

fn new_token(purpose: TokenPurpose, lifetime: Option<Duration>) -> NewToken {
    NewToken {
        purpose,
        merchant: an_id(),
        actor: Actor::Application(an_id()),
        scopes: Scopes { customers: true, payment_methods: false },
        redirect_uri: Text::try_from("https://example.test/back").ok(),
        lifetime,
        bytes: 20,
    }
}

fn works(state: &TokenState) -> bool {
    matches!(state, TokenState::Valid(_))
}

#[tokio::test]
async fn a_token_is_written_in_hex_and_says_what_it_was_given() {
    let desk = Desk::new();
    let new = new_token(TokenPurpose::Access, Some(Duration::HOUR));
    let secret = desk.issue(new.clone()).await;
    assert_eq!(secret.len(), 40);
    assert!(secret.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(desk.issue(new.clone()).await, secret);
    let TokenState::Valid(token) = desk.check(TokenPurpose::Access, &secret).await else {
        panic!("a new token works")
    };
    assert_eq!((token.merchant, token.actor, token.scopes), (new.merchant, new.actor, new.scopes));
    assert_eq!(token.redirect_uri, new.redirect_uri);
    assert_eq!(token.expires_at, Some(desk.clock.now() + Duration::HOUR));
}

#[tokio::test]
async fn a_token_works_until_the_moment_it_expires() {
    let desk = Desk::new();
    let secret = desk.issue(new_token(TokenPurpose::Access, Some(Duration::HOUR))).await;
    desk.clock.advance(Duration::HOUR - Duration::MICROSECOND);
    assert!(works(&desk.check(TokenPurpose::Access, &secret).await));
    desk.clock.advance(Duration::MICROSECOND);
    assert_eq!(desk.check(TokenPurpose::Access, &secret).await, TokenState::Expired);
}

#[tokio::test]
async fn a_token_without_an_end_works_for_ever() {
    let desk = Desk::new();
    let secret = desk.issue(new_token(TokenPurpose::Access, None)).await;
    desk.clock.advance(Duration::days(36_500));
    assert_eq!(desk.tokens.purge().await, Ok(0));
    assert!(works(&desk.check(TokenPurpose::Access, &secret).await));
}

#[tokio::test]
async fn a_token_is_good_for_one_purpose() {
    let desk = Desk::new();
    let secret = desk.issue(new_token(TokenPurpose::Refresh, None)).await;
    for other in [TokenPurpose::Access, TokenPurpose::AuthorizationCode] {
        assert_eq!(desk.check(other, &secret).await, TokenState::Unknown);
        assert_eq!(desk.consume(other, &secret).await, TokenState::Unknown);
    }
    assert!(works(&desk.check(TokenPurpose::Refresh, &secret).await));
}

#[tokio::test]
async fn a_consumed_token_is_unknown_from_then_on() {
    let desk = Desk::new();
    let purpose = TokenPurpose::AuthorizationCode;
    let secret = desk.issue(new_token(purpose, Some(Duration::MINUTE))).await;
    assert!(works(&desk.consume(purpose, &secret).await));
    assert_eq!(desk.consume(purpose, &secret).await, TokenState::Unknown);
    assert_eq!(desk.check(purpose, &secret).await, TokenState::Unknown);
    let late = desk.issue(new_token(purpose, Some(Duration::MINUTE))).await;
    desk.clock.advance(Duration::MINUTE);
    assert_eq!(desk.consume(purpose, &late).await, TokenState::Expired);
    assert_eq!(desk.consume(purpose, &late).await, TokenState::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_consume_a_token_exactly_one_gets_it() {
    let desk = Desk::new();
    let purpose = TokenPurpose::Refresh;
    let secret = desk.issue(new_token(purpose, None)).await;
    let tries: Vec<_> = (0..16)
        .map(|_| {
            let (tokens, secret) = (desk.tokens.clone(), secret.clone());
            tokio::spawn(async move { tokens.consume(purpose, &secret).await.unwrap() })
        })
        .collect();
    let mut got = 0;
    for one in tries {
        got += usize::from(works(&one.await.unwrap()));
    }
    assert_eq!(got, 1);
}

#[tokio::test]
async fn a_family_lives_by_its_newest_token_and_ends_with_a_used_one() {
    let desk = Desk::new();
    let purpose = TokenPurpose::Refresh;
    let lifetime = Some(Duration::HOUR);
    desk.tokens.remember(new_token(purpose, lifetime), "first").await.unwrap();
    let renew = async |shown, successor| {
        let renewal = Renewal { purpose, family: "first", shown, successor, lifetime };
        desk.tokens.renew(renewal).await.unwrap()
    };
    for (shown, successor) in [("first", "second"), ("second", "third")] {
        desk.clock.advance(Duration::minutes(50));
        let kept = renew(shown, successor).await.expect("the newest token");
        assert_eq!(kept.expires_at, Some(desk.clock.now() + Duration::HOUR));
    }
    assert_eq!(renew("second", "thief's").await, None);
    for newest in ["third", "thief's", "first"] {
        assert_eq!(renew(newest, "late").await, None);
    }
}

#[tokio::test]
async fn a_renewal_does_not_print_its_tokens() {
    let (purpose, lifetime) = (TokenPurpose::Refresh, None);
    let renewal =
        Renewal { purpose, family: "hunter1", shown: "hunter2", successor: "hunter3", lifetime };
    assert!(!format!("{renewal:?}").contains("hunter"));
}

#[tokio::test]
async fn a_token_in_use_can_live_longer() {
    let desk = Desk::new();
    let secret = desk.issue(new_token(TokenPurpose::Access, Some(Duration::HOUR))).await;
    desk.clock.advance(Duration::MINUTE * 30);
    let TokenState::Valid(token) = desk.check(TokenPurpose::Access, &secret).await else {
        panic!("the token has half an hour left")
    };
    desk.tokens.extend(&token, Duration::HOUR).await.unwrap();
    desk.clock.advance(Duration::MINUTE * 59);
    assert!(works(&desk.check(TokenPurpose::Access, &secret).await));
    desk.clock.advance(Duration::MINUTE);
    assert_eq!(desk.check(TokenPurpose::Access, &secret).await, TokenState::Expired);
}

#[tokio::test]
async fn a_secret_made_elsewhere_can_be_kept_as_a_token() {
    let desk = Desk::new();
    let new = new_token(TokenPurpose::Refresh, Some(Duration::HOUR));
    desk.tokens.remember(new, "made elsewhere").await.unwrap();
    assert!(works(&desk.check(TokenPurpose::Refresh, "made elsewhere").await));
}

#[tokio::test]
async fn an_actors_tokens_of_one_purpose_can_be_taken_back() {
    let desk = Desk::new();
    let new = new_token(TokenPurpose::Access, None);
    let revoked = [desk.issue(new.clone()).await, desk.issue(new.clone()).await];
    let refresh = NewToken { purpose: TokenPurpose::Refresh, ..new.clone() };
    let refresh = desk.issue(refresh).await;
    let other = desk.issue(new_token(TokenPurpose::Access, None)).await;
    desk.tokens.revoke(new.merchant, new.actor, TokenPurpose::Access).await.unwrap();
    for secret in revoked {
        assert_eq!(desk.check(TokenPurpose::Access, &secret).await, TokenState::Unknown);
    }
    assert!(works(&desk.check(TokenPurpose::Refresh, &refresh).await));
    assert!(works(&desk.check(TokenPurpose::Access, &other).await));
}

#[tokio::test]
async fn an_expired_token_is_remembered_for_a_day() {
    let desk = Desk::new();
    let secret = desk.issue(new_token(TokenPurpose::Access, Some(Duration::HOUR))).await;
    desk.clock.advance(Duration::HOUR + Duration::DAY);
    assert_eq!(desk.tokens.purge().await, Ok(0));
    assert_eq!(desk.check(TokenPurpose::Access, &secret).await, TokenState::Expired);
    desk.clock.advance(Duration::MICROSECOND);
    assert_eq!(desk.tokens.purge().await, Ok(1));
    assert_eq!(desk.check(TokenPurpose::Access, &secret).await, TokenState::Unknown);
}

#[tokio::test]
async fn the_first_signing_key_stays() {
    let desk = Desk::new();
    let keep = async |name, bytes: &[u8]| {
        desk.tokens.keep_signing_key(name, &Sealed::new(bytes.to_vec())).await.unwrap()
    };
    assert_eq!(desk.tokens.signing_key(SigningKeyName::KunaCore).await, Ok(None));
    let first = keep(SigningKeyName::KunaCore, b"first").await;
    assert_eq!(keep(SigningKeyName::KunaCore, b"second").await, first);
    assert_ne!(keep(SigningKeyName::OpenLoyalty, b"other").await, first);
    assert_eq!(desk.tokens.signing_key(SigningKeyName::KunaCore).await, Ok(Some(first)));
}
