//! How many tickets of an event one card may pay for.

use std::time::Duration;

use domain::{ids::TicketId, orders::OrderState};
use futures::future::join_all;
use services::{
    checkout::Placed,
    db::{Scope, Tx},
    events::EventError,
    orders::{self, CancelOrder, OrderView, RequestInput},
    payments::{
        self, NewsKind,
        sandbox::{self, SandboxOutcome},
        set_card_limit,
    },
    permit::ManageEvents,
    privacy,
};
use testkit::{Event, World};

use crate::exchange;

const CARD: &str = "4242 4242 4242 4242";
const ANOTHER: &str = "5555555555554444";

async fn limited(w: &World, most: &str) -> Event {
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 60)
        .published()
        .await;
    limit(w, &event, most).await.unwrap();
    event
}

async fn limit(w: &World, event: &Event, most: &str) -> Result<(), EventError> {
    let permit = event.organization.permit::<ManageEvents>();
    set_card_limit(&w.sv, &permit, event.id, most).await
}

/// Orders so many seats and pays with this card.
async fn pays(w: &World, event: &Event, who: &str, seats: u16, card: &str) -> Placed {
    pays_so(w, event, who, (seats, card), SandboxOutcome::Succeed).await
}

async fn pays_so(
    w: &World,
    event: &Event,
    who: &str,
    (seats, card): (u16, &str),
    outcome: SandboxOutcome,
) -> Placed {
    let placed = w.buyer(who).orders(event, "Seat", seats).await.unwrap();
    let payment = w.payment_of(&placed).await;
    sandbox::choose(&w.sv, &payment, outcome, card)
        .await
        .unwrap()
        .unwrap();
    placed
}

async fn order(w: &World, placed: &Placed) -> OrderView {
    orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap()
}

async fn sold(w: &World) -> (i64, i64) {
    (
        w.count("select sum(sold) from pools").await,
        w.count("select sum(held) from pools").await,
    )
}

