use domain::catalog::{Phase, SaleStatus};
use futures::future::join_all;
use jiff::SignedDuration;
use locales::Locale;
use services::checkout::{
    self, EventRef, ExtendError, HoldChange, HoldError, HoldState, HoldTickets,
};
use testkit::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_last_ticket_is_held_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 1)
        .published()
        .await;
    let (ada, bo) = (w.buyer("Ada"), w.buyer("Bo"));
    let (a, b) = tokio::join!(
        ada.holds(&event, &[("Standing", 1)]),
        bo.holds(&event, &[("Standing", 1)])
    );
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
    let refused = a.and(b).unwrap_err();
    assert!(matches!(refused, HoldError::SoldOut { ticket_type } if ticket_type == "Standing"));
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_buyers_race_for_twenty_tickets() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 20)
        .published()
        .await;
    let buyers: Vec<_> = (0..40).map(|n| w.buyer(&format!("Buyer {n}"))).collect();
    let answers = join_all(
        buyers
            .iter()
            .map(|buyer| buyer.holds(&event, &[("Standing", 1)])),
    )
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 20);
    assert!(
        answers
            .iter()
            .flat_map(|a| a.as_ref().err())
            .all(|e| matches!(e, HoldError::SoldOut { .. }))
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn types_that_share_a_pool_share_its_end() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .pool("Hall", 5)
        .pool("Balcony", 2)
        .type_of("Hall seat", 2000, &["Hall"])
        .type_of("Balcony seat", 3000, &["Hall", "Balcony"])
        .published()
        .await;
    let ada = w.buyer("Ada");
    ada.holds(&event, &[("Balcony seat", 2), ("Hall seat", 1)])
        .await
        .unwrap();
    let gone = ada.holds(&event, &[("Balcony seat", 1)]).await.unwrap_err();
    assert!(matches!(gone, HoldError::SoldOut { .. }));
    let few = ada.holds(&event, &[("Hall seat", 3)]).await.unwrap_err();
    assert!(matches!(few, HoldError::OnlyLeft { left: 2, .. }));
    ada.holds(&event, &[("Hall seat", 2)]).await.unwrap();
    w.assert_sound().await;
}

#[tokio::test]
async fn two_types_of_one_order_cannot_both_have_the_last_places() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .pool("Hall", 3)
        .type_of("Full", 2000, &["Hall"])
        .type_of("Student", 1000, &["Hall"])
        .published()
        .await;
    let short = w
        .buyer("Ada")
        .holds(&event, &[("Full", 2), ("Student", 2)])
        .await
        .unwrap_err();
    assert!(matches!(short, HoldError::OnlyTogether { left: 3 }));
    let one = [("Full", 4), ("Student", 1)];
    let short = w.buyer("Ada").holds(&event, &one).await.unwrap_err();
    assert!(matches!(short, HoldError::OnlyLeft { ticket_type, left: 3 } if ticket_type == "Full"));
    assert_eq!(w.count("select sum(held) from pools").await, 0);
    w.assert_sound().await;
}

#[tokio::test]
async fn every_refusal_has_its_words() {
    let w = World::new().await;
    let soon = w.now() + SignedDuration::from_hours(1);
    let past = w.now() - SignedDuration::from_hours(1);
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 50)
        .per_order(2, 4)
        .ticket_type("Later", 1500, 50)
        .on_sale(Some(soon), None)
        .ticket_type("Over", 1500, 50)
        .on_sale(None, Some(past))
        .published()
        .await;
    let ada = w.buyer("Ada");
    let refused = async |lines: &[(&str, u16)]| ada.holds(&event, lines).await.unwrap_err();
    assert!(matches!(
        refused(&[("Standing", 0)]).await,
        HoldError::NothingChosen
    ));
    assert!(matches!(
        refused(&[("Standing", 5)]).await,
        HoldError::TooMany { max: 4, .. }
    ));
    assert!(matches!(
        refused(&[("Standing", 1)]).await,
        HoldError::TooFew { min: 2, .. }
    ));
    let later = refused(&[("Later", 1)]).await;
    assert!(
        matches!(later, HoldError::NotOnSale { why: SaleStatus::NotYet { opens }, .. } if opens == soon)
    );
    assert!(matches!(
        refused(&[("Over", 1)]).await,
        HoldError::NotOnSale {
            why: SaleStatus::Ended,
            ..
        }
    ));
    w.execute("update ticket_types set state = 'archived' where name = 'Over'")
        .await;
    assert!(matches!(
        refused(&[("Over", 1)]).await,
        HoldError::TicketTypeGone
    ));
    w.execute("update organizations set state = 'suspended'")
        .await;
    assert!(matches!(
        refused(&[("Standing", 2)]).await,
        HoldError::Suspended
    ));
    w.execute("update organizations set state = 'active'").await;
    w.execute("update events set state = 'cancelled'").await;
    assert!(matches!(
        refused(&[("Standing", 2)]).await,
        HoldError::EventNotOnSale {
            why: Phase::Cancelled
        }
    ));
    w.execute("update events set state = 'draft'").await;
    assert!(matches!(
        refused(&[("Standing", 2)]).await,
        HoldError::EventNotFound
    ));
    let nowhere = HoldTickets {
        event: EventRef::Slug("no-such-event".into()),
        lines: vec![(event.of_type("Standing"), 2)],
        locale: Locale::En,
        address: None,
        place: None,
        proof: None,
        idempotency_key: None,
        key_of_a_view: false,
    };
    assert!(matches!(
        checkout::hold(&w.sv, nowhere).await,
        Err(HoldError::EventNotFound)
    ));
}

