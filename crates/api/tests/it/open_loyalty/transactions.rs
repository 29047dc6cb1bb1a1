//! Transactions of tills (contract 4.6, 5.2 T, 5.7 and 5.9), and what they come to (4.9).

use domain::event::EventKind;
use domain::merchant::{Settings, TierSettings};
use domain::text::Line;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

pub(super) const BLANK: &str = "This value should not be blank.";
pub(super) const NOT_VALID: &str = "This value is not valid.";

/// The form of a sale of one article, to somebody with an e-mail address.
pub(super) fn a_sale(number: &str, gross: impl Into<Value>, email: &str) -> Value {
    json!({"transaction": {
        "transactionData": {"documentNumber": number, "purchaseDate": "2026-03-01 12:00"},
        "items": [{
            "sku": {"code": "A-1"}, "name": "Beans", "quantity": 1, "grossValue": gross.into(), "category": "coffee",
        }],
        "customerData": {"name": "Ada Byron", "email": email},
    }})
}

/// The same for a return of a sale.
pub(super) fn a_return(number: &str, of: &str, gross: impl Into<Value>, email: &str) -> Value {
    let mut form = a_sale(number, gross, email);
    form["transaction"]["transactionData"]["documentType"] = json!("return");
    form["transaction"]["revisedDocument"] = json!(of);
    form
}

async fn send(world: &World, form: &Value) -> Answer {
    world.post("/api/transaction").token(&world.admin().await).json(form).send().await
}

