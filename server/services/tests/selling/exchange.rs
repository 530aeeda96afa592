//! Tickets are given in for others, and no cent goes astray.

use domain::{
    ids::TicketId,
    money::{Currency, Money},
    orders::OrderState,
    tickets::TicketState,
};
use jiff::SignedDuration;
use services::{
    Origin,
    checkout::{HoldError, Placed},
    orders::{
        self, ExchangeError, ExchangePreview, ExchangeWish, Exchanged, OrderView, RefundChoice,
        RefundOrder,
    },
    payments::{Applied, NewsKind},
    permit::RefundOrders,
};
use testkit::{Event, World};

async fn concert(w: &World) -> Event {
    w.event("Demo")
        .changes(24, 0, true)
        .ticket_type("Floor", 2000, 10)
        .ticket_type("Seat", 3405, 10)
        .ticket_type("Student", 1200, 10)
        .ticket_type("Free", 0, 10)
        .published()
        .await
}

pub(super) async fn order(w: &World, secret: &str) -> OrderView {
    orders::show_by_secret(&w.sv, secret)
        .await
        .unwrap()
        .unwrap()
}

pub(super) async fn valid(w: &World, secret: &str) -> Vec<TicketId> {
    let good = |t: &&orders::TicketView| t.state == TicketState::Valid;
    order(w, secret)
        .await
        .tickets
        .iter()
        .filter(good)
        .map(|t| t.id)
        .collect()
}

pub(super) fn wish(event: &Event, tickets: &[TicketId], wanted: &[(&str, u16)]) -> ExchangeWish {
    ExchangeWish {
        tickets: tickets.to_vec(),
        event: Some(event.id),
        wanted: wanted
            .iter()
            .map(|(name, n)| (event.of_type(name), *n))
            .collect(),
    }
}

async fn preview(
    w: &World,
    secret: &str,
    wish: &ExchangeWish,
) -> Result<ExchangePreview, ExchangeError> {
    let page = orders::change_page(&w.sv, secret, wish)
        .await
        .unwrap()
        .unwrap();
    page.preview.unwrap()
}

pub(super) async fn exchange(
    w: &World,
    secret: &str,
    wish: &ExchangeWish,
) -> Result<Exchanged, ExchangeError> {
    let shown = preview(w, secret, wish).await?;
    let done = orders::exchange_by_buyer(&w.sv, secret, wish, shown, &Origin::default()).await?;
    assert_eq!(done.preview, shown);
    Ok(done)
}

pub(super) fn placed(done: &Exchanged) -> Placed {
    Placed {
        order: done.order,
        secret: done.secret.clone(),
        code: done.code,
        needs_payment: done.needs_payment,
    }
}

fn minors(preview: &ExchangePreview) -> [i64; 6] {
    let m = preview.money;
    [preview.total, m.value, m.credit, m.to_pay, m.back, m.kept].map(|part| part.minor)
}

async fn pays(w: &World, done: &Exchanged) -> Applied {
    w.provider_says(&placed(done), NewsKind::Succeeded)
        .await
        .unwrap()
}

/// What providers were told to send back, by payment.
fn sent(w: &World) -> Vec<i64> {
    let mut sent: Vec<_> = w
        .gateway
        .refunds()
        .iter()
        .map(|sent| sent.amount.minor)
        .collect();
    sent.sort_unstable();
    sent
}

