//! The vectors of MO 1.4, and headers that are none.

use time::macros::datetime;

use super::*;

const KEY: &[u8] = b"mk_demo_8Yq2Lw5Zr1";
const TOKEN: &str = "3f9c1d7be2a84056b1c7d90e4a6f5823c0de1b97";
const CUSTOMER: &str = "/v2/customers/0d4e9f0a-6c1b-4f1e-9a53-2b7f6c8d9e10";
const CREATE: &str =
    r#"{"merchant_customer_id":"mc-001","name":"Ana Anić","email":"ana@example.com"}"#;

/// Time, digest, target and body of V1 to V8.
const VECTORS: [(&str, &str, &str, &str); 8] = [
    (
        "1764633600",
        "9dde3c04c1f22b3b6dbf6613096aad32aef90c0f58ba85dc79b81d7f1b33efdd8cf79e712075470ed8de93987313ca271fe5a615d7ccc2d6b33e1d33541390e6",
        "/v2/customers",
        CREATE,
    ),
    (
        "1764633600",
        "448983783a861215755c1ad87f8a4c08403de6cfcee74bdb7c157f2580679cf5d3c1be4208af628e221331e9e628793070f45cbbd155e29d8194d12dc979b194",
        CUSTOMER,
        "",
    ),
    (
        "1764633600",
        "5ecf81b5a626778b9d135c7c78361e403ca26fea8223a32acc01f0eebf6e8855fdb1bbffcb23d07a53c3e847f424d75f3876b71489be14fe76761c4077f79574",
        "/v2/customers?limit=3&offset=0",
        "",
    ),
    (
        "1764633600",
        "ce276735b65914e360a005fd2b9e1157519dbd8f3c0a41cc79a24cd8b38cf32d8e57ee3612610f66a215d740e195cd75b8e17e98abb12d8a50c8c8989cc7fb0f",
        "/v2/merchants/customers/shop%2F42%20a",
        "",
    ),
    (
        "1764633601",
        "6a0444787e73119d04bd948a707447a9f524f182ed7414b7bfc161aae4b04b09a16dc3fb11c06b0c142f57e51e5c17d8c6b5c2c6881fd96e4b09d059de7f8d27",
        CUSTOMER,
        "",
    ),
    (
        "1764633600",
        "0620f24e99fc00af087ab1fce438af902be372e4db7adb8d273cca3dc0c97f4baf4892e92dab6bd532d0336b99e8853bd687bf0561f4fee41f39edcf9251bab9",
        "/v2/customers/0d4e9f0a-6c1b-4f1e-9a53-2b7f6c8d9e10/payment-methods?limit=50&offset=0",
        "",
    ),
    (
        "1764633700",
        "df8c3ef81cb88701ebcf289b4183f253264fb43cefd3f6d2209b95e42110ab2b0531cfc30e26d18d6f326efc3da1c3d1f2271669ce6f6ee32b718a322ae8798e",
        CUSTOMER,
        r#"{"metadata":{"tier":"gold","old":null}}"#,
    ),
    (
        "1764633600123",
        "9efc2a17120eb93542312c8411b45f7d4ff5815c9e0af81399a482ae554b4d1ee10ce2f59306c6fd1eb42afdd5eb1d26edefeec8a083addd9fc76a7603a6853f",
        "/v2/customers",
        "{}",
    ),
];

fn header(time: &str, digest: &str) -> String {
    format!("WP3-v2.1 {TOKEN} {time} {digest}")
}

fn fits(time: &str, digest: &str, target: &str, body: &[u8]) -> bool {
    Signature::parse(&header(time, digest)).unwrap().fits(KEY, target, body)
}