pub(super) async fn register(world: &World, form: &Value) -> String {
    let answer = send(world, form).await;
    let id = answer.ok()["transactionId"].as_str().unwrap().to_owned();
    assert_eq!(answer.text, format!(r#"{{"transactionId":"{id}"}}"#));
    id
}

pub(super) async fn ada(world: &World) -> String {
    world.customer(json!({"email": "ada@shop.example", "phone": "+48221112233"})).await
}

pub(super) async fn documents(world: &World, token: &str, path: &str) -> Vec<String> {
    let list = world.get(path).token(token).send().await.ok();
    let rows = list["transactions"].as_array().unwrap();
    assert_eq!(list["total"], rows.len());
    rows.iter().map(|row| row["documentNumber"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_sale_is_shown_in_the_vendors_order_byte_for_byte() {
    let world = World::start().await;
    let customer = ada(&world).await;
    let pos = world.shop.pos.id;
    let id = register(
        &world,
        &json!({"transaction": {
            "transactionData": {
                "documentType": "sell", "documentNumber": "FV/1", "purchasePlace": "wroclaw",
                "purchaseDate": "2018-02-20T09:45:04+0100",
            },
            "items": [
                {
                    "sku": {"code": "SKU1"}, "name": "item 1", "quantity": 1, "grossValue": "1.5", "category": "aaa",
                    "maker": "sss", "labels": [{"key": "test", "value": "label"}, {"key": "test", "value": ""}],
                },
                {"sku": {"code": "SKU2"}, "name": "item 2", "quantity": "2", "grossValue": 2, "category": "bbb"},
            ],
            "customerData": {
                "name": "Jan Nowak", "email": "ADA@shop.example", "nip": "aaa", "phone": "123",
                "loyaltyCardNumber": "sa2222", "address": {"street": "Bagno", "address1": "12", "country": "PL"},
            },
            "pos": pos.to_string(),
            "labels": [{"key": "scan_id", "value": "123"}],
        }}),
    )
    .await;
    let expected = [
        &format!(r#"{{"transactions":[{{"grossValue":3.5,"transactionId":"{id}","documentNumber":"FV/1","#),
        r#""purchaseDate":"2018-02-20T09:45:04+0100","purchasePlace":"wroclaw","documentType":"sell","#,
        &format!(r#""customerId":"{customer}","assignedToCustomerDate":"2026-03-02T09:15:00+0100","#),
        r#""customerData":{"email":"ADA@shop.example","name":"Jan Nowak","nip":"aaa","phone":"123","#,
        r#""loyaltyCardNumber":"sa2222","address":{"street":"Bagno","address1":"12","country":"PL"}},"#,
        r#""labels":[{"key":"scan_id","value":"123"}],"#,
        r#""items":[{"sku":{"code":"SKU1"},"name":"item 1","quantity":1,"grossValue":1.5,"category":"aaa","#,
        r#""maker":"sss","labels":[{"key":"test","value":"label"},{"key":"test","value":""}]},"#,
        r#"{"sku":{"code":"SKU2"},"name":"item 2","quantity":2,"grossValue":2,"category":"bbb","labels":[]}],"#,
        &format!(r#""posId":"{pos}","currency":"eur"}}],"total":1}}"#),
    ]
    .concat();
    for (path, token) in [
        ("/api/transaction", world.admin().await),
        ("/api/SHOP/transaction", world.reporter().await),
        ("/api/seller/transaction", world.seller().await),
        ("/api/customer/transaction", world.participant(&customer).await),
    ] {
        let answer = world.get(path).token(&token).send().await;
        assert_eq!((answer.status, &answer.text), (200, &expected), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_brackets_is_read_as_json_is() {
    let world = World::start().await;
    let form = "transaction[items][0][sku][code]=test0101&transaction[items][0][name]=Product+name&\
        transaction[items][0][quantity]=1&transaction[items][0][grossValue]=1500.00&\
        transaction[items][0][category]=Category+Name&transaction[items][0][labels][0][key]=Label+key&\
        transaction[items][0][labels][0][value]=Label+value&transaction[customerData][name]=First+Last&\
        transaction[transactionData][documentNumber]=214124124125&\
        transaction[transactionData][purchaseDate]=2019-02-20 09:28";
    let token = world.admin().await;
    world.post("/api/SHOP/transaction").token(&token).form(form).send().await.ok();
    let list = world.get("/api/transaction").token(&token).send().await.ok();
    let sale = &list["transactions"][0];
    assert_eq!((&sale["grossValue"], &sale["customerId"]), (&json!(1500), &Value::Null));
    assert_eq!(sale["items"][0]["labels"], json!([{"key": "Label key", "value": "Label value"}]));
    assert_eq!(sale["purchaseDate"], "2019-02-20T09:28:00+0100");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_sale_is_told_where_it_is() {
    let world = World::start().await;
    let nothing = send(&world, &json!({})).await;
    assert_eq!(nothing.form_errors(), [""; 0]);
    let children = nothing.json()["form"]["children"].as_object().unwrap().clone();
    let names = ["transactionData", "items", "customerData", "pos", "revisedDocument", "labels"];
    assert_eq!(children.keys().collect::<Vec<_>>(), names);
    let empty = send(&world, &json!({"transaction": {"items": [{}]}})).await;
    let blank = [
        "transactionData.documentNumber",
        "transactionData.purchaseDate",
        "items.0.sku.code",
        "items.0.name",
        "items.0.quantity",
        "items.0.grossValue",
        "items.0.category",
        "customerData.name",
    ];
    assert_eq!(empty.form_errors(), blank.map(|field| format!("{field}: {BLANK}")));
    for (path, value, field) in [
        ("/transactionData/documentType", json!("gift"), "transactionData.documentType"),
        ("/transactionData/documentNumber", json!("a\0"), "transactionData.documentNumber"),
        ("/transactionData/purchaseDate", json!("2026-02-31"), "transactionData.purchaseDate"),
        ("/items/0/quantity", json!("1.5"), "items.0.quantity"),
        ("/items/0/quantity", json!(99_999_999_999_i64), "items.0.quantity"),
        ("/items/0/grossValue", json!("NaN"), "items.0.grossValue"),
        ("/items/0/grossValue", json!(1_000_000_000.5), "items.0.grossValue"),
        ("/items/0/sku/code", json!(["x"]), "items.0.sku.code"),
        ("/customerData/phone", json!("1".repeat(51)), "customerData.phone"),
        ("/pos", json!("pos1"), "pos"),
        ("/pos", json!(world.other.pos.id.to_string()), "pos"),
        ("/labels", json!([{"key": "k", "value": "x".repeat(256)}]), "labels.0.value"),
    ] {
        let mut form = a_sale("1", 1, "");
        let place = path.strip_prefix('/').unwrap().split('/');
        let place =
            place.fold(&mut form["transaction"], |place, name| match name.parse::<usize>() {
                Ok(at) => &mut place[at],
                Err(_) => &mut place[name],
            });
        *place = value;
        assert_eq!(
            send(&world, &form).await.form_errors(),
            [format!("{field}: {NOT_VALID}")],
            "{path}"
        );
    }
    let strange = json!({"transaction": {"cashier": 1}});
    let errors = send(&world, &strange).await.form_errors();
    assert!(
        errors.contains(&"This form should not contain extra fields.".to_owned()),
        "{errors:?}"
    );
    assert_eq!(documents(&world, &world.admin().await, "/api/transaction").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_beyond_reason_are_refused() {
    let world = World::start().await;
    let mut form = a_sale("1", 1_000_000_000, "");
    register(&world, &form).await;
    form["transaction"]["transactionData"]["documentNumber"] = json!("2");
    let item = form["transaction"]["items"][0].clone();
    form["transaction"]["items"] = json!([item, item]);
    assert_eq!(send(&world, &form).await.form_errors(), [format!("items: {NOT_VALID}")]);
    form["transaction"]["items"] = json!(vec![item; 1_001]);
    assert_eq!(send(&world, &form).await.form_errors(), [format!("items: {NOT_VALID}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_number_is_taken_once_and_by_one_store() {
    let world = World::start().await;
    let customer = ada(&world).await;
    register(&world, &a_sale("1", 5, "ada@shop.example")).await;
    let again = send(&world, &a_sale("1", 7, "ada@shop.example")).await;
    let taken = "transactionData.documentNumber: This value is already used.";
    assert_eq!(again.form_errors(), [taken]);
    assert_eq!(world.details(&customer).await["transactionsAmount"], 5);
    let other = world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    let sale = a_sale("1", 9, "ada@shop.example");
    world.post("/api/OTHER/transaction").token(&other).json(&sale).send().await.ok();
    let theirs = world.get("/api/OTHER/transaction").token(&other).send().await.ok();
    assert_eq!(
        (&theirs["total"], &theirs["transactions"][0]["customerId"]),
        (&json!(1), &Value::Null)
    );
    let ours = world.get("/api/transaction").token(&world.admin().await).send().await.ok();
    assert_eq!((&ours["total"], &ours["transactions"][0]["grossValue"]), (&json!(1), &json!(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_and_returns_move_the_customers_figures_and_level() {
    let excluded = ["GIFT", "POST"].map(|sku| Line::try_from(sku).unwrap());
    let tiers = TierSettings {
        excluded_skus: excluded[..1].to_vec(),
        delivery_skus: excluded[1..].to_vec(),
        ..TierSettings::default()
    };
    let world = World::programme(Settings { tiers, ..Settings::default() }).await;
    let customer = ada(&world).await;
    let before = world.details(&customer).await;
    let mut sale = a_sale("1", 20, "ada@shop.example");
    let item = |sku: &str, gross: f64| json!({"sku": {"code": sku}, "name": "x", "quantity": 1, "grossValue": gross, "category": "c"});
    let items = sale["transaction"]["items"].as_array_mut().unwrap();
    items.extend([item("GIFT", 4.25), item("POST", 3.5)]);
    register(&world, &sale).await;
    let after = world.details(&customer).await;
    for (field, expected) in [
        ("transactionsCount", json!(1)),
        ("transactionsAmount", json!(27.75)),
        ("transactionsAmountWithoutDeliveryCosts", json!(24.25)),
        ("amountExcludedForLevel", json!(4.25)),
        ("averageTransactionAmount", json!(27.75)),
        ("lastTransactionDate", json!("2026-03-01T12:00:00+0100")),
        ("levelId", json!(world.shop.gold.id.to_string())),
        ("updatedAt", before["updatedAt"].clone()),
    ] {
        assert_eq!(after[field], expected, "{field}");
    }
    assert_eq!(after["version"], before["version"].as_u64().unwrap() + 1);
    let path = format!("/api/admin/customer/{customer}/status");
    let status = world.get(&path).token(&world.admin().await).send().await.ok();
    assert_eq!(status["averageTransactionsAmount"], "27.75");
    assert_eq!(status["transactionsCount"], 1);
    register(&world, &a_return("2", "1", 20, "ada@shop.example")).await;
    let after = world.details(&customer).await;
    assert_eq!(
        (&after["transactionsAmount"], &after["transactionsCount"]),
        (&json!(7.75), &json!(1))
    );
    assert_eq!(after["levelId"], world.shop.start.id.to_string());
    let list = "/api/customer?transactionsAmountFrom=7&transactionsAmountTo=8";
    let list = world.get(list).token(&world.admin().await).send().await.ok();
    assert_eq!(list["customers"][0]["customerId"], customer.as_str());
    let told = world.events(&customer).await;
    let kinds = told.iter().map(|recorded| &recorded.event.kind);
    let assigned = kinds.filter(|kind| matches!(kind, EventKind::TransactionAssigned { .. }));
    assert_eq!(assigned.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_does_not_fit_is_told_at_the_revised_document() {
    let world = World::start().await;
    ada(&world).await;
    world.customer(json!({"email": "eve@shop.example"})).await;
    register(&world, &a_sale("1", 5, "ada@shop.example")).await;
    register(&world, &a_return("2", "1", 1, "ada@shop.example")).await;
    for (of, email, message) in [
        ("0", "ada@shop.example", "Transaction not exist"),
        ("2", "ada@shop.example", "Transaction wrong type"),
        ("1", "eve@shop.example", "Incorrect owner of the transaction"),
    ] {
        let refused = send(&world, &a_return("3", of, 1, email)).await;
        assert_eq!(refused.form_errors(), [format!("revisedDocument: {message}")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_returns_are_off_none_is_taken() {
    let world = World::programme(Settings { returns: false, ..Settings::default() }).await;
    let refused = send(&world, &a_return("1", "0", 1, "")).await;
    assert_eq!(refused.form_errors(), ["transactionData.documentType: Returns are not enabled"]);
    register(&world, &a_sale("1", 1, "")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_sorted_and_cut() {
    let world = World::start().await;
    let customer = ada(&world).await;
    let mut sales = [
        a_sale("FV-1", 30, "ada@shop.example"),
        a_sale("FV-2", 10, "eve@shop.example"),
        a_return("kor-3", "FV-2", 20, ""),
    ];
    sales[0]["transaction"]["labels"] = json!([{"key": "Scan", "value": "7"}]);
    sales[1]["transaction"]["labels"] = json!([{"key": "scan", "value": "8"}]);
    sales[1]["transaction"]["pos"] = json!(world.shop.pos.id.to_string());
    sales[1]["transaction"]["customerData"]["loyaltyCardNumber"] = json!("XK9");
    sales[1]["transaction"]["customerData"]["phone"] = json!("48600");
    sales[2]["transaction"]["customerData"]["name"] = json!("Nobody");
    for (day, sale) in (1..).zip(&mut sales) {
        let date = json!(format!("2026-02-0{day}"));
        sale["transaction"]["transactionData"]["purchaseDate"] = date;
        register(&world, sale).await;
    }
    let token = world.admin().await;
    let pos = world.shop.pos.id;
    let (by_customer, by_pos) = (format!("customerId={customer}"), format!("posId={pos}"));
    for (query, expected) in [
        ("", &["kor-3", "FV-2", "FV-1"][..]),
        ("direction=asc", &["kor-3", "FV-2", "FV-1"]),
        ("sort=purchaseDate", &["FV-1", "FV-2", "kor-3"]),
        ("sort=grossValue&direction=desc", &["FV-1", "kor-3", "FV-2"]),
        ("sort=documentNumber&direction=desc", &["kor-3", "FV-2", "FV-1"]),
        ("sort=cashier", &["kor-3", "FV-2", "FV-1"]),
        (&by_customer, &["FV-1"]),
        (&by_pos, &["FV-2"]),
        ("customerId=nobody", &[]),
        ("posId=pos1", &[]),
        ("documentType=return", &["kor-3"]),
        ("documentType=sell&sort=purchaseDate", &["FV-1", "FV-2"]),
        ("documentType=gift", &[]),
        ("documentNumber=fv", &["FV-2", "FV-1"]),
        ("customerData_name=ADA", &["FV-2", "FV-1"]),
        ("customerData_email=eve", &["FV-2"]),
        ("customerData_phone=8600", &["FV-2"]),
        ("customerData_loyaltyCardNumber=xk", &["FV-2"]),
        ("labels[0][key]=SCAN", &["FV-2", "FV-1"]),
        ("labels[0][key]=scan&labels[0][value]=7", &["FV-1"]),
        ("labels[0][value]=7", &[]),
        ("labels[0][key]=scan&labels[1][key]=shift", &[]),
        ("unknown=1&customerId=", &["kor-3", "FV-2", "FV-1"]),
    ] {
        let found = documents(&world, &token, &format!("/api/transaction?{query}")).await;
        assert_eq!(found, expected, "{query}");
    }
    let part = world.get("/api/transaction?page=2&perPage=2").token(&token).send().await.ok();
    assert_eq!(part["transactions"][0]["documentNumber"], "FV-1");
    assert_eq!((&part["total"], part["transactions"].as_array().unwrap().len()), (&json!(3), 1));
    assert_eq!(documents(&world, &token, "/api/transaction?perPage=-1").await.len(), 3);
    for query in ["documentNumber[]=a", "customerData_email=a%00b"] {
        let answer = world.get(&format!("/api/transaction?{query}")).token(&token).send().await;
        answer.http_error(400, "Bad Request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tills_and_the_programme_have_their_sums() {
    let world = World::start().await;
    let pos = world.shop.pos.id;
    let at_the_till = |mut form: Value| {
        form["transaction"]["pos"] = json!(pos.to_string());
        form
    };
    register(&world, &at_the_till(a_sale("1", 20.5, ""))).await;
    register(&world, &at_the_till(a_return("2", "1", 8, ""))).await;
    register(&world, &a_sale("3", 1, "")).await;
    let token = world.admin().await;
    let path = format!("/api/pos/{pos}");
    let shown = world.get(&path).token(&token).send().await.ok();
    assert_eq!(
        (&shown["transactionsAmount"], &shown["transactionsCount"]),
        (&json!(12.5), &json!(2))
    );
    let list = world.get("/api/pos").token(&token).send().await.ok();
    assert_eq!(list["pos"][0]["transactionsAmount"], 12.5);
    let figures = world.get("/api/admin/analytics/transactions").token(&token).send().await;
    let expected =
        r#"{"total":3,"amount":13.5,"amountWithoutDeliveryCosts":13.5,"currency":"eur"}"#;
    assert_eq!((figures.status, figures.text.as_str()), (200, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_forgotten_leaves_tills_without_a_person() {
    let world = World::start().await;
    let (anonymized, deleted) =
        (ada(&world).await, world.customer(json!({"email": "eve@shop.example"})).await);
    register(&world, &a_sale("1", 5, "ada@shop.example")).await;
    register(&world, &a_sale("2", 7, "eve@shop.example")).await;
    let token = world.admin().await;
    let path = format!("/api/admin/customer/{anonymized}/anonymize");
    assert_eq!(world.post(&path).token(&token).send().await.status, 204);
    let path = format!("/api/customer/{deleted}");
    assert_eq!(world.delete(&path).token(&token).send().await.status, 204);
    let list = world.get("/api/transaction?sort=documentNumber").token(&token).send().await.ok();
    let rows = list["transactions"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| &row["customerData"]).collect::<Vec<_>>(), [&json!({}); 2]);
    let owners: Vec<_> = rows.iter().map(|row| row.get("customerId").cloned()).collect();
    assert_eq!(owners, [Some(json!(anonymized)), None]);
    let kept = world.details(&anonymized).await;
    assert_eq!((&kept["transactionsAmount"], &kept["transactionsCount"]), (&json!(5), &json!(1)));
    let figures = world.get("/api/admin/analytics/transactions").token(&token).send().await.ok();
    assert_eq!((&figures["total"], &figures["amount"]), (&json!(2), &json!(12)));
    // Neither is found by a later sale.
    register(&world, &a_sale("3", 5, "ada@shop.example")).await;
    assert_eq!(world.details(&anonymized).await["transactionsCount"], 1);
}
