use std::{collections::BTreeSet, net::IpAddr};

use domain::waiting_room::{Standing, commitment};
use futures::future::join_all;
use jiff::SignedDuration;
use locales::Locale;
use services::{
    checkout::{self, Held, HoldError, HoldTickets},
    payments::NewsKind,
    permit::ManageWaitingRooms,
    waiting_room::{
        JoinError, Room, SendPlaceError, board, join, send_place, set_waiting_room, turn,
    },
};
use testkit::{Event, World};

async fn switch(w: &World, event: &Event, on: bool) {
    let permit = event.organization.permit::<ManageWaitingRooms>();
    set_waiting_room(&w.sv, &permit, event.id, on)
        .await
        .unwrap();
}

/// On sale in two hours, with so many places, and a room before it.
async fn awaited(w: &World, places: i32) -> Event {
    let opens = w.now() + SignedDuration::from_hours(2);
    let event = w
        .event("Everybody's Night")
        .ticket_type("Standing", 1500, places)
        .on_sale(Some(opens), None)
        // Over long ago: nothing begins with it.
        .ticket_type("Early bird", 900, 5)
        .on_sale(None, Some(w.now()))
        .published()
        .await;
    switch(w, &event, true).await;
    event
}

async fn come(w: &World, event: &Event, how_many: usize) -> Vec<String> {
    let joins = (0..how_many).map(|_| join(&w.sv, &event.slug, None, None));
    let given = join_all(joins).await;
    given.into_iter().map(|given| given.unwrap().1).collect()
}

async fn choose(w: &World, event: &Event, place: Option<&str>) -> Result<Held, HoldError> {
    let cmd = HoldTickets {
        event: event.as_ref(),
        lines: vec![(event.of_type("Standing"), 1)],
        locale: Locale::En,
        address: None,
        place: place.map(str::to_owned),
        proof: None,
        idempotency_key: None,
        key_of_a_view: false,
    };
    checkout::hold(&w.sv, cmd).await
}

async fn room(w: &World, event: &Event) -> std::sync::Arc<Room> {
    board(&w.sv, &event.slug).await.unwrap().unwrap()
}

/// One turn of all lines, a second later.
async fn a_second_later(w: &World) -> usize {
    w.advance(SignedDuration::from_secs(1));
    turn(&w.sv).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_came_early_are_drawn_and_let_in_by_and_by() {
    let w = World::new().await;
    let event = awaited(&w, 5).await;
    let early = join(&w.sv, &event.slug, None, None).await.unwrap_err();
    assert!(
        matches!(early, JoinError::TooEarly { opens } if opens == w.now() + SignedDuration::from_hours(1))
    );
    w.advance_minutes(90);
    let places = come(&w, &event, 40).await;
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), 40);
    let again = join(&w.sv, &event.slug, Some(&places[7]), None)
        .await
        .unwrap()
        .1;
    assert_eq!(again, places[7], "whoever has a number keeps it");
    // Nothing is drawn, and nobody let in, before the sale.
    assert_eq!(turn(&w.sv).await.unwrap(), 0);
    let before = room(&w, &event).await;
    assert_eq!(before.board.drawn, None);
    assert_eq!(before.board.standing(1), Standing::Gathering);

    w.advance_minutes(30);
    let latecomer = join(&w.sv, &event.slug, None, None).await.unwrap().1;
    assert_eq!(turn(&w.sv).await.unwrap(), 1);
    let drawn = room(&w, &event).await;
    let (seed, early) = drawn.board.drawn.clone().unwrap();
    assert_eq!(early, 41, "the draw is made by the first turn");
    let bytes: Vec<u8> = (0..32)
        .map(|n| u8::from_str_radix(&seed[2 * n..2 * n + 2], 16).unwrap())
        .collect();
    let shown = commitment(&bytes.try_into().unwrap());
    let shown: String = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(shown, before.board.commitment, "as was promised");
    // Two may choose for each place there is.
    assert_eq!(drawn.board.serving, 10);
    let number = |place: &str| drawn.number(&w.sv, place).unwrap();
    let (inside, outside): (Vec<&String>, Vec<&String>) = places
        .iter()
        .chain([&latecomer])
        .partition(|place| drawn.board.standing(number(place)) == Standing::In);
    assert_eq!((inside.len(), outside.len()), (10, 31));
    for place in &outside {
        let refused = choose(&w, &event, Some(place)).await.unwrap_err();
        assert!(matches!(refused, HoldError::NotYourTurn));
    }
    for place in inside.iter().take(4) {
        choose(&w, &event, Some(place)).await.unwrap();
    }
    // Whoever comes now stands behind all who came before.
    let last = join(&w.sv, &event.slug, None, None).await.unwrap().1;
    let now = room(&w, &event).await;
    assert_eq!(
        now.board.standing(now.number(&w.sv, &last).unwrap()),
        Standing::Waiting {
            ahead: 31,
            seconds: Some((32.0 / now.board.per_second).ceil() as u64)
        }
    );
    // The fifth place goes, and nobody more is let in to find nothing.
    choose(&w, &event, Some(inside[4])).await.unwrap();
    for _ in 0..5 {
        a_second_later(&w).await;
    }
    let full = room(&w, &event).await;
    assert_eq!((full.board.serving, full.board.left), (10, 0));
    assert_eq!(full.board.unsold, 5);
    // Nobody pays: the places come back, and the line moves on.
    w.advance_minutes(11);
    w.settle().await;
    a_second_later(&w).await;
    assert!(room(&w, &event).await.board.serving > 10);
    w.assert_sound().await;
}

