//! At the door: the old code is refused at once, the new one admits.

use domain::{
    checkin::Standing,
    door::{Answer, Health, PairRequest, ReportKind, ScanBatch, ScanReport},
    ids::{CheckInId, TicketId},
};
use services::{
    checkin::{self, CreatePairing, Device, create_pairing, device_by_token, record_scans, roster},
    permit,
};
use testkit::{Event, World};

use super::{give, held, link, offer, order, sold};

pub async fn device(w: &World, event: &Event) -> Device {
    let owner = w
        .member(&event.organization, domain::permissions::Role::Owner)
        .await;
    let permit = permit::for_organization(&w.sv, &owner, event.organization.id)
        .await
        .unwrap();
    let cmd = CreatePairing {
        event: event.id,
        gate: "North".into(),
        names: domain::door::Names::Full,
        works_until: None,
    };
    let made = create_pairing(&w.sv, &permit, cmd).await.unwrap();
    let request = PairRequest {
        token: made.token,
        device_name: "Phone".into(),
    };
    let paired = checkin::pair(&w.sv, request).await.unwrap();
    device_by_token(&w.sv, &paired.token).await.unwrap()
}

/// One person at the door.
pub fn scan(w: &World, counter: u64, ticket: TicketId) -> ScanBatch {
    let report = ScanReport {
        list: None,
        gate: None,
        reason: None,
        id: CheckInId::new(w.sv.new_id()),
        ticket: Some(ticket),
        kind: ReportKind::Admit,
        verdict: "admit".into(),
        at: w.now(),
        counter,
    };
    ScanBatch {
        scans: vec![report],
        pending: 0,
    }
}

#[tokio::test]
async fn scanners_hear_of_it_with_the_next_change() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let old = order(&w, &placed).await.tickets[0].id;
    let phone = device(&w, &event).await;
    let before = roster(&w.sv, &phone, "", Health::default()).await.unwrap();
    assert_eq!(before.entries[0].state, Standing::Valid);
    w.advance_minutes(5);
    let ticket = give(&w, &placed.secret, "bo@example.com").await;
    let new = held(&w, &ticket).await.ticket.id;
    let after = roster(&w.sv, &phone, &before.cursor, Health::default())
        .await
        .unwrap();
    let mut states: Vec<_> = after
        .entries
        .iter()
        .map(|entry| (entry.ticket, entry.state, entry.name.clone()))
        .collect();
    states.sort_unstable_by_key(|(id, ..)| *id != old);
    assert_eq!(states[0].1, Standing::Replaced);
    assert_eq!(
        states[1],
        (new, Standing::Valid, Some("Bo Berg".to_owned()))
    );
    assert_eq!(after.counters.sold, 1);
    // A phone that had not heard of it lets the old one in, and hears that it should not have.
    let late = record_scans(&w.sv, &phone, scan(&w, 1, old)).await.unwrap();
    assert_eq!(late.answers[0].answer, Answer::LateRevoked);
    let good = record_scans(&w.sv, &phone, scan(&w, 2, new)).await.unwrap();
    assert_eq!(good.answers[0].answer, Answer::Accepted);
    w.assert_sound().await;
}

#[tokio::test]
async fn whoever_is_inside_has_nothing_to_give() {
    let w = World::new().await;
    let (event, placed) = sold(&w, 1).await;
    let phone = device(&w, &event).await;
    offer(&w, &placed.secret, "bo@example.com").await.unwrap();
    let secret = link(&w, "bo@example.com", "/accept/").await;
    let ticket = order(&w, &placed).await.tickets[0].id;
    record_scans(&w.sv, &phone, scan(&w, 1, ticket))
        .await
        .unwrap();
    let refused = services::passing::accept(&w.sv, &secret, locales::Locale::En).await;
    assert_eq!(refused.unwrap_err().code(), "passing_used");
    assert!(order(&w, &placed).await.tickets[0].code.is_some());
}
