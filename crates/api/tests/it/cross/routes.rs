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
    ("post {store}/customer/register", Kind::Maker),
    ("post {store}/admin/customer/register", Kind::Maker),
    ("post {store}/seller/customer/register", Kind::Maker),
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
    ("post {store}/invitations/invite", Kind::Nobody),
    ("get {store}/invitations", Kind::Nobody),
    ("get {store}/customer/{customer}", Kind::One),
    ("put {store}/customer/{customer}", Kind::One),
    ("delete {store}/customer/{customer}", Kind::One),
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
