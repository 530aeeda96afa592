use domain::{money::Currency, orders::OrderState, transfers::AccountInput};
use jiff::SignedDuration;
use services::{
    checkout::PlaceError,
    events::{self, TicketTypeInput},
    orders::{self, RefundChoice, RefundOrder},
    payments::{self, StartError},
    transfers::{self, BeginError, ForBuyer},
};

use crate::{account, admin, house, table};

#[tokio::test]
async fn off_means_that_nobody_sees_it() {
    let w = testkit::World::new().await;
    let event = w
        .event("Evening")
        .ticket_type("Seat", 1_000, 9)
        .published()
        .await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    let order = services::orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        transfers::for_buyer(&w.sv, &order).await.unwrap(),
        ForBuyer::No
    );
    assert!(matches!(
        transfers::begin(&w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
    let platform = admin(&w).await;
    transfers::set_transfers(&w.sv, &platform, false, &account())
        .await
        .unwrap();
    assert_eq!(
        transfers::for_buyer(&w.sv, &order).await.unwrap(),
        ForBuyer::No
    );
    assert!(matches!(
        transfers::begin(&w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
}

#[tokio::test]
async fn a_buyer_is_told_where_to_and_the_places_wait() {
    let h = house(2).await;
    let ada = h.w.buyer("Ada");
    let placed = h.order("Ada", 2).await;
    let ForBuyer::Offered { until } = transfers::for_buyer(&h.w.sv, &h.view(&placed).await)
        .await
        .unwrap()
    else {
        panic!("not offered");
    };
    transfers::begin(&h.w.sv, &placed.secret).await.unwrap();
    transfers::begin(&h.w.sv, &placed.secret).await.unwrap();
    let ForBuyer::Waiting(waiting) = transfers::for_buyer(&h.w.sv, &h.view(&placed).await)
        .await
        .unwrap()
    else {
        panic!("not waiting");
    };
    assert_eq!((waiting.until, waiting.amount.minor), (until, 2_000));
    assert!(waiting.qr.is_some_and(|svg| svg.starts_with("<svg")));
    h.w.settle().await;
    let mails = h.w.mailer.to(&ada.email);
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text.contains("DE89 3704 0044 0532 0130 00"),
        "{}",
        mails[0].text
    );
    assert!(mails[0].text.contains(&waiting.reference.grouped()));
    // Long after the time of a card, the places are still theirs.
    h.w.advance(SignedDuration::from_hours(4 * 24));
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Pending);
    assert_eq!(h.w.mailer.to(&ada.email).len(), 1);
    h.w.advance(SignedDuration::from_hours(25));
    h.w.settle().await;
    assert_eq!(h.w.mailer.to(&ada.email).len(), 2, "the reminder");
    h.w.advance(SignedDuration::from_hours(3 * 24));
    h.w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Expired);
    let mails = h.w.mailer.to(&ada.email);
    assert_eq!(mails.len(), 3, "that nothing came");
    assert!(mails[2].text.contains("Please do not transfer any more"));
    h.w.assert_sound().await;
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_paid() {
    let h = house(2).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let reference = h.reference(&placed).await;
    h.bank_tells(crate::table(&[("10.00", &reference, "B1")]))
        .await;
    h.w.advance(SignedDuration::from_hours(6 * 24));
    h.w.settle().await;
    assert_eq!(
        h.w.count("select count(*) from mails where kind = 'transfer_reminder'")
            .await,
        0
    );
}

#[tokio::test]
async fn another_currency_or_too_little_time_is_not_offered() {
    let h = house(9).await;
    let placed = h.order("Ada", 1).await;
    let francs = AccountInput {
        currency: "CHF".into(),
        ..account()
    };
    transfers::set_transfers(&h.w.sv, &h.platform, true, &francs)
        .await
        .unwrap();
    assert!(matches!(
        transfers::begin(&h.w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
    let early = AccountInput {
        days_before: "30".into(),
        ..account()
    };
    transfers::set_transfers(&h.w.sv, &h.platform, true, &early)
        .await
        .unwrap();
    assert!(matches!(
        transfers::begin(&h.w.sv, &placed.secret).await,
        Err(BeginError::NotOffered)
    ));
}

#[tokio::test]
async fn nobody_keeps_a_house_for_nothing() {
    let h = house(9).await;
    for _ in 0..3 {
        h.order_by_transfer("Ada", 1).await;
    }
    let fourth = h.order("Ada", 1).await;
    assert!(matches!(
        transfers::begin(&h.w.sv, &fourth.secret).await,
        Err(BeginError::TooMany)
    ));
    h.order_by_transfer("Bob", 1).await;
}

/// The provider's limits are those of its own way to pay.
#[tokio::test]
async fn what_no_card_pays_is_sold_where_it_can_come_by_transfer() {
    let h = house(5).await;
    let (w, sv) = (&h.w, &h.w.sv);
    w.gateway.take_at_least(50);
    let event = w
        .event("Small")
        .by(&h.hall)
        .ticket_type("Seat", 30, 5)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let placed = ada.orders(&event, "Seat", 1).await.unwrap();
    let card = payments::start(sv, &placed.secret).await.unwrap_err();
    assert!(matches!(card, StartError::NotTaken(_)));
    assert_eq!(card.code(), "card_total_too_small");
    assert_eq!(w.count("select count(*) from payments").await, 0);
    transfers::begin(sv, &placed.secret).await.unwrap();
    let other = TicketTypeInput {
        name: "Balcony".into(),
        price: "0.40".into(),
        min_per_order: "1".into(),
        max_per_order: "9".into(),
        own_capacity: "5".into(),
        ..TicketTypeInput::default()
    };
    let permit = event.organization.permit();
    events::add_ticket_type(sv, &permit, event.id, other.clone())
        .await
        .unwrap();
    let shown = events::show(sv, &permit, event.id).await.unwrap();
    assert!(shown.ticket_types.iter().all(|t| t.not_payable.is_none()));
    // Where a card is held first, and where no transfer is offered, there is no other way.
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    w.execute("update events set asking = 'hold' where title = 'Small'")
        .await;
    let refused = ada.places(&held).await;
    assert!(matches!(refused, Err(PlaceError::NotPayable(_))) || !sv.payments.can_hold());
    w.execute("update events set asking = 'no' where title = 'Small'")
        .await;
    transfers::set_transfers(sv, &h.platform, false, &account())
        .await
        .unwrap();
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    let refused = ada.places(&held).await;
    assert!(matches!(refused, Err(PlaceError::NotPayable(_))));
    let more = TicketTypeInput {
        name: "Gallery".into(),
        ..other
    };
    assert!(
        events::add_ticket_type(sv, &permit, event.id, more)
            .await
            .is_err()
    );
    let shown = events::show(sv, &permit, event.id).await.unwrap();
    assert!(shown.ticket_types.iter().all(|t| t.not_payable.is_some()));
}

/// Three decimals: what came by transfer goes back to the last of them.
#[tokio::test]
async fn what_came_by_transfer_goes_back_in_no_steps() {
    let h = house(5).await;
    let (w, sv) = (&h.w, &h.w.sv);
    w.gateway.take_in_steps();
    let dinars = AccountInput {
        currency: "KWD".into(),
        ..account()
    };
    transfers::set_transfers(sv, &h.platform, true, &dinars)
        .await
        .unwrap();
    let event = w
        .event("Dinars")
        .by(&h.hall)
        .currency(Currency::KWD)
        .ticket_type("Seat", 5_255, 5)
        .published()
        .await;
    let placed = w.buyer("Ada").orders(&event, "Seat", 2).await.unwrap();
    transfers::begin(sv, &placed.secret).await.unwrap();
    let reference = h.reference(&placed).await;
    h.bank_tells(table(&[("10.510", &reference, "b1")])).await;
    w.settle().await;
    assert_eq!(h.state(&placed).await, OrderState::Paid);
    let ticket = h.view(&placed).await.tickets[0].id;
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Tickets(vec![ticket]),
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    let done = orders::refund(sv, &event.organization.permit(), cmd).await;
    assert_eq!(done.unwrap().amount, event.money(5_255));
    w.settle().await;
    w.assert_sound().await;
}
