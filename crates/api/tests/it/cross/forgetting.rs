//! Nothing personal is left in the database of who was anonymized or deleted, whichever dialect wrote it.

use domain::access::Actor;
use domain::customer::{Avatar, Customer, CustomerWrite, KeyWrites};
use domain::message::{Message, MessageContent, MessageKind};
use domain::payment_method::{CardToken, Expiry, NewPaymentMethod};
use domain::text::hex;
use domain::token::{NewToken, Scopes, TokenPurpose};
use domain::{Secret, demo};
use serde_json::{Value, json};
use time::Month;

use super::callers::{Callers, anonymous};
use crate::support::Server;

/// Everything that a person tells begins with this, or is made of its digits.
struct Person {
    mark: &'static str,
    digits: &'static str,
}

const ANONYMIZED: Person = Person { mark: "qzanonx", digits: "48221777" };
const DELETED: Person = Person { mark: "qzdeletx", digits: "48221888" };
const NEIGHBOUR: Person = Person { mark: "qzstaysx", digits: "48221999" };

impl Person {
    fn word(&self, what: &str) -> String {
        format!("{}{what}", self.mark)
    }

    fn number(&self, end: &str) -> String {
        format!("{}{end}", self.digits)
    }

    /// Registers the person through Open Loyalty, then has every dialect write all it may, twice, so that the events
    /// tell earlier values too.
    async fn told_everywhere(&self, callers: &Callers<'_>) -> String {
        let word = |what: &str| self.word(what);
        let form = json!({"customer": {
            "firstName": word("first0"), "lastName": word("last0"), "gender": "female",
            "email": format!("{}@shop.example", word("mail0")), "phone": self.number("001"),
            "birthDate": "1977-07-07", "loyaltyCardNumber": word("card0"),
            "labels": format!("{}:{}", word("key0"), word("value0")), "agreement1": true, "agreement2": true,
            "address": {
                "street": word("street0"), "address1": word("house0"), "address2": word("unit0"),
                "postal": word("postal0"), "city": word("city0"), "province": word("province0"),
                "country": word("country0"),
            },
            "company": {"name": word("firm0"), "nip": word("nip0")},
            "referral_customer_email": format!("{}@shop.example", word("referral")),
        }});
        let path = "/api/customer/register";
        let made = callers.open_loyalty("POST", path, &form).await.json();
        let id = made["customerId"].as_str().unwrap().to_owned();
        for round in ["1", "2"] {
            self.kuna_core(callers, &id, round).await;
            self.monri(callers, &id, round).await;
            self.kounta(callers, &id, round).await;
            self.open_loyalty(callers, &id, round).await;
        }
        self.belongings(callers, &id).await;
        self.purchases(callers, &id).await;
        id
    }

    async fn open_loyalty(&self, callers: &Callers<'_>, id: &str, round: &str) {
        let word = |what: &str| self.word(&format!("{what}{round}"));
        let form = json!({"customer": {
            "firstName": word("first"), "lastName": word("last"), "email": format!("{}@shop.example", word("mail")),
            "phone": self.number(&format!("00{round}")), "loyaltyCardNumber": word("card"),
            "labels": format!("{}:{}", word("key"), word("value")),
            "company": {"name": word("firm"), "nip": word("nip")},
        }});
        callers.open_loyalty("PUT", &format!("/api/customer/{id}"), &form).await.json();
    }

    async fn kuna_core(&self, callers: &Callers<'_>, id: &str, round: &str) {
        let word = |what: &str| self.word(&format!("{what}{round}"));
        let body = json!({
            "id": id, "firstName": word("kfirst"), "lastName": word("klast"), "externalId": word("external"),
            "comment": word("comment"), "verificationDocumentId": word("document"),
            "residenceAddress": word("residence"), "itn": self.number("1234"), "country": "PL",
            "phoneNumber": format!("+{}", self.number(&format!("11{round}"))),
        });
        callers.kuna_core("/v2/customer/update", &body).await.json();
    }

    async fn monri(&self, callers: &Callers<'_>, id: &str, round: &str) {
        let word = |what: &str| self.word(&format!("{what}{round}"));
        let body = json!({
            "merchant_customer_id": word("mcid"), "description": word("description"), "name": word("mname"),
            "email": format!("{}@shop.example", word("mmail")), "phone": self.number(&format!("22{round}")),
            "metadata": {word("mkey"): word("mvalue")}, "zip_code": self.number(round), "city": word("mcity"),
            "address": word("mstreet"), "country": "HR",
        });
        callers.monri("POST", &format!("/v2/customers/{id}"), &body).await.json();
    }

