//! Promises about codes in messages.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::access::Actor;
use crate::code::{CodePurpose, NewCode, Put, Redeemed};
use crate::customer::PhoneNumber;
use crate::secret::Fingerprint;
use crate::storage::Storage;
use crate::testing::contract::crowd::all_at_once;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_fingerprint, an_id};

/// An account has one code of each purpose, which works once and survives few wrong guesses.
pub async fn codes(storage: &Storage) {
    a_code_works_once_for_its_purpose_and_merchant(storage).await;
    a_newer_code_takes_the_place_of_the_older_one_and_is_numbered(storage).await;
    no_two_outstanding_codes_read_alike(storage).await;
    a_young_unused_code_keeps_a_new_one_away(storage).await;
    a_code_works_until_the_moment_it_expires(storage).await;
    a_used_activation_link_is_remembered(storage).await;
    the_fifth_wrong_guess_ends_a_code(storage).await;
    of_many_guesses_at_once_five_are_looked_at(storage).await;
    of_many_who_show_a_code_exactly_one_gets_it(storage).await;
    revoking_ends_the_codes_of_one_account(storage).await;
    an_erased_customer_has_no_code(storage).await;
    purging_takes_only_codes_that_expired_before(storage).await;
}

const NOW: OffsetDateTime = datetime!(2026-03-02 08:15:00.000_001 UTC);
const CODE: CodePurpose = CodePurpose::ActivationCode;

fn a_code(tenant: Tenant<'_>, purpose: CodePurpose) -> NewCode {
    NewCode {
        merchant: tenant.merchant,
        holder: Actor::Customer(an_id()),
        purpose,
        fingerprint: a_fingerprint(),
        phone: PhoneNumber::try_from("+48 123").ok(),
        issued_at: NOW,
        expires_at: NOW + Duration::HOUR,
    }
}

async fn put(tenant: Tenant<'_>, code: &NewCode) -> Put {
    tenant.session().await.codes().put(code, None).await.expect("an answer")
}

async fn redeem(
    tenant: Tenant<'_>,
    purpose: CodePurpose,
    fingerprint: Fingerprint,
    now: OffsetDateTime,
) -> Option<Redeemed> {
    let mut session = tenant.session().await;
    session.codes().redeem(tenant.merchant, purpose, fingerprint, now).await.expect("an answer")
}

async fn guess(tenant: Tenant<'_>, code: &NewCode, guess: Fingerprint) -> Option<Redeemed> {
    let mut session = tenant.session().await;
    let guessed =
        session.codes().redeem_of(code.merchant, code.holder, code.purpose, guess, NOW).await;
    guessed.expect("an answer")
}

async fn holder(tenant: Tenant<'_>, code: &NewCode, now: OffsetDateTime) -> Option<Actor> {
    let mut session = tenant.session().await;
    let held = session.codes().holder(tenant.merchant, code.purpose, code.fingerprint, now).await;
    held.expect("an answer")
}

fn whole(code: &NewCode) -> Redeemed {
    Redeemed { holder: code.holder, phone: code.phone.clone() }
}

async fn a_code_works_once_for_its_purpose_and_merchant(storage: &Storage) {
    let [tenant, elsewhere] = [Tenant::new(storage).await, Tenant::new(storage).await];
    for purpose in CodePurpose::ALL {
        for holder in [Actor::Customer(an_id()), Actor::Seller(an_id()), Actor::Admin(an_id())] {
            let code = NewCode { holder, ..a_code(tenant, *purpose) };
            assert_eq!(put(tenant, &code).await, Put::Numbered(1));
            for other in CodePurpose::ALL.iter().filter(|other| *other != purpose) {
                assert_eq!(redeem(tenant, *other, code.fingerprint, NOW).await, None);
            }
            assert_eq!(redeem(elsewhere, *purpose, code.fingerprint, NOW).await, None);
            assert_eq!(self::holder(tenant, &code, NOW).await, Some(holder));
            assert_eq!(redeem(tenant, *purpose, code.fingerprint, NOW).await, Some(whole(&code)));
            assert_eq!(redeem(tenant, *purpose, code.fingerprint, NOW).await, None);
        }
    }
    let bare = NewCode { phone: None, ..a_code(tenant, CODE) };
    put(tenant, &bare).await;
    assert_eq!(redeem(tenant, CODE, bare.fingerprint, NOW).await, Some(whole(&bare)));
}