#[tokio::test]
async fn a_place_is_signed_and_good_for_its_room_only() {
    let w = World::new().await;
    let event = w
        .event("Now")
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    let other = w
        .event("Other")
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    switch(&w, &event, true).await;
    switch(&w, &other, true).await;
    let place = join(&w.sv, &event.slug, None, None).await.unwrap().1;
    let foreign = join(&w.sv, &other.slug, None, None).await.unwrap().1;
    a_second_later(&w).await;
    let refused = async |place: Option<&str>| choose(&w, &event, place).await.unwrap_err();
    assert!(matches!(refused(None).await, HoldError::NotYourTurn));
    let (number, signature) = place.split_once('-').unwrap();
    assert_eq!(number, "1");
    for forged in [
        foreign.as_str(),
        "",
        "1",
        "1-",
        "0-",
        &format!("2-{signature}"),
        &format!("+1-{signature}"),
        &format!("{place}a"),
        &place[..place.len() - 1],
    ] {
        let answer = choose(&w, &event, Some(forged)).await;
        // The same number written differently is the same place.
        if forged.starts_with('+') {
            continue;
        }
        assert!(matches!(answer, Err(HoldError::NotYourTurn)), "{forged}");
    }
    choose(&w, &event, Some(&place)).await.unwrap();
    // One place cannot take the whole house.
    let mut answer = choose(&w, &event, Some(&place)).await;
    for _ in 0..2 {
        answer = choose(&w, &event, Some(&place)).await;
    }
    assert!(matches!(answer, Err(HoldError::TooManyHolds { max: 2 })));

    switch(&w, &event, false).await;
    choose(&w, &event, None).await.unwrap();
    assert!(matches!(
        join(&w.sv, &event.slug, None, None).await.unwrap_err(),
        JoinError::NotOpen
    ));
    switch(&w, &event, true).await;
    a_second_later(&w).await;
    assert!(matches!(
        refused(Some(&place)).await,
        HoldError::NotYourTurn
    ));
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_come_at_once_and_each_has_a_number() {
    let w = World::new().await;
    let event = w
        .event("Now")
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    switch(&w, &event, true).await;
    let places = come(&w, &event, 600).await;
    let room = room(&w, &event).await;
    let mut numbers: Vec<u64> = places
        .iter()
        .map(|place| room.number(&w.sv, place).unwrap())
        .collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=600));
    // One address does not get a thousand places; whoever has one keeps it.
    let crowd: IpAddr = "203.0.113.7".parse().unwrap();
    let from = |known| join(&w.sv, &event.slug, known, Some(crowd));
    let (_, mine) = from(None).await.unwrap();
    let answers = join_all((0..200).map(|_| from(None))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 99);
    assert!(matches!(
        from(None).await,
        Err(JoinError::TooMany {
            retry_after: 1..=3600
        })
    ));
    assert_eq!(from(Some(&mine)).await.unwrap().1, mine);
    // Several processes may turn at the same time: the line moves once.
    w.advance(SignedDuration::from_secs(1));
    let turns = join_all((0..4).map(|_| turn(&w.sv))).await;
    assert_eq!(turns.into_iter().map(Result::unwrap).sum::<usize>(), 1);
}

