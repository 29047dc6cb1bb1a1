//! Pictures of levels (contract 4.2).

use super::answer::Answer;
use super::pictures::{GIF, png};
use super::world::{World, unknown_level};

const FILE: &str = "name=\"photo[file]\"; filename=\"gold.png\"\r\nContent-Type: image/png";

fn place(world: &World) -> String {
    format!("/api/level/{}/photo", world.shop.gold.id)
}

async fn upload(world: &World, content: &[u8]) -> Answer {
    let admin = world.admin().await;
    world.post(&place(world)).token(&admin).parts(&[(FILE, content)]).send().await
}

async fn shows_photo(world: &World) -> bool {
    let admin = world.admin().await;
    let path = format!("/api/level/{}", world.shop.gold.id);
    let level = world.get(&path).token(&admin).send().await.ok();
    level["hasPhoto"].as_bool().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_levels_picture_is_kept_shown_to_everybody_and_removed() {
    let world = World::start().await;
    let path = place(&world);
    world.get(&path).send().await.http_error(404, "Not Found");
    assert!(!shows_photo(&world).await);
    let first = upload(&world, &png(600, 600)).await;
    assert_eq!((first.status, first.text.as_str()), (200, "[]"));
    assert!(shows_photo(&world).await);
    let shown = world.get(&path).send().await;
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/png")));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(world.server.objects.contents(), std::slice::from_ref(&shown.bytes));
    let tag = shown.header("etag").unwrap();
    assert_eq!(world.get(&path).header("if-none-match", tag).send().await.status, 304);

    assert_eq!(upload(&world, &png(601, 700)).await.status, 200);
    let second = world.get(&path).header("if-none-match", tag).send().await;
    assert_eq!(second.status, 200);
    assert_eq!(world.server.objects.contents(), [second.bytes]);

    let admin = world.admin().await;
    for _ in 0..2 {
        let removed = world.delete(&path).token(&admin).send().await;
        assert_eq!((removed.status, removed.text.as_str()), (200, "[]"));
        assert!(!shows_photo(&world).await);
        assert!(world.server.objects.contents().is_empty());
        world.get(&path).send().await.http_error(404, "Not Found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_of_a_level_is_refused() {
    let world = World::start().await;
    let (path, token) = (place(&world), world.admin().await);
    let tree = r#"{"form":{"children":{"file":{}}},"errors":[]}"#;
    let answer = world.post(&path).token(&token).form("").send().await;
    assert_eq!((answer.status, answer.text.as_str()), (400, tree));
    for body in ["photo[file]=C%3A%5Cfakepath%5Cx.png", "photo[file]="] {
        let answer = world.post(&path).token(&token).form(body).send().await;
        assert_eq!(answer.form_errors(), ["file: This value should not be blank."], "{body}");
    }
    for (content, told) in [
        (b"abc".to_vec(), "This file is not a valid image."),
        (GIF.to_vec(), "The image width is too small (1px). Minimum width expected is 600px."),
        (png(600, 599), "The image height is too small (599px). Minimum height expected is 600px."),
    ] {
        assert_eq!(upload(&world, &content).await.form_errors(), [format!("file: {told}")]);
    }
    assert!(world.server.objects.contents().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_level_keeps_its_picture_and_a_removed_one_leaves_none() {
    let world = World::start().await;
    assert_eq!(upload(&world, &png(600, 600)).await.status, 200);
    let (level, token) = (format!("/api/level/{}", world.shop.gold.id), world.admin().await);
    let form = serde_json::json!({"level": {
        "translations": {"en": {"name": "bare"}}, "conditionValue": "30", "active": true,
        "reward": {"name": "discount", "value": "7.5", "code": "x"},
    }});
    world.put(&level).token(&token).json(&form).send().await.ok();
    assert!(shows_photo(&world).await);
    assert_eq!(world.delete(&level).token(&token).send().await.status, 204);
    assert!(world.services().pictures.sweep().await.is_ok());
    assert!(world.server.objects.contents().is_empty());
    world.get(&place(&world)).send().await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_store_shows_another_ones_pictures() {
    let world = World::start().await;
    assert_eq!(upload(&world, &png(600, 600)).await.status, 200);
    let there = format!("/api/OTHER/level/{}/photo", world.shop.gold.id);
    world.get(&there).send().await.http_error(404, "Not Found");
    let token = world.admin().await;
    for path in [format!("/api/level/{}/photo", unknown_level()), "/api/level/x/photo".to_owned()] {
        for call in [world.get(&path), world.post(&path), world.delete(&path)] {
            call.token(&token).send().await.http_error(404, "Not Found");
        }
    }
}
