//! Cards that are held until the organizer has decided.

use domain::{
    ids::OrderCode,
    orders::{Decision, OrderState},
    payments::DeclineReason,
};
use serde_json::{Value, json};
use services::{
    checkout::Placed,
    orders::{self, CancelByBuyer, DecideRequestError, RequestInput, WhichTickets},
    payments::StartError,
};

use crate::shop::{GOOD, Shop, WITHOUT_MONEY};

async fn open(in_page: bool) -> Shop {
    let shop = if in_page {
        Shop::in_page(10).await
    } else {
        Shop::open(10).await
    };
    let cmd = RequestInput {
        on: true,
        hold: true,
        hours: "24".into(),
    };
    let permit = shop.event.organization.permit();
    orders::set_request_policy(&shop.sv, &permit, shop.event.id, &cmd)
        .await
        .unwrap();
    shop
}

/// Asks for a seat, the card being held; the name of the money at Stripe.
async fn asks(shop: &Shop) -> (Placed, String) {
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    assert_eq!(stands(shop, &placed).await, (OrderState::Asked, None));
    let intent = shop.stripe.object(&page)["payment_intent"].clone();
    (placed, intent.as_str().unwrap().to_owned())
}

async fn stands(shop: &Shop, placed: &Placed) -> (OrderState, Option<Decision>) {
    let order = shop.order(placed).await;
    (order.state, order.request.unwrap().decision)
}

async fn approve(shop: &Shop, code: OrderCode) -> Result<(), DecideRequestError> {
    let permit = shop.event.organization.permit();
    orders::approve_request(&shop.sv, &permit, code).await
}

async fn decline(shop: &Shop, code: OrderCode) {
    let permit = shop.event.organization.permit();
    orders::decline_request(&shop.sv, &permit, code, "Full already")
        .await
        .unwrap();
}

