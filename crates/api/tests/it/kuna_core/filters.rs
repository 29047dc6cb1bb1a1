//! Whom a search finds: every row of the table of filters, and what is said below it (contract 2.5).

use serde_json::{Value, json};
use time::Duration;

use super::world::{Institution, World};

const FIND: &str = "/v2/customer/find";

/// Three customers a second apart: the ids, oldest first, and the wallet of the second.
struct Crowd<'a> {
    institution: Institution<'a>,
    ids: Vec<String>,
    wallet: String,
}

impl<'a> Crowd<'a> {
    async fn born(world: &'a World) -> Self {
        let institution = world.institution().await;
        let (mut ids, mut wallets) = (Vec::new(), Vec::new());
        for members in [
            json!({"email": "Alex@Example.com", "phoneNumber": "+380991", "comment": "Won 50% off_season"}),
            json!({"firstName": "Ana Maria", "lastName": "Smith", "externalId": "crm-77"}),
            json!({"firstName": " ŁUCJA", "lastName": "\u{a0} Żak\t", "referralId": "friend", "comment": "wins 500 off-season"}),
        ] {
            let customer = institution.customer(&members).await;
            let text = |name: &str| customer[name].as_str().unwrap().to_owned();
            ids.push(text("id"));
            wallets.push(text("walletId"));
            world.clock.advance(Duration::SECOND);
        }
        Self { institution, ids, wallet: wallets.swap_remove(1) }
    }

