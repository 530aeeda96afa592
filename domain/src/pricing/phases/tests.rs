use proptest::prelude::*;

use super::*;
use crate::ids::PricePhaseId;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn id(n: u128) -> PricePhaseId {
    PricePhaseId::new(uuid::Uuid::from_u128(n))
}

fn ending(n: u128, price: i64, until: Option<i64>, count: Option<u32>) -> EndingPhase {
    EndingPhase {
        id: id(n),
        name: format!("phase {n}"),
        price_minor: price,
        until: until.map(at),
        count,
    }
}

fn chain(ending: Vec<EndingPhase>) -> PricePhases {
    PricePhases {
        ending,
        last: LastPhase {
            id: id(99),
            name: "late".into(),
        },
    }
}

const OWN: i64 = 4500;

#[test]
fn whichever_comes_first_ends_a_phase() {
    let phases = chain(vec![ending(1, 2500, Some(100), Some(50))]);
    assert_eq!(phases.index(at(99), 49), 0);
    assert_eq!(phases.index(at(100), 0), 1);
    assert_eq!(phases.index(at(0), 50), 1);
    let now = phases.current(at(10), 38, OWN);
    assert_eq!(
        (now.price_minor, now.left, now.until, now.then_minor),
        (2500, Some(12), Some(at(100)), Some(OWN))
    );
    let late = phases.current(at(100), 38, OWN);
    assert_eq!(
        (late.name, late.price_minor, late.until, late.then_minor),
        ("late", OWN, None, None)
    );
}

#[test]
fn each_ticket_has_the_phase_of_its_turn() {
    let phases = chain(vec![
        ending(1, 2500, None, Some(50)),
        ending(2, 3500, None, Some(51)),
    ]);
    assert_eq!(phases.deal(at(0), 0, 4), [(0, 4)]);
    assert_eq!(phases.deal(at(0), 48, 4), [(0, 2), (1, 1), (2, 1)]);
    assert_eq!(phases.deal(at(0), 60, 4), [(2, 4)]);
    assert_eq!(phases.deal(at(0), 0, 0), []);
}

#[test]
fn what_comes_next_is_what_is_not_over_then() {
    // When the first is over by date, the second is over by count.
    let phases = chain(vec![
        ending(1, 2500, Some(100), None),
        ending(2, 3000, None, Some(20)),
        ending(3, 3500, Some(200), None),
    ]);
    assert_eq!(phases.current(at(0), 5, OWN).then_minor, Some(3000));
    assert_eq!(phases.current(at(0), 20, OWN).then_minor, Some(3500));
}

#[test]
fn faults_stand_where_they_are() {
    let fault = |ending| chain(ending).check().map_err(|f| (f.index, f.field));
    assert_eq!(
        fault(vec![
            ending(1, 1, Some(10), None),
            ending(2, 1, Some(10), None)
        ]),
        Err((1, "until"))
    );
    assert_eq!(
        fault(vec![
            ending(1, 1, None, Some(10)),
            ending(2, 1, Some(5), Some(10))
        ]),
        Err((1, "count"))
    );
    assert_eq!(fault(vec![ending(1, 1, None, None)]), Err((0, "until")));
    assert_eq!(fault(vec![ending(1, 1, None, Some(0))]), Err((0, "count")));
    let many = (0..8).map(|n| ending(n, 1, None, Some(u32::try_from(n).unwrap() + 1)));
    assert_eq!(fault(many.collect()), Err((7, "name")));
    assert_eq!(
        fault(vec![
            ending(1, 1, Some(10), None),
            ending(2, 1, None, Some(3)),
            ending(3, 1, Some(11), Some(4))
        ]),
        Ok(())
    );
}

#[test]
fn a_phase_stands_where_its_end_belongs() {
    let mut phases = chain(vec![
        ending(1, 1, Some(10), None),
        ending(2, 1, Some(30), None),
    ]);
    assert_eq!(phases.place(ending(3, 1, Some(20), None), 2), 1);
    assert_eq!(phases.place(ending(4, 1, Some(5), None), 3), 0);
    assert_eq!(phases.check(), Ok(()));
    // One that ends nowhere fits nowhere, and is told of at the place that was wished.
    assert_eq!(phases.place(ending(5, 1, None, None), 4), 4);
    assert_eq!(phases.check().map_err(|f| f.index), Err(4));
}

