//! Whatever four dialects write about one customer, in whatever order, comes to what a simple model says
//! (`docs/architecture.md`, names, addresses and claimed or carried keys).

mod writes;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

use self::writes::{
    Choice, Place, RIVAL_EMAIL, RIVAL_MOBILE, RIVAL_PHONE, Values, Write, any_write,
};
use super::callers::{Answer, Callers};
use crate::support::Server;

/// What must be so.
#[derive(Clone, Debug, Default)]
struct Model {
    first: String,
    last: String,
    email: String,
    phone: Option<String>,
    mobile: Option<String>,
    address: Option<Place>,
    comment: Option<&'static str>,
    tags: Vec<&'static str>,
    metadata: BTreeMap<&'static str, u8>,
    marketing: bool,
}

impl Model {
    /// The full name: an undivided one reads as divided at its last blank, so the two are one to every reader.
    fn name(&self) -> String {
        format!("{} {}", self.first, self.last).trim().to_owned()
    }

    fn write_name(&mut self, name: &str) {
        if self.name() != name {
            let (first, last) = name.rsplit_once(' ').unwrap_or((name, ""));
            (self.first, self.last) = (first.to_owned(), last.to_owned());
        }
    }

    fn write_parts(&mut self, first: Option<&str>, last: Option<&str>) {
        if let Some(first) = first {
            first.clone_into(&mut self.first);
        }
        if let Some(last) = last {
            last.clone_into(&mut self.last);
        }
    }

    /// The status of the answer. A write is done as a whole or not at all.
    fn apply(&mut self, write: &Write, values: &Values) -> u16 {
        match write {
            Write::OpenLoyalty { first, last, email, phone, address } => {
                if email == &Some(2) || phone == &Some(2) {
                    return 400;
                }
                self.write_parts(*first, *last);
                self.write_contacts(*email, values);
                if let Some(phone) = phone {
                    self.phone = Some(format!("+{}", values.phone(*phone)));
                }
                if let Some(address) = address {
                    self.address = Some(address.clone());
                }
                200
            }
            Write::KunaCore { first, last, email, phone, comment } => {
                if email == &Some(2) {
                    return 409;
                }
                self.write_parts(*first, *last);
                self.write_contacts(*email, values);
                if let Some(phone) = phone {
                    self.phone = phone.map(|phone| values.phone(phone));
                }
                if let Some(comment) = comment {
                    self.comment = *comment;
                }
                201
            }
            Write::Monri { name, email, phone, line, city, metadata } => {
                if let Some(name) = name {
                    self.write_name(name);
                }
                self.write_contacts(*email, values);
                if let Some(phone) = phone {
                    self.phone = Some(values.phone(*phone));
                }
                if line.is_some() || city.is_some() {
                    let address = self.address.get_or_insert_default();
                    if let Some(line) = line {
                        address.write_line(line);
                    }
                    if let Some(city) = city {
                        (*city).clone_into(&mut address.city);
                    }
                }
                for (key, value) in metadata {
                    match value {
                        Some(value) => drop(self.metadata.insert(key, *value)),
                        None => drop(self.metadata.remove(key)),
                    }
                }
                200
            }
            Write::Kounta { first, last, email, mobile, address, tags, marketing } => {
                if mobile == &Some(Some(2)) {
                    return 400;
                }
                self.write_parts(*first, *last);
                self.write_contacts(*email, values);
                if let Some(mobile) = mobile {
                    self.mobile = mobile.map(|mobile| values.mobile(mobile));
                }
                if let Some(address) = address {
                    let before = self.address.take().unwrap_or_default();
                    self.address = address.map(|(line, city)| {
                        let mut place = Place {
                            street: before.street,
                            house: before.house,
                            unit: before.unit,
                            ..Place::default()
                        };
                        place.write_line(line);
                        Place {
                            city: city.to_owned(),
                            province: "VIC".to_owned(),
                            postal: "3220".to_owned(),
                            country: "AU".to_owned(),
                            ..place
                        }
                    });
                }
                if let Some(tags) = tags {
                    self.tags.clone_from(tags);
                }
                self.marketing = marketing.unwrap_or(self.marketing);
                200
            }
        }
    }

    fn write_contacts(&mut self, email: Option<Choice>, values: &Values) {
        if let Some(email) = email {
            self.email = values.email(email);
        }
    }

