//! A process that is told to stop finishes what it began.

use std::net::SocketAddr;
use std::time::Duration;

use domain::demo;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use super::instance::{GUARD, Instance, a_customer, client, planted};

const IN_FLIGHT: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_told_to_stop_answers_what_is_in_flight_and_ends_well() {
    let database = planted().await;
    let mut instance = Instance::start(database.url(), &[]).await;
    let address = instance.address;
    let (answered, mut progress) = watch::channel(0_usize);
    let load = (0..IN_FLIGHT).map(|lane| {
        let (answered, url) = (answered.clone(), instance.url("/v2/customer/create"));
        tokio::spawn(async move { press(&url, lane, &answered).await })
    });
    let load: Vec<_> = load.collect();
    progress.wait_for(|count| *count >= 50).await.unwrap();
    let begun = join_all((0..IN_FLIGHT).map(|turn| Begun::at(address, turn))).await;
    instance.terminate();
    timeout(GUARD, closed(address)).await.expect("a closed door in time");
    for answer in join_all(begun.into_iter().map(Begun::finish)).await {
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    let status = instance.ended(Duration::from_secs(10)).await;
    assert_eq!(status.code(), Some(0), "{}", instance.output());
    for lane in load {
        lane.await.unwrap();
    }
    let output = instance.output();
    assert!(output.contains(r#""message":"stopped""#), "{output}");
}

/// Creates one customer after another until the server is gone. Whatever is answered is answered well.
async fn press(url: &str, lane: usize, answered: &watch::Sender<usize>) {
    let client = client();
    for turn in 0_u32.. {
        let body = a_customer(&format!("lane{lane}.{turn}@example.com"));
        let request = client.post(url).header("api-key", demo::API_KEY).json(&body);
        let Ok(answer) = request.send().await else { return };
        assert_eq!(answer.status().as_u16(), 201);
        assert!(answer.text().await.unwrap().contains(r#"{"data":{"#));
        answered.send_modify(|count| *count += 1);
    }
}

/// A create of which the server has read the head and waits for the body.
struct Begun {
    stream: TcpStream,
    body: String,
}

impl Begun {
    async fn at(address: SocketAddr, turn: usize) -> Self {
        let body = a_customer(&format!("late{turn}@example.com")).to_string();
        let head = format!(
            "POST /v2/customer/create HTTP/1.1\r\nhost: localhost\r\napi-key: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nexpect: 100-continue\r\n\r\n",
            demo::API_KEY,
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let expected = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut begun = [0; 25];
        timeout(GUARD, stream.read_exact(&mut begun)).await.expect("a go-ahead").unwrap();
        assert_eq!(&begun, expected);
        Self { stream, body }
    }

    async fn finish(mut self) -> String {
        self.stream.write_all(self.body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(GUARD, self.stream.read_to_string(&mut answer)).await.expect("an answer").unwrap();
        answer
    }
}

/// Waits until nobody is let in any more.
async fn closed(address: SocketAddr) {
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
