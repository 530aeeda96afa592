//! What a provider tells: in any order, many times, late, forged, altered, about nothing of ours.

use domain::{ids::PaymentId, money::Money, orders::OrderState, payments::DeclineReason};
use services::{
    checkout::Placed,
    orders,
    payments::{self, ReceiveError, Received},
    ports::{KnownPayment, PaymentStanding, ProviderEvent, ProviderTold, WebhookError},
};
use testkit::{Event, World};

async fn event(w: &World, capacity: i32) -> Event {
    w.event("Demo")
        .ticket_type("Seat", 1500, capacity)
        .published()
        .await
}

async fn state(w: &World, placed: &Placed) -> OrderState {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap().state
}

pub(crate) async fn payment(w: &World, placed: &Placed) -> PaymentId {
    let name = w.payment_of(placed).await;
    name.strip_prefix("sandbox-").unwrap().parse().unwrap()
}

pub(crate) fn known(standing: PaymentStanding, amount: Money) -> KnownPayment {
    KnownPayment {
        standing,
        charge_ref: Some("money-1".into()),
        closed: !matches!(
            standing,
            PaymentStanding::Open | PaymentStanding::Processing
        ),
        amount: Some(amount),
        card: None,
    }
}

fn told(id: &str, payment: PaymentId, known: KnownPayment) -> ProviderEvent {
    ProviderEvent {
        id: id.to_owned(),
        kind: "told".into(),
        told: Some(ProviderTold::Payment { payment, known }),
    }
}

pub(crate) async fn receive(w: &World, event: &ProviderEvent) -> Result<Received, ReceiveError> {
    let body = serde_json::to_vec(event).unwrap();
    payments::receive(&w.sv, "true", &body).await
}

/// The four messages of a card that was declined first, as a hosted page sends them.
fn four(payment: PaymentId, amount: Money) -> [ProviderEvent; 4] {
    let declined = KnownPayment {
        closed: false,
        ..known(
            PaymentStanding::Failed {
                reason: DeclineReason::InsufficientFunds,
            },
            amount,
        )
    };
    [
        told(
            &format!("{payment}-processing"),
            payment,
            known(PaymentStanding::Processing, amount),
        ),
        told(&format!("{payment}-declined"), payment, declined),
        told(
            &format!("{payment}-succeeded"),
            payment,
            known(PaymentStanding::Succeeded, amount),
        ),
        told(
            &format!("{payment}-completed"),
            payment,
            known(PaymentStanding::Succeeded, amount),
        ),
    ]
}

/// All orders of so many things.
fn orders_of(things: usize) -> Vec<Vec<usize>> {
    if things == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders_of(things - 1);
    let with = |shorter: &Vec<usize>| {
        (0..things)
            .map(|at| {
                let mut longer = shorter.clone();
                longer.insert(at, things - 1);
                longer
            })
            .collect::<Vec<_>>()
    };
    shorter.iter().flat_map(with).collect()
}

#[tokio::test]
async fn four_messages_in_all_24_orders_ten_times_each_have_one_end() {
    let w = World::new().await;
    let event = event(&w, 100).await;
    let all = orders_of(4);
    assert_eq!(all.len(), 24);
    for order in all {
        let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
        let payment = payment(&w, &placed).await;
        let messages = four(payment, event.money(1500));
        for n in &order {
            for time in 0..10 {
                let received = receive(&w, &messages[*n]).await.unwrap();
                let expected = if time == 0 {
                    Received::Kept
                } else {
                    Received::Again
                };
                assert_eq!(received, expected);
            }
        }
        assert_eq!(state(&w, &placed).await, OrderState::Paid, "{order:?}");
    }
    w.settle().await;
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        24
    );
    assert_eq!(
        w.count("select count(*) from payments where state = 'succeeded' and charge_ref is not null and closed_at is not null").await,
        24
    );
    assert_eq!(
        w.count(
            "select count(*) from provider_events where outcome <> 'done' or taken_in_at is null"
        )
        .await,
        0
    );
    assert!(w.gateway.refunds().is_empty());
    w.assert_sound().await;
}

