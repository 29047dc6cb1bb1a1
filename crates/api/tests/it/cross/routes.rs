//! Every operation of every dialect, and what it has to do with customers.

use api::config::Dialect;

/// What a route has to do with customers that exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Means one customer: another merchant's is answered as one that never was.
    One,
    /// May give several: never another merchant's.
    Many,
    /// Makes a customer, of the caller's merchant: the values of another merchant's are free.
    Maker,
    /// Names no customer.
    Nobody,
}

/// Every operation. A route that is missing in these tables fails a test.
const OPEN_LOYALTY: &[(&str, Kind)] = &[
    ("post {store}/admin/login_check", Kind::Nobody),
    ("post {store}/seller/login_check", Kind::Nobody),
    ("post {store}/customer/login_check", Kind::Nobody),
    ("post {store}/token/refresh", Kind::Nobody),
    ("get {store}/token/revoke", Kind::Nobody),
    ("post {store}/admin/password/change", Kind::Nobody),
    ("post {store}/customer/password/change", Kind::Nobody),
    ("post {store}/seller/password/change", Kind::Nobody),
    ("post {store}/password/reset", Kind::Nobody),
    ("post {store}/password/reset/request", Kind::Nobody),
    ("post {store}/customer/password/reset/request", Kind::Nobody),
    ("post {store}/customer/self_register", Kind::Nobody),
    ("post {store}/customer/activate-sms/{token}", Kind::Nobody),
    ("post {store}/customer/activate/{token}", Kind::Nobody),
    ("post {store}/customer/confirm-change/{token}", Kind::Nobody),
    ("post {store}/customer/customer-phone/send-sms-code", Kind::Nobody),
    ("post {store}/admin/customer/{customer}/send-sms-code", Kind::One),
    ("post {store}/seller/customer/{customer}/send-sms-code", Kind::One),
    ("post {store}/customer/register", Kind::Maker),
    ("post {store}/admin/customer/register", Kind::Maker),
    ("post {store}/seller/customer/register", Kind::Maker),
    ("post {store}/admin/customer/import", Kind::Maker),
    ("get {store}/customer/check", Kind::Many),
    ("get {store}/customer", Kind::Many),
    ("get {store}/admin/customer", Kind::Many),
    ("get {store}/customer/registrations", Kind::Nobody),
    ("get {store}/customer/registrations/daily", Kind::Nobody),
    ("post {store}/pos/search/customer", Kind::Many),
    ("post {store}/customer/{customer}/pos", Kind::One),
    ("post {store}/seller/customer/{customer}/pos", Kind::One),
    ("get {store}/customer/{customer}/pushy-token", Kind::One),
    ("post {store}/customer/{customer}/pushy-token", Kind::One),
    ("delete {store}/customer/{customer}/pushy-token/{token}", Kind::One),
    // Isolated by the merchant of the till: see `open_loyalty/transactions.rs`.
    ("post {store}/transaction", Kind::Nobody),
    ("get {store}/transaction", Kind::Nobody),
    ("get {store}/seller/transaction", Kind::Nobody),
    ("get {store}/customer/transaction", Kind::Nobody),
    ("post {store}/admin/transaction/customer/assign", Kind::Nobody),
    ("post {store}/pos/transaction/customer/assign", Kind::Nobody),
    ("post {store}/customer/transaction/customer/assign", Kind::Nobody),
    ("get {store}/admin/analytics/transactions", Kind::Nobody),
    ("get {store}/customer/{customer}/avatar", Kind::One),
    ("post {store}/customer/{customer}/avatar", Kind::One),
    ("delete {store}/customer/{customer}/avatar", Kind::One),
    ("get {store}/audit/log", Kind::Nobody),
    ("get {store}/admin/analytics/customers", Kind::Nobody),
    ("get {store}/admin/analytics/referrals", Kind::Nobody),
    ("post {store}/invitations/invite", Kind::Nobody),
    ("get {store}/invitations", Kind::Nobody),
    ("get {store}/customer/{customer}", Kind::One),
    ("put {store}/customer/{customer}", Kind::One),
    ("delete {store}/customer/{customer}", Kind::One),
    ("get {store}/level", Kind::Nobody),
    ("get {store}/seller/level", Kind::Nobody),
    ("get {store}/customer/level", Kind::Nobody),
    ("post {store}/level/create", Kind::Nobody),
    ("get {store}/level/{level}", Kind::Nobody),
    ("get {store}/seller/level/{level}", Kind::Nobody),
    ("put {store}/level/{level}", Kind::Nobody),
    ("delete {store}/level/{level}", Kind::Nobody),
    ("post {store}/level/{level}/activate", Kind::Nobody),
    // Isolated by the level: another merchant's is not found.
    ("get {store}/level/{level}/customers", Kind::Nobody),
    ("get {store}/level/{level}/photo", Kind::Nobody),
    ("post {store}/level/{level}/photo", Kind::Nobody),
    ("delete {store}/level/{level}/photo", Kind::Nobody),
    ("get {store}/pos", Kind::Nobody),
    ("get {store}/seller/pos", Kind::Nobody),
    ("post {store}/pos", Kind::Nobody),
    ("get {store}/pos/{pos}", Kind::Nobody),
    ("get {store}/seller/pos/{pos}", Kind::Nobody),
    ("get {store}/pos/identifier/{identifier}", Kind::Nobody),
    ("put {store}/pos/{pos}", Kind::Nobody),
    ("get {store}/seller", Kind::Nobody),
    ("post {store}/seller/register", Kind::Nobody),
    ("get {store}/seller/{seller}", Kind::Nobody),
    ("put {store}/seller/{seller}", Kind::Nobody),
    ("post {store}/seller/{seller}/activate", Kind::Nobody),
    ("post {store}/seller/{seller}/deactivate", Kind::Nobody),
    ("post {store}/seller/{seller}/delete", Kind::Nobody),
    ("get {store}/admin", Kind::Nobody),
    ("post {store}/admin/data", Kind::Nobody),
    ("get {store}/admin/data", Kind::Nobody),
    ("put {store}/admin/data", Kind::Nobody),
    ("get {store}/admin/data/{admin}", Kind::Nobody),
    ("put {store}/admin/data/{admin}", Kind::Nobody),
    ("post {store}/admin/customer/{customer}/activate", Kind::One),
    ("post {store}/seller/customer/{customer}/activate", Kind::One),
    ("post {store}/admin/customer/{customer}/deactivate", Kind::One),
    ("post {store}/seller/customer/{customer}/deactivate", Kind::One),
    ("post {store}/admin/customer/{customer}/anonymize", Kind::One),
    ("get {store}/customer/{customer}/status", Kind::One),
    ("get {store}/admin/customer/{customer}/status", Kind::One),
    ("get {store}/seller/customer/{customer}/status", Kind::One),
    ("get {store}/customer/customer/{customer}/status", Kind::One),
    ("post {store}/customer/{customer}/level", Kind::One),
    ("post {store}/customer/{customer}/remove-manually-level", Kind::One),
    // A form that names another merchant's customer is refused like one that names nobody; tests of their own say so.
    ("post {store}/points/transfer/add", Kind::Nobody),
    ("post {store}/pos/points/transfer/add", Kind::Nobody),
    ("post {store}/points/transfer/spend", Kind::Nobody),
    ("post {store}/pos/points/transfer/spend", Kind::Nobody),
    ("get {store}/points/transfer", Kind::Nobody),
    ("get {store}/seller/points/transfer", Kind::Nobody),
    ("get {store}/customer/points/transfer", Kind::Nobody),
    ("post {store}/points/transfer/{transfer}/cancel", Kind::Nobody),
    ("get {store}/admin/analytics/points", Kind::Nobody),
    ("get {store}/settings", Kind::Nobody),
    ("post {store}/settings", Kind::Nobody),
    ("get {store}/settings/activation-method", Kind::Nobody),
    ("get {store}/settings/public", Kind::Nobody),
    ("get {store}/settings/choices/{type}", Kind::Nobody),
    ("get {store}/settings/css", Kind::Nobody),
    ("get {store}/admin/customer-statuses", Kind::Nobody),
    ("get {store}/translations", Kind::Nobody),
];
const KUNA_CORE: &[(&str, Kind)] = &[
    ("post /v2/auth/login", Kind::Nobody),
    ("post /v2/auth/refresh", Kind::Nobody),
    ("post /v2/customer/create", Kind::Maker),
    ("post /v2/customer/details", Kind::One),
    ("post /v2/customer/find", Kind::Many),
    ("post /v2/customer/update", Kind::One),
];
const MONRI: &[(&str, Kind)] = &[
    ("get /v2/customers", Kind::Many),
    ("post /v2/customers", Kind::Maker),
    ("get /v2/customers/{uuid}", Kind::One),
    ("post /v2/customers/{uuid}", Kind::One),
    ("delete /v2/customers/{uuid}", Kind::One),
    ("get /v2/customers/{uuid}/payment-methods", Kind::One),
    ("get /v2/merchants/customers/{merchant_customer_id}", Kind::One),
    ("post /v2/oauth", Kind::Nobody),
    // Shows cards and not their customers; isolated by the merchant: see `monri/payment_methods.rs`.
    ("get /v2/payment-methods", Kind::Nobody),
];
const KOUNTA: &[(&str, Kind)] = &[
    ("get /authorize", Kind::Nobody),
    ("post /authorize", Kind::Nobody),
    ("post /v1/token", Kind::Nobody),
    ("get /v1/companies/{company}", Kind::Nobody),
    ("get /v1/companies/{company}/customers", Kind::Many),
    ("post /v1/companies/{company}/customers", Kind::Maker),
    ("get /v1/companies/{company}/customers/{customer}", Kind::One),
    ("put /v1/companies/{company}/customers/{customer}", Kind::One),
    ("delete /v1/companies/{company}/customers/{customer}", Kind::One),
    ("get /v1/companies/{company}/customers/{customer}/addresses", Kind::One),
    ("get /v1/companies/{company}/customers/{customer}/addresses/{address}", Kind::One),
    ("get /v1/companies/{company}/customers/{customer}/orders", Kind::One),
    ("get /v1/companies/{company}/addresses", Kind::Nobody),
    ("get /v1/companies/{company}/sites", Kind::Nobody),
    // Isolated by the application: see `kounta/webhooks.rs`.
    ("get /v1/companies/{company}/webhooks", Kind::Nobody),
    ("post /v1/companies/{company}/webhooks", Kind::Nobody),
    ("get /v1/companies/{company}/webhooks/{webhook}", Kind::Nobody),
    ("put /v1/companies/{company}/webhooks/{webhook}", Kind::Nobody),
    ("delete /v1/companies/{company}/webhooks/{webhook}", Kind::Nobody),
];

