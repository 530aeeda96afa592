//! Lists, exits, supervisors, and what a device may know.

use domain::{
    checkin::{Standing, Way, decide},
    door::{Answer, Health, Names, ReportKind, RosterPage, ScanBatch, ScanReport},
    ids::{CheckInListId, TicketId},
    tickets::{Claims, TicketState},
};
use jiff::SignedDuration;

use super::stage::Stage;
use crate::checkin::{
    CreatePairing, Device, PairingRefused, RosterRefused, create_pairing, overview, record_scans,
    roster,
};

async fn whole(s: &Stage, device: &Device) -> RosterPage {
    roster(&s.sv, device, "", Health::default()).await.unwrap()
}

/// Reports one line and gives back what it became.
async fn tell(s: &Stage, device: &Device, scan: ScanReport) -> Answer {
    let batch = ScanBatch {
        scans: vec![scan],
        pending: 0,
    };
    s.pass(SignedDuration::from_secs(10));
    record_scans(&s.sv, device, batch).await.unwrap().answers[0].settled
}

fn on(list: CheckInListId, scan: ScanReport) -> ScanReport {
    ScanReport {
        list: Some(list),
        ..scan
    }
}

async fn inside(s: &Stage) -> u32 {
    let seen = overview(&s.sv, &s.permit(), s.event).await.unwrap();
    seen.unwrap().counters.inside
}

/// What a device at this door would say, with what it was told last.
fn says(s: &Stage, page: &RosterPage, ticket: TicketId) -> String {
    let entry = page.entries.iter().find(|entry| entry.ticket == ticket);
    let window = page.door.event.window;
    let claims = Claims::new(1, ticket, s.event, 1, (window.from, window.until));
    let ctx = page.door.context(Way::In, s.sv.now());
    decide(&Ok(claims), entry, &ctx).verdict.code().to_owned()
}

#[tokio::test]
async fn who_leaves_comes_back_and_nobody_else_does() {
    let s = Stage::new().await;
    let list = s.list(None, 1, true).await;
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let (north, south) = (s.device("North").await, s.device("South").await);
    let scan = |counter, kind| on(list, s.scan(counter, Some(ticket), kind));
    assert_eq!(
        tell(&s, &north, scan(1, ReportKind::Admit)).await,
        Answer::Accepted
    );
    assert_eq!(inside(&s).await, 1);
    assert_eq!(says(&s, &whole(&s, &south).await, ticket), "already_in");
    let out = scan(1, ReportKind::Exit);
    assert_eq!(tell(&s, &south, out.clone()).await, Answer::Accepted);
    assert_eq!(inside(&s).await, 0);
    assert_eq!(says(&s, &whole(&s, &south).await, ticket), "valid");
    assert_eq!(
        tell(&s, &north, scan(2, ReportKind::Admit)).await,
        Answer::Accepted
    );
    assert_eq!(
        tell(&s, &north, scan(3, ReportKind::Admit)).await,
        Answer::Conflict
    );
    // Somebody who was not inside leaves: written down, counted nowhere.
    assert_eq!(
        tell(&s, &south, scan(2, ReportKind::Exit)).await,
        Answer::Accepted
    );
    assert_eq!(
        tell(&s, &south, scan(3, ReportKind::Exit)).await,
        Answer::Accepted
    );
    assert_eq!(inside(&s).await, 0);
    // The first exit did not happen: the second entry was one too many after all.
    let undo = s.scan(4, Some(ticket), ReportKind::Undo { of: out.id });
    assert_eq!(tell(&s, &south, undo).await, Answer::Accepted);
    let seen = overview(&s.sv, &s.permit(), s.event)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.conflicts.len(), seen.counters.inside), (2, 0));
}

#[tokio::test]
async fn lists_count_apart_and_turns_are_never_shared() {
    let s = Stage::new().await;
    let (friday, saturday) = (s.list(None, 2, false).await, s.list(None, 1, false).await);
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let device = s.device("").await;
    let late = on(friday, s.scan(4, Some(ticket), ReportKind::Admit));
    s.pass(SignedDuration::from_mins(1));
    let scan = |counter, list| on(list, s.scan(counter, Some(ticket), ReportKind::Admit));
    for (counter, list, fate) in [
        (1, friday, Answer::Accepted),
        (2, saturday, Answer::Accepted),
        (3, saturday, Answer::Conflict),
    ] {
        assert_eq!(tell(&s, &device, scan(counter, list)).await, fate);
    }
    // It happened before all of these and arrives last: everybody moves up by one.
    assert_eq!(tell(&s, &device, late).await, Answer::Accepted);
    assert_eq!(inside(&s).await, 3);
    let page = whole(&s, &device).await;
    assert_eq!(page.entries[0].admitted.len(), 3);
    assert_eq!(page.door.place.lists.len(), 2);
}