#[tokio::test]
async fn messages_that_come_days_later_pay_or_go_back() {
    let w = World::new().await;
    let event = event(&w, 25).await;
    let mut late = Vec::new();
    for _ in 0..24 {
        let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
        late.push((payment(&w, &placed).await, placed));
    }
    w.advance_minutes(72 * 60);
    w.settle().await;
    // Of the places that were given back others have some.
    w.buyer("Bo").buys(&event, "Seat", 5).await.unwrap();
    for ((payment, _), order) in late.iter().zip(orders_of(4)) {
        let messages = four(*payment, event.money(1500));
        for n in order {
            receive(&w, &messages[n]).await.unwrap();
            w.advance_minutes(7);
        }
    }
    w.settle().await;
    let mut ends = [0, 0];
    for (_, placed) in &late {
        match state(&w, placed).await {
            OrderState::Paid => ends[0] += 1,
            OrderState::Expired => ends[1] += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ends, [20, 4], "as many as there are places");
    assert_eq!(w.gateway.refunds().len(), 4);
    w.assert_sound().await;
}

#[tokio::test]
async fn what_is_not_proven_is_not_kept() {
    let w = World::new().await;
    let event = event(&w, 5).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let payment = payment(&w, &placed).await;
    let [.., message] = four(payment, event.money(1500));
    let body = serde_json::to_vec(&message).unwrap();
    let forged = payments::receive(&w.sv, "false", &body).await;
    assert!(matches!(
        forged,
        Err(ReceiveError::Refused(WebhookError::NotProven(_)))
    ));
    let broken = payments::receive(&w.sv, "true", b"{").await;
    assert!(matches!(
        broken,
        Err(ReceiveError::Refused(WebhookError::NotUnderstood(_)))
    ));
    assert_eq!(w.count("select count(*) from provider_events").await, 0);
    assert_eq!(state(&w, &placed).await, OrderState::Pending);
}

#[tokio::test]
async fn another_amount_than_was_asked_for_pays_nothing_and_somebody_gets_to_know() {
    let w = World::new().await;
    let event = event(&w, 5).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    let payment = payment(&w, &placed).await;
    let less = known(PaymentStanding::Succeeded, event.money(1500));
    receive(&w, &told("less", payment, less)).await.unwrap();
    let error = w.text("select last_error from provider_events").await;
    assert!(error.contains("asked for was"), "{error}");
    for _ in 0..11 {
        w.advance_minutes(90);
        payments::take_in_due(&w.sv, 10).await.unwrap();
    }
    assert_eq!(w.text("select outcome from provider_events").await, "dead");
    assert_eq!(w.count("select count(*) from tickets").await, 0);
    let broken = services::doctor::invariants(&w.sv).await.unwrap();
    assert!(broken.iter().any(|broken| broken.what.contains("less")));
    // With the cause mended, it can be taken in.
    let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
    sqlx::query(
        "update provider_events set told = jsonb_set(told, '{known,amount,minor}', '3000')",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let replayed = payments::replay(&w.sv, false).await.unwrap();
    assert_eq!((replayed.asked, replayed.taken_in), (1, 1));
    w.settle().await;
    assert_ne!(state(&w, &placed).await, OrderState::Pending);
    w.assert_sound().await;
}

#[tokio::test]
async fn what_concerns_somebody_else_is_left_alone_in_the_end() {
    let w = World::new().await;
    event(&w, 5).await;
    let nobodys = PaymentId::new(w.sv.new_id());
    let amount = Money::new(1500, domain::money::Currency::EUR);
    let message = told("x", nobodys, known(PaymentStanding::Succeeded, amount));
    receive(&w, &message).await.unwrap();
    assert_eq!(
        w.text("select outcome from provider_events").await,
        "waiting"
    );
    for _ in 0..7 {
        w.advance_minutes(15);
        payments::take_in_due(&w.sv, 10).await.unwrap();
    }
    assert_eq!(
        w.text("select outcome from provider_events").await,
        "ignored"
    );
    let nothing = ProviderEvent {
        id: "y".into(),
        kind: "customer.created".into(),
        told: None,
    };
    receive(&w, &nothing).await.unwrap();
    assert_eq!(
        w.count("select count(*) from provider_events where outcome = 'ignored'")
            .await,
        2
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_message_that_could_not_be_taken_in_at_once_is_taken_in_by_the_worker_once() {
    let w = World::new().await;
    let event = event(&w, 5).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let payment = payment(&w, &placed).await;
    let [.., message] = four(payment, event.money(1500));
    receive(&w, &message).await.unwrap();
    // As if the process had ended between keeping and taking in: nothing is left of the effect but the message.
    let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
    sqlx::query("update provider_events set outcome = 'waiting', taken_in_at = null")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        payments::take_in_due(&w.sv, 10).await.unwrap(),
        0,
        "its lease holds"
    );
    w.advance_minutes(1);
    assert_eq!(payments::take_in_due(&w.sv, 10).await.unwrap(), 1);
    assert_eq!(payments::take_in_due(&w.sv, 10).await.unwrap(), 0);
    assert_eq!(w.count("select count(*) from ledger_transactions").await, 1);
    assert_eq!(payments::replay(&w.sv, true).await.unwrap().taken_in, 1);
    assert_eq!(w.count("select count(*) from ledger_transactions").await, 1);
    assert_eq!(w.count("select count(*) from tickets").await, 1);
    // After three months it is forgotten.
    w.advance_minutes(91 * 24 * 60);
    payments::reconcile(&w.sv, 10).await.unwrap();
    assert_eq!(w.count("select count(*) from provider_events").await, 0);
    w.settle().await;
    w.assert_sound().await;
}
