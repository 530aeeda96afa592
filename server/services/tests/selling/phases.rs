//! Prices that roll over by themselves: at each moment one, whoever asks and however many at once.

use domain::{ids::PricePhaseId, money::Money, when::Timestamp};
use futures::future::join_all;
use jiff::{SignedDuration, tz::TimeZone};
use services::{
    catalog,
    checkout::{self, HoldView},
    events::{self, EventError, Move, PricePhaseInput},
    ledger::{self, By, Span, Wanted},
    orders::{self, RefundChoice, RefundOrder},
    payments::NewsKind,
};
use testkit::{Event, World};

/// As a browser's field has it, on the clocks of the venue.
fn field(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Ljubljana").unwrap();
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn early(price: &str, until: Option<Timestamp>, count: Option<u32>) -> PricePhaseInput {
    PricePhaseInput {
        name: "Early bird".into(),
        price: price.into(),
        until: until.map(field).unwrap_or_default(),
        count: count.map(|n| n.to_string()).unwrap_or_default(),
        last_name: "Regular".into(),
    }
}

async fn concert(w: &World, capacity: i32) -> Event {
    w.event("Demo")
        .changes(24, 0, true)
        .ticket_type("Seat", 4500, capacity)
        .published()
        .await
}

async fn save(
    w: &World,
    event: &Event,
    phase: Option<PricePhaseId>,
    cmd: PricePhaseInput,
) -> Result<(), EventError> {
    let at = (event.id, event.of_type("Seat"));
    events::save_price_phase(&w.sv, &event.organization.permit(), at, phase, cmd).await
}

async fn chain(w: &World, event: &Event) -> events::TicketTypeDetail {
    let permit = event
        .organization
        .permit::<services::permit::ManageTickets>();
    let detail = events::show(&w.sv, &permit, event.id).await.unwrap();
    detail.ticket_types.into_iter().next().unwrap()
}

async fn held(w: &World, event: &Event, quantity: u16) -> HoldView {
    let held = w.buyer("Ada").holds(event, &[("Seat", quantity)]).await;
    let token = held.unwrap().token;
    checkout::show(&w.sv, &token).await.unwrap().unwrap()
}

fn lines(view: &HoldView) -> Vec<(&str, u32, i64)> {
    let lines = view.lines.iter();
    lines
        .map(|line| (line.name.as_str(), line.quantity, line.unit.minor))
        .collect()
}

/// What the event's page says: price, phase, left, and the price after it.
async fn shown(w: &World, event: &Event) -> (i64, String, Option<u32>, Option<i64>) {
    let page = catalog::show(&w.sv, &event.slug, None).await.unwrap();
    let state = page.unwrap().offers.remove(0).state;
    let phase = state.phase.unwrap();
    let then = phase.then.map(|then| then.minor);
    (state.price.minor, phase.name, phase.left, then)
}

#[tokio::test]
async fn a_date_changes_the_price_without_anybody() {
    let w = World::new().await;
    let event = concert(&w, 50).await;
    let until = w.now() + SignedDuration::from_hours(48);
    save(&w, &event, None, early("25", Some(until), None))
        .await
        .unwrap();
    assert_eq!(
        shown(&w, &event).await,
        (2500, "Early bird".into(), None, Some(4500))
    );
    let basket = w.buyer("Bo").holds(&event, &[("Seat", 2)]).await.unwrap();
    w.advance(SignedDuration::from_hours(48) - SignedDuration::from_mins(3));
    let before = w.buyer("Ada").holds(&event, &[("Seat", 2)]).await.unwrap();
    w.advance(SignedDuration::from_mins(4));
    assert_eq!(
        shown(&w, &event).await,
        (4500, "Regular".into(), None, None)
    );
    assert_eq!(
        lines(&held(&w, &event, 1).await),
        [("Seat · Regular", 1, 4500)]
    );
    // What was promised stays promised, and nobody is told that it changed: it is what the phase cost.
    let kept = checkout::show(&w.sv, &before.token).await.unwrap().unwrap();
    assert_eq!(lines(&kept), [("Seat · Early bird", 2, 2500)]);
    assert_eq!(kept.changes, []);
    let placed = w.buyer("Ada").places(&before).await.unwrap();
    let order = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (order.total.minor, order.lines[0].name.as_str()),
        (5000, "Seat · Early bird")
    );
    // A basket that ran out gets today's price.
    assert!(w.buyer("Bo").places(&basket).await.is_err());
    w.settle().await;
    w.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_the_last_ten_get_exactly_ten() {
    let w = World::new().await;
    let event = concert(&w, 500).await;
    save(&w, &event, None, early("25", None, Some(30)))
        .await
        .unwrap();
    held(&w, &event, 10).await;
    held(&w, &event, 10).await;
    assert_eq!(
        shown(&w, &event).await,
        (2500, "Early bird".into(), Some(10), Some(4500))
    );
    let buyers: Vec<_> = (0..50).map(|n| w.buyer(&format!("Buyer {n}"))).collect();
    let answers = join_all(buyers.iter().enumerate().map(|(n, buyer)| {
        let quantity = [1, 3, 2].get(n % 3).copied().unwrap_or(1);
        let event = &event;
        async move { buyer.holds(event, &[("Seat", quantity)]).await }
    }))
    .await;
    assert!(answers.iter().all(Result::is_ok));
    let (early, regular) = (
        w.count("select sum(quantity) from hold_lines where unit_price_minor = 2500 and phase_name = 'Early bird'")
            .await,
        w.count("select sum(quantity) from hold_lines where unit_price_minor = 4500 and phase_name = 'Regular'")
            .await,
    );
    assert_eq!((early, early + regular), (30, 20 + 100));
    assert_eq!(
        w.count("select taken::bigint from price_phase_counts")
            .await,
        120
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn each_ticket_has_the_price_of_its_turn_and_unpaid_ones_come_back() {
    let w = World::new().await;
    let event = concert(&w, 50).await;
    save(&w, &event, None, early("25", None, Some(4)))
        .await
        .unwrap();
    let ada = w.buyer("Ada").holds(&event, &[("Seat", 2)]).await.unwrap();
    let view = held(&w, &event, 4).await;
    assert_eq!(
        lines(&view),
        [("Seat · Early bird", 2, 2500), ("Seat · Regular", 2, 4500)]
    );
    assert_eq!(view.total, Money::new(14000, event.currency));
    // Of six that are taken, two come back: still four, so the phase stays over. Two more: it is back.
    checkout::release(&w.sv, &ada.token).await.unwrap();
    assert_eq!(shown(&w, &event).await.0, 4500);
    w.advance_minutes(30);
    w.settle().await;
    assert_eq!(
        shown(&w, &event).await,
        (2500, "Early bird".into(), Some(4), Some(4500))
    );
    // What is paid stays counted, even when its money goes back.
    let placed = w.buyer("Bo").buys(&event, "Seat", 4).await.unwrap();
    w.settle().await;
    assert_eq!(shown(&w, &event).await.0, 4500);
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Full,
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    w.settle().await;
    assert_eq!(shown(&w, &event).await.0, 4500);
    assert_eq!(
        w.count("select taken::bigint from price_phase_counts")
            .await,
        4
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_chain_is_made_changed_moved_and_taken_apart() {
    let w = World::new().await;
    let event = concert(&w, 50).await;
    held(&w, &event, 3).await;
    let day = |n: i64| Some(w.now() + SignedDuration::from_hours(24 * n));
    let fault = |answer: Result<(), EventError>, field: &str| match answer {
        Err(EventError::Fields(faults)) => faults.first(field).unwrap().code.clone(),
        other => panic!("{other:?}"),
    };
    // Words for what is wrong, beside the field.
    assert_eq!(
        fault(
            save(&w, &event, None, early("25", None, None)).await,
            "until"
        ),
        "required"
    );
    assert_eq!(
        fault(
            save(&w, &event, None, early("25", None, Some(3))).await,
            "count"
        ),
        "too_small"
    );
    assert_eq!(
        fault(
            save(&w, &event, None, early("25", day(-1), None)).await,
            "until"
        ),
        "in_past"
    );
    assert_eq!(
        fault(
            save(&w, &event, None, early("0", day(1), None)).await,
            "price"
        ),
        "required"
    );
    let nameless = PricePhaseInput {
        last_name: " ".into(),
        ..early("25", day(2), Some(20))
    };
    assert_eq!(
        fault(save(&w, &event, None, nameless).await, "last_name"),
        "required"
    );
    assert!(chain(&w, &event).await.phases.is_none());

    save(&w, &event, None, early("25", day(4), Some(20)))
        .await
        .unwrap();
    let first = PricePhaseInput {
        name: "Blind".into(),
        ..early("15", day(2), None)
    };
    save(&w, &event, None, first).await.unwrap();
    let names = |t: &events::TicketTypeDetail| {
        let phases = t.phases.clone().unwrap();
        let ending = phases
            .ending
            .iter()
            .map(|p| (p.name.clone(), p.price_minor));
        ending
            .chain([(phases.last.name, t.price.minor)])
            .collect::<Vec<_>>()
    };
    let t = chain(&w, &event).await;
    assert_eq!(
        names(&t),
        [
            ("Blind".into(), 1500),
            ("Early bird".into(), 2500),
            ("Regular".into(), 4500)
        ]
    );
    assert_eq!((t.taken, t.phase_now), (3, 0));
    // A count that fits nowhere beside the other's.
    let crossed = PricePhaseInput {
        name: "Odd".into(),
        ..early("30", day(3), Some(40))
    };
    assert_eq!(
        fault(save(&w, &event, None, crossed).await, "until"),
        "before_other_phase"
    );

    let (permit, at) = (
        event.organization.permit(),
        (event.id, event.of_type("Seat")),
    );
    let last = t.phases.unwrap().last.id;
    events::move_price_phase(&w.sv, &permit, at, last, Move::Up)
        .await
        .unwrap();
    let t = chain(&w, &event).await;
    assert_eq!(
        names(&t),
        [
            ("Blind".into(), 1500),
            ("Regular".into(), 4500),
            ("Early bird".into(), 2500)
        ]
    );
    let changed = PricePhaseInput {
        name: "Late".into(),
        ..early("60", None, None)
    };
    let id = t.phases.as_ref().unwrap().last.id;
    save(&w, &event, Some(id), changed).await.unwrap();
    assert_eq!(names(&chain(&w, &event).await)[2], ("Late".into(), 6000));
    // Without the one that counts, nobody counts.
    let counting = t.phases.unwrap().ending[1].id;
    events::remove_price_phase(&w.sv, &permit, at, counting)
        .await
        .unwrap();
    assert_eq!(w.count("select count(*) from price_phase_counts").await, 0);
    events::remove_price_phase(&w.sv, &permit, at, id)
        .await
        .unwrap();
    let t = chain(&w, &event).await;
    assert_eq!((t.phases, t.price.minor), (None, 1500));
    events::remove_price_phase(&w.sv, &permit, at, id)
        .await
        .unwrap();
    assert_eq!(
        w.count("select count(*) from audit_entries where action = 'ticket_type.prices'")
            .await,
        6
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn a_copy_has_the_phases_and_nothing_taken() {
    let w = World::new().await;
    let event = concert(&w, 50).await;
    let until = w.now() + SignedDuration::from_hours(48);
    save(&w, &event, None, early("25", Some(until), Some(10)))
        .await
        .unwrap();
    held(&w, &event, 3).await;
    let copy = events::duplicate(&w.sv, &event.organization.permit(), event.id)
        .await
        .unwrap();
    let permit = event
        .organization
        .permit::<services::permit::ManageTickets>();
    let detail = events::show(&w.sv, &permit, copy.event).await.unwrap();
    let new = detail.ticket_types.into_iter().next().unwrap();
    let (old, phases) = (chain(&w, &event).await.phases.unwrap(), new.phases.unwrap());
    assert_eq!(new.taken, 0);
    assert_ne!(phases.ending[0].id, old.ending[0].id);
    let moved = phases.ending[0]
        .until
        .unwrap()
        .duration_since(old.ending[0].until.unwrap());
    assert!(moved >= SignedDuration::from_hours(24 * 7 - 1), "{moved}");
    assert_eq!(
        (phases.ending[0].count, phases.last.name),
        (Some(10), "Regular".into())
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn an_exchange_costs_what_its_turn_costs() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .changes(24, 0, true)
        .ticket_type("Seat", 4500, 50)
        .ticket_type("Floor", 2500, 50)
        .published()
        .await;
    save(&w, &event, None, early("25", None, Some(1)))
        .await
        .unwrap();
    let placed = w.buyer("Ada").buys(&event, "Floor", 2).await.unwrap();
    w.settle().await;
    let view = orders::show_by_secret(&w.sv, &placed.secret)
        .await
        .unwrap()
        .unwrap();
    let wish = orders::ExchangeWish {
        tickets: view.tickets.iter().map(|ticket| ticket.id).collect(),
        event: Some(event.id),
        wanted: vec![(event.of_type("Seat"), 2)],
    };
    let page = orders::change_page(&w.sv, &placed.secret, &wish)
        .await
        .unwrap()
        .unwrap();
    let shown = page.preview.unwrap().unwrap();
    assert_eq!(shown.total, event.money(7000));
    let done = orders::exchange_by_organizer(
        &w.sv,
        &event.organization.permit(),
        placed.code,
        &wish,
        shown,
    )
    .await
    .unwrap();
    let new = checkout::Placed {
        order: done.order,
        secret: done.secret,
        code: done.code,
        needs_payment: done.needs_payment,
    };
    // The difference is paid.
    w.provider_says(&new, NewsKind::Succeeded).await.unwrap();
    assert_eq!(
        w.text("select string_agg(l.phase_name || ' ' || l.quantity || ' ' || o.channel, ', ' order by l.unit_price_minor)
                from order_lines l join orders o on o.id = l.order_id where l.phase_id is not null")
            .await,
        "Early bird 1 organizer, Regular 1 organizer"
    );
    w.settle().await;
    let today = w.now().to_zoned(TimeZone::UTC).date();
    let rows = async |by| {
        let asked = Wanted {
            by,
            span: Span {
                first: today,
                last: today,
            },
            zone: "UTC".into(),
            as_of: w.now(),
            event: None,
        };
        let found = ledger::report(&w.sv, &event.organization.permit(), &asked).await;
        let rows = found.unwrap().rows.into_iter();
        rows.map(|row| (row.key, row.name, row.gross.minor))
            .collect::<Vec<_>>()
    };
    let by_phase: Vec<_> = rows(By::Phase)
        .await
        .into_iter()
        .map(|row| (row.1, row.2))
        .collect();
    assert_eq!(
        by_phase,
        [
            ("Demo · Floor".to_owned(), 5000),
            ("Demo · Seat · Early bird".to_owned(), 2500),
            ("Demo · Seat · Regular".to_owned(), 4500)
        ]
    );
    let by_channel: Vec<_> = rows(By::Channel)
        .await
        .into_iter()
        .map(|row| (row.0, row.2))
        .collect();
    assert_eq!(
        by_channel,
        [("organizer".to_owned(), 7000), ("web".to_owned(), 5000)]
    );
    w.assert_sound().await;
}
