use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::*;
use crate::{
    checkin::{Admission, CheckInList, Opening, Uses},
    ids::{DeviceId, EventId, TicketId},
};

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

fn event(number: u128) -> EventId {
    EventId::new(Uuid::from_u128(number))
}

fn claims() -> Claims {
    Claims::new(
        1,
        TicketId::new(Uuid::from_u128(5)),
        event(1),
        1,
        (at(10), at(90)),
    )
}

fn context() -> Context<'static> {
    static ANY: Place = Place {
        gate: String::new(),
        lists: Vec::new(),
        openings: Vec::new(),
        type_notes: BTreeMap::new(),
    };
    Context {
        event_tag: event(1).into(),
        event_cancelled: false,
        now: at(50),
        window: ValidityWindow {
            from: at(20),
            until: at(80),
        },
        place: &ANY,
        way: Way::In,
    }
}

/// The verdict alone.
fn decide(
    scan: &Result<Claims, CodeFault>,
    entry: Option<&RosterEntry>,
    ctx: &Context<'_>,
) -> Verdict {
    super::decide(scan, entry, ctx).verdict
}

fn entry() -> RosterEntry {
    RosterEntry::new_to_device(&claims())
}

fn id(number: u128) -> CheckInListId {
    CheckInListId::new(Uuid::from_u128(number))
}

/// A list for these types at these gates between two minutes.
fn list(number: u128, types: &[u16], gates: &[&str], (from, until): (i64, i64)) -> CheckInList {
    CheckInList {
        id: id(number),
        name: format!("List {number}"),
        types: (!types.is_empty()).then(|| types.iter().copied().collect()),
        gates: (!gates.is_empty()).then(|| {
            gates
                .iter()
                .map(|gate| (*gate).into())
                .collect::<BTreeSet<_>>()
        }),
        window: ValidityWindow {
            from: at(from),
            until: at(until),
        },
        uses: Uses::ONCE,
    }
}

fn place(gate: &str, lists: Vec<CheckInList>) -> Place {
    Place {
        gate: gate.into(),
        lists,
        ..Place::default()
    }
}

fn at_place(place: &Place, entry: Option<&RosterEntry>, minute: i64) -> Decision {
    let now = at(minute);
    super::decide(
        &Ok(claims()),
        entry,
        &Context {
            now,
            place,
            ..context()
        },
    )
}

fn admission(minute: i64, gate: &str) -> Admission {
    Admission {
        at: at(minute),
        gate: Some(gate.into()),
        device: DeviceId::new(Uuid::nil()),
        list: None,
        exit: false,
    }
}

#[test]
fn the_ways_in() {
    assert_eq!(
        decide(&Ok(claims()), Some(&entry()), &context()),
        Verdict::Valid
    );
    assert_eq!(
        decide(&Ok(claims()), None, &context()),
        Verdict::ValidNewToDevice
    );
    let stranger = RosterEntry {
        ticket: TicketId::new(Uuid::nil()),
        state: Standing::Cancelled,
        ..entry()
    };
    assert_eq!(
        decide(&Ok(claims()), Some(&stranger), &context()),
        Verdict::ValidNewToDevice
    );
}

#[test]
fn the_second_time() {
    let used = RosterEntry {
        admitted: vec![admission(30, "A")],
        ..entry()
    };
    let again = Verdict::AlreadyIn {
        at: at(30),
        gate: Some("A".into()),
    };
    assert_eq!(decide(&Ok(claims()), Some(&used), &context()), again);
}

