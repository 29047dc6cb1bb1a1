//! Compound values stored as one JSON document each.

use std::borrow::Cow;
use std::io::Write as _;

use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Json, Jsonb};
use domain::customer::{
    Address, Avatar, Company, Label, Metadata, MetadataKey, MetadataValue, Verification,
};
use domain::text::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A value bound as, or read from, a JSON column.
#[derive(Debug)]
pub(crate) struct Document<T>(pub(crate) T);

impl<T: Serialize + std::fmt::Debug> ToSql<Jsonb, Pg> for Document<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<T: Serialize + std::fmt::Debug> ToSql<Json, Pg> for Document<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<T: DeserializeOwned> FromSql<Jsonb, Pg> for Document<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [1, json @ ..] => Ok(Self(serde_json::from_slice(json)?)),
            _ => Err("unknown jsonb version".into()),
        }
    }
}

impl<T: DeserializeOwned> FromSql<Json, Pg> for Document<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_slice(value.as_bytes())?))
    }
}

/// A text from a column or document, held to its own type's rules.
pub(crate) fn text<const MAX: usize>(raw: String) -> deserialize::Result<Text<MAX>> {
    Ok(Text::try_from(raw)?)
}

/// The same for a text that may be missing.
pub(crate) fn optional_text<const MAX: usize>(
    raw: Option<String>,
) -> deserialize::Result<Option<Text<MAX>>> {
    raw.map(text).transpose()
}

/// An address; parts without content are left out.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AddressDocument<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    street: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    house: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    city: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    province: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    postal_code: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    country: Cow<'a, str>,
}

impl<'a> From<&'a Address> for AddressDocument<'a> {
    fn from(address: &'a Address) -> Self {
        Self {
            street: address.street.as_str().into(),
            house: address.house.as_str().into(),
            unit: address.unit.as_str().into(),
            city: address.city.as_str().into(),
            province: address.province.as_str().into(),
            postal_code: address.postal_code.as_str().into(),
            country: address.country.as_str().into(),
        }
    }
}

impl AddressDocument<'_> {
    pub(crate) fn into_address(self) -> deserialize::Result<Address> {
        Ok(Address {
            street: text(self.street.into_owned())?,
            house: text(self.house.into_owned())?,
            unit: text(self.unit.into_owned())?,
            city: text(self.city.into_owned())?,
            province: text(self.province.into_owned())?,
            postal_code: text(self.postal_code.into_owned())?,
            country: text(self.country.into_owned())?,
        })
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CompanyDocument<'a> {
    name: Cow<'a, str>,
    tax_id: Cow<'a, str>,
}

impl<'a> From<&'a Company> for CompanyDocument<'a> {
    fn from(company: &'a Company) -> Self {
        Self { name: company.name.as_str().into(), tax_id: company.tax_id.as_str().into() }
    }
}

impl CompanyDocument<'_> {
    pub(crate) fn into_company(self) -> deserialize::Result<Company> {
        Ok(Company { name: text(self.name.into_owned())?, tax_id: text(self.tax_id.into_owned())? })
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LabelDocument<'a> {
    key: Cow<'a, str>,
    value: Cow<'a, str>,
}

impl<'a> From<&'a Label> for LabelDocument<'a> {
    fn from(label: &'a Label) -> Self {
        Self { key: label.key.as_str().into(), value: label.value.as_str().into() }
    }
}

impl LabelDocument<'_> {
    pub(crate) fn into_label(self) -> deserialize::Result<Label> {
        Ok(Label { key: text(self.key.into_owned())?, value: text(self.value.into_owned())? })
    }
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct VerificationDocument<'a> {
    country: Option<Cow<'a, str>>,
    document_id: Option<Cow<'a, str>>,
    residence_address: Option<Cow<'a, str>>,
    tax_number: Option<Cow<'a, str>>,
}

impl<'a> From<&'a Verification> for VerificationDocument<'a> {
    fn from(verification: &'a Verification) -> Self {
        Self {
            country: verification.country.as_ref().map(|value| value.as_str().into()),
            document_id: verification.document_id.as_ref().map(|value| value.as_str().into()),
            residence_address: verification
                .residence_address
                .as_ref()
                .map(|value| value.as_str().into()),
            tax_number: verification.tax_number.as_ref().map(|value| value.as_str().into()),
        }
    }
}

impl VerificationDocument<'_> {
    pub(crate) fn into_verification(self) -> deserialize::Result<Verification> {
        Ok(Verification {
            country: optional_text(self.country.map(Cow::into_owned))?,
            document_id: optional_text(self.document_id.map(Cow::into_owned))?,
            residence_address: optional_text(self.residence_address.map(Cow::into_owned))?,
            tax_number: optional_text(self.tax_number.map(Cow::into_owned))?,
        })
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AvatarDocument<'a> {
    path: Cow<'a, str>,
    original_name: Cow<'a, str>,
    media_type: Cow<'a, str>,
}

impl<'a> From<&'a Avatar> for AvatarDocument<'a> {
    fn from(avatar: &'a Avatar) -> Self {
        Self {
            path: avatar.path.as_str().into(),
            original_name: avatar.original_name.as_str().into(),
            media_type: avatar.media_type.as_str().into(),
        }
    }
}

impl AvatarDocument<'_> {
    pub(crate) fn into_avatar(self) -> deserialize::Result<Avatar> {
        Ok(Avatar {
            path: text(self.path.into_owned())?,
            original_name: text(self.original_name.into_owned())?,
            media_type: text(self.media_type.into_owned())?,
        })
    }
}

/// Metadata as a JSON object.
pub(crate) fn metadata_to_json(metadata: &Metadata) -> Value {
    let entry = |(key, value): (&MetadataKey, &MetadataValue)| {
        let value = match value {
            MetadataValue::Text(text) => Value::String(text.as_str().to_owned()),
            MetadataValue::Number(number) => number
                .as_str()
                .parse()
                .map_or_else(|_| Value::String(number.as_str().to_owned()), Value::Number),
            MetadataValue::Bool(truth) => Value::Bool(*truth),
        };
        (key.as_str().to_owned(), value)
    };
    Value::Object(metadata.iter().map(entry).collect())
}

/// Metadata from a JSON object.
pub(crate) fn metadata_from_json(json: Value) -> deserialize::Result<Metadata> {
    let Value::Object(members) = json else { return Err("metadata is no object".into()) };
    let mut entries = Vec::with_capacity(members.len());
    for (key, value) in members {
        let value = match value {
            Value::String(raw) => MetadataValue::Text(text(raw)?),
            Value::Number(number) => MetadataValue::Number(text(number.to_string())?),
            Value::Bool(truth) => MetadataValue::Bool(truth),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err("metadata is not flat".into());
            }
        };
        entries.push((text(key)?, value));
    }
    Ok(Metadata::from_entries(entries)?)
}
