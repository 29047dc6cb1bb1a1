//! The development outbox: a page with every message that would have left, and a panel for its links to lead to.
//!
//! Whoever opens it reads other people's codes and passwords. It is mounted by `messages.dev_outbox` alone, which the
//! configuration refuses on any address but a loopback one.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType, REFERRER_POLICY,
};
use actix_web::web::{self, Data, Path, ServiceConfig};
use domain::Clock;
use domain::message::Channel;
use messages::{Outbox, Sent};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}\
    article{border:1px solid #bbb;border-radius:6px;padding:0 1rem;margin:1rem 0}\
    pre{white-space:pre-wrap;font:inherit}time,small{color:#555}input,button{font:inherit;padding:.3rem}";

/// An outbox that says in the log what it is given.
pub(crate) fn visible(clock: &Arc<dyn Clock>) -> Outbox {
    tracing::warn!("messages go to the log and to /dev/outbox, for everybody to read");
    Outbox::watched(Arc::clone(clock), |sent| {
        let Sent { channel, to, subject, body, .. } = sent;
        tracing::info!(channel = channel.name(), to, subject, body, "development outbox");
    })
}

/// Mounts the page and the panel.
pub(crate) fn mount(app: &mut ServiceConfig, outbox: Outbox) {
    app.service(
        web::scope("/dev")
            .app_data(Data::new(outbox))
            .route("/outbox", web::get().to(show_outbox))
            .route("/panel/{store}", web::get().to(show_panel))
            .route("/panel/{store}/activate/{token}", web::get().to(show_activation))
            .route("/panel/{store}/reset-password/{token}", web::get().to(show_reset)),
    );
}

async fn show_outbox(outbox: Data<Outbox>) -> HttpResponse {
    let sent = outbox.sent();
    let mut body = String::from("<h1>Outbox</h1><p><small>Newest first.</small></p>");
    if sent.is_empty() {
        body.push_str("<p>Nothing was sent yet.</p>");
    }
    for sent in &sent {
        body.push_str(&article(sent));
    }
    page("Outbox", "<meta http-equiv=\"refresh\" content=\"3\">", &body)
}

async fn show_panel(store: Path<String>) -> HttpResponse {
    let body = format!("<h1>{}</h1><p>A customers' panel would be here.</p>", escaped(&store));
    page("Panel", "", &body)
}

async fn show_activation(path: Path<(String, String)>) -> HttpResponse {
    let (store, token) = path.into_inner();
    let body = format!(
        "<h1>Activate your account</h1><form method=\"post\" action=\"/api/{}/customer/activate/{}\">\
         <button>Activate</button></form>",
        segment(&store),
        segment(&token)
    );
    page("Activation", "", &body)
}

async fn show_reset(path: Path<(String, String)>) -> HttpResponse {
    let (store, token) = path.into_inner();
    let body = format!(
        "<h1>Choose a password</h1><form method=\"post\" action=\"/api/{}/password/reset\">\
         <input type=\"hidden\" name=\"token\" value=\"{}\">\
         <input type=\"password\" name=\"reset[plainPassword]\" required> <button>Save</button></form>",
        segment(&store),
        escaped(&token)
    );
    page("Password", "", &body)
}

fn article(sent: &Sent) -> String {
    let heading = match sent.channel {
        Channel::Email => format!("Mail: {}", sent.subject),
        Channel::Sms => "SMS".to_owned(),
    };
    format!(
        "<article><h2>{}</h2><p>To {} <time>{}</time></p><pre>{}</pre></article>",
        escaped(&heading),
        escaped(&sent.to),
        sent.at,
        linked(&sent.body)
    )
}

fn page(title: &str, head: &str, body: &str) -> HttpResponse {
    // No script and nothing from elsewhere: what messages say cannot act.
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{head}<title>{title}</title>\
             <style>{STYLE}</style></head><body>{body}</body></html>"
        ))
}

/// A text in which what looks like an address of the web can be followed.
fn linked(text: &str) -> String {
    let mut shown = String::new();
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let (word, blank) = (escaped(word), &part[word.len()..]);
        if word.starts_with("http://") || word.starts_with("https://") {
            // Writing to a string cannot fail.
            let _ = write!(shown, "<a href=\"{word}\">{word}</a>{blank}");
        } else {
            shown.push_str(&word);
            shown.push_str(blank);
        }
    }
    shown
}

/// A text as a part of HTML.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            _ => shown.push(c),
        }
        shown
    })
}

/// A text as a segment of a path.
fn segment(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut shown, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            shown.push(char::from(byte));
        } else {
            let _ = write!(shown, "%{byte:02X}");
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_can_be_followed_and_nothing_else_is_markup() {
        assert_eq!(
            linked("Hi <b>\nhttp://a.example/x?a=1&b=\"2\" .\n"),
            "Hi &lt;b&gt;\n<a href=\"http://a.example/x?a=1&amp;b=&quot;2&quot;\">\
             http://a.example/x?a=1&amp;b=&quot;2&quot;</a> .\n"
        );
        assert_eq!(linked("javascript:alert(1)"), "javascript:alert(1)");
    }

    #[test]
    fn a_token_stays_in_its_segment() {
        assert_eq!(segment("a/b\"?ż"), "a%2Fb%22%3F%C5%BC");
    }
}
