//! Request bodies of levels, points of sale, sellers and admins. Each may come as JSON, or as a form with the same names
//! in bracket notation.
#![expect(dead_code, reason = "describes bodies for the document; `mapping` reads them as trees")]

use std::collections::HashMap;

use utoipa::ToSchema;

/// What a level is to be.
#[derive(ToSchema)]
#[schema(example = json!({"level": {
    "translations": {"en": {"name": "gold", "description": "for regulars"}}, "active": true,
    "conditionValue": 500, "reward": {"name": "gold", "value": 15, "code": "GOLD"}
}}))]
pub(crate) struct LevelForm {
    level: LevelTerms,
}

/// A level, whole.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct LevelTerms {
    /// By language; the first language of the programme needs a name.
    translations: HashMap<String, LevelWords>,
    /// Off, if left out.
    active: Option<bool>,
    condition_value: f64,
    /// Stays, if left out.
    min_order: Option<f64>,
    reward: RewardForm,
    /// By place, from 0; what is left out goes.
    special_rewards: Option<Vec<SpecialRewardForm>>,
}

/// A level's words in one language.
#[derive(ToSchema)]
struct LevelWords {
    name: Option<String>,
    description: Option<String>,
}

/// What customers on a level get.
#[derive(ToSchema)]
struct RewardForm {
    name: String,
    /// In percent.
    #[schema(example = 5)]
    value: f64,
    code: String,
}

/// A reward for a time.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct SpecialRewardForm {
    name: String,
    /// In percent.
    value: f64,
    code: String,
    /// Off, if left out.
    active: Option<bool>,
    #[schema(example = "2019-06-01")]
    start_at: String,
    #[schema(example = "2019-06-30")]
    end_at: String,
}

/// Which way a switch is to be turned.
#[derive(ToSchema)]
#[schema(example = json!({"active": true}))]
pub(crate) struct SwitchForm {
    active: bool,
}

/// What a point of sale is to be.
#[derive(ToSchema)]
#[schema(example = json!({"pos": {
    "name": "Old Town", "identifier": "pos-old-town", "description": "by the square",
    "location": {
        "street": "Rynek", "address1": "1", "postal": "31-042", "city": "Kraków", "province": "Małopolska",
        "country": "PL", "lat": "50.0617", "long": "19.9373"
    }
}}))]
pub(crate) struct PosForm {
    pos: PosTerms,
}

/// A point of sale, whole.
#[derive(ToSchema)]
struct PosTerms {
    name: String,
    /// Unique within the store.
    identifier: String,
    description: Option<String>,
    location: LocationForm,
}

/// Where a point of sale is.
#[derive(ToSchema)]
struct LocationForm {
    street: String,
    address1: String,
    address2: Option<String>,
    postal: String,
    city: String,
    province: String,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PL")]
    country: String,
    lat: Option<String>,
    long: Option<String>,
}

/// What a new seller is to be.
#[derive(ToSchema)]
#[schema(example = json!({"seller": {
    "firstName": "Ewa", "lastName": "Zielińska", "active": true, "email": "ewa@example.com", "phone": "+48600100400",
    "posId": "00000000-0000-474c-1111-b0dd880c07e2", "plainPassword": "Correct-Horse-7"
}}))]
pub(crate) struct SellerRegistrationForm {
    seller: NewSeller,
}

/// A new seller.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct NewSeller {
    first_name: String,
    last_name: String,
    /// Off, if left out.
    active: Option<bool>,
    email: String,
    phone: Option<String>,
    pos_id: String,
    plain_password: String,
    allow_point_transfer: Option<bool>,
}

/// What a seller is to be from now on.
#[derive(ToSchema)]
#[schema(example = json!({"seller": {
    "firstName": "Ewa", "lastName": "Lis", "active": true, "email": "ewa@example.com",
    "posId": "00000000-0000-474c-1111-b0dd880c07e2"
}}))]
pub(crate) struct SellerEditForm {
    seller: SellerEdit,
}

/// A seller, whole.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct SellerEdit {
    first_name: String,
    last_name: String,
    /// Off, if left out.
    active: Option<bool>,
    email: String,
    phone: Option<String>,
    pos_id: String,
    allow_point_transfer: Option<bool>,
    /// Stays, if left out.
    plain_password: Option<String>,
}

/// What an admin is to be.
#[derive(ToSchema)]
#[schema(example = json!({"admin": {
    "firstName": "Piotr", "lastName": "Wójcik", "email": "piotr@example.com",
    "plainPassword": "Correct-Horse-7", "isActive": true, "roles": [1]
}}))]
pub(crate) struct AdminForm {
    admin: AdminTerms,
}

/// An admin, whole.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct AdminTerms {
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    email: String,
    /// Needed by a person who has none.
    plain_password: Option<String>,
    /// Whether it is a program.
    external: Option<bool>,
    /// Needed by a program that has none.
    api_key: Option<String>,
    /// Off, if left out.
    is_active: Option<bool>,
    /// The id of one role.
    #[schema(example = json!([1]))]
    roles: Option<Vec<u8>>,
}

/// What admins may say of themselves.
#[derive(ToSchema)]
#[schema(example = json!({"admin": {"firstName": "Maria", "lastName": "Lewandowska", "email": "maria@example.com"}}))]
pub(crate) struct OwnAccountForm {
    admin: OwnTerms,
}

/// One's own account.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct OwnTerms {
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    email: String,
    /// The id of one role; another one needs the right to change admins.
    roles: Option<Vec<u8>>,
}
