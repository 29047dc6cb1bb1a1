//! Signatures of deliveries.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Secret;
use domain::text::hex;

/// The lower-case hexadecimal HMAC-SHA256 of a delivery's body under an application's signature token (KO 3.5).
pub fn signature(token: &Secret<Vec<u8>>, body: &[u8]) -> String {
    hex(hmac::sign(&key(token), body).as_ref())
}

/// The signature of a delivery as Standard Webhooks has it: `v1,` and the base64 of the HMAC-SHA256 of
/// `id.timestamp.body`, the timestamp in whole seconds since 1970.
pub fn standard_signature(
    secret: &Secret<Vec<u8>>,
    id: &str,
    timestamp: i64,
    body: &[u8],
) -> String {
    let mut context = hmac::Context::with_key(&key(secret));
    context.update(format!("{id}.{timestamp}.").as_bytes());
    context.update(body);
    format!("v1,{}", STANDARD.encode(context.sign()))
}

fn key(secret: &Secret<Vec<u8>>) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_contract_are_reproduced() {
        let token = Secret::new(b"sigtok-3f9c1e77".to_vec());
        let json = br#"{"id":700123,"company_id":5678,"first_name":"Ayla","last_name":"Nguyen","email":"ayla@example.test"}"#;
        let xml = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<customer><id type=\"number\">700123</id><first_name>Ayla</first_name></customer>";
        assert_eq!((json.len(), xml.len()), (100, 118));
        assert_eq!(
            signature(&token, json),
            "c0756f90bd9965e94d837a697d1809d24326c3b7edc814c5121903c32bc2d167"
        );
        assert_eq!(
            signature(&token, xml),
            "3fd9123327be878494b524b5ae38ea5ef2bf3c09e3e4385aeac057ae81e5d5c2"
        );
    }

    /// The example that the specification of Standard Webhooks and its libraries are tried with.
    #[test]
    fn the_vector_of_standard_webhooks_is_reproduced() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            standard_signature(
                &Secret::new(secret),
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                br#"{"test": 2432232314}"#,
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