    /// Whoever carries the rival's value may be told to claim it; what comes of that is another test's business.
    fn repeats(&self, write: &Write, values: &Values) -> bool {
        let email = |choice: &Option<Choice>| choice == &Some(2) && self.email == values.email(2);
        match write {
            Write::OpenLoyalty { email: wanted, phone, .. } => {
                let carried = self.phone.as_deref().map(|phone| phone.trim_start_matches('+'));
                email(wanted) || (phone == &Some(2) && carried == Some(RIVAL_PHONE))
            }
            Write::KunaCore { email: wanted, .. } => email(wanted),
            Write::Monri { .. } | Write::Kounta { .. } => false,
        }
    }

    fn check(&self, views: &Views) {
        let address = self.address.clone().unwrap_or_default();
        let given = |text: String| if text.is_empty() { Value::Null } else { json!(text) };
        let text = |view: &Value| view.as_str().unwrap_or_default().to_owned();
        let open_loyalty = &views.open_loyalty;
        let shown = ["street", "address1", "address2", "city", "postal", "province", "country"]
            .map(|part| text(&open_loyalty["address"][part]));
        let Place { street, house, unit, city, postal, province, country } = address.clone();
        assert_eq!(shown, [street, house, unit, city, postal, province, country]);
        let names = ["firstName", "lastName", "email"].map(|name| text(&open_loyalty[name]));
        assert_eq!(names, [self.first.clone(), self.last.clone(), self.email.clone()]);
        assert_eq!(open_loyalty["agreement2"], json!(self.marketing));
        let by_phone = self.phone.clone().or_else(|| self.mobile.clone());
        assert_eq!(text(&open_loyalty["phone"]), by_phone.unwrap_or_default());

        let kuna_core = json!([self.first, self.last, self.email, self.phone, self.comment]);
        let names = ["firstName", "lastName", "email", "phoneNumber", "comment"];
        assert_eq!(json!(names.map(|name| &views.kuna_core[name])), kuna_core);

        let line = given(address.line());
        let monri = json!([
            self.name(),
            self.email,
            self.phone,
            line,
            given(address.city.clone()),
            self.metadata
        ]);
        let names = ["name", "email", "phone", "address", "city", "metadata"];
        assert_eq!(json!(names.map(|name| &views.monri[name])), monri);

        let place = (address != Place::default()).then(|| {
            json!({
                "address": address.line(), "city": address.city, "state": address.province,
                "postal_code": address.postal, "country": address.country,
            })
        });
        let last = given(self.last.clone());
        let kounta = json!([
            self.first,
            last,
            self.email,
            self.phone,
            self.mobile,
            place,
            self.tags,
            self.marketing
        ]);
        let names = [
            "first_name",
            "last_name",
            "email",
            "phone",
            "mobile",
            "primary_address",
            "tags",
            "accepts_marketing",
        ];
        assert_eq!(json!(names.map(|name| &views.kounta[name])), kounta);
    }
}

/// How each dialect shows the customer.
struct Views {
    open_loyalty: Value,
    kuna_core: Value,
    monri: Value,
    kounta: Value,
}

/// One customer, by the names it has.
struct Subject<'a> {
    callers: &'a Callers<'a>,
    values: Values,
    id: String,
    number: Value,
}