fn status(shop: &Shop, intent: &str) -> Value {
    shop.stripe.object(intent)["status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn held_on_the_page_then_charged_once() {
    let shop = open(false).await;
    let placed = shop.orders(2).await;
    let page = shop.page(&placed).await.unwrap();
    assert!(shop.stripe.pay_session(&page, WITHOUT_MONEY).is_err());
    shop.hear().await;
    let order = shop.order(&placed).await;
    assert_eq!(
        order.payment.unwrap().decline_reason,
        Some(DeclineReason::InsufficientFunds)
    );
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    assert_eq!(stands(&shop, &placed).await, (OrderState::Asked, None));
    let intent = shop.stripe.object(&page)["payment_intent"].clone();
    let intent = intent.as_str().unwrap();
    assert_eq!(status(&shop, intent), "requires_capture");
    assert_eq!(shop.books().await, 0, "no money has moved");
    // Comparing leaves alone what waits for a person.
    shop.compare().await;
    assert_eq!(status(&shop, intent), "requires_capture");
    approve(&shop, placed.code).await.unwrap();
    let order = shop.order(&placed).await;
    assert_eq!((order.state, order.tickets.len()), (OrderState::Paid, 2));
    shop.hear().await;
    shop.compare().await;
    assert_eq!(status(&shop, intent), "succeeded");
    assert_eq!(shop.stripe.object(intent)["amount_received"], 3000);
    assert_eq!(shop.books().await, 3000);
    shop.give_back(&placed, orders::RefundChoice::Full).await;
    shop.hear().await;
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn held_in_our_page_then_declined() {
    let shop = open(true).await;
    let placed = shop.orders(1).await;
    let secret = shop.fields(&placed).await.unwrap();
    let intent = secret.split("_secret_").next().unwrap();
    assert_eq!(shop.stripe.object(intent)["capture_method"], "manual");
    let answer = shop.confirms_card(&secret, GOOD).await;
    assert_eq!(answer["status"], "requires_capture", "{answer}");
    shop.hear().await;
    assert_eq!(stands(&shop, &placed).await, (OrderState::Asked, None));
    let again = shop.fields(&placed).await;
    assert!(
        matches!(again, Err(StartError::Transition(_) | StartError::UnderWay)),
        "{:?}",
        again.is_ok()
    );
    decline(&shop, placed.code).await;
    assert_eq!(status(&shop, intent), "canceled");
    shop.hear().await;
    assert_eq!(
        stands(&shop, &placed).await,
        (OrderState::Cancelled, Some(Decision::Declined))
    );
    assert_eq!(shop.count("select count(*) from ledger_entries").await, 0);
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_messages_and_answers_change_nothing() {
    let shop = open(false).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    let mut asked = Vec::new();
    for _ in 0..2 {
        let placed = shop.orders(1).await;
        let page = shop.page(&placed).await.unwrap();
        shop.stripe.pay_session(&page, GOOD).unwrap();
        asked.push(placed);
    }
    shop.compare().await;
    for placed in &asked {
        assert_eq!(stands(&shop, placed).await, (OrderState::Asked, None));
    }
    // It is taken, but the answer is lost; asked again it says that it was taken.
    for kind in ["timeout_after", "error_after"] {
        let placed = asked.pop().unwrap();
        let fault = json!({ "kind": kind, "path": "/v1/payment_intents" });
        shop.stripe.fault(fault).unwrap();
        approve(&shop, placed.code).await.unwrap();
        shop.run("update payments set settling_at = null").await;
        shop.compare().await;
        assert_eq!(
            stands(&shop, &placed).await,
            (OrderState::Paid, Some(Decision::Approved)),
            "{kind}"
        );
    }
    assert_eq!(shop.books().await, 3000);
    assert_eq!(shop.stripe.ids("charge").len(), 2);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_lapsed_at_stripe_ends_the_request_or_is_paid_anew() {
    let shop = open(false).await;
    let (waiting, first) = asks(&shop).await;
    shop.by_hand(&format!("/v1/payment_intents/{first}/cancel"), &[])
        .await;
    shop.hear().await;
    assert_eq!(
        stands(&shop, &waiting).await,
        (OrderState::Expired, Some(Decision::Lapsed))
    );
    let (late, second) = asks(&shop).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.by_hand(&format!("/v1/payment_intents/{second}/cancel"), &[])
        .await;
    approve(&shop, late.code).await.unwrap();
    assert_eq!(
        stands(&shop, &late).await,
        (OrderState::Pending, Some(Decision::Approved))
    );
    let page = shop.page(&late).await.unwrap();
    let made = shop.stripe.object(&page);
    assert_eq!(made["payment_status"], "unpaid");
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.compare().await;
    assert_eq!(shop.order(&late).await.state, OrderState::Paid);
    assert_eq!(shop.books().await, 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_by_hand_is_a_yes_and_after_a_withdrawal_goes_back() {
    let shop = open(false).await;
    let (placed, intent) = asks(&shop).await;
    shop.by_hand(&format!("/v1/payment_intents/{intent}/capture"), &[])
        .await;
    shop.hear().await;
    assert_eq!(
        stands(&shop, &placed).await,
        (OrderState::Paid, Some(Decision::Approved))
    );
    let (other, intent) = asks(&shop).await;
    shop.stripe
        .webhooks("lose", json!({ "count": 1000 }))
        .unwrap();
    shop.by_hand(&format!("/v1/payment_intents/{intent}/capture"), &[])
        .await;
    let cmd = CancelByBuyer {
        secret: other.secret.clone(),
        tickets: WhichTickets::All,
        accepted_refund: shop.event.money(0),
    };
    orders::cancel_by_buyer(&shop.sv, cmd).await.unwrap();
    shop.work().await;
    shop.hurry().await;
    let end = shop.order(&other).await;
    assert_eq!(
        (end.tickets.len(), end.refunded),
        (0, shop.event.money(1500))
    );
    assert_eq!(shop.books().await, 1500);
    shop.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_too_late_is_let_go() {
    let shop = open(false).await;
    let placed = shop.orders(1).await;
    let page = shop.page(&placed).await.unwrap();
    shop.run("update orders set expires_at = now() - interval '1 second'")
        .await;
    shop.work().await;
    shop.stripe.pay_session(&page, GOOD).unwrap();
    shop.hear().await;
    let intent = shop.stripe.object(&page)["payment_intent"].clone();
    shop.compare().await;
    assert_eq!(status(&shop, intent.as_str().unwrap()), "canceled");
    shop.hear().await;
    assert_eq!(stands(&shop, &placed).await, (OrderState::Expired, None));
    assert_eq!(shop.books().await, 0);
    shop.sound().await;
}
