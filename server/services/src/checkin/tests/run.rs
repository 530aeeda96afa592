//! Whoever runs the doors: lists, open gates, a message, a PIN, and what is watched.

use domain::{
    checkin::Uses,
    door::{Answer, Health, ReportKind},
    ids::{CheckInListId, EventId},
    tickets::TicketState,
};
use jiff::SignedDuration;

use super::{stage::Stage, *};
use crate::permit::{CheckIn, ManageDevices};

fn form(name: &str, gates: &str) -> ListForm {
    ListForm {
        name: name.to_owned(),
        gates: gates.to_owned(),
        ..ListForm::default()
    }
}

async fn save(
    s: &Stage,
    id: Option<CheckInListId>,
    form: &ListForm,
) -> Result<CheckInListId, DoorError> {
    save_list(&s.sv, &s.permit_of().await, s.event, id, form).await
}

async fn shown(s: &Stage) -> DoorLists {
    door_lists(&s.sv, &s.permit_of().await, s.event)
        .await
        .unwrap()
        .unwrap()
}

fn order(found: &DoorLists) -> Vec<&str> {
    found.lists.iter().map(|list| list.name.as_str()).collect()
}

#[tokio::test]
async fn lists_are_made_arranged_changed_and_removed() {
    let s = Stage::new().await;
    let permit = s.permit_of::<ManageDevices>().await;
    let first = save(&s, None, &form("Guests", "")).await.unwrap();
    let whole = ListForm {
        types: vec![s.kind.to_string()],
        times: "3".into(),
        reentry: true,
        opens: "2026-05-29T18:00".into(),
        closes: "2026-05-29T23:00".into(),
        ..form("Crew", "Stage door\nNorth")
    };
    let second = save(&s, None, &whole).await.unwrap();
    let found = shown(&s).await;
    assert_eq!(order(&found), ["Guests", "Crew"]);
    assert_eq!(found.gates, ["North", "Stage door"]);
    let crew = &found.lists[1];
    assert_eq!(crew.types.as_ref().unwrap()[0].get(), s.kind);
    assert_eq!(
        crew.uses,
        Uses {
            times: 3,
            reentry: true
        }
    );
    // Ljubljana is two hours ahead of UTC in May.
    assert_eq!(crew.opens.unwrap().to_string(), "2026-05-29T16:00:00Z");
    // Up, and no further than the top.
    for _ in 0..2 {
        move_list(&s.sv, &permit, s.event, second, ListWay::Up)
            .await
            .unwrap();
    }
    assert_eq!(order(&shown(&s).await), ["Crew", "Guests"]);
    move_list(&s.sv, &permit, s.event, second, ListWay::Down)
        .await
        .unwrap();
    assert_eq!(order(&shown(&s).await), ["Guests", "Crew"]);
    // A name is there once, whatever its case; a list keeps its own.
    for (id, taken) in [(None, true), (Some(first), true), (Some(second), false)] {
        let again = save(&s, id, &form("crew", "")).await;
        assert_eq!(matches!(again, Err(DoorError::Fields(_))), taken, "{id:?}");
    }
    let changed = &shown(&s).await.lists[1];
    assert_eq!(
        (&changed.types, &changed.gates, changed.uses),
        (&None, &None, Uses::ONCE)
    );
    remove_list(&s.sv, &permit, s.event, first).await.unwrap();
    assert_eq!(order(&shown(&s).await), ["crew"]);
    for gone in [
        remove_list(&s.sv, &permit, s.event, first).await,
        move_list(&s.sv, &permit, s.event, first, ListWay::Up).await,
        save(&s, Some(first), &form("Other", "")).await.map(|_| ()),
    ] {
        assert!(matches!(gone, Err(DoorError::NotFound)));
    }
    // The name is free again.
    save(&s, None, &form("Guests", "")).await.unwrap();
}

