//! Customers from a file (contract E34 and §6).

use domain::event::EventKind;
use domain::message::MessageKind;
use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

const CONTRACT: &str = include_str!("../../../../import/tests/files/contract.xml");
const CONTRACT_REPORT: &str = include_str!("../../../../import/tests/files/contract.json");
const SEED: &str = include_str!("../../../../import/tests/files/seed.xml");
const SEED_REPORT: &str = include_str!("../../../../import/tests/files/seed.json");

const MULTIPART: &str = "multipart/form-data; boundary=XX";

impl World {
    /// Sends a form with a file as the vendor's cockpit does.
    async fn import(&self, file: &str) -> Answer {
        self.import_as(&self.admin().await, "/api/SHOP/admin/customer/import", file).await
    }

    async fn import_as(&self, token: &str, path: &str, file: &str) -> Answer {
        self.send_parts(token, path, &part("file[file]", "customers.xml", file)).await
    }

    async fn send_parts(&self, token: &str, path: &str, parts: &str) -> Answer {
        let body = format!("{parts}--XX--\r\n");
        let call = self.post(path).token(token).header("content-type", MULTIPART).body(&body);
        call.send().await
    }

    /// How many rows of a table are the store's.
    async fn count_of(&self, table: &str) -> i64 {
        let merchant = self.shop.merchant.id;
        let query =
            format!("SELECT count(*)::text AS text FROM {table} WHERE merchant_id = '{merchant}'");
        self.server.database.texts(&query).await[0].parse().unwrap()
    }

    /// What the form has against a file.
    async fn objection(&self, file: &str) -> String {
        let answer = self.import(file).await;
        let errors = answer.form_errors();
        assert_eq!(answer.json()["form"]["children"].as_object().unwrap().len(), 1);
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0].strip_prefix("file: ").unwrap().to_owned()
    }
}

fn part(name: &str, file: &str, content: &str) -> String {
    format!(
        "--XX\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
         Content-Type: text/xml\r\n\r\n{content}\r\n"
    )
}

fn row(email: &str) -> String {
    format!(
        "<customer><email>{email}</email><firstName>Ada</firstName><lastName>Byron</lastName><active>true</active>\
         <birthDate>1990-12-10</birthDate><agreement1>true</agreement1><agreement2>true</agreement2>\
         <gender>female</gender></customer>"
    )
}

fn file(rows: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<customers>{rows}</customers>")
}