async fn refund_all(w: &World, event: &Event, done: &Exchanged) {
    let permit = event.organization.permit::<RefundOrders>();
    let cmd = RefundOrder {
        code: done.code,
        choice: RefundChoice::Full,
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    let shown = orders::preview_refund(&w.sv, &permit, &cmd).await.unwrap();
    assert_eq!(orders::refund(&w.sv, &permit, cmd).await.unwrap(), shown);
}

#[tokio::test]
async fn an_upgrade_is_paid_and_then_the_old_ticket_ends() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 2).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let up = wish(&event, &old[..1], &[("Seat", 1)]);
    let done = exchange(&w, &bought.secret, &up).await.unwrap();
    assert_eq!(minors(&done.preview), [3405, 2000, 2000, 1405, 0, 0]);
    assert!(done.needs_payment);
    // Until it is paid the old tickets admit, and the new place is held.
    assert_eq!(valid(&w, &bought.secret).await, old);
    assert_eq!(w.count("select sum(held) from pools").await, 1);
    w.assert_sound().await;
    assert_eq!(pays(&w, &done).await, Applied::Done);
    w.settle().await;
    assert_eq!(valid(&w, &bought.secret).await, old[1..]);
    let new = order(&w, &done.secret).await;
    assert_eq!(new.state, OrderState::Paid);
    assert_eq!(
        (new.total, new.credit, new.due()),
        (event.money(3405), event.money(2000), event.money(1405))
    );
    assert_eq!(new.tickets.len(), 1);
    assert_eq!(new.tickets[0].holder_name, "Ada");
    let before = order(&w, &bought.secret).await;
    assert_eq!(
        (before.state, before.refunded),
        (OrderState::Paid, event.money(2000))
    );
    assert_eq!(before.exchanges[0].order, done.order);
    assert_eq!(new.exchanges[0].order, bought.order);
    assert_eq!(w.count("select sum(sold) from pools").await, 2);
    assert_eq!(w.count("select sum(held) from pools").await, 0);
    // No money was sent, and each order has its documents.
    assert!(sent(&w).is_empty());
    assert_eq!(
        w.count("select count(*) from invoices where kind = 'invoice'")
            .await,
        2
    );
    assert_eq!(
        w.count("select sum(total_minor)::bigint from invoices where kind = 'credit_note'")
            .await,
        2000
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn an_even_swap_and_a_downgrade_are_done_at_once() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 2).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let even = exchange(
        &w,
        &bought.secret,
        &wish(&event, &old[..1], &[("Floor", 1)]),
    )
    .await
    .unwrap();
    assert_eq!(minors(&even.preview), [2000, 2000, 2000, 0, 0, 0]);
    assert!(!even.needs_payment);
    let down = exchange(
        &w,
        &bought.secret,
        &wish(&event, &old[1..], &[("Student", 1)]),
    )
    .await
    .unwrap();
    assert_eq!(minors(&down.preview), [1200, 2000, 1200, 0, 800, 0]);
    w.settle().await;
    assert_eq!(order(&w, &bought.secret).await.state, OrderState::Refunded);
    assert_eq!(order(&w, &even.secret).await.state, OrderState::Paid);
    assert_eq!(order(&w, &down.secret).await.state, OrderState::Paid);
    assert_eq!(sent(&w), [800]);
    w.assert_sound().await;
}

