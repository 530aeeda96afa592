use domain::{
    ids::OrderCode,
    money::Money,
    orders::{OrderState, OrderTransitionError},
    tickets::TicketState,
};
use jiff::SignedDuration;
use services::{
    checkout::Placed,
    orders::{
        self, CancelByBuyer, CancelByBuyerError, CancelError, CancelOrder, OrderView, RefundChoice,
        RefundError, RefundOrder, WhichTickets,
    },
};
use testkit::{Event, World};

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

fn ask(code: OrderCode, choice: RefundChoice) -> RefundOrder {
    RefundOrder {
        code,
        choice,
        keep_tickets: false,
        reason: "as asked".into(),
        idempotency_key: None,
    }
}

#[tokio::test]
async fn a_full_refund_voids_everything_and_frees_the_places() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 3).await;
    let permit = event.organization.permit();
    let preview = orders::preview_refund(&w.sv, &permit, &ask(placed.code, RefundChoice::Full))
        .await
        .unwrap();
    assert_eq!(
        (preview.amount, preview.voided.len(), preview.left_after),
        (event.money(4515), 3, event.money(0))
    );
    assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
    let done = orders::refund(&w.sv, &permit, ask(placed.code, RefundChoice::Full))
        .await
        .unwrap();
    assert_eq!(done, preview);
    w.settle().await;
    let after = order(&w, &placed).await;
    assert_eq!(
        (after.state, after.refunded),
        (OrderState::Refunded, event.money(4515))
    );
    assert!(
        after
            .tickets
            .iter()
            .all(|t| t.state == TicketState::Cancelled && t.code.is_none())
    );
    assert_eq!(after.refunds[0].state, "succeeded");
    assert_eq!(w.count("select sum(sold) from pools").await, 0);
    assert_eq!(w.gateway.refunds().len(), 1);
    let again = orders::refund(&w.sv, &permit, ask(placed.code, RefundChoice::Full)).await;
    assert!(matches!(
        again,
        Err(RefundError::Transition(
            OrderTransitionError::AlreadyRefunded
        ))
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn chosen_tickets_go_back_one_by_one() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 3).await;
    let permit = event.organization.permit();
    let tickets: Vec<_> = order(&w, &placed)
        .await
        .tickets
        .iter()
        .map(|t| t.id)
        .collect();
    let one = ask(placed.code, RefundChoice::Tickets(vec![tickets[1]]));
    let done = orders::refund(&w.sv, &permit, one.clone()).await.unwrap();
    assert_eq!(
        (done.amount, done.voided, done.state_after),
        (event.money(1505), vec![tickets[1]], OrderState::Paid)
    );
    assert!(matches!(
        orders::refund(&w.sv, &permit, one).await,
        Err(RefundError::UnknownTicket)
    ));
    assert_eq!(w.count("select sum(sold) from pools").await, 2);
    w.assert_sound().await;
    let rest = ask(
        placed.code,
        RefundChoice::Tickets(vec![tickets[0], tickets[2]]),
    );
    let done = orders::refund(&w.sv, &permit, rest).await.unwrap();
    assert_eq!(done.state_after, OrderState::Refunded);
    w.settle().await;
    w.assert_sound().await;
}

