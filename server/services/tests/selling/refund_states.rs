//! Refunds at a provider that takes its time, fails later, loses answers, or was used by hand.

use domain::{ids::RefundId, money::Money, orders::OrderState, payments::RefundState};
use services::{
    checkout::Placed,
    orders::{self, OrderView, RefundChoice, RefundOrder},
    payments::{self, Received},
    ports::{KnownRefund, PaymentStanding, ProviderEvent, ProviderRefund, ProviderTold},
};
use testkit::{Event, World};

use crate::told::{known, payment, receive};

const MONEY: &str = "money-1";

/// Three seats for 4500, paid with the provider's `money-1`.
async fn sold(w: &World) -> (Event, Placed) {
    w.gateway.answer_questions();
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 3).await.unwrap();
    let paid = ProviderEvent {
        id: "paid".into(),
        kind: "paid".into(),
        told: Some(ProviderTold::Payment {
            payment: payment(w, &placed).await,
            known: known(PaymentStanding::Succeeded, event.money(4500)),
        }),
    };
    assert_eq!(receive(w, &paid).await.unwrap(), Received::Kept);
    w.settle().await;
    (event, placed)
}

async fn order(w: &World, placed: &Placed) -> OrderView {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap()
}

async fn give_back(w: &World, event: &Event, placed: &Placed, minor: i64) {
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(event.money(minor)),
        keep_tickets: true,
        reason: "as asked".into(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    w.settle().await;
}

/// The provider tells of a refund, as a new message.
async fn tell(w: &World, ours: Option<(RefundId, u32)>, amount: Money, known: &KnownRefund) {
    let event = ProviderEvent {
        id: w.sv.new_secret(),
        kind: "refund".into(),
        told: Some(ProviderTold::Refund {
            names: ProviderRefund {
                ours,
                charge_ref: MONEY.into(),
            },
            amount,
            known: known.clone(),
        }),
    };
    receive(w, &event).await.unwrap();
}

fn refund(reference: &str, state: RefundState) -> KnownRefund {
    KnownRefund {
        reference: reference.into(),
        state,
        why: if state == RefundState::Failed {
            "expired_or_canceled_card".into()
        } else {
            String::new()
        },
        recalled: false,
    }
}

/// What is promised to buyers and not with them, and what the provider has.
async fn books(w: &World) -> (i64, i64) {
    let promised = "select coalesce(-sum(amount_minor), 0)::bigint from ledger_entries where account = 'refunds_payable'";
    let clearing = "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'provider_clearing'";
    (w.count(promised).await, w.count(clearing).await)
}

#[tokio::test]
async fn money_counts_as_sent_when_the_provider_says_so() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    w.gateway.delay_next(1);
    give_back(&w, &event, &placed, 1000).await;
    let pending = order(&w, &placed).await.refunds[0].clone();
    assert_eq!(
        (pending.state.as_str(), pending.completed_at),
        ("pending", None)
    );
    assert_eq!(books(&w).await, (1000, 4500));
    w.assert_sound().await;
    let reference = format!("sandbox-refund-{}-1", pending.id);
    for _ in 0..3 {
        let done = refund(&reference, RefundState::Succeeded);
        tell(&w, Some((pending.id, 1)), event.money(1000), &done).await;
        // An older message comes later.
        let before = refund(&reference, RefundState::Pending);
        tell(&w, Some((pending.id, 1)), event.money(1000), &before).await;
    }
    assert_eq!(order(&w, &placed).await.refunds[0].state, "succeeded");
    assert_eq!(books(&w).await, (0, 3500));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_refund_that_comes_back_is_owed_again_and_can_be_sent_anew() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    give_back(&w, &event, &placed, 1000).await;
    let sent = order(&w, &placed).await.refunds[0].clone();
    assert_eq!(books(&w).await, (0, 3500));
    let first = format!("sandbox-refund-{}-1", sent.id);
    let failed = refund(&first, RefundState::Failed);
    tell(&w, Some((sent.id, 1)), event.money(1000), &failed).await;
    tell(&w, Some((sent.id, 1)), event.money(1000), &failed).await;
    let view = order(&w, &placed).await.refunds[0].clone();
    assert_eq!(
        (view.state.as_str(), view.failure.as_str()),
        ("failed", "expired_or_canceled_card")
    );
    assert_eq!(books(&w).await, (1000, 4500));
    w.assert_sound().await;
    let permit = event.organization.permit();
    orders::retry_refund(&w.sv, &permit, sent.id).await.unwrap();
    // Nobody gets it twice by pressing twice.
    assert!(orders::retry_refund(&w.sv, &permit, sent.id).await.is_err());
    w.settle().await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "succeeded");
    assert_eq!(books(&w).await, (0, 3500));
    // Late news of the first try change nothing any more, whether they say whose they are or not.
    for ours in [Some((sent.id, 1)), None] {
        tell(&w, ours, event.money(1000), &failed).await;
        let good = refund(&first, RefundState::Succeeded);
        tell(&w, ours, event.money(1000), &good).await;
    }
    assert_eq!(order(&w, &placed).await.refunds.len(), 1);
    assert_eq!(books(&w).await, (0, 3500));
    let keys: Vec<_> = w
        .gateway
        .refunds()
        .into_iter()
        .map(|sent| sent.key)
        .collect();
    assert_eq!(keys, [format!("{}-1", sent.id), format!("{}-2", sent.id)]);
    w.assert_sound().await;
}