#[tokio::test]
async fn a_card_beyond_its_limit_gets_everything_back_and_hears_why() {
    let w = World::new().await;
    let event = limited(&w, "4").await;
    let first = pays(&w, &event, "Ada", 3, CARD).await;
    assert_eq!(order(&w, &first).await.state, OrderState::Paid);
    // Another address, the same card.
    let second = pays(&w, &event, "Bo", 2, CARD).await;
    w.settle().await;
    let refused = order(&w, &second).await;
    assert_eq!(
        (refused.state, refused.tickets.len()),
        (OrderState::Expired, 0)
    );
    assert!(refused.over_card_limit);
    assert_eq!(refused.refunded, event.money(3000));
    assert_eq!(sold(&w).await, (3, 0), "the places are free again");
    assert_eq!(w.gateway.refunds().len(), 1);
    assert_eq!(w.gateway.refunds()[0].amount, event.money(3000));
    let mails = w.mailer.sent();
    let told: Vec<_> = mails
        .iter()
        .filter(|mail| mail.subject.contains("limit"))
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].text.contains("another card"), "{}", told[0].text);
    w.assert_sound().await;
    // What is left can be had, and other cards are others.
    let third = pays(&w, &event, "Bo", 1, CARD).await;
    let other = pays(&w, &event, "Bo", 4, ANOTHER).await;
    for placed in [&third, &other] {
        assert_eq!(order(&w, placed).await.state, OrderState::Paid);
    }
    // Another event knows nothing of it.
    let elsewhere = limited(&w, "4").await;
    let placed = pays(&w, &elsewhere, "Ada", 4, CARD).await;
    assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
    let cards = w
        .count("select count(distinct card_key) from payments")
        .await;
    assert_eq!(cards, 3, "the same card has another name elsewhere");
    w.assert_sound().await;
    // What was given back is not counted.
    let cmd = CancelOrder {
        code: first.code,
        reason: "as asked".into(),
    };
    orders::cancel(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    let again = pays(&w, &event, "Ada", 3, CARD).await;
    assert_eq!(order(&w, &again).await.state, OrderState::Paid);
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_orders_at_once_with_one_card_end_exactly_at_its_limit() {
    let w = World::new().await;
    let event = limited(&w, "5").await;
    let names: Vec<String> = (0..20).map(|n| format!("Buyer {n}")).collect();
    let placed = join_all(names.iter().map(|who| pays(&w, &event, who, 1, CARD))).await;
    w.settle().await;
    let mut paid = 0;
    for placed in &placed {
        let order = order(&w, placed).await;
        paid += usize::from(order.state == OrderState::Paid);
        assert_eq!(order.over_card_limit, order.state == OrderState::Expired);
    }
    assert_eq!((paid, w.gateway.refunds().len()), (5, 15));
    assert_eq!(sold(&w).await, (5, 0));
    w.assert_sound().await;
}

/// Until so many transactions wait for a lock.
async fn waiting(w: &World, how_many: i64) {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    // The application's role does not see what others wait for.
    sqlx::query("reset role").execute(&mut *tx).await.unwrap();
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        // A transaction sees the same until it asks anew.
        sqlx::query("select pg_stat_clear_snapshot()")
            .execute(&mut *tx)
            .await
            .unwrap();
        let row = sqlx::query(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        if sqlx::Row::get::<i64, _>(&row, 0) >= how_many {
            return;
        }
    }
}

/// Payments that are locked, so that what is told of them waits, and news behind it.
async fn queue(w: &World, event: &Event) -> (Tx, Vec<String>) {
    let mut before = Vec::new();
    for who in ["Xi", "Yu"] {
        let placed = w.buyer(who).orders(event, "Seat", 1).await.unwrap();
        before.push(w.payment_of(&placed).await);
    }
    let mut queue = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("select from payments where provider_ref = any($1) for update")
        .bind(before.clone())
        .execute(&mut *queue)
        .await
        .unwrap();
    (queue, before)
}

/// Has news taken in together: they come while others wait for their payments. And what else happens once they are.
async fn together<A, B>(
    w: &World,
    (queue, before): (Tx, Vec<String>),
    news: impl Future<Output = A>,
    meanwhile: impl Future<Output = B>,
) -> (A, B) {
    let declined = before
        .iter()
        .map(|payment| sandbox::choose(&w.sv, payment, SandboxOutcome::Decline, ""));
    let then = async {
        waiting(w, 2).await;
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            queue.commit().await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            meanwhile.await
        };
        tokio::join!(news, meanwhile)
    };
    tokio::join!(join_all(declined), then).1
}

/// News that are taken in together sell one order and refuse another: whoever has the first pool can still have the second.
#[tokio::test(flavor = "multi_thread")]
async fn orders_sold_and_refused_together_have_all_their_places_locked_at_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Floor", 1500, 60)
        .ticket_type("Seat", 1500, 60)
        .published()
        .await;
    limit(&w, &event, "1").await.unwrap();
    pays(&w, &event, "Ada", 1, CARD).await;
    let (first, second) = match &*w.text("select name from pools order by id limit 1").await {
        "Seat" => ("Seat", "Floor"),
        _ => ("Floor", "Seat"),
    };
    let payment = async |who: &str, seat: &str| {
        let placed = w.buyer(who).orders(&event, seat, 1).await.unwrap();
        w.payment_of(&placed).await
    };
    let sold = payment("Di", second).await;
    let refused = payment("Ed", first).await;
    let queue = queue(&w, &event).await;
    let mut desk = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query("select from pools order by id limit 1 for update")
        .execute(&mut *desk)
        .await
        .unwrap();
    let told = join_all([
        sandbox::choose(&w.sv, &sold, SandboxOutcome::Succeed, ANOTHER),
        sandbox::choose(&w.sv, &refused, SandboxOutcome::Succeed, CARD),
    ]);
    let takes = async {
        waiting(&w, 1).await;
        let had = sqlx::query("select from pools order by id desc limit 1 for update nowait")
            .execute(&mut *desk)
            .await;
        desk.commit().await.unwrap();
        had
    };
    let (told, had) = together(&w, queue, told, takes).await;
    had.unwrap();
    for told in told {
        told.unwrap();
    }
    w.settle().await;
    assert_eq!(w.gateway.refunds().len(), 1);
    assert_eq!(w.count("select sum(sold) from pools").await, 2);
    w.assert_sound().await;
}

