//! Promises about merchants and their programs.

use time::macros::datetime;

use crate::customer::Address;
use crate::id::ApplicationId;
use crate::merchant::{
    Application, ApplicationName, BusinessDetails, CommunicationMethod, Credentials, Language,
    Merchant, MerchantError, MerchantName, Settings,
};
use crate::network::AddressList;
use crate::secret::Sealed;
use crate::storage::Storage;
use crate::testing::contract::tenant::Tenant;
use crate::testing::{a_fingerprint, a_merchant, an_application, an_id};
use crate::text::{Line, Text};

/// Merchants and programs are stored whole and found by names that nobody else has.
pub async fn merchants(storage: &Storage) {
    a_merchant_survives_storage(storage).await;
    a_merchant_is_found_by_each_of_its_names(storage).await;
    every_merchant_is_listed(storage).await;
    names_of_merchants_are_taken_once(storage).await;
    an_unknown_merchant_is_not_found(storage).await;
    a_change_keeps_names_and_leaves_others_alone(storage).await;
    an_application_survives_storage(storage).await;
    an_application_is_found_by_its_name(storage).await;
    a_name_of_one_kind_is_unknown_to_every_other(storage).await;
    names_of_applications_are_taken_once_over_all_merchants(storage).await;
    a_key_is_restricted_to_addresses_and_set_free_again(storage).await;
    another_merchants_applications_are_invisible(storage).await;
}

fn line(raw: &str) -> Line {
    Line::try_from(raw).expect("a short text")
}

async fn insert(storage: &Storage, merchant: &Merchant) -> Result<(), MerchantError> {
    storage.atomically(async |unit| unit.merchants().insert(merchant).await).await
}

async fn insert_application(
    storage: &Storage,
    application: &Application,
) -> Result<(), MerchantError> {
    storage.atomically(async |unit| unit.merchants().insert_application(application).await).await
}

async fn find_application(tenant: Tenant<'_>, id: ApplicationId) -> Option<Application> {
    let mut session = tenant.session().await;
    session.merchants().find_application(tenant.merchant, id).await.expect("an answer")
}

async fn application_by_name(storage: &Storage, name: &ApplicationName) -> Option<Application> {
    let mut session = storage.session().await.expect("a session");
    session.merchants().find_application_by_name(name).await.expect("an answer")
}

async fn find_by_name(storage: &Storage, name: &MerchantName) -> Option<Merchant> {
    let mut session = storage.session().await.expect("a session");
    session.merchants().find_by_name(name).await.expect("an answer")
}

fn names(merchant: &Merchant) -> [MerchantName; 3] {
    [
        MerchantName::StoreCode(merchant.store_code.as_str().to_owned()),
        MerchantName::Company(merchant.company_id),
        MerchantName::Institution(merchant.institution.as_str().to_owned()),
    ]
}

async fn a_merchant_survives_storage(storage: &Storage) {
    let language = |code| Language::try_from(code).expect("a language");
    let address = Address { street: line("Quay"), unit: line("4"), ..Address::default() };
    let full = Merchant {
        currency: "PLN".parse().expect("three letters"),
        languages: vec![language("pl"), language("en"), language("de")],
        settings: Settings { communication: CommunicationMethod::Sms, ..Settings::default() },
        business: BusinessDetails {
            postal_address: Some(address),
            business_number: Some(line("PL 1")),
            website: Text::try_from("https://example.test/").ok(),
            contact_first_name: Some(line("Ada")),
            contact_last_name: Some(line("Łukasik")),
            contact_email: Some(line("ada@example.test")),
        },
        created_at: datetime!(2026-01-10 07:00:00.000_001 UTC),
        updated_at: datetime!(2026-01-11 07:00:00.999_999 UTC),
        ..a_merchant()
    };
    for merchant in [full, a_merchant()] {
        insert(storage, &merchant).await.expect("a new merchant");
        let found = storage.session().await.expect("a session").merchants().find(merchant.id).await;
        assert_eq!(found, Ok(Some(merchant)));
    }
}