#[tokio::test]
async fn the_way_to_another_device_is_a_mail() {
    let w = World::new().await;
    let event = w
        .event("Now")
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    switch(&w, &event, true).await;
    let place = join(&w.sv, &event.slug, None, None).await.unwrap().1;
    let with = async |code: &str, place: &str, email: &str| {
        send_place(&w.sv, (&event.slug, place), email, code, Locale::En).await
    };
    let send = async |place: &str, email: &str| with("early-10", place, email).await;
    assert!(matches!(
        send("1-nothing", "ada@people.test").await,
        Err(SendPlaceError::NotFound)
    ));
    assert!(matches!(
        send(&place, "no address").await,
        Err(SendPlaceError::Fields(_))
    ));
    send(&place, "ada@people.test").await.unwrap();
    send(&place, "Ada@people.test").await.unwrap();
    w.settle().await;
    let mails = w.mailer.sent();
    assert_eq!(mails.len(), 1, "once to each address");
    let link = format!(
        "https://bilten.test/e/{}/waiting/{place}?code=EARLY10",
        event.slug
    );
    assert!(mails[0].text.contains(&link) && mails[0].html.contains(&link));
    with("", &place, "ada@people.test").await.unwrap();
    w.settle().await;
    assert_eq!(w.mailer.sent().len(), 2, "another code is another link");
}

#[tokio::test]
async fn a_paused_sale_begins_when_it_would_without_the_pause() {
    let w = World::new().await;
    let event = awaited(&w, 5).await;
    w.execute("update ticket_types set state = 'paused'").await;
    w.advance_minutes(90);
    come(&w, &event, 3).await;
    assert_eq!(a_second_later(&w).await, 0);
    assert_eq!(room(&w, &event).await.board.drawn, None);
    w.advance_minutes(30);
    assert_eq!(a_second_later(&w).await, 1);
    let paused = room(&w, &event).await.board.clone();
    assert_eq!((paused.serving, paused.left, paused.unsold), (0, 0, 5));
    w.execute("update ticket_types set state = 'active'").await;
    a_second_later(&w).await;
    assert_eq!(room(&w, &event).await.board.serving, 3);
    // Called off: whoever waits is told at the next look.
    w.execute("update events set state = 'cancelled'").await;
    assert!(room(&w, &event).await.is_over());
    assert!(!room(&w, &event).await.board.on);
}

/// How many are let in within ten seconds, a minute after thirty have ordered, of whom so many have paid.
async fn let_in_after(paying: usize) -> u64 {
    let w = World::new().await;
    let event = w
        .event("Now")
        .ticket_type("Standing", 1500, 5_000)
        .published()
        .await;
    let buyers: Vec<_> = (0..30).map(|n| w.buyer(&format!("Buyer {n}"))).collect();
    let mut placed = Vec::new();
    for buyer in &buyers {
        placed.push(buyer.orders(&event, "Standing", 1).await.unwrap());
    }
    for placed in placed.iter().take(paying) {
        w.provider_says(placed, NewsKind::Succeeded).await.unwrap();
    }
    w.advance(SignedDuration::from_secs(30));
    switch(&w, &event, true).await;
    w.execute("update waiting_rooms set arrived = 100000").await;
    a_second_later(&w).await;
    w.advance(SignedDuration::from_secs(26));
    // From here on their orders come to the age at which they are counted.
    for _ in 0..5 {
        a_second_later(&w).await;
    }
    let before = room(&w, &event).await.board.serving;
    for _ in 0..10 {
        a_second_later(&w).await;
    }
    room(&w, &event).await.board.serving - before
}