/// The bank takes its time, or the money comes when the order is over: the card is counted all the same.
#[tokio::test]
async fn a_slow_bank_and_late_money_do_not_get_past_the_limit() {
    let w = World::new().await;
    let event = limited(&w, "2").await;
    pays(&w, &event, "Ada", 2, CARD).await;
    for outcome in [SandboxOutcome::Slow, SandboxOutcome::AfterExpiry] {
        let placed = pays_so(&w, &event, "Bo", (1, CARD), outcome).await;
        w.settle().await;
        w.advance_minutes(1);
        w.settle().await;
        let order = order(&w, &placed).await;
        assert_eq!(order.state, OrderState::Expired, "{outcome:?}");
        assert!(order.over_card_limit, "{outcome:?}");
        w.assert_sound().await;
    }
    assert_eq!(w.gateway.refunds().len(), 2);
    assert_eq!(sold(&w).await, (2, 0));
}

/// From now on cards are held until the organizer has said yes.
async fn asks(w: &World, event: &Event) {
    let asking = RequestInput {
        on: true,
        hold: true,
        hours: "24".into(),
    };
    let permit = event.organization.permit();
    orders::set_request_policy(&w.sv, &permit, event.id, &asking)
        .await
        .unwrap();
}

/// Money that is only held is let go of, and never taken.
#[tokio::test]
async fn a_held_card_beyond_its_limit_is_let_go_of() {
    let w = World::new().await;
    let event = limited(&w, "2").await;
    asks(&w, &event).await;
    let first = pays(&w, &event, "Ada", 2, CARD).await;
    let second = pays(&w, &event, "Bo", 1, CARD).await;
    assert_eq!(order(&w, &first).await.state, OrderState::Asked);
    let refused = order(&w, &second).await;
    assert_eq!(refused.state, OrderState::Expired);
    assert!(refused.over_card_limit && refused.refunds.is_empty());
    w.advance_minutes(1);
    payments::reconcile(&w.sv, 50).await.unwrap();
    w.settle().await;
    assert_eq!(
        (w.gateway.releases().len(), w.gateway.captures().len()),
        (1, 0)
    );
    assert_eq!(sold(&w).await, (0, 2));
    // The yes to the first is not asked again which card it was.
    orders::approve_request(&w.sv, &event.organization.permit(), first.code)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(order(&w, &first).await.state, OrderState::Paid);
    w.assert_sound().await;
}

/// An attempt to pay that the bank refuses at first, with the card that somebody has paid with already; money can still come of it.
async fn refused_at_first(w: &World, placed: &Placed) -> String {
    let early = w.payment_of(placed).await;
    sandbox::choose(&w.sv, &early, SandboxOutcome::Decline, "")
        .await
        .unwrap();
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query(
        "update payments set card_key = (select card_key from payments where state = 'succeeded' order by id limit 1)
         where provider_ref = $1",
    )
    .bind(&early)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    early
}

/// The first attempt is held late, when the order has asked with another card: before the yes or after it.
#[tokio::test]
async fn of_two_cards_held_the_one_beyond_its_limit_is_let_go_of() {
    for approved in [false, true] {
        let w = World::new().await;
        let event = limited(&w, "2").await;
        pays(&w, &event, "Ada", 2, CARD).await;
        asks(&w, &event).await;
        let placed = w.buyer("Bo").orders(&event, "Seat", 2).await.unwrap();
        let early = refused_at_first(&w, &placed).await;
        let good = w.payment_of(&placed).await;
        assert_ne!(early, good);
        sandbox::choose(&w.sv, &good, SandboxOutcome::Succeed, ANOTHER)
            .await
            .unwrap();
        assert_eq!(order(&w, &placed).await.state, OrderState::Asked);
        if approved {
            // The yes is there, and nothing is taken yet.
            w.execute(
                "update orders set state = 'pending', decision = 'approved', decided_at = asked_at where state = 'asked'",
            )
            .await;
        }
        w.news(&early, "late", NewsKind::Held).await.unwrap();
        if !approved {
            assert_eq!(order(&w, &placed).await.state, OrderState::Asked);
            orders::approve_request(&w.sv, &event.organization.permit(), placed.code)
                .await
                .unwrap();
        }
        w.advance_minutes(1);
        payments::reconcile(&w.sv, 50).await.unwrap();
        w.settle().await;
        let captured: Vec<_> = w.gateway.captures().into_keys().collect();
        assert_eq!((captured.len(), w.gateway.releases().len()), (1, 1));
        assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
        let taken = w
            .text("select provider_ref from payments where state = 'succeeded' and hold")
            .await;
        assert_eq!(taken, good);
        assert_eq!(sold(&w).await, (4, 0));
        w.assert_sound().await;
    }
}

