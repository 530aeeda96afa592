//! When a code is there for others again.

use domain::promo::Refusal;
use services::{
    checkout,
    orders::{self, CancelOrder},
    payments::NewsKind,
    promo::CodeForm,
};
use testkit::World;

use crate::{apply, event, form, make, order, refusal, used};

#[tokio::test]
async fn what_comes_to_nothing_gives_the_code_back() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let last = CodeForm {
        max_uses: "1".into(),
        ..form(&event, "LAST", "percent", "10")
    };
    make(&w, &event, &last).await;
    let ada = w.buyer("Ada");
    let hold = async || {
        let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
        apply(&w, &held, "LAST").await.unwrap();
        assert_eq!(used(&w).await, (1, 2_00));
        held
    };
    // Let go.
    let held = hold().await;
    checkout::release(&w.sv, &held.token).await.unwrap();
    assert_eq!(used(&w).await, (0, 0));
    // Run out.
    hold().await;
    w.advance_minutes(60);
    w.settle().await;
    assert_eq!(used(&w).await, (0, 0));
    // Ordered, and not paid in time.
    let held = hold().await;
    let placed = order(&w, &ada, &held, event.money(18_00)).await.unwrap();
    let bo = w.buyer("Bo").holds(&event, &[("Seat", 1)]).await.unwrap();
    assert_eq!(refusal(apply(&w, &bo, "LAST").await), Refusal::UsedUp);
    let payment = w.payment_of(&placed).await;
    w.advance_minutes(24 * 60);
    w.settle().await;
    assert_eq!(used(&w).await, (0, 0));
    w.assert_sound().await;
    // The money comes late, and the code is there: the order has it again.
    w.news(&payment, &w.sv.new_secret(), NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(used(&w).await, (1, 2_00));
    let seen = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.tickets.len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn an_unpaid_order_that_is_called_off_gives_the_code_back() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    make(&w, &event, &form(&event, "ONE", "percent", "10")).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "one").await.unwrap();
    let placed = order(&w, &ada, &held, event.money(18_00)).await.unwrap();
    let cmd = CancelOrder {
        code: placed.code,
        reason: "as asked".into(),
    };
    orders::cancel(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    assert_eq!(used(&w).await, (0, 0));
    w.assert_sound().await;
}

/// The last use went to somebody else meanwhile: late money goes back, nothing is moved.
#[tokio::test]
async fn late_money_without_its_code_goes_back() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let last = CodeForm {
        max_uses: "1".into(),
        ..form(&event, "LAST", "percent", "10")
    };
    make(&w, &event, &last).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "LAST").await.unwrap();
    let placed = order(&w, &ada, &held, event.money(18_00)).await.unwrap();
    let payment = w.payment_of(&placed).await;
    w.advance_minutes(24 * 60);
    w.settle().await;
    let bo = w.buyer("Bo").holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &bo, "LAST").await.unwrap();
    w.news(&payment, &w.sv.new_secret(), NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(used(&w).await, (1, 2_00));
    assert_eq!(w.gateway.refunds().len(), 1);
    assert_eq!(w.count("select count(*) from tickets").await, 0);
    w.assert_sound().await;
}

/// The customer has used the code with another order meanwhile, and may not use it twice: late money goes back.
#[tokio::test]
async fn late_money_is_not_beyond_the_limit_of_a_customer() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let once = CodeForm {
        max_per_customer: "1".into(),
        ..form(&event, "ONCE", "percent", "10")
    };
    make(&w, &event, &once).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "ONCE").await.unwrap();
    let first = order(&w, &ada, &held, event.money(18_00)).await.unwrap();
    let late = w.payment_of(&first).await;
    w.advance_minutes(24 * 60);
    w.settle().await;
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "ONCE").await.unwrap();
    order(&w, &ada, &held, event.money(18_00)).await.unwrap();
    w.news(&late, &w.sv.new_secret(), NewsKind::Succeeded)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(used(&w).await, (1, 2_00));
    assert_eq!(w.gateway.refunds().len(), 1);
    assert_eq!(w.count("select count(*) from tickets").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_request_has_its_code_until_it_ends() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let asking = orders::RequestInput {
        on: true,
        hold: false,
        hours: "24".into(),
    };
    let permit = event.organization.permit();
    orders::set_request_policy(&w.sv, &permit, event.id, &asking)
        .await
        .unwrap();
    make(&w, &event, &form(&event, "LAST", "percent", "10")).await;
    let ada = w.buyer("Ada");
    for decided in [true, false] {
        let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
        apply(&w, &held, "LAST").await.unwrap();
        let placed = order(&w, &ada, &held, event.money(18_00)).await.unwrap();
        w.advance_minutes(60);
        w.settle().await;
        assert_eq!(used(&w).await, (1, 2_00));
        if decided {
            let permit = event.organization.permit();
            orders::decline_request(&w.sv, &permit, placed.code, "Not this time")
                .await
                .unwrap();
        } else {
            w.advance_minutes(24 * 60);
            w.settle().await;
        }
        assert_eq!(used(&w).await, (0, 0));
        w.assert_sound().await;
    }
}
