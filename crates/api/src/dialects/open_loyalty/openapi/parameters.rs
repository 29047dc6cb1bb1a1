//! Query parameters.
#![expect(dead_code, reason = "describes parameters for the document; `mapping` reads them")]

use utoipa::IntoParams;

/// Filters, order and part of a list of customers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct ListParameters {
    /// Part of the first name; the whole of it in a strict list.
    firstName: Option<String>,
    /// Part of the last name.
    lastName: Option<String>,
    /// Part of the phone number as it is stored.
    phone: Option<String>,
    /// Part of the e-mail address.
    email: Option<String>,
    /// Part of the card number.
    loyaltyCardNumber: Option<String>,
    /// Part of the e-mail address or of the phone number.
    emailOrPhone: Option<String>,
    /// Least sum of purchases.
    transactionsAmountFrom: Option<f64>,
    /// Greatest sum of purchases.
    transactionsAmountTo: Option<f64>,
    /// Exact sum of purchases.
    transactionsAmount: Option<f64>,
    /// Least mean of purchases.
    averageTransactionAmountFrom: Option<f64>,
    /// Greatest mean of purchases.
    averageTransactionAmountTo: Option<f64>,
    /// Exact mean of purchases.
    averageTransactionAmount: Option<f64>,
    /// Least number of purchases.
    transactionsCountFrom: Option<f64>,
    /// Greatest number of purchases.
    transactionsCountTo: Option<f64>,
    /// Exact number of purchases.
    transactionsCount: Option<f64>,
    /// Bought within so many days.
    daysFromLastTransactionTo: Option<f64>,
    /// The same under its older name.
    daysFromLastTransaction: Option<f64>,
    /// Changed within so many hours.
    hoursFromLastUpdateTo: Option<f64>,
    /// The same under its older name.
    hoursFromLastUpdate: Option<f64>,
    /// Only customers whose level was assigned by hand.
    manuallyAssignedLevel: Option<String>,
    /// Labels that a customer must have: `labels[0][key]=k&labels[0][value]=v`.
    labels: Option<String>,
    /// Whether texts are compared whole instead of in part.
    strict: Option<String>,
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Customers on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
    /// Column by which the list is ordered; `createdAt` unless said.
    sort: Option<String>,
    /// `asc`, or anything else for descending.
    direction: Option<String>,
    /// Language of the level's name.
    _locale: Option<String>,
}

/// What a check asks for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's name")]
pub(crate) struct CheckParameters {
    /// The whole e-mail address, or the phone number as it is stored.
    emailOrPhone: Option<String>,
}

/// Order and part of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct PageParameters {
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Items on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
    /// Column by which the list is ordered.
    sort: Option<String>,
    /// `asc`, or anything else for descending; ascending unless said.
    direction: Option<String>,
    /// Language of names and descriptions.
    _locale: Option<String>,
}

/// Filters, order and part of a list of sellers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct SellerParameters {
    /// Part of the first name.
    firstName: Option<String>,
    /// Part of the last name.
    lastName: Option<String>,
    /// Part of the phone number as it is stored.
    phone: Option<String>,
    /// Part of the e-mail address.
    email: Option<String>,
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Sellers on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
    /// Column by which the list is ordered.
    sort: Option<String>,
    /// `asc`, or anything else for descending; ascending unless said.
    direction: Option<String>,
}

/// Which new customers to count.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's name")]
pub(crate) struct RegistrationCountParameters {
    /// `day`, `month` or `year`; `day` unless said.
    interval: Option<String>,
    /// How many days, the last of which is today; 30 unless said, 3,660 at most.
    lastDays: Option<u16>,
}

/// Filters and part of a list of invitations.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct InvitationParameters {
    /// The customer who invited.
    referrerId: Option<String>,
    /// Part of that one's e-mail address.
    referrerEmail: Option<String>,
    /// Part of that one's name.
    referrerName: Option<String>,
    /// The customer who came.
    recipientId: Option<String>,
    /// Part of the e-mail address that was invited.
    recipientEmail: Option<String>,
    /// Part of the phone number that was invited.
    recipientPhone: Option<String>,
    /// Part of the name of who came.
    recipientName: Option<String>,
    /// `invited`, `registered` or `made_purchase`.
    status: Option<String>,
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Invitations on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
}

/// Filters, order and part of a list of points transfers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct TransferParameters {
    /// Id of a customer; of no effect where customers list their own.
    customerId: Option<String>,
    /// `adding`, `spending`, `p2p_adding` or `p2p_spending`.
    r#type: Option<String>,
    /// `active`, `pending`, `expired` or `canceled`; several as `state[]=active&state[]=pending`.
    state: Option<String>,
    /// Only active points that expire at this moment or before it.
    willExpireTill: Option<String>,
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Transfers on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
    /// Only `createdAt`.
    sort: Option<String>,
    /// `asc`, or anything else for descending; ascending where `sort` is said, else descending.
    direction: Option<String>,
}

/// Filters and part of the audit log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(non_snake_case, reason = "the vendor's names")]
pub(crate) struct AuditParameters {
    /// What happened, as `UpdateCustomerDetails`.
    eventType: Option<String>,
    /// `customer`.
    entityType: Option<String>,
    /// The customer.
    entityId: Option<String>,
    /// Who did it: a login name, or `<notlogged>`.
    username: Option<String>,
    /// One entry.
    auditLogId: Option<String>,
    /// From this moment on.
    createdAtFrom: Option<String>,
    /// Up to this moment.
    createdAtTo: Option<String>,
    /// Part of the list, from 1.
    page: Option<i64>,
    /// Entries on a part, 10 unless said; negative for as many as one answer holds.
    perPage: Option<i64>,
}
