//! Messages leave real processes: once, whatever a gateway says, and with nothing of them in a log.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use domain::access::Actor;
use domain::customer::{Customer, Demands, Email, PhoneNumber};
use domain::id::MessageId;
use domain::merchant::MerchantName;
use domain::message::{Message, MessageContent, MessageKind};
use domain::testing::{a_birth, a_customer};
use domain::{Clock as _, Entropy as _, Secret, Storage, demo};
use secrets::{Keeper, SystemClock, SystemEntropy};

use super::instance::{GUARD, Instance, MASTER_KEY, planted};

const EMAIL: &str = "planted.person@example.com";
const PHONE: &str = "48700600500";
const CODE: &str = "954604";
const NAME: &str = "Plantedname";

/// A server that hands every connection to `serve` and tells what came of it.
fn gateway(serve: fn(TcpStream) -> String) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (served, heard) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if served.send(serve(stream)).is_err() {
                break;
            }
        }
    });
    (address, heard)
}

/// Takes every SMS; gives the body.
fn take_sms(stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    reader.get_mut().write_all(answer).unwrap();
    String::from_utf8(body).unwrap()
}

/// Takes no mail, and says more about it than a log may hold.
fn refuse_mail(mut stream: TcpStream) -> String {
    stream.write_all(format!("421 {EMAIL} may try later\r\n").as_bytes()).unwrap();
    String::new()
}

/// A code by SMS and a first mail, for a customer who is reached by both.
async fn write_two(storage: &Storage) {
    let mut session = storage.session().await.unwrap();
    let name = MerchantName::StoreCode(demo::STORE.to_owned());
    let merchant = session.merchants().find_by_name(&name).await.unwrap().unwrap().id;
    let person = Customer {
        email: Email::try_from(EMAIL).ok(),
        phone: PhoneNumber::try_from(PHONE).ok(),
        name: domain::customer::Name::Undivided(NAME.try_into().unwrap()),
        ..a_customer(merchant)
    };
    let about = Actor::Customer(person.id);
    session.customers().create(&a_birth(person, Demands::default())).await.unwrap();
    let keeper = Keeper::cheap(MASTER_KEY.parse().unwrap()).unwrap();
    let code = MessageContent { secret: Secret::new(CODE.to_owned()), number: 1, address: None };
    let entropy = SystemEntropy::default();
    for (kind, content) in [
        (MessageKind::ActivationCode, Some(code.seal(&keeper).unwrap())),
        (MessageKind::AccountCreated, None),
    ] {
        let message = Message {
            id: MessageId::from(entropy.uuid()),
            merchant,
            about,
            kind,
            language: None,
            content,
            created_at: SystemClock.now(),
            expires_at: None,
        };
        session.messages().enqueue(&message).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_send_a_message_once_and_log_nothing_of_it() {
    let database = planted().await;
    let storage = Storage::new(database.backend());
    write_two(&storage).await;
    let (sms, texts) = gateway(take_sms);
    let (smtp, mails) = gateway(refuse_mail);
    let (url, port) = (format!("http://{sms}/"), smtp.port().to_string());
    let variables = [
        ("CLIENTELE_MESSAGES__SMS__URL", url.as_str()),
        ("CLIENTELE_MESSAGES__SMTP__HOST", "127.0.0.1"),
        ("CLIENTELE_MESSAGES__SMTP__PORT", port.as_str()),
        ("CLIENTELE_MESSAGES__SMTP__SECURITY", "none"),
        ("CLIENTELE_MESSAGES__SMTP__FROM", "shop@example.com"),
        ("CLIENTELE_MESSAGES__POLL_MILLISECONDS", "10"),
    ];
    let mut instances = [
        Instance::start(database.url(), &variables).await,
        Instance::start(database.url(), &variables).await,
    ];
    let text = texts.recv_timeout(GUARD).unwrap();
    assert!(text.contains(CODE) && text.contains(PHONE), "{text}");
    mails.recv_timeout(GUARD).unwrap();
    // Whoever is told to end finishes what is underway.
    let mut log = String::new();
    for instance in &mut instances {
        instance.terminate();
        assert!(instance.ended(Duration::from_secs(20)).await.success());
        log += &instance.output();
    }
    assert!(texts.try_recv().is_err(), "sent twice");
    let told = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    assert_eq!(told("message sent"), 1, "{log}");
    assert!(told("message put off") >= 1, "{log}");
    assert_eq!(storage.session().await.unwrap().messages().waiting().await, Ok(1));
    for planted in [EMAIL, "planted.person", PHONE, CODE, NAME, "password is", "Temporary"] {
        let line = log.lines().find(|line| line.contains(planted));
        assert_eq!(line, None, "{planted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_messages_wait_and_a_warning_says_so_once() {
    let database = planted().await;
    let storage = Storage::new(database.backend());
    write_two(&storage).await;
    let mut instance = Instance::start(database.url(), &[]).await;
    instance.terminate();
    assert!(instance.ended(Duration::from_secs(20)).await.success());
    let log = instance.output();
    let warned = log.lines().filter(|line| line.contains("messages wait")).count();
    assert_eq!(warned, 1, "{log}");
    assert_eq!(storage.session().await.unwrap().messages().waiting().await, Ok(2));
}