    /// Checks for each search who is found, the newest first.
    async fn finds(&self, searches: &[(Value, &[usize])]) {
        for (filters, expected) in searches {
            let expected: Vec<_> = expected.iter().map(|&at| self.ids[at].clone()).collect();
            assert_eq!(self.institution.found(filters).await, expected, "{filters}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_filter_finds_everybody_and_unknown_members_are_no_filters() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[(json!({}), &[2, 1, 0]), (json!({"colour": "red", "token": "x"}), &[2, 1, 0])])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_filters_that_are_given_must_hold() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    let (first, last) = ("2026-03-02T08:15:00Z", "2026-03-02T08:15:01Z");
    crowd
        .finds(&[
            (
                json!({"fullName": "alex smith", "email": "alex@example.com", "comment": "won"}),
                &[0],
            ),
            (json!({"fullName": "alex smith", "externalId": "crm-77"}), &[]),
            (json!({"comment": "off", "createdFrom": last}), &[2]),
            (json!({"createdFrom": first, "createdTo": last}), &[1, 0]),
            (json!({"walletId": crowd.wallet, "externalId": "crm-77"}), &[1]),
            (json!({"walletId": crowd.wallet, "referralId": "friend"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_is_found_whole_and_in_any_letter_case() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"email": "Alex@Example.com"}), &[0]),
            (json!({"email": "aLEX@example.COM"}), &[0]),
            (json!({"email": "alex@example"}), &[]),
            (json!({"email": "%"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_is_found_in_either_letter_case_and_what_is_no_uuid_finds_nobody() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"walletId": crowd.wallet}), &[1]),
            (json!({"walletId": crowd.wallet.to_uppercase()}), &[1]),
            (json!({"walletId": "6d962783-f0cf-420d-a511-3a48c71c5595"}), &[]),
            (json!({"walletId": "no uuid"}), &[]),
            (json!({"walletId": crowd.wallet.replace('-', "")}), &[]),
            (json!({"walletId": crowd.ids[1]}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_number_is_found_as_it_was_typed() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"phoneNumber": "+380991"}), &[0]),
            (json!({"phoneNumber": "380991"}), &[]),
            (json!({"phoneNumber": "+380 991"}), &[]),
            (json!({"phoneNumber": "+38099"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_name_is_found_whole_in_any_letter_case_and_runs_of_white_space_are_one_blank() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"fullName": "Alex Smith"}), &[0]),
            (json!({"fullName": "alex smith"}), &[0]),
            (json!({"fullName": "ana \u{a0}\t maria  smith"}), &[1]),
            (json!({"fullName": "łucja żak"}), &[2]),
            (json!({"fullName": "Alexander Smith"}), &[]),
            (json!({"fullName": "Alex"}), &[]),
            (json!({"fullName": "Smith Alex"}), &[]),
            (json!({"fullName": "%"}), &[]),
            (json!({"fullName": "🙂‏\\'"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_found_by_a_part_in_any_letter_case_and_has_no_wildcards() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"comment": "won 50% OFF"}), &[0]),
            (json!({"comment": "50%"}), &[0]),
            (json!({"comment": "off_season"}), &[0]),
            (json!({"comment": "OFF"}), &[2, 0]),
            (json!({"comment": "o"}), &[2, 0]),
            (json!({"comment": "\\"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_id_is_found_whole_and_letter_for_letter() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"externalId": "crm-77"}), &[1]),
            (json!({"externalId": "CRM-77"}), &[]),
            (json!({"externalId": "crm-7"}), &[]),
            (json!({"externalId": " crm-77"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_id_is_found_whole_and_letter_for_letter() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"referralId": "friend"}), &[2]),
            (json!({"referralId": "Friend"}), &[]),
            (json!({"referralId": "frien"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn created_from_includes_its_moment() {
    let world = World::start().await;
    world.clock.advance(Duration::microseconds(123_456));
    // 08:15:00.123456, 08:15:01.123456 and 08:15:02.123456, shown as …123Z
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"createdFrom": "2026-03-02T08:15:01.123Z"}), &[2, 1]),
            (json!({"createdFrom": "2026-03-02T08:15:01.124Z"}), &[2]),
            (json!({"createdFrom": "2026-03-02T08:15:02.124Z"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn created_to_includes_its_moment_as_it_is_shown() {
    let world = World::start().await;
    world.clock.advance(Duration::microseconds(123_456));
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"createdTo": "2026-03-02T08:15:01.123Z"}), &[1, 0]),
            (json!({"createdTo": "2026-03-02T08:15:01.122Z"}), &[0]),
            (json!({"createdTo": "2026-03-02T08:15:00.122Z"}), &[]),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_are_read_with_an_offset_without_one_and_without_a_time() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd
        .finds(&[
            (json!({"createdTo": "2026-03-02T08:15:01Z"}), &[1, 0]),
            (json!({"createdTo": "2026-03-02T10:15:01.500+02:00"}), &[1, 0]),
            (json!({"createdTo": "2026-03-02T03:45:01-0430"}), &[1, 0]),
            (json!({"createdFrom": "2026-03-02T08:15:01"}), &[2, 1]),
            (json!({"createdFrom": "2026-03-02"}), &[2, 1, 0]),
            (json!({"createdFrom": "2026-03-03"}), &[]),
            (json!({"createdTo": "2026-03-02"}), &[]),
            (json!({"createdTo": "2026-03-03"}), &[2, 1, 0]),
            (
                json!({"createdFrom": "0000-01-01", "createdTo": "9999-12-31T23:59:59.999Z"}),
                &[2, 1, 0],
            ),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_iso_8601_date_is_refused() {
    let world = World::start().await;
    let institution = world.institution().await;
    for member in ["createdFrom", "createdTo"] {
        for date in
            ["yesterday", "1708965374", "02.03.2026", "2026-03", "2026-02-30", "2026-03-02T25:00"]
        {
            let answer = institution.post(FIND, &json!({member: date})).await;
            answer.refuses(&[(member, "must be an ISO 8601 date")]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_ends_before_it_begins_finds_nobody_and_is_no_error() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    crowd.finds(&[(json!({"createdFrom": "2026-03-03", "createdTo": "2026-03-01"}), &[])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_is_null_or_empty_is_ignored() {
    let world = World::start().await;
    let crowd = Crowd::born(&world).await;
    for member in [
        "email",
        "walletId",
        "phoneNumber",
        "fullName",
        "comment",
        "externalId",
        "referralId",
        "createdFrom",
        "createdTo",
    ] {
        crowd
            .finds(&[(json!({member: null}), &[2, 1, 0]), (json!({member: ""}), &[2, 1, 0])])
            .await;
    }
    let mixed = json!({"email": "", "walletId": null, "fullName": "alex smith", "createdTo": ""});
    crowd.finds(&[(mixed, &[0])]).await;
}