#[test]
fn moving_leaves_the_ends_where_they_are() {
    let mut own = OWN;
    let mut phases = chain(vec![
        ending(1, 2500, Some(10), None),
        ending(2, 3500, Some(20), None),
    ]);
    assert!(phases.swap(0, &mut own));
    assert_eq!(
        (phases.ending[0].id, phases.ending[0].until),
        (id(2), Some(at(10)))
    );
    assert!(phases.swap(1, &mut own));
    assert_eq!((phases.last.id, own), (id(1), 2500));
    assert_eq!(
        (phases.ending[1].id, phases.ending[1].price_minor),
        (id(99), OWN)
    );
    assert!(!phases.swap(2, &mut own));
    assert_eq!(phases.price_of(id(1), own), Some(2500));
    assert_eq!(phases.price_of(id(7), own), None);
}

/// Ends that rise: by what the date and the count go up, and which of them the phase has.
fn schedules() -> impl Strategy<Value = PricePhases> {
    let step = (1i64..50, 1u32..20, 0u8..3, 1i64..10_000);
    prop::collection::vec(step, 1..=MOST_ENDING).prop_map(|steps| {
        let (mut date, mut count) = (0, 0);
        let ending = steps.into_iter().enumerate().map(|(n, step)| {
            date += step.0;
            count += step.1;
            EndingPhase {
                id: id(u128::try_from(n).unwrap()),
                name: format!("phase {n}"),
                price_minor: step.3,
                until: (step.2 != 1).then(|| at(date)),
                count: (step.2 != 0).then_some(count),
            }
        });
        chain(ending.collect())
    })
}

/// What happens to a sale: time passes, so many are wanted, or so many of those kept are let go.
#[derive(Clone, Debug)]
enum Happens {
    Time(i64),
    Wanted(u32),
    LetGo(u32),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        (0i64..30).prop_map(Happens::Time),
        (1u32..12).prop_map(Happens::Wanted),
        (1u32..6).prop_map(Happens::LetGo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// At each moment there is exactly one phase; it is the first that is not over; time and sales only move it forward;
    /// no phase sells more than its count, and each ticket has the phase of its own turn.
    #[test]
    fn there_is_always_exactly_one_phase(
        phases in schedules(),
        events in prop::collection::vec(happens(), 1..60),
    ) {
        prop_assert_eq!(phases.check(), Ok(()));
        let (mut now, mut taken) = (0i64, 0u32);
        let mut before = phases.index(at(now), taken);
        for event in events {
            match event {
                Happens::Time(passes) => now += passes,
                Happens::Wanted(quantity) => {
                    let dealt = phases.deal(at(now), taken, quantity);
                    prop_assert_eq!(dealt.iter().map(|(_, n)| n).sum::<u32>(), quantity);
                    // One by one it is the same: no ticket is without a phase, and none has two.
                    let single: Vec<usize> =
                        (0..quantity).map(|n| phases.index(at(now), taken + n)).collect();
                    let together: Vec<usize> = dealt
                        .iter()
                        .flat_map(|(index, n)| (0..*n).map(move |_| *index))
                        .collect();
                    prop_assert_eq!(single, together);
                    prop_assert!(dealt.windows(2).all(|two| two[0].0 < two[1].0));
                    taken += quantity;
                    for (index, _) in &dealt[..dealt.len() - 1] {
                        prop_assert!(phases.ending[*index].count.is_some_and(|count| count <= taken));
                    }
                }
                Happens::LetGo(quantity) => {
                    taken = taken.saturating_sub(quantity);
                    // What was let go may bring a phase back that ended by count; never one that ended by date.
                    before = before.min(phases.index(at(now), taken));
                }
            }
            let index = phases.index(at(now), taken);
            prop_assert!(index >= before);
            prop_assert!(index <= phases.ending.len());
            prop_assert!(phases.ending[..index].iter().all(|phase| phase.is_over(at(now), taken)));
            prop_assert!(phases.ending.get(index).is_none_or(|phase| !phase.is_over(at(now), taken)));
            let current = phases.current(at(now), taken, OWN);
            prop_assert_eq!(current.index, index);
            prop_assert_eq!(current.price_minor, phases.price_minor(index, OWN));
            prop_assert_eq!(current.then_minor.is_none(), index == phases.ending.len());
            prop_assert!(current.left.is_none_or(|left| left > 0));
            prop_assert!(current.until.is_none_or(|until| until > at(now)));
            before = index;
        }
    }
}