#[tokio::test]
async fn what_came_in_on_a_list_that_is_removed_stays() {
    let s = Stage::new().await;
    let permit = s.permit_of::<ManageDevices>().await;
    let often = ListForm {
        times: "2".into(),
        ..form("Often", "")
    };
    let often = save(&s, None, &often).await.unwrap();
    let once = save(&s, None, &form("Once", "")).await.unwrap();
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let device = s.device("").await;
    let tell = async |counter, list| {
        s.pass(SignedDuration::from_secs(1));
        let scan = domain::door::ScanReport {
            list,
            ..s.scan(counter, Some(ticket), ReportKind::Admit)
        };
        let told = record_scans(&s.sv, &device, s.batch([scan])).await.unwrap();
        told.answers[0].settled
    };
    for (counter, list) in [(1, often), (2, often), (3, once)] {
        assert_eq!(tell(counter, Some(list)).await, Answer::Accepted);
    }
    s.pass(SignedDuration::from_mins(5));
    let before = roster(&s.sv, &device, "", Health::default()).await.unwrap();
    s.pass(SignedDuration::from_mins(5));
    remove_list(&s.sv, &permit, s.event, often).await.unwrap();
    // Scanners hear of it, and that what happened on it counts against each.
    let news = roster(&s.sv, &device, &before.cursor, Health::default())
        .await
        .unwrap();
    let mut lists: Vec<_> = news.entries[0]
        .admitted
        .iter()
        .map(|entry| entry.list)
        .collect();
    lists.sort();
    assert_eq!(lists, [None, None, Some(once)]);
    let new = save(&s, None, &form("New", "")).await.unwrap();
    for (counter, list) in [(4, Some(new)), (5, None), (6, Some(often))] {
        assert_eq!(tell(counter, list).await, Answer::Conflict, "{counter}");
    }
    let seen = overview(&s.sv, &s.permit(), s.event)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.conflicts.len(), seen.counters.inside), (3, 3));
    assert!(seen.conflicts.iter().all(|(_, first)| first.is_some()));
}

