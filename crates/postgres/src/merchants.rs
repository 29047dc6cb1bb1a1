//! Merchants, their applications, and the directory of names.

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::StorageError;
use domain::id::{ApplicationId, CompanyId, MerchantId};
use domain::merchant::{
    Application, ApplicationName, BusinessDetails, Credentials, Language, Merchant, MerchantError,
    MerchantName, MerchantRepository,
};
use domain::network::AddressList;
use domain::secret::{Fingerprint, Sealed};
use domain::text::{Text, hex};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::document::{AddressDocument, optional_text, text};
use crate::schema::{applications, directory, merchants};
use crate::session::{PgSession, read};
use crate::{errors, settings};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = merchants, check_for_backend(diesel::pg::Pg))]
struct MerchantRow {
    id: Uuid,
    store_code: String,
    company_id: i64,
    institution: String,
    name: String,
    currency: String,
    time_zone: String,
    languages: Vec<String>,
    settings: Value,
    business: Value,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = applications, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
struct ApplicationRow {
    merchant_id: Uuid,
    id: Uuid,
    name: String,
    kind: String,
    public_name: String,
    secret_fingerprint: Option<Vec<u8>>,
    sealed_key: Option<Vec<u8>>,
    sealed_signature_token: Option<Vec<u8>>,
    redirect_uris: Vec<String>,
    created_at: OffsetDateTime,
    addresses: Option<Vec<String>>,
}

/// Takes names in the directory, all or none; tells whether it could.
pub(crate) async fn take_names(
    connection: &mut AsyncPgConnection,
    merchant: Uuid,
    subject: Uuid,
    names: &[(&'static str, String)],
) -> Result<bool, StorageError> {
    let row = |(kind, name): &(&'static str, String)| {
        (
            directory::kind.eq(*kind),
            directory::name.eq(name.clone()),
            directory::merchant_id.eq(merchant),
            directory::subject_id.eq(subject),
        )
    };
    let rows: Vec<_> = names.iter().map(row).collect();
    match diesel::insert_into(directory::table).values(rows).execute(connection).await {
        Ok(_) => Ok(true),
        Err(error) if errors::violated_unique(&error) == Some("directory_kind_name_key") => {
            Ok(false)
        }
        Err(error) => Err(errors::storage(error)),
    }
}

/// Several merchants.
pub(crate) async fn find_many(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> Result<Vec<Merchant>, StorageError> {
    let query = merchants::table.filter(merchants::id.eq_any(ids));
    let rows = query.select(MerchantRow::as_select()).load(connection).await;
    rows.map_err(errors::storage)?.into_iter().map(Merchant::try_from).collect()
}

#[async_trait]
impl MerchantRepository for PgSession {
    async fn insert(&mut self, merchant: &Merchant) -> Result<(), MerchantError> {
        let row = MerchantRow::try_from(merchant)?;
        let names = [
            ("store_code", merchant.store_code.to_string()),
            ("company", merchant.company_id.to_string()),
            ("institution", merchant.institution.to_string()),
        ];
        let connection = self.connection();
        if !take_names(connection, row.id, row.id, &names).await? {
            return Err(MerchantError::NameTaken);
        }
        let insert = diesel::insert_into(merchants::table).values(row);
        insert.execute(connection).await.map(drop).map_err(|error| errors::storage(error).into())
    }

    async fn update(&mut self, merchant: &Merchant) -> Result<(), StorageError> {
        let row = MerchantRow::try_from(merchant)?;
        let update = diesel::update(merchants::table.find(row.id)).set((
            merchants::name.eq(row.name),
            merchants::currency.eq(row.currency),
            merchants::time_zone.eq(row.time_zone),
            merchants::languages.eq(row.languages),
            merchants::settings.eq(row.settings),
            merchants::business.eq(row.business),
            merchants::updated_at.eq(row.updated_at),
        ));
        update.execute(self.connection()).await.map(drop).map_err(errors::storage)
    }

    async fn find(&mut self, id: MerchantId) -> Result<Option<Merchant>, StorageError> {
        let row = read!(self, |connection| {
            let query = merchants::table.find(Uuid::from(id)).select(MerchantRow::as_select());
            query.first(connection).await.optional()
        })?;
        row.map(Merchant::try_from).transpose()
    }

    async fn list(&mut self) -> Result<Vec<Merchant>, StorageError> {
        let rows = read!(self, |connection| {
            merchants::table.select(MerchantRow::as_select()).load(connection).await
        })?;
        rows.into_iter().map(Merchant::try_from).collect()
    }

    async fn find_by_name(
        &mut self,
        name: &MerchantName,
    ) -> Result<Option<Merchant>, StorageError> {
        let (kind, name) = match name {
            MerchantName::StoreCode(code) => ("store_code", code.clone()),
            MerchantName::Company(id) => ("company", id.to_string()),
            MerchantName::Institution(id) => ("institution", id.clone()),
        };
        let row = read!(self, |connection| {
            let named = directory::table.find((kind, &name)).select(directory::merchant_id);
            let query = merchants::table
                .filter(merchants::id.eq_any(named))
                .select(MerchantRow::as_select());
            query.first(connection).await.optional()
        })?;
        row.map(Merchant::try_from).transpose()
    }

    async fn insert_application(&mut self, application: &Application) -> Result<(), MerchantError> {
        let row = ApplicationRow::from(application);
        let names = [directory_entry(&application.credentials.name())];
        let connection = self.connection();
        if !take_names(connection, row.merchant_id, row.id, &names).await? {
            return Err(MerchantError::NameTaken);
        }
        let insert = diesel::insert_into(applications::table).values(row);
        insert.execute(connection).await.map(drop).map_err(|error| errors::storage(error).into())
    }

    async fn restrict_key(
        &mut self,
        merchant: MerchantId,
        id: ApplicationId,
        addresses: Option<&AddressList>,
    ) -> Result<bool, StorageError> {
        let row = applications::table.find((Uuid::from(merchant), Uuid::from(id)));
        let update = diesel::update(row.filter(applications::kind.eq("api_key")));
        let update = update.set(applications::addresses.eq(addresses.map(addresses_to_texts)));
        let changed = update.execute(self.connection()).await.map_err(errors::storage)?;
        Ok(changed > 0)
    }

    async fn find_application(
        &mut self,
        merchant: MerchantId,
        id: ApplicationId,
    ) -> Result<Option<Application>, StorageError> {
        let row = read!(self, |connection| {
            let query = applications::table.find((Uuid::from(merchant), Uuid::from(id)));
            query.select(ApplicationRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Application::try_from).transpose()
    }

    async fn find_application_by_name(
        &mut self,
        name: &ApplicationName,
    ) -> Result<Option<Application>, StorageError> {
        let (kind, name) = directory_entry(name);
        let row = read!(self, |connection| {
            let same = applications::merchant_id
                .eq(directory::merchant_id)
                .and(applications::id.eq(directory::subject_id));
            let query = applications::table.inner_join(directory::table.on(same));
            let query = query.filter(directory::kind.eq(kind).and(directory::name.eq(&name)));
            query.select(ApplicationRow::as_select()).first(connection).await.optional()
        })?;
        row.map(Application::try_from).transpose()
    }
}

fn directory_entry(name: &ApplicationName) -> (&'static str, String) {
    match name {
        ApplicationName::ApiKey(key) => ("api_key", hex(key.as_ref())),
        ApplicationName::AuthenticityToken(token) => ("authenticity_token", token.clone()),
        ApplicationName::ClientId(id) => ("client_id", id.clone()),
    }
}

impl TryFrom<&Merchant> for MerchantRow {
    type Error = StorageError;

    fn try_from(merchant: &Merchant) -> Result<Self, Self::Error> {
        Ok(Self {
            id: merchant.id.into(),
            store_code: merchant.store_code.to_string(),
            company_id: merchant.company_id.into(),
            institution: merchant.institution.to_string(),
            name: merchant.name.to_string(),
            currency: merchant.currency.lower(),
            time_zone: merchant.time_zone.to_string(),
            languages: merchant.languages.iter().map(ToString::to_string).collect(),
            settings: settings::to_json(&merchant.settings)?,
            business: business_to_json(&merchant.business),
            created_at: merchant.created_at,
            updated_at: merchant.updated_at,
        })
    }
}

impl TryFrom<MerchantRow> for Merchant {
    type Error = StorageError;

    fn try_from(row: MerchantRow) -> Result<Self, Self::Error> {
        let line = |raw: String| text(raw).map_err(|_| errors::corrupt("merchant"));
        let languages = row.languages.iter().map(|code| Language::try_from(code.as_str()));
        Ok(Self {
            id: row.id.into(),
            store_code: line(row.store_code)?,
            company_id: CompanyId::try_from(row.company_id)
                .map_err(|_| errors::corrupt("company id"))?,
            institution: line(row.institution)?,
            name: line(row.name)?,
            currency: row.currency.parse().map_err(|_| errors::corrupt("currency"))?,
            time_zone: line(row.time_zone)?,
            languages: languages
                .collect::<Result<_, _>>()
                .map_err(|_| errors::corrupt("language"))?,
            settings: settings::from_json(row.settings)?,
            business: business_from_json(row.business)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn business_to_json(business: &BusinessDetails) -> Value {
    fn member<const MAX: usize>(text: Option<&Text<MAX>>) -> Value {
        text.map_or(Value::Null, |text| Value::from(text.as_str()))
    }
    json!({
        "postal_address": business.postal_address.as_ref().map(AddressDocument::from),
        "business_number": member(business.business_number.as_ref()),
        "website": member(business.website.as_ref()),
        "contact_first_name": member(business.contact_first_name.as_ref()),
        "contact_last_name": member(business.contact_last_name.as_ref()),
        "contact_email": member(business.contact_email.as_ref()),
    })
}

fn business_from_json(json: Value) -> Result<BusinessDetails, StorageError> {
    let corrupt = |_| errors::corrupt("business description");
    let mut members: BTreeMap<String, Value> =
        serde_json::from_value(json).map_err(|_| errors::corrupt("business description"))?;
    let address: Option<AddressDocument<'static>> =
        serde_json::from_value(members.remove("postal_address").unwrap_or_default())
            .map_err(|_| errors::corrupt("postal address"))?;
    let mut member =
        |name: &str| members.remove(name).and_then(|value| value.as_str().map(str::to_owned));
    Ok(BusinessDetails {
        postal_address: address.map(AddressDocument::into_address).transpose().map_err(corrupt)?,
        business_number: optional_text(member("business_number")).map_err(corrupt)?,
        website: optional_text(member("website")).map_err(corrupt)?,
        contact_first_name: optional_text(member("contact_first_name")).map_err(corrupt)?,
        contact_last_name: optional_text(member("contact_last_name")).map_err(corrupt)?,
        contact_email: optional_text(member("contact_email")).map_err(corrupt)?,
    })
}

impl From<&Application> for ApplicationRow {
    fn from(application: &Application) -> Self {
        let (_, public_name) = directory_entry(&application.credentials.name());
        let row = Self {
            merchant_id: application.merchant.into(),
            id: application.id.into(),
            name: application.name.to_string(),
            kind: String::new(),
            public_name,
            secret_fingerprint: None,
            sealed_key: None,
            sealed_signature_token: None,
            redirect_uris: Vec::new(),
            created_at: application.created_at,
            addresses: None,
        };
        match &application.credentials {
            Credentials::ApiKey { key, addresses } => Self {
                kind: "api_key".to_owned(),
                secret_fingerprint: Some(key.as_ref().to_vec()),
                addresses: addresses.as_ref().map(addresses_to_texts),
                ..row
            },
            Credentials::SharedKey { key, .. } => Self {
                kind: "shared_key".to_owned(),
                sealed_key: Some(key.as_bytes().to_vec()),
                ..row
            },
            Credentials::OAuthClient { secret, signature_token, redirect_uris, .. } => Self {
                kind: "oauth_client".to_owned(),
                secret_fingerprint: Some(secret.as_ref().to_vec()),
                sealed_signature_token: signature_token
                    .as_ref()
                    .map(|token| token.as_bytes().to_vec()),
                redirect_uris: redirect_uris.clone(),
                ..row
            },
        }
    }
}

impl TryFrom<ApplicationRow> for Application {
    type Error = StorageError;

    fn try_from(row: ApplicationRow) -> Result<Self, Self::Error> {
        let line = |raw: String| text(raw).map_err(|_| errors::corrupt("application"));
        let fingerprint = row.secret_fingerprint.map(fingerprint).transpose()?;
        let credentials = match (row.kind.as_str(), fingerprint, row.sealed_key) {
            ("api_key", Some(key), None) => Credentials::ApiKey {
                key,
                addresses: row.addresses.map(|texts| addresses_from_texts(&texts)).transpose()?,
            },
            ("shared_key", None, Some(key)) => {
                Credentials::SharedKey { token: line(row.public_name)?, key: Sealed::new(key) }
            }
            ("oauth_client", Some(secret), None) => Credentials::OAuthClient {
                client_id: line(row.public_name)?,
                secret,
                signature_token: row.sealed_signature_token.map(Sealed::new),
                redirect_uris: row.redirect_uris,
            },
            _ => return Err(errors::corrupt("application")),
        };
        Ok(Self {
            merchant: row.merchant_id.into(),
            id: row.id.into(),
            name: line(row.name)?,
            credentials,
            created_at: row.created_at,
        })
    }
}

fn addresses_to_texts(list: &AddressList) -> Vec<String> {
    list.networks().iter().map(ToString::to_string).collect()
}

fn addresses_from_texts(texts: &[String]) -> Result<AddressList, StorageError> {
    let corrupt = || errors::corrupt("address list");
    let networks = texts.iter().map(|text| text.parse()).collect::<Result<Vec<_>, _>>();
    AddressList::try_from(networks.map_err(|_| corrupt())?).map_err(|_| corrupt())
}

/// A fingerprint from its column.
pub(crate) fn fingerprint(bytes: Vec<u8>) -> Result<Fingerprint, StorageError> {
    <[u8; 32]>::try_from(bytes).map(Fingerprint::from).map_err(|_| errors::corrupt("fingerprint"))
}
