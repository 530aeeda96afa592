//! Orders that the organizer has to say yes to.

use domain::{
    ids::OrderCode,
    orders::{Decision, OrderState, OrderTransitionError},
    payments::DeclineReason,
};
use jiff::SignedDuration;
use services::{
    checkout::Placed,
    orders::{self, CancelByBuyer, DecideRequestError, OrderView, RequestInput, WhichTickets},
    payments::{self, Applied, NewsKind, StartError},
    permit::{CancelOrders, ManageEvents, ViewOrders},
};
use testkit::{Event, World};
use tokio::join;

const NO: NewsKind = NewsKind::Failed {
    reason: DeclineReason::Abandoned,
};

/// An event with twenty seats for 15.00 and as many for nothing.
async fn world(hold: bool) -> (World, Event) {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 20)
        .ticket_type("Free", 0, 20)
        .published()
        .await;
    ask(&w, &event, true, hold, "72").await.unwrap();
    (w, event)
}

async fn ask(
    w: &World,
    event: &Event,
    on: bool,
    hold: bool,
    hours: &str,
) -> Result<(), services::events::EventError> {
    let permit = event.organization.permit::<ManageEvents>();
    let cmd = RequestInput {
        on,
        hold,
        hours: hours.to_owned(),
    };
    orders::set_request_policy(&w.sv, &permit, event.id, &cmd).await
}

async fn approve(w: &World, event: &Event, code: OrderCode) -> Result<(), DecideRequestError> {
    let permit = event.organization.permit::<CancelOrders>();
    orders::approve_request(&w.sv, &permit, code).await
}

async fn decline(w: &World, event: &Event, code: OrderCode) -> Result<(), DecideRequestError> {
    let permit = event.organization.permit::<CancelOrders>();
    orders::decline_request(&w.sv, &permit, code, "Full of friends").await
}

async fn withdraw(
    w: &World,
    event: &Event,
    placed: &Placed,
) -> Result<OrderState, orders::CancelByBuyerError> {
    let cmd = CancelByBuyer {
        secret: placed.secret.clone(),
        tickets: WhichTickets::All,
        accepted_refund: event.money(0),
    };
    orders::cancel_by_buyer(&w.sv, cmd).await
}

async fn order(w: &World, placed: &Placed) -> OrderView {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap()
}

/// Where an order stands, with how its request was decided.
async fn state(w: &World, placed: &Placed) -> (OrderState, Option<Decision>) {
    let order = order(w, placed).await;
    (
        order.state,
        order.request.and_then(|request| request.decision),
    )
}

/// Asks for so many seats, the card being held.
async fn holds_card(w: &World, event: &Event, name: &str, seats: u16) -> (Placed, String) {
    let placed = w.buyer(name).orders(event, "Seat", seats).await.unwrap();
    assert!(placed.needs_payment);
    assert_eq!(state(w, &placed).await, (OrderState::Pending, None));
    let payment = w.payment_of(&placed).await;
    let applied = w
        .news(&payment, &format!("held-{payment}"), NewsKind::Held)
        .await;
    assert_eq!(applied.unwrap(), Applied::Done);
    assert_eq!(state(w, &placed).await, (OrderState::Asked, None));
    (placed, payment)
}

async fn held(w: &World) -> i64 {
    w.count("select coalesce(sum(held), 0)::bigint from pools")
        .await
}

async fn mails(w: &World, kind: &'static str) -> i64 {
    w.work().await;
    let all = w
        .text("select coalesce(string_agg(kind, ' ' order by kind), '') from mails")
        .await;
    i64::try_from(all.split(' ').filter(|one| *one == kind).count()).unwrap()
}

fn is(result: Result<(), DecideRequestError>, why: OrderTransitionError) -> bool {
    matches!(result, Err(DecideRequestError::Transition(was)) if was == why)
}