#[tokio::test]
async fn nobody_touches_the_door_of_another_house() {
    let s = Stage::new().await;
    let other = Stage::on(&s).await;
    let list = save(&s, None, &form("Guests", "")).await.unwrap();
    let theirs = other.permit_of::<ManageDevices>().await;
    for event in [s.event, other.event, EventId::new(s.sv.new_id())] {
        let removed = remove_list(&other.sv, &theirs, event, list).await;
        assert!(matches!(removed, Err(DoorError::NotFound)), "{event}");
    }
    let kind = s.kind.to_string();
    assert!(matches!(
        open_gate(&other.sv, &theirs, s.event, "North", &kind).await,
        Err(DoorError::NotFound)
    ));
    assert!(matches!(
        open_gate(&other.sv, &theirs, other.event, "North", &kind).await,
        Err(DoorError::Fields(_))
    ));
    let said = send_message(&other.sv, &theirs, s.event, "Hello").await;
    assert!(matches!(said, Err(DoorError::NotFound)));
    let set = set_pin(&other.sv, &theirs, s.event, "1234").await;
    assert!(matches!(set, Err(DoorError::NotFound)));
    let watching = other.permit_of::<CheckIn>().await;
    assert!(
        door_lists(&other.sv, &watching, s.event)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(order(&shown(&s).await), ["Guests"]);
}

#[tokio::test]
async fn scanners_hear_of_lists_gates_the_message_and_the_pin() {
    let s = Stage::new().await;
    let permit = s.permit_of::<ManageDevices>().await;
    let device = s.device("South").await;
    save(&s, None, &form("Guests", "North")).await.unwrap();
    let kind = s.kind.to_string();
    for _ in 0..2 {
        open_gate(&s.sv, &permit, s.event, " South ", &kind)
            .await
            .unwrap();
    }
    send_message(&s.sv, &permit, s.event, "Doors close at ten")
        .await
        .unwrap();
    set_pin(&s.sv, &permit, s.event, "4711").await.unwrap();
    let door = door(&s.sv, &device).await.unwrap();
    assert_eq!(door.place.lists[0].name, "Guests");
    assert_eq!(door.place.openings.len(), 1);
    assert_eq!(door.place.openings[0].gate, "South");
    assert_eq!(door.message.unwrap().text, "Doors close at ten");
    let pin = door.pin.unwrap();
    assert!(pin.opens("4711") && !pin.opens("4712"));
    let seen = overview(&s.sv, &s.permit_of().await, s.event)
        .await
        .unwrap()
        .unwrap();
    assert!(seen.has_pin);
    assert_eq!(seen.message.unwrap().by.as_deref(), Some("Owner"));
    assert_eq!(seen.openings[0].kind_name, "Standing");
    // Everything can be taken back, and the one does not take the other away.
    send_message(&s.sv, &permit, s.event, " ").await.unwrap();
    let after = super::door(&s.sv, &device).await.unwrap();
    assert!(after.message.is_none() && after.pin.is_some());
    remove_pin(&s.sv, &permit, s.event).await.unwrap();
    close_gate(&s.sv, &permit, s.event, "South", seen.openings[0].kind)
        .await
        .unwrap();
    let after = super::door(&s.sv, &device).await.unwrap();
    assert!(after.pin.is_none() && after.place.openings.is_empty());
    for wrong in ["", "123", "12345678 9", "four"] {
        let set = set_pin(&s.sv, &permit, s.event, wrong).await;
        assert!(matches!(set, Err(DoorError::Fields(_))), "{wrong}");
    }
    let long = "x".repeat(201);
    let said = send_message(&s.sv, &permit, s.event, &long).await;
    assert!(matches!(said, Err(DoorError::Fields(_))));
}

#[tokio::test]
async fn the_watch_sees_gates_refusals_and_forced_entries() {
    let s = Stage::new().await;
    let north = s.device("North").await;
    let mut tickets = Vec::new();
    for n in 0..8 {
        tickets.push(s.ticket(&format!("Guest {n}"), TicketState::Valid).await);
    }
    let entries: Vec<_> = (1..)
        .zip(&tickets[..6])
        .map(|(n, ticket)| s.scan(n, Some(*ticket), ReportKind::Admit))
        .collect();
    record_scans(&s.sv, &north, s.batch(entries)).await.unwrap();
    // Six came, and then nobody for a while.
    s.pass(SignedDuration::from_mins(6));
    let mut forced = s.scan(7, Some(tickets[6]), ReportKind::Force);
    forced.reason = Some("Lost the phone".into());
    let mut refused = s.scan(8, None, ReportKind::Refuse);
    refused.verdict = "forged".into();
    record_scans(&s.sv, &north, s.batch([forced.clone(), refused.clone()]))
        .await
        .unwrap();
    let seen = overview(&s.sv, &s.permit_of().await, s.event)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.came, seen.counters.sold), (7, 8));
    let [gate] = seen.gates.as_slice() else {
        panic!("{:?}", seen.gates);
    };
    assert_eq!(
        (
            gate.gate.as_str(),
            gate.let_in,
            gate.recent,
            gate.refused_recent
        ),
        ("North", 7, 7, 1)
    );
    assert_eq!((gate.pace.before, gate.pace.lately), (6, 1));
    assert_eq!(gate.last, Some(forced.at));
    assert_eq!(seen.devices[0].admitted, 7);
    assert_eq!(seen.reasons, [("forged".to_owned(), 1)]);
    assert_eq!(seen.refused[0].id, refused.id);
    let [one] = seen.forced.as_slice() else {
        panic!("{:?}", seen.forced);
    };
    assert_eq!(
        (one.id, one.reason.as_deref(), one.fate),
        (forced.id, Some("Lost the phone"), Answer::Accepted)
    );
    // An hour later the gate is quiet, not stalled, and what came in stays.
    s.pass(SignedDuration::from_hours(1));
    let later = overview(&s.sv, &s.permit_of().await, s.event)
        .await
        .unwrap()
        .unwrap();
    let gate = &later.gates[0];
    assert_eq!((gate.let_in, gate.recent), (7, 0));
    assert!(!gate.pace.has_stalled());
}

#[tokio::test]
async fn a_note_on_an_order_reaches_the_scanners() {
    let s = Stage::new().await;
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let device = s.device("").await;
    s.pass(SignedDuration::from_mins(5));
    let before = roster(&s.sv, &device, "", Health::default()).await.unwrap();
    let code = before.entries[0].order_code.unwrap();
    assert_eq!(before.entries[0].note, None);
    s.pass(SignedDuration::from_mins(5));
    let permit = s.permit_of().await;
    crate::orders::set_door_note(&s.sv, &permit, code, " Wheelchair,  seat 4 ")
        .await
        .unwrap();
    let news = roster(&s.sv, &device, &before.cursor, Health::default())
        .await
        .unwrap();
    assert_eq!(news.entries[0].ticket, ticket);
    assert_eq!(news.entries[0].note.as_deref(), Some("Wheelchair, seat 4"));
    s.pass(SignedDuration::from_mins(5));
    crate::orders::set_door_note(&s.sv, &permit, code, "")
        .await
        .unwrap();
    let gone = roster(&s.sv, &device, &news.cursor, Health::default())
        .await
        .unwrap();
    assert_eq!(gone.entries[0].note, None);
    let long = "x".repeat(141);
    assert!(
        crate::orders::set_door_note(&s.sv, &permit, code, &long)
            .await
            .is_err()
    );
}
