//! Settings of a programme and what cockpits load at their start (contract 4.7 and 10.1).

use domain::merchant::{CommunicationMethod, Currency, Language, Settings};
use serde_json::{Value, json};

use super::world::{World, a_form};
use crate::support::{Server, ServerOptions};

/// The settings that every programme starts with.
const DEFAULTS: &str = concat!(
    r#"{"settings":{"currency":"eur","defaultFrontendTranslations":"en","customerStatusesEarning":["active"],"#,
    r#""accountActivationMethod":"email","preferredCommunicationMethod":"email","accountActivationRequired":true,"#,
    r#""customerStatusesSpending":["active"],"timezone":"Europe/Warsaw","programName":"Loyalty Program","#,
    r#""allowCustomersProfileEdits":true,"allTimeNotLocked":true,"pointsDaysExpiryAfter":"after_x_days","#,
    r#""pointsDaysActiveCount":30,"expirePointsNotificationDays":10,"expireLevelsNotificationDays":10,"#,
    r#""expireCouponsNotificationDays":10,"returns":true,"customersIdentificationPriority":"#,
    r#"[{"priority":3,"field":"phone"},{"priority":2,"field":"loyaltyCardNumber"},{"priority":1,"field":"email"}],"#,
    r#""tierAssignType":"transactions","levelDowngradeMode":"none","levelDowngradeDays":365,"#,
    r#""levelDowngradeBase":"none","levelResetPointsOnDowngrade":false,"#,
    r#""excludeDeliveryCostsFromTierAssignment":false,"excludedDeliverySKUs":[],"excludedLevelSKUs":[],"#,
    r#""excludedLevelCategories":[],"webhooks":false}}"#,
);

/// The tree of a refused form, with what stands between the children before and behind `levelDowngradeDays`.
const EMPTY_TREE: &str = concat!(
    r#"{"form":{"children":{"currency":{},"defaultFrontendTranslations":{},"customerStatusesEarning":{},"#,
    r#""accountActivationMethod":{},"customerStatusesSpending":{},"timezone":{},"programName":{},"#,
    r#""allowCustomersProfileEdits":{},"allTimeNotLocked":{},"pointsDaysLocked":{},"pointsDaysExpiryAfter":{},"#,
    r#""pointsDaysActiveCount":{},"expirePointsNotificationDays":{},"expireLevelsNotificationDays":{},"#,
    r#""expireCouponsNotificationDays":{},"returns":{},"customersIdentificationPriority":{},"tierAssignType":{},"#,
    r#""levelDowngradeMode":{},"levelDowngradeDays":{},"levelDowngradeBase":{},"levelResetPointsOnDowngrade":{},"#,
    r#""excludeDeliveryCostsFromTierAssignment":{},"excludedDeliverySKUs":{},"excludedLevelSKUs":{},"#,
    r#""excludedLevelCategories":{},"webhooks":{},"uriWebhooks":{},"webhookHeaderName":{},"webhookHeaderValue":{},"#,
    r#""pushySecretKey":{}}},"errors":[]}"#,
);

/// What has to be sent.
fn required(fields: &Value) -> Value {
    let mut form = json!({
        "currency": "eur", "customerStatusesEarning": ["active"], "customerStatusesSpending": ["active"],
        "accountActivationMethod": "email", "timezone": "Europe/Warsaw", "programName": "Bean & Co",
        "tierAssignType": "transactions", "allTimeNotLocked": true,
    });
    form.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"settings": form})
}

async fn replace(world: &World, body: &Value) -> super::answer::Answer {
    let token = world.admin().await;
    world.post("/api/settings").token(&token).json(body).send().await
}

