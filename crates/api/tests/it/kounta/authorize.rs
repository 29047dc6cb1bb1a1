//! Letting an application in (contract 1.5).

use domain::account::{Admin, Role};
use domain::testing::an_admin;

use super::answer::Answer;
use super::world::{PASSWORD, Program, REDIRECT_URI, World, escaped};

/// What follows the registered address in a redirect.
const BACK: &str = "https://app.example.test/callback?tenant=7&";

fn query(program: &Program<'_>, response_type: &str, state: &str) -> String {
    format!(
        "client_id={}&redirect_uri={}{response_type}{state}",
        program.client_id,
        escaped(REDIRECT_URI)
    )
}

fn whole(program: &Program<'_>) -> String {
    query(program, "&response_type=code", "&state=a%26b%22%3E")
}

async fn show(world: &World, query: &str) -> Answer {
    world.ask("GET", &format!("/authorize?{query}"), &["Accept: text/html"], b"").await
}

async fn decide(world: &World, lines: &[&str], form: &str) -> Answer {
    let mut all = vec!["Content-Type: application/x-www-form-urlencoded"];
    all.extend(lines);
    world.ask("POST", "/authorize", &all, form.as_bytes()).await
}

#[track_caller]
fn is_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert!(answer.body.starts_with("<!DOCTYPE html>"), "{}", answer.body);
}

