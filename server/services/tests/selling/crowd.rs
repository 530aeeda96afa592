//! Many at once: what is merged into one transaction must end as if each had come alone.

use std::collections::{BTreeSet, HashSet};

use futures::future::join_all;
use locales::Locale;
use services::{
    checkout::{self, Held, HoldError, HoldTickets, PlaceError, Placed},
    doctor, messaging,
    orders::{self, OrderView},
    payments::{self, Applied, NewsKind},
    seal::Seal,
    work,
};
use testkit::{Event, World};

fn wish(event: &Event, quantity: u16, key: Option<&str>) -> HoldTickets {
    HoldTickets {
        event: event.as_ref(),
        lines: vec![(event.of_type("Seat"), quantity)],
        locale: Locale::En,
        address: None,
        place: None,
        proof: None,
        idempotency_key: key.map(str::to_owned),
        key_of_a_view: false,
    }
}

async fn sale(w: &World, price_minor: i64, capacity: i32) -> Event {
    w.event("Demo")
        .ticket_type("Seat", price_minor, capacity)
        .published()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_sold_out_who_would_have_fitted() {
    let w = World::new().await;
    let event = sale(&w, 1500, 150).await;
    let quantity = |n: usize| [4, 1, 3, 2].get(n % 4).copied().unwrap_or(1);
    let wishes = (0..120).map(|n| checkout::hold(&w.sv, wish(&event, quantity(n), None)));
    let answers = join_all(wishes).await;
    let (mut held, mut least_refused) = (0, u16::MAX);
    for (n, answer) in answers.iter().enumerate() {
        match answer {
            Ok(_) => held += quantity(n),
            Err(HoldError::SoldOut { .. } | HoldError::OnlyLeft { .. }) => {
                least_refused = least_refused.min(quantity(n));
            }
            Err(e) => panic!("{e}"),
        }
    }
    assert!(
        150 - held < least_refused,
        "{held} held, {least_refused} refused"
    );
    let tokens: HashSet<_> = answers.iter().flatten().map(|held| &held.token).collect();
    assert_eq!(tokens.len(), answers.iter().flatten().count());
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_presses_of_one_button_are_one_hold() {
    let w = World::new().await;
    let event = sale(&w, 1500, 100).await;
    let press = |quantity| checkout::hold(&w.sv, wish(&event, quantity, Some("one button")));
    let answers = join_all((0..50).map(|_| press(2))).await;
    let held: HashSet<_> = answers
        .into_iter()
        .map(|held| held.unwrap().token)
        .collect();
    assert_eq!(held.len(), 1);
    assert_eq!(w.count("select sum(held) from pools").await, 2);
    assert!(matches!(press(3).await, Err(HoldError::KeyConflict)));
    w.assert_sound().await;
}

/// Processes of one installation have queues of their own; among them the database decides.
#[tokio::test(flavor = "multi_thread")]
async fn several_processes_sell_each_place_once() {
    let w = World::new().await;
    let event = sale(&w, 1500, 150).await;
    let another = || w.under(Seal::new([7; 32], [11; 32]));
    let processes = [w.sv.clone(), another(), another()];
    let quantity = |n: usize| [4, 1, 3, 2].get(n % 4).copied().unwrap_or(1);
    // Each press of a button reaches two of them.
    let presses = (0..120).map(|n| {
        let (one, other) = (&processes[n % 3], &processes[(n + 1) % 3]);
        let (event, key) = (&event, format!("button {n}"));
        async move {
            tokio::join!(
                checkout::hold(one, wish(event, quantity(n), Some(&key))),
                checkout::hold(other, wish(event, quantity(n), Some(&key)))
            )
        }
    });
    let answers = join_all(presses).await;
    let (mut held, mut least_refused) = (0, u16::MAX);
    for (n, answers) in answers.into_iter().enumerate() {
        match answers {
            (Ok(one), Ok(other)) => {
                assert_eq!(one.token, other.token);
                held += quantity(n);
            }
            (Err(_), Err(_)) => least_refused = least_refused.min(quantity(n)),
            // Places came back between the two: nothing does that here.
            (one, other) => panic!("{one:?} and {other:?}"),
        }
    }
    assert!(held <= 150, "{held} of 150");
    assert!(
        150 - held < least_refused,
        "{held} held, {least_refused} refused"
    );
    assert_eq!(
        w.count("select sum(held) from pools").await,
        i64::from(held)
    );
    w.assert_sound().await;
}

/// Everybody holds one more than the last, places with a key, and sends the form twice.
async fn all_place(w: &World, event: &Event, buyers: usize) -> Vec<(Held, Placed)> {
    let names: Vec<_> = (0..buyers).map(|n| format!("Buyer {n}")).collect();
    let each = names.iter().enumerate().map(|(n, name)| async move {
        let buyer = w.buyer(name);
        let quantity = u16::try_from(n % 3 + 1).unwrap();
        let held = buyer.holds(event, &[("Seat", quantity)]).await.unwrap();
        let total = checkout::show(&w.sv, &held.token)
            .await
            .unwrap()
            .unwrap()
            .total;
        let mut form = buyer.form(&held.token, total);
        form.idempotency_key = Some(format!("form of {n}"));
        let (once, twice) = tokio::join!(
            checkout::place(&w.sv, form.clone()),
            checkout::place(&w.sv, form.clone())
        );
        let once = once.unwrap();
        assert_eq!(once, twice.unwrap());
        form.idempotency_key = None;
        let third = checkout::place(&w.sv, form).await;
        assert!(matches!(third, Err(PlaceError::AlreadyOrdered { .. })));
        (held, once)
    });
    join_all(each).await
}

async fn detail(w: &World, placed: &Placed) -> OrderView {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_the_tickets_of_their_own_order() {
    let w = World::new().await;
    let event = sale(&w, 1500, 100).await;
    let placed = all_place(&w, &event, 30).await;
    let codes: BTreeSet<_> = placed.iter().map(|(_, placed)| placed.code).collect();
    assert_eq!(codes.len(), 30);

    // The provider tells everything twice, at once.
    let mut refs = Vec::new();
    for (_, placed) in &placed {
        refs.push(w.payment_of(placed).await);
    }
    let told = refs.iter().flat_map(|named| {
        let say = || w.news(named, named, NewsKind::Succeeded);
        [say(), say()]
    });
    let answers: Vec<_> = join_all(told)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let done = answers
        .iter()
        .filter(|answer| **answer == Applied::Done)
        .count();
    let nothing = answers
        .iter()
        .filter(|answer| **answer == Applied::Nothing)
        .count();
    assert_eq!((done, nothing), (30, 30));

    for (n, (_, placed)) in placed.iter().enumerate() {
        let order = detail(&w, placed).await;
        assert_eq!(order.tickets.len(), n % 3 + 1);
        let name = format!("Buyer {n}");
        assert!(
            order
                .tickets
                .iter()
                .all(|ticket| ticket.holder_name == name)
        );
    }
    w.settle().await;
    assert_eq!(w.count("select count(*) from mails").await, 30);
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn free_orders_have_their_tickets_when_they_are_placed() {
    let w = World::new().await;
    let event = sale(&w, 0, 100).await;
    for (n, (_, placed)) in all_place(&w, &event, 12).await.iter().enumerate() {
        assert_eq!(detail(&w, placed).await.tickets.len(), n % 3 + 1);
    }
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_form_spoils_no_other() {
    let w = World::new().await;
    let event = sale(&w, 1500, 100).await;
    let buyers: Vec<_> = (0..9).map(|n| w.buyer(&format!("Buyer {n}"))).collect();
    let each = buyers.iter().enumerate().map(|(n, buyer)| {
        let (w, event) = (&w, &event);
        async move {
            let held = buyer.holds(event, &[("Seat", 1)]).await.unwrap();
            let mut form = buyer.form(&held.token, event.money(1500));
            match n % 3 {
                0 => form.details.email = "nowhere".into(),
                1 => form.accepted_total = event.money(1),
                _ => {}
            }
            checkout::place(&w.sv, form).await
        }
    });
    for (n, answer) in join_all(each).await.into_iter().enumerate() {
        match (n % 3, answer) {
            (0, Err(PlaceError::Fields(_)))
            | (1, Err(PlaceError::TotalChanged { .. }))
            | (2, Ok(_)) => {}
            (_, answer) => panic!("buyer {n} got {answer:?}"),
        }
    }
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_kept_too_long_comes_back_together() {
    let w = World::new().await;
    let event = sale(&w, 1500, 100).await;
    let holds = (0..40).map(|_| checkout::hold(&w.sv, wish(&event, 2, None)));
    assert!(join_all(holds).await.iter().all(Result::is_ok));
    for n in 0..5 {
        w.buyer(&format!("Slow {n}"))
            .orders(&event, "Seat", 1)
            .await
            .unwrap();
    }
    w.advance_minutes(9);
    w.work().await;
    assert_eq!(w.count("select sum(held) from pools").await, 85);
    w.advance_minutes(60);
    w.work().await;
    assert_eq!(w.count("select sum(held) from pools").await, 0);
    assert_eq!(
        w.count("select count(*) from holds where state = 'expired'")
            .await,
        40
    );
    assert_eq!(
        w.count("select count(*) from orders where state = 'expired'")
            .await,
        5
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn the_doctor_sees_what_is_broken() {
    for (wound, invariant) in [
        ("update pools set sold = sold + 1", "I1"),
        ("update pools set held = held + 1", "I1"),
        ("delete from tickets where n = 2", "I3"),
        (
            "update orders set state = 'pending', expires_at = now()",
            "I4",
        ),
        ("update payments set amount_minor = amount_minor + 1", "I2"),
        ("update payments set state = 'failed'", "I4"),
        ("update orders set paid_at = null", "I6"),
        (
            "insert into jobs (kind, payload, run_at, created_at) values ('lost', '{}', 'epoch', 'epoch')",
            "I11",
        ),
        (
            "insert into outbox (topic, payload, created_at) values ('lost', '{}', 'epoch')",
            "I11",
        ),
    ] {
        let w = World::new().await;
        let event = sale(&w, 1500, 10).await;
        w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
        w.work().await;
        w.assert_sound().await;
        w.execute(wound).await;
        let found = doctor::invariants(&w.sv).await.unwrap();
        assert!(
            found
                .iter()
                .any(|violation| violation.invariant.starts_with(&format!("{invariant} "))),
            "after {wound}: {found:?}"
        );
    }
}

/// An impatient finger: everybody is sent to the same provider's page twice.
#[tokio::test(flavor = "multi_thread")]
async fn all_who_go_to_pay_twice_pay_once() {
    let w = World::new().await;
    let event = sale(&w, 1500, 100).await;
    let placed = all_place(&w, &event, 24).await;
    let secrets = placed.iter().map(|(_, placed)| &placed.secret);
    let twice = secrets.clone().chain(secrets);
    let pages = join_all(twice.map(|secret| payments::start(&w.sv, secret))).await;
    let pages: Vec<_> = pages.into_iter().map(Result::unwrap).collect();
    let (first, second) = pages.split_at(placed.len());
    assert_eq!(first, second);
    assert_eq!(first.iter().collect::<HashSet<_>>().len(), placed.len());
    assert_eq!(w.count("select count(*) from payments").await, 24);
    w.assert_sound().await;
}

/// A mail that nobody can read must not keep the others.
#[tokio::test]
async fn an_unreadable_mail_stops_no_other() {
    let w = World::new().await;
    let event = sale(&w, 0, 100).await;
    w.buyer("Ada").orders(&event, "Seat", 1).await.unwrap();
    w.buyer("Bob").orders(&event, "Seat", 1).await.unwrap();
    // Announcements wait for every older transaction of the machine.
    while w.count("select count(*) from mails").await < 2 {
        work::drain_outbox(&w.sv).await.unwrap();
    }
    w.execute(
        "update mails set payload = '{\"kind\": \"from_the_future\"}' where id = (select min(id::text)::uuid from mails)",
    )
    .await;
    let round = messaging::deliver_due(&w.sv, 100).await.unwrap();
    assert_eq!((round.sent, round.failed), (1, 1));
    assert_eq!(
        w.count("select count(*) from mails where state = 'dead'")
            .await,
        1
    );
    assert_eq!(
        w.count("select count(*) from mails where state = 'queued'")
            .await,
        0
    );
}
