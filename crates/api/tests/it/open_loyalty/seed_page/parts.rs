//! "Assign a POS to a customer", the same as a seller, and the three examples of push tokens.

use super::{HANDLED, KNOWN, Page, no_content};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_assigned_to_a_point_of_sale() {
    let page = Page::open().await;
    page.customer(HANDLED, "jane@example.com", "1").await;
    let path = format!("/api/DEFAULT/customer/{HANDLED}/pos");
    let answer = page.post(&path, &["posId=00000000-0000-474c-1111-b0dd880c07e3"]).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "[]"));
    let details = page.get(&format!("/api/DEFAULT/customer/{HANDLED}")).await.ok();
    assert_eq!(details["posIdentifier"], "pos2");
}

/// The page prints no body; the same list is sent as to admins, and clients ignore it.
#[tokio::test(flavor = "multi_thread")]
async fn a_seller_assigns_a_customer_to_a_point_of_sale() {
    let page = Page::open().await;
    let path = format!("/api/DEFAULT/seller/customer/{KNOWN}/pos");
    let pieces = ["posId=00000000-0000-474c-1111-b0dd880c07e3"];
    let answer = page.post_as_seller(&path, &pieces).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "[]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_token_is_added_listed_and_removed() {
    let page = Page::open().await;
    page.customer(HANDLED, "jane@example.com", "1").await;
    let path = format!("/api/DEFAULT/customer/{HANDLED}/pushy-token");
    no_content(&page.post(&path, &["customer[pushyToken]=pushy_token"]).await, 204);
    let answer = page.get(&path).await;
    answer.ok();
    assert_eq!(answer.text, r#"{"tokens":["pushy_token"]}"#);
    no_content(&page.delete(&format!("{path}/pushy_token")).await, 204);
    assert_eq!(page.get(&path).await.text, r#"{"tokens":[]}"#);
}
