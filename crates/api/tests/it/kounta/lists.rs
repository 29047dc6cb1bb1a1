//! Pages (contract 1.8) and references (contract 2.1, 2.3).

use std::collections::BTreeSet;

use serde_json::json;

use super::answer::Answer;
use super::world::{BASE, Program, World, escaped};

async fn many(program: &Program<'_>, count: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(program.customer(&json!({"first_name": "N", "phone": n.to_string()})).await);
    }
    ids
}

fn told(answer: &Answer) -> (Option<&str>, Option<&str>, Option<&str>) {
    (answer.header("x-pages"), answer.header("x-page"), answer.header("x-next-page"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_is_one_empty_page() {
    let world = World::start().await;
    let program = world.company().await;
    let answer = program.get("/customers.json").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "[]"));
    assert_eq!(told(&answer), (Some("1"), Some("0"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_abridged() {
    let world = World::start().await;
    let program = world.company().await;
    let id = program
        .customer(&json!({
            "first_name": "Ayla", "last_name": "Nguyen", "email": "ayla@example.test",
            "image": "https://img.example.test/ayla.jpg", "reference_id": "crm-00042"
        }))
        .await;
    let expected = format!(
        r#"[{{"id":{id},"first_name":"Ayla","last_name":"Nguyen","primary_email_address":"ayla@example.test","image":"https://img.example.test/ayla.jpg","reference_id":"crm-00042"}}]"#
    );
    assert_eq!(program.get("/customers.json").await.body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_customers_are_three_pages_by_header_and_by_link() {
    let world = World::start().await;
    let program = world.company().await;
    let ids = many(&program, 60).await;
    for (page, part) in
        [(None, 0..25), (Some("0"), 0..25), (Some("1"), 25..50), (Some("2"), 50..60)]
    {
        let header = page.map(|page| format!("X-Page: {page}"));
        let lines: Vec<&str> = header.as_deref().into_iter().collect();
        let answer = program.send("GET", "/customers.json", &lines, "").await;
        assert_eq!(answer.ids(), ids[part], "{page:?}");
        assert_eq!(answer.header("x-pages"), Some("3"));
        assert_eq!(answer.header("x-page"), Some(page.unwrap_or("0")));
    }
    let (mut seen, mut link) = (Vec::new(), Some(program.link("/customers.json?page=7")));
    let mut pages = Vec::new();
    while let Some(next) = link {
        let target = next.strip_prefix(BASE).expect("our own address").to_owned();
        assert!(target.contains("/customers.json?page=7"), "{target}");
        let answer = world.ask("GET", &target, &[program.basic.as_str()], b"").await;
        seen.extend(answer.ids());
        pages.push((
            answer.header("x-page").unwrap().to_owned(),
            answer.header("x-pages").unwrap().to_owned(),
        ));
        link = answer.header("x-next-page").map(str::to_owned);
    }
    assert_eq!(seen, ids);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 60);
    let expected = ["0", "1", "2"].map(|page| (page.to_owned(), "3".to_owned()));
    assert_eq!(pages, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_page_keeps_the_spelling_of_the_request() {
    let world = World::start().await;
    let program = world.company().await;
    let ids = many(&program, 26).await;
    let lines = [program.basic.as_str(), "Accept: application/json"];
    for path in ["/v1/companies/me/customers", "/v1/companies/me/customers.json"] {
        let answer = world.ask("GET", path, &lines, b"").await;
        let expected = format!("{BASE}{path}?start={}", ids[24]);
        assert_eq!(answer.header("x-next-page"), Some(expected.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_that_make_no_sense_are_harmless() {
    let world = World::start().await;
    let program = world.company().await;
    let ids = many(&program, 26).await;
    for (line, query, items, page) in [
        ("X-Page: 2", "", 0, "2"),
        ("X-Page: 1000000000", "", 0, "1000000000"),
        ("X-Page: 99999999999999999999999", "", 0, "9223372036854775807"),
        ("X-Page: -1", "", 25, "0"),
        ("X-Page: x", "", 25, "0"),
        ("X-A: b", "?start=x", 25, "0"),
        ("X-A: b", "?start=-5", 25, "0"),
        ("X-A: b", "?start=99999999999999999999999", 0, "1"),
        ("X-A: b", "?page=9&per_page=1&limit=1&created_gt=2030", 25, "0"),
    ] {
        let answer = program.send("GET", &format!("/customers.json{query}"), &[line], "").await;
        assert_eq!(answer.ids().len(), items, "{line} {query}");
        assert_eq!((answer.header("x-pages"), answer.header("x-page")), (Some("2"), Some(page)));
    }
    let last = format!("/customers.json?start={}", ids[25]);
    assert_eq!(told(&program.get(&last).await), (Some("2"), Some("1"), None));
    let middle = format!("/customers.json?start={}", ids[0]);
    let answer = program.send("GET", &middle, &["X-Page: 1"], "").await;
    assert_eq!(answer.ids(), ids[1..]);
    assert_eq!(told(&answer), (Some("2"), Some("0"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_belongs_to_one_program_and_several_customers_may_share_it() {
    let world = World::start().await;
    let ours = world.company().await;
    let theirs = world.program(&ours.merchant).await;
    let body = |phone| json!({"first_name": "A", "phone": phone, "reference_id": "student_7"});
    let (first, second) = (ours.customer(&body("1")).await, ours.customer(&body("2")).await);
    let third = theirs.customer(&body("3")).await;
    assert_eq!(theirs.put(first, &json!({"reference_id": "x"})).await.status, 200);
    let search = "/customers.json?reference_id=student_7";
    assert_eq!(ours.get(search).await.ids(), [first, second]);
    assert_eq!(theirs.get(search).await.ids(), [third]);
    assert_eq!(ours.shown(first).await["reference_id"], "student_7");
    assert_eq!(theirs.shown(first).await["reference_id"], "x");
    assert_eq!(ours.shown(third).await["reference_id"], "");
    let list = ours.get("/customers.json").await.json();
    let references: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["reference_id"].as_str().unwrap())
        .collect();
    assert_eq!(references, ["student_7", "student_7", ""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_by_reference_is_always_a_page() {
    let world = World::start().await;
    let program = world.company().await;
    program.customer(&json!({"first_name": "A", "phone": "1", "reference_id": "R"})).await;
    for value in ["", "r", "R%20", "unknown", "%00", "%25", &"x".repeat(6000)] {
        let answer = program.get(&format!("/customers.json?reference_id={value}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "[]"), "{value}");
        assert_eq!(told(&answer), (Some("1"), Some("0"), None));
    }
    let shared = escaped("shared & co");
    for n in 0..26 {
        let body =
            json!({"first_name": "A", "phone": n.to_string(), "reference_id": "shared & co"});
        program.customer(&body).await;
    }
    let answer = program.get(&format!("/customers.json?reference_id={shared}")).await;
    assert_eq!((answer.ids().len(), answer.header("x-pages")), (25, Some("2")));
    let next = answer.header("x-next-page").unwrap().strip_prefix(BASE).unwrap().to_owned();
    assert!(next.contains(&shared), "{next}");
    let answer = world.ask("GET", &next, &[program.basic.as_str()], b"").await;
    assert_eq!((answer.ids().len(), told(&answer)), (1, (Some("2"), Some("1"), None)));
}