#[tokio::test]
async fn the_fee_stays_and_so_does_a_difference_that_is_not_returned() {
    let w = World::new().await;
    let event = w
        .event("Strict")
        .changes(1, 300, false)
        .ticket_type("Floor", 2000, 10)
        .ticket_type("Student", 1200, 10)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let down = exchange(&w, &bought.secret, &wish(&event, &old, &[("Student", 1)]))
        .await
        .unwrap();
    assert_eq!(minors(&down.preview), [1200, 1700, 1200, 0, 0, 500]);
    w.settle().await;
    let before = order(&w, &bought.secret).await;
    assert_eq!(
        (before.state, before.refunded),
        (OrderState::Cancelled, event.money(1200))
    );
    assert!(sent(&w).is_empty());
    // The terms of the order hold, not those of today.
    w.advance(SignedDuration::from_hours(24 * 30 - 1) + SignedDuration::from_secs(1));
    let late = preview(
        &w,
        &down.secret,
        &wish(&event, &valid(&w, &down.secret).await, &[("Floor", 1)]),
    )
    .await;
    assert!(
        matches!(
            late,
            Err(ExchangeError::NotAllowed {
                why: "exchange_too_late"
            })
        ),
        "{late:?}"
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn another_date_and_more_tickets() {
    let w = World::new().await;
    let event = concert(&w).await;
    let second = w
        .event("Second night")
        .by(&event.organization)
        .changes(24, 0, true)
        .ticket_type("Floor", 2000, 10)
        .published()
        .await;
    let abroad = w
        .event("Abroad")
        .by(&event.organization)
        .currency(Currency::USD)
        .ticket_type("Floor", 2000, 10)
        .published()
        .await;
    let other = w
        .event("Others")
        .ticket_type("Floor", 2000, 10)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 2).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let refused = preview(&w, &bought.secret, &wish(&abroad, &old, &[("Floor", 2)])).await;
    assert!(matches!(
        refused,
        Err(ExchangeError::NotAllowed {
            why: "exchange_other_currency"
        })
    ));
    let refused = preview(&w, &bought.secret, &wish(&other, &old, &[("Floor", 2)])).await;
    assert!(matches!(refused, Err(ExchangeError::NotFound)));
    let page = orders::change_page(&w.sv, &bought.secret, &ExchangeWish::default())
        .await
        .unwrap()
        .unwrap();
    let dates: Vec<_> = page.dates.iter().map(|date| date.id).collect();
    assert_eq!(dates, [event.id, second.id]);
    let moved = exchange(&w, &bought.secret, &wish(&second, &old, &[("Floor", 2)]))
        .await
        .unwrap();
    assert!(!moved.needs_payment);
    w.settle().await;
    assert_eq!(order(&w, &moved.secret).await.event.id, second.id);
    assert_eq!(order(&w, &bought.secret).await.state, OrderState::Refunded);
    // Added: nothing is given in, the buyer is known.
    let more = exchange(&w, &moved.secret, &wish(&second, &[], &[("Floor", 1)]))
        .await
        .unwrap();
    assert_eq!(minors(&more.preview), [2000, 0, 0, 2000, 0, 0]);
    assert_eq!(pays(&w, &more).await, Applied::Done);
    w.settle().await;
    assert_eq!(valid(&w, &moved.secret).await.len(), 2);
    assert_eq!(valid(&w, &more.secret).await.len(), 1);
    assert!(sent(&w).is_empty());
    w.assert_sound().await;
}

#[tokio::test]
async fn a_chain_goes_back_to_the_payments_it_came_from() {
    for (currency, scale) in [
        (Currency::JPY, 1),
        (Currency::EUR, 100),
        (Currency::KWD, 1000),
    ] {
        let w = World::new().await;
        let event = w
            .event("Chain")
            .currency(currency)
            .changes(0, 0, true)
            .ticket_type("One", 20 * scale, 10)
            .ticket_type("Two", 33 * scale + 1, 10)
            .ticket_type("Three", 50 * scale + 7, 10)
            .published()
            .await;
        let a = w.buyer("Ada").buys(&event, "One", 1).await.unwrap();
        let b = exchange(
            &w,
            &a.secret,
            &wish(&event, &valid(&w, &a.secret).await, &[("Two", 1)]),
        )
        .await
        .unwrap();
        assert_eq!(pays(&w, &b).await, Applied::Done);
        w.advance_minutes(1);
        let c = exchange(
            &w,
            &b.secret,
            &wish(&event, &valid(&w, &b.secret).await, &[("Three", 1)]),
        )
        .await
        .unwrap();
        assert_eq!(pays(&w, &c).await, Applied::Done);
        w.settle().await;
        w.assert_sound().await;
        refund_all(&w, &event, &c).await;
        w.settle().await;
        let mut paid = [20 * scale, 13 * scale + 1, 17 * scale + 6];
        paid.sort_unstable();
        assert_eq!(sent(&w), paid, "{currency}");
        assert_eq!(order(&w, &c.secret).await.state, OrderState::Refunded);
        let clearing = "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'provider_clearing'";
        assert_eq!(w.count(clearing).await, 0);
        assert_eq!(
            w.count("select count(*) from payments where state <> 'refunded'")
                .await,
            0
        );
        w.assert_sound().await;
    }
}

#[tokio::test]
async fn money_that_comes_late_is_still_good_while_the_ticket_is() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let up = exchange(&w, &bought.secret, &wish(&event, &old, &[("Seat", 1)]))
        .await
        .unwrap();
    let payment = w.payment_of(&placed(&up)).await;
    w.advance_minutes(60);
    w.settle().await;
    assert_eq!(order(&w, &up.secret).await.state, OrderState::Expired);
    assert_eq!(valid(&w, &bought.secret).await, old);
    let applied = w.news(&payment, "late", NewsKind::Succeeded).await.unwrap();
    assert_eq!(applied, Applied::LateAndHeldAgain);
    assert_eq!(
        w.news(&payment, "late", NewsKind::Succeeded).await.unwrap(),
        Applied::Nothing
    );
    w.settle().await;
    assert_eq!(valid(&w, &bought.secret).await, []);
    assert_eq!(valid(&w, &up.secret).await.len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_is_inside_meanwhile_keeps_the_ticket_and_gets_the_difference_back() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let up = exchange(&w, &bought.secret, &wish(&event, &old, &[("Seat", 1)]))
        .await
        .unwrap();
    w.execute(
        "with door as (
             insert into devices (id, organization_id, event_id, name, token_hash, paired_at, last_seen_at, lease_until)
             select gen_random_uuid(), organization_id, id, 'door', '\\x00', created_at, created_at, created_at from events
             returning id
         )
         insert into check_ins (id, organization_id, event_id, device_id, ticket_id, kind, verdict, outcome, scanned_at, counter,
                                recorded_at)
         select gen_random_uuid(), t.organization_id, t.event_id, door.id, t.id, 'admit', 'valid', 'accepted', t.issued_at, 1,
                t.issued_at
         from tickets t, door",
    )
    .await;
    assert_eq!(pays(&w, &up).await, Applied::SentBack);
    w.settle().await;
    assert_eq!(valid(&w, &bought.secret).await, old);
    let over = order(&w, &up.secret).await;
    assert_eq!(
        (over.state, over.refunded),
        (OrderState::Expired, event.money(1405))
    );
    assert_eq!(sent(&w), [1405]);
    let subjects: Vec<_> = w
        .mailer
        .sent()
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert!(
        subjects.contains(&"Your tickets could not be changed: Demo".to_owned()),
        "{subjects:?}"
    );
    assert!(
        !subjects
            .iter()
            .any(|subject| subject.starts_with("Your payment came too late"))
    );
    assert_eq!(
        w.count("select count(*) from exchanges where failed_at is not null")
            .await,
        1
    );
    w.assert_sound().await;
    let again = preview(&w, &bought.secret, &wish(&event, &old, &[("Seat", 1)])).await;
    assert!(matches!(
        again,
        Err(ExchangeError::NotAllowed {
            why: "exchange_already_inside"
        })
    ));
}

