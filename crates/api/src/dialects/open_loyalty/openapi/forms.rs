//! Request bodies. Each may come as JSON, or as a form with the same names in bracket notation.
#![expect(dead_code, reason = "describes bodies for the document; `mapping` reads them as trees")]

use utoipa::ToSchema;

use super::super::wire::settings::SettingsBody;

/// What a login sends.
#[derive(ToSchema)]
#[schema(example = json!({"_username": "admin", "_password": "Clientele-2026!"}))]
pub(crate) struct LoginForm {
    #[schema(example = "admin")]
    _username: String,
    _password: String,
}

/// What a refresh sends.
#[derive(ToSchema)]
#[schema(example = json!({"refresh_token": "the refresh token of an earlier answer"}))]
pub(crate) struct RefreshForm {
    refresh_token: String,
}

/// What a change of the password sends.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[schema(example = json!({"currentPassword": "Clientele-2026!", "plainPassword": "Correct-Horse-7"}))]
pub(crate) struct PasswordChangeForm {
    current_password: String,
    plain_password: String,
}

/// What asks for a new password.
#[derive(ToSchema)]
#[schema(example = json!({"username": "user@example.com"}))]
pub(crate) struct ResetRequestForm {
    /// Whatever one logs in by.
    username: String,
}

/// What sets a new password.
#[derive(ToSchema)]
#[schema(example = json!({"token": "the end of the link", "reset": {"plainPassword": "Correct-Horse-7"}}))]
pub(crate) struct PasswordResetForm {
    /// The link's last part, or a code.
    token: Option<String>,
    reset: NewPassword,
}

/// A new password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct NewPassword {
    plain_password: String,
}

/// What asks for another code.
#[derive(ToSchema)]
#[schema(example = json!({"phone": "+48234234000"}))]
pub(crate) struct PhoneForm {
    /// The caller's own, unless given.
    phone: Option<String>,
}

/// What registering oneself sends.
#[derive(ToSchema)]
#[schema(example = json!({"customer": {
    "firstName": "Jan", "lastName": "Nowak", "email": "jan.nowak@example.com", "phone": "+48600100200",
    "agreement1": true, "agreement2": true, "plainPassword": "Correct-Horse-7"
}}))]
pub(crate) struct SelfRegistrationForm {
    customer: OwnCustomer,
}

/// A customer who registers himself.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct OwnCustomer {
    first_name: String,
    last_name: String,
    gender: Option<String>,
    /// Required where messages go by e-mail.
    email: Option<String>,
    /// Required where messages go by SMS.
    phone: Option<String>,
    birth_date: Option<String>,
    created_at: Option<String>,
    address: Option<AddressForm>,
    company: Option<CompanyForm>,
    loyalty_card_number: Option<String>,
    labels: Option<String>,
    /// Must be true.
    agreement1: bool,
    agreement2: Option<bool>,
    agreement3: Option<bool>,
    #[schema(rename = "referral_customer_email")]
    referral_customer_email: Option<String>,
    invitation_token: Option<String>,
    /// At least eight characters, with both cases, a digit and a special character.
    plain_password: String,
}

/// What a registration sends.
#[derive(ToSchema)]
#[schema(example = json!({"customer": {
    "firstName": "Anna", "lastName": "Kowalska", "gender": "female", "email": "anna.kowalska@example.com",
    "phone": "+48600100300", "birthDate": "1990-01-01", "loyaltyCardNumber": "500100200", "labels": "source:till",
    "address": {"street": "Bagno", "address1": "1", "postal": "00-112", "city": "Warszawa", "country": "PL"},
    "agreement1": true
}}))]
pub(crate) struct RegistrationForm {
    customer: NewCustomer,
}

/// What a change sends.
#[derive(ToSchema)]
#[schema(example = json!({"customer": {"firstName": "John", "lastName": "Smith", "phone": "+48234234001"}}))]
pub(crate) struct EditForm {
    customer: Option<CustomerEdit>,
}

/// What an assignment of a level sends, outside of any form.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[schema(example = json!({"levelId": "e82c96cf-32a3-43bd-9034-4df343e51111"}))]
pub(crate) struct LevelChoiceForm {
    level_id: String,
}

/// What replaces the settings.
#[derive(ToSchema)]
pub(crate) struct SettingsForm {
    settings: SettingsBody,
}

/// What a search at a till sends: one part at least.
#[derive(ToSchema)]
#[schema(example = json!({"search": {"loyaltyCardNumber": "47834433524"}}))]
pub(crate) struct SearchForm {
    search: SearchedParts,
}

/// What the assignment of a point of sale sends.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[schema(example = json!({"posId": "00000000-0000-474c-1111-b0dd880c07e2"}))]
pub(crate) struct PosAssignmentForm {
    /// An id; the point of sale need not exist.
    #[schema(format = "uuid")]
    pos_id: String,
}

