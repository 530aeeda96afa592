use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::*;

fn record(id: u128, ticket: u128, device: u128, second: i64, kind: ScanKind) -> ScanRecord {
    ScanRecord {
        at: Timestamp::from_second(second).unwrap(),
        counter: 0,
        device: DeviceId::new(Uuid::from_u128(device)),
        id: CheckInId::new(Uuid::from_u128(id)),
        ticket: TicketId::new(Uuid::from_u128(ticket)),
        gate: None,
        list: None,
        kind,
    }
}

fn undo(of: u128) -> ScanKind {
    ScanKind::Undo {
        of: CheckInId::new(Uuid::from_u128(of)),
    }
}

fn once(_: TicketId, _: Option<CheckInListId>) -> Uses {
    Uses::ONCE
}

fn back_again(_: TicketId, _: Option<CheckInListId>) -> Uses {
    Uses {
        times: 1,
        reentry: true,
    }
}

fn ids(records: &[ScanRecord]) -> Vec<u128> {
    records
        .iter()
        .map(|record| record.id.get().as_u128())
        .collect()
}

#[test]
fn the_first_door_wins() {
    let merged = merge(
        [
            record(1, 9, 1, 20, ScanKind::Admit),
            record(2, 9, 2, 10, ScanKind::Admit),
        ],
        once,
    );
    assert_eq!(
        (ids(&merged.admissions), ids(&merged.conflicts)),
        (vec![2], vec![1])
    );
}

#[test]
fn an_undo_makes_room() {
    let log = [
        record(1, 9, 1, 10, ScanKind::Admit),
        record(2, 9, 1, 20, undo(1)),
        record(3, 9, 1, 30, ScanKind::Admit),
    ];
    let merged = merge(log, once);
    assert_eq!(
        (ids(&merged.admissions), ids(&merged.conflicts)),
        (vec![3], vec![])
    );
}

#[test]
fn an_undo_of_another_ticket_does_nothing() {
    let merged = merge(
        [
            record(1, 9, 1, 10, ScanKind::Admit),
            record(2, 8, 1, 20, undo(1)),
        ],
        once,
    );
    assert_eq!(ids(&merged.admissions), [1]);
}

#[test]
fn who_left_comes_back_where_the_list_says_so() {
    let log = [
        record(1, 9, 1, 10, ScanKind::Admit),
        record(2, 9, 2, 20, ScanKind::Exit),
        record(3, 9, 1, 30, ScanKind::Admit),
        record(4, 9, 2, 40, ScanKind::Admit),
        record(5, 9, 2, 50, ScanKind::Exit),
        record(6, 9, 2, 60, ScanKind::Exit),
    ];
    let merged = merge(log.clone(), back_again);
    assert_eq!(ids(&merged.admissions), [1, 3]);
    assert_eq!(ids(&merged.conflicts), [4]);
    assert_eq!(
        (ids(&merged.exits), ids(&merged.idle_exits)),
        (vec![2, 5], vec![6])
    );
    let merged = merge(log, once);
    assert_eq!(
        (ids(&merged.admissions), ids(&merged.conflicts)),
        (vec![1], vec![3, 4])
    );
}

#[test]
fn a_supervisor_is_never_a_conflict_but_counts() {
    let merged = merge(
        [
            record(1, 9, 1, 10, ScanKind::Force),
            record(2, 9, 2, 20, ScanKind::Admit),
            record(3, 9, 1, 30, ScanKind::Force),
        ],
        once,
    );
    assert_eq!(
        (ids(&merged.admissions), ids(&merged.conflicts)),
        (vec![1, 3], vec![2])
    );
}

#[test]
fn entries_from_before_there_were_lists_count_on_each() {
    let list = Some(CheckInListId::new(Uuid::from_u128(1)));
    let merged = merge(
        [
            record(1, 9, 1, 10, ScanKind::Admit),
            ScanRecord {
                list,
                ..record(2, 9, 1, 20, ScanKind::Admit)
            },
        ],
        once,
    );
    assert_eq!(
        (ids(&merged.admissions), ids(&merged.conflicts)),
        (vec![1], vec![2])
    );
}

