use domain::{orders::OrderState, payments::DeclineReason};
use serde_json::json;
use services::{
    orders::RefundChoice,
    payments::{self, StartError},
};

use crate::shop::{GOOD, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_answer_was_lost_is_paid_on_by_nobody() {
    let shop = Shop::open(10).await;
    let placed = shop.orders(1).await;
    // The first has made a page, and answers its key with a fault from now on; the second has made one too.
    for kind in [
        "error_after",
        "timeout_after",
        "rate_limit",
        "timeout_before",
    ] {
        let fault = json!({ "kind": kind, "path": "/v1/checkout/sessions" });
        shop.stripe.fault(fault).unwrap();
        let lost = shop.page(&placed).await;
        assert!(
            matches!(lost, Err(StartError::ProviderDown)),
            "{kind}: {lost:?}"
        );
        let order = shop.order(&placed).await;
        let declined = order.payment.unwrap().decline_reason;
        assert_eq!(declined, Some(DeclineReason::ProviderError));
    }
    let page = shop.page(&placed).await.unwrap();
    assert_eq!(
        shop.page(&placed).await.unwrap(),
        page,
        "and stays the same"
    );
    assert_eq!(shop.stripe.ids("checkout.session").len(), 3);
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 1));
    assert_eq!(shop.stripe.ids("charge").len(), 1);
    assert_eq!(shop.books().await, 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_lost_are_found_and_a_buyer_who_comes_back_does_not_wait() {
    let shop = Shop::open(10).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    let (found, back) = (shop.orders(2).await, shop.orders(1).await);
    for placed in [&found, &back] {
        let page = shop.page(placed).await.unwrap();
        shop.stripe.pay_session(&page, GOOD).unwrap();
    }
    shop.hear().await;
    assert_eq!(shop.count("select count(*) from provider_events").await, 0);
    // Before the next comparison, the buyer's browser is sent back.
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let address = format!("{}/orders/{}/back", shop.url, back.secret);
    let answer = browser.get(address).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(
        answer.headers()["location"],
        format!("/orders/{}/processing", back.secret).as_str()
    );
    assert_eq!(shop.order(&back).await.state, OrderState::Paid);
    assert_eq!(shop.order(&found).await.state, OrderState::Pending);
    shop.compare().await;
    let order = shop.order(&found).await;
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 2));
    assert_eq!(shop.books().await, 4500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_often_late_and_in_another_order_have_one_end() {
    let shop = Shop::open(10).await;
    shop.stripe
        .webhooks("repeat", json!({ "count": 100, "times": 9 }))
        .unwrap();
    shop.stripe
        .webhooks("shuffle", json!({ "count": 100 }))
        .unwrap();
    shop.stripe
        .webhooks("delay", json!({ "count": 100, "ms": 50 }))
        .unwrap();
    let placed = shop.orders(3).await;
    let page = shop.page(&placed).await.unwrap();
    assert!(shop.stripe.pay_session(&page, "4000000000000002").is_err());
    shop.stripe.pay_session(&page, GOOD).unwrap();
    // All of them at once now, in another order.
    shop.stripe.webhooks("release", json!({})).unwrap();
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Paid);
    assert_eq!(shop.count("select count(*) from tickets").await, 3);
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(1000)))
        .await;
    shop.hear().await;
    shop.hurry().await;
    assert_eq!(shop.order(&placed).await.refunds.len(), 1);
    assert_eq!(shop.books().await, 3500);
    assert!(payments::replay(&shop.sv, true).await.unwrap().taken_in > 3);
    assert_eq!(shop.books().await, 3500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_whose_answer_was_lost_is_sent_once() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(3).await;
    // Neither an answer nor a message: only asking again tells.
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    for (n, kind) in ["timeout_after", "timeout_before", "rate_limit"]
        .iter()
        .enumerate()
    {
        shop.stripe
            .fault(json!({ "kind": kind, "path": "/v1/refunds", "method": "POST" }))
            .unwrap();
        shop.give_back(&placed, RefundChoice::Amount(shop.event.money(500)))
            .await;
        shop.work().await;
        assert_eq!(
            shop.order(&placed).await.refunds[n].state,
            "pending",
            "{kind}"
        );
        shop.hurry().await;
        assert_eq!(
            shop.order(&placed).await.refunds[n].state,
            "succeeded",
            "{kind}"
        );
        assert_eq!(shop.stripe.ids("refund").len(), n + 1, "{kind}");
    }
    assert_eq!(shop.books().await, 3000);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_answered_with_a_fault_for_ever_is_found_by_asking() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(3).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    // It was made, and the answer to its key is a fault from now on.
    shop.stripe
        .fault(
            json!({ "kind": "error_after", "path": "/v1/refunds", "method": "POST", "count": 20 }),
        )
        .unwrap();
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(500)))
        .await;
    shop.work().await;
    for _ in 0..10 {
        shop.hurry().await;
    }
    assert_eq!(
        shop.count("select count(*) from jobs where dead_at is not null")
            .await,
        1
    );
    shop.compare().await;
    assert_eq!(shop.order(&placed).await.refunds[0].state, "succeeded");
    assert_eq!(shop.stripe.ids("refund").len(), 1);
    assert_eq!(shop.books().await, 4000);
}