/// What adding a push token sends.
#[derive(ToSchema)]
#[schema(example = json!({"customer": {"pushyToken": "a5f1c0"}}))]
pub(crate) struct PushTokenFields {
    customer: NewPushToken,
}

/// What giving a customer a picture sends.
#[derive(ToSchema)]
pub(crate) struct AvatarFields {
    /// PNG, GIF or JPEG by its content, of at most 2,000,000 bytes and 4096 pixels each way.
    #[schema(rename = "avatar[file]", value_type = String, format = Binary)]
    avatar: Vec<u8>,
}

/// What giving a level a picture sends.
#[derive(ToSchema)]
pub(crate) struct PhotoFields {
    /// As a customer's, and of at least 600 pixels each way.
    #[schema(rename = "photo[file]", value_type = String, format = Binary)]
    photo: Vec<u8>,
}

/// What an invitation sends.
#[derive(ToSchema)]
#[schema(example = json!({"invitation": {"type": "email", "recipientEmail": "friend@example.com"}}))]
pub(crate) struct InvitationFields {
    invitation: NewInvitation,
}

/// Parts of a customer's values.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct SearchedParts {
    loyalty_card_number: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    city: Option<String>,
    postcode: Option<String>,
}

/// A push token.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct NewPushToken {
    #[schema(max_length = 255)]
    pushy_token: String,
}

/// Whom to invite.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct NewInvitation {
    /// `email` or `mobile`; the one whose address is there, if not given.
    r#type: Option<String>,
    recipient_email: Option<String>,
    recipient_phone: Option<String>,
}

/// A new customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct NewCustomer {
    first_name: String,
    last_name: String,
    /// `male`, `female` or `not_disclosed`.
    gender: Option<String>,
    /// Required where messages go by e-mail.
    email: Option<String>,
    /// Required where messages go by SMS.
    phone: Option<String>,
    #[schema(example = "2017-10-05")]
    birth_date: Option<String>,
    #[schema(example = "2017-01-01 14:15:16")]
    created_at: Option<String>,
    address: Option<AddressForm>,
    /// Kept only with both parts.
    company: Option<CompanyForm>,
    loyalty_card_number: Option<String>,
    #[schema(example = "key1:val1;key2:val2")]
    labels: Option<String>,
    /// Must be true.
    agreement1: bool,
    agreement2: Option<bool>,
    agreement3: Option<bool>,
    #[schema(rename = "referral_customer_email")]
    referral_customer_email: Option<String>,
    /// An active level.
    level_id: Option<String>,
    pos_id: Option<String>,
    /// Not in a seller's form.
    seller_id: Option<String>,
    invitation_token: Option<String>,
}

/// A change; every field may be left out.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct CustomerEdit {
    first_name: Option<String>,
    last_name: Option<String>,
    gender: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    birth_date: Option<String>,
    /// Accepted and not applied.
    created_at: Option<String>,
    /// Replaced as a whole.
    address: Option<AddressForm>,
    /// Replaced as a whole; one part alone is an error.
    company: Option<CompanyForm>,
    loyalty_card_number: Option<String>,
    labels: Option<String>,
    agreement1: Option<bool>,
    agreement2: Option<bool>,
    agreement3: Option<bool>,
    #[schema(rename = "referral_customer_email")]
    referral_customer_email: Option<String>,
    level_id: Option<String>,
    pos_id: Option<String>,
    seller_id: Option<String>,
}

/// An address.
#[derive(ToSchema)]
pub(super) struct AddressForm {
    street: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    postal: Option<String>,
    city: Option<String>,
    province: Option<String>,
    country: Option<String>,
}

/// A company.
#[derive(ToSchema)]
struct CompanyForm {
    name: Option<String>,
    nip: Option<String>,
}

/// Points that are added or spent.
#[derive(ToSchema)]
#[schema(example = json!({"transfer": {"customer": "00000000-0000-474c-b092-b0dd880c07e1", "points": 10, "comment": "a birthday"}}))]
pub(crate) struct PointsFields {
    transfer: PointsOrder,
}

/// How many points, and whose.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct PointsOrder {
    /// Id of the customer.
    customer: String,
    /// At least 1, with two decimals.
    points: f64,
    /// For how many days added points can be spent, instead of what the programme says.
    validity_duration: Option<u32>,
    comment: Option<String>,
}

/// What brings a file of customers.
#[derive(ToSchema)]
pub(crate) struct ImportForm {
    /// An XML file with a `customer` for each.
    #[schema(format = Binary, content_media_type = "text/xml")]
    #[serde(rename = "file[file]")]
    file: String,
}
