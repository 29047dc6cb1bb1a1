//! What leaves the house for the people of a programme.

use domain::access::Actor;
use domain::id::MessageId;
use domain::message::{Message, MessageKind};
use serde_json::json;

use super::world::{World, customer_id};

const EMAIL: &str = "ada@shop.example";

async fn announce(world: &World, id: &str) {
    let services = world.services();
    let message = Message {
        id: MessageId::from(services.ports.entropy.uuid()),
        merchant: world.shop.merchant.id,
        about: Actor::Customer(customer_id(id)),
        kind: MessageKind::AccountCreated,
        language: None,
        content: None,
        created_at: world.now(),
        expires_at: None,
    };
    services.storage.session().await.unwrap().messages().enqueue(&message).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_in_the_first_mail_opens_the_account() {
    let world = World::start().await;
    let id = world.customer(json!({"email": EMAIL})).await;
    announce(&world, &id).await;
    let mail = world.server.outbox().to(EMAIL).await;
    assert_eq!(mail.subject, "Account created");
    let password = mail.body.split("password: ").nth(1).unwrap().lines().next().unwrap();
    let login = json!({"_username": EMAIL, "_password": password});
    let answer = world.post("/api/customer/login_check").json(&login).send().await.ok();
    assert_eq!(answer["error"], "password change needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_customer_gets_no_mail() {
    let world = World::start().await;
    let id = world.customer(json!({"email": EMAIL})).await;
    announce(&world, &id).await;
    let token = world.admin().await;
    let answer = world.delete(&format!("/api/customer/{id}")).token(&token).send().await;
    assert_eq!(answer.status, 204);
    let sent = world.server.outbox().all_to(EMAIL).await;
    assert!(sent.is_empty(), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_outbox_is_served_in_development_only() {
    let closed = World::start().await;
    for path in ["/dev/outbox", "/dev/panel/SHOP", "/dev/panel/SHOP/activate/x"] {
        assert_eq!(closed.get(path).send().await.status, 404, "{path}");
    }
    let settings = [("MESSAGES__DEV_OUTBOX", "true")];
    let open = World::with(&settings, domain::merchant::CommunicationMethod::Email).await;
    let id = open.customer(json!({"email": EMAIL, "firstName": "<Ada>"})).await;
    announce(&open, &id).await;
    // This server's own messages lie in its development outbox.
    open.server.outbox().sent().await;
    let page = open.get("/dev/outbox").send().await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    for shown in ["ada@shop.example", "Account created", "Hello &lt;Ada&gt;,", "/dev/panel/SHOP\">"]
    {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    let panel = open.get("/dev/panel/SHOP/activate/c0%22ffee").send().await;
    assert!(
        panel.text.contains("action=\"/api/SHOP/customer/activate/c0%22ffee\""),
        "{}",
        panel.text
    );
}
