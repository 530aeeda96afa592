//! Who may use a code.

use domain::promo::{PromoState, Refusal};
use jiff::SignedDuration;
use services::{
    checkout::{self, PlaceError},
    permit::ManagePromoCodes,
    promo::{self, CodeForm},
};
use testkit::World;

use crate::{apply, event, form, make, order, refusal, used};

#[tokio::test]
async fn each_refusal_has_its_words_and_changes_nothing() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let other = w
        .event("Other")
        .by(&event.organization)
        .ticket_type("Seat", 500, 5)
        .published()
        .await;
    let local = |days: i64| {
        let at = w.now() + SignedDuration::from_hours(24 * days);
        at.to_string().get(..16).unwrap().to_owned()
    };
    let base = |code: &str| form(&event, code, "percent", "10");
    let soon = CodeForm {
        from: local(2),
        ..base("SOON")
    };
    let over = CodeForm {
        until: local(-2),
        ..base("OVER")
    };
    let poor = CodeForm {
        budget: "1.99".into(),
        ..base("POOR")
    };
    for code in [
        &base("PAUSED"),
        &soon,
        &over,
        &poor,
        &form(&other, "ELSEWHERE", "percent", "10"),
    ] {
        make(&w, &event, code).await;
    }
    let permit = event.organization.permit::<ManagePromoCodes>();
    let paused = make(&w, &event, &base("PAUSED2")).await;
    promo::set_state(&w.sv, &permit, paused, PromoState::Paused)
        .await
        .unwrap();
    let foreign = crate::event(&w, 20_00).await;
    make(&w, &foreign, &form(&foreign, "FOREIGN", "percent", "10")).await;

    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    for (code, expected) in [
        ("NOSUCH", Refusal::Unknown),
        ("ELSEWHERE", Refusal::Unknown),
        ("FOREIGN", Refusal::Unknown),
        ("%'\"<", Refusal::Unknown),
        ("PAUSED2", Refusal::Paused),
        ("OVER", Refusal::Over),
        ("POOR", Refusal::BudgetSpent),
    ] {
        assert_eq!(refusal(apply(&w, &held, code).await), expected, "{code}");
    }
    assert!(matches!(
        refusal(apply(&w, &held, "SOON").await),
        Refusal::NotYet { .. }
    ));
    assert_eq!(used(&w).await, (0, 0));
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!((view.total, view.code), (event.money(20_00), None));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_code_for_some_tickets_is_for_these() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 20_00, 10)
        .ticket_type("Box", 50_00, 10)
        .published()
        .await;
    let code = CodeForm {
        ticket_types: vec![event.of_type("Box").to_string()],
        ..form(&event, "BOXES", "ticket", "5")
    };
    make(&w, &event, &code).await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    assert_eq!(
        refusal(apply(&w, &held, "boxes").await),
        Refusal::NotForThese
    );
    let held = ada.holds(&event, &[("Seat", 1), ("Box", 2)]).await.unwrap();
    assert_eq!(apply(&w, &held, "boxes").await.unwrap(), event.money(10_00));
    order(&w, &ada, &held, event.money(11_000)).await.unwrap();
    w.assert_sound().await;
}

/// Another code instead, none at all, the same again: what is counted is what the basket has.
#[tokio::test]
async fn a_basket_has_one_code_and_can_do_without() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    make(&w, &event, &form(&event, "TEN", "percent", "10")).await;
    make(&w, &event, &form(&event, "OFFSEVEN", "order", "7")).await;
    let held = w.buyer("Ada").holds(&event, &[("Seat", 3)]).await.unwrap();
    let total = async || {
        checkout::show(&w.sv, &held.token)
            .await
            .unwrap()
            .unwrap()
            .total
    };
    apply(&w, &held, "OFFSEVEN").await.unwrap();
    assert_eq!(
        (total().await, used(&w).await),
        (event.money(53_00), (1, 7_00))
    );
    apply(&w, &held, "TEN").await.unwrap();
    assert_eq!(
        (total().await, used(&w).await),
        (event.money(54_00), (1, 6_00))
    );
    apply(&w, &held, "TEN").await.unwrap();
    assert_eq!(used(&w).await, (1, 6_00));
    // A wrong one leaves the right one.
    assert_eq!(refusal(apply(&w, &held, "WRONG").await), Refusal::Unknown);
    assert_eq!(
        (total().await, used(&w).await),
        (event.money(54_00), (1, 6_00))
    );
    for _ in 0..2 {
        checkout::remove_code(&w.sv, &held.token).await.unwrap();
        assert_eq!(
            (total().await, used(&w).await),
            (event.money(60_00), (0, 0))
        );
    }
    assert_eq!(w.count("select count(*) from hold_lines").await, 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_customer_has_it_as_often_as_agreed() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let once = CodeForm {
        max_per_customer: "1".into(),
        ..form(&event, "ONCE", "percent", "10")
    };
    make(&w, &event, &once).await;
    let ada = w.buyer("Ada");
    let first = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    let second = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &first, "once").await.unwrap();
    apply(&w, &second, "once").await.unwrap();
    order(&w, &ada, &first, event.money(18_00)).await.unwrap();
    let refused = order(&w, &ada, &second, event.money(18_00)).await;
    assert!(
        matches!(refused, Err(PlaceError::CodeUsedByCustomer { max: 1 })),
        "{refused:?}"
    );
    // The way on: without the code.
    checkout::remove_code(&w.sv, &second.token).await.unwrap();
    order(&w, &ada, &second, event.money(20_00)).await.unwrap();
    assert_eq!(used(&w).await, (1, 2_00));
    w.assert_sound().await;
}

/// A total that no card can be charged with is refused with the code; one of nothing at all is fine.
#[tokio::test]
async fn a_code_never_leaves_what_nobody_can_pay() {
    let w = World::new().await;
    w.gateway.take_at_least(50);
    let event = event(&w, 20_00).await;
    for (code, value) in [("ALMOST", "19.51"), ("JUST", "19.50"), ("ALL", "20")] {
        make(&w, &event, &form(&event, code, "order", value)).await;
    }
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    assert_eq!(apply(&w, &held, "JUST").await.unwrap(), event.money(19_50));
    let error = apply(&w, &held, "ALMOST").await.unwrap_err();
    assert_eq!(error.code(), "promo_not_payable");
    // The code it had before is still there, and alone is counted.
    assert_eq!(used(&w).await, (1, 19_50));
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(view.total, event.money(50));
    assert_eq!(apply(&w, &held, "ALL").await.unwrap(), event.money(20_00));
    assert_eq!(used(&w).await, (1, 20_00));
    w.assert_sound().await;
}
