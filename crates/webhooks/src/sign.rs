//! Signatures of deliveries.

use aws_lc_rs::hmac;
use domain::Secret;
use domain::text::hex;

/// The lower-case hexadecimal HMAC-SHA256 of a delivery's body under an application's signature token (KO 3.5).
pub fn signature(token: &Secret<Vec<u8>>, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.expose());
    hex(hmac::sign(&key, body).as_ref())
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
}
