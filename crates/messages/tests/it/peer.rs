//! The other side of a connection, played by a test.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A port on which nobody was called yet.
pub(crate) struct Peer {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Peer {
    pub(crate) async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address }
    }

    pub(crate) async fn accept(&self) -> Conversation {
        let (stream, _) = self.listener.accept().await.unwrap();
        Conversation(BufReader::new(stream))
    }
}

/// A connection that talks in lines.
pub(crate) struct Conversation(BufReader<TcpStream>);

impl Conversation {
    pub(crate) async fn say(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).await.unwrap();
    }

    /// The next line without its end; nothing if the other side hung up.
    pub(crate) async fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).await.unwrap();
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    pub(crate) async fn hear_exactly(&mut self, length: usize) -> String {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).await.unwrap();
        String::from_utf8(bytes).unwrap()
    }
}