async fn a_newer_code_takes_the_place_of_the_older_one_and_is_numbered(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = a_code(tenant, CODE);
    let second = NewCode { fingerprint: a_fingerprint(), phone: None, ..first.clone() };
    let other = NewCode { purpose: CodePurpose::PhoneChange, ..first.clone() };
    for (code, number) in [(&first, 1), (&second, 2), (&other, 1)] {
        assert_eq!(put(tenant, code).await, Put::Numbered(number));
    }
    assert_eq!(redeem(tenant, CODE, first.fingerprint, NOW).await, None);
    assert_eq!(redeem(tenant, CODE, second.fingerprint, NOW).await, Some(whole(&second)));
    let third = NewCode { fingerprint: a_fingerprint(), ..first };
    assert_eq!(put(tenant, &third).await, Put::Numbered(3));
    assert_eq!(redeem(tenant, CODE, third.fingerprint, NOW).await, Some(whole(&third)));
}

async fn no_two_outstanding_codes_read_alike(storage: &Storage) {
    let [tenant, elsewhere] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let code = a_code(tenant, CODE);
    put(tenant, &code).await;
    let same = NewCode { holder: Actor::Customer(an_id()), ..code.clone() };
    assert_eq!(put(tenant, &same).await, Put::Occupied);
    assert_eq!(redeem(tenant, CODE, code.fingerprint, NOW).await, Some(whole(&code)));
    assert_eq!(put(tenant, &same).await, Put::Numbered(1));
    let there = NewCode { merchant: elsewhere.merchant, ..code };
    assert_eq!(put(elsewhere, &there).await, Put::Numbered(1));
}

async fn a_young_unused_code_keeps_a_new_one_away(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let first = a_code(tenant, CODE);
    put(tenant, &first).await;
    let again = async |unless_after| {
        let code = NewCode { fingerprint: a_fingerprint(), ..first.clone() };
        tenant.session().await.codes().put(&code, Some(unless_after)).await
    };
    assert_eq!(again(NOW - Duration::MICROSECOND).await, Ok(Put::TooSoon));
    assert_eq!(holder(tenant, &first, NOW).await, Some(first.holder));
    assert_eq!(again(NOW).await, Ok(Put::Numbered(2)));
    let used = NewCode { fingerprint: a_fingerprint(), ..first.clone() };
    assert_eq!(put(tenant, &used).await, Put::Numbered(3));
    redeem(tenant, CODE, used.fingerprint, NOW).await.expect("an outstanding code");
    assert_eq!(again(NOW - Duration::DAY).await, Ok(Put::Numbered(4)));
}

async fn a_code_works_until_the_moment_it_expires(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let code = a_code(tenant, CODE);
    put(tenant, &code).await;
    assert_eq!(holder(tenant, &code, code.expires_at).await, None);
    assert_eq!(redeem(tenant, CODE, code.fingerprint, code.expires_at).await, None);
    let before = code.expires_at - Duration::MICROSECOND;
    assert_eq!(redeem(tenant, CODE, code.fingerprint, before).await, Some(whole(&code)));
}

async fn a_used_activation_link_is_remembered(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let link = a_code(tenant, CodePurpose::ActivationLink);
    let code = a_code(tenant, CODE);
    for used in [&link, &code] {
        put(tenant, used).await;
        redeem(tenant, used.purpose, used.fingerprint, NOW).await.expect("an outstanding code");
    }
    assert_eq!(holder(tenant, &link, NOW).await, Some(link.holder));
    assert_eq!(holder(tenant, &code, NOW).await, None);
}

