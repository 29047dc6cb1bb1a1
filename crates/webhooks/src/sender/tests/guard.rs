//! No delivery connects to where it may not go, however its address is written and whatever a name says meanwhile.

use domain::delivery::Failure::Forbidden;

use super::*;

/// The machine that every spelling below leads to, at a port of its own: it must never be called.
struct Canary(std::net::TcpListener);

impl Canary {
    fn at(port: u16) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        Ok(Self(listener))
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Whether nobody called. A connection that was made waits here from then on.
    fn is_untouched(&self) -> bool {
        self.0.accept().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

/// Hosts that lead inside, all of them refused before or after their name is resolved.
const HOSTS: &[&str] = &[
    // The machine itself.
    "127.0.0.1",
    "127.0.0.1.",
    "127.0.0.2",
    "127.127.127.127",
    "127.1",
    "127.0.1",
    "127.00.00.01",
    "0127.0.0.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "0177.1",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "0X7F000001",
    "017700000001",
    "2130706433",
    "3232235777",
    "0",
    "0.0.0.0",
    "0.0.0.1",
    "00000.0.0.0",
    "localhost",
    "LOCALHOST",
    "LocalHost.",
    "app.localhost",
    "a.b.localhost.",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::]",
    // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP.
    "[::ffff:127.0.0.1]",
    "[::FFFF:7F00:1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2002:c0a8:101::1]",
    "[2001::1]",
    "[2001:0:7f00:1::]",
    "[fe80::5efe:7f00:1]",
    // Private networks, links, carriers, metadata of clouds.
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fdff:ffff::1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    // Ranges that nobody may route.
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[100::1]",
    "[2001:db8::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[ff02::1]",
    "[ff05::1:3]",
    // Names that lead inside once they are asked for.
    "localtest.me",
    "lvh.me",
    "127.0.0.1.nip.io",
    "7f000001.nip.io",
    "spoofed.burpcollaborator.net",
    "metadata.google.internal",
    "ip6-localhost",
    "inside",
    "xn--bcher-kva.test",
    "_service.example.test",
];

/// What of an address other than its host may mislead.
const ADDRESSES: &[&str] = &[
    "http://user@{}/",
    "http://user:secret@{}/",
    "http://example.test@{}/",
    "http://{}#@example.test/",
    "http://example.test#@{}/",
    "http://example.test\\@{}/",
    "http://{}\\@example.test/",
    "http://example.test/\r\nHost: {}",
    "http://{} /",
    "http:///{}/",
    "http:/{}/",
    "http:{}/",
    "//{}/",
    "gopher://{}/",
    "ftp://{}/",
    "file://{}/etc/passwd",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://[::1%25lo]/",
    "http://[::1",
    "http://::1/",
];

#[tokio::test]
async fn no_spelling_of_an_address_inside_is_ever_connected_to() {
    assert!(HOSTS.len() + ADDRESSES.len() >= 60);
    let canary = Canary::at(0).unwrap();
    let port = canary.port();
    let names = Scripted::new(&[&["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1"]]);
    let sender = HttpSender::over(Arc::new(names), LONG, Some(is_public)).unwrap();
    let hosts = HOSTS
        .iter()
        .flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:{port}/hook")));
    let place = format!("127.0.0.1:{port}");
    let addresses = ADDRESSES.iter().map(|address| address.replace("{}", &place));
    for raw in hosts.chain(addresses) {
        // What cannot be registered is never sent to; what can is refused now.
        let Ok(address) = DeliveryAddress::try_from(raw.clone()) else { continue };
        let reply = sender.send(Outgoing { address, ..outgoing("http://a.test/") }).await;
        assert_eq!(reply, Reply::Failed(Forbidden), "{raw}");
        assert!(canary.is_untouched(), "{raw}");
    }
    assert!(canary.is_untouched());
}

#[tokio::test]
async fn the_canary_would_notice() {
    let canary = Canary::at(0).unwrap();
    assert!(canary.is_untouched());
    let url = format!("http://127.0.0.1:{}/", canary.port());
    let late = sender(Duration::from_millis(100)).send(outgoing(&url)).await;
    assert_eq!((late, canary.is_untouched()), (Reply::Failed(Failure::TimedOut), false));
}

#[tokio::test]
async fn ports_of_other_services_are_never_connected_to() {
    let names = Scripted::new(&[&["127.0.0.1"]]);
    // Every address passes, so that only the port can be the reason.
    let sender = HttpSender::over(Arc::new(names), LONG, Some(|_| true)).unwrap();
    for port in [1, 22, 25, 81, 110, 389, 444, 465, 587, 993, 1023] {
        for host in ["example.test", "127.0.0.1", "[::1]"] {
            let reply = sender.send(outgoing(&format!("http://{host}:{port}/"))).await;
            assert_eq!(reply, Reply::Failed(Forbidden), "{host}:{port}");
        }
    }
}

/// In place of the open internet, which tests have no business with: one more address of this machine.
fn is_stage(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 2])
}

#[tokio::test]
async fn a_name_that_moves_inside_is_not_followed() {
    let outside = Receiver::at("127.0.0.2").await;
    let port = outside.address.port();
    let canary = Canary::at(port).unwrap();
    let names = Scripted::new(&[&["127.0.0.2"], &["127.0.0.1"], &["127.0.0.1", "127.0.0.2"]]);
    let sender = HttpSender::over(Arc::new(names), LONG, Some(is_stage)).unwrap();
    let url = format!("http://moving.example.test:{port}/");
    let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let ok = Reply::Answered { status: 200, body: Vec::new(), retry_after: None };

    let (reply, _) = tokio::join!(sender.send(outgoing(&url)), outside.answer(answer));
    assert_eq!(reply, ok);
    assert_eq!(sender.send(outgoing(&url)).await, Reply::Failed(Forbidden));
    // Of several addresses those that are allowed are called.
    let (reply, _) = tokio::join!(sender.send(outgoing(&url)), outside.answer(answer));
    assert_eq!(reply, ok);
    assert!(canary.is_untouched());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let canary = Canary::at(0).unwrap();
    let inside = format!("http://127.0.0.1:{}/", canary.port());
    for status in [301, 302, 303, 307, 308] {
        for private_addresses in [true, false] {
            let receiver = Receiver::at("127.0.0.2").await;
            let names = Scripted::new(&[&["127.0.0.2"]]);
            let rule: fn(IpAddr) -> bool = is_stage;
            let allowed = (!private_addresses).then_some(rule);
            let sender = HttpSender::over(Arc::new(names), LONG, allowed).unwrap();
            let url = format!("http://away.example.test:{}/", receiver.address.port());
            let answer = format!(
                "HTTP/1.1 {status} Away\r\nlocation: {inside}\r\nrefresh: 0;url={inside}\r\ncontent-length: 0\r\n\r\n"
            );
            let (reply, _) = tokio::join!(sender.send(outgoing(&url)), receiver.answer(&answer));
            let expected = Reply::Answered { status, body: Vec::new(), retry_after: None };
            assert_eq!(reply, expected);
        }
    }
    assert!(canary.is_untouched());
}