#[test]
fn tickets_that_do_not_stand() {
    for (state, verdict) in [
        (Standing::Cancelled, Verdict::Cancelled),
        (Standing::Replaced, Verdict::Replaced),
        (Standing::Blocked, Verdict::Blocked),
    ] {
        let entry = RosterEntry {
            state,
            admitted: vec![admission(30, "A")],
            ..entry()
        };
        assert_eq!(decide(&Ok(claims()), Some(&entry), &context()), verdict);
    }
    let elsewhere = Context {
        event_tag: event(2).into(),
        event_cancelled: true,
        ..context()
    };
    assert_eq!(
        decide(&Ok(claims()), Some(&entry()), &elsewhere),
        Verdict::WrongEvent
    );
    let off = Context {
        event_cancelled: true,
        ..context()
    };
    assert_eq!(
        decide(&Ok(claims()), Some(&entry()), &off),
        Verdict::EventCancelled
    );
}

#[test]
fn both_windows_count() {
    let decide_at = |claims, minute| {
        decide(
            &Ok(claims),
            Some(&entry()),
            &Context {
                now: at(minute),
                ..context()
            },
        )
    };
    assert_eq!(decide_at(claims(), 19), Verdict::TooEarly { opens: at(20) });
    assert_eq!(decide_at(claims(), 20), Verdict::Valid);
    assert_eq!(decide_at(claims(), 80), Verdict::TooLate { closed: at(80) });
    let short = Claims {
        valid_from: crate::when::Minute(30),
        valid_until: crate::when::Minute(40),
        ..claims()
    };
    assert_eq!(decide_at(short, 29), Verdict::TooEarly { opens: at(30) });
    assert_eq!(decide_at(short, 40), Verdict::TooLate { closed: at(40) });
}

#[test]
fn things_that_are_no_tickets() {
    for (fault, verdict) in [
        (CodeFault::Forged, Verdict::Forged),
        (
            CodeFault::UnknownKey,
            Verdict::Unknown {
                kind: UnknownKind::UnknownKey,
            },
        ),
        (
            CodeFault::Damaged,
            Verdict::Unknown {
                kind: UnknownKind::Damaged,
            },
        ),
        (
            CodeFault::UnsupportedVersion,
            Verdict::Unknown {
                kind: UnknownKind::NewerVersion,
            },
        ),
        (
            CodeFault::NotBilten {
                looks_like: LooksLike::Url,
            },
            Verdict::Unknown {
                kind: UnknownKind::Url,
            },
        ),
    ] {
        let given = decide(&Err(fault), Some(&entry()), &context());
        assert_eq!(given, verdict);
        assert!(!given.admits());
    }
}

#[test]
fn a_list_says_where_and_when() {
    let lists = vec![
        list(1, &[2], &["A"], (20, 80)),
        list(2, &[1], &["B", "C"], (30, 60)),
    ];
    let elsewhere = at_place(&place("A", lists.clone()), Some(&entry()), 50);
    let gates = vec!["B".into(), "C".into()];
    assert_eq!(elsewhere.verdict, Verdict::WrongGate { gates });
    let here = at_place(&place("B", lists.clone()), Some(&entry()), 50);
    assert_eq!((here.verdict, here.list), (Verdict::Valid, Some(id(2))));
    for (minute, verdict) in [
        (25, Verdict::TooEarly { opens: at(30) }),
        (60, Verdict::TooLate { closed: at(60) }),
    ] {
        let place = place("B", lists.clone());
        assert_eq!(at_place(&place, Some(&entry()), minute).verdict, verdict);
    }
    let nowhere = place("A", vec![list(1, &[2], &[], (20, 80))]);
    assert_eq!(
        at_place(&nowhere, Some(&entry()), 50).verdict,
        Verdict::NotAdmitted
    );
    let opened = Place {
        openings: vec![Opening {
            gate: "A".into(),
            type_number: 1,
        }],
        ..place("A", lists)
    };
    assert_eq!(
        at_place(&opened, Some(&entry()), 50),
        Decision {
            verdict: Verdict::Valid,
            list: Some(id(2))
        }
    );
}