async fn a_merchant_is_found_by_each_of_its_names(storage: &Storage) {
    let [here, there] = [a_merchant(), a_merchant()];
    insert(storage, &here).await.expect("a new merchant");
    insert(storage, &there).await.expect("a new merchant");
    for merchant in [&here, &there] {
        for name in names(merchant) {
            assert_eq!(find_by_name(storage, &name).await.as_ref(), Some(merchant), "{name:?}");
        }
    }
    let lower = here.store_code.as_str().to_lowercase();
    assert_eq!(find_by_name(storage, &MerchantName::StoreCode(lower)).await, None);
}

async fn names_of_merchants_are_taken_once(storage: &Storage) {
    let first = a_merchant();
    insert(storage, &first).await.expect("a new merchant");
    let late = [
        Merchant { store_code: first.store_code.clone(), ..a_merchant() },
        Merchant { company_id: first.company_id, ..a_merchant() },
        Merchant { institution: first.institution.clone(), ..a_merchant() },
    ];
    for merchant in late {
        assert_eq!(insert(storage, &merchant).await, Err(MerchantError::NameTaken));
        let found = storage.session().await.expect("a session").merchants().find(merchant.id).await;
        assert_eq!(found, Ok(None));
    }
}

async fn every_merchant_is_listed(storage: &Storage) {
    let merchants = [a_merchant(), a_merchant()];
    for merchant in &merchants {
        insert(storage, merchant).await.expect("a new merchant");
    }
    let mut session = storage.session().await.expect("a session");
    let listed = session.merchants().list().await.expect("an answer");
    for merchant in merchants {
        let found: Vec<_> = listed.iter().filter(|listed| listed.id == merchant.id).collect();
        assert_eq!(found, [&merchant]);
    }
}

async fn an_unknown_merchant_is_not_found(storage: &Storage) {
    let nobody = a_merchant();
    let found = storage.session().await.expect("a session").merchants().find(nobody.id).await;
    assert_eq!(found, Ok(None));
    for name in names(&nobody) {
        assert_eq!(find_by_name(storage, &name).await, None, "{name:?}");
    }
}

async fn a_change_keeps_names_and_leaves_others_alone(storage: &Storage) {
    let [before, other] = [a_merchant(), a_merchant()];
    insert(storage, &before).await.expect("a new merchant");
    insert(storage, &other).await.expect("a new merchant");
    let changed = Merchant {
        name: line("Quay Street Tea"),
        currency: "USD".parse().expect("three letters"),
        time_zone: line("Europe/Berlin"),
        languages: vec![Language::try_from("pl").expect("a language")],
        settings: Settings { returns: false, push_key: Some(line("k")), ..Settings::default() },
        business: BusinessDetails {
            business_number: Some(line("PL 2")),
            ..BusinessDetails::default()
        },
        updated_at: datetime!(2026-04-01 10:00:00.000_001 UTC),
        ..before.clone()
    };
    let renamed = Merchant { id: before.id, created_at: changed.updated_at, ..a_merchant() };
    let renamed = Merchant {
        store_code: renamed.store_code,
        company_id: renamed.company_id,
        institution: renamed.institution,
        created_at: renamed.created_at,
        ..changed.clone()
    };
    let mut session = storage.session().await.expect("a session");
    session.merchants().update(&renamed).await.expect("changed");
    assert_eq!(session.merchants().find(before.id).await, Ok(Some(changed.clone())));
    assert_eq!(session.merchants().find(other.id).await, Ok(Some(other)));
    drop(session);
    for name in names(&before) {
        assert_eq!(find_by_name(storage, &name).await.as_ref(), Some(&changed), "{name:?}");
    }
    for name in names(&renamed) {
        assert_eq!(find_by_name(storage, &name).await, None, "{name:?}");
    }
}

/// A program of each kind, with values that nobody else uses.
fn applications(tenant: Tenant<'_>) -> [Application; 5] {
    let unique = |prefix: &str| line(&format!("{prefix} {:?}", an_id::<uuid::Uuid>()));
    let oauth = |signature_token, redirect_uris: &[&str]| Credentials::OAuthClient {
        client_id: unique("client"),
        secret: a_fingerprint(),
        signature_token,
        redirect_uris: redirect_uris.iter().map(|uri| (*uri).to_owned()).collect(),
    };
    let sealed = |bytes: &[u8]| Sealed::new(bytes.to_vec());
    let shared =
        Credentials::SharedKey { token: unique("Token"), key: sealed(&[0, 255, 128, b'\\']) };
    let uris = ["https://b.test/back?x=1", "http://localhost:8080/", "https://a.test/"];
    [
        Credentials::ApiKey { key: a_fingerprint(), addresses: None },
        Credentials::ApiKey { key: a_fingerprint(), addresses: Some(an_address_list()) },
        shared,
        oauth(Some(sealed(&[1, 2, 3])), &uris),
        oauth(None, &[]),
    ]
    .map(|credentials| Application { credentials, ..an_application(tenant.merchant) })
}