impl Subject<'_> {
    async fn write(&self, write: &Write) -> Answer {
        let mut body = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        };
        let values = &self.values;
        match write {
            Write::OpenLoyalty { first, last, email, phone, address } => {
                put("firstName", first.map(|first| json!(first)));
                put("lastName", last.map(|last| json!(last)));
                put("email", email.map(|email| json!(values.email(email))));
                put("phone", phone.map(|phone| json!(format!("+{}", values.phone(phone)))));
                if let Some(place) = address {
                    let address = json!({
                        "street": place.street, "address1": place.house, "address2": place.unit, "city": place.city,
                        "postal": place.postal, "province": place.province, "country": place.country,
                    });
                    put("address", Some(address));
                }
                let path = format!("/api/customer/{}", self.id);
                self.callers.open_loyalty("PUT", &path, &json!({"customer": body})).await
            }
            Write::KunaCore { first, last, email, phone, comment } => {
                put("id", Some(json!(self.id)));
                put("firstName", first.map(|first| json!(first)));
                put("lastName", last.map(|last| json!(last)));
                put("email", email.map(|email| json!(values.email(email))));
                put(
                    "phoneNumber",
                    phone.map(|phone| json!(phone.map(|phone| values.phone(phone)))),
                );
                put("comment", comment.map(|comment| json!(comment)));
                self.callers.kuna_core("/v2/customer/update", &body.into()).await
            }
            Write::Monri { name, email, phone, line, city, metadata } => {
                put("name", name.map(|name| json!(name)));
                put("email", email.map(|email| json!(values.email(email))));
                put("phone", phone.map(|phone| json!(values.phone(phone))));
                put("address", line.map(|line| json!(line)));
                put("city", city.map(|city| json!(city)));
                put("metadata", Some(json!(metadata)));
                self.callers
                    .monri("POST", &format!("/v2/customers/{}", self.id), &body.into())
                    .await
            }
            Write::Kounta { first, last, email, mobile, address, tags, marketing } => {
                put("first_name", first.map(|first| json!(first)));
                put("last_name", last.map(|last| json!(last)));
                put("email", email.map(|email| json!(values.email(email))));
                put(
                    "mobile",
                    mobile.map(|mobile| json!(mobile.map(|mobile| values.mobile(mobile)))),
                );
                let place = |(line, city): (&str, &str)| json!({"address": line, "city": city, "state": "VIC", "postal_code": "3220", "country": "AU"});
                put("primary_address", address.map(|address| json!(address.map(place))));
                put("tags", tags.as_ref().map(|tags| json!(tags)));
                put("accepts_marketing", marketing.map(|marketing| json!(marketing)));
                self.callers.kounta("PUT", &self.till_path(), &body.into()).await
            }
        }
    }

    async fn read(&self) -> Views {
        let (callers, nothing) = (self.callers, Value::Null);
        let path = format!("/api/customer/{}", self.id);
        let details = json!({"id": self.id});
        let monri = format!("/v2/customers/{}", self.id);
        Views {
            open_loyalty: callers.open_loyalty("GET", &path, &nothing).await.json(),
            kuna_core: callers.kuna_core("/v2/customer/details", &details).await.json()["data"]
                .take(),
            monri: callers.monri("GET", &monri, &nothing).await.json(),
            kounta: callers.kounta("GET", &self.till_path(), &nothing).await.json(),
        }
    }

    fn till_path(&self) -> String {
        format!("/v1/companies/me/customers/{}.json", self.number)
    }
}

#[test]
fn any_writes_of_the_four_dialects_leave_what_a_simple_model_says() {
    static CASES: AtomicU32 = AtomicU32::new(0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let callers = runtime.block_on(Callers::first(&server));
    runtime.block_on(a_rival(&callers));
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let sequences = prop::collection::vec(any_write(), 1..14);
    TestRunner::new_with_rng(config, rng)
        .run(&sequences, |writes| {
            let values = Values(CASES.fetch_add(1, Ordering::Relaxed));
            runtime.block_on(holds(&callers, values, &writes));
            Ok(())
        })
        .unwrap();
}

/// Somebody who holds an address and two numbers.
async fn a_rival(callers: &Callers<'_>) {
    let rival = json!({
        "first_name": "Rival", "email": RIVAL_EMAIL, "phone": format!("+{RIVAL_PHONE}"), "mobile": RIVAL_MOBILE,
    });
    callers.kounta("POST", "/v1/companies/me/customers.json", &rival).await.json();
}

async fn holds(callers: &Callers<'_>, values: Values, writes: &[Write]) {
    let mut model = Model { first: "Eve".to_owned(), email: values.email(0), ..Model::default() };
    let born = json!({"first_name": "Eve", "email": model.email});
    let born = callers.kounta("POST", "/v1/companies/me/customers.json", &born).await.json();
    let found = callers.kuna_core("/v2/customer/find", &json!({"email": model.email})).await.json();
    let id = found["data"][0]["id"].as_str().unwrap().to_owned();
    let subject = Subject { callers, values, id, number: born["id"].clone() };
    for write in writes {
        if model.repeats(write, &subject.values) {
            continue;
        }
        let expected = model.apply(write, &subject.values);
        let answer = subject.write(write).await;
        assert_eq!(answer.status, expected, "{write:?}: {}", answer.text);
        model.check(&subject.read().await);
    }
}
