//! How reports are written: once, together, and as if each had come alone.

use domain::{
    door::{Answer, PairRequest, ReportKind, ScanReport},
    ids::TicketId,
    tickets::TicketState,
};
use jiff::SignedDuration;
use sqlx::postgres::PgListener;

use super::stage::Stage;
use crate::{
    checkin::{
        Device, RecordRefused, list_devices, pair, queries, record_scans, reporter, revoke_device,
        settle,
    },
    db::Scope,
};

/// Where the last version of a scan lies in its table: the number of versions that were ever written.
async fn versions(s: &Stage) -> i32 {
    let mut tx = s.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query_scalar("select coalesce(max((ctid::text::point)[1]), 0)::integer from check_ins")
        .fetch_one(&mut *tx)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_scan_is_written_once() {
    let s = Stage::new().await;
    let (north, south) = (s.device("North").await, s.device("South").await);
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(s.ticket("Guest", TicketState::Valid).await);
    }
    let first = (1..)
        .zip(&tickets)
        .map(|(n, ticket)| s.scan(n, Some(*ticket), ReportKind::Admit));
    let first = s.batch(first);
    record_scans(&s.sv, &north, first.clone()).await.unwrap();
    assert_eq!(versions(&s).await, 4);
    // Neither a second entry nor a refusal touches what is there, and what is known is not written at all.
    s.pass(SignedDuration::from_secs(1));
    let second = s.batch([
        s.scan(1, Some(tickets[0]), ReportKind::Admit),
        s.scan(2, None, ReportKind::Refuse),
    ]);
    let told = record_scans(&s.sv, &south, second).await.unwrap();
    let used = told.answers[0].used.clone().unwrap();
    assert_eq!(told.answers[0].answer, Answer::Conflict);
    assert_eq!(used.gate.as_deref(), Some("North"));
    assert_eq!(versions(&s).await, 6);
    record_scans(&s.sv, &north, first).await.unwrap();
    assert_eq!(versions(&s).await, 6);
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Lines of one device: what really happens at doors, more often than it should.
fn lines(
    s: &Stage,
    dice: &mut Dice,
    tickets: &[TicketId],
    lists: &[domain::ids::CheckInListId],
) -> Vec<ScanReport> {
    let mut lines: Vec<ScanReport> = Vec::new();
    for counter in 1..13 {
        let ticket = tickets[dice.below(tickets.len())];
        let kind = match dice.below(10) {
            0 => ReportKind::Refuse,
            1 => ReportKind::Force,
            2 | 3 => ReportKind::Exit,
            4 if !lines.is_empty() => ReportKind::Undo {
                of: lines[dice.below(lines.len())].id,
            },
            _ => ReportKind::Admit,
        };
        let mut line = s.scan(counter, Some(ticket), kind);
        if let ReportKind::Undo { of } = kind {
            line.ticket = lines.iter().find(|line| line.id == of).unwrap().ticket;
        }
        line.at += SignedDuration::from_secs(i64::try_from(dice.below(20)).unwrap());
        line.list = lists.get(dice.below(lists.len() + 1)).copied();
        lines.push(line);
    }
    lines
}

#[tokio::test]
async fn what_was_foreseen_is_what_deciding_anew_says() {
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let s = Stage::new().await;
        let lists = match seed % 2 {
            0 => vec![],
            _ => vec![s.list(None, 2, false).await, s.list(None, 1, true).await],
        };
        let mut tickets = Vec::new();
        for state in [
            TicketState::Valid,
            TicketState::Valid,
            TicketState::Valid,
            TicketState::Cancelled,
        ] {
            tickets.push(s.ticket("Guest", state).await);
        }
        let mut waiting: Vec<(Device, Vec<ScanReport>)> = Vec::new();
        for gate in ["North", "South", "East"] {
            let device = s.device(gate).await;
            waiting.push((device, lines(&s, &mut dice, &tickets, &lists)));
        }
        while waiting.iter().any(|(_, lines)| !lines.is_empty()) {
            // Some devices at once, each with its next lines; now and then an answer was lost, and they come again.
            let mut reports = Vec::new();
            for (device, lines) in &mut waiting {
                let portion = lines.len().min(dice.below(4));
                let batch = s.batch(lines[..portion].to_vec());
                if dice.below(4) > 0 {
                    lines.drain(..portion);
                }
                reports.push(record_scans(&s.sv, device, batch));
            }
            for told in futures::future::join_all(reports).await {
                told.unwrap();
            }
            let mut tx =
                s.sv.db
                    .begin(Scope::Organization(s.organization))
                    .await
                    .unwrap();
            let rules = queries::list_rules(&mut tx, s.organization, s.event)
                .await
                .unwrap();
            let left = settle::anew(&mut tx, s.organization, &tickets, &rules)
                .await
                .unwrap();
            assert_eq!((left.more, left.moved), (0, false), "seed {seed}");
        }
        let mut tx = s.sv.db.begin(Scope::System).await.unwrap();
        let written: i64 = sqlx::query_scalar("select count(*) from check_ins")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(written, 36, "seed {seed}");
        drop(tx);
        let told = s.device("").await;
        let told = record_scans(&s.sv, &told, s.batch([])).await.unwrap();
        assert_eq!(told.counters, s.counters().await, "seed {seed}");
    }
}