/// Nothing was paid for them, so nothing goes back: they end, the others stay, and the buyer is told.
#[tokio::test]
async fn single_tickets_that_cost_nothing_can_be_ended() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Free", 0, 10)
        .ticket_type("Seat", 1505, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let permit = event.organization.permit();
    let free = ada.orders(&event, "Free", 3).await.unwrap();
    let ids: Vec<_> = order(&w, &free)
        .await
        .tickets
        .iter()
        .map(|t| t.id)
        .collect();
    let mut one = ask(free.code, RefundChoice::Tickets(vec![ids[1]]));
    let shown = orders::preview_refund(&w.sv, &permit, &one).await.unwrap();
    assert_eq!(
        (shown.amount, &shown.voided[..], shown.state_after),
        (event.money(0), &ids[1..2], OrderState::Paid)
    );
    assert_eq!(
        orders::refund(&w.sv, &permit, one.clone()).await.unwrap(),
        shown
    );
    w.settle().await;
    assert_eq!(w.count("select sum(sold)::bigint from pools").await, 2);
    assert_eq!(
        w.mailer.to(&ada.email).len(),
        2,
        "the tickets, and that one ended"
    );
    // With "the tickets stay valid" there is nothing to do.
    one.choice = RefundChoice::Tickets(vec![ids[0]]);
    one.keep_tickets = true;
    assert!(orders::refund(&w.sv, &permit, one).await.is_err());
    // The last ones end the order.
    let rest = ask(free.code, RefundChoice::Tickets(vec![ids[0], ids[2]]));
    orders::refund(&w.sv, &permit, rest).await.unwrap();
    w.settle().await;
    assert_eq!(order(&w, &free).await.state, OrderState::Cancelled);
    assert_eq!(w.mailer.to(&ada.email).len(), 3);
    w.assert_sound().await;
    // Beside one that was paid for: its money stays.
    let held = ada
        .holds(&event, &[("Free", 1), ("Seat", 1)])
        .await
        .unwrap();
    let both = ada.places(&held).await.unwrap();
    w.provider_says(&both, services::payments::NewsKind::Succeeded)
        .await
        .unwrap();
    let view = order(&w, &both).await;
    let of_none = view.tickets.iter().find(|t| t.type_name == "Free").unwrap();
    let free = view.tickets.iter().filter(|ticket| ticket.free);
    assert!(free.eq([of_none]));
    let end = ask(both.code, RefundChoice::Tickets(vec![of_none.id]));
    let done = orders::refund(&w.sv, &permit, end).await.unwrap();
    assert_eq!((done.amount.minor, done.voided.len()), (0, 1));
    w.settle().await;
    let view = order(&w, &both).await;
    assert_eq!((view.state, view.refunded.minor), (OrderState::Paid, 0));
    w.assert_sound().await;
}

#[tokio::test]
async fn an_amount_may_go_back_while_the_tickets_stay_good() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let permit = event.organization.permit();
    let mut some = ask(placed.code, RefundChoice::Amount(event.money(500)));
    some.keep_tickets = true;
    orders::refund(&w.sv, &permit, some.clone()).await.unwrap();
    let view = order(&w, &placed).await;
    assert_eq!(
        (view.state, view.refunded),
        (OrderState::Paid, event.money(500))
    );
    assert!(view.tickets.iter().all(|t| t.state == TicketState::Valid));
    let too_much = ask(placed.code, RefundChoice::Amount(event.money(2511)));
    let refused = orders::refund(&w.sv, &permit, too_much).await;
    assert!(matches!(refused, Err(RefundError::TooLarge { left }) if left == event.money(2510)));
    for wrong in [0, -100] {
        let nothing = ask(placed.code, RefundChoice::Amount(event.money(wrong)));
        let refused = orders::refund(&w.sv, &permit, nothing).await;
        assert!(matches!(
            refused,
            Err(RefundError::Transition(
                OrderTransitionError::NothingToRefund
            ))
        ));
    }
    // With all money back nobody keeps a ticket, whatever was asked.
    some.choice = RefundChoice::Amount(event.money(2510));
    let all = orders::refund(&w.sv, &permit, some).await.unwrap();
    assert_eq!(
        (all.voided.len(), all.state_after),
        (2, OrderState::Refunded)
    );
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_asked_twice_with_one_key_is_one_refund() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let permit = event.organization.permit();
    let mut cmd = ask(placed.code, RefundChoice::Amount(event.money(100)));
    cmd.idempotency_key = Some("click click".into());
    let (a, b) = tokio::join!(
        orders::refund(&w.sv, &permit, cmd.clone()),
        orders::refund(&w.sv, &permit, cmd.clone())
    );
    assert_eq!(a.unwrap(), b.unwrap());
    cmd.choice = RefundChoice::Full;
    assert!(matches!(
        orders::refund(&w.sv, &permit, cmd).await,
        Err(RefundError::KeyConflict)
    ));
    w.settle().await;
    assert_eq!(w.gateway.refunds().len(), 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_provider_that_is_down_gets_the_refund_later_and_one_that_refuses_when_asked_again() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let permit = event.organization.permit();
    w.gateway.fail_next(1);
    orders::refund(
        &w.sv,
        &permit,
        ask(placed.code, RefundChoice::Amount(event.money(100))),
    )
    .await
    .unwrap();
    w.settle().await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "pending");
    w.advance_minutes(1);
    w.settle().await;
    assert_eq!(order(&w, &placed).await.refunds[0].state, "succeeded");

    w.gateway.refuse_next(1);
    orders::refund(&w.sv, &permit, ask(placed.code, RefundChoice::Full))
        .await
        .unwrap();
    w.settle().await;
    let failed = order(&w, &placed).await.refunds[1].clone();
    assert_eq!(failed.state, "failed");
    w.assert_sound().await;
    orders::retry_refund(&w.sv, &permit, failed.id)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(order(&w, &placed).await.refunds[1].state, "succeeded");
    assert_eq!(w.gateway.refunds().len(), 2);
    w.assert_sound().await;
}

