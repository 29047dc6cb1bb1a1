//! SMS to a gateway that the test plays.

use std::time::Duration;

use domain::Secret;
use domain::message::{DeliveryError, TextMessage, Texter};
use messages::{BodyFormat, InvalidSettings, SmsGateway, SmsSettings};

use super::a_text;
use super::peer::Peer;

const JSON: &str =
    r#"{"to":["{number}"],"message":{"text":"{text}","ref":"clientele-{id}"},"flash":false}"#;
const FORM: &str = "to={number}&text={text}&from=Bean & Co=x";

fn settings(peer: &Peer, format: BodyFormat, body: &str) -> SmsSettings {
    SmsSettings {
        url: format!("http://{}/send?account=1", peer.address),
        format,
        body: body.to_owned(),
        headers: vec![("X-Key".to_owned(), Secret::new("hunter2".to_owned()))],
        timeout: Duration::from_secs(30),
    }
}

/// Answers one request and gives its head, in lower case, and its body.
async fn serve(peer: &Peer, answer: &str) -> (Vec<String>, String) {
    let mut talk = peer.accept().await;
    let mut head = Vec::new();
    while let Some(line) = talk.hear().await.filter(|line| !line.is_empty()) {
        head.push(line.to_lowercase());
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
    let body = talk.hear_exactly(length.unwrap().parse().unwrap()).await;
    talk.say(&format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")).await;
    (head, body)
}

async fn exchange(
    format: BodyFormat,
    body: &str,
    text: &TextMessage,
    answer: &str,
) -> (Result<(), DeliveryError>, Vec<String>, String) {
    let peer = Peer::bind().await;
    let gateway = SmsGateway::new(&settings(&peer, format, body)).unwrap();
    let (outcome, (head, body)) = tokio::join!(gateway.send(text), serve(&peer, answer));
    (outcome, head, body)
}

#[tokio::test]
async fn a_json_gateway_gets_number_text_and_id_where_they_belong() {
    let text = a_text("+48 600 500 400", "Bean code (no. 1): \"95{number}\"\n");
    let (outcome, head, body) = exchange(BodyFormat::Json, JSON, &text, "202 Accepted").await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(head[0], "post /send?account=1 http/1.1");
    assert!(head.contains(&"content-type: application/json".to_owned()), "{head:?}");
    assert!(head.contains(&"x-key: hunter2".to_owned()), "{head:?}");
    let expected = format!(
        r#"{{"to":["+48600500400"],"message":{{"text":"Bean code (no. 1): \"95{{number}}\"\n","ref":"clientele-{}"}},"flash":false}}"#,
        text.id
    );
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_form_gateway_gets_escaped_values() {
    let form = FORM.replace(" & ", " and ");
    let text = a_text("+48600500400", "a&to=112 ż");
    let (outcome, head, body) = exchange(BodyFormat::Form, &form, &text, "200 OK").await;
    assert_eq!(outcome, Ok(()));
    assert!(head.contains(&"content-type: application/x-www-form-urlencoded".to_owned()));
    assert_eq!(body, "to=%2B48600500400&text=a%26to%3D112+%C5%BC&from=Bean+and+Co%3Dx");
}

#[tokio::test]
async fn what_is_not_taken_is_told_by_its_number_alone() {
    let text = a_text("600500400", "x");
    for (answer, refused) in [
        ("400 Bad Request", true),
        ("422 Unprocessable", true),
        ("401 Unauthorized", false),
        ("429 Too Many Requests", false),
        ("302 Found\r\nlocation: http://127.0.0.1:1/600500400", false),
        ("500 Oops", false),
    ] {
        let (outcome, _, _) = exchange(BodyFormat::Json, JSON, &text, answer).await;
        let reason = format!("the SMS gateway answered {}", &answer[..3]).into();
        let expected =
            if refused { DeliveryError::Refused(reason) } else { DeliveryError::Failed(reason) };
        assert_eq!(outcome, Err(expected), "{answer}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_silent_or_gone_fails_the_try() {
    let text = a_text("600500400", "x");
    let silent = Peer::bind().await;
    let timeout = Duration::from_millis(50);
    let short = SmsSettings { timeout, ..settings(&silent, BodyFormat::Json, JSON) };
    let outcome = SmsGateway::new(&short).unwrap().send(&text).await;
    assert_eq!(outcome, Err(DeliveryError::Failed("the SMS gateway took too long".into())));
    let gone = settings(&Peer::bind().await, BodyFormat::Json, JSON);
    let outcome = SmsGateway::new(&gone).unwrap().send(&text).await;
    assert_eq!(outcome, Err(DeliveryError::Failed("the SMS gateway cannot be reached".into())));
}

#[tokio::test]
async fn settings_that_cannot_work_or_would_leave_sms_open_are_refused() {
    let peer = Peer::bind().await;
    let refused = |settings: SmsSettings| SmsGateway::new(&settings).unwrap_err();
    let good = || settings(&peer, BodyFormat::Json, JSON);
    for url in ["", "gateway", "http://gateway.example/", "ftp://localhost/", "file:///etc/passwd"]
    {
        assert_eq!(refused(SmsSettings { url: url.to_owned(), ..good() }), InvalidSettings::Url);
    }
    for (format, body) in [
        (BodyFormat::Json, ""),
        (BodyFormat::Json, r#"{"to":"{number}"}"#),
        (BodyFormat::Json, r#"{"to":"{number}","text":"{text}""#),
        (BodyFormat::Form, "to={number}&{text}"),
    ] {
        let bad = SmsSettings { format, body: body.to_owned(), ..good() };
        assert_eq!(refused(bad), InvalidSettings::Body, "{body}");
    }
    let headers = vec![("X Key".to_owned(), Secret::new("x".to_owned()))];
    assert_eq!(refused(SmsSettings { headers, ..good() }), InvalidSettings::Header);
    let headers = vec![("X-Key".to_owned(), Secret::new("x\r\ny: z".to_owned()))];
    assert_eq!(refused(SmsSettings { headers, ..good() }), InvalidSettings::Header);
}