#[tokio::test]
async fn a_supervisor_lets_in_whoever_stands() {
    let s = Stage::new().await;
    let (ticket, gone) = (
        s.ticket("Ana", TicketState::Valid).await,
        s.ticket("Bor", TicketState::Cancelled).await,
    );
    s.sql(
        "update orders set blocked = true where id = (select order_id from tickets where id = $1)",
        &[ticket.get()],
    )
    .await;
    let device = s.device("North").await;
    assert_eq!(whole(&s, &device).await.entries[0].state, Standing::Blocked);
    let force = |counter, ticket| ScanReport {
        reason: Some("Bank confirmed".into()),
        ..s.scan(counter, Some(ticket), ReportKind::Force)
    };
    let admit = s.scan(1, Some(ticket), ReportKind::Admit);
    assert_eq!(tell(&s, &device, admit).await, Answer::LateRevoked);
    assert_eq!(tell(&s, &device, force(2, ticket)).await, Answer::Accepted);
    assert_eq!(tell(&s, &device, force(3, ticket)).await, Answer::Accepted);
    assert_eq!(tell(&s, &device, force(4, gone)).await, Answer::LateRevoked);
    let seen = overview(&s.sv, &s.permit(), s.event)
        .await
        .unwrap()
        .unwrap();
    let forced: Vec<_> = seen.recent.iter().filter(|scan| scan.forced).collect();
    assert_eq!(forced.len(), 3);
    assert!(
        forced
            .iter()
            .all(|scan| scan.reason.as_deref() == Some("Bank confirmed"))
    );
}

#[tokio::test]
async fn a_device_knows_no_more_than_it_may() {
    let s = Stage::new().await;
    s.ticket("Ana Novak", TicketState::Valid).await;
    let as_of = |names| CreatePairing {
        event: s.event,
        gate: String::new(),
        names,
        works_until: None,
    };
    for (names, shown) in [
        (Names::Full, Some("Ana Novak")),
        (Names::Initials, Some("A. N.")),
        (Names::Hidden, None),
    ] {
        let page = whole(&s, &s.device_as(as_of(names)).await).await;
        assert_eq!(page.entries[0].name.as_deref(), shown);
        let payload = serde_json::to_string(&page).unwrap();
        assert_eq!(payload.contains("Novak"), names == Names::Full, "{payload}");
    }
}

#[tokio::test]
async fn a_device_may_be_given_an_end() {
    let s = Stage::new().await;
    let cmd = |until| CreatePairing {
        event: s.event,
        gate: String::new(),
        names: Names::Full,
        works_until: Some(until),
    };
    let refused = create_pairing(&s.sv, &s.permit_of().await, cmd(s.sv.now())).await;
    assert!(matches!(refused, Err(PairingRefused::Invalid(_))));
    let until = s.sv.now() + SignedDuration::from_hours(2);
    let device = s.device_as(cmd(until)).await;
    assert_eq!(whole(&s, &device).await.door.lease_until, until);
    s.pass(SignedDuration::from_hours(3));
    let over = roster(&s.sv, &device, "", Health::default()).await;
    assert!(matches!(over, Err(RosterRefused::LeaseOver)));
}

#[tokio::test]
async fn a_device_hears_of_its_place_and_says_how_it_is() {
    let s = Stage::new().await;
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    s.list(Some(&["East", "West"]), 1, false).await;
    s.sql(
        "update orders set door_note = 'Wheelchair', door_note_at = now()",
        &[],
    )
    .await;
    s.sql("update ticket_types set door_note = 'Student card'", &[])
        .await;
    s.sql(
        "insert into door_settings (event_id, organization_id, pin_salt, pin_hash, message, message_at)
         values ($1, $2, 's', 'h', 'Open the side doors', now())",
        &[s.event.get(), s.organization.get()],
    )
    .await;
    s.sql(
        "insert into gate_openings (event_id, gate, ticket_type_id, organization_id, opened_at)
         select $1, 'South', id, $2, now() from ticket_types where event_id = $1",
        &[s.event.get(), s.organization.get()],
    )
    .await;
    let (free, south, north) = (
        s.device("").await,
        s.device("South").await,
        s.device("North").await,
    );
    let health = Health {
        battery: Some(87),
        version: Some("0a1b<script>".into()),
        pending: Some(3),
    };
    let page = roster(&s.sv, &free, "", health).await.unwrap();
    assert_eq!(page.door.gates, ["East", "North", "South", "West"]);
    assert_eq!(
        page.door.message.as_ref().unwrap().text,
        "Open the side doors"
    );
    assert!(page.door.pin.is_some());
    assert_eq!(page.entries[0].note.as_deref(), Some("Wheelchair"));
    assert_eq!(says(&s, &whole(&s, &south).await, ticket), "attention");
    assert_eq!(says(&s, &whole(&s, &north).await, ticket), "wrong_gate");
    // Chosen on the device where pairing left it open, and nowhere else.
    let at = |counter, gate: &str| ScanReport {
        gate: Some(gate.into()),
        ..s.scan(counter, None, ReportKind::Refuse)
    };
    tell(&s, &free, at(1, "East")).await;
    tell(&s, &north, at(1, "East")).await;
    let seen = overview(&s.sv, &s.permit(), s.event)
        .await
        .unwrap()
        .unwrap();
    let mut gates: Vec<_> = seen.recent.iter().map(|scan| scan.gate.as_str()).collect();
    gates.sort_unstable();
    assert_eq!(gates, ["East", "North"]);
    let told = seen
        .devices
        .iter()
        .find(|known| known.id == free.id())
        .unwrap();
    assert_eq!(
        (told.battery, told.version.as_deref()),
        (Some(87), Some("0a1b<script>"))
    );
}