async fn an_application_survives_storage(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for application in applications(tenant) {
        insert_application(storage, &application).await.expect("a new program");
        assert_eq!(find_application(tenant, application.id).await, Some(application));
    }
    assert_eq!(find_application(tenant, an_id()).await, None);
}

async fn an_application_is_found_by_its_name(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    for application in applications(tenant) {
        let name = application.credentials.name();
        assert_eq!(application_by_name(storage, &name).await, None);
        insert_application(storage, &application).await.expect("a new program");
        assert_eq!(application_by_name(storage, &name).await, Some(application));
    }
}

async fn a_name_of_one_kind_is_unknown_to_every_other(storage: &Storage) {
    let tenant = Tenant::new(storage).await;
    let [.., client] = applications(tenant);
    insert_application(storage, &client).await.expect("a new program");
    let ApplicationName::ClientId(id) = client.credentials.name() else {
        panic!("the last program is an OAuth client")
    };
    let others = [
        ApplicationName::AuthenticityToken(id.clone()),
        ApplicationName::ClientId(id.to_uppercase()),
    ];
    for name in others {
        assert_eq!(application_by_name(storage, &name).await, None, "{name:?}");
    }
}

async fn names_of_applications_are_taken_once_over_all_merchants(storage: &Storage) {
    let [here, there] = [Tenant::new(storage).await, Tenant::new(storage).await];
    for application in applications(here) {
        insert_application(storage, &application).await.expect("a new program");
        for tenant in [here, there] {
            let merchant = tenant.merchant;
            let late = Application { merchant, id: an_id(), ..application.clone() };
            let refused = insert_application(storage, &late).await;
            assert_eq!(refused, Err(MerchantError::NameTaken));
            assert_eq!(find_application(tenant, late.id).await, None);
        }
        let name = application.credentials.name();
        assert_eq!(application_by_name(storage, &name).await, Some(application));
    }
}

fn an_address_list() -> AddressList {
    let networks = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"].map(str::parse);
    let networks = networks.into_iter().collect::<Result<Vec<_>, _>>().expect("networks");
    AddressList::try_from(networks).expect("a list")
}

async fn a_key_is_restricted_to_addresses_and_set_free_again(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let [application, other] = [an_application(owner.merchant), an_application(owner.merchant)];
    let [.., client] = applications(owner);
    for application in [&application, &other, &client] {
        insert_application(storage, application).await.expect("a new program");
    }
    let list = an_address_list();
    let restrict = async |merchant, id, addresses| {
        let mut session = storage.session().await.expect("a session");
        session.merchants().restrict_key(merchant, id, addresses).await.expect("an answer")
    };
    let Credentials::ApiKey { key, .. } = application.credentials else {
        panic!("the program shows a key")
    };
    for addresses in [Some(&list), None] {
        assert!(restrict(owner.merchant, application.id, addresses).await);
        let credentials = Credentials::ApiKey { key, addresses: addresses.cloned() };
        let expected = Application { credentials, ..application.clone() };
        assert_eq!(find_application(owner, application.id).await, Some(expected));
    }
    assert!(!restrict(stranger.merchant, application.id, Some(&list)).await);
    assert!(!restrict(owner.merchant, an_id(), Some(&list)).await);
    assert!(!restrict(owner.merchant, client.id, Some(&list)).await, "it shows no key");
    for untouched in [application, other, client] {
        assert_eq!(find_application(owner, untouched.id).await, Some(untouched));
    }
}

async fn another_merchants_applications_are_invisible(storage: &Storage) {
    let [owner, stranger] = [Tenant::new(storage).await, Tenant::new(storage).await];
    let application = an_application(owner.merchant);
    insert_application(storage, &application).await.expect("a new program");
    assert_eq!(find_application(stranger, application.id).await, None);
}