#[tokio::test]
async fn the_same_ticket_is_given_in_once_however_many_try() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let down = wish(&event, &old, &[("Student", 1)]);
    let shown = preview(&w, &bought.secret, &down).await.unwrap();
    let from = Origin::default();
    let tries =
        (0..8).map(|_| orders::exchange_by_buyer(&w.sv, &bought.secret, &down, shown, &from));
    let won = futures::future::join_all(tries)
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    assert_eq!(won, 1);
    w.settle().await;
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        1
    );
    assert_eq!(sent(&w), [800]);
    w.assert_sound().await;
}

#[tokio::test]
async fn who_begins_again_gives_up_what_was_begun_and_pays_once() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let first = exchange(&w, &bought.secret, &wish(&event, &old, &[("Seat", 1)]))
        .await
        .unwrap();
    let payment = w.payment_of(&placed(&first)).await;
    let second = exchange(&w, &bought.secret, &wish(&event, &old, &[("Seat", 1)]))
        .await
        .unwrap();
    assert_eq!(order(&w, &first.secret).await.state, OrderState::Expired);
    assert_eq!(w.count("select sum(held) from pools").await, 1);
    assert_eq!(pays(&w, &second).await, Applied::Done);
    // The first page was still open, and somebody paid there as well.
    let applied = w
        .news(&payment, "twice", NewsKind::Succeeded)
        .await
        .unwrap();
    assert_eq!(applied, Applied::SentBack);
    w.settle().await;
    assert_eq!(sent(&w), [1405]);
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        1
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn what_is_sold_out_cannot_be_had_but_ones_own_place_can() {
    let w = World::new().await;
    let event = w
        .event("Full")
        .changes(0, 0, true)
        .pool("hall", 2)
        .type_of("Floor", 2000, &["hall"])
        .type_of("Student", 1200, &["hall"])
        .type_of("Seat", 3000, &["hall"])
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    w.buyer("Bo").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    // It would have to be held beside the old one until it is paid.
    let up = preview(&w, &bought.secret, &wish(&event, &old, &[("Seat", 1)])).await;
    assert!(
        matches!(up, Err(ExchangeError::Wanted(HoldError::SoldOut { .. }))),
        "{up:?}"
    );
    let two = preview(&w, &bought.secret, &wish(&event, &old, &[("Student", 2)])).await;
    assert!(matches!(two, Err(ExchangeError::Wanted(_))), "{two:?}");
    let down = exchange(&w, &bought.secret, &wish(&event, &old, &[("Student", 1)]))
        .await
        .unwrap();
    assert!(!down.needs_payment);
    w.settle().await;
    assert_eq!(w.count("select sum(sold) from pools").await, 2);
    w.assert_sound().await;
}

