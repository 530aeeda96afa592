//! The price with a code is one price: shown, accepted, charged, booked and given back.

use domain::{
    money::Currency,
    orders::OrderState,
    pricing::{Rate, TaxMode},
};
use services::{
    checkout::{self, HeldCode},
    orders::{self, RefundChoice, RefundOrder},
};
use testkit::World;

use crate::{apply, event, form, make, order, used};

#[tokio::test]
async fn the_price_shown_is_the_price_charged() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    make(&w, &event, &form(&event, "Early-Bird", "percent", "20")).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 3)]).await.unwrap();
    // However it is typed.
    assert_eq!(
        apply(&w, &held, " earlyBIRD ").await.unwrap(),
        event.money(12_00)
    );
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(
        (view.total, view.lines[0].total),
        (event.money(48_00), event.money(60_00))
    );
    let code = HeldCode {
        code: "Early-Bird".into(),
        saved: event.money(12_00),
    };
    assert_eq!((view.code, view.changes), (Some(code.clone()), vec![]));
    let placed = order(&w, &ada, &held, event.money(48_00)).await.unwrap();
    let due = w.count("select total_minor from orders").await;
    assert_eq!(due, 48_00);
    w.provider_says(&placed, services::payments::NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (seen.state, seen.total, seen.promo),
        (OrderState::Paid, event.money(48_00), Some(code))
    );
    assert_eq!(
        w.count("select sum(amount_minor)::bigint from payments")
            .await,
        48_00
    );
    assert_eq!(used(&w).await, (1, 12_00));
    w.assert_sound().await;
}

/// Ten off three tickets of twenty: one costs a cent less, and each is given back at what was paid for it.
#[tokio::test]
async fn an_amount_of_the_order_is_dealt_out_and_given_back_exactly() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    make(&w, &event, &form(&event, "TENOFF", "order", "10")).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 3)]).await.unwrap();
    assert_eq!(
        apply(&w, &held, "TENOFF").await.unwrap(),
        event.money(10_00)
    );
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(
        (view.lines.len(), view.lines[0].quantity, view.tickets),
        (1, 3, 3)
    );
    let placed = order(&w, &ada, &held, event.money(50_00)).await.unwrap();
    w.provider_says(&placed, services::payments::NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.tickets.len(), seen.lines.len()), (3, 1));
    let mut back = Vec::new();
    for ticket in &seen.tickets {
        let cmd = RefundOrder {
            code: placed.code,
            choice: RefundChoice::Tickets(vec![ticket.id]),
            keep_tickets: false,
            reason: "as asked".into(),
            idempotency_key: None,
        };
        let permit = event.organization.permit();
        back.push(
            orders::refund(&w.sv, &permit, cmd)
                .await
                .unwrap()
                .amount
                .minor,
        );
        w.assert_sound().await;
    }
    back.sort_unstable();
    assert_eq!(back, [16_66, 16_67, 16_67]);
    w.settle().await;
    // What was paid with it stays used, whatever is given back.
    assert_eq!(used(&w).await, (1, 10_00));
    w.assert_sound().await;
}

#[tokio::test]
async fn everything_off_is_a_free_order_without_a_fee() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    w.fee_plan(None, Currency::EUR, 99, 250).await;
    make(&w, &event, &form(&event, "GUEST", "percent", "100")).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 2)]).await.unwrap();
    assert_eq!(apply(&w, &held, "guest").await.unwrap(), event.money(40_00));
    let placed = order(&w, &ada, &held, event.money(0)).await.unwrap();
    assert!(!placed.needs_payment);
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.state, seen.tickets.len()), (OrderState::Paid, 2));
    assert_eq!(
        w.count("select sum(fee_minor)::bigint from orders").await,
        0
    );
    assert_eq!(w.count("select count(*) from ledger_transactions").await, 0);
    w.settle().await;
    w.assert_sound().await;
}

/// Tax and fee are those of the price that is paid.
#[tokio::test]
async fn tax_and_fee_are_of_the_price_that_is_paid() {
    let w = World::new().await;
    let event = event(&w, 10_000).await;
    w.fee_plan(None, Currency::EUR, 0, 1000).await;
    w.prices(&event, (TaxMode::Included, "DE"), Rate::from_bp(1900), 0)
        .await;
    make(&w, &event, &form(&event, "HALF", "percent", "50")).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "half").await.unwrap();
    order(&w, &ada, &held, event.money(50_00)).await.unwrap();
    assert_eq!(w.count("select tax_minor from orders").await, 7_98);
    assert_eq!(w.count("select fee_minor from orders").await, 5_00);
    assert_eq!(
        w.count("select full_price_minor from order_lines").await,
        10_000
    );
    w.assert_sound().await;
}
