//! What the provider does not take is not sold, not promised and not offered.

use domain::{
    money::Currency,
    orders::OrderState,
    text::{Fault, FieldErrors},
};
use services::{
    checkout::PlaceError,
    events::{self, EventError, PricePhaseInput, PricesInput, TicketTypeInput},
    orders::{
        self, ExchangeError, ExchangeWish, RefundChoice, RefundError, RefundOrder, WhichTickets,
    },
};
use testkit::{Event, World};

fn ticket(price: &str, least: &str) -> TicketTypeInput {
    TicketTypeInput {
        name: "Balcony".into(),
        price: price.into(),
        min_per_order: least.into(),
        max_per_order: "10".into(),
        own_capacity: "5".into(),
        ..TicketTypeInput::default()
    }
}

async fn add(w: &World, event: &Event, price: &str, least: &str) -> Result<(), EventError> {
    let permit = event.organization.permit();
    let added = events::add_ticket_type(&w.sv, &permit, event.id, ticket(price, least)).await;
    added.map(|_| ())
}

fn faults(refused: Result<(), EventError>) -> FieldErrors {
    match refused {
        Err(EventError::Fields(faults)) => faults,
        Ok(()) | Err(_) => FieldErrors::new(),
    }
}

#[tokio::test]
async fn a_price_that_nobody_can_pay_is_refused_beside_its_field() {
    let w = World::new().await;
    w.gateway.take_at_least(50);
    let event = w
        .event("Demo")
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let small = faults(add(&w, &event, "0.30", "1").await);
    assert_eq!(small.entries()[0].field, "price");
    assert_eq!(
        small.entries()[0].params,
        [("pays", "EUR 0.30"), ("min", "EUR 0.50")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    // Two together can be paid, and what is free always.
    add(&w, &event, "0.30", "2").await.unwrap();
    let mut free = ticket("0", "1");
    free.name = "Friends".into();
    let permit = event.organization.permit();
    events::add_ticket_type(&w.sv, &permit, event.id, free)
        .await
        .unwrap();
    let changed = events::edit_ticket_type(
        &w.sv,
        &permit,
        event.id,
        event.of_type("Seat"),
        ticket("0.49", "1"),
    )
    .await;
    let code = Fault::TooLittleToPay {
        pays: event.money(49),
        min: event.money(50),
    };
    assert_eq!(faults(changed).entries()[0].code, code.code());
}

/// 5.250 can be charged, 5.255 cannot; with ten percent of tax on top 5.250 cannot either, and 5.200 can.
#[tokio::test]
async fn three_decimals_are_priced_in_steps_tax_included() {
    let w = World::new().await;
    w.gateway.take_in_steps();
    let event = w
        .event("Demo")
        .currency(Currency::BHD)
        .ticket_type("Seat", 5_250, 10)
        .published()
        .await;
    let code = |refused| faults(refused).entries()[0].code.clone();
    assert_eq!(code(add(&w, &event, "5.255", "1").await), "paid_in_steps");
    assert_eq!(code(add(&w, &event, "5.255", "2").await), "paid_in_steps");
    let phase = PricePhaseInput {
        name: "Early".into(),
        price: "4.255".into(),
        count: "3".into(),
        last_name: "Later".into(),
        ..PricePhaseInput::default()
    };
    let at = (event.id, event.of_type("Seat"));
    let permit = event.organization.permit();
    let refused = events::save_price_phase(&w.sv, &permit, at, None, phase).await;
    assert_eq!(code(refused), "paid_in_steps");
    w.execute("update organizations set tax_mode = 'added'")
        .await;
    let tax = PricesInput {
        other_tax_rate: "10".into(),
        ..PricesInput::default()
    };
    events::set_prices(&w.sv, &permit, event.id, tax)
        .await
        .unwrap();
    assert_eq!(code(add(&w, &event, "5.250", "1").await), "paid_in_steps");
    add(&w, &event, "5.200", "1").await.unwrap();
    // What was priced before is not sold, and the buyer is told why.
    let held = w.buyer("Ada").holds(&event, &[("Seat", 1)]).await.unwrap();
    let refused = w.buyer("Ada").places(&held).await.unwrap_err();
    assert_eq!(refused.code(), "total_not_in_steps");
    assert_eq!(w.count("select count(*) from orders").await, 0);
}

/// What holds already was typed under other fees and taxes: it is pointed out, and whoever corrects a word is let alone.
#[tokio::test]
async fn a_price_that_became_unpayable_is_pointed_out_and_asked_about_when_it_changes() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Balcony", 30, 10)
        .ticket_type("Seat", 1500, 10)
        .published()
        .await;
    let permit = event.organization.permit();
    let pointed_out = async || {
        let shown = events::show(&w.sv, &permit, event.id).await.unwrap();
        let types = shown.ticket_types.into_iter();
        let bad = types.filter_map(|one| Some((one.name, one.not_payable?)));
        bad.collect::<Vec<_>>()
    };
    assert!(pointed_out().await.is_empty());
    w.gateway.take_at_least(50);
    let fault = Fault::TooLittleToPay {
        pays: event.money(30),
        min: event.money(50),
    };
    assert_eq!(pointed_out().await, [("Balcony".to_owned(), fault)]);
    let shown = events::show(&w.sv, &permit, event.id).await.unwrap();
    let of_type = shown.ticket_types.iter().find(|t| t.name == "Balcony");
    let of_type = of_type.unwrap();
    let same = TicketTypeInput {
        description: "Upstairs".into(),
        price: of_type.price.to_decimal_string(),
        min_per_order: of_type.min_per_order.to_string(),
        max_per_order: of_type.max_per_order.to_string(),
        own_capacity: String::new(),
        pools: of_type.pools.clone(),
        ..ticket("", "")
    };
    let edit = async |cmd| {
        let edited = events::edit_ticket_type(&w.sv, &permit, event.id, of_type.id, cmd);
        edited.await
    };
    edit(same.clone()).await.unwrap();
    let dearer = TicketTypeInput {
        price: "0.40".into(),
        ..same.clone()
    };
    assert_eq!(faults(edit(dearer).await).entries()[0].field, "price");
    let taxed = TicketTypeInput {
        other_tax_rate: "7".into(),
        ..same
    };
    assert_eq!(faults(edit(taxed).await).entries()[0].field, "price");
    let text = "select description from ticket_types where name = 'Balcony'";
    assert_eq!(w.text(text).await, "Upstairs");
}

/// With three decimals a rate of tax alone can make a ticket unsellable.
#[tokio::test]
async fn who_changes_the_tax_is_told_which_tickets_nobody_can_buy() {
    let w = World::new().await;
    w.gateway.take_in_steps();
    let event = w
        .event("Demo")
        .currency(Currency::BHD)
        .ticket_type("Seat", 5_250, 10)
        .published()
        .await;
    w.execute("update organizations set tax_mode = 'added'")
        .await;
    let permit = event.organization.permit();
    for (rate, payable) in [("10", false), ("20", true)] {
        let tax = PricesInput {
            other_tax_rate: rate.into(),
            ..PricesInput::default()
        };
        events::set_prices(&w.sv, &permit, event.id, tax)
            .await
            .unwrap();
        let shown = events::show(&w.sv, &permit, event.id).await.unwrap();
        assert_eq!(
            shown.ticket_types[0].not_payable.is_none(),
            payable,
            "{rate}"
        );
    }
}

#[tokio::test]
async fn a_total_below_the_least_is_refused_in_words() {
    let w = World::new().await;
    w.gateway.take_at_least(50);
    let event = w
        .event("Demo")
        .ticket_type("Seat", 30, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    let refused = ada.places(&held).await.unwrap_err();
    assert!(matches!(refused, PlaceError::NotPayable(_)));
    assert_eq!(refused.code(), "total_too_small");
    let held = ada.holds(&event, &[("Seat", 2)]).await.unwrap();
    assert!(ada.places(&held).await.unwrap().needs_payment);
}

#[tokio::test]
async fn an_exchange_asks_for_nothing_that_cannot_be_paid() {
    let w = World::new().await;
    w.gateway.take_at_least(50);
    let event = w
        .event("Demo")
        .changes(0, 0, true)
        .ticket_type("Floor", 2000, 10)
        .ticket_type("Seat", 2030, 10)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Floor", 1).await.unwrap();
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    let wish = ExchangeWish {
        tickets: vec![order.unwrap().unwrap().tickets[0].id],
        event: Some(event.id),
        wanted: [(event.of_type("Seat"), 1)].into(),
    };
    let page = orders::change_page(&w.sv, &placed.secret, &wish).await;
    let refused = page.unwrap().unwrap().preview.unwrap();
    assert!(matches!(
        refused,
        Err(ExchangeError::NotAllowed {
            why: "exchange_too_little"
        })
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_part_of_a_dinar_goes_back_in_steps_or_is_refused_before_tickets_end() {
    let w = World::new().await;
    w.gateway.take_in_steps();
    let event = w
        .event("Demo")
        .currency(Currency::KWD)
        .refunds(&[(0, 50)])
        .ticket_type("Seat", 12_350, 10)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    let all = WhichTickets::All;
    let shown = orders::preview_cancel(&w.sv, &placed.secret, &all).await;
    assert_eq!(shown.unwrap().unwrap().refund, event.money(6_170));
    let permit = event.organization.permit();
    let ask = |minor| RefundOrder {
        code: placed.code,
        choice: RefundChoice::Amount(event.money(minor)),
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    for typed in [6_175, 1, 12_349] {
        let refused = orders::preview_refund(&w.sv, &permit, &ask(typed)).await;
        assert!(
            matches!(refused, Err(RefundError::NotInSteps { step }) if step == event.money(10)),
            "{typed}"
        );
        assert!(orders::refund(&w.sv, &permit, ask(typed)).await.is_err());
    }
    assert_eq!(
        w.count("select count(*) from tickets where state = 'valid'")
            .await,
        1
    );
    orders::refund(&w.sv, &permit, ask(6_180)).await.unwrap();
    w.settle().await;
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    let order = order.unwrap().unwrap();
    assert_eq!(
        (order.state, order.refunded),
        (OrderState::Cancelled, event.money(6_180))
    );
    w.assert_sound().await;
}