#[tokio::test]
async fn limits_for_a_customer_do_not_count_what_is_given_in() {
    let w = World::new().await;
    let event = w
        .event("Limited")
        .changes(0, 0, true)
        .ticket_type("Floor", 2000, 10)
        .per_customer(2)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 2).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let more = preview(
        &w,
        &bought.secret,
        &wish(&event, &old[..1], &[("Floor", 2)]),
    )
    .await;
    assert!(
        matches!(
            more,
            Err(ExchangeError::Wanted(HoldError::TooMany { max: 2, .. }))
        ),
        "{more:?}"
    );
    exchange(&w, &bought.secret, &wish(&event, &old, &[("Floor", 2)]))
        .await
        .unwrap();
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn free_tickets_change_too_and_nobody_changes_what_is_not_offered() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Free", 2).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    let up = exchange(
        &w,
        &bought.secret,
        &wish(&event, &old[..1], &[("Floor", 1)]),
    )
    .await
    .unwrap();
    assert_eq!(minors(&up.preview), [2000, 0, 0, 2000, 0, 0]);
    assert_eq!(pays(&w, &up).await, Applied::Done);
    let swap = exchange(&w, &bought.secret, &wish(&event, &old[1..], &[("Free", 1)]))
        .await
        .unwrap();
    assert!(!swap.needs_payment);
    w.settle().await;
    assert_eq!(order(&w, &bought.secret).await.state, OrderState::Cancelled);
    assert_eq!(valid(&w, &swap.secret).await.len(), 1);
    let fixed = w
        .event("Fixed")
        .ticket_type("Floor", 2000, 10)
        .published()
        .await;
    let kept = w.buyer("Bo").buys(&fixed, "Floor", 1).await.unwrap();
    let refused = preview(
        &w,
        &kept.secret,
        &wish(&fixed, &valid(&w, &kept.secret).await, &[("Floor", 1)]),
    )
    .await;
    assert!(matches!(
        refused,
        Err(ExchangeError::NotAllowed {
            why: "exchange_not_offered"
        })
    ));
    let nothing = Money::zero(Currency::EUR);
    assert_eq!(order(&w, &kept.secret).await.refunded, nothing);
    w.assert_sound().await;
}

#[tokio::test]
async fn the_organizer_changes_without_terms_and_the_buyer_is_asked_to_pay() {
    let w = World::new().await;
    let event = w
        .event("Fixed")
        .ticket_type("Floor", 2000, 10)
        .ticket_type("Seat", 3000, 10)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let permit = event.organization.permit::<RefundOrders>();
    let up = wish(&event, &valid(&w, &bought.secret).await, &[("Seat", 1)]);
    let page = orders::change_page_for_organizer(&w.sv, &permit, bought.code, &up)
        .await
        .unwrap()
        .unwrap();
    let shown = page.preview.unwrap().unwrap();
    let done = orders::exchange_by_organizer(&w.sv, &permit, bought.code, &up, shown)
        .await
        .unwrap();
    w.settle().await;
    let mails = w.mailer.to("ada@buyers.test");
    let asked = mails
        .iter()
        .find(|mail| mail.subject == "Your new tickets wait for you: Fixed");
    assert!(
        asked.is_some_and(|mail| mail.text.contains(&done.secret)),
        "{mails:?}"
    );
    w.advance(SignedDuration::from_hours(23));
    w.settle().await;
    assert_eq!(pays(&w, &done).await, Applied::Done);
    w.settle().await;
    assert_eq!(order(&w, &bought.secret).await.state, OrderState::Refunded);
    w.assert_sound().await;
}

/// Otherwise a place that was used could pay for another evening.
#[tokio::test]
async fn nothing_is_given_in_once_it_has_begun() {
    let w = World::new().await;
    let event = w
        .event("Tonight")
        .starts_in(SignedDuration::from_mins(40))
        .changes(0, 0, true)
        .ticket_type("Floor", 2000, 10)
        .published()
        .await;
    let later = w
        .event("Next month")
        .by(&event.organization)
        .ticket_type("Seat", 3000, 10)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let old = valid(&w, &bought.secret).await;
    w.advance_minutes(35);
    let moved = exchange(&w, &bought.secret, &wish(&later, &old, &[("Seat", 1)]))
        .await
        .unwrap();
    assert!(moved.needs_payment);
    w.advance_minutes(10);
    assert_eq!(pays(&w, &moved).await, Applied::SentBack);
    w.settle().await;
    assert_eq!(valid(&w, &bought.secret).await, old);
    assert_eq!(sent(&w), [1000]);
    w.assert_sound().await;
}

/// Places are not held by asking for more and more of them.
#[tokio::test]
async fn a_buyer_waits_for_one_thing_at_a_time() {
    let w = World::new().await;
    let event = concert(&w).await;
    let bought = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let more = wish(&event, &[], &[("Seat", 3)]);
    let first = exchange(&w, &bought.secret, &more).await.unwrap();
    for _ in 0..4 {
        exchange(&w, &bought.secret, &more).await.unwrap();
    }
    assert_eq!(order(&w, &first.secret).await.state, OrderState::Expired);
    let held = "select coalesce(sum(held), 0)::bigint from pools";
    assert_eq!(w.count(held).await, 3);
    w.assert_sound().await;
}