#[tokio::test]
async fn the_buyer_gets_back_what_the_policy_gives() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let preview = orders::preview_cancel(&w.sv, &placed.secret, &WhichTickets::All)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (preview.allowed, preview.refund, preview.percent),
        (true, event.money(3010), 100)
    );
    // The event comes closer while the page is open.
    w.clock
        .set(event.starts_at - SignedDuration::from_hours(24 * 5));
    let stale = CancelByBuyer {
        secret: placed.secret.clone(),
        tickets: WhichTickets::All,
        accepted_refund: preview.refund,
    };
    let changed = orders::cancel_by_buyer(&w.sv, stale).await;
    // Half of 15.05 is 7.53 for the buyer, twice.
    assert!(
        matches!(changed, Err(CancelByBuyerError::RefundChanged { now }) if now == event.money(1506))
    );
    let cmd = CancelByBuyer {
        secret: placed.secret.clone(),
        tickets: WhichTickets::All,
        accepted_refund: event.money(1506),
    };
    assert_eq!(
        orders::cancel_by_buyer(&w.sv, cmd.clone()).await.unwrap(),
        OrderState::Cancelled
    );
    let again = orders::cancel_by_buyer(&w.sv, cmd).await;
    assert!(matches!(
        again,
        Err(CancelByBuyerError::Transition(
            OrderTransitionError::AlreadyCancelled
        ))
    ));
    w.settle().await;
    let view = order(&w, &placed).await;
    assert_eq!(
        (view.refunded, view.tickets[0].state),
        (event.money(1506), TicketState::Cancelled)
    );
    assert_eq!(w.count("select sum(sold) from pools").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn outside_the_policy_the_buyer_cannot_cancel() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    w.clock
        .set(event.starts_at - SignedDuration::from_hours(24 * 2));
    let preview = orders::preview_cancel(&w.sv, &placed.secret, &WhichTickets::All)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (preview.allowed, preview.why_not.as_deref()),
        (false, Some("cancel_outside_policy"))
    );
    let cmd = CancelByBuyer {
        secret: placed.secret.clone(),
        tickets: WhichTickets::All,
        accepted_refund: Money::zero(event.currency),
    };
    let refused = orders::cancel_by_buyer(&w.sv, cmd).await;
    assert!(matches!(
        refused,
        Err(CancelByBuyerError::NotAllowed {
            why: "cancel_outside_policy"
        })
    ));
    assert_eq!(order(&w, &placed).await.state, OrderState::Paid);
}

#[tokio::test]
async fn a_free_order_can_be_given_back_until_the_start() {
    let w = World::new().await;
    let event = w
        .event("Meet-up")
        .ticket_type("Seat", 0, 10)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    let cmd = CancelByBuyer {
        secret: placed.secret,
        tickets: WhichTickets::All,
        accepted_refund: event.money(0),
    };
    assert_eq!(
        orders::cancel_by_buyer(&w.sv, cmd).await.unwrap(),
        OrderState::Cancelled
    );
    let other = w.buyer("Bo").buys(&event, "Seat", 1).await.unwrap();
    w.clock.set(event.starts_at);
    let cmd = CancelByBuyer {
        secret: other.secret,
        tickets: WhichTickets::All,
        accepted_refund: event.money(0),
    };
    let late = orders::cancel_by_buyer(&w.sv, cmd).await;
    assert!(matches!(
        late,
        Err(CancelByBuyerError::NotAllowed {
            why: "cancel_event_begun"
        })
    ));
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test]
async fn the_organizer_cancels_with_and_without_money() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let cancel = CancelOrder {
        code: placed.code,
        reason: "fraud".into(),
    };
    assert_eq!(
        orders::cancel(&w.sv, &event.organization.permit(), cancel.clone())
            .await
            .unwrap(),
        OrderState::Cancelled
    );
    let again = orders::cancel(&w.sv, &event.organization.permit(), cancel).await;
    assert!(matches!(
        again,
        Err(CancelError::Transition(
            OrderTransitionError::AlreadyCancelled
        ))
    ));
    w.settle().await;
    assert!(w.gateway.refunds().is_empty());
    assert_eq!(w.count("select sum(sold) from pools").await, 0);
    w.assert_sound().await;
    // The money follows later.
    let permit = event.organization.permit();
    let done = orders::refund(&w.sv, &permit, ask(placed.code, RefundChoice::Full))
        .await
        .unwrap();
    assert_eq!(done.state_after, OrderState::Refunded);
    w.settle().await;
    w.assert_sound().await;
}