/// The operations of a table, those of Open Loyalty with and without a store.
pub(super) fn listed(dialect: Dialect) -> Vec<(String, Kind)> {
    let same = |table: &[(&str, Kind)]| {
        table.iter().map(|(operation, kind)| ((*operation).to_owned(), *kind)).collect()
    };
    match dialect {
        Dialect::KunaCore => same(KUNA_CORE),
        Dialect::Monri => same(MONRI),
        Dialect::Kounta => same(KOUNTA),
        Dialect::OpenLoyalty => {
            let prefixes = ["/api/{storeCode}", "/api"].into_iter();
            let rows = prefixes.flat_map(|prefix| {
                let row = move |(operation, kind): &(&str, Kind)| {
                    (operation.replace("{store}", prefix), *kind)
                };
                OPEN_LOYALTY.iter().map(row)
            });
            rows.collect()
        }
    }
}

/// Method and path of the operations of one kind.
pub(super) fn operations(dialect: Dialect, kind: Kind) -> Vec<(String, String)> {
    let rows = listed(dialect).into_iter().filter(|(_, listed)| *listed == kind);
    let split = |(operation, _): (String, Kind)| {
        let (method, path) = operation.split_once(' ').unwrap();
        (method.to_owned(), path.to_owned())
    };
    rows.map(split).collect()
}

/// All of them.
pub(super) const DIALECTS: [Dialect; 4] =
    [Dialect::OpenLoyalty, Dialect::KunaCore, Dialect::Monri, Dialect::Kounta];