#[tokio::test]
async fn an_answer_that_is_lost_sends_nothing_twice() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    // Asked again by the job itself.
    w.gateway.lose_next_answers(2);
    give_back(&w, &event, &placed, 1000).await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "pending");
    w.advance_minutes(1);
    w.settle().await;
    w.advance_minutes(1);
    w.settle().await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "succeeded");
    // Lost until the job is given up: then the provider is asked.
    w.gateway.lose_next_answers(8);
    give_back(&w, &event, &placed, 500).await;
    for _ in 0..10 {
        w.advance_minutes(20);
        w.settle().await;
    }
    assert_eq!(order(&w, &placed).await.refunds[1].state, "pending");
    assert_eq!(
        w.count("select count(*) from jobs where dead_at is not null")
            .await,
        1
    );
    assert_eq!(payments::reconcile(&w.sv, 10).await.unwrap().refunds, 1);
    assert_eq!(order(&w, &placed).await.refunds[1].state, "succeeded");
    assert_eq!(w.gateway.refunds().len(), 2);
    assert_eq!(books(&w).await, (0, 3000));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_refund_that_never_got_there_is_sent_after_all() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    w.gateway.fail_next(8);
    give_back(&w, &event, &placed, 1000).await;
    for _ in 0..10 {
        w.advance_minutes(20);
        w.settle().await;
    }
    assert!(w.gateway.refunds().is_empty());
    payments::reconcile(&w.sv, 10).await.unwrap();
    w.settle().await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "succeeded");
    assert_eq!(w.gateway.refunds().len(), 1);
    assert_eq!(books(&w).await, (0, 3500));
    w.assert_sound().await;
}

#[tokio::test]
async fn money_sent_with_the_providers_own_tools_is_a_refund_like_any_other() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    let part = refund("re_1", RefundState::Pending);
    for _ in 0..2 {
        tell(&w, None, event.money(1500), &part).await;
    }
    let view = order(&w, &placed).await;
    assert_eq!(
        (view.state, view.refunded),
        (OrderState::Paid, event.money(1500))
    );
    assert_eq!(books(&w).await, (1500, 4500));
    let part = refund("re_1", RefundState::Succeeded);
    for _ in 0..2 {
        tell(&w, None, event.money(1500), &part).await;
    }
    assert_eq!(books(&w).await, (0, 3000));
    // A part says nothing about tickets; the rest ends the order.
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        3
    );
    tell(
        &w,
        None,
        event.money(3000),
        &refund("re_2", RefundState::Succeeded),
    )
    .await;
    w.settle().await;
    let view = order(&w, &placed).await;
    assert_eq!(
        (view.state, view.refunded),
        (OrderState::Refunded, event.money(4500))
    );
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        0
    );
    assert_eq!(books(&w).await, (0, 0));
    assert!(w.gateway.refunds().is_empty(), "nothing is sent once more");
    w.assert_sound().await;
    // More than there was: somebody has to look.
    tell(
        &w,
        None,
        event.money(1),
        &refund("re_3", RefundState::Succeeded),
    )
    .await;
    assert_eq!(
        w.count("select count(*) from provider_events where outcome = 'waiting'")
            .await,
        1
    );
    assert_eq!(books(&w).await, (0, 0));
}

/// Sample data, and what was tried out before a real provider was set up.
#[tokio::test]
async fn what_was_paid_in_the_sandbox_goes_back_when_it_is_no_longer_used() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    w.gateway.replace();
    give_back(&w, &event, &placed, 1000).await;
    w.settle().await;
    let sent = order(&w, &placed).await.refunds[0].clone();
    assert_eq!(sent.state.as_str(), "succeeded");
    assert_eq!(books(&w).await, (0, 3500));
    w.assert_sound().await;
}

#[tokio::test]
async fn what_is_sent_by_hand_settles_the_promise_that_could_not_be_sent() {
    let w = World::new().await;
    let (event, placed) = sold(&w).await;
    w.gateway.refuse_next(1);
    give_back(&w, &event, &placed, 1000).await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "failed");
    tell(
        &w,
        None,
        event.money(1000),
        &refund("re_1", RefundState::Succeeded),
    )
    .await;
    let view = order(&w, &placed).await;
    assert_eq!(
        (view.refunds.len(), view.refunds[0].state.as_str()),
        (1, "succeeded")
    );
    assert_eq!(view.refunded, event.money(1000));
    assert_eq!(books(&w).await, (0, 3500));
    w.assert_sound().await;
}