#[tokio::test]
async fn what_is_free_is_asked_for_and_approved() {
    let (w, event) = world(false).await;
    let placed = w.buyer("Ada").orders(&event, "Free", 2).await.unwrap();
    assert!(!placed.needs_payment);
    let waiting = order(&w, &placed).await;
    assert_eq!(
        (waiting.state, waiting.tickets.len()),
        (OrderState::Asked, 0)
    );
    assert_eq!(
        waiting.expires_at,
        Some(w.now() + SignedDuration::from_hours(72))
    );
    assert_eq!(held(&w).await, 2);
    let permit = event.organization.permit::<ViewOrders>();
    let counted = orders::count_requests(&w.sv, &permit, Some(event.id)).await;
    assert_eq!(counted.unwrap(), 1);
    assert_eq!(mails(&w, "request_asked").await, 1);
    w.assert_sound().await;
    // Longer than anybody has to pay, and it still waits.
    w.advance(SignedDuration::from_hours(71));
    w.work().await;
    approve(&w, &event, placed.code).await.unwrap();
    let done = order(&w, &placed).await;
    assert_eq!((done.state, done.tickets.len()), (OrderState::Paid, 2));
    assert_eq!(held(&w).await, 0);
    assert_eq!(mails(&w, "order_confirmed").await, 1);
    assert!(is(
        approve(&w, &event, placed.code).await,
        OrderTransitionError::AlreadyPaid
    ));
    assert_eq!(
        w.count("select count(*) from audit_entries where action = 'order.approve'")
            .await,
        1
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_no_gives_its_reason_and_the_places_back() {
    let (w, event) = world(false).await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 3).await.unwrap();
    assert!(!placed.needs_payment, "nothing is paid before the yes");
    let early = payments::start(&w.sv, &placed.secret).await;
    assert!(matches!(
        early,
        Err(StartError::Transition(
            OrderTransitionError::AwaitsOrganizer
        ))
    ));
    let permit = event.organization.permit::<CancelOrders>();
    let short = orders::decline_request(&w.sv, &permit, placed.code, "no").await;
    assert!(matches!(short, Err(DecideRequestError::Fields(_))));
    decline(&w, &event, placed.code).await.unwrap();
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Cancelled, Some(Decision::Declined))
    );
    assert_eq!(order(&w, &placed).await.cancel_reason, "Full of friends");
    assert_eq!(held(&w).await, 0);
    w.settle().await;
    let told = w.mailer.to("ada@buyers.test");
    assert!(
        told.iter()
            .any(|mail| mail.text.contains("Full of friends")),
        "{told:?}"
    );
    assert!(is(
        approve(&w, &event, placed.code).await,
        OrderTransitionError::AlreadyCancelled
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn after_the_yes_it_is_paid_or_it_expires() {
    let (w, event) = world(false).await;
    w.member(&event.organization, domain::permissions::Role::Manager)
        .await;
    let paid = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let forgotten = w.buyer("Ben").orders(&event, "Seat", 1).await.unwrap();
    for placed in [&paid, &forgotten] {
        approve(&w, &event, placed.code).await.unwrap();
        assert_eq!(
            state(&w, placed).await,
            (OrderState::Pending, Some(Decision::Approved))
        );
    }
    assert_eq!(mails(&w, "request_to_pay").await, 2);
    assert_eq!(held(&w).await, 2);
    w.advance(SignedDuration::from_hours(23));
    w.work().await;
    let applied = w.provider_says(&paid, NewsKind::Succeeded).await;
    assert_eq!(applied.unwrap(), Applied::Done);
    w.advance(SignedDuration::from_hours(2));
    w.work().await;
    assert_eq!(
        state(&w, &paid).await,
        (OrderState::Paid, Some(Decision::Approved))
    );
    assert_eq!(
        state(&w, &forgotten).await,
        (OrderState::Expired, Some(Decision::Approved))
    );
    assert_eq!(held(&w).await, 0);
    // Both hear of it: whoever forgot, and whoever had said yes.
    assert_eq!(mails(&w, "request_not_paid").await, 1);
    assert_eq!(mails(&w, "unpaid_of_event").await, 1);
    w.settle().await;
    let ben = w.mailer.to(&order(&w, &forgotten).await.buyer_email);
    let words = "no payment came in time";
    assert!(ben.iter().any(|mail| mail.text.contains(words)));
    w.assert_sound().await;
}

#[tokio::test]
async fn what_nobody_decides_lapses_and_both_are_told() {
    let (w, event) = world(false).await;
    w.member(&event.organization, domain::permissions::Role::Manager)
        .await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    w.buyer("Ben").orders(&event, "Seat", 1).await.unwrap();
    // Both in one mail.
    assert_eq!(mails(&w, "requests_of_event").await, 1);
    w.advance(SignedDuration::from_hours(72));
    assert!(is(
        approve(&w, &event, placed.code).await,
        OrderTransitionError::AlreadyExpired
    ));
    w.work().await;
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Expired, Some(Decision::Lapsed))
    );
    assert_eq!(held(&w).await, 0);
    assert_eq!(mails(&w, "request_lapsed").await, 2);
    assert_eq!(mails(&w, "requests_of_event").await, 2);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_held_card_is_charged_at_the_yes() {
    let (w, event) = world(true).await;
    let (placed, payment) = holds_card(&w, &event, "Ada", 2).await;
    let again = payments::start(&w.sv, &placed.secret).await;
    assert!(matches!(
        again,
        Err(StartError::Transition(
            OrderTransitionError::AwaitsOrganizer
        ))
    ));
    // The same message once more changes nothing.
    let same = format!("held-{payment}");
    let news = w.news(&payment, &same, NewsKind::Held).await;
    assert_eq!(news.unwrap(), Applied::Nothing);
    assert_eq!(w.count("select count(*) from ledger_entries").await, 0);
    w.assert_sound().await;
    approve(&w, &event, placed.code).await.unwrap();
    let done = order(&w, &placed).await;
    assert_eq!((done.state, done.tickets.len()), (OrderState::Paid, 2));
    let taken: Vec<_> = w.gateway.captures().into_values().collect();
    assert_eq!(taken, [event.money(3000)]);
    assert_eq!(w.gateway.releases(), []);
    payments::reconcile(&w.sv, 50).await.unwrap();
    assert_eq!(w.gateway.captures().len(), 1);
    assert_eq!(mails(&w, "order_confirmed").await, 1);
    assert_eq!(mails(&w, "request_to_pay").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn no_withdrawal_and_lapse_let_the_card_go() {
    let (w, event) = world(true).await;
    let (declined, _) = holds_card(&w, &event, "Ada", 1).await;
    let (withdrawn, _) = holds_card(&w, &event, "Ben", 1).await;
    let (lapsed, _) = holds_card(&w, &event, "Cleo", 1).await;
    decline(&w, &event, declined.code).await.unwrap();
    withdraw(&w, &event, &withdrawn).await.unwrap();
    assert_eq!(w.gateway.releases().len(), 2);
    w.advance(SignedDuration::from_hours(72));
    w.work().await;
    payments::reconcile(&w.sv, 50).await.unwrap();
    for (placed, end) in [
        (&declined, (OrderState::Cancelled, Decision::Declined)),
        (&withdrawn, (OrderState::Cancelled, Decision::Withdrawn)),
        (&lapsed, (OrderState::Expired, Decision::Lapsed)),
    ] {
        assert_eq!(state(&w, placed).await, (end.0, Some(end.1)));
    }
    assert_eq!(w.gateway.releases().len(), 3);
    assert_eq!(
        w.count("select count(*) from payments where state = 'released'")
            .await,
        3
    );
    assert_eq!(w.count("select count(*) from ledger_entries").await, 0);
    assert_eq!(held(&w).await, 0);
    assert_eq!(mails(&w, "request_withdrawn").await, 1);
    assert_eq!(mails(&w, "order_cancelled").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_card_that_cannot_be_charged_is_paid_another_way() {
    let (w, event) = world(true).await;
    let (placed, _) = holds_card(&w, &event, "Ada", 1).await;
    w.gateway.refuse_next_captures(1);
    approve(&w, &event, placed.code).await.unwrap();
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Pending, Some(Decision::Approved))
    );
    assert_eq!(w.gateway.releases().len(), 1);
    assert_eq!(mails(&w, "request_hold_gone").await, 1);
    let applied = w.provider_says(&placed, NewsKind::Succeeded).await;
    assert_eq!(applied.unwrap(), Applied::Done);
    assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_again_and_nobody_pays_twice_meanwhile() {
    let (w, event) = world(true).await;
    let (yes, _) = holds_card(&w, &event, "Ada", 1).await;
    let (no, _) = holds_card(&w, &event, "Ben", 1).await;
    w.gateway.fail_next(2);
    approve(&w, &event, yes.code).await.unwrap();
    decline(&w, &event, no.code).await.unwrap();
    assert_eq!(order(&w, &yes).await.state, OrderState::Pending);
    let again = payments::start(&w.sv, &yes.secret).await;
    assert!(matches!(again, Err(StartError::UnderWay)));
    w.advance(SignedDuration::from_secs(30));
    payments::reconcile(&w.sv, 50).await.unwrap();
    assert_eq!(order(&w, &yes).await.state, OrderState::Paid);
    assert_eq!(order(&w, &no).await.state, OrderState::Cancelled);
    assert_eq!(
        (w.gateway.captures().len(), w.gateway.releases().len()),
        (1, 1)
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_hold_that_the_provider_ends_ends_the_request() {
    let (w, event) = world(true).await;
    let (placed, payment) = holds_card(&w, &event, "Ada", 1).await;
    w.news(&payment, "canceled", NO).await.unwrap();
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Expired, Some(Decision::Lapsed))
    );
    assert_eq!(held(&w).await, 0);
    assert_eq!(mails(&w, "request_lapsed").await, 1);
    assert!(is(
        approve(&w, &event, placed.code).await,
        OrderTransitionError::AlreadyExpired
    ));
    w.assert_sound().await;
    // Told the other way round it comes to the same: nothing is held, and nobody is asked.
    let other = w.buyer("Ben").orders(&event, "Seat", 1).await.unwrap();
    let payment = w.payment_of(&other).await;
    w.news(&payment, "gone", NO).await.unwrap();
    w.news(&payment, "held", NewsKind::Held).await.unwrap();
    assert_eq!(state(&w, &other).await, (OrderState::Pending, None));
    assert_eq!(
        w.count("select count(*) from payments where state = 'released'")
            .await,
        2
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn money_that_comes_after_the_no_goes_back() {
    let (w, event) = world(true).await;
    let (placed, payment) = holds_card(&w, &event, "Ada", 1).await;
    decline(&w, &event, placed.code).await.unwrap();
    let applied = w.news(&payment, "taken", NewsKind::Succeeded).await;
    assert_eq!(applied.unwrap(), Applied::SentBack);
    w.work().await;
    assert_eq!(w.gateway.refunds().len(), 1);
    let end = order(&w, &placed).await;
    assert_eq!((end.tickets.len(), end.refunded), (0, event.money(1500)));
    w.assert_sound().await;
}

#[tokio::test]
async fn what_was_taken_by_hand_is_a_yes() {
    let (w, event) = world(true).await;
    let (placed, payment) = holds_card(&w, &event, "Ada", 1).await;
    let applied = w.news(&payment, "taken", NewsKind::Succeeded).await;
    assert_eq!(applied.unwrap(), Applied::Done);
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Paid, Some(Decision::Approved))
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn exactly_one_of_two_decisions_counts() {
    let (w, event) = world(true).await;
    for n in 0..4 {
        let (placed, _) = holds_card(&w, &event, &format!("A {n}"), 1).await;
        let (yes, back) = join!(
            approve(&w, &event, placed.code),
            withdraw(&w, &event, &placed)
        );
        let end = order(&w, &placed).await.state;
        // Who withdraws just after the yes gives tickets back, which this event does not allow.
        match end {
            OrderState::Paid => assert!(yes.is_ok() && back.is_err()),
            // In between, what was taken goes back.
            OrderState::Cancelled | OrderState::Refunded => assert!(back.is_ok(), "{yes:?}"),
            other => panic!("{other}"),
        }
        let (placed, _) = holds_card(&w, &event, &format!("B {n}"), 1).await;
        let (one, two) = join!(
            approve(&w, &event, placed.code),
            approve(&w, &event, placed.code)
        );
        assert_eq!(
            [one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(),
            1
        );
        assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
        let (placed, _) = holds_card(&w, &event, &format!("C {n}"), 1).await;
        let (yes, no) = join!(
            approve(&w, &event, placed.code),
            decline(&w, &event, placed.code)
        );
        assert_eq!(
            [yes.is_ok(), no.is_ok()].iter().filter(|ok| **ok).count(),
            1
        );
        w.advance_minutes(1);
        payments::reconcile(&w.sv, 50).await.unwrap();
        w.assert_sound().await;
    }
    let both = w
        .count(
            "select count(*) from payments p join orders o on o.id = p.order_id
             where p.state = 'held' or (p.state = 'released') <> (o.state = 'cancelled' and o.refunded_minor = 0)",
        )
        .await;
    assert_eq!(both, 0);
}

#[tokio::test]
async fn the_yes_and_the_end_of_time_meet() {
    let (w, event) = world(true).await;
    for n in 0..4 {
        let (placed, _) = holds_card(&w, &event, &format!("A {n}"), 1).await;
        w.advance(SignedDuration::from_hours(72) - SignedDuration::from_millis(1));
        let (yes, _) = join!(approve(&w, &event, placed.code), async {
            w.advance(SignedDuration::from_secs(1));
            services::work::expire_orders(&w.sv, 50).await.unwrap();
        });
        w.advance_minutes(1);
        w.work().await;
        payments::reconcile(&w.sv, 50).await.unwrap();
        let (end, decision) = state(&w, &placed).await;
        match yes {
            Ok(()) => assert_eq!(
                (end, decision),
                (OrderState::Paid, Some(Decision::Approved))
            ),
            Err(_) => assert_eq!(
                (end, decision),
                (OrderState::Expired, Some(Decision::Lapsed))
            ),
        }
        w.assert_sound().await;
    }
}

#[tokio::test]
async fn what_waits_counts_for_the_customer() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 20)
        .per_customer(2)
        .published()
        .await;
    ask(&w, &event, true, false, "72").await.unwrap();
    let buyer = w.buyer("Ada");
    let placed = buyer.orders(&event, "Seat", 2).await.unwrap();
    let more = buyer.holds(&event, &[("Seat", 1)]).await.unwrap();
    assert!(buyer.places(&more).await.is_err());
    decline(&w, &event, placed.code).await.unwrap();
    buyer.places(&more).await.unwrap();
    w.assert_sound().await;
}

#[tokio::test]
async fn a_cancelled_event_ends_what_waits() {
    let (w, event) = world(true).await;
    let (placed, _) = holds_card(&w, &event, "Ada", 1).await;
    w.execute("update events set state = 'cancelled', state_reason = 'storm'")
        .await;
    assert!(matches!(
        approve(&w, &event, placed.code).await,
        Err(DecideRequestError::EventNotOnSale)
    ));
    orders_end(&w, &event).await;
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Cancelled, Some(Decision::Declined))
    );
    payments::reconcile(&w.sv, 50).await.unwrap();
    assert_eq!(w.gateway.releases().len(), 1);
    assert_eq!(mails(&w, "event_cancelled").await, 0);
    assert_eq!(mails(&w, "request_declined").await, 1);
    assert_eq!(held(&w).await, 0);
    w.assert_sound().await;
}

async fn orders_end(w: &World, event: &Event) {
    use services::{
        db::Scope,
        jobs::{self, Job},
    };
    let organization = event.organization.id;
    let scope = Scope::Organization(organization);
    let mut tx = w.sv.db.begin(scope).await.unwrap();
    let job = Job::CancelEventOrders {
        event: event.id.get(),
        reason: "storm".into(),
    };
    jobs::enqueue(&w.sv, &mut tx, organization, &job, w.now(), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    w.work().await;
}

#[tokio::test]
async fn a_change_of_mind_leaves_alone_what_waits() {
    let (w, event) = world(true).await;
    let (placed, _) = holds_card(&w, &event, "Ada", 1).await;
    ask(&w, &event, false, false, "").await.unwrap();
    let now = w.buyer("Ben").buys(&event, "Seat", 1).await.unwrap();
    assert_eq!(order(&w, &now).await.request, None);
    assert_eq!(state(&w, &placed).await, (OrderState::Asked, None));
    approve(&w, &event, placed.code).await.unwrap();
    assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
    for (hold, hours, good) in [
        (true, "144", true),
        (true, "145", false),
        (false, "720", true),
        (false, "721", false),
        (false, "0", false),
    ] {
        let set = ask(&w, &event, true, hold, hours).await;
        assert_eq!(set.is_ok(), good, "{hold} {hours}");
    }
    w.assert_sound().await;
}

#[tokio::test]
async fn several_are_approved_at_once() {
    let (w, event) = world(false).await;
    let mut codes = Vec::new();
    for n in 0..3 {
        let placed = w.buyer(&format!("A {n}")).orders(&event, "Free", 1).await;
        codes.push(placed.unwrap().code);
    }
    decline(&w, &event, codes[0]).await.unwrap();
    let permit = event.organization.permit::<CancelOrders>();
    let done = orders::approve_requests(&w.sv, &permit, &codes)
        .await
        .unwrap();
    assert_eq!((done.approved, done.left), (2, 1));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_card_is_not_charged_for_another_date() {
    let (w, event) = world(true).await;
    let (placed, _) = holds_card(&w, &event, "Ada", 1).await;
    w.execute(
        "update events set starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day'",
    )
    .await;
    let refused = approve(&w, &event, placed.code).await;
    assert_eq!(refused.unwrap_err().code(), "request_event_moved");
    assert_eq!(state(&w, &placed).await, (OrderState::Asked, None));
    decline(&w, &event, placed.code).await.unwrap();
    assert_eq!(w.gateway.releases().len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_deletes_their_account_asks_for_nothing_any_more() {
    let (w, event) = world(true).await;
    let mut ada = w.person("Ada").await;
    let (placed, _) = holds_card(&w, &event, "Ada", 2).await;
    ada.email = w.text("select buyer_email from orders").await;
    let mut tx = w.sv.db.begin(services::db::Scope::System).await.unwrap();
    sqlx::query("update users set email = $2 where id = $1")
        .bind(ada.user.get())
        .bind(&ada.email)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    services::privacy::erase_account(&w.sv, &ada, &ada.email)
        .await
        .unwrap();
    assert_eq!(
        state(&w, &placed).await,
        (OrderState::Cancelled, Some(Decision::Withdrawn))
    );
    assert!(approve(&w, &event, placed.code).await.is_err());
    payments::reconcile(&w.sv, 50).await.unwrap();
    assert_eq!((w.gateway.releases().len(), held(&w).await), (1, 0));
    assert_eq!(mails(&w, "request_withdrawn").await, 0);
    w.assert_sound().await;
}
