//! SMS through a gateway that takes them by HTTP.

use std::fmt;

use async_trait::async_trait;
use domain::message::{DeliveryError, TextMessage, Texter};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde_json::Value;

use crate::settings::{BodyFormat, InvalidSettings, SmsSettings, is_loopback};

/// Posts SMS to one gateway. Any answer of the class 2xx means that the gateway took it.
pub struct SmsGateway {
    client: Client,
    url: Url,
    body: Body,
}

/// The body with places for values.
enum Body {
    Json(Value),
    Form(Vec<(String, String)>),
}

impl fmt::Debug for SmsGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmsGateway")
    }
}

impl SmsGateway {
    /// A way to the gateway; it is not called yet.
    pub fn new(settings: &SmsSettings) -> Result<Self, InvalidSettings> {
        let url: Url = settings.url.parse().map_err(|_| InvalidSettings::Url)?;
        let protected = match url.scheme() {
            "https" => true,
            "http" => url.host_str().is_some_and(is_loopback),
            _ => false,
        };
        if !protected {
            return Err(InvalidSettings::Url);
        }
        // Neither a proxy from the environment nor a redirect may lead numbers and codes elsewhere.
        let client = Client::builder()
            .default_headers(headers(settings)?)
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| InvalidSettings::Tls)?;
        let body = Body::read(settings.format, &settings.body).ok_or(InvalidSettings::Body)?;
        Ok(Self { client, url, body })
    }
}

#[async_trait]
impl Texter for SmsGateway {
    async fn send(&self, text: &TextMessage) -> Result<(), DeliveryError> {
        let request = self.client.post(self.url.clone()).body(self.body.filled(text, &self.url));
        let answer = request.send().await.map_err(|error| {
            let reason = if error.is_timeout() { "took too long" } else { "cannot be reached" };
            DeliveryError::Failed(format!("the SMS gateway {reason}").into())
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let reason = format!("the SMS gateway answered {}", status.as_u16()).into();
        // These judge the message; others speak of the gateway, or of our key to it.
        match status {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                Err(DeliveryError::Refused(reason))
            }
            _ => Err(DeliveryError::Failed(reason)),
        }
    }
}

fn headers(settings: &SmsSettings) -> Result<HeaderMap, InvalidSettings> {
    let kind = match settings.format {
        BodyFormat::Json => "application/json",
        BodyFormat::Form => "application/x-www-form-urlencoded",
    };
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
    for (name, value) in &settings.headers {
        let name: HeaderName = name.parse().map_err(|_| InvalidSettings::Header)?;
        let mut value: HeaderValue = value.expose().parse().map_err(|_| InvalidSettings::Header)?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

impl Body {
    /// Reads a body as it was set; `None` if it is not of its format or says neither the number nor the text.
    fn read(format: BodyFormat, raw: &str) -> Option<Self> {
        if !raw.contains("{number}") || !raw.contains("{text}") {
            return None;
        }
        match format {
            BodyFormat::Json => serde_json::from_str(raw).ok().map(Self::Json),
            BodyFormat::Form => {
                let pair = |pair: &str| {
                    pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
                };
                raw.split('&').map(pair).collect::<Option<_>>().map(Self::Form)
            }
        }
    }

    /// The body for one SMS. Values are put in after the body was taken apart, so that none can change its shape.
    fn filled(&self, text: &TextMessage, base: &Url) -> String {
        match self {
            Self::Json(document) => {
                let mut document = document.clone();
                fill_document(&mut document, text);
                document.to_string()
            }
            Self::Form(pairs) => {
                let mut url = base.clone();
                let pairs = pairs.iter().map(|(name, value)| (name, fill(value, text)));
                url.query_pairs_mut().clear().extend_pairs(pairs);
                url.query().unwrap_or_default().to_owned()
            }
        }
    }
}

fn fill_document(value: &mut Value, text: &TextMessage) {
    match value {
        Value::String(leaf) => *leaf = fill(leaf, text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_document(item, text)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| fill_document(field, text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// One value with the places filled; what looks like a place in the text of the SMS stays text.
fn fill(value: &str, text: &TextMessage) -> String {
    let id = text.id.to_string();
    let mut filled = String::with_capacity(value.len() + text.body.len());
    let mut rest = value;
    while let Some(at) = rest.find('{') {
        let (before, place) = rest.split_at(at);
        let places =
            [("{number}", text.to.as_str()), ("{text}", &text.body), ("{id}", id.as_str())];
        let known = places.iter().find(|(name, _)| place.starts_with(name));
        let (name, value) = known.copied().unwrap_or(("{", "{"));
        filled.push_str(before);
        filled.push_str(value);
        rest = &place[name.len()..];
    }
    filled.push_str(rest);
    filled
}
