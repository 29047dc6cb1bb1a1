//! Pictures of customers (contract E15 to E17, and 7).

use std::time::Instant;

use domain::picture::ObjectError;
use serde_json::{Value, json};

use super::answer::Answer;
use super::pictures::{GIF, chunk, png, png_with};
use super::world::{Call, World};

const FILE: &str = "name=\"avatar[file]\"; filename=\"ada.png\"\r\nContent-Type: image/png";
const BLANK: &str = "file: This value should not be blank.";
const NO_PICTURE: &str = "file: This file is not a valid image.";

/// A world with one customer, and the path of its picture.
async fn setting() -> (World, String, String) {
    let world = World::start().await;
    let id = world.customer(json!({"email": "ada@shop.example"})).await;
    let path = format!("/api/SHOP/customer/{id}/avatar");
    (world, path, id)
}

async fn upload(world: &World, path: &str, parts: &[(&str, &[u8])]) -> Answer {
    let admin = world.admin().await;
    world.post(path).token(&admin).parts(parts).send().await
}

async fn sent(world: &World, call: Call) -> Answer {
    let admin = world.admin().await;
    call.token(&admin).send().await
}

async fn kept(world: &World, path: &str, content: &[u8]) {
    let answer = upload(world, path, &[(FILE, content)]).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}

