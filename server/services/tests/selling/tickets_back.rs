//! Buyers give single tickets back, by the terms they bought under.

use domain::{
    ids::TicketId,
    money::{Currency, Money},
    orders::OrderState,
    tickets::TicketState,
};
use jiff::SignedDuration;
use services::{
    checkout::Placed,
    events::{self, RefundInput},
    orders::{
        self, CancelByBuyer, CancelByBuyerError, CancelPreview, OrderView, RefundChoice,
        RefundOrder, WhichTickets,
    },
};
use testkit::{Event, World};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn sold(w: &World, quantity: u16) -> (Event, Placed) {
    let event = w
        .event("Demo")
        .refunds(&[(14, 100), (3, 50)])
        .ticket_type("Seat", 1505, 10)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", quantity).await.unwrap();
    (event, placed)
}

async fn order(w: &World, placed: &Placed) -> OrderView {
    orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap()
}

async fn ids(w: &World, placed: &Placed) -> Vec<TicketId> {
    let valid = |t: &&orders::TicketView| t.state == TicketState::Valid;
    let order = order(w, placed).await;
    order.tickets.iter().filter(valid).map(|t| t.id).collect()
}

async fn preview(w: &World, placed: &Placed, which: &WhichTickets) -> CancelPreview {
    orders::preview_cancel(&w.sv, &placed.secret, which)
        .await
        .unwrap()
        .unwrap()
}

async fn give_back(
    w: &World,
    placed: &Placed,
    which: WhichTickets,
    accepted: Money,
) -> Result<OrderState, CancelByBuyerError> {
    let cmd = CancelByBuyer {
        secret: placed.secret.clone(),
        tickets: which,
        accepted_refund: accepted,
    };
    orders::cancel_by_buyer(&w.sv, cmd).await
}

#[tokio::test]
async fn one_ticket_goes_back_and_the_others_stay_good() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 3).await;
    let all = ids(&w, &placed).await;
    w.clock.set(event.starts_at - 5 * DAY);
    let one = WhichTickets::These(vec![all[1]]);
    let shown = preview(&w, &placed, &one).await;
    assert_eq!(
        (shown.allowed, shown.refund, shown.tickets, shown.stay),
        (true, event.money(753), 1, 2)
    );
    assert_eq!(
        give_back(&w, &placed, one.clone(), shown.refund)
            .await
            .unwrap(),
        OrderState::Paid
    );
    w.settle().await;
    let after = order(&w, &placed).await;
    assert_eq!(after.refunded, event.money(753));
    assert_eq!(ids(&w, &placed).await, [all[0], all[2]]);
    assert_eq!(w.count("select sum(sold) from pools").await, 2);
    assert_eq!(w.gateway.refunds().len(), 1);
    let subjects: Vec<_> = w
        .mailer
        .sent()
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert!(
        subjects.contains(&"Tickets cancelled: Demo".to_owned()),
        "{subjects:?}"
    );
    // The same once more names a ticket that is gone.
    let again = give_back(&w, &placed, one, event.money(753)).await;
    assert!(matches!(
        again,
        Err(CancelByBuyerError::NotAllowed {
            why: "unknown_ticket"
        })
    ));
    // The rest in one go is the end of the order.
    let rest = preview(&w, &placed, &WhichTickets::All).await;
    assert_eq!((rest.refund, rest.stay), (event.money(1506), 0));
    assert_eq!(
        give_back(&w, &placed, WhichTickets::All, rest.refund)
            .await
            .unwrap(),
        OrderState::Cancelled
    );
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn nothing_chosen_and_foreign_tickets_are_refused_in_words() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let other = w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    let foreign = ids(&w, &other).await;
    for (which, why) in [
        (WhichTickets::These(vec![]), "cancel_nothing_chosen"),
        (WhichTickets::These(foreign), "unknown_ticket"),
    ] {
        let refused = give_back(&w, &placed, which, event.money(0)).await;
        assert!(
            matches!(refused, Err(CancelByBuyerError::NotAllowed { why: said }) if said == why),
            "{why}"
        );
    }
    assert_eq!(ids(&w, &other).await.len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn what_the_organizer_gave_back_already_is_not_given_twice() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let some = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(event.money(2000)),
        keep_tickets: true,
        reason: "sorry".into(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), some)
        .await
        .unwrap();
    let all = ids(&w, &placed).await;
    let one = WhichTickets::These(vec![all[0]]);
    let shown = preview(&w, &placed, &one).await;
    // All that is left goes back, and with it both tickets: the page says so before.
    assert_eq!(
        (shown.refund, shown.tickets, shown.stay),
        (event.money(1010), 2, 0)
    );
    assert_eq!(
        give_back(&w, &placed, one, shown.refund).await.unwrap(),
        OrderState::Refunded
    );
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn a_later_change_of_the_rules_takes_nothing_away() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let none = RefundInput::default();
    events::set_refund_policy(&w.sv, &event.organization.permit(), event.id, &none)
        .await
        .unwrap();
    assert_eq!(preview(&w, &placed, &WhichTickets::All).await.percent, 100);
    let late = w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    assert_eq!(
        preview(&w, &late, &WhichTickets::All)
            .await
            .why_not
            .as_deref(),
        Some("cancel_outside_policy")
    );
    // The event moves forward by ten days: the deadline is where it was.
    w.execute("update events set starts_at = starts_at - interval '10 days', ends_at = ends_at - interval '10 days'")
        .await;
    w.clock.set(event.starts_at - 14 * DAY);
    assert_eq!(preview(&w, &placed, &WhichTickets::All).await.percent, 100);
    // Two hours, because clocks may change in between.
    w.clock
        .set(event.starts_at - 14 * DAY + SignedDuration::from_hours(2));
    assert_eq!(preview(&w, &placed, &WhichTickets::All).await.percent, 50);
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn new_events_start_with_the_rules_of_the_house() {
    let w = World::new().await;
    let (event, _) = sold(&w, 1).await;
    let rules = RefundInput {
        rows: vec![("7".into(), "80".into())],
        keeps_fee: true,
        for_new_events: true,
    };
    events::set_refund_policy(&w.sv, &event.organization.permit(), event.id, &rules)
        .await
        .unwrap();
    let copied = w
        .count("select count(*) from organizations where refund_policy -> 'keeps_fee' = 'true' and refund_policy -> 'tiers' -> 0 -> 'percent' = '80'")
        .await;
    assert_eq!(copied, 1);
}

#[tokio::test]
async fn shares_are_rounded_ticket_by_ticket_in_every_currency() {
    let w = World::new().await;
    for (currency, price, half) in [
        (Currency::JPY, 1501, 751),
        (Currency::EUR, 999, 500),
        // Cards move dinars in steps of ten fils: half a step more was promised once, and could never be sent.
        (Currency::KWD, 12_350, 6170),
    ] {
        let event = w
            .event(currency.as_str())
            .currency(currency)
            .refunds(&[(0, 50)])
            .ticket_type("Seat", price, 10)
            .published()
            .await;
        let placed = w.buyer("Ada").buys(&event, "Seat", 3).await.unwrap();
        let all = ids(&w, &placed).await;
        let two = WhichTickets::These(vec![all[0], all[2]]);
        let shown = preview(&w, &placed, &two).await;
        assert_eq!(shown.refund, event.money(2 * half), "{currency:?}");
        give_back(&w, &placed, two, shown.refund).await.unwrap();
        w.settle().await;
        assert_eq!(order(&w, &placed).await.refunded, event.money(2 * half));
    }
    w.assert_sound().await;
}
