use domain::{
    catalog::EventState,
    checkin::{Admission, CheckInList, Place, Standing, UnknownKind, Uses, Way, unpack},
    door::{Answer, Counters, Door, DoorEvent, DoorMessage, DoorType, Names, Used},
    ids::{DeviceId, EventId},
    tickets::{KeyRing, PublicKey, SigningKey, sign},
    when::ValidityWindow,
};
use uuid::Uuid;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn ticket(number: u128) -> TicketId {
    TicketId::new(Uuid::from_u128(number))
}

fn id(number: u128) -> CheckInId {
    CheckInId::new(Uuid::from_u128(number))
}

fn event() -> EventId {
    EventId::new(Uuid::from_u128(77))
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn me() -> DeviceId {
    DeviceId::new(Uuid::from_u128(1))
}

fn code(number: u128, event: EventId) -> String {
    sign(
        &Claims::new(3, ticket(number), event, 1, (at(-9999), at(9999))),
        &key(),
    )
    .to_string()
}

fn door() -> Door {
    Door {
        device: me(),
        device_name: "Phone".into(),
        place: Place {
            gate: "North".into(),
            ..Place::default()
        },
        gates: Vec::new(),
        names: Names::Full,
        pin: None,
        message: None,
        event: DoorEvent {
            id: event(),
            title: "Night".into(),
            venue: String::new(),
            state: EventState::Published,
            time_zone: "Europe/Ljubljana".into(),
            starts_at: at(0),
            ends_at: at(7200),
            window: ValidityWindow {
                from: at(-9999),
                until: at(9999),
            },
        },
        lease_until: at(9999),
        server_now: at(0),
    }
}

fn entry(number: u128, name: &str, order: &str) -> RosterEntry {
    RosterEntry {
        ticket: ticket(number),
        type_number: 1,
        state: Standing::Valid,
        name: Some(name.into()),
        order_code: Some(order.parse().unwrap()),
        note: None,
        admitted: Vec::new(),
    }
}

fn page(entries: Vec<RosterEntry>) -> RosterPage {
    RosterPage {
        door: door(),
        keys: KeyRing::new(vec![PublicKey::of(3, &key())]),
        types: vec![DoorType {
            number: 1,
            name: "Standing".into(),
        }],
        counters: Counters { sold: 2, inside: 0 },
        entries,
        cursor: "c".into(),
        more: false,
    }
}

fn model() -> Model {
    let mut model = Model::new(Identity::new("t".into(), door()), Vec::new(), Vec::new());
    model.take_page(page(vec![
        entry(1, "Ana Novak", "ABCDEFGH"),
        entry(2, "Žiga Öz", "ABCDEFGH"),
    ]));
    model
}

/// Scans as the screen does: judge, write down, take in.
fn scan(model: &mut Model, number: u64, text: &str, now: Timestamp) -> Verdict {
    let judged = model.judge(text, now);
    let (line, entry) = model.record(&judged, id(u128::from(number)), now);
    model.stored(number, line, entry);
    judged.verdict
}

#[test]
fn green_once_then_amber() {
    let mut m = model();
    assert_eq!(scan(&mut m, 1, &code(1, event()), at(10)), Verdict::Valid);
    let again = Verdict::AlreadyIn {
        at: at(10),
        gate: Some("North".into()),
    };
    assert_eq!(scan(&mut m, 2, &code(1, event()), at(20)), again);
    assert_eq!(
        m.stats(at(60)),
        Stats {
            tickets: 2,
            sold: 2,
            inside: 1,
            pending: 2,
            refused: 1
        }
    );
}

#[test]
fn a_ticket_the_list_does_not_have_enters_once() {
    let mut m = model();
    assert_eq!(
        scan(&mut m, 1, &code(9, event()), at(10)),
        Verdict::ValidNewToDevice
    );
    assert!(matches!(
        scan(&mut m, 2, &code(9, event()), at(20)),
        Verdict::AlreadyIn { .. }
    ));
}

#[test]
fn others_are_told_apart() {
    let mut m = model();
    assert_eq!(
        scan(&mut m, 1, &code(1, EventId::new(Uuid::from_u128(8))), at(1)),
        Verdict::WrongEvent
    );
    assert_eq!(
        scan(&mut m, 2, "https://example.org", at(2)),
        Verdict::Unknown {
            kind: UnknownKind::Url
        }
    );
    let other = sign(
        &Claims::new(3, ticket(1), event(), 1, (at(0), at(9))),
        &SigningKey::from_bytes(&[6; 32]),
    );
    assert_eq!(scan(&mut m, 3, other.as_str(), at(3)), Verdict::Forged);
    assert_eq!(
        m.waiting(9)
            .iter()
            .filter(|report| report.ticket.is_some())
            .count(),
        0
    );
}

#[test]
fn a_new_list_does_not_forget_what_this_device_did() {
    let mut m = model();
    scan(&mut m, 1, &code(1, event()), at(10));
    let news = m.take_page(page(vec![entry(1, "Ana Novak", "ABCDEFGH")]));
    assert_eq!(news, [], "as this device knows it");
    assert_eq!(m.roster[&ticket(1)].entry.admitted.len(), 1);
    assert!(matches!(
        m.judge(&code(1, event()), at(20)).verdict,
        Verdict::AlreadyIn { .. }
    ));
    // The server has taken the admission in: it counts once.
    let mut told = entry(1, "Ana Novak", "ABCDEFGH");
    told.admitted.push(Admission {
        at: at(10),
        gate: None,
        device: me(),
        list: None,
        exit: false,
    });
    m.take_page(page(vec![told]));
    assert_eq!(m.roster[&ticket(1)].entry.admitted.len(), 1);
}

#[test]
fn an_undo_opens_the_door_again_whatever_the_server_still_says() {
    let mut m = model();
    scan(&mut m, 1, &code(1, event()), at(10));
    let (line, entry_after) = m.take_back(1, id(2), at(12)).unwrap();
    m.stored(2, line, entry_after);
    assert_eq!(m.judge(&code(1, event()), at(13)).verdict, Verdict::Valid);
    let mut old = entry(1, "Ana Novak", "ABCDEFGH");
    old.admitted.push(Admission {
        at: at(10),
        gate: None,
        device: me(),
        list: None,
        exit: false,
    });
    m.take_page(page(vec![old]));
    assert_eq!(m.judge(&code(1, event()), at(14)).verdict, Verdict::Valid);
    assert!(m.take_back(1, id(3), at(15)).is_none(), "once is enough");
    assert_eq!(m.recent(10).len(), 1);
}

#[test]
fn reports_go_oldest_first_until_they_are_answered() {
    let mut m = model();
    scan(&mut m, 4, &code(2, event()), at(20));
    scan(&mut m, 3, &code(1, event()), at(10));
    let waiting = m.waiting(10);
    assert_eq!(
        waiting
            .iter()
            .map(|report| report.counter)
            .collect::<Vec<_>>(),
        [3, 4]
    );
    assert_eq!(m.waiting(1).len(), 1);
    let used = Used {
        at: at(5),
        gate: Some("South".into()),
        device_name: "Other".into(),
    };
    let answer = |report: &ScanReport, settled, used| ScanAnswer {
        id: report.id,
        answer: settled,
        settled,
        used,
        reason: None,
    };
    let answers = vec![
        answer(&waiting[0], Answer::Conflict, Some(used)),
        answer(&waiting[1], Answer::Accepted, None),
    ];
    assert_eq!(m.answered(answers.clone()).len(), 2);
    assert!(m.answered(answers).is_empty(), "answers may come twice");
    assert_eq!(m.stats(at(60)).pending, 0);
    assert_eq!(
        m.troubles()
            .iter()
            .map(|(number, _)| *number)
            .collect::<Vec<_>>(),
        [3]
    );
}

#[test]
fn a_phone_held_still_is_one_scan() {
    let mut m = model();
    assert!(!m.is_repeat("a", at(0)));
    assert!(m.is_repeat("a", at(2)));
    assert!(m.is_repeat("a", at(4)), "as long as it stays in view");
    assert!(!m.is_repeat("b", at(5)));
    assert!(!m.is_repeat("a", at(6)));
    assert!(!m.is_repeat("a", at(9)));
}

#[test]
fn people_are_found_by_parts_of_their_names_and_by_order() {
    let m = model();
    let names = |query: &str| {
        m.find(query, at(5))
            .into_iter()
            .map(|found| found.holder)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("nov an"), ["Ana Novak"]);
    assert_eq!(names("ziga"), ["Žiga Öz"]);
    assert_eq!(names("novka"), ["Ana Novak"], "misspelt");
    assert_eq!(names("abcd-efgh").len(), 2);
    assert!(names("x").is_empty());
    assert!(names("").is_empty());
    let judged = m.judge_chosen(ticket(2), at(5)).unwrap();
    assert_eq!(
        (judged.verdict, judged.type_name.as_deref()),
        (Verdict::Valid, Some("Standing"))
    );
}

#[test]
fn memory_survives_the_store() {
    let mut m = model();
    scan(&mut m, 1, &code(1, event()), at(10));
    let json = serde_json::to_string(&m.recent(1)[0].1).unwrap();
    let line: Line = serde_json::from_str(&json).unwrap();
    let identity: Identity =
        serde_json::from_str(&serde_json::to_string(&m.identity).unwrap()).unwrap();
    let entries = unpack(&m.packed()).unwrap();
    assert_eq!(entries.len(), 2);
    let again = Model::new(identity, entries, vec![(1, line)]);
    assert!(matches!(
        again.judge(&code(1, event()), at(20)).verdict,
        Verdict::AlreadyIn { .. }
    ));
    assert_eq!(again.stats(at(60)).pending, 1);
}

/// One list for everybody at every gate.
fn listed(uses: Uses) -> (CheckInListId, Door) {
    let list = CheckInListId::new(Uuid::from_u128(8));
    let mut door = door();
    door.place.lists = vec![CheckInList {
        id: list,
        name: "Evening".into(),
        types: None,
        gates: None,
        window: door.event.window,
        uses,
    }];
    (list, door)
}

#[test]
fn out_and_in_again() {
    let (list, door) = listed(Uses {
        times: 1,
        reentry: true,
    });
    let mut m = model();
    m.take_page(RosterPage {
        door,
        ..page(Vec::new())
    });
    let ana = code(1, event());
    assert_eq!(scan(&mut m, 1, &ana, at(10)), Verdict::Valid);
    m.identity.way = Way::Out;
    assert_eq!(scan(&mut m, 2, &ana, at(20)), Verdict::Exited);
    assert_eq!(m.stats(at(60)).inside, 0);
    m.identity.way = Way::In;
    assert_eq!(scan(&mut m, 3, &ana, at(30)), Verdict::Valid);
    assert!(!scan(&mut m, 4, &ana, at(40)).admits());
    let told = m.waiting(9);
    let kinds: Vec<_> = told.iter().map(|line| (line.kind, line.list)).collect();
    assert_eq!(
        kinds,
        [
            (ReportKind::Admit, Some(list)),
            (ReportKind::Exit, Some(list)),
            (ReportKind::Admit, Some(list)),
            (ReportKind::Refuse, Some(list)),
        ]
    );
    // The server has not heard of it yet; the list it sends does not make this device forget.
    m.take_page(RosterPage {
        door: m.identity.door.clone(),
        ..page(vec![entry(1, "Ana Novak", "ABCDEFGH")])
    });
    assert_eq!(m.stats(at(60)).inside, 1);
    // The exit did not happen: so the second entry was one too many, and whoever looks sees two inside.
    let (line, entry) = m.take_back(2, id(5), at(50)).unwrap();
    m.stored(5, line, entry);
    assert_eq!(m.stats(at(60)).inside, 2);
}

#[test]
fn a_supervisor_lets_in() {
    let mut m = model();
    let ana = code(1, event());
    scan(&mut m, 1, &ana, at(10));
    let judged = m.judge(&ana, at(20));
    let (line, entry) = m
        .force(&judged, id(2), at(20), "Lost her wristband".into())
        .unwrap();
    m.stored(2, line, entry);
    let told = m.waiting(9);
    assert_eq!(
        (told[1].kind, told[1].reason.as_deref()),
        (ReportKind::Force, Some("Lost her wristband"))
    );
    assert_eq!(m.stats(at(60)).inside, 2);
    let nonsense = m.judge("nonsense", at(30));
    assert_eq!(m.force(&nonsense, id(3), at(30), String::new()), None);
}

#[test]
fn a_family_in_one_go() {
    let mut m = model();
    let judged = m.judge(&code(1, event()), at(10));
    assert_eq!(m.mates(&judged, at(10)), [ticket(2)]);
    scan(&mut m, 1, &code(2, event()), at(11));
    assert_eq!(m.mates(&judged, at(12)), []);
}

#[test]
fn a_chosen_gate_stays() {
    let open = |gate: &str| Door {
        place: Place {
            gate: gate.into(),
            ..Place::default()
        },
        ..door()
    };
    let mut m = model();
    m.identity.choose_gate("East".into());
    m.take_page(RosterPage {
        door: open(""),
        ..page(Vec::new())
    });
    scan(&mut m, 1, &code(1, event()), at(10));
    assert_eq!(m.waiting(1)[0].gate.as_deref(), Some("East"));
    // Pairing has settled it meanwhile.
    m.take_page(RosterPage {
        door: open("West"),
        ..page(Vec::new())
    });
    scan(&mut m, 2, &code(2, event()), at(20));
    assert_eq!(m.waiting(2)[1].gate, None);
}

#[test]
fn a_message_is_unread_until_it_is_read_here() {
    let mut m = model();
    assert_eq!(m.identity.unread(), None);
    let say = |second| DoorMessage {
        text: "Open the side doors".into(),
        sent_at: at(second),
    };
    m.identity.door.message = Some(say(10));
    assert_eq!(m.identity.unread(), Some(&say(10)));
    m.identity.read = Some(at(10));
    assert_eq!(m.identity.unread(), None);
    m.identity.door.message = Some(say(20));
    assert_eq!(m.identity.unread(), Some(&say(20)));
}

#[test]
fn what_was_scanned_on_the_way_in_may_be_scanned_on_the_way_out() {
    let mut m = model();
    assert!(!m.is_repeat("code", at(10)));
    assert!(m.is_repeat("code", at(11)));
    m.forget_last();
    assert!(!m.is_repeat("code", at(12)));
}

#[test]
fn what_waits_to_be_told_names_nobody() {
    let mut m = model();
    let mut noted = entry(1, "Ana Novak", "ABCDEFGH");
    noted.note = Some("Wheelchair of Ana".into());
    m.take_page(page(vec![noted]));
    let judged = m.judge(&code(1, event()), at(10));
    let (line, _) = m.record(&judged, id(1), at(10));
    let unsent = m.unsent(&line);
    assert_eq!(unsent.line.report(7), line.report(7));
    let kept = serde_json::to_string(&unsent).unwrap();
    for secret in ["Ana", "ABCD", "Standing", "Wheelchair"] {
        assert!(!kept.contains(secret), "{kept}");
    }
}

#[test]
fn no_clock_before_what_was_seen_is_right() {
    let mut m = model();
    assert_eq!(m.latest(), Some(at(0)), "the server's answer");
    scan(&mut m, 1, &code(1, event()), at(10));
    assert_eq!(m.latest(), Some(at(10)));
}

#[test]
fn only_news_is_written() {
    let mut m = model();
    let known = || {
        page(vec![
            entry(1, "Ana Novak", "ABCDEFGH"),
            entry(2, "Žiga Öz", "ABCDEFGH"),
        ])
    };
    assert_eq!(m.take_page(known()), []);
    let mut changed = known();
    changed.entries[1].state = Standing::Cancelled;
    assert_eq!(m.take_page(changed.clone()), [changed.entries.remove(1)]);
}

#[test]
fn a_name_that_changes_is_searched_by_the_new_one() {
    let mut m = model();
    while m.fold_some(1) {}
    m.take_page(page(vec![entry(1, "Berta Zupan", "ABCDEFGH")]));
    let found = |query: &str| m.find(query, at(5)).len();
    assert_eq!((found("berta"), found("novak")), (1, 0));
}

/// Opening is what a steward waits for: everything but reading and deciphering, which browsers do beside.
#[test]
fn a_hundred_thousand_tickets_open_at_once() {
    let code = |n: u64| -> OrderCode {
        let bytes = (n / 3).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        OrderCode::from_entropy(bytes)
    };
    let entries: Vec<_> = (0..100_000_u64)
        .map(|n| RosterEntry {
            order_code: Some(code(n)),
            ..entry(u128::from(n), &format!("Ana Novak {n}"), "ABCDEFGH")
        })
        .collect();
    let packed = domain::checkin::pack(entries.iter());
    let began = std::time::Instant::now();
    let entries = unpack(&packed).unwrap();
    let m = Model::new(Identity::new("t".into(), door()), entries, Vec::new());
    println!("opened in {:?}", began.elapsed());
    assert_eq!(m.stats(at(5)).tickets, 100_000);
}

#[test]
fn what_was_done_here_counts_though_the_list_on_the_disk_is_older() {
    let m = model();
    let judged = m.judge(&code(1, event()), at(10));
    let (line, _) = m.record(&judged, id(1), at(10));
    let older = vec![entry(1, "Ana Novak", "ABCDEFGH")];
    let mut m = Model::new(m.identity, older, vec![(1, line)]);
    assert!(matches!(
        scan(&mut m, 2, &code(1, event()), at(20)),
        Verdict::AlreadyIn { .. }
    ));
}

#[test]
fn scans_of_the_first_build_are_carried_over() {
    let mut m = model();
    scan(&mut m, 1, &code(1, event()), at(10));
    let identity = serde_json::to_string(&m.identity).unwrap();
    let line = m.lines[&1].clone();
    let kept = serde_json::to_string(&line).unwrap();
    let unsent = Unsent::of_first_build(&identity, &kept).unwrap();
    assert_eq!(unsent, m.unsent(&line));
    m.answered(vec![ScanAnswer {
        id: id(1),
        answer: Answer::Refused,
        settled: Answer::Refused,
        used: None,
        reason: None,
    }]);
    let told = serde_json::to_string(&m.lines[&1]).unwrap();
    assert_eq!(Unsent::of_first_build(&identity, &told), None);
}

#[test]
fn a_lease_ends_once_there_is_something_to_forget() {
    let m = model();
    assert!(!m.identity.is_over(at(9998)));
    assert!(m.identity.is_over(at(9999)));
    // Comes back, and knows of the old lease only.
    assert!(!Identity::new("t".into(), door()).is_over(at(9999)));
    // Half a list is something.
    let mut m = Model::new(Identity::new("t".into(), door()), Vec::new(), Vec::new());
    let half = page(vec![entry(1, "Ana Novak", "ABCDEFGH")]);
    m.take_page(RosterPage { more: true, ..half });
    assert!(m.identity.is_over(at(9999)));
}
