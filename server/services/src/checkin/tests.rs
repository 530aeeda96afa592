//! Scenes at the door, on a real PostgreSQL.

mod doors;
mod reports;
mod run;
mod stage;

use domain::{
    checkin::Standing,
    door::{Answer, Counters, Health, PairRequest, ReportKind},
    ids::CheckInId,
    tickets::TicketState,
};
use jiff::SignedDuration;
use stage::Stage;

use super::*;

#[tokio::test]
async fn a_link_pairs_one_device_within_its_time() {
    let s = Stage::new().await;
    let first = s.pairing("North").await;
    let request = |token: &str| PairRequest {
        token: token.to_owned(),
        device_name: " Ana's  phone ".into(),
    };
    let paired = pair(&s.sv, request(&first.token)).await.unwrap();
    assert_eq!(
        (
            paired.door.place.gate.as_str(),
            paired.door.device_name.as_str()
        ),
        ("North", "Ana's phone")
    );
    assert!(first.link.ends_with(&format!("/scan#pair={}", first.token)));
    assert!(matches!(
        pair(&s.sv, request(&first.token)).await,
        Err(PairRefused::Used)
    ));
    assert!(matches!(
        pair(&s.sv, request("nonsense")).await,
        Err(PairRefused::Unknown)
    ));
    let late = s.pairing("").await;
    s.pass(SignedDuration::from_mins(15));
    assert!(matches!(
        pair(&s.sv, request(&late.token)).await,
        Err(PairRefused::Expired)
    ));
    let nameless = PairRequest {
        token: late.token,
        device_name: "\u{202e}".into(),
    };
    assert!(matches!(
        pair(&s.sv, nameless).await,
        Err(PairRefused::Invalid(_))
    ));
    assert_eq!(
        device_by_token(&s.sv, &paired.token).await.unwrap().id(),
        paired.door.device
    );
    assert!(matches!(
        device_by_token(&s.sv, "nonsense").await,
        Err(DeviceRefused::Unknown)
    ));
}

#[tokio::test]
async fn two_devices_with_one_link_do_not_both_get_in() {
    let s = Stage::new().await;
    let link = s.pairing("").await;
    let request = PairRequest {
        token: link.token,
        device_name: "Phone".into(),
    };
    let (a, b) = tokio::join!(pair(&s.sv, request.clone()), pair(&s.sv, request));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
}

#[tokio::test]
async fn the_list_comes_whole_and_then_by_changes() {
    let s = Stage::new().await;
    let (a, b) = (
        s.ticket("Ana", TicketState::Valid).await,
        s.ticket("Bor", TicketState::Cancelled).await,
    );
    let device = s.device("North").await;
    s.pass(SignedDuration::from_mins(5));
    let page = roster(&s.sv, &device, "", Health::default()).await.unwrap();
    assert!(!page.more);
    assert_eq!(
        page.entries
            .iter()
            .map(|entry| entry.ticket)
            .collect::<Vec<_>>(),
        [a, b]
    );
    assert_eq!(page.entries[1].state, Standing::Cancelled);
    assert_eq!(page.entries[0].name.as_deref(), Some("Ana"));
    assert_eq!(page.counters, Counters { sold: 1, inside: 0 });
    assert_eq!(
        (page.keys.keys().len(), page.types[0].name.as_str()),
        (1, "Standing")
    );
    s.pass(SignedDuration::from_mins(5));
    let quiet = roster(&s.sv, &device, &page.cursor, Health::default())
        .await
        .unwrap();
    assert!(quiet.entries.is_empty());
    s.pass(SignedDuration::from_mins(5));
    let c = s.ticket("Cene", TicketState::Valid).await;
    let other = s.device("South").await;
    record_scans(
        &s.sv,
        &other,
        s.batch([s.scan(1, Some(a), ReportKind::Admit)]),
    )
    .await
    .unwrap();
    // How many were sold is counted once a second.
    s.sv.counts.forget(s.event);
    let news = roster(&s.sv, &device, &quiet.cursor, Health::default())
        .await
        .unwrap();
    assert_eq!(
        news.entries
            .iter()
            .map(|entry| entry.ticket)
            .collect::<Vec<_>>(),
        [a, c]
    );
    assert_eq!(news.entries[0].admitted[0].gate.as_deref(), Some("South"));
    assert_eq!(news.counters, Counters { sold: 2, inside: 1 });
    assert!(matches!(
        roster(&s.sv, &device, "nonsense", Health::default()).await,
        Err(RosterRefused::BadCursor)
    ));
}

