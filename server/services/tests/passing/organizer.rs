//! The organizer gives a ticket to somebody else, for whoever asked them to.

use domain::{
    ids::TicketId, orders::PassingRefusal, permissions::Role, text::Fault, tickets::TicketState,
};
use locales::Locale;
use services::{
    checkin,
    orders::{RefundChoice, RefundOrder},
    passing::{self, AcceptError, ReassignError, ReassignTicket},
    permit,
    session::Session,
};
use testkit::{Event, World};

use super::{
    door::{device, scan},
    give, held, link, offer, order, sold, told, valid,
};

fn to(placed: &services::checkout::Placed, ticket: TicketId) -> ReassignTicket {
    ReassignTicket {
        code: placed.code,
        ticket,
        name: "Cleo Chan".into(),
        email: "cleo@example.com".into(),
        reason: "asked by phone".into(),
    }
}

async fn helper(w: &World, event: &Event) -> Session {
    w.member(&event.organization, Role::BoxOffice).await
}

async fn reassign(
    w: &World,
    (event, who): (&Event, &Session),
    cmd: ReassignTicket,
) -> Result<(), ReassignError> {
    let may = permit::for_organization(&w.sv, who, event.organization.id)
        .await
        .unwrap();
    passing::reassign(&w.sv, &may, cmd).await
}

#[tokio::test]
async fn the_old_code_is_dead_at_once_and_everybody_is_told() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 2).await;
    let who = helper(&w, &event).await;
    // Holders may pass nothing on, and it would be too late: that does not bind the organizer.
    w.execute("update events set passing_allowed = false, passing_hours_before = 8760")
        .await;
    let before = order(&w, &placed).await;
    let first = &before.tickets[0];
    reassign(&w, (&event, &who), to(&placed, first.id))
        .await
        .unwrap();
    let secret = link(&w, "cleo@example.com", "/tickets/").await;
    let now = held(&w, &secret).await;
    assert_eq!(now.ticket.holder, "Cleo Chan");
    assert_ne!(now.code, first.code);
    let after = order(&w, &placed).await;
    assert!(after.tickets.iter().all(|t| t.code != now.code));
    assert_eq!(valid(&w, &placed).await, 2);
    assert_eq!(
        w.count("select count(*) from tickets where state = 'replaced'")
            .await,
        1
    );
    assert_eq!(w.count("select sum(sold)::bigint from pools").await, 2);
    assert!(told(
        &w,
        "ada@buyers.test",
        "Cleo Chan has your ticket now: Demo"
    ));
    let text = &w.mailer.to("cleo@example.com").pop().unwrap().text;
    assert!(!text.contains(placed.secret.as_str()) && !text.contains("15.05"));
    assert!(
        !text.contains("by phone"),
        "the reason is the record's alone"
    );
    let record =
        "select reason || '|' || subject_id || '|' || (actor_id is not null) from audit_entries
                  where action = 'order.reassign'";
    assert_eq!(
        w.text(record).await,
        format!("asked by phone|{}|true", placed.code)
    );
    w.assert_sound().await;
}

#[tokio::test]
async fn what_a_holder_has_and_what_was_offered_goes_on_too() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let who = helper(&w, &event).await;
    let bos = give(&w, &placed.secret, "bo@example.com").await;
    offer(&w, &bos, "dan@example.com").await.unwrap();
    let dans = link(&w, "dan@example.com", "/accept/").await;
    let ticket = order(&w, &placed).await.tickets[0].id;
    reassign(&w, (&event, &who), to(&placed, ticket))
        .await
        .unwrap();
    w.settle().await;
    assert!(told(
        &w,
        "bo@example.com",
        "Cleo Chan has your ticket now: Demo"
    ));
    assert!(told(
        &w,
        "dan@example.com",
        "No longer offered to you: a ticket for Demo"
    ));
    assert!(held(&w, &bos).await.code.is_none());
    let late = passing::accept(&w.sv, &dans, Locale::En).await;
    assert!(matches!(late, Err(AcceptError::TakenBack)), "{late:?}");
    // Whoever has it now is a holder like every other.
    let cleos = link(&w, "cleo@example.com", "/tickets/").await;
    give(&w, &cleos, "eve@example.com").await;
    assert_eq!(valid(&w, &placed).await, 1);
    w.assert_sound().await;
}

#[tokio::test]
async fn what_is_used_void_or_somebody_elses_stays() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 3).await;
    let who = helper(&w, &event).await;
    let tickets = order(&w, &placed).await.tickets;
    let other = w.buyer("Zoe").buys(&event, "Seat", 1).await.unwrap();
    let of_other = order(&w, &other).await.tickets[0].id;
    let elsewhere = reassign(&w, (&event, &who), to(&placed, of_other)).await;
    assert!(matches!(elsewhere, Err(ReassignError::NotFound)));
    let unnamed = ReassignTicket {
        name: "www.example.com".into(),
        email: "nobody".into(),
        reason: " ".into(),
        ..to(&placed, tickets[0].id)
    };
    let refused = reassign(&w, (&event, &who), unnamed).await;
    let Err(ReassignError::Fields(faults)) = refused else {
        panic!("{refused:?}");
    };
    let fields: Vec<_> = faults.entries().iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["name", "email", "reason"]);
    let reason = faults.entries().last().unwrap();
    assert_eq!(reason.code, Fault::Required.code());
    let phone = device(&w, &event).await;
    checkin::record_scans(&w.sv, &phone, scan(&w, 1, tickets[1].id))
        .await
        .unwrap();
    let inside = reassign(&w, (&event, &who), to(&placed, tickets[1].id)).await;
    assert!(
        matches!(inside, Err(ReassignError::Refused(PassingRefusal::Used))),
        "{inside:?}"
    );
    let cmd = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Tickets(vec![tickets[2].id]),
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    services::orders::refund(&w.sv, &event.organization.permit(), cmd)
        .await
        .unwrap();
    let void = reassign(&w, (&event, &who), to(&placed, tickets[2].id)).await;
    assert!(
        matches!(void, Err(ReassignError::Refused(PassingRefusal::NotValid))),
        "{void:?}"
    );
    w.execute("update orders set blocked = true").await;
    let blocked = reassign(&w, (&event, &who), to(&placed, tickets[0].id)).await;
    assert!(
        matches!(
            blocked,
            Err(ReassignError::Refused(PassingRefusal::Blocked))
        ),
        "{blocked:?}"
    );
    assert_eq!(w.mailer.to("cleo@example.com").len(), 0);
    assert!(order(&w, &placed).await.tickets[0].state == TicketState::Valid);
}

/// Of eight who do it at once one is first, and one place has one good code.
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_make_one_ticket() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let who = helper(&w, &event).await;
    let ticket = order(&w, &placed).await.tickets[0].id;
    let tries = (0..8).map(|_| reassign(&w, (&event, &who), to(&placed, ticket)));
    let done = futures::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    w.settle().await;
    assert_eq!(valid(&w, &placed).await, 1);
    assert_eq!(w.mailer.to("cleo@example.com").len(), 1);
    w.assert_sound().await;
}
