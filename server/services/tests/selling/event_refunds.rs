//! All orders of an event end: whatever happens on the way, each buyer gets their money once.

mod bank;
mod crowd;
mod kill;
mod many;

use domain::{
    disputes::{DisputeReason, DisputeState, Moved, Told},
    orders::{OrderState, RunOutcome},
    permissions::Role,
};
use services::{
    events::{self, EventError},
    orders::{self, ListRun, RefundChoice, RefundOrder, RetryRunError, RunView},
    payments::{self, Applied, NewsKind},
    permit::{self, CancelEvents, Permit},
    ports::{KnownDispute, ProviderEvent, ProviderTold},
};
use testkit::{Event, World};

pub(crate) async fn run_of(w: &World, event: &Event) -> RunView {
    orders::show_run(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap()
        .unwrap()
}

pub(crate) async fn call_off(w: &World, event: &Event) -> Result<(), EventError> {
    let owner = w.member(&event.organization, Role::Owner).await;
    let permit: Permit<CancelEvents> = permit::for_event(&w.sv, &owner, event.id).await.unwrap();
    events::cancel(&w.sv, &permit, event.id, "storm").await
}

async fn rows(w: &World, event: &Event, outcome: Option<RunOutcome>) -> Vec<(String, String)> {
    let ask = ListRun {
        event: event.id,
        outcome,
        cursor: None,
        limit: 100,
    };
    let page = orders::list_run(&w.sv, &event.organization.permit(), ask)
        .await
        .unwrap();
    let mut rows: Vec<_> = page
        .items
        .into_iter()
        .map(|row| (row.buyer_name, row.why))
        .collect();
    rows.sort();
    rows
}

async fn evening(w: &World) -> Event {
    w.event("Evening")
        .ticket_type("Seat", 1500, 200)
        .ticket_type("Child", 0, 50)
        .published()
        .await
}

#[tokio::test]
async fn what_is_shown_before_is_what_happens() {
    let w = World::new().await;
    let event = evening(&w).await;
    let three = w.buyer("Ada").buys(&event, "Seat", 3).await.unwrap();
    w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    w.buyer("Cy").buys(&event, "Child", 2).await.unwrap();
    w.buyer("Di").orders(&event, "Seat", 1).await.unwrap();
    let some = RefundOrder {
        code: three.code,
        choice: RefundChoice::Amount(event.money(500)),
        keep_tickets: true,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), some)
        .await
        .unwrap();
    w.work().await;

    let figures = orders::call_off_figures(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    assert_eq!((figures.orders, figures.tickets, figures.unpaid), (3, 6, 1));
    let money = figures.money[0];
    assert_eq!(money.refund, event.money(4500 - 500 + 1500));
    assert_eq!(money.balance, Some(event.money(5500)));
    assert_eq!((money.own, money.short), (event.money(5500), None));

    call_off(&w, &event).await.unwrap();
    w.work().await;
    let run = run_of(&w, &event).await;
    assert!(!run.working && run.finished_at.is_some());
    assert_eq!(run.money[0].promised, money.refund);
    assert_eq!(run.money[0].sent, money.refund);
    assert_eq!((run.counts.sent, run.counts.skipped), (2, 2));
    assert_eq!(
        rows(&w, &event, Some(RunOutcome::Skipped)).await,
        [
            ("Cy".to_owned(), "free".to_owned()),
            ("Di".to_owned(), "not_paid".to_owned())
        ]
    );
    assert_eq!(w.count("select sum(sold + held) from pools").await, 0);
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_and_a_second_run_do_nothing_twice() {
    let w = World::new().await;
    let event = evening(&w).await;
    for n in 0..5 {
        w.buyer(&format!("Buyer {n}"))
            .buys(&event, "Seat", 1)
            .await
            .unwrap();
    }
    let owner = w.member(&event.organization, Role::Owner).await;
    let permit: Permit<CancelEvents> = permit::for_event(&w.sv, &owner, event.id).await.unwrap();
    let (a, b) = tokio::join!(
        events::cancel(&w.sv, &permit, event.id, "storm"),
        events::cancel(&w.sv, &permit, event.id, "storm")
    );
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
    // The old way of asking for it finds that it is done.
    w.execute(
        "insert into jobs (organization_id, kind, payload, run_at, created_at)
         select organization_id, 'cancel_event_orders',
                jsonb_build_object('kind', 'cancel_event_orders', 'event', id, 'reason', 'again'), created_at, created_at
         from events",
    )
    .await;
    w.work().await;
    assert_eq!(w.count("select count(*) from refund_runs").await, 1);
    assert_eq!(w.gateway.refunds().len(), 5);
    assert_eq!(
        run_of(&w, &event).await.started_by.as_deref(),
        Some("owner")
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn money_that_comes_after_the_end_goes_back_and_stands_in_the_list() {
    let w = World::new().await;
    let event = evening(&w).await;
    let slow = w.buyer("Slow").orders(&event, "Seat", 2).await.unwrap();
    let payment = w.payment_of(&slow).await;
    call_off(&w, &event).await.unwrap();
    w.work().await;
    assert_eq!(run_of(&w, &event).await.counts.skipped, 1);
    let applied = w.news(&payment, "late", NewsKind::Succeeded).await.unwrap();
    assert_eq!(applied, Applied::SentBack);
    w.work().await;
    let run = run_of(&w, &event).await;
    assert_eq!((run.counts.sent, run.counts.skipped), (1, 0));
    assert_eq!(run.money[0].sent, event.money(3000));
    assert_eq!(
        rows(&w, &event, None).await,
        [("Slow".to_owned(), "paid_late".to_owned())]
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn an_order_that_was_being_written_is_found_by_the_second_look() {
    let w = World::new().await;
    let event = evening(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    call_off(&w, &event).await.unwrap();
    w.work().await;
    assert_eq!(run_of(&w, &event).await.counts.all(), 1);
    // As if its transaction had begun before the event was called off, and ended now.
    w.execute("update events set state = 'published'").await;
    w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    w.execute("update events set state = 'cancelled'").await;
    w.advance_minutes(2);
    w.work().await;
    let run = run_of(&w, &event).await;
    assert_eq!(
        (run.counts.all(), run.counts.sent, run.working),
        (2, 2, false)
    );
    w.advance_minutes(5);
    w.work().await;
    assert_eq!(w.count("select count(*) from jobs").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn what_failed_is_tried_again_and_nobody_is_paid_twice() {
    let w = World::new().await;
    let event = evening(&w).await;
    for n in 0..4 {
        w.buyer(&format!("Buyer {n}"))
            .buys(&event, "Seat", 1)
            .await
            .unwrap();
    }
    w.gateway.refuse_next(2);
    call_off(&w, &event).await.unwrap();
    w.work().await;
    let run = run_of(&w, &event).await;
    assert_eq!((run.counts.sent, run.counts.failed), (2, 2));
    assert_eq!(run.money[0].failed, event.money(3000));
    assert_eq!(rows(&w, &event, Some(RunOutcome::Failed)).await.len(), 2);
    let permit = event.organization.permit();
    // What somebody of the platform sends with the bank is left to them.
    w.execute("update refunds set taken_at = now() where state = 'failed'")
        .await;
    let taken = orders::retry_run(&w.sv, &permit, event.id).await;
    assert!(matches!(taken, Err(RetryRunError::NothingFailed)));
    w.execute("update refunds set taken_at = null").await;
    orders::retry_run(&w.sv, &permit, event.id).await.unwrap();
    let again = orders::retry_run(&w.sv, &permit, event.id).await;
    assert!(matches!(again, Err(RetryRunError::NothingFailed)));
    w.work().await;
    assert_eq!(run_of(&w, &event).await.counts.sent, 4);
    assert_eq!(w.gateway.refunds().len(), 4);
    w.assert_sound().await;
}

#[tokio::test]
async fn one_order_that_cannot_be_ended_keeps_nobody_from_their_money() {
    let w = World::new().await;
    let event = evening(&w).await;
    for n in 0..6 {
        w.buyer(&format!("Buyer {n}"))
            .buys(&event, "Seat", 1)
            .await
            .unwrap();
    }
    w.execute("update orders set refund_policy = '\"nonsense\"' where buyer_name = 'Buyer 3'")
        .await;
    call_off(&w, &event).await.unwrap();
    w.work().await;
    let run = run_of(&w, &event).await;
    assert_eq!(
        (run.counts.sent, run.counts.failed, run.working),
        (5, 1, false)
    );
    assert_eq!(
        rows(&w, &event, Some(RunOutcome::Failed)).await,
        [("Buyer 3".to_owned(), "fault".to_owned())]
    );
    w.execute("update orders set refund_policy = '[]'").await;
    orders::retry_run(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    w.work().await;
    assert_eq!(run_of(&w, &event).await.counts.sent, 6);
    w.assert_sound().await;
}

#[tokio::test]
async fn money_that_a_bank_holds_is_not_sent_once_more() {
    let w = World::new().await;
    let event = evening(&w).await;
    let disputed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    w.execute(
        "update payments set charge_ref = 'pi_1' where order_id = (select id from orders where buyer_name = 'Ada')",
    )
    .await;
    let taken = KnownDispute {
        reference: "dp_1".into(),
        charge_ref: "pi_1".into(),
        reason: DisputeReason::Fraudulent,
        amount: event.money(1500),
        told: Told {
            state: DisputeState::NeedsAnswer,
            answer_by: None,
            moved: vec![Moved {
                reference: "txn_1".into(),
                taken: event.money(1500),
                cost: event.money(1500 / 100),
            }],
        },
    };
    let message = ProviderEvent {
        id: "evt_1".into(),
        kind: "charge.dispute.created".into(),
        told: Some(ProviderTold::Dispute { known: taken }),
    };
    let body = serde_json::to_vec(&message).unwrap();
    payments::receive(&w.sv, "true", &body).await.unwrap();
    let figures = orders::call_off_figures(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    assert_eq!(
        (figures.disputed, figures.money[0].refund),
        (1, event.money(1500))
    );
    call_off(&w, &event).await.unwrap();
    w.work().await;
    assert_eq!(
        rows(&w, &event, Some(RunOutcome::Skipped)).await,
        [("Ada".to_owned(), "disputed".to_owned())]
    );
    assert_eq!(w.gateway.refunds().len(), 1);
    let order = orders::show_by_secret(&w.sv, &disputed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Cancelled);
}