#[tokio::test]
async fn sending_twice_changes_nothing() {
    let s = Stage::new().await;
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let device = s.device("").await;
    let batch = s.batch([
        s.scan(1, Some(ticket), ReportKind::Admit),
        s.scan(2, None, ReportKind::Refuse),
    ]);
    let first = record_scans(&s.sv, &device, batch.clone()).await.unwrap();
    assert!(
        first
            .answers
            .iter()
            .all(|answer| answer.answer == Answer::Accepted)
    );
    let again = record_scans(&s.sv, &device, batch).await.unwrap();
    assert!(
        again
            .answers
            .iter()
            .all(|a| (a.answer, a.settled) == (Answer::Duplicate, Answer::Accepted))
    );
    assert_eq!(again.counters, Counters { sold: 1, inside: 1 });
}

#[tokio::test]
async fn the_earlier_door_wins_whoever_reports_first() {
    for north_first in [true, false] {
        let s = Stage::new().await;
        let ticket = s.ticket("Ana", TicketState::Valid).await;
        let (north, south) = (s.device("North").await, s.device("South").await);
        let early = s.scan(1, Some(ticket), ReportKind::Admit);
        s.pass(SignedDuration::from_secs(30));
        let late = s.scan(1, Some(ticket), ReportKind::Admit);
        if north_first {
            record_scans(&s.sv, &north, s.batch([early.clone()]))
                .await
                .unwrap();
        }
        let told = record_scans(&s.sv, &south, s.batch([late.clone()]))
            .await
            .unwrap();
        if north_first {
            let used = told.answers[0].used.clone().unwrap();
            assert_eq!(told.answers[0].answer, Answer::Conflict);
            assert_eq!((used.at, used.gate.as_deref()), (early.at, Some("North")));
        } else {
            assert_eq!(told.answers[0].answer, Answer::Accepted);
            record_scans(&s.sv, &north, s.batch([early.clone()]))
                .await
                .unwrap();
        }
        let seen = overview(&s.sv, &s.permit(), s.event)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            seen.conflicts
                .iter()
                .map(|(scan, first)| (scan.id, first.as_ref().map(|first| first.id)))
                .collect::<Vec<_>>(),
            [(late.id, Some(early.id))]
        );
        assert_eq!(seen.counters.inside, 1);
        assert_eq!(seen.recent.len(), 2);
    }
}

#[tokio::test]
async fn an_undo_lets_the_next_one_count() {
    let s = Stage::new().await;
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let (north, south) = (s.device("North").await, s.device("South").await);
    let first = s.scan(1, Some(ticket), ReportKind::Admit);
    record_scans(&s.sv, &north, s.batch([first.clone()]))
        .await
        .unwrap();
    s.pass(SignedDuration::from_secs(5));
    let second = s.scan(1, Some(ticket), ReportKind::Admit);
    record_scans(&s.sv, &south, s.batch([second.clone()]))
        .await
        .unwrap();
    let foreign = record_scans(
        &s.sv,
        &south,
        s.batch([s.scan(2, Some(ticket), ReportKind::Undo { of: first.id })]),
    );
    assert_eq!(
        foreign.await.unwrap().answers[0].reason.as_deref(),
        Some("nothing_to_undo")
    );
    let undo = s.scan(2, Some(ticket), ReportKind::Undo { of: first.id });
    let told = record_scans(&s.sv, &north, s.batch([undo])).await.unwrap();
    assert_eq!(
        (told.answers[0].answer, told.counters.inside),
        (Answer::Accepted, 1)
    );
    let list = roster(&s.sv, &north, "", Health::default()).await.unwrap();
    assert_eq!(list.entries[0].admitted[0].gate.as_deref(), Some("South"));
    let undo = s.scan(3, Some(ticket), ReportKind::Undo { of: second.id });
    record_scans(&s.sv, &south, s.batch([undo])).await.unwrap();
    assert_eq!(s.counters().await.inside, 0);
}