    async fn kounta(&self, callers: &Callers<'_>, id: &str, round: &str) {
        let word = |what: &str| self.word(&format!("{what}{round}"));
        let address = |what: &str| {
            json!({
                "address": word(&format!("{what}line")), "city": word(&format!("{what}town")),
                "state": word(&format!("{what}state")), "postal_code": word(&format!("{what}code")),
                "country": "AU",
            })
        };
        let body = json!({
            "first_name": word("ofirst"), "last_name": word("olast"),
            "mobile": self.number(&format!("33{round}")), "reference_id": word("reference"),
            "tags": [word("tag")], "image": format!("https://img.example/{}.png", word("image")),
            "primary_address": address("p"), "shipping_address": address("s"),
        });
        let number = record(callers, id).await.number;
        let path = format!("/v1/companies/me/customers/{number}.json");
        callers.kounta("PUT", &path, &body).await.json();
    }

    /// A purchase of the customer, and one of nobody's that names the customer's mobile number.
    async fn purchases(&self, callers: &Callers<'_>, id: &str) {
        let customer = record(callers, id).await;
        let email = customer.email.as_ref().unwrap().as_str();
        let mobile = customer.mobile.as_ref().unwrap().as_str();
        for (buyer, owner) in [
            (
                json!({"name": self.word("buyer"), "email": email, "nip": self.word("tax")}),
                Some(id),
            ),
            (json!({"name": self.word("caller"), "phone": mobile}), None),
        ] {
            let document = callers.server.services.ports.entropy.uuid().to_string();
            let form = json!({"transaction": {
                "transactionData": {"documentNumber": document, "purchaseDate": "2026-03-01"},
                "items": [], "customerData": buyer,
            }});
            callers.open_loyalty("POST", "/api/transaction", &form).await.json();
            let path = format!("/api/transaction?documentNumber={document}");
            let list = callers.open_loyalty("GET", &path, &Value::Null).await.json();
            assert_eq!(list["transactions"][0]["customerId"].as_str(), owner);
        }
    }

    /// What no route of these writes: a picture, devices, a password, tokens, a card and a message that waits.
    async fn belongings(&self, callers: &Callers<'_>, id: &str) {
        let services = &callers.server.services;
        let before = record(callers, id).await;
        let line = |what: &str| self.word(what).try_into().unwrap();
        let owner = Actor::Customer(before.id);
        let content = MessageContent {
            secret: Secret::new(self.word("code")),
            number: 1,
            address: Some(Secret::new(self.number("444"))),
        };
        let message = Message {
            id: services.ports.entropy.uuid().into(),
            merchant: before.merchant,
            about: owner,
            kind: MessageKind::PhoneChangeCode,
            language: None,
            content: Some(content.seal(&*services.ports.keeper).unwrap()),
            created_at: services.ports.clock.now(),
            expires_at: None,
        };
        let avatar = Avatar {
            path: line("path"),
            original_name: line("file"),
            media_type: "image/png".try_into().unwrap(),
        };
        let record = Customer {
            version: before.version + 1,
            avatar: Some(avatar),
            push_tokens: vec![line("device")],
            ..before.clone()
        };
        let (keys, messages) = (KeyWrites::KEEP_ALL, vec![message]);
        let write = CustomerWrite { record, keys, events: Vec::new(), messages };
        let mut session = services.storage.session().await.unwrap();
        session.customers().update(&write).await.unwrap();
        drop(session);
        let password = Secret::new(demo::PASSWORD.to_owned());
        services.accounts.set_password(before.merchant, owner, password).await.unwrap();
        let token = NewToken {
            purpose: TokenPurpose::AuthorizationCode,
            merchant: before.merchant,
            actor: owner,
            scopes: Scopes::default(),
            redirect_uri: Some(
                format!("https://x.example/{}", self.word("redirect")).try_into().unwrap(),
            ),
            lifetime: None,
            bytes: 8,
        };
        services.tokens.issue(token).await.unwrap();
        let token: String = before.id.to_string().chars().filter(char::is_ascii_hexdigit).collect();
        let card = NewPaymentMethod {
            number: "411111******1111".parse().unwrap(),
            expiry: Expiry::of_month(2034, Month::December).unwrap(),
            keep_until: None,
            token: CardToken::try_from(token.repeat(2)).unwrap(),
        };
        services.payment_methods.attach(before.merchant, before.id, card).await.unwrap();
        let login = json!({"_username": id, "_password": demo::PASSWORD});
        let pair = anonymous(callers.server, "POST", "/api/customer/login_check", &login).await;
        let token = pair.json()["token"].as_str().unwrap().to_owned();
        let page = callers.server.url(&format!("/api/customer/{id}"));
        let look = callers.server.client.get(page).bearer_auth(token).send().await.unwrap();
        assert_eq!(look.status().as_u16(), 200);
    }