#[tokio::test]
async fn who_is_shut_out_elsewhere_is_refused_at_once_and_alone() {
    let s = Stage::new().await;
    let another_process = Stage::on(&s).await.sv.clone();
    let ticket = s.ticket("Ana", TicketState::Valid).await;
    let good = s.device("North").await;
    let request = PairRequest {
        token: s.pairing("South").await.token,
        device_name: "Lost".into(),
    };
    let token = pair(&s.sv, request).await.unwrap().token;
    let lost = reporter(&s.sv, &token).await.unwrap();
    record_scans(&s.sv, &lost, s.batch([s.scan(1, None, ReportKind::Refuse)]))
        .await
        .unwrap();
    revoke_device(&another_process, &s.permit(), lost.id())
        .await
        .unwrap();
    let again = reporter(&s.sv, &token).await.unwrap();
    let (refused, taken) = tokio::join!(
        record_scans(
            &s.sv,
            &again,
            s.batch([s.scan(2, Some(ticket), ReportKind::Admit)])
        ),
        record_scans(
            &s.sv,
            &good,
            s.batch([s.scan(1, Some(ticket), ReportKind::Admit)])
        ),
    );
    assert!(matches!(refused, Err(RecordRefused::ShutOut)));
    assert_eq!(taken.unwrap().answers[0].answer, Answer::Accepted);
    assert_eq!(versions(&s).await, 2);
}

#[tokio::test]
async fn a_device_is_noted_down_now_and_then_and_when_it_has_news() {
    let s = Stage::new().await;
    let device = s.device("").await;
    let seen = async || {
        let devices = list_devices(&s.sv, &s.permit(), s.event).await.unwrap();
        (devices[0].last_seen_at, devices[0].pending)
    };
    let paired = s.sv.now();
    let report = async |pending| {
        let mut batch = s.batch([]);
        batch.pending = pending;
        record_scans(&s.sv, &device, batch).await.unwrap()
    };
    s.pass(SignedDuration::from_secs(4));
    let told = report(0).await;
    assert_eq!(
        told.lease_until,
        s.sv.now() + SignedDuration::from_hours(24)
    );
    assert_eq!(seen().await, (paired, 0));
    report(3).await;
    assert_eq!(seen().await, (s.sv.now(), 3));
    s.pass(SignedDuration::from_secs(5));
    report(3).await;
    assert_eq!(seen().await, (s.sv.now(), 3));
}

#[tokio::test]
async fn watchers_are_told_once_for_many_scans() {
    let s = Stage::new().await;
    let device = s.device("").await;
    let mut heard = PgListener::connect_with(s.sv.db.pool()).await.unwrap();
    heard.listen("bilten_live").await.unwrap();
    for counter in 1..6 {
        let refused = s.scan(counter, None, ReportKind::Refuse);
        record_scans(&s.sv, &device, s.batch([refused]))
            .await
            .unwrap();
    }
    assert_eq!(heard.recv().await.unwrap().payload(), s.event.to_string());
    let more = tokio::time::timeout(std::time::Duration::from_secs(1), heard.recv()).await;
    assert!(more.is_err());
    // What comes later is told, too.
    let refused = s.scan(6, None, ReportKind::Refuse);
    record_scans(&s.sv, &device, s.batch([refused]))
        .await
        .unwrap();
    assert_eq!(heard.recv().await.unwrap().payload(), s.event.to_string());
}
