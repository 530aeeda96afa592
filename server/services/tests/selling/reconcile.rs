//! What we think is compared with what the provider knows.

use domain::{
    orders::{OrderState, OrderTransitionError},
    payments::DeclineReason,
};
use services::{
    checkout::Placed,
    orders,
    payments::{self, NewsKind, OpenPage, StartError},
    ports::PaymentStanding,
};
use testkit::{Event, World};

use crate::told::{known, payment};

const DECLINED: PaymentStanding = PaymentStanding::Failed {
    reason: DeclineReason::ExpiredCard,
};

async fn world(capacity: i32) -> (World, Event) {
    let w = World::new().await;
    w.gateway.answer_questions();
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, capacity)
        .published()
        .await;
    (w, event)
}

async fn state(w: &World, placed: &Placed) -> OrderState {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap().state
}

#[tokio::test]
async fn lost_messages_are_found_within_five_minutes() {
    let (w, event) = world(100).await;
    let mut all = Vec::new();
    for _ in 0..30 {
        let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
        let payment = payment(&w, &placed).await;
        w.gateway.know(
            payment,
            known(PaymentStanding::Succeeded, event.money(1500)),
        );
        all.push(placed);
    }
    // Every ten seconds, seven at a time.
    for _ in 0..30 {
        w.advance(jiff::SignedDuration::from_secs(10));
        payments::reconcile(&w.sv, 7).await.unwrap();
    }
    for placed in &all {
        assert_eq!(state(&w, placed).await, OrderState::Paid);
    }
    w.settle().await;
    assert_eq!(w.count("select count(*) from tickets").await, 30);
    // Nothing is asked about that is settled.
    w.advance_minutes(10);
    assert!(!payments::reconcile(&w.sv, 7).await.unwrap().any());
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_has_paid_does_not_lose_the_places_when_time_runs_out() {
    let (w, event) = world(1).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let id = payment(&w, &placed).await;
    w.gateway
        .know(id, known(PaymentStanding::Open, event.money(1500)));
    w.advance(jiff::SignedDuration::from_secs(13 * 60 + 50));
    payments::reconcile(&w.sv, 10).await.unwrap();
    // Paid just now, and nobody tells us. It is looked at once more before the end.
    w.gateway
        .know(id, known(PaymentStanding::Succeeded, event.money(1500)));
    w.advance(jiff::SignedDuration::from_secs(40));
    payments::reconcile(&w.sv, 10).await.unwrap();
    w.advance_minutes(1);
    w.settle().await;
    assert_eq!(state(&w, &placed).await, OrderState::Paid);
    w.assert_sound().await;
}

#[tokio::test]
async fn nobody_can_pay_for_what_is_over() {
    let (w, event) = world(10).await;
    let expired = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let cancelled = w.buyer("Bo").orders(&event, "Seat", 1).await.unwrap();
    let (first, second) = (payment(&w, &expired).await, payment(&w, &cancelled).await);
    for id in [first, second] {
        w.gateway
            .know(id, known(PaymentStanding::Open, event.money(1500)));
    }
    let cmd = orders::CancelByBuyer {
        secret: cancelled.secret.clone(),
        tickets: orders::WhichTickets::All,
        accepted_refund: event.money(0),
    };
    orders::cancel_by_buyer(&w.sv, cmd).await.unwrap();
    payments::reconcile(&w.sv, 10).await.unwrap();
    assert_eq!(w.gateway.closed(), [second]);
    w.advance_minutes(16);
    w.settle().await;
    payments::reconcile(&w.sv, 10).await.unwrap();
    assert_eq!(w.gateway.closed(), [second, first]);
    assert_eq!(
        w.count("select count(*) from payments where closed_at is null")
            .await,
        0
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn money_that_came_before_the_page_could_be_closed_goes_back_or_buys() {
    let (w, event) = world(1).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let id = payment(&w, &placed).await;
    w.advance_minutes(16);
    w.settle().await;
    w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    w.gateway
        .know(id, known(PaymentStanding::Succeeded, event.money(1500)));
    payments::reconcile(&w.sv, 10).await.unwrap();
    w.settle().await;
    assert_eq!(state(&w, &placed).await, OrderState::Expired);
    assert_eq!(w.gateway.refunds().len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn paying_again_what_is_paid_is_not_possible() {
    let (w, event) = world(10).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let id = payment(&w, &placed).await;
    // The buyer goes back in the browser and presses the button again; the first time nothing has come of it.
    w.gateway
        .know(id, known(PaymentStanding::Open, event.money(1500)));
    assert_eq!(payment(&w, &placed).await, id);
    w.gateway
        .know(id, known(PaymentStanding::Processing, event.money(1500)));
    let on_its_way = payments::start(&w.sv, &placed.secret).await;
    assert!(
        matches!(on_its_way, Err(StartError::UnderWay)),
        "{on_its_way:?}"
    );
    w.gateway
        .know(id, known(PaymentStanding::Succeeded, event.money(1500)));
    let paid = payments::start(&w.sv, &placed.secret).await;
    let Err(StartError::Transition(OrderTransitionError::AlreadyPaid)) = paid else {
        panic!("{paid:?}");
    };
    assert_eq!(w.count("select count(*) from payments").await, 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_second_page_is_opened_only_when_the_first_is_closed() {
    let (w, event) = world(10).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let name = w.payment_of(&placed).await;
    let first = payment(&w, &placed).await;
    w.gateway.know(
        first,
        services::ports::KnownPayment {
            closed: false,
            ..known(DECLINED, event.money(1500))
        },
    );
    let decline = NewsKind::Failed {
        reason: DeclineReason::ExpiredCard,
    };
    let news = payments::ProviderNews {
        provider: "sandbox".into(),
        event_id: "declined".into(),
        provider_ref: name,
        kind: decline,
        charge_ref: None,
        closed: false,
        card: None,
    };
    payments::apply_news(&w.sv, news).await.unwrap();
    let page = payments::open_page(&w.sv, &placed.secret).await.unwrap();
    assert!(matches!(page, OpenPage::At(url) if url.ends_with(&first.to_string())));
    let second = payment(&w, &placed).await;
    assert_ne!(second, first);
    assert_eq!(w.gateway.closed(), [first]);
    // The first was paid in the moment between: then that counts, and there is no second.
    w.gateway
        .know(second, known(PaymentStanding::Open, event.money(1500)));
    assert_eq!(
        w.count("select count(*) from payments where closed_at is null")
            .await,
        1
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_buyer_who_comes_back_before_the_message_finds_the_tickets() {
    let (w, event) = world(10).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let id = payment(&w, &placed).await;
    w.gateway
        .know(id, known(PaymentStanding::Succeeded, event.money(3000)));
    w.gateway.fail_next(1);
    assert!(payments::come_back(&w.sv, &placed.secret).await.unwrap());
    assert_eq!(state(&w, &placed).await, OrderState::Pending);
    // Loading the page again and again does not ask the provider each time.
    assert!(payments::come_back(&w.sv, &placed.secret).await.unwrap());
    assert_eq!(state(&w, &placed).await, OrderState::Pending);
    w.advance_minutes(1);
    assert!(payments::come_back(&w.sv, &placed.secret).await.unwrap());
    assert_eq!(state(&w, &placed).await, OrderState::Paid);
    assert!(!payments::come_back(&w.sv, "nobody").await.unwrap());
    let page = payments::open_page(&w.sv, &placed.secret).await.unwrap();
    assert_eq!(page, OpenPage::None);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_again() {
    let (w, event) = world(10).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let id = payment(&w, &placed).await;
    w.gateway
        .know(id, known(PaymentStanding::Succeeded, event.money(1500)));
    w.advance_minutes(2);
    w.gateway.fail_next(1);
    assert!(!payments::reconcile(&w.sv, 10).await.unwrap().any());
    assert!(
        !payments::reconcile(&w.sv, 10).await.unwrap().any(),
        "not at once"
    );
    w.advance_minutes(2);
    assert_eq!(payments::reconcile(&w.sv, 10).await.unwrap().payments, 1);
    assert_eq!(state(&w, &placed).await, OrderState::Paid);
}

#[tokio::test]
async fn one_refund_that_nobody_understands_keeps_no_other_from_being_asked_about() {
    let (w, event) = world(10).await;
    w.gateway.delay_next(2);
    for name in ["Ada", "Bo"] {
        let placed = w.buyer(name).buys(&event, "Seat", 1).await.unwrap();
        let cmd = orders::RefundOrder {
            code: placed.code,
            choice: orders::RefundChoice::Full,
            keep_tickets: false,
            reason: String::new(),
            idempotency_key: None,
        };
        orders::refund(&w.sv, &event.organization.permit(), cmd)
            .await
            .unwrap();
        w.work().await;
    }
    w.advance_minutes(5);
    // The first in the line.
    w.execute(
        "update refunds set currency = 'XXX' where id = (select min(id::text)::uuid from refunds)",
    )
    .await;
    let done = payments::reconcile(&w.sv, 10).await.unwrap();
    assert_eq!(done.refunds, 2);
}
