//! A bank has some of the money.

use domain::{
    disputes::{DisputeReason, DisputeState, Moved, Told},
    orders::{OrderState, RunOutcome},
};
use services::{
    orders, payments,
    ports::{KnownDispute, ProviderEvent, ProviderTold},
};
use testkit::{Event, World};

use super::{call_off, evening, rows, run_of};

/// A bank has a part: the rest goes back with everybody's, and the part once the bank gives it back.
#[tokio::test]
async fn what_no_bank_has_goes_back_and_what_is_won_follows() {
    let w = World::new().await;
    let event = evening(&w).await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    w.execute("update payments set charge_ref = 'pi_1'").await;
    tells(
        &w,
        &event,
        "evt_1",
        DisputeState::NeedsAnswer,
        &[("txn_1", 1000)],
    )
    .await;
    let figures = orders::call_off_figures(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    assert_eq!(
        (figures.disputed, figures.money[0].refund),
        (0, event.money(2000))
    );
    call_off(&w, &event).await.unwrap();
    w.work().await;
    let sent = |w: &World| -> Vec<i64> {
        let refunds = w.gateway.refunds();
        refunds.iter().map(|sent| sent.amount.minor).collect()
    };
    assert_eq!(sent(&w), [2000]);
    w.assert_sound().await;
    let won = [("txn_1", 1000), ("txn_2", -1000)];
    tells(&w, &event, "evt_2", DisputeState::Won, &won).await;
    tells(&w, &event, "evt_3", DisputeState::Won, &won).await;
    w.work().await;
    let mut all = sent(&w);
    all.sort_unstable();
    assert_eq!(all, [1000, 2000]);
    assert_eq!(
        rows(&w, &event, Some(RunOutcome::Sent)).await,
        [("Ada".to_owned(), "dispute_won".to_owned())]
    );
    let run = run_of(&w, &event).await;
    assert_eq!(run.money[0].promised, event.money(3000));
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (order.state, order.refunded),
        (OrderState::Refunded, event.money(3000))
    );
    w.assert_sound().await;
}

/// What went back with everybody's has failed; then the bank gives its part back. The failure is still seen, and is tried again.
#[tokio::test]
async fn a_won_dispute_hides_no_refund_that_failed() {
    let w = World::new().await;
    let event = evening(&w).await;
    w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    w.execute("update payments set charge_ref = 'pi_1'").await;
    let taken = [("txn_1", 1000)];
    tells(&w, &event, "evt_1", DisputeState::NeedsAnswer, &taken).await;
    w.gateway.refuse_next(1);
    call_off(&w, &event).await.unwrap();
    w.work().await;
    assert_eq!(run_of(&w, &event).await.counts.failed, 1);
    w.advance_minutes(5);
    let won = [("txn_1", 1000), ("txn_2", -1000)];
    tells(&w, &event, "evt_2", DisputeState::Won, &won).await;
    w.work().await;
    assert_eq!(w.gateway.refunds().len(), 1);
    let run = run_of(&w, &event).await;
    assert_eq!((run.counts.failed, run.counts.sent), (1, 0));
    assert_eq!(rows(&w, &event, Some(RunOutcome::Failed)).await.len(), 1);
    orders::retry_run(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    w.work().await;
    let mut all: Vec<i64> = w
        .gateway
        .refunds()
        .iter()
        .map(|sent| sent.amount.minor)
        .collect();
    all.sort_unstable();
    assert_eq!(all, [1000, 2000]);
    let run = run_of(&w, &event).await;
    assert_eq!((run.counts.failed, run.counts.sent), (0, 1));
    w.assert_sound().await;
}

/// Of all that a bank had, and gives back after the event was called off, nothing stays with the organizer.
#[tokio::test]
async fn a_dispute_that_is_won_after_the_event_was_called_off_pays_the_buyer() {
    let w = World::new().await;
    let event = evening(&w).await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.execute("update payments set charge_ref = 'pi_1'").await;
    tells(
        &w,
        &event,
        "evt_1",
        DisputeState::NeedsAnswer,
        &[("txn_1", 1500)],
    )
    .await;
    call_off(&w, &event).await.unwrap();
    w.work().await;
    assert!(w.gateway.refunds().is_empty());
    let won = [("txn_1", 1500), ("txn_2", -1500)];
    tells(&w, &event, "evt_2", DisputeState::Won, &won).await;
    w.settle().await;
    assert_eq!(w.gateway.refunds().len(), 1);
    // Nobody of the organization is told that it is theirs.
    let mails = w.mailer.sent();
    let told = |words: &str| {
        mails
            .iter()
            .filter(|mail| mail.text.contains(words))
            .count()
    };
    assert!(told("goes on to the buyer") > 0);
    assert_eq!(told("yours again"), 0);
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.state, OrderState::Refunded);
    w.assert_sound().await;
}

/// What the provider says of a dispute about `pi_1`, by what has moved so far.
async fn tells(w: &World, event: &Event, id: &str, state: DisputeState, moved: &[(&str, i64)]) {
    let known = KnownDispute {
        reference: "dp_1".into(),
        charge_ref: "pi_1".into(),
        reason: DisputeReason::Fraudulent,
        amount: event.money(moved[0].1),
        told: Told {
            state,
            answer_by: None,
            moved: moved
                .iter()
                .map(|(name, minor)| Moved {
                    reference: (*name).to_owned(),
                    taken: event.money(*minor),
                    cost: event.money(0),
                })
                .collect(),
        },
    };
    let message = ProviderEvent {
        id: id.into(),
        kind: "charge.dispute.updated".into(),
        told: Some(ProviderTold::Dispute { known }),
    };
    let body = serde_json::to_vec(&message).unwrap();
    payments::receive(&w.sv, "true", &body).await.unwrap();
}