/// Of one batch: money for an order that is paid, which must not hide what its card has; two cards for one order; and an order
/// whose time is over, that must not take what one that waits is to get.
#[tokio::test(flavor = "multi_thread")]
async fn payments_that_come_together_are_counted_each_by_its_own_card() {
    let w = World::new().await;
    let event = limited(&w, "2").await;
    let paid = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let early = w.payment_of(&paid).await;
    sandbox::choose(&w.sv, &early, SandboxOutcome::Decline, "")
        .await
        .unwrap();
    let payment = w.payment_of(&paid).await;
    sandbox::choose(&w.sv, &payment, SandboxOutcome::Succeed, CARD)
        .await
        .unwrap();
    w.execute("update payments set card_key = '\\x00' where state = 'failed'")
        .await;
    let too_many = w.buyer("Bo").orders(&event, "Seat", 2).await.unwrap();
    let second = w.payment_of(&too_many).await;
    let told = async {
        let (news, chosen) = tokio::join!(
            w.news(&early, "twice", NewsKind::Succeeded),
            sandbox::choose(&w.sv, &second, SandboxOutcome::Succeed, CARD),
        );
        news.unwrap();
        chosen.unwrap();
    };
    together(&w, queue(&w, &event).await, told, async {}).await;
    w.settle().await;
    assert_eq!(order(&w, &paid).await.state, OrderState::Paid);
    let refused = order(&w, &too_many).await;
    assert!(refused.over_card_limit && refused.tickets.is_empty());
    assert_eq!(w.gateway.refunds().len(), 2);
    w.assert_sound().await;

    let twice = w.buyer("Cy").orders(&event, "Seat", 2).await.unwrap();
    let beyond = refused_at_first(&w, &twice).await;
    let good = w.payment_of(&twice).await;
    let told = async {
        let (news, chosen) = tokio::join!(
            w.news(&beyond, "beyond", NewsKind::Succeeded),
            sandbox::choose(&w.sv, &good, SandboxOutcome::Succeed, ANOTHER),
        );
        news.unwrap();
        chosen.unwrap();
    };
    together(&w, queue(&w, &event).await, told, async {}).await;
    w.settle().await;
    let twice = order(&w, &twice).await;
    assert_eq!(
        (twice.state, twice.over_card_limit),
        (OrderState::Paid, false)
    );
    assert_eq!(w.gateway.refunds().len(), 3);
    w.assert_sound().await;

    let over = pays_so(&w, &event, "Di", (1, CARD), SandboxOutcome::AfterExpiry).await;
    let late = w
        .text("select provider_ref from payments where state = 'processing'")
        .await;
    let waits = w.buyer("Ed").orders(&event, "Seat", 1).await.unwrap();
    let payment = w.payment_of(&waits).await;
    let told = async {
        let (news, chosen) = tokio::join!(
            w.news(&late, "late", NewsKind::Succeeded),
            sandbox::choose(&w.sv, &payment, SandboxOutcome::Succeed, CARD),
        );
        news.unwrap();
        chosen.unwrap();
    };
    together(&w, queue(&w, &event).await, told, async {}).await;
    w.settle().await;
    assert_eq!(order(&w, &waits).await.state, OrderState::Paid);
    assert!(order(&w, &over).await.over_card_limit);
    w.assert_sound().await;
}