#[tokio::test]
async fn who_wants_fewer_than_the_least_gets_the_last_ones() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Group", 1500, 5)
        .per_order(4, 10)
        .published()
        .await;
    let ada = w.buyer("Ada");
    ada.holds(&event, &[("Group", 4)]).await.unwrap();
    ada.holds(&event, &[("Group", 1)]).await.unwrap();
}

#[tokio::test]
async fn an_expired_hold_gives_its_places_back() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 2)
        .published()
        .await;
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Standing", 2)]).await.unwrap();
    w.advance_minutes(9);
    w.settle().await;
    assert!(matches!(
        w.buyer("Bo").holds(&event, &[("Standing", 1)]).await,
        Err(HoldError::SoldOut { .. })
    ));
    w.advance_minutes(2);
    // The clock decides at once, even before the worker has come by.
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(view.state, HoldState::Expired);
    w.settle().await;
    w.buyer("Bo")
        .holds(&event, &[("Standing", 2)])
        .await
        .unwrap();
    w.assert_sound().await;
}

#[tokio::test]
async fn a_hold_is_extended_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 2)
        .published()
        .await;
    let held = w
        .buyer("Ada")
        .holds(&event, &[("Standing", 2)])
        .await
        .unwrap();
    let until = checkout::extend(&w.sv, &held.token).await.unwrap();
    assert_eq!(until, held.expires_at + SignedDuration::from_mins(5));
    assert!(matches!(
        checkout::extend(&w.sv, &held.token).await,
        Err(ExtendError::AlreadyExtended)
    ));
    w.advance_minutes(11);
    w.settle().await;
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(
        (view.state, view.extended, view.expires_at),
        (HoldState::Active, true, until)
    );
    w.advance_minutes(5);
    w.settle().await;
    assert!(matches!(
        checkout::extend(&w.sv, &held.token).await,
        Err(ExtendError::Over)
    ));
    assert_eq!(w.count("select sum(held) from pools").await, 0);
    assert!(matches!(
        checkout::extend(&w.sv, "no such token").await,
        Err(ExtendError::NotFound)
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn leaving_frees_the_places_at_once() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 2)
        .published()
        .await;
    let held = w
        .buyer("Ada")
        .holds(&event, &[("Standing", 2)])
        .await
        .unwrap();
    checkout::release(&w.sv, &held.token).await.unwrap();
    checkout::release(&w.sv, &held.token).await.unwrap();
    w.buyer("Bo")
        .holds(&event, &[("Standing", 2)])
        .await
        .unwrap();
    assert_eq!(
        checkout::show(&w.sv, &held.token)
            .await
            .unwrap()
            .unwrap()
            .state,
        HoldState::Released
    );
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_the_same_hold() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 50)
        .published()
        .await;
    let ask = |quantity| HoldTickets {
        event: EventRef::Slug(event.slug.clone()),
        lines: vec![(event.of_type("Standing"), quantity)],
        locale: Locale::Ar,
        address: None,
        place: None,
        proof: None,
        idempotency_key: Some("a double click".into()),
        key_of_a_view: false,
    };
    let answers = join_all((0..20).map(|_| checkout::hold(&w.sv, ask(2)))).await;
    let tokens: std::collections::BTreeSet<_> = answers
        .into_iter()
        .map(|held| held.unwrap().token)
        .collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!(w.count("select sum(held) from pools").await, 2);
    assert!(matches!(
        checkout::hold(&w.sv, ask(3)).await,
        Err(HoldError::KeyConflict)
    ));
    w.assert_sound().await;
}

#[tokio::test]
async fn what_changed_is_explained_and_the_promised_price_stays() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("A", 1500, 5)
        .ticket_type("B", 900, 5)
        .published()
        .await;
    let held = w
        .buyer("Ada")
        .holds(&event, &[("A", 2), ("B", 1)])
        .await
        .unwrap();
    w.execute("update ticket_types set price_minor = 1800 where name = 'A'")
        .await;
    w.execute("update ticket_types set state = 'archived' where name = 'B'")
        .await;
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!((view.total, view.tickets), (event.money(3900), 3));
    let promised = HoldChange::PriceChanged {
        ticket_type: "A".into(),
        promised: event.money(1500),
        now: event.money(1800),
    };
    assert_eq!(
        view.changes,
        [
            promised,
            HoldChange::TicketTypeGone {
                ticket_type: "B".into()
            }
        ]
    );
    assert_eq!(checkout::show(&w.sv, "no such token").await.unwrap(), None);
}

