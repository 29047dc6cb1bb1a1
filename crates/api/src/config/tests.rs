use ::messages::Security;

use super::*;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
const DOCUMENT: &str = include_str!("../../../../docs/configuration.md");

fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut all = vec![
        ("CLIENTELE_MASTER_KEY".to_owned(), KEY.to_owned()),
        ("PATH".to_owned(), "/bin".to_owned()),
    ];
    all.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::from_parts(file, all)
}

fn problem_of(file: &str, variables: &[(&str, &str)]) -> String {
    load(file, variables).expect_err("must be refused").to_string()
}

#[test]
fn the_defaults_and_a_master_key_are_enough() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(
        config.dialects,
        [Dialect::OpenLoyalty, Dialect::KunaCore, Dialect::Monri, Dialect::Kounta]
    );
    assert_eq!(config.workers, None);
    assert_eq!(config.master_key.expose()[..4], [0x00, 0x11, 0x22, 0x33]);
    assert_eq!(config.master_key.expose()[31], 0xff);
    assert_eq!(config.open_loyalty.refresh_token, Duration::from_hours(30 * 24));
    assert_eq!(config.database.wait, Duration::from_secs(1));
}

#[test]
fn a_variable_wins_over_the_file_and_the_file_over_the_default() {
    let file = "workers = 3\n[limits]\nbody_bytes = 5\njson_depth = 7\n";
    let config = load(file, &[("CLIENTELE_LIMITS__BODY_BYTES", "6")]).unwrap();
    assert_eq!(config.workers.map(NonZeroUsize::get), Some(3));
    assert_eq!((config.limits.body_bytes.get(), config.limits.json_depth.get()), (6, 7));
    assert_eq!(config.limits.form_depth.get(), 5);
}

#[test]
fn a_list_in_a_variable_is_separated_by_commas() {
    let config = load("", &[("CLIENTELE_DIALECTS", "monri, kounta")]).unwrap();
    assert_eq!(config.dialects, [Dialect::Monri, Dialect::Kounta]);
}