async fn the_fifth_wrong_guess_ends_a_code(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for (wrong, works) in [(CodePurpose::TRIES - 1, true), (CodePurpose::TRIES, false)] {
        let code = a_code(tenant, CodePurpose::PhoneChange);
        put(tenant, &code).await;
        for _ in 0..wrong {
            assert_eq!(guess(tenant, &code, a_fingerprint()).await, None);
        }
        let expected = works.then(|| whole(&code));
        assert_eq!(guess(tenant, &code, code.fingerprint).await, expected);
        assert_eq!(holder(tenant, &code, NOW).await, None);
    }
}

/// All guesses are right but for the first five that come through: none of the later ones may count.
async fn of_many_guesses_at_once_five_are_looked_at(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let code = a_code(tenant, CodePurpose::PhoneChange);
    put(tenant, &code).await;
    all_at_once((0..32).map(|_| guess(tenant, &code, a_fingerprint()))).await;
    let late = all_at_once((0..8).map(|_| guess(tenant, &code, code.fingerprint))).await;
    assert!(late.iter().all(Option::is_none), "{late:?}");
}

async fn of_many_who_show_a_code_exactly_one_gets_it(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let code = a_code(tenant, CODE);
    put(tenant, &code).await;
    let shown = all_at_once((0..8).map(|_| redeem(tenant, CODE, code.fingerprint, NOW))).await;
    assert_eq!(shown.into_iter().flatten().collect::<Vec<_>>(), [whole(&code)]);
    let code = a_code(tenant, CodePurpose::PhoneChange);
    put(tenant, &code).await;
    let shown = all_at_once((0..5).map(|_| guess(tenant, &code, code.fingerprint))).await;
    assert_eq!(shown.into_iter().flatten().collect::<Vec<_>>(), [whole(&code)]);
}

async fn revoking_ends_the_codes_of_one_account(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let code = a_code(tenant, CODE);
    let link = NewCode { purpose: CodePurpose::ActivationLink, ..code.clone() };
    let kept = a_code(tenant, CODE);
    for code in [&code, &link, &kept] {
        put(tenant, code).await;
    }
    let mut session = tenant.session().await;
    session.codes().revoke(tenant.merchant, code.holder).await.expect("an answer");
    drop(session);
    for code in [&code, &link] {
        assert_eq!(redeem(tenant, code.purpose, code.fingerprint, NOW).await, None);
    }
    assert_eq!(redeem(tenant, CODE, kept.fingerprint, NOW).await, Some(whole(&kept)));
    let next = NewCode { fingerprint: a_fingerprint(), ..code };
    assert_eq!(put(tenant, &next).await, Put::Numbered(2));
}

async fn an_erased_customer_has_no_code(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let customer = tenant.given(tenant.customer()).await;
    let code = NewCode { holder: Actor::Customer(customer.id), ..a_code(tenant, CODE) };
    put(tenant, &code).await;
    tenant.erase(&customer).await.expect("the current version");
    assert_eq!(holder(tenant, &code, NOW).await, None);
}

async fn purging_takes_only_codes_that_expired_before(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    // Long before any other code of a shared database expires, so that the figure is this promise's own.
    let moment = datetime!(1999-01-01 00:00:00 UTC);
    let purge = async || tenant.session().await.codes().purge(moment).await.expect("an answer");
    purge().await;
    let issued_at = moment - Duration::DAY;
    let expired = |expires_at| NewCode { issued_at, expires_at, ..a_code(tenant, CODE) };
    let [gone, kept] = [moment - Duration::MICROSECOND, moment].map(expired);
    for code in [&gone, &kept] {
        put(tenant, code).await;
    }
    assert_eq!(purge().await, 1);
    assert_eq!(holder(tenant, &gone, issued_at).await, None);
    assert_eq!(holder(tenant, &kept, issued_at).await, Some(kept.holder));
}