fn fields(customer: &Value) -> [Option<&str>; 3] {
    ["avatarPath", "avatarOriginalName", "avatarMime"].map(|field| customer[field].as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_shown_and_removed() {
    let (world, path, id) = setting().await;
    let before = world.details(&id).await;
    assert_eq!(fields(&before), [None; 3]);
    let none = sent(&world, world.get(&path)).await;
    assert_eq!((none.status, none.bytes.as_slice()), (204, b"".as_slice()));
    sent(&world, world.delete(&path)).await.http_error(404, "Not Found");

    world.advance(time::Duration::HOUR);
    kept(&world, &path, &png(3, 2)).await;
    let customer = world.details(&id).await;
    let [place, name, mime] = fields(&customer);
    let stem = place.and_then(|place| place.strip_prefix("avatars/")?.strip_suffix(".png"));
    let digits = |stem: &str| stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(stem.is_some_and(digits), "{place:?}");
    assert_eq!((name, mime), (Some("ada.png"), Some("image/png")));
    assert_eq!(customer["updatedAt"], before["updatedAt"]);
    assert_eq!(customer["version"], before["version"].as_u64().unwrap() + 1);

    let shown = sent(&world, world.get(&path)).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.header("content-type"), Some("image/png"));
    assert_eq!(shown.header("content-disposition"), Some("inline"));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(shown.bytes, world.server.objects.contents()[0]);
    let tag = shown.header("etag").unwrap().to_owned();
    let again = sent(&world, world.get(&path).header("if-none-match", &tag)).await;
    assert_eq!((again.status, again.header("etag")), (304, Some(tag.as_str())));
    for known in ["\"another\"", "junk", ",,"] {
        let answer = sent(&world, world.get(&path).header("if-none-match", known)).await;
        assert_eq!((answer.status, answer.bytes.len()), (200, shown.bytes.len()));
    }

    let removed = sent(&world, world.delete(&path)).await;
    assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    assert!(world.server.objects.contents().is_empty());
    assert_eq!(fields(&world.details(&id).await), [None; 3]);
    assert_eq!(sent(&world, world.get(&path)).await.status, 204);
    sent(&world, world.delete(&path)).await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_picture_takes_the_place_of_the_old_one() {
    let (world, path, id) = setting().await;
    kept(&world, &path, &png(3, 2)).await;
    let first = world.details(&id).await["avatarPath"].clone();
    let tag = sent(&world, world.get(&path)).await.header("etag").unwrap().to_owned();
    kept(&world, &path, GIF).await;
    let second = world.details(&id).await["avatarPath"].clone();
    assert_ne!(first, second);
    let (_, extension) = second.as_str().unwrap().rsplit_once('.').unwrap();
    assert_eq!(extension, "gif", "by its content");
    let shown = sent(&world, world.get(&path).header("if-none-match", &tag)).await;
    assert_eq!(shown.status, 200);
    assert!(shown.bytes.starts_with(b"GIF89a"));
    assert_eq!(world.server.objects.contents(), [shown.bytes]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_says_what_a_file_is_and_chooses_nothing_by_it() {
    let (world, path, id) = setting().await;
    for (declared, stored, served) in [
        ("application/octet-stream", "application/octet-stream", "application/octet-stream"),
        ("text/html", "text/html", "image/png"),
        ("image/svg+xml", "image/svg+xml", "image/png"),
        ("no type at all", "application/octet-stream", "application/octet-stream"),
    ] {
        let head = format!("name=\"avatar[file]\"; filename=\"a\"\r\nContent-Type: {declared}");
        assert_eq!(upload(&world, &path, &[(&head, &png(1, 1))]).await.status, 204, "{declared}");
        assert_eq!(fields(&world.details(&id).await)[2], Some(stored));
        let shown = sent(&world, world.get(&path)).await;
        assert_eq!(shown.header("content-type"), Some(served));
    }
    for (sent_as, kept_as) in [
        ("../../etc/x.png", "x.png"),
        ("C:\\\\fakepath\\\\a.jpg", "a.jpg"),
        ("gnp.\u{202e}exe", "gnp.exe"),
        (&"n".repeat(1024), &"n".repeat(255)),
    ] {
        let head = format!("name=\"avatar[file]\"; filename=\"{sent_as}\"");
        assert_eq!(upload(&world, &path, &[(&head, &png(1, 1))]).await.status, 204, "{sent_as}");
        assert_eq!(fields(&world.details(&id).await)[1], Some(kept_as));
    }
    assert_eq!(world.server.objects.contents().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_without_a_picture_are_refused_in_the_vendors_words() {
    let (world, path, id) = setting().await;
    let tree = r#"{"form":{"children":{"file":{}}},"errors":[]}"#;
    for call in [
        world.post(&path).form(""),
        world.post(&path).json(&json!({})),
        world.post(&path).parts(&[]),
        world.post(&path).parts(&[("name=other; filename=a", b"x")]),
    ] {
        let answer = sent(&world, call).await;
        assert_eq!((answer.status, answer.text.as_str()), (400, tree));
    }
    // The vendor's own example sends a path instead of a file.
    let path_text = "avatar[file]=C%3A%5C%5Cfakepath%5C%5Cavatar.jpg";
    for call in [
        world.post(&path).form(path_text),
        world.post(&path).json(&json!({"avatar": {"file": "/etc/passwd"}})),
        world.post(&path).parts(&[("name=\"avatar[file]\"", b"/etc/passwd")]),
        world.post(&path).parts(&[("name=\"avatar[file]\"; filename=\"\"", b"")]),
        world.post(&path).parts(&[("name=\"avatar[file]\"; filename=\"a.png\"", b"")]),
    ] {
        assert_eq!(sent(&world, call).await.form_errors(), [BLANK]);
    }
    let strange = upload(&world, &path, &[(FILE, &png(1, 1)), ("name=\"avatar[x]\"", b"y")]).await;
    assert_eq!(strange.form_errors(), ["This form should not contain extra fields."]);
    for content in [
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_bytes(),
        b"<!doctype html><script>alert(1)</script>",
        b"<?php system($_GET['c']);",
        b"%PDF-1.7",
        b"GIF89a/*<script>*/",
        &GIF[..20],
    ] {
        assert_eq!(upload(&world, &path, &[(FILE, content)]).await.form_errors(), [NO_PICTURE]);
    }
    assert_eq!(fields(&world.details(&id).await), [None; 3]);
    assert!(world.server.objects.contents().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_too_many_bytes_is_refused_with_its_size() {
    let (world, path, _) = setting().await;
    let filled = |size: usize| {
        let small = png(1, 1);
        let rest = chunk(*b"prIv", &vec![0; size - small.len() - 12]);
        [&small[..33], &rest, &small[33..]].concat()
    };
    kept(&world, &path, &filled(2_000_000)).await;
    assert!(world.server.objects.contents()[0].len() < 200, "what it does not show is not kept");
    for (size, told) in [
        (2_000_001, "2000001 bytes). Allowed maximum size is 2000000 bytes."),
        (3_000_000, "3 MB). Allowed maximum size is 2 MB."),
    ] {
        let answer = upload(&world, &path, &[(FILE, &filled(size))]).await;
        assert_eq!(answer.form_errors(), [format!("file: The file is too large ({told}")]);
    }
    let answer = upload(&world, &path, &[(FILE, &vec![0; 11 * 1024 * 1024])]).await;
    answer.http_error(413, "Payload Too Large");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_form_in_parts_are_refused() {
    let (world, path, id) = setting().await;
    let file = |content: &[u8]| [b"--x!x\r\nContent-Disposition: form-data; ", content].concat();
    let named = "name=\"avatar[file]\"; filename=a\r\n\r\n";
    let whole = [named.as_bytes(), &png(1, 1), b"\r\n"].concat();
    let end = b"--x!x--\r\n".as_slice();
    let long = format!("name=a\r\nX-Long: {}\r\n\r\nb\r\n", "x".repeat(64 * 1024));
    for (status, what, body) in [
        (400, "two files", [file(&whole).as_slice(), &file(&whole), end].concat()),
        (400, "no final boundary", file(&whole)),
        (400, "a part without a name", [file(b"filename=a\r\n\r\nb\r\n").as_slice(), end].concat()),
        (400, "nothing", Vec::new()),
        (400, "no parts", b"hello".to_vec()),
        (
            413,
            "10,000 parts",
            [file(b"name=a\r\n\r\nb\r\n").repeat(10_000).as_slice(), end].concat(),
        ),
        (413, "a head of 64 KiB", [file(long.as_bytes()).as_slice(), end].concat()),
    ] {
        let answer = sent(&world, world.post(&path).raw_parts(body)).await;
        let message = if status == 400 { "Bad Request" } else { "Payload Too Large" };
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        answer.http_error(status, message);
    }
    let no_boundary = world.post(&path).header("content-type", "multipart/form-data").body("x");
    sent(&world, no_boundary).await.http_error(400, "Bad Request");
    assert_eq!(fields(&world.details(&id).await), [None; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_would_burst_are_refused_at_once() {
    let (world, path, _) = setting().await;
    let started = Instant::now();
    for (width, height) in [(60_000, 60_000), (u32::MAX, 1), (0, 0), (4097, 4097)] {
        let bomb = png_with(width, height, &[0; 3000]);
        assert_eq!(upload(&world, &path, &[(FILE, &bomb)]).await.form_errors(), [NO_PICTURE]);
    }
    let mut gif = GIF.to_vec();
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert_eq!(upload(&world, &path, &[(FILE, &gif)]).await.form_errors(), [NO_PICTURE]);
    assert!(started.elapsed().as_secs() < 10);
    kept(&world, &path, GIF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_anonymized_or_removed_leaves_no_picture() {
    for removed in [false, true] {
        let (world, path, id) = setting().await;
        kept(&world, &path, &png(3, 2)).await;
        if removed {
            let customer = format!("/api/customer/{id}");
            assert_eq!(sent(&world, world.delete(&customer)).await.status, 204);
        } else {
            let anonymize = format!("/api/admin/customer/{id}/anonymize");
            assert_eq!(sent(&world, world.post(&anonymize)).await.status, 204);
            assert_eq!(fields(&world.details(&id).await), [None; 3]);
        }
        assert!(world.server.objects.contents().is_empty());
        for call in [world.get(&path), world.post(&path), world.delete(&path)] {
            sent(&world, call).await.http_error(404, "Not Found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_changes_nothing() {
    let (world, path, id) = setting().await;
    kept(&world, &path, GIF).await;
    let before = world.details(&id).await;
    for error in [ObjectError::Full, ObjectError::Unavailable("away".to_owned())] {
        world.server.objects.answer(Some(error));
        let answer = upload(&world, &path, &[(FILE, &png(1, 1))]).await;
        let told = r#"{"error":"The file could not be stored."}"#;
        assert_eq!((answer.status, answer.text.as_str()), (400, told));
        sent(&world, world.get(&path)).await.http_error(503, "Service Unavailable");
    }
    world.server.objects.answer(None);
    assert_eq!(world.details(&id).await, before);
    assert_eq!(sent(&world, world.get(&path)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_shows_itself_as_it_likes() {
    let (world, path, id) = setting().await;
    let token = world.participant(&id).await;
    let parts: &[(&str, &[u8])] = &[(FILE, GIF)];
    assert_eq!(world.post(&path).token(&token).parts(parts).send().await.status, 204);
    assert_eq!(world.get(&path).token(&token).send().await.status, 200);
    let other = world.customer(json!({"email": "bob@shop.example"})).await;
    let stranger = world.participant(&other).await;
    for call in [world.get(&path), world.post(&path).parts(parts), world.delete(&path)] {
        call.token(&stranger).send().await.http_error(403, "Forbidden");
    }
    assert_eq!(world.delete(&path).token(&token).send().await.status, 204);
}