#[test]
fn proxies_are_addresses_and_networks() {
    let config = load("", &[("CLIENTELE_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
    let trusted = ["10.0.0.0/8", "::1"].map(|network| network.parse().unwrap());
    assert_eq!(config.trusted_proxies, trusted);
}

#[test]
fn a_master_api_key_is_none_unless_it_is_set() {
    assert_eq!(load("", &[]).unwrap().open_loyalty.master_api_key, None);
    let variables = [("CLIENTELE_OPEN_LOYALTY__MASTER_API_KEY", "let-me-in")];
    let config = load("", &variables).unwrap();
    let key = config.open_loyalty.master_api_key.as_ref().unwrap();
    assert_eq!(key.expose(), "let-me-in");
    assert!(!format!("{config:?}").contains("let-me-in"));
}

#[test]
fn texts_that_look_like_numbers_stay_texts() {
    let digits = "1".repeat(64);
    let config = load(
        "",
        &[("CLIENTELE_MASTER_KEY", &digits), ("CLIENTELE_OPEN_LOYALTY__DEFAULT_STORE", "007")],
    )
    .unwrap();
    assert_eq!(config.master_key.expose(), &[0x11; 32]);
    assert_eq!(config.open_loyalty.default_store, "007");
}

#[test]
fn zero_means_none_where_it_is_allowed() {
    let file = "principal_cache_seconds = 0\n[monri]\nclock_skew_seconds = 0\n[kounta]\nbasic_requests_per_minute = 0\n";
    let config = load(file, &[]).unwrap();
    assert_eq!((config.principal_cache, config.monri.clock_skew), (None, None));
    assert_eq!(config.kounta.basic_requests_per_minute, None);
    assert_eq!(config.kounta.oauth_requests_per_minute.map(NonZeroU32::get), Some(180));
}

#[test]
fn errors_name_the_key() {
    for (file, variables, expected) in [
        ("colour = 1", &[][..], "`colour` is not a setting"),
        ("[limits]\ncolour = 1", &[], "`limits.colour` is not a setting"),
        ("", &[("CLIENTELE_LIMITS__COLOUR", "1")], "`limits.colour` is not a setting"),
        (
            "",
            &[("CLIENTELE_LIMITS__BODY_BYTES", "many")],
            "`limits.body_bytes` must be a whole number",
        ),
        ("", &[("CLIENTELE_KOUNTA__CORS", "yes")], "`kounta.cors` must be true or false"),
        ("", &[("CLIENTELE_DIALECTS", "monri,latin")], "`dialects.1` must be one of open_loyalty"),
        ("", &[("CLIENTELE_DIALECTS", "")], "`dialects` names none"),
        ("", &[("CLIENTELE_DIALECTS", "monri,monri")], "`dialects` names one twice"),
        ("[limits]\nbody_seconds = 0", &[], "`limits.body_seconds` must be a nonzero u32"),
        ("[limits]\nhead_bytes = 131073", &[], "`limits.head_bytes` is over 131072"),
        ("listen = \"here\"", &[], "`listen` invalid socket address"),
        ("public_url = \"here\"", &[], "`public_url` must be an absolute http"),
        ("", &[("CLIENTELE_MASTER_KEY", "abc")], "`master_key` must be 64 hexadecimal digits"),
        ("", &[("CLIENTELE_DATABASE_URL", "")], "`database_url` is empty"),
        ("trusted_proxies = [\"proxy\"]", &[], "`trusted_proxies` must be an IP address"),
        ("[messages.smtp]\nhost = \"mx\"", &[], "`messages.smtp.from` must be set with a host"),
        ("[messages.smtp]\ntimeout_seconds = 61", &[], "`messages.smtp.timeout_seconds` is over"),
        ("[messages.sms]\ntimeout_seconds = 61", &[], "`messages.sms.timeout_seconds` is over"),
        ("[messages.sms]\nheaders = [\"x\"]", &[], "`messages.sms.headers` must be written"),
        ("[messages]\nactivation_path = \"x\"", &[], "`messages.activation_path` must begin"),
        (
            "listen = \"0.0.0.0:80\"\n[messages]\ndev_outbox = true",
            &[],
            "`messages.dev_outbox` needs a loopback address",
        ),
        (
            "[messages]\ndev_outbox = true\n[messages.sms]\nurl = \"https://a.example\"",
            &[],
            "`messages.dev_outbox` cannot stand beside a gateway",
        ),
    ] {
        let problem = problem_of(file, variables);
        assert!(problem.contains(expected), "{file} {variables:?}: {problem}");
    }
}

#[test]
fn a_missing_master_key_stops_the_start() {
    let error = Config::from_parts("", []).expect_err("no key").to_string();
    assert_eq!(error, "invalid configuration: `master_key` must be set");
}

#[test]
fn all_broken_rules_are_told_at_once() {
    let problem = problem_of("dialects = []\n[open_loyalty]\ndefault_store = \"\"", &[]);
    assert!(
        problem.contains("`dialects` names none; `open_loyalty.default_store` is empty"),
        "{problem}"
    );
}

#[test]
fn secrets_show_neither_in_debug_output_nor_in_errors() {
    let url = "postgres://app:hunter2@db/app";
    let shown = format!("{:?}", load("", &[("CLIENTELE_DATABASE_URL", url)]).unwrap());
    assert!(
        !shown.contains("hunter2") && !shown.contains("0x11") && !shown.contains("[0, 17"),
        "{shown}"
    );
    let bad_key = "zz".repeat(32);
    assert!(!problem_of("", &[("CLIENTELE_MASTER_KEY", &bad_key)]).contains("zz"));
    assert!(
        !Config::from_parts("master_key = 9876543210", [])
            .expect_err("no text")
            .to_string()
            .contains("98765")
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error =
        Config::load(Some(Path::new("no-such-file.toml"))).expect_err("missing").to_string();
    assert_eq!(error, "cannot read the configuration file no-such-file.toml");
}

#[test]
fn the_document_lists_every_key_with_its_default_and_meaning() {
    let expected = table_of(DEFAULTS);
    let rows: Vec<&str> = DOCUMENT
        .lines()
        .filter(|line| line.contains("`CLIENTELE_") && line.starts_with('|'))
        .collect();
    assert!(
        rows == expected,
        "the table in docs/configuration.md must read:\n{}",
        expected.join("\n")
    );
}

/// The rows that the commented defaults make: key, default, variable, meaning.
fn table_of(defaults: &str) -> Vec<String> {
    let (mut section, mut comment, mut rows) = (String::new(), String::new(), Vec::new());
    for line in defaults.lines() {
        let setting =
            line.strip_prefix("# ").filter(|text| text.ends_with("= required")).unwrap_or(line);
        if let Some(name) = setting.strip_prefix('[') {
            section = name.replace(']', ".");
        } else if let Some(text) = setting.strip_prefix("# ") {
            text.clone_into(&mut comment);
        } else if let Some((key, default)) = setting.split_once(" = ") {
            let key = format!("{section}{key}");
            let variable = format!("CLIENTELE_{}", key.to_uppercase().replace('.', "__"));
            let default =
                if default == "required" { "required".to_owned() } else { format!("`{default}`") };
            rows.push(format!("| `{key}` | {default} | `{variable}` | {comment} |"));
        }
    }
    rows
}

#[test]
fn links_begin_with_the_panel_or_else_with_the_public_address() {
    let links = |file: &str| {
        let config = load(file, &[]).unwrap();
        let links = config.messages.links(&config.public_url);
        (links.activation("ONE", "t"), links.reset("ONE", "t"))
    };
    let pair = |activation: &str, reset: &str| (activation.to_owned(), reset.to_owned());
    assert_eq!(
        links(""),
        pair("http://127.0.0.1:8080/activate/t", "http://127.0.0.1:8080/reset-password/t")
    );
    let own = "[messages]\ncustomer_panel_url = \"https://a.example/{store}/\"\nactivation_path = \"/#!/on/\"";
    assert_eq!(
        links(own),
        pair("https://a.example/ONE/#!/on/t", "https://a.example/ONE/reset-password/t")
    );
    let reset = "[messages]\npassword_reset_url = \"https://b.example/{store}\"\ndev_outbox = true";
    assert_eq!(
        links(reset),
        pair("http://127.0.0.1:8080/dev/panel/ONE/activate/t", "https://b.example/ONE/t")
    );
}

#[test]
fn no_gateway_is_set_up_unless_the_operator_names_one() {
    let config = load("", &[]).unwrap();
    assert!(config.messages.smtp.settings().is_none() && config.messages.sms.settings().is_none());
    let named = load(
        "[messages.smtp]\nhost = \"mx.example\"\nfrom = \"a@b.example\"\nusername = \"u\"\n[messages.sms]\nurl = \"https://sms.example\"",
        &[
            ("CLIENTELE_MESSAGES__SMTP__PASSWORD", "hunter2"),
            ("CLIENTELE_MESSAGES__SMS__HEADERS", "X-Key: hunter3,Y: z"),
        ],
    );
    let messages = named.unwrap().messages;
    let (smtp, sms) = (messages.smtp.settings().unwrap(), messages.sms.settings().unwrap());
    assert_eq!(
        (smtp.host.as_str(), smtp.port, smtp.security),
        ("mx.example", 587, Security::StartTls)
    );
    let (name, password) = smtp.credentials.clone().unwrap();
    assert_eq!((name.as_str(), password.expose().as_str()), ("u", "hunter2"));
    assert_eq!(
        (sms.headers[0].0.as_str(), sms.headers[0].1.expose().as_str()),
        ("X-Key", "hunter3")
    );
    let shown = format!("{messages:?} {smtp:?} {sms:?}");
    assert!(!shown.contains("hunter"), "{shown}");
}
