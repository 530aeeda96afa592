//! How many tickets of an event one card may pay for: Stripe tells which card it was when it is asked.

use domain::orders::OrderState;
use services::payments::set_card_limit;

use crate::shop::{GOOD, Shop};

const ANOTHER: &str = "5555555555554444";

async fn limited(shop: &Shop) {
    let permit = shop.event.organization.permit();
    set_card_limit(&shop.sv, &permit, shop.event.id, "3")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_card_on_another_page_is_the_same_card() {
    let shop = Shop::open(20).await;
    limited(&shop).await;
    let mut orders = Vec::new();
    for (seats, card) in [(2, GOOD), (2, GOOD), (3, ANOTHER), (1, GOOD)] {
        let placed = shop.orders(seats).await;
        let page = shop.page(&placed).await.unwrap();
        shop.stripe.pay_session(&page, card).unwrap();
        shop.hear().await;
        orders.push(placed);
    }
    shop.work().await;
    shop.hear().await;
    let mut states = Vec::new();
    for placed in &orders {
        states.push(shop.order(placed).await.state);
    }
    use OrderState::{Expired, Paid};
    assert_eq!(states, [Paid, Expired, Paid, Paid]);
    let refused = shop.order(&orders[1]).await;
    assert!(refused.over_card_limit);
    assert_eq!(refused.refunds[0].state, "succeeded");
    // The fingerprint itself is nowhere: neither with the payment nor in the messages that were kept.
    let fingerprint = shop
        .count("select count(*) from provider_events where told::text like '%fingerprint%' or told::text like '%\"card\"%'")
        .await;
    assert_eq!(fingerprint, 0);
    assert_eq!(shop.books().await, 6 * 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_card_in_the_shops_own_page_is_the_same_card() {
    let shop = Shop::in_page(20).await;
    limited(&shop).await;
    let mut orders = Vec::new();
    for seats in [3, 1] {
        let placed = shop.orders(seats).await;
        let secret = shop.fields(&placed).await.unwrap();
        shop.confirms_card(&secret, GOOD).await;
        shop.hear().await;
        orders.push(placed);
    }
    shop.work().await;
    shop.hear().await;
    assert_eq!(shop.order(&orders[0]).await.state, OrderState::Paid);
    let refused = shop.order(&orders[1]).await;
    assert_eq!(
        (refused.state, refused.over_card_limit),
        (OrderState::Expired, true)
    );
    assert_eq!(shop.books().await, 3 * 1500);
    shop.sound().await;
}
