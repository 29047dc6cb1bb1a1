//! Mails to a server that the test plays.

use std::time::Duration;

use domain::Secret;
use domain::message::{DeliveryError, Mail, Mailer};
use messages::{InvalidSettings, Security, Smtp, SmtpSettings};

use super::a_mail;
use super::peer::{Conversation, Peer};

fn settings(peer: &Peer) -> SmtpSettings {
    SmtpSettings {
        host: peer.address.ip().to_string(),
        port: peer.address.port(),
        security: Security::None,
        credentials: None,
        from: "Bean & Co <hello@bean.example>".to_owned(),
        timeout: Duration::from_secs(30),
    }
}

/// What the server heard, line by line, having answered a recipient and a message in the given ways.
async fn serve(peer: &Peer, recipient: &str, message: &str) -> Vec<String> {
    let mut talk = peer.accept().await;
    talk.say("220 mx.bean.example ready\r\n").await;
    let mut heard = Vec::new();
    while let Some(line) = talk.hear().await {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mx.bean.example\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
            "RCPT" => recipient,
            "DATA" => "354 go on\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        let data = line == "DATA";
        heard.push(line);
        talk.say(answer).await;
        if data {
            heard.extend(content(&mut talk).await);
            talk.say(message).await;
        }
    }
    heard
}

async fn content(talk: &mut Conversation) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(line) = talk.hear().await.filter(|line| line != ".") {
        lines.push(line);
    }
    lines
}

async fn exchange(
    mail: &Mail,
    recipient: &str,
    message: &str,
) -> (Result<(), DeliveryError>, Vec<String>) {
    let peer = Peer::bind().await;
    let smtp = Smtp::new(settings(&peer)).unwrap();
    tokio::join!(
        async {
            let outcome = smtp.send(mail).await;
            drop(smtp);
            outcome
        },
        serve(&peer, recipient, message)
    )
}

#[tokio::test]
async fn a_mail_arrives_with_its_headers_and_its_text() {
    let mail = a_mail("ada@shop.example", "Zażółć", "Hello Ada,\n\n.the code is 954604");
    let (outcome, heard) = exchange(&mail, "250 ok\r\n", "250 taken\r\n").await;
    assert_eq!(outcome, Ok(()));
    for expected in [
        "EHLO bean.example",
        "MAIL FROM:<hello@bean.example>",
        "RCPT TO:<ada@shop.example>",
        "From: =?utf-8?b?QmVhbiAmIENv?= <hello@bean.example>",
        "To: ada@shop.example",
        "Subject: =?utf-8?b?WmHFvMOzxYLEhw==?=",
        &format!("Message-ID: <{}@bean.example>", mail.id),
        "Content-Type: text/plain; charset=utf-8",
        "Hello Ada,",
        "..the code is 954604",
    ] {
        let found = heard.iter().any(|line| line.starts_with(expected));
        assert!(found, "{expected} in {heard:#?}");
    }
}

#[tokio::test]
async fn a_subject_cannot_become_a_header() {
    let mail =
        a_mail("ada@shop.example", "Hi\r\nBcc: all@shop.example", "x\r\nBcc: b@shop.example");
    let (outcome, heard) = exchange(&mail, "250 ok\r\n", "250 taken\r\n").await;
    assert_eq!(outcome, Ok(()));
    let lines: Vec<_> = heard.iter().take_while(|line| !line.is_empty()).collect();
    assert!(lines.iter().all(|line| !line.starts_with("Bcc")), "{lines:#?}");
    assert_eq!(heard.iter().filter(|line| line.starts_with("RCPT")).count(), 1);
}

#[tokio::test]
async fn a_reply_is_told_by_its_number_alone() {
    let mail = a_mail("ada@shop.example", "x", "y");
    for (recipient, message, expected) in [
        (
            "550 <ada@shop.example> is unknown\r\n",
            "",
            DeliveryError::Refused("the mail server answered 550".into()),
        ),
        (
            "450 <ada@shop.example> is busy\r\n",
            "",
            DeliveryError::Failed("the mail server answered 450".into()),
        ),
        (
            "250 ok\r\n",
            "554 no relaying to ada@shop.example\r\n",
            DeliveryError::Failed("the mail server answered 554".into()),
        ),
    ] {
        let (outcome, _) = exchange(&mail, recipient, message).await;
        assert_eq!(outcome, Err(expected));
    }
}

#[tokio::test]
async fn a_server_without_encryption_gets_neither_password_nor_mail() {
    let peer = Peer::bind().await;
    let credentials = Some(("bean".to_owned(), Secret::new("hunter2".to_owned())));
    let security = Security::StartTls;
    let smtp = Smtp::new(SmtpSettings { security, credentials, ..settings(&peer) }).unwrap();
    let mail = a_mail("ada@shop.example", "x", "y");
    let send = async {
        let outcome = smtp.send(&mail).await;
        drop(smtp);
        outcome
    };
    let (outcome, heard) = tokio::join!(send, serve(&peer, "250 ok\r\n", "250 taken\r\n"));
    assert!(matches!(outcome, Err(DeliveryError::Failed(_))), "{outcome:?}");
    let begun = heard.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"));
    assert!(!begun, "{heard:?}");
}

#[tokio::test]
async fn a_server_that_is_silent_or_gone_fails_the_try() {
    let mail = a_mail("ada@shop.example", "x", "y");
    let silent = Peer::bind().await;
    let short = SmtpSettings { timeout: Duration::from_millis(50), ..settings(&silent) };
    let outcome = Smtp::new(short).unwrap().send(&mail).await;
    assert_eq!(outcome, Err(DeliveryError::Failed("the mail server took too long".into())));
    let gone = settings(&Peer::bind().await);
    let outcome = Smtp::new(gone).unwrap().send(&mail).await;
    assert_eq!(outcome, Err(DeliveryError::Failed("the mail server cannot be reached".into())));
}

#[tokio::test]
async fn settings_that_cannot_work_or_would_leave_mails_open_are_refused() {
    let peer = Peer::bind().await;
    for host in ["mx.bean.example", "192.0.2.1", "127.0.0.1.bean.example"] {
        let open = SmtpSettings { host: host.to_owned(), ..settings(&peer) };
        assert_eq!(Smtp::new(open).unwrap_err(), InvalidSettings::UnprotectedMail, "{host}");
    }
    for from in ["", "Bean & Co", "a@b\r\nBcc: c@d.example"] {
        let nobody = SmtpSettings { from: from.to_owned(), ..settings(&peer) };
        assert_eq!(Smtp::new(nobody).unwrap_err(), InvalidSettings::Sender, "{from:?}");
    }
}