/// Nobody keeps all places from all others by asking again and again.
#[tokio::test]
async fn one_address_keeps_only_so_many_reservations() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 1500, 100)
        .published()
        .await;
    let ask = async |address: &str| {
        let cmd = HoldTickets {
            event: event.as_ref(),
            lines: vec![(event.of_type("Standing"), 1)],
            locale: Locale::En,
            address: Some(address.parse().unwrap()),
            place: None,
            proof: None,
            idempotency_key: None,
            key_of_a_view: false,
        };
        checkout::hold(&w.sv, cmd).await
    };
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(ask("192.0.2.1").await.unwrap());
    }
    let refused = ask("192.0.2.1").await.unwrap_err();
    assert!(matches!(refused, HoldError::TooManyHolds { max: 3 }));
    ask("192.0.2.2").await.unwrap();
    // A household has many addresses of the longer kind, and one share of reservations.
    for n in 1..=3 {
        ask(&format!("2001:db8:1:1::{n}")).await.unwrap();
    }
    assert!(ask("2001:db8:1:1::4").await.is_err());
    ask("2001:db8:1:2::4").await.unwrap();
    // Behind a proxy that does not say for whom it asks, everybody would be the same.
    for _ in 0..5 {
        ask("127.0.0.1").await.unwrap();
    }
    // One is let go: there is room for one.
    checkout::release(&w.sv, &held[0].token).await.unwrap();
    held.push(ask("192.0.2.1").await.unwrap());
    assert!(ask("192.0.2.1").await.is_err());
    // An order that nobody pays is still a reservation; a paid one is none.
    let total = event.money(1500);
    let form = w.buyer("Ada").form(&held[1].token, total);
    let placed = checkout::place(&w.sv, form).await.unwrap();
    assert!(ask("192.0.2.1").await.is_err());
    w.provider_says(&placed, services::payments::NewsKind::Succeeded)
        .await
        .unwrap();
    ask("192.0.2.1").await.unwrap();
    assert!(ask("192.0.2.1").await.is_err());
    // What ran out counts no more.
    w.advance_minutes(30);
    w.settle().await;
    ask("192.0.2.1").await.unwrap();
    w.assert_sound().await;
}

#[tokio::test]
async fn a_crowd_is_asked_for_proofs_of_work() {
    let w = World::set(|settings| settings.crowd = 3).await;
    let event = w
        .event("Demo")
        .ticket_type("Standing", 0, 500)
        .published()
        .await;
    let ask = |proof: Option<String>| HoldTickets {
        event: event.as_ref(),
        lines: vec![(event.of_type("Standing"), 1)],
        locale: Locale::En,
        address: None,
        place: None,
        proof,
        idempotency_key: None,
        key_of_a_view: false,
    };
    let worked = |challenge: &str, from: u64| {
        let nonce = domain::proof_of_work::search(challenge, from, u64::MAX).unwrap();
        (nonce, Some(format!("{challenge}:{nonce}")))
    };
    let challenge = checkout::challenge(&w.sv);
    let (first, proof) = worked(&challenge, 0);
    let (_, second) = worked(&challenge, first + 1);
    let (_, forged) = worked("29000000.aaaaaaaaaaaaaaaa", 0);
    // Three who wait are a crowd for everybody after them.
    let crowd: Vec<_> = (0..3).map(|_| checkout::hold(&w.sv, ask(None))).collect();
    let late = [
        None,
        Some(format!("{challenge}:{}", first + 1)),
        forged,
        proof.clone(),
        proof.clone(),
        second,
    ];
    let late: Vec<_> = late
        .into_iter()
        .map(|proof| checkout::hold(&w.sv, ask(proof)))
        .collect();
    let (_, answers) = tokio::join!(join_all(crowd), join_all(late));
    let let_in: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(let_in, [false, false, false, true, false, true]);
    assert!(matches!(answers[0], Err(HoldError::Crowd)));
    // Nobody waits any more: nobody is asked.
    checkout::hold(&w.sv, ask(None)).await.unwrap();

    // A button that is pressed twice sends the same proof twice, under the same key: one reservation.
    let (_, proof) = worked(&challenge, first + 1_000_000);
    let keyed = |key: &str, quantity| HoldTickets {
        lines: vec![(event.of_type("Standing"), quantity)],
        idempotency_key: Some(key.to_owned()),
        ..ask(proof.clone())
    };
    let crowd: Vec<_> = (0..3).map(|_| checkout::hold(&w.sv, ask(None))).collect();
    let pressed = [
        keyed("one view", 1),
        keyed("one view", 1),
        keyed("one view", 2),
        keyed("another", 1),
    ];
    let pressed: Vec<_> = pressed
        .into_iter()
        .map(|cmd| checkout::hold(&w.sv, cmd))
        .collect();
    let (_, answers) = tokio::join!(join_all(crowd), join_all(pressed));
    let token = |n: usize| answers[n].as_ref().map(|held| held.token.clone());
    assert_eq!(token(0).unwrap(), token(1).unwrap());
    assert!(matches!(answers[2], Err(HoldError::Crowd)));
    assert!(matches!(answers[3], Err(HoldError::Crowd)));
    w.assert_sound().await;
}