#[test]
fn the_vendors_published_sample_fits() {
    let header = "WP3-v2.1 7db11ea5d4a1af32421b564c79b946d1ead3daf0 1593457122 \
        bd120476c656a8ec3ce5d6a150f17061d03a8e280b0fbba278a73a15066830562f73ce5536882c9222e265f1ff6c2df629173375b549cba5a9275b08686f32ea";
    let signature = Signature::parse(header).unwrap();
    assert_eq!(signature.token, "7db11ea5d4a1af32421b564c79b946d1ead3daf0");
    assert!(signature.fits(b"qwert1234", "/v2/payment/new", br#"{"example":"1"}"#));
}

#[test]
fn every_vector_fits_its_own_request_only() {
    for (time, digest, target, body) in VECTORS {
        assert!(fits(time, digest, target, body.as_bytes()), "{target}");
        assert!(fits(time, &digest.to_uppercase(), target, body.as_bytes()), "{target}");
        for (_, _, other, other_body) in VECTORS {
            let same = (target, body) == (other, other_body);
            assert_eq!(fits(time, digest, other, other_body.as_bytes()), same, "{target} {other}");
        }
    }
}

#[test]
fn a_digest_of_the_path_alone_does_not_fit_a_target_with_a_query() {
    let digest = "8fb17e7ce7847d22fc44c612c3b82caa5affec03e03084ef6287e1b617a6213cb820ffad60c15f08b30340cd94f50a7f3a77c58b5a82ab2ad049b3ca3d6dde13";
    assert!(fits("1764633600", digest, "/v2/customers", b""));
    assert!(!fits("1764633600", digest, "/v2/customers?limit=3&offset=0", b""));
}

#[test]
fn the_older_scheme_is_no_signature() {
    let header = format!(
        "WP3-v2 {TOKEN} 1764633600 01fc02a627ff0a2c327e13b7e3c2ed5a51705f42f5f741102877e19077135976f83a6ab65c8ab2b4df7db759d75cbb3439c729350c5da0851a4fc3be1171962d"
    );
    assert_eq!(Signature::parse(&header), None);
    let digest = header.rsplit_once(' ').unwrap().1;
    assert!(!fits("1764633600", digest, "/v2/customers", CREATE.as_bytes()));
    assert!(fits("1764633600", digest, "", CREATE.as_bytes()), "the vector itself is sound");
}

#[test]
fn one_more_byte_in_the_body_does_not_fit() {
    let (time, digest, target, body) = VECTORS[0];
    assert!(!fits(time, digest, target, body.replacen(':', ": ", 1).as_bytes()));
}

#[test]
fn a_decoded_path_does_not_fit() {
    let (time, digest, _, body) = VECTORS[3];
    assert!(!fits(time, digest, "/v2/merchants/customers/shop/42 a", body.as_bytes()));
}

#[test]
fn parts_are_told_apart_although_the_digest_runs_them_together() {
    let (time, digest, target, body) = VECTORS[1];
    let (shorter, last) = time.split_at(time.len() - 1);
    let moved = format!("WP3-v2.1 {last}{TOKEN} {shorter} {digest}");
    let signature = Signature::parse(&moved).unwrap();
    assert!(signature.fits(KEY, target, body.as_bytes()), "the same bytes are hashed");
    assert_ne!(signature.token, TOKEN, "but nobody is called that");
}

#[test]
fn blanks_around_the_header_are_tolerated_and_within_it_are_not() {
    let (time, digest, ..) = VECTORS[0];
    let header = header(time, digest);
    assert!(Signature::parse(&format!(" \t{header}\t ")).is_some());
    for bad in [
        header.replacen(' ', "  ", 1),
        header.replacen(' ', "\t", 1),
        format!("{header} x"),
        header.replacen("WP3-v2.1", "wp3-v2.1", 1),
        format!("WP3-v2.1 {TOKEN} {digest}"),
        format!("WP3-v2.1  {time} {digest}"),
        format!("WP3-v2-Client {TOKEN}"),
        "WP3-v2.1".to_owned(),
        String::new(),
    ] {
        assert_eq!(Signature::parse(&bad), None, "{bad}");
    }
}

#[test]
fn times_and_digests_of_another_form_are_none() {
    let (time, digest, ..) = VECTORS[0];
    for time in ["", "-1", "+1", "1e9", "1.5", "12345678901234567", "१७६४", "now"] {
        assert_eq!(Signature::parse(&header(time, digest)), None, "{time}");
    }
    for digest in ["", &digest[..127], &format!("{digest}0"), &digest.replace('9', "g"), "+f"] {
        assert_eq!(Signature::parse(&header(time, digest)), None, "{digest}");
    }
}

#[test]
fn clocks_may_differ_by_the_skew_in_seconds_or_milliseconds() {
    let now = datetime!(2025-12-02 00:00:00.9 UTC);
    let skew = Some(Duration::from_mins(15));
    for (time, current) in [
        ("1764633600", true),
        ("1764632700", true),
        ("1764632699", false),
        ("1764634500", true),
        ("1764634501", false),
        ("01764633600", true),
        ("1764633600123", true),
        ("1764632699999", false),
        ("1764634500999", true),
        ("1764634501000", false),
        ("0", false),
        ("99999999999", false),
        ("9999999999999999", false),
    ] {
        let header = header(time, VECTORS[0].1);
        let signature = Signature::parse(&header).unwrap();
        assert_eq!(signature.is_current(now, skew), current, "{time}");
        assert!(signature.is_current(now, None), "{time}");
    }
}
