//! What a level's form may say, and what a replacement does (contract 4.2).

use serde_json::{Value, json};

use super::levels::{a_level, a_level_form, shown};
use super::world::World;

const BLANK: &str = "This value should not be blank.";

/// A form that says only what it must.
fn bare() -> Value {
    json!({"level": {
        "translations": {"en": {"name": "bare"}},
        "conditionValue": "30",
        "reward": {"name": "discount", "value": "7.5", "code": "x"},
    }})
}

async fn replace(world: &World, id: &str, form: &Value) {
    let token = world.admin().await;
    let answer = world.put(&format!("/api/level/{id}")).token(&token).json(form).send().await;
    answer.ok();
    assert_eq!(answer.text, format!(r#"{{"id":"{id}","levelId":"{id}"}}"#));
}

async fn refused(world: &World, form: &Value) -> Vec<String> {
    let token = world.admin().await;
    world.post("/api/level/create").token(&token).json(form).send().await.form_errors()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_without_active_switches_the_level_off() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    replace(&world, &id, &bare()).await;
    assert_eq!(shown(&world, &id).await["active"], false);
    let made = a_level(&world, &bare()).await;
    assert_eq!(shown(&world, &made).await["active"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_keeps_the_least_order_that_it_does_not_name() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    replace(&world, &id, &bare()).await;
    let level = shown(&world, &id).await;
    assert_eq!((&level["minOrder"], &level["conditionValue"]), (&json!(1), &json!(30)));
    assert_eq!(level["reward"].to_string(), r#"{"name":"discount","value":0.075,"code":"x"}"#);
    let made = a_level(&world, &bare()).await;
    assert_eq!(shown(&world, &made).await.get("minOrder"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translation_that_is_left_out_goes_and_the_others_keep_their_numbers() {
    let world = World::start().await;
    let id = a_level(&world, &a_level_form()).await;
    let before = shown(&world, &id).await["translations"].clone();
    replace(&world, &id, &bare()).await;
    let level = shown(&world, &id).await;
    let kept = json!([{"name": "bare", "id": before[0]["id"], "locale": "en"}]);
    assert_eq!(level["translations"], kept);
    assert_eq!(level.get("description"), None);
    replace(&world, &id, &a_level_form()).await;
    assert_eq!(shown(&world, &id).await["translations"], before);
    assert_ne!(before[0]["id"], before[1]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn special_rewards_are_matched_by_their_place() {
    let world = World::start().await;
    let special = |name: &str| json!({"name": name, "value": 1, "code": "c", "startAt": "2019-06-01", "endAt": "2019-06-30"});
    let mut form = a_level_form();
    form["level"]["specialRewards"] = json!([special("one"), special("two")]);
    let id = a_level(&world, &form).await;
    let before = shown(&world, &id).await["specialRewards"].clone();
    assert_eq!(before[0]["active"], false);
    form["level"]["specialRewards"] = json!({"1": special("second"), "5": special("third")});
    replace(&world, &id, &form).await;
    let after = shown(&world, &id).await["specialRewards"].clone();
    assert_eq!((&after[0]["name"], &after[0]["id"]), (&json!("second"), &before[1]["id"]));
    assert_eq!(after[1]["name"], "third");
    assert!(before.as_array().unwrap().iter().all(|old| old["id"] != after[1]["id"]));
    replace(&world, &id, &bare()).await;
    assert_eq!(shown(&world, &id).await["specialRewards"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_may_come_as_a_form_in_brackets() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = "level[translations][en][name]=level1&level[translations][pl][description]=opis\
                &level[conditionValue]=0.5&level[active]=1&level[reward][name]=r&level[reward][value]=15\
                &level[reward][code]=c&level[specialRewards][0][name]=s&level[specialRewards][0][value]=0\
                &level[specialRewards][0][code]=c&level[specialRewards][0][active]=1\
                &level[specialRewards][0][startAt]=2019-06-01&level[specialRewards][0][endAt]=2019-06-30";
    let made = world.post("/api/SHOP/level/create").token(&token).form(form).send().await.ok();
    let level = shown(&world, made["id"].as_str().unwrap()).await;
    assert_eq!((&level["conditionValue"], &level["reward"]["value"]), (&json!(0.5), &json!(0.15)));
    assert_eq!(level["specialRewards"][0]["active"], true);
    let polish = &level["translations"][1];
    assert_eq!((polish.get("name"), &polish["description"]), (None, &json!("opis")));
    let path = format!("/api/level/{}?_locale=pl", level["id"].as_str().unwrap());
    let shown = world.get(&path).token(&token).send().await.ok();
    assert_eq!((&shown["name"], &shown["description"]), (&json!("level1"), &json!("opis")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_form_that_was_not_sent_is_answered_with_every_child() {
    let world = World::start().await;
    let token = world.admin().await;
    let tree = concat!(
        r#"{"form":{"children":{"translations":{},"active":{},"conditionValue":{},"minOrder":{},"#,
        r#""reward":{"children":{"name":{},"value":{},"code":{}}},"specialRewards":{}}},"errors":[]}"#
    );
    let path = format!("/api/level/{}", world.shop.gold.id);
    for call in [world.post("/api/level/create"), world.put(&path)] {
        let answer = call.token(&token).json(&json!({"other": 1})).send().await;
        assert_eq!((answer.status, answer.text.as_str()), (400, tree));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_name_is_told_where_clients_look_for_it() {
    let world = World::start().await;
    let token = world.admin().await;
    let form = json!({"level": {
        "translations": {"en": {"name": ""}, "pl": {"name": "poziom"}}, "conditionValue": 0,
        "reward": {"name": "a", "value": 1, "code": "c"},
    }});
    let answer = world.post("/api/level/create").token(&token).json(&form).send().await;
    let expected = concat!(
        r#"{"form":{"children":{"translations":{"children":{"#,
        r#""en":{"children":{"name":{"errors":["This value should not be blank."]},"description":{}}},"#,
        r#""pl":{"children":{"name":{},"description":{}}}}},"active":{},"conditionValue":{},"minOrder":{},"#,
        r#""reward":{"children":{"name":{},"value":{},"code":{}}},"specialRewards":{}}},"errors":[]}"#
    );
    assert_eq!((answer.status, answer.text.as_str()), (400, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_a_level_is_told_at_once() {
    let world = World::start().await;
    let form = json!({"level": {
        "conditionValue": -1, "minOrder": "much",
        "reward": {"name": "x".repeat(256), "value": "1,5", "code": "a\0b"},
        "specialRewards": {"0": {"startAt": "2019-02-30", "endAt": "soon", "name": "n"}},
    }});
    let not_valid = "This value is not valid.";
    let expected = [
        format!("translations.en.name: {BLANK}"),
        format!("conditionValue: {not_valid}"),
        format!("minOrder: {not_valid}"),
        format!("reward.name: {not_valid}"),
        format!("reward.value: {not_valid}"),
        format!("reward.code: {not_valid}"),
        format!("specialRewards.0.value: {BLANK}"),
        format!("specialRewards.0.code: {BLANK}"),
        format!("specialRewards.0.startAt: {not_valid}"),
        format!("specialRewards.0.endAt: {not_valid}"),
    ];
    assert_eq!(refused(&world, &form).await, expected);
    let blank = json!({"level": {}});
    let expected =
        ["translations.en.name", "conditionValue", "reward.name", "reward.value", "reward.code"];
    assert_eq!(refused(&world, &blank).await, expected.map(|path| format!("{path}: {BLANK}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_the_programme_does_not_have_is_an_extra_field() {
    let world = World::start().await;
    let mut form = bare();
    form["level"]["translations"]["fr"] = json!({"name": "niveau"});
    assert_eq!(refused(&world, &form).await, ["This form should not contain extra fields."]);
    let mut form = bare();
    form["level"]["id"] = "x".into();
    assert_eq!(refused(&world, &form).await, ["This form should not contain extra fields."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_percentage_with_a_binary_tail_is_the_one_that_was_meant() {
    let world = World::start().await;
    let mut form = bare();
    form["level"]["reward"]["value"] = json!(7.000_000_000_000_001_f64);
    let id = a_level(&world, &form).await;
    assert_eq!(shown(&world, &id).await["reward"]["value"], 0.07);
}
