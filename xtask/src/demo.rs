//! The credentials of the demonstration merchant, and one request in each vendor's dialect to try them with.

use std::net::SocketAddr;

use domain::demo::{API_KEY, AUTHENTICITY_TOKEN, CLIENT, PASSWORD};

/// What opens the operator's surface of a service that `dev` started.
pub(crate) const OPS_KEY: &str = "ops_demo_key_of_this_machine_only_0001";

/// A shell line that anybody can paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) vendor: &'static str,
    pub(crate) shell: String,
}

/// One line for each dialect and one for the operator, for a server that listens on `address`.
pub(crate) fn lines(address: SocketAddr) -> [Line; 5] {
    let base = format!("http://{address}");
    [
        Line { vendor: "Open Loyalty", shell: open_loyalty(&base) },
        Line { vendor: "KunaCore", shell: kuna_core(&base) },
        Line { vendor: "Monri", shell: monri(&base) },
        Line { vendor: "Kounta", shell: kounta(&base) },
        Line { vendor: "everything that happened, for the operator", shell: feed(&base) },
    ]
}

fn open_loyalty(base: &str) -> String {
    // Interactive shells expand an exclamation mark even between double quotes.
    let password = PASSWORD.replace('!', "%21");
    let login =
        format!("curl -sS -d _username=admin -d _password={password} {base}/api/admin/login_check");
    let token = member("token", &login);
    format!(r#"curl -sS -H "Authorization: Bearer {token}" '{base}/api/customer?page=1&perPage=3'"#)
}

fn kuna_core(base: &str) -> String {
    format!(
        "curl -sS -H 'Api-Key: {API_KEY}' -H 'Content-Type: application/json' \
         -d '{{\"take\":3}}' {base}/v2/customer/find"
    )
}

fn monri(base: &str) -> String {
    let (token, key) = AUTHENTICITY_TOKEN;
    let login = format!(
        r#"curl -sS -H 'Content-Type: application/json' -d '{{"client_id":"{token}","client_secret":"{key}","grant_type":"client_credentials","scopes":["customers"]}}' {base}/v2/oauth"#
    );
    let token = member("access_token", &login);
    format!(r#"curl -sS -H "Authorization: Bearer {token}" '{base}/v2/customers?limit=3&offset=0'"#)
}

fn kounta(base: &str) -> String {
    let (client, secret) = CLIENT;
    format!("curl -sS -u {client}:{secret} {base}/v1/companies/me.json")
}

fn feed(base: &str) -> String {
    format!("curl -sS -H 'Authorization: Bearer {OPS_KEY}' {base}/ops/v1/events")
}

/// The shell's way to take one text member out of the JSON object that `command` prints.
fn member(name: &str, command: &str) -> String {
    format!(r#"$({command} | sed -E 's/.*"{name}": *"([^"]*)".*/\1/')"#)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::process;

    fn address() -> SocketAddr {
        "127.0.0.1:8080".parse().unwrap()
    }

    #[test]
    fn every_line_is_one_line_that_a_shell_understands() {
        for line in lines(address()) {
            assert!(!line.shell.contains('\n'), "{line:?}");
            process::read(Command::new("sh").args(["-n", "-c", &line.shell])).unwrap();
        }
    }

    #[test]
    fn every_line_asks_the_server_it_was_made_for() {
        let other = "127.0.0.1:9090".parse().unwrap();
        assert!(lines(other).iter().all(|line| line.shell.contains("http://127.0.0.1:9090/")));
    }

    #[test]
    fn a_token_is_taken_out_of_a_reply() {
        let reply = r#"echo '{"token_type":"Bearer","access_token":"abc.d-e_f","expires_in":900}'"#;
        let shell = format!("echo {}", member("access_token", reply));
        assert_eq!(
            process::read(Command::new("sh").args(["-c", &shell])).unwrap().trim(),
            "abc.d-e_f"
        );
    }
}