/// Compares a report with a printed one, the ids apart; returns the ids.
#[track_caller]
fn same_report(answer: &Answer, printed: &str) -> Vec<String> {
    let mut printed: Value = serde_json::from_str(printed).unwrap();
    let mut ids = Vec::new();
    let answered = answer.ok();
    let pairs = printed["items"].as_array_mut().unwrap().iter_mut();
    for (printed, answered) in pairs.zip(answered["items"].as_array().unwrap()) {
        if let Some(result) = printed.get_mut("processImportResult") {
            *result = answered["processImportResult"].clone();
            ids.push(result["object"].as_str().unwrap().to_owned());
        }
    }
    // Text against text: the order of the members is part of the contract.
    assert_eq!(answer.text, serde_json::to_string(&printed).unwrap());
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_example_is_answered_as_printed() {
    let world = World::start().await;
    let ids = same_report(&world.import(SEED).await, SEED_REPORT);
    assert_eq!(ids.len(), 7);
    assert_eq!(world.count_of("customers").await, 7);
    for (place, id) in ids.iter().enumerate() {
        let events = world.events(id).await;
        assert_eq!(events[0].event.kind, EventKind::CustomerCreated);
        let active = world.details(id).await["active"].clone();
        let expected = [false, true, true, true, false, false, true][place];
        assert_eq!(active, expected, "row {place}");
    }
    assert_eq!(world.server.sent(&[MessageKind::AccountCreated]).await.len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contracts_example_is_answered_as_printed_and_shown_as_imported() {
    let world = World::start().await;
    let ids = same_report(&world.import(CONTRACT).await, CONTRACT_REPORT);
    let ada = world.details(&ids[0]).await;
    assert_eq!(ada["firstName"], "Ada");
    assert_eq!(ada["birthDate"], "1990-12-10T00:00:00+0100");
    assert_eq!(ada["address"]["city"], "Warszawa");
    assert_eq!(ada["company"], json!({"name": "Engine Ltd", "nip": "111-222"}));
    assert_eq!(ada["labels"], json!([{"key": "src", "value": "import"}]));
    assert_eq!(ada["levelId"], world.shop.start.id.to_string());
    assert_eq!(ada["status"]["type"], "active");
    let kinds: Vec<_> =
        world.events(&ids[0]).await.into_iter().map(|told| told.event.kind).collect();
    assert!(kinds.contains(&EventKind::NewsletterAnnounced), "{kinds:?}");
    // Once more, everybody is there already.
    let again = world.import(CONTRACT).await.ok();
    let message = "Process exception: Customer with such email already exists";
    assert_eq!(again["items"][0]["message"], message);
    assert_eq!((&again["totalSuccess"], &again["totalFailed"]), (&json!(0), &json!(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_that_nobody_knows_harms_no_page() {
    let world = World::start().await;
    let level = "9b0e2f4c-1111-4c53-9d51-0d7c2c1e0a01";
    let ids =
        format!("<levelId>{level}</levelId><posId>{level}</posId><sellerId>{level}</sellerId>");
    let row = row("ada@shop.example").replace("<gender>", &format!("{ids}<gender>"));
    let report = world.import(&file(&row)).await.ok();
    let id = report["items"][0]["processImportResult"]["object"].as_str().unwrap().to_owned();
    let details = world.details(&id).await;
    assert_eq!(details["manuallyAssignedLevelId"], json!({"levelId": level}));
    let token = world.admin().await;
    for path in [
        "/api/customer",
        "/api/customer?sort=level.name",
        "/api/level",
        &format!("/api/customer/{id}/status"),
    ] {
        world.get(path).token(&token).send().await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stays_new_gets_the_link_that_the_row_asks_for() {
    let world = World::start().await;
    let pending = |email: &str, wish: &str| {
        let wish = format!("<active>false</active><sendActivationMail>{wish}</sendActivationMail>");
        row(email).replace("<active>true</active>", &wish)
    };
    let rows = pending("a@x.example", "true") + &pending("b@x.example", "false");
    let report = world.import(&file(&rows)).await.ok();
    assert_eq!(report["totalSuccess"], 2);
    let links = world.server.sent(&[MessageKind::ActivationLink]).await;
    assert_eq!(links.len(), 1);
    assert_eq!(report["items"][0]["processImportResult"]["object"], links[0].about.as_str());
    let path = format!("/api/customer/activate/{}", links[0].secret());
    assert_eq!(world.post(&path).send().await.status, 200);
    assert_eq!(world.details(&links[0].about).await["active"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_rows_is_no_error() {
    let world = World::start().await;
    let nothing = r#"{"items":[],"totalProcessed":0,"totalSuccess":0,"totalFailed":0}"#;
    for file in [&file(""), "<?xml version=\"1.0\"?>", "<?xml version=\"1.0\"?> no <xml"] {
        let answer = world.import(file).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, nothing), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_a_file_is_refused() {
    let world = World::start().await;
    let (token, path) = (world.admin().await, "/api/admin/customer/import");
    let blank = ["file: This value should not be blank."];
    let content = file(&row("a@x.example"));
    // The vendor's example sends the name of a file for a file.
    let form = world.post(path).token(&token).form("file[file]=C:\\fakepath\\customers.xml");
    assert_eq!(form.send().await.form_errors(), blank);
    let text = "--XX\r\nContent-Disposition: form-data; name=\"file[file]\"\r\n\r\n<?xml?>\r\n";
    for parts in [text, &part("file", "c.xml", &content), &part("file[other]", "c.xml", &content)] {
        assert_eq!(world.send_parts(&token, path, parts).await.form_errors(), blank, "{parts}");
    }
    // A form without its root was not sent.
    assert_eq!(world.post(path).token(&token).send().await.form_errors(), [""; 0]);
    let other = part("customers", "c.xml", &content);
    assert_eq!(world.send_parts(&token, path, &other).await.form_errors(), [""; 0]);
    let cut = world.post(path).token(&token).header("content-type", MULTIPART);
    let cut = cut.body(&part("file[file]", "c.xml", &content)).send().await;
    cut.http_error(400, "Bad Request");
    assert_eq!(world.count_of("customers").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_must_not_be_taken_leaves_nothing() {
    let world = World::start().await;
    let mime = "The mime type of the file is invalid (\"text/plain\"). Allowed mime types are \"application/xml\", \"text/xml\".";
    assert_eq!(world.objection("hello").await, mime);
    assert_eq!(world.objection("<customers/>").await, mime);
    assert_eq!(world.objection("").await, "An empty file is not allowed.");
    let rows = row("a@x.example");
    let bombs = [
        ("<!DOCTYPE c [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>".to_owned(), "document type"),
        ("<a>".repeat(1_000_000), "nested too deeply"),
        (format!("<a b=\"{}\"/>", "x".repeat(5_000_000)), "too long"),
        (format!("<a{}/>", " b=\"c\"".repeat(100_000)), "too long"),
        (format!("<!--{}-->", "x".repeat(5_000_000)), "too long"),
        (format!("<a{}/>", " b=\"c\"".repeat(65)), "too many attributes"),
    ];
    for (bomb, expected) in bombs {
        let begin = std::time::Instant::now();
        let objection = world.objection(&file(&(rows.clone() + &bomb))).await;
        assert!(objection.contains(expected), "{objection}");
        assert!(begin.elapsed() < std::time::Duration::from_secs(5), "{expected}");
    }
    let declared = file(&rows).replace("UTF-8", "ISO-8859-2");
    assert_eq!(world.objection(&declared).await, "The file should be encoded in UTF-8.");
    assert_eq!((world.count_of("customers").await, world.count_of("events").await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_have_so_many_bytes_and_rows() {
    let limits = [("OPEN_LOYALTY__IMPORT_BYTES", "2000"), ("OPEN_LOYALTY__IMPORT_ROWS", "3")];
    let world = World::with(&limits, domain::merchant::CommunicationMethod::Email).await;
    let large = "The file is too large. Allowed maximum size is 2 kB.";
    assert_eq!(world.objection(&" ".repeat(2001)).await, large);
    // Announced to be larger than anything that would be read.
    assert_eq!(world.objection(&" ".repeat(200_000)).await, large);
    let rows = "<customer/>".repeat(4);
    let many = "The file contains too many customers. The limit is 3.";
    assert_eq!(world.objection(&file(&rows)).await, many);
    let answer = world.import(&file(&"<customer/>".repeat(3))).await.ok();
    assert_eq!(answer["totalFailed"], 3);
    let padded = file(&row("a@x.example"));
    let padded =
        padded.replace("</customers>", &(" ".repeat(2000 - padded.len()) + "</customers>"));
    assert_eq!(world.import(&padded).await.ok()["totalSuccess"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_thousands_is_answered_in_its_order() {
    let world = World::start().await;
    let rows: Vec<_> = (0..1500).map(|number| row(&format!("{number:04}@x.example"))).collect();
    let mut rows = rows.concat();
    rows.push_str(&row("0700@X.example"));
    let report = world.import(&file(&rows)).await.ok();
    let items = report["items"].as_array().unwrap();
    assert_eq!((items.len(), &report["totalSuccess"]), (1501, &json!(1500)));
    for (number, item) in items[..1500].iter().enumerate() {
        assert_eq!(item["identifier"], format!("{number:04}@x.example"));
        assert_eq!(item["status"], "success");
    }
    assert_eq!(items[1500]["status"], "error");
    assert_eq!(world.count_of("customers").await, 1500);
    assert_eq!(world.count_of("messages").await, 1500);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_file_sent_twice_at_once_everybody_comes_once() {
    let world = World::start().await;
    let token = world.admin().await;
    let rows: Vec<_> = (0..600).map(|number| row(&format!("{number:04}@x.example"))).collect();
    let file = file(&rows.concat());
    let path = "/api/admin/customer/import";
    let (first, second) =
        tokio::join!(world.import_as(&token, path, &file), world.import_as(&token, path, &file));
    let stored = |answer: &Answer| answer.ok()["totalSuccess"].as_u64().unwrap();
    assert_eq!(stored(&first) + stored(&second), 600);
    assert_eq!(world.count_of("customers").await, 600);
    for (one, other) in
        first.ok()["items"].as_array().unwrap().iter().zip(second.ok()["items"].as_array().unwrap())
    {
        assert_ne!(one["status"], other["status"], "one of the two");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stores_addresses_stand_against_nobody() {
    let world = World::start().await;
    let admin = world.log_in("/api/admin/login_check", world.other.admin.username.as_str()).await;
    let file = file(&row("ada@shop.example"));
    let theirs = world.import_as(&admin, "/api/OTHER/admin/customer/import", &file).await.ok();
    let ours = world.import(&file).await.ok();
    assert_eq!((&theirs["totalSuccess"], &ours["totalSuccess"]), (&json!(1), &json!(1)));
    let foreign = world.import_as(&admin, "/api/SHOP/admin/customer/import", &file).await;
    foreign.http_error(404, "Not Found");
}