    /// The rows in which anything of the person is found: its words, its numbers, or either as bytes.
    fn traces<'r>(&self, rows: &'r [String]) -> Vec<&'r String> {
        let needles = [
            self.mark.to_owned(),
            self.digits.to_owned(),
            hex(self.mark.as_bytes()),
            hex(self.digits.as_bytes()),
        ];
        let has = |row: &str| needles.iter().any(|needle| row.to_lowercase().contains(needle));
        rows.iter().filter(|row| has(row)).collect()
    }
}

async fn record(callers: &Callers<'_>, id: &str) -> Customer {
    let merchant = callers.server.merchant.id;
    callers.server.services.customers.find(merchant, id.parse().unwrap()).await.unwrap()
}

/// The rows of tables that belong to a customer as their actor or their subject.
fn rows_of<'r>(table: &str, id: &str, rows: &'r [String]) -> Vec<&'r String> {
    rows.iter().filter(|row| row.starts_with(&format!("{table} ")) && row.contains(id)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_who_was_anonymized_or_deleted_is_left_in_any_table() {
    let server = Server::start().await;
    let callers = Callers::first(&server).await;
    let anonymized = ANONYMIZED.told_everywhere(&callers).await;
    let deleted = DELETED.told_everywhere(&callers).await;
    let neighbour = NEIGHBOUR.told_everywhere(&callers).await;
    server.services.views.flush().await;
    let rows = server.database.rows().await;
    for (person, id) in [(&ANONYMIZED, &anonymized), (&DELETED, &deleted), (&NEIGHBOUR, &neighbour)]
    {
        let traces = person.traces(&rows);
        for table in ["customers", "events", "tokens", "transactions"] {
            let found = traces.iter().filter(|row| row.starts_with(&format!("{table} "))).count();
            assert!(found > 0, "{table} never had anything of {}", person.mark);
        }
        for table in ["passwords", "messages", "customer_views", "payment_methods"] {
            assert!(!rows_of(table, id, &rows).is_empty(), "{table} never had anything of {id}");
        }
    }
    let (stays, told) =
        (NEIGHBOUR.traces(&rows).len(), rows_of("events", &anonymized, &rows).len());

    let nothing = Value::Null;
    let path = format!("/api/admin/customer/{anonymized}/anonymize");
    assert_eq!(callers.open_loyalty("POST", &path, &nothing).await.status, 204);
    let path = format!("/api/customer/{deleted}");
    assert_eq!(callers.open_loyalty("DELETE", &path, &nothing).await.status, 204);

    let rows = server.database.rows().await;
    assert_eq!(ANONYMIZED.traces(&rows), Vec::<&String>::new());
    assert_eq!(DELETED.traces(&rows), Vec::<&String>::new());
    for id in [&anonymized, &deleted] {
        for table in ["passwords", "messages", "tokens", "payment_methods"] {
            assert_eq!(rows_of(table, id, &rows), Vec::<&String>::new(), "{table}");
        }
    }
    // Ids, kinds and times stay, and so does everybody else.
    assert_eq!(rows_of("events", &anonymized, &rows).len(), told + 1);
    assert!(!rows_of("events", &deleted, &rows).is_empty());
    assert_eq!(NEIGHBOUR.traces(&rows).len(), stays);
    for born in ["1977-07-06", "237074400000000"] {
        let rows: Vec<_> = rows.iter().filter(|row| row.contains(born)).collect();
        assert!(rows.iter().all(|row| row.contains(&neighbour)), "{born}: {rows:?}");
        assert!(!rows.is_empty(), "{born}");
    }
}
