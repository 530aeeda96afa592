//! Nobody is flooded with mails, and no mail leads a stranger astray.

use locales::Locale;
use services::passing::{self, OfferError};
use testkit::World;

use super::{ask, link, offer, order, sold};

async fn take_back(w: &World, secret: &str) {
    let all = passing::passable(&w.sv, secret).await.unwrap().unwrap();
    for id in all.iter().filter_map(|t| Some(t.pending.as_ref()?.id)) {
        passing::take_back(&w.sv, secret, id).await.unwrap();
    }
}

#[tokio::test]
async fn one_ticket_is_offered_five_times_at_most() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    for n in 0..5 {
        offer(&w, &placed.secret, &format!("bo{n}@example.com"))
            .await
            .unwrap();
        take_back(&w, &placed.secret).await;
    }
    assert!(matches!(
        offer(&w, &placed.secret, "cy@example.com").await,
        Err(OfferError::TooOften)
    ));
    // One mail for each offer that was made, one when it was taken back, and none for those that were refused.
    w.settle().await;
    assert_eq!(w.mailer.to("@example.com").len(), 10);
}

#[tokio::test]
async fn an_order_has_so_many_offers_a_day() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 3).await;
    let tickets: Vec<_> = order(&w, &placed)
        .await
        .tickets
        .iter()
        .map(|t| t.id)
        .collect();
    let mut made = 0;
    for n in 0..9 {
        let to = format!("bo{n}@example.com");
        match passing::offer(&w.sv, ask(&placed.secret, tickets[n % 3], &to)).await {
            Ok(()) => made += 1,
            Err(OfferError::EnoughToday) => {}
            Err(e) => panic!("{e:?}"),
        }
        take_back(&w, &placed.secret).await;
    }
    assert_eq!(made, 8);
    w.advance_minutes(24 * 60);
    passing::offer(&w.sv, ask(&placed.secret, tickets[2], "cy@example.com"))
        .await
        .unwrap();
}

#[tokio::test]
async fn one_address_gets_so_many_offers_a_day_from_everybody() {
    let w = World::counting().await;
    let mut refused = 0;
    for name in ["Ada", "Eve"] {
        let event = w.event(name).ticket_type("Seat", 0, 30).per_order(1, 20);
        let event = event.published().await;
        let placed = w.buyer(name).buys(&event, "Seat", 15).await.unwrap();
        w.settle().await;
        for ticket in order(&w, &placed).await.tickets {
            let mut cmd = ask(&placed.secret, ticket.id, "Bo@example.com");
            cmd.client = format!("10.0.0.{name}");
            match passing::offer(&w.sv, cmd).await {
                Ok(()) => {}
                Err(OfferError::TooMany(_)) => refused += 1,
                Err(e) => panic!("{e:?}"),
            }
        }
    }
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn a_name_is_no_way_to_send_somebody_somewhere() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 1).await;
    let ticket = order(&w, &placed).await.tickets[0].id;
    for name in [
        "",
        "Win at https://evil.example",
        "WWW.evil.example",
        "evil.example",
        "write to me@evil.example",
        "<b>Bo</b>",
    ] {
        let mut cmd = ask(&placed.secret, ticket, "bo@example.com");
        cmd.name = name.into();
        let refused = passing::offer(&w.sv, cmd).await;
        assert_eq!(refused.unwrap_err().code(), "invalid", "{name}");
    }
}

#[tokio::test]
async fn a_giver_with_an_address_for_a_name_stays_unnamed() {
    let w = World::new().await;
    let event = w.event("Demo").ticket_type("Seat", 0, 30).per_order(1, 20);
    let event = event.published().await;
    let mut buyer = w.buyer("Ada");
    buyer.name = "Prize for you: evil.example".into();
    let placed = buyer.buys(&event, "Seat", 2).await.unwrap();
    w.settle().await;
    let tickets = order(&w, &placed).await.tickets;
    for (locale, to, subject) in [
        (
            Locale::En,
            "bo@example.com",
            "Somebody has a ticket for you: Demo",
        ),
        (
            Locale::Ar,
            "cy@example.com",
            "لدى أحدهم تذكرة لك: \u{2068}Demo\u{2069}",
        ),
    ] {
        let ticket = tickets[usize::from(locale == Locale::Ar)].id;
        let mut cmd = ask(&placed.secret, ticket, to);
        cmd.locale = locale;
        passing::offer(&w.sv, cmd).await.unwrap();
        let secret = link(&w, to, "/accept/").await;
        let mail = w.mailer.to(to).remove(0);
        assert_eq!(mail.subject, subject);
        assert!(!format!("{mail:?}").contains("evil.example"), "{mail:?}");
        // Nor does the page behind the link.
        let shown = passing::offered(&w.sv, &secret, locale).await.unwrap();
        assert!(!shown.unwrap().giver.contains("evil"));
    }
}

#[tokio::test]
async fn only_offers_that_are_made_count_for_an_address() {
    let w = World::counting().await;
    let (_, placed) = sold(&w, 2).await;
    let tickets = order(&w, &placed).await.tickets;
    offer(&w, &placed.secret, "cy@example.com").await.unwrap();
    // Neither whoever has no ticket, nor one that is offered already.
    for secret in ["nothing", placed.secret.as_str()] {
        for n in 0..25 {
            let mut cmd = ask(secret, tickets[0].id, "bo@example.com");
            cmd.client = format!("10.0.0.{n}");
            let refused = passing::offer(&w.sv, cmd).await;
            let code = refused.unwrap_err().code();
            assert!(["not_found", "passing_pending"].contains(&code), "{code}");
        }
    }
    passing::offer(&w.sv, ask(&placed.secret, tickets[1].id, "bo@example.com"))
        .await
        .unwrap();
}
