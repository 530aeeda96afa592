use domain::{
    orders::{OrderState, OrderTransitionError},
    payments::DeclineReason,
};
use services::{
    orders::RefundChoice,
    payments::{self, OpenPage, StartError},
};

use crate::shop::{GOOD, Shop, WITHOUT_MONEY};

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_then_a_good_one_on_the_same_page_then_part_of_it_back() {
    let shop = Shop::open(10).await;
    let placed = shop.orders(3).await;
    let page = shop.page(&placed).await.unwrap();
    let session = shop.stripe.object(&page);
    assert_eq!(session["amount_total"], 4500);
    assert_eq!(
        session["metadata"]["bilten_payment"],
        session["client_reference_id"]
    );
    assert!(session["success_url"].as_str().unwrap().ends_with("/back"));
    let open = payments::open_page(&shop.sv, &placed.secret).await.unwrap();
    assert_eq!(
        open,
        OpenPage::At(session["url"].as_str().unwrap().to_owned())
    );
    assert!(shop.stripe.pay_session(&page, WITHOUT_MONEY).is_err());
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!(order.state, OrderState::Pending);
    assert_eq!(
        order.payment.unwrap().decline_reason,
        Some(DeclineReason::InsufficientFunds)
    );
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 3));
    assert_eq!(shop.books().await, 4500);
    let again = shop.page(&placed).await;
    assert!(matches!(
        again,
        Err(StartError::Transition(OrderTransitionError::AlreadyPaid))
    ));
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(1234)))
        .await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.refunds[0].state, "succeeded");
    assert_eq!(shop.books().await, 3266);
    shop.give_back(&placed, RefundChoice::Full).await;
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Refunded);
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debit_takes_days_and_the_order_waits_or_not() {
    let shop = Shop::open(10).await;
    let (paid, late) = (shop.orders(1).await, shop.orders(1).await);
    let failed = shop.orders(1).await;
    let mut pages = Vec::new();
    for placed in [&paid, &late, &failed] {
        let page = shop.page(placed).await.unwrap();
        shop.stripe.pay_session_by_debit(&page).unwrap();
        pages.push(page);
    }
    shop.hear().await;
    for placed in [&paid, &late, &failed] {
        assert!(shop.order(placed).await.is_processing());
        let again = shop.page(placed).await;
        assert!(matches!(again, Err(StartError::UnderWay)), "{again:?}");
    }
    shop.stripe.settle_payment(&pages[0], true).unwrap();
    shop.stripe.settle_payment(&pages[2], false).unwrap();
    shop.hear().await;
    assert_eq!(shop.order(&paid).await.state, OrderState::Paid);
    let order = shop.order(&failed).await;
    assert_eq!(
        (order.state, order.is_processing()),
        (OrderState::Pending, false)
    );
    // The page did its work: a new one is opened.
    let second = shop.page(&failed).await.unwrap();
    assert_ne!(second, pages[2]);
    shop.expire(&late).await;
    shop.compare().await;
    shop.stripe.settle_payment(&pages[1], true).unwrap();
    shop.hear().await;
    assert_eq!(
        shop.order(&late).await.state,
        OrderState::Paid,
        "there were places left"
    );
    assert_eq!(shop.books().await, 3000);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_pay_on_the_page_of_an_order_that_is_over() {
    let shop = Shop::open(1).await;
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    shop.expire(&placed).await;
    shop.compare().await;
    assert_eq!(shop.stripe.object(&page)["status"], "expired");
    assert!(shop.stripe.pay_session(&page, GOOD).is_err());
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.state, OrderState::Expired);
    assert_eq!(
        shop.count("select count(*) from payments where closed_at is null")
            .await,
        0
    );
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_pays_before_the_page_is_closed_gets_the_places_or_the_money() {
    let shop = Shop::open(2).await;
    let (first, second) = (shop.orders(1).await, shop.orders(1).await);
    let (one, two) = (
        shop.page(&first).await.unwrap(),
        shop.page(&second).await.unwrap(),
    );
    shop.expire(&first).await;
    shop.expire(&second).await;
    shop.sells(1).await;
    shop.stripe.pay_session(&one, GOOD).unwrap();
    shop.hear().await;
    assert_eq!(shop.order(&first).await.state, OrderState::Paid);
    shop.stripe.pay_session(&two, GOOD).unwrap();
    shop.hear().await;
    let order = shop.order(&second).await;
    assert_eq!(
        (order.state, order.refunded),
        (OrderState::Expired, shop.event.money(1500))
    );
    assert_eq!(order.refunds[0].state, "succeeded");
    assert_eq!(shop.books().await, 3000);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_that_fail_later_are_owed_again_and_those_of_the_dashboard_are_taken_over() {
    let shop = Shop::open(10).await;
    let placed = shop.sells(3).await;
    shop.give_back(&placed, RefundChoice::Amount(shop.event.money(1000)))
        .await;
    shop.hear().await;
    let reference = shop.text("select provider_ref from refunds").await;
    shop.stripe.settle_refund(&reference, "failed").unwrap();
    shop.hear().await;
    let failed = shop.order(&placed).await.refunds[0].clone();
    assert_eq!(failed.state, "failed");
    assert!(!failed.failure.is_empty());
    assert_eq!(shop.books().await, 4500);
    let permit = shop.event.organization.permit();
    services::orders::retry_refund(&shop.sv, &permit, failed.id)
        .await
        .unwrap();
    shop.hear().await;
    assert_eq!(shop.order(&placed).await.refunds[0].state, "succeeded");
    assert_eq!(shop.books().await, 3500);

    let charge = shop.text("select charge_ref from payments").await;
    shop.by_hand(
        "/v1/refunds",
        &[("payment_intent", &charge), ("amount", "500")],
    )
    .await;
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!(
        (order.state, order.refunded),
        (OrderState::Paid, shop.event.money(1500))
    );
    assert_eq!(shop.books().await, 3000);
    shop.by_hand("/v1/refunds", &[("payment_intent", &charge)])
        .await;
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!(
        (order.state, order.refunds.len()),
        (OrderState::Refunded, 3)
    );
    assert_eq!(
        shop.count("select count(*) from tickets where state = 'valid'")
            .await,
        0
    );
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}