/// What is let in follows what is paid, not only what is reserved: where the bank stands still, few come in.
#[tokio::test]
async fn whoever_comes_while_a_room_is_taken_away_is_told_so() {
    let w = World::new().await;
    let event = awaited(&w, 100).await;
    w.advance(SignedDuration::from_mins(100));
    come(&w, &event, 3).await;
    w.execute("delete from waiting_rooms").await;
    // The board is still known from a moment ago.
    let late = join(&w.sv, &event.slug, None, None).await;
    assert!(
        matches!(late, Err(JoinError::NotOpen | JoinError::NotFound)),
        "{late:?}"
    );
}

#[tokio::test]
async fn the_line_moves_while_people_come_in() {
    let w = World::new().await;
    let event = awaited(&w, 100).await;
    w.advance(SignedDuration::from_mins(100));
    come(&w, &event, 3).await;
    w.advance(SignedDuration::from_mins(21));
    // Somebody is coming in, and not through yet.
    let coming = "update waiting_rooms set arrived = arrived + 1 returning pg_sleep(0.4)";
    let (_, turned) = tokio::join!(w.execute(coming), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        turn(&w.sv).await.unwrap()
    });
    assert_eq!(turned, 1);
    assert!(room(&w, &event).await.board.serving > 0);
}

#[tokio::test]
async fn a_payment_step_that_stands_still_slows_the_line() {
    let (all, some, none) = (
        let_in_after(30).await,
        let_in_after(9).await,
        let_in_after(0).await,
    );
    assert!(all >= 450, "{all}");
    assert!((200..=400).contains(&some), "{some}");
    assert!((40..=120).contains(&none), "{none}");
}

/// A place is for one, and so is a household's share: many places taken from one address do not keep more for it.
#[tokio::test]
async fn places_of_one_address_share_what_an_address_may_keep() {
    let w = World::new().await;
    let event = w
        .event("Now")
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    switch(&w, &event, true).await;
    let places = come(&w, &event, 8).await;
    a_second_later(&w).await;
    let from = async |place: &str, address: &str| {
        let cmd = HoldTickets {
            event: event.as_ref(),
            lines: vec![(event.of_type("Standing"), 1)],
            locale: Locale::En,
            address: Some(address.parse().unwrap()),
            place: Some(place.to_owned()),
            proof: None,
            idempotency_key: None,
            key_of_a_view: false,
        };
        checkout::hold(&w.sv, cmd).await
    };
    // Three is what an address may keep here, in whichever way it is asked for.
    let farm: Vec<_> = places
        .iter()
        .map(|place| from(place, "203.0.113.7"))
        .collect();
    let answers = join_all(farm).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    for refused in answers.into_iter().filter_map(Result::err) {
        assert!(
            matches!(refused, HoldError::TooManyHolds { max: 3 }),
            "{refused:?}"
        );
    }
    // A place is good from another address too, for its own two.
    for _ in 0..2 {
        from(&places[7], "198.51.100.1").await.unwrap();
    }
    let third = from(&places[7], "192.0.2.9").await.unwrap_err();
    assert!(
        matches!(third, HoldError::TooManyHolds { max: 2 }),
        "{third:?}"
    );
    // What runs out is there again.
    w.advance_minutes(11);
    w.settle().await;
    from(&places[0], "203.0.113.7").await.unwrap();
    w.assert_sound().await;
}