#[test]
fn each_day_counts_apart() {
    let days = place(
        "",
        vec![list(1, &[], &[], (20, 40)), list(2, &[], &[], (40, 80))],
    );
    let used = RosterEntry {
        admitted: vec![Admission {
            list: Some(id(1)),
            ..admission(30, "A")
        }],
        ..entry()
    };
    assert!(matches!(
        at_place(&days, Some(&used), 35).verdict,
        Verdict::AlreadyIn { .. }
    ));
    let second = at_place(&days, Some(&used), 45);
    assert_eq!((second.verdict, second.list), (Verdict::Valid, Some(id(2))));
}

#[test]
fn several_times_and_back_again() {
    let with = |times, reentry| {
        place(
            "",
            vec![CheckInList {
                uses: Uses { times, reentry },
                ..list(1, &[], &[], (20, 80))
            }],
        )
    };
    let on = |minute, exit| Admission {
        list: Some(id(1)),
        exit,
        ..admission(minute, "A")
    };
    let after = |admitted| RosterEntry {
        admitted,
        ..entry()
    };
    let verdict = |place: &Place, admitted| at_place(place, Some(&after(admitted)), 50).verdict;
    let used = |minute| Verdict::AlreadyIn {
        at: at(minute),
        gate: Some("A".into()),
    };
    assert_eq!(
        verdict(&with(2, false), vec![on(30, false)]),
        Verdict::Valid
    );
    // What counts is when it happened, not when it was heard of.
    let both = vec![on(40, false), on(30, false)];
    assert_eq!(verdict(&with(2, false), both), used(40));
    let left = vec![on(35, true), on(30, false)];
    assert_eq!(verdict(&with(1, true), left.clone()), Verdict::Valid);
    assert_eq!(verdict(&with(1, false), left.clone()), used(30));
    let back = [left, vec![on(40, false)]].concat();
    assert_eq!(verdict(&with(1, true), back.clone()), used(40));
    assert_eq!(after(back.clone()).inside(&[]), 1);
    assert_eq!(after(back).inside(&[id(1)]), 0);
    // Before there were lists.
    assert_eq!(verdict(&with(1, false), vec![admission(30, "A")]), used(30));
}

#[test]
fn on_the_way_out() {
    let place = place("", vec![list(1, &[2], &["A"], (20, 60))]);
    let out = |entry: Option<&RosterEntry>, event_tag| {
        let ctx = Context {
            place: &place,
            way: Way::Out,
            event_tag,
            ..context()
        };
        super::decide(&Ok(claims()), entry, &ctx)
    };
    let inside = RosterEntry {
        admitted: vec![Admission {
            list: Some(id(1)),
            ..admission(30, "A")
        }],
        ..entry()
    };
    let left = out(Some(&inside), event(1).into());
    assert_eq!((left.verdict, left.list), (Verdict::Exited, Some(id(1))));
    let other = Place {
        lists: vec![list(1, &[], &[], (20, 30)), list(2, &[], &[], (40, 60))],
        ..Place::default()
    };
    assert_eq!(other.usual_list(1, at(50)), Some(id(2)));
    assert_eq!(other.usual_list(1, at(35)), Some(id(2)));
    assert_eq!(other.usual_list(1, at(70)), Some(id(2)));
    assert_eq!(other.over(at(30)), [id(1)]);
    assert_eq!(out(None, event(1).into()).verdict, Verdict::Exited);
    assert_eq!(out(None, event(2).into()).verdict, Verdict::WrongEvent);
}

#[test]
fn something_to_look_at() {
    let noted = Place {
        type_notes: BTreeMap::from([(1, "Check the student card".into())]),
        ..Place::default()
    };
    let entry = RosterEntry {
        note: Some("Wheelchair".into()),
        ..entry()
    };
    let texts = vec!["Check the student card".into(), "Wheelchair".into()];
    let verdict = at_place(&noted, Some(&entry), 50).verdict;
    assert_eq!(verdict, Verdict::Attention { texts });
    assert!(verdict.admits());
    let used = RosterEntry {
        admitted: vec![admission(30, "A")],
        ..entry
    };
    assert!(!at_place(&noted, Some(&used), 50).verdict.admits());
}