/// More for an order, others for its tickets, better ones: a card has no more than its limit whichever way.
#[tokio::test]
async fn exchanges_do_not_get_past_the_limit() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .changes(24, 0, true)
        .ticket_type("Seat", 1500, 60)
        .ticket_type("Chair", 1500, 60)
        .ticket_type("Sofa", 2500, 60)
        .published()
        .await;
    limit(&w, &event, "3").await.unwrap();
    let first = pays(&w, &event, "Ada", 1, CARD).await;
    let changes = async |secret: &str, given: &[TicketId], wanted: (&str, u16)| {
        let done = exchange::exchange(&w, secret, &exchange::wish(&event, given, &[wanted]))
            .await
            .unwrap();
        let placed = exchange::placed(&done);
        if placed.needs_payment {
            let payment = w.payment_of(&placed).await;
            sandbox::choose(&w.sv, &payment, SandboxOutcome::Succeed, CARD)
                .await
                .unwrap();
        }
        w.settle().await;
        w.assert_sound().await;
        placed
    };
    let more = changes(&first.secret, &[], ("Seat", 2)).await;
    assert_eq!(order(&w, &more).await.state, OrderState::Paid);
    let tickets = exchange::valid(&w, &first.secret).await;
    for given in [&[][..], &tickets] {
        let wanted = 1 + u16::try_from(given.len()).unwrap();
        let refused = changes(&first.secret, given, ("Sofa", wanted)).await;
        let refused = order(&w, &refused).await;
        assert_eq!(refused.state, OrderState::Expired);
        assert!(refused.over_card_limit);
        assert_eq!(exchange::valid(&w, &first.secret).await, tickets);
    }
    assert_eq!(
        w.count("select count(*) from exchanges where failed_at is not null")
            .await,
        2
    );
    // Nothing is paid, and what came for the tickets is still the card's.
    let swapped = changes(&first.secret, &tickets, ("Chair", 1)).await;
    assert!(!swapped.needs_payment);
    let beyond = pays(&w, &event, "Bo", 1, CARD).await;
    assert!(order(&w, &beyond).await.over_card_limit);
    // A better one is not one more.
    let tickets = exchange::valid(&w, &swapped.secret).await;
    let better = changes(&swapped.secret, &tickets, ("Sofa", 1)).await;
    assert_eq!(order(&w, &better).await.state, OrderState::Paid);
    let beyond = pays(&w, &event, "Bo", 1, CARD).await;
    assert!(order(&w, &beyond).await.over_card_limit);
    // What is called off at the end of it is not counted any more.
    let cmd = CancelOrder {
        code: better.code,
        reason: "as asked".into(),
    };
    orders::cancel(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    let again = pays(&w, &event, "Bo", 1, CARD).await;
    assert_eq!(order(&w, &again).await.state, OrderState::Paid);
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn a_limit_is_a_number_or_none_and_cards_are_forgotten_after_the_event() {
    let w = World::new().await;
    let event = limited(&w, "4").await;
    for wrong in ["0", "1001", "-1", "four", "1.5"] {
        let refused = limit(&w, &event, wrong).await.unwrap_err();
        assert!(
            matches!(refused, EventError::Fields(_)),
            "{wrong}: {refused:?}"
        );
    }
    pays(&w, &event, "Ada", 1, CARD).await;
    let known = async || {
        w.count("select count(*) from payments where card_key is not null")
            .await
    };
    assert_eq!(known().await, 1);
    // Without a limit nothing of a card is kept.
    limit(&w, &event, " ").await.unwrap();
    pays(&w, &event, "Ada", 5, CARD).await;
    assert_eq!(known().await, 1);
    while privacy::forget_due(&w.sv, 10).await.unwrap() {}
    assert_eq!(known().await, 1);
    w.execute("update events set starts_at = starts_at - interval '900 days', ends_at = ends_at - interval '900 days'")
        .await;
    while privacy::forget_due(&w.sv, 10).await.unwrap() {}
    assert_eq!(known().await, 0);
}
