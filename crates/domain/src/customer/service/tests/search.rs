use super::{Shop, line};
use crate::customer::{CreateCustomer, Criterion, MOST_FOUND, Name, SearchError, TextMatch};
use crate::testing::create_customer;

fn called(first: &str, last: &str) -> CreateCustomer {
    let name = Name::Divided { first: line(first), last: line(last) };
    CreateCustomer { name, ..CreateCustomer::default() }
}

#[tokio::test]
async fn a_search_finds_everybody_in_the_order_of_their_names() {
    let shop = Shop::new().await;
    for (first, last) in [("Zoe", "Byron"), ("Ada", "Young"), ("Ada", "Byron")] {
        shop.create(called(first, last)).await.unwrap();
    }
    shop.create(create_customer("x@example.test")).await.unwrap();
    let contains = |text: &str| TextMatch::Contains(text.to_owned());
    let criteria = vec![Criterion::LastName(contains("YO"))];
    let found = shop.customers.search(shop.merchant, &criteria).await.unwrap();
    assert_eq!(found.len(), 1);
    let found = shop.customers.search(shop.merchant, &[]).await.unwrap();
    let names: Vec<_> = found.iter().map(|customer| customer.name.full()).collect();
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.split_once(' ').map(|(a, b)| (b.to_owned(), a.to_owned())));
    assert_eq!((names.len(), &names), (4, &sorted));
}

#[tokio::test]
async fn a_search_that_finds_more_than_anybody_reads_is_refused() {
    let shop = Shop::new().await;
    let most = usize::try_from(MOST_FOUND).unwrap();
    let crowd = vec![called("Ada", "Byron"); most];
    shop.customers.create_many(&shop.modest(), &shop.ladder, crowd).await.unwrap();
    let found = shop.customers.search(shop.merchant, &[]).await.unwrap();
    assert_eq!(found.len(), most);
    shop.create(called("Bob", "Byron")).await.unwrap();
    let refused = shop.customers.search(shop.merchant, &[]).await;
    assert_eq!(refused, Err(SearchError::TooMany));
}