#[test]
fn what_came_in_on_a_list_that_is_gone_stays_and_counts_on_each_from_then_on() {
    let list = |number| Some(CheckInListId::new(Uuid::from_u128(number)));
    let on = |id, second, list| ScanRecord {
        list,
        ..record(id, 9, 1, second, ScanKind::Admit)
    };
    let exit = |id, second| record(id, 9, 1, second, ScanKind::Exit);
    let twice = Uses {
        times: 2,
        reentry: false,
    };
    let log = [
        on(1, 10, list(1)),
        on(2, 20, list(1)),
        on(3, 30, list(2)),
        // The first list goes.
        on(4, 50, list(2)),
        on(5, 60, list(3)),
        on(6, 70, None),
        // Two of the three are known to be inside on none, and the third on a list that is still there.
        exit(7, 80),
        exit(8, 81),
        exit(9, 82),
    ];
    let merged = merge_with_removed(
        log,
        |_, list| list.map_or(Uses::ONCE, |_| twice),
        |gone| (Some(gone) == list(1)).then(|| Timestamp::from_second(40).unwrap()),
    );
    assert_eq!(ids(&merged.admissions), [1, 2, 3]);
    assert_eq!(ids(&merged.conflicts), [4, 5, 6]);
    assert_eq!(ids(&merged.exits), [7, 8]);
    assert_eq!(ids(&merged.idle_exits), [9]);
}

#[test]
fn lists_count_apart() {
    let list = |number| Some(CheckInListId::new(Uuid::from_u128(number)));
    let on = |id, number| ScanRecord {
        list: list(number),
        ..record(id, 9, 1, 10, ScanKind::Admit)
    };
    let merged = merge([on(1, 1), on(2, 2), on(3, 2)], once);
    assert_eq!(
        (ids(&merged.admissions), ids(&merged.conflicts)),
        (vec![1, 2], vec![3])
    );
}

fn records() -> impl Strategy<Value = Vec<ScanRecord>> {
    // Few ids, tickets and instants, so that everything collides.
    let kind = prop_oneof![
        3 => Just(ScanKind::Admit),
        1 => Just(ScanKind::Force),
        1 => Just(ScanKind::Exit),
        1 => (0..12_u128).prop_map(undo),
    ];
    vec((0..12_u128, 0..3_u128, 0..3_u128, 0..4_i64, kind), 0..24).prop_map(|lines| {
        let line = |(id, ticket, device, second, kind)| record(id, ticket, device, second, kind);
        lines.into_iter().map(line).collect()
    })
}

proptest! {
    #[test]
    fn order_and_repeats_change_nothing(
        (log, shuffled) in records().prop_flat_map(|log| (Just(log.clone()), Just(log).prop_shuffle())),
        more in records(),
    ) {
        let merged = merge(log.clone(), once);
        prop_assert_eq!(&merged, &merge(shuffled, once));
        prop_assert_eq!(&merged, &merge(log.iter().chain(&log).cloned(), once));
        let one_way = merge(log.iter().chain(&more).cloned(), once);
        let other_way = merge(more.iter().chain(&log).cloned(), once);
        prop_assert_eq!(one_way, other_way);
    }

    #[test]
    fn never_more_than_allowed_and_nothing_lost(log in records(), times in 1..4_u16, reentry: bool) {
        let merged = merge(log.clone(), |_, _| Uses { times, reentry });
        let mut there: BTreeMap<TicketId, (u32, u32)> = BTreeMap::new();
        let mut counted: Vec<_> = merged.admissions.iter().chain(&merged.exits).collect();
        counted.sort();
        for line in counted {
            let (used, inside) = there.entry(line.ticket).or_default();
            match line.kind {
                ScanKind::Exit => *inside -= 1,
                kind => {
                    let counts = if reentry { *inside } else { *used };
                    prop_assert!(kind == ScanKind::Force || counts < u32::from(times));
                    *used += 1;
                    *inside += 1;
                }
            }
        }
        let all = |merged: &Merged| {
            let parts = [&merged.admissions, &merged.conflicts, &merged.exits, &merged.idle_exits];
            parts.into_iter().map(Vec::len).sum::<usize>()
        };
        let without_limit = merge(log, |_, _| Uses { times: u16::MAX, reentry: true });
        prop_assert!(without_limit.conflicts.is_empty());
        prop_assert_eq!(all(&merged), all(&without_limit));
    }
}