#[tokio::test]
async fn nothing_is_dropped_and_nothing_strange_gets_in() {
    let s = Stage::new().await;
    let void = s.ticket("Ana", TicketState::Replaced).await;
    let good = s.ticket("Bor", TicketState::Valid).await;
    let elsewhere = Stage::new().await.ticket("Cene", TicketState::Valid).await;
    let device = s.device("").await;
    let batch = s.batch([
        s.scan(1, Some(void), ReportKind::Admit),
        s.scan(2, Some(elsewhere), ReportKind::Admit),
        s.scan(
            3,
            None,
            ReportKind::Undo {
                of: CheckInId::new(s.sv.new_id()),
            },
        ),
        s.scan(3, Some(good), ReportKind::Admit),
    ]);
    let told = record_scans(&s.sv, &device, batch).await.unwrap();
    assert_eq!(
        told.answers
            .iter()
            .map(|answer| (answer.answer, answer.reason.as_deref()))
            .collect::<Vec<_>>(),
        [
            (Answer::LateRevoked, None),
            (Answer::Refused, Some("unknown_ticket")),
            (Answer::Refused, Some("nothing_to_undo")),
            (Answer::Refused, Some("number_used")),
        ]
    );
    assert_eq!(told.counters.inside, 0);
    let seen = overview(&s.sv, &s.permit(), s.event)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.conflicts.len(), 1);
    assert_eq!(seen.devices[0].pending, 0);
}

#[tokio::test]
async fn a_device_reporting_itself_twice_at_once_counts_once() {
    let s = Stage::new().await;
    let mut scans = Vec::new();
    for n in 0..20 {
        scans.push(s.scan(
            n,
            Some(s.ticket("Guest", TicketState::Valid).await),
            ReportKind::Admit,
        ));
    }
    let (north, south) = (s.device("North").await, s.device("South").await);
    let mut others: Vec<_> = scans
        .iter()
        .map(|scan| s.scan(scan.counter, scan.ticket, ReportKind::Admit))
        .collect();
    others.reverse();
    let (a, b, c) = tokio::join!(
        record_scans(&s.sv, &north, s.batch(scans.clone())),
        record_scans(&s.sv, &north, s.batch(scans.clone())),
        record_scans(&s.sv, &south, s.batch(others)),
    );
    for told in [a, b, c] {
        told.unwrap();
    }
    let full = Counters {
        sold: 20,
        inside: 20,
    };
    assert_eq!(s.counters().await, full);
    let seen = overview(&s.sv, &s.permit(), s.event)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.conflicts.len(), 20);
}

#[tokio::test]
async fn a_lost_phone_is_shut_out() {
    let s = Stage::new().await;
    let link = s.pairing("").await;
    let paired = pair(
        &s.sv,
        PairRequest {
            token: link.token,
            device_name: "Lost".into(),
        },
    )
    .await
    .unwrap();
    let stranger = Stage::new().await;
    let tried = revoke_device(&stranger.sv, &stranger.permit(), paired.door.device).await;
    assert!(matches!(tried, Err(RevokeRefused::NotFound)));
    revoke_device(&s.sv, &s.permit(), paired.door.device)
        .await
        .unwrap();
    assert!(matches!(
        device_by_token(&s.sv, &paired.token).await,
        Err(DeviceRefused::Revoked)
    ));
    assert!(list_devices(&s.sv, &s.permit(), s.event).await.unwrap()[0].revoked);
}

#[tokio::test]
async fn leases_are_renewed_until_the_event_is_over() {
    let s = Stage::new().await;
    let device = s.device("").await;
    s.pass(SignedDuration::from_hours(30));
    let page = roster(&s.sv, &device, "", Health::default()).await.unwrap();
    assert_eq!(
        page.door.lease_until,
        s.sv.now() + SignedDuration::from_hours(24)
    );
    s.pass(SignedDuration::from_hours(24 * 30));
    assert!(matches!(
        roster(&s.sv, &device, "", Health::default()).await,
        Err(RosterRefused::LeaseOver)
    ));
    // What happened at the door is still taken over.
    record_scans(
        &s.sv,
        &device,
        s.batch([s.scan(1, None, ReportKind::Refuse)]),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn other_organizations_see_nothing() {
    let s = Stage::new().await;
    s.ticket("Ana", TicketState::Valid).await;
    let stranger = Stage::on(&s).await;
    assert!(
        overview(&stranger.sv, &stranger.permit(), s.event)
            .await
            .unwrap()
            .is_none()
    );
    let cmd = CreatePairing {
        event: s.event,
        gate: String::new(),
        names: domain::door::Names::Full,
        works_until: None,
    };
    assert!(matches!(
        create_pairing(&stranger.sv, &stranger.permit(), cmd).await,
        Err(PairingRefused::NotFound)
    ));
}