async fn settings(world: &World) -> Value {
    let token = world.admin().await;
    world.get("/api/SHOP/settings").token(&token).send().await.ok()["settings"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_programme_shows_the_defaults_and_takes_them_back_unchanged() {
    let world = World::start().await;
    let token = world.admin().await;
    let shown = world.get("/api/settings").token(&token).send().await;
    shown.ok();
    assert_eq!(shown.text, DEFAULTS);
    let echo = world.post("/api/settings").token(&token).json(&shown.ok()).send().await;
    echo.ok();
    assert_eq!(echo.text, DEFAULTS);
    assert_eq!(world.get("/api/settings").token(&token).send().await.text, DEFAULTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_replaces_everything_and_holds_at_once() {
    let world =
        World::with(&[("PRINCIPAL_CACHE_SECONDS", "3600")], CommunicationMethod::Email).await;
    settings(&world).await;
    let form = concat!(
        "settings[currency]=PLN&settings[defaultFrontendTranslations]=pl&settings[timezone]=Europe/Berlin",
        "&settings[programName]= Bean %26 Co &settings[accountActivationMethod]=sms",
        "&settings[accountActivationRequired]=0&settings[customerStatusesEarning][]=active",
        "&settings[customerStatusesEarning][]=new&settings[customerStatusesSpending][]=active",
        "&settings[tierAssignType]=points&settings[levelDowngradeMode]=after_x_days",
        "&settings[levelDowngradeDays]=30&settings[levelDowngradeBase]=active_points",
        "&settings[levelResetPointsOnDowngrade]=1&settings[pointsDaysLocked]=7&settings[allTimeNotLocked]=0",
        "&settings[pointsDaysExpiryAfter]=at_month_end&settings[excludedLevelSKUs][]=a&settings[excludedLevelSKUs][]=",
        "&settings[customersIdentificationPriority][0][priority]=1&settings[customersIdentificationPriority][0][field]=phone",
        "&settings[customersIdentificationPriority][1][priority]=9&settings[customersIdentificationPriority][1][field]=email",
        "&settings[webhooks]=1&settings[uriWebhooks]=https://hooks.example/x&settings[webhookHeaderName]=X-Key",
        "&settings[webhookHeaderValue]=secret&settings[pushySecretKey]=push&settings[somethingElse]=x",
    );
    let token = world.admin().await;
    let answer = world.post("/api/settings").token(&token).form(form).send().await.ok();
    let expected = json!({
        "currency": "pln", "defaultFrontendTranslations": "pl", "customerStatusesEarning": ["active", "new"],
        "accountActivationMethod": "sms", "preferredCommunicationMethod": "sms",
        "accountActivationRequired": false, "customerStatusesSpending": ["active"],
        "timezone": "Europe/Berlin", "programName": "Bean & Co", "allowCustomersProfileEdits": false,
        "allTimeNotLocked": false, "pointsDaysLocked": 7, "pointsDaysExpiryAfter": "at_month_end",
        "pointsDaysActiveCount": 30, "expirePointsNotificationDays": 10,
        "expireLevelsNotificationDays": 10, "expireCouponsNotificationDays": 10, "returns": false,
        "customersIdentificationPriority": [{"priority": 2, "field": "email"}, {"priority": 1, "field": "phone"}],
        "tierAssignType": "points", "levelDowngradeMode": "after_x_days", "levelDowngradeDays": 30,
        "levelDowngradeBase": "active_points", "levelResetPointsOnDowngrade": true,
        "excludeDeliveryCostsFromTierAssignment": false, "excludedDeliverySKUs": [],
        "excludedLevelSKUs": ["a"], "excludedLevelCategories": [], "webhooks": true,
        "uriWebhooks": "https://hooks.example/x", "webhookHeaderName": "X-Key",
        "webhookHeaderValue": "secret", "pushySecretKey": "push",
    });
    assert_eq!(answer, json!({"settings": expected}));
    assert_eq!(settings(&world).await, expected);
    // Callers and stores that were remembered see the change.
    let method = world.get("/api/settings/activation-method").send().await;
    assert_eq!(method.ok(), json!({"method": "sms"}));
    let refused = world.post("/api/customer/register").token(&token).json(&a_form(&json!({})));
    let errors = refused.send().await.form_errors();
    assert_eq!(errors, ["phone: This value should not be blank."]);
    let stored = world.services().merchants.find(world.shop.merchant.id).await.unwrap().unwrap();
    let languages: Vec<_> = stored.languages.iter().map(Language::as_str).collect();
    assert_eq!((stored.currency.upper().as_str(), &languages[..]), ("PLN", &["pl", "en"][..]));
    assert_eq!(stored.updated_at, world.now());
    let other = world.services().merchants.find(world.other.merchant.id).await.unwrap().unwrap();
    assert_eq!(other, world.other.merchant);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_method_may_be_given_by_either_name_and_the_one_that_differs_is_meant() {
    let world = World::start().await;
    for (method, preferred, expected) in [
        (None, Some("sms"), "sms"),
        (Some("email"), Some("sms"), "email"),
        (Some("email"), None, "email"),
        (Some("email"), Some("sms"), "sms"),
        (Some("sms"), Some("sms"), "sms"),
    ] {
        let mut form = required(&json!({"preferredCommunicationMethod": preferred}));
        form["settings"]["accountActivationMethod"] = json!(method);
        let shown = replace(&world, &form).await.ok()["settings"].clone();
        assert_eq!(shown["accountActivationMethod"], expected, "{method:?} {preferred:?}");
        assert_eq!(shown["preferredCommunicationMethod"], expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sms_cannot_be_chosen_without_a_gateway_for_it() {
    let variables = vec![("OPEN_LOYALTY__DEFAULT_STORE", "SHOP")];
    let server = Server::with(ServerOptions { variables, without_sms: true, now: None }).await;
    let world = World::on(server, Settings::default()).await;
    for name in ["accountActivationMethod", "preferredCommunicationMethod"] {
        let errors = replace(&world, &required(&json!({name: "sms"}))).await.form_errors();
        assert_eq!(errors, [format!("{name}: This value is not valid.")]);
    }
    assert_eq!(settings(&world).await["accountActivationMethod"], "email");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_not_sent_is_answered_with_every_child() {
    let world = World::start().await;
    let answer = replace(&world, &json!({})).await;
    assert_eq!((answer.status, answer.text.as_str()), (400, EMPTY_TREE));
    let days = json!({"tierAssignType": "points", "levelDowngradeMode": "after_x_days",
        "levelDowngradeDays": 0, "levelDowngradeBase": "none"});
    let answer = replace(&world, &required(&days)).await;
    let expected = EMPTY_TREE.replace(
        r#""levelDowngradeDays":{}"#,
        r#""levelDowngradeDays":{"errors":["This value should be 1 or more."]}"#,
    );
    assert_eq!((answer.status, answer.text), (400, expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_wrong_is_told_where_it_stands() {
    const BLANK: &str = "This value should not be blank.";
    const WRONG: &str = "This value is not valid.";
    let world = World::start().await;
    let blank = replace(&world, &json!({"settings": {}})).await.form_errors();
    let fields = [
        "currency",
        "customerStatusesEarning",
        "accountActivationMethod",
        "customerStatusesSpending",
        "timezone",
        "programName",
        "tierAssignType",
    ];
    assert_eq!(blank, fields.map(|field| format!("{field}: {BLANK}")));
    for (fields, field, message) in [
        (json!({"currency": "xyz"}), "currency", WRONG),
        (json!({"timezone": "Mars/Base"}), "timezone", WRONG),
        (json!({"timezone": "europe/warsaw"}), "timezone", WRONG),
        (json!({"programName": "a\u{0}b"}), "programName", WRONG),
        (json!({"programName": "  "}), "programName", BLANK),
        (json!({"defaultFrontendTranslations": "xx"}), "defaultFrontendTranslations", WRONG),
        (json!({"accountActivationMethod": "pigeon"}), "accountActivationMethod", WRONG),
        (json!({"customerStatusesEarning": ["gone"]}), "customerStatusesEarning", WRONG),
        (json!({"customerStatusesSpending": []}), "customerStatusesSpending", BLANK),
        (json!({"tierAssignType": "luck"}), "tierAssignType", WRONG),
        (json!({"levelDowngradeDays": -1}), "levelDowngradeDays", WRONG),
        (json!({"levelDowngradeDays": "1e9"}), "levelDowngradeDays", WRONG),
        (json!({"pointsDaysActiveCount": "99999999"}), "pointsDaysActiveCount", WRONG),
        (json!({"allTimeNotLocked": false}), "pointsDaysLocked", BLANK),
        (json!({"excludeDeliveryCostsFromTierAssignment": 1}), "excludedDeliverySKUs", BLANK),
        (json!({"excludedLevelSKUs": ["a\u{0}"]}), "excludedLevelSKUs.0", WRONG),
        (json!({"uriWebhooks": "ftp://x"}), "uriWebhooks", WRONG),
        (json!({"webhookHeaderName": "X Key"}), "webhookHeaderName", WRONG),
        (json!({"webhookHeaderValue": "a\r\nb: c"}), "webhookHeaderValue", WRONG),
    ] {
        let errors = replace(&world, &required(&fields)).await.form_errors();
        assert_eq!(errors, [format!("{field}: {message}")], "{fields}");
    }
    let order = json!({"customersIdentificationPriority": [
        {"priority": "x", "field": "phone"}, {"priority": 1, "field": "shoe"},
        {"priority": 2, "field": "email"}, {"priority": 3, "field": "email"}]});
    let place = |at: &str| format!("customersIdentificationPriority.{at}: {WRONG}");
    let errors = replace(&world, &required(&order)).await.form_errors();
    assert_eq!(errors, [place("0.priority"), place("1.field"), place("3.field")]);
    let points = json!({"tierAssignType": "points", "levelDowngradeMode": "after_x_days"});
    let errors = replace(&world, &required(&points)).await.form_errors();
    assert_eq!(
        errors,
        ["levelDowngradeDays", "levelDowngradeBase"].map(|field| format!("{field}: {BLANK}"))
    );
    assert_eq!(settings(&world).await["programName"], "Loyalty Program");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_see_and_change_settings() {
    let world = World::start().await;
    let customer = world.customer(json!({"email": "ada@shop.example"})).await;
    let (admin, reporter) = (world.admin().await, world.reporter().await);
    let (seller, participant) = (world.seller().await, world.participant(&customer).await);
    for path in ["/api/settings", "/api/SHOP/settings", "/api/admin/customer-statuses"] {
        for (token, status) in
            [(&admin, 200), (&reporter, 200), (&seller, 403), (&participant, 403)]
        {
            assert_eq!(world.get(path).token(token).send().await.status, status, "{path}");
        }
        assert_eq!(world.get(path).send().await.status, 401, "{path}");
    }
    for token in [&reporter, &seller, &participant] {
        let change = world.post("/api/settings").token(token).json(&required(&json!({})));
        change.send().await.http_error(403, "Forbidden");
    }
    let public = json!({"settings": {"allowCustomersProfileEdits": true}});
    for token in [&admin, &reporter, &seller, &participant] {
        let answer = world.get("/api/settings/public").token(token).send().await;
        assert_eq!(answer.ok(), public);
    }
    assert_eq!(world.get("/api/settings/public").send().await.status, 401);
    let statuses = world.get("/api/admin/customer-statuses").token(&admin).send().await;
    assert_eq!(statuses.text, r#"{"statuses":["new","active","blocked","deleted"],"total":4}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cockpit_finds_everything_that_it_loads_at_its_start() {
    let world = World::start().await;
    for kind in [
        "language",
        "timezone",
        "country",
        "promotedEvents",
        "availableCustomerStatuses",
        "availableFrontendTranslations",
        "earningRuleLimitPeriod",
        "referralEvents",
        "referralTypes",
        "availableAccountActivationMethods",
        "availableMarketingVendors",
        "availablePointExpireAfter",
        "deliveryStatus",
    ] {
        let answer = world.get(&format!("/api/settings/choices/{kind}")).send().await.ok();
        assert!(answer["choices"].is_object(), "{kind}: {answer}");
    }
    let choices =
        async |kind: &str| world.get(&format!("/api/SHOP/settings/choices/{kind}")).send().await;
    let zones = choices("timezone").await.ok();
    assert_eq!(zones["choices"]["Europe"]["Warsaw"], "Europe/Warsaw");
    assert_eq!(zones["choices"]["America"]["New York"], "America/New_York");
    let countries = choices("country").await.ok();
    assert_eq!(countries["choices"]["Poland"], "PL");
    assert_eq!(countries["choices"].as_object().unwrap().len(), 249);
    let translations = choices("availableFrontendTranslations").await;
    assert_eq!(translations.text, r#"{"choices":{"English":"en","Polski":"pl"}}"#);
    assert_eq!(choices("smsGatewayConfig").await.text, r#"{"fields":{}}"#);
    choices("unknown").await.http_error(404, "Not Found");
    world.get("/api/NOWHERE/settings/choices/country").send().await.http_error(404, "Not Found");
    assert_eq!(world.get("/api/translations").send().await.text, "{}");
    let style = world.get("/api/settings/css").send().await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
    let style = world.get("/api/settings/css?json=1").send().await.ok();
    assert_eq!(style, json!({"accent_color": "", "template_css": ""}));
    world.get("/api/settings/logo").send().await.http_error(404, "Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_currency_that_is_offered_can_be_chosen() {
    let world = World::start().await;
    for code in ["pln", "USD", "eur", "hkd", "cop", "inr", "VND"] {
        let answer = replace(&world, &required(&json!({"currency": code}))).await.ok();
        let chosen: Currency = code.parse().unwrap();
        assert_eq!(answer["settings"]["currency"], chosen.lower());
    }
}