#[track_caller]
fn is_granted(answer: &Answer) {
    let link = answer.redirect();
    let rest = link.strip_prefix(BACK).unwrap_or_else(|| panic!("{link}"));
    let code = rest.strip_prefix("code=").and_then(|rest| rest.strip_suffix("&state=a%26b%22%3E"));
    let code = code.unwrap_or_else(|| panic!("{link}"));
    assert!(code.len() == 40 && code.bytes().all(|byte| b"0123456789abcdef".contains(&byte)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_who_asks_and_carries_the_request() {
    let world = World::start().await;
    let program = world.company().await;
    let page = show(&world, &whole(&program)).await;
    is_page(&page, 200);
    for part in [
        "<h1>Connect Tables &amp; &lt;Co&gt; to Harbour Road Coffee?</h1>",
        &format!(r#"name="client_id" value="{}""#, program.client_id),
        r#"name="redirect_uri" value="https://app.example.test/callback?tenant=7""#,
        r#"name="response_type" value="code""#,
        r#"name="state" value="a&amp;b&quot;&gt;""#,
        r#"name="decision" value="approve""#,
        r#"name="decision" value="deny""#,
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_never_grants() {
    let world = World::start().await;
    let program = world.company().await;
    let target = format!("/authorize?{}&decision=approve", whole(&program));
    for lines in [&["Accept: text/html"][..], &["Accept: */*", program.basic.as_str()], &[]] {
        is_page(&world.ask("GET", &target, lines, b"").await, 200);
        assert_eq!(world.ask("HEAD", &target, lines, b"").await.status, 200);
    }
    is_page(&decide(&world, &[], &whole(&program)).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_of_the_company_approves() {
    let world = World::start().await;
    let program = world.company().await;
    let name = world.full_admin(&program.merchant).await;
    let form = format!("{}&username={name}&password={PASSWORD}&decision=approve", whole(&program));
    is_granted(&decide(&world, &[], &form).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_a_browser_approves_with_its_own_secret() {
    let world = World::start().await;
    let program = world.company().await;
    let form = format!("{}&decision=approve", whole(&program));
    is_granted(&decide(&world, &[&program.basic], &form).await);
    let json = serde_json::json!({
        "client_id": program.client_id, "redirect_uri": REDIRECT_URI, "response_type": "code",
        "state": "a&b\">", "decision": "approve"
    });
    let lines = ["Content-Type: application/json", program.basic.as_str()];
    let answer = world.ask("POST", "/authorize", &lines, json.to_string().as_bytes()).await;
    is_granted(&answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_approves() {
    let world = World::start().await;
    let (program, other) = (world.company().await, world.company().await);
    let sibling = world.program(&program.merchant).await;
    let stranger = world.full_admin(&other.merchant).await;
    let reporter =
        world.admin(Admin { role: Role::Reporter, ..an_admin(program.merchant.id) }).await;
    let inactive = world.admin(Admin { active: false, ..an_admin(program.merchant.id) }).await;
    let admin = world.full_admin(&program.merchant).await;
    let approve = format!("{}&decision=approve", whole(&program));
    for proof in [
        String::new(),
        format!("&username={admin}"),
        format!("&username={admin}&password=x"),
        format!("&username=a%00b&password={PASSWORD}"),
        format!("&username={stranger}&password={PASSWORD}"),
        format!("&username={reporter}&password={PASSWORD}"),
        format!("&username={inactive}&password={PASSWORD}"),
    ] {
        let answer = decide(&world, &[], &format!("{approve}{proof}")).await;
        is_page(&answer, 403);
        assert!(answer.body.contains("do not belong to an administrator"), "{proof}");
    }
    for program in [&sibling, &other] {
        is_page(&decide(&world, &[&program.basic], &approve).await, 403);
    }
    let wrong = "Authorization: Basic eDp5";
    let answer = decide(&world, &[wrong], &approve).await;
    answer.refused(401, "invalid_client", "The client credentials are invalid");
    let answer = decide(&world, &["Authorization: Bearer x"], &approve).await;
    answer.refused(400, "invalid_request", "Malformed auth header");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_not_to_be_guessed() {
    let world = World::start().await;
    let program = world.company().await;
    let name = world.full_admin(&program.merchant).await;
    let as_whom =
        |name: &str| format!("{}&decision=approve&username={name}&password=", whole(&program));
    let approve = as_whom(&name);
    for at in 0..10 {
        let tried = if at < 4 { approve.clone() } else { as_whom(&format!("nobody-{at}")) };
        assert_eq!(decide(&world, &[], &format!("{tried}x")).await.status, 403);
    }
    let answer = decide(&world, &[], &format!("{approve}{PASSWORD}")).await;
    let sentence = "Rate limit reached, retry after the reset time";
    answer.refused(429, "Too Many Requests", sentence);
    world.server.clock.advance(time::Duration::MINUTE);
    is_granted(&decide(&world, &[], &format!("{approve}{PASSWORD}")).await);
    assert_eq!(decide(&world, &[], &format!("{approve}x")).await.status, 403);
    // One name may be wrong five times in a quarter of an hour, whatever the program is allowed.
    for password in ["x", PASSWORD] {
        let answer = decide(&world, &[], &format!("{approve}{password}")).await;
        answer.refused(429, "Too Many Requests", sentence);
    }
    world.server.clock.advance(time::Duration::minutes(15));
    is_granted(&decide(&world, &[], &format!("{approve}{PASSWORD}")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_goes_back_with_the_state() {
    let world = World::start().await;
    let program = world.company().await;
    let answer = decide(&world, &[], &format!("{}&decision=deny", whole(&program))).await;
    let expected = format!(
        "{BACK}error=access_denied&error_description=The%20user%20denied%20access%20to%20your%20application&state=a%26b%22%3E"
    );
    assert_eq!(answer.redirect(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_client_or_address_is_sent_nowhere() {
    let world = World::start().await;
    let program = world.company().await;
    let uri = escaped(REDIRECT_URI);
    let id = &program.client_id;
    for query in [
        String::new(),
        format!("client_id=nobody&redirect_uri={uri}&response_type=code&state=s"),
        format!("client_id=%00&redirect_uri={uri}&response_type=code&state=s"),
        format!("redirect_uri={uri}&response_type=code&state=s"),
    ] {
        let sentence = "The client id supplied is invalid";
        show(&world, &query).await.refused(400, "invalid_client", sentence);
        decide(&world, &[], &query).await.refused(400, "invalid_client", sentence);
    }
    let expected = concat!(
        r#"{"error":"redirect_uri_mismatch","#,
        r#""error_description":"The redirect URI provided is missing or does not match","#,
        r#""error_uri":"http://tools.ietf.org/html/rfc6749#section-3.1.2"}"#
    );
    for query in [
        format!("client_id={id}&response_type=code&state=s"),
        format!("client_id={id}&redirect_uri={uri}x&response_type=code&state=s"),
        format!("client_id={id}&redirect_uri=https%3A%2F%2Fevil.test&response_type=code&state=s"),
    ] {
        for answer in [show(&world, &query).await, decide(&world, &[], &query).await] {
            assert_eq!((answer.status, answer.body.as_str()), (400, expected), "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_beyond_that_is_told_at_the_registered_address() {
    let world = World::start().await;
    let program = world.company().await;
    for (response_type, state, expected) in [
        (
            "&response_type=code",
            "",
            "error=invalid_request&error_description=The%20state%20parameter%20is%20required",
        ),
        (
            "&response_type=code",
            "&state=",
            "error=invalid_request&error_description=The%20state%20parameter%20is%20required",
        ),
        (
            "&response_type=token",
            "&state=s",
            "error=unsupported_response_type&error_description=Only%20the%20response%20type%20code%20is%20supported&state=s",
        ),
        (
            "",
            "&state=%0D%0ASet-Cookie%3A%20a",
            "error=invalid_request&error_description=Invalid%20or%20missing%20response%20type&state=%0D%0ASet-Cookie%3A%20a",
        ),
    ] {
        let query = query(&program, response_type, state);
        assert_eq!(show(&world, &query).await.redirect(), format!("{BACK}{expected}"));
        let form = format!("{query}&decision=approve");
        let answer = decide(&world, &[&program.basic], &form).await;
        assert_eq!(answer.redirect(), format!("{BACK}{expected}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_verbs_and_broken_queries_are_refused() {
    let world = World::start().await;
    let answer = world.ask("PUT", "/authorize", &[], b"").await;
    answer.refused(405, "Method Not Allowed", "The method is not allowed on this resource");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    show(&world, "client_id=%zz").await.bad_request("The query string could not be read");
}
