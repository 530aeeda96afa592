use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    ledger::Takings,
    money::{Currency, Money},
};

fn second(n: i64) -> Timestamp {
    shift(Timestamp::UNIX_EPOCH, SignedDuration::from_secs(n))
}

fn ready() -> Facts {
    Facts {
        submitted: true,
        charges: true,
        payouts: true,
        transfers: true,
        ..Facts::default()
    }
}

fn told(at: i64, facts: Facts) -> AccountNews {
    AccountNews::Told {
        at: second(at),
        facts,
    }
}

fn all(news: &[AccountNews]) -> Connected {
    news.iter()
        .fold(Connected::default(), |known, news| known.apply(news).0)
}

#[test]
fn the_way_of_an_account() {
    let missing = Facts {
        asked: BTreeSet::from([Asked::Person]),
        disabled: "requirements.past_due".into(),
        ..Facts::default()
    };
    let checking = Facts {
        submitted: true,
        checking: true,
        ..missing.clone()
    };
    let restricted = Facts {
        submitted: true,
        asked: BTreeSet::from([Asked::Document]),
        ..missing.clone()
    };
    let rejected = Facts {
        disabled: "rejected.fraud".into(),
        ..ready()
    };
    let way = [
        (missing, Standing::DetailsMissing, false),
        (checking, Standing::BeingChecked, false),
        (restricted.clone(), Standing::DetailsMissing, false),
        (ready(), Standing::Ready, true),
        (restricted, Standing::Restricted, false),
        (rejected, Standing::Rejected, false),
    ];
    let mut known = Connected::default();
    for (n, (facts, standing, takes)) in (1..).zip(way) {
        known = known.apply(&told(n * 1000, facts)).0;
        assert_eq!((known.standing(), known.takes_money()), (standing, takes));
    }
    known = known.apply(&AccountNews::Gone).0;
    assert_eq!(known.standing(), Standing::Disconnected);
}

#[test]
fn money_goes_on_while_only_the_payouts_wait() {
    let paused = Facts {
        payouts: false,
        ..ready()
    };
    let known = all(&[told(1, ready()), told(2000, paused)]);
    assert_eq!(known.standing(), Standing::Restricted);
    assert!(known.takes_money());
}

#[test]
fn what_happened_in_the_same_second_is_asked_about() {
    let (known, heard) = all(&[told(5, Facts::default())]).apply(&told(5, ready()));
    assert_eq!(heard, Heard::Doubtful);
    let (_, again) = known.clone().apply(&told(5, ready()));
    assert_eq!(again, Heard::Nothing);
    let (_, a_little_older) = known.clone().apply(&told(3, Facts::default()));
    assert_eq!(a_little_older, Heard::Doubtful, "clocks differ");
    let (_, old) = all(&[told(5000, ready())]).apply(&told(3, Facts::default()));
    assert_eq!(old, Heard::Nothing);
}

#[test]
fn people_are_told_when_it_gets_worse_and_before() {
    let good = all(&[told(1, ready())]);
    let due = Facts {
        deadline: Some(second(99)),
        ..ready()
    };
    let soon = all(&[told(1, ready()), told(2, due)]);
    let bad = all(&[told(1, ready()), told(3, Facts::default())]);
    assert!(is_trouble(&good, &soon) && is_trouble(&soon, &bad) && is_trouble(&good, &bad));
    assert!(!is_trouble(&soon, &soon) && !is_trouble(&bad, &bad) && !is_trouble(&bad, &good));
    let new = all(&[told(1, Facts::default())]);
    assert!(!is_trouble(&Connected::default(), &new));
}

#[test]
fn what_cannot_go_straight_is_collected() {
    let account = all(&[told(1, ready())]);
    let takings = |total, fee, currency| Takings {
        total: Money::new(total, currency),
        tax: Money::zero(currency),
        fee: Money::new(fee, currency),
    };
    let straight = |takings| goes_straight(MoneyGoes::Straight, &account, takings);
    assert!(straight(takings(1000, 50, Currency::EUR)));
    assert!(
        !straight(takings(50, 50, Currency::EUR)),
        "nothing is theirs"
    );
    assert!(!straight(takings(1000, 5, Currency::KWD)));
    let collected = goes_straight(
        MoneyGoes::ToPlatform,
        &account,
        takings(9, 0, Currency::EUR),
    );
    assert!(!collected);
    let none = Connected::default();
    assert!(!goes_straight(
        MoneyGoes::Straight,
        &none,
        takings(9, 0, Currency::EUR)
    ));
}

#[test]
fn fields_of_the_provider_have_a_kind() {
    for (field, asked) in [
        ("external_account", Asked::BankAccount),
        ("individual.verification.document", Asked::Document),
        ("person_1Ab.first_name", Asked::Person),
        ("company.tax_id", Asked::Company),
        ("tos_acceptance.ip", Asked::Terms),
        ("business_profile.mcc", Asked::BusinessProfile),
        ("something.new", Asked::Other),
        ("", Asked::Other),
    ] {
        assert_eq!(Asked::from_field(field), asked, "{field}");
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    (any::<[bool; 5]>(), 0..3_i64, 0..3_usize).prop_map(|(flags, deadline, why)| Facts {
        submitted: flags[0],
        charges: flags[1],
        payouts: flags[2],
        transfers: flags[3],
        checking: flags[4],
        deadline: (deadline > 0).then(|| second(deadline)),
        disabled: ["", "requirements.past_due", "rejected.other"][why].into(),
        ..Facts::default()
    })
}

fn news() -> impl Strategy<Value = AccountNews> {
    prop_oneof![
        8 => (0..4_i64, facts()).prop_map(|(at, facts)| told(at, facts)),
        1 => Just(AccountNews::Gone),
    ]
}

proptest! {
    #[test]
    fn repeats_and_order_change_nothing(
        (heard, shuffled) in vec(news(), 0..8).prop_flat_map(|heard| (Just(heard.clone()), Just(heard).prop_shuffle())),
    ) {
        let twice: Vec<_> = heard.iter().chain(&heard).cloned().collect();
        prop_assert_eq!(all(&heard), all(&shuffled));
        prop_assert_eq!(all(&heard), all(&twice));
    }

    /// Whatever came in whatever order: once doubts are answered by asking, what is known is what is true.
    #[test]
    fn who_asks_when_in_doubt_knows_the_truth(
        (way, order) in vec((0..2_i64, facts()), 1..8).prop_flat_map(|way| {
            let order: Vec<usize> = (0..way.len()).collect();
            (Just(way), Just(order).prop_shuffle())
        }),
    ) {
        let mut at = 0;
        let way: Vec<_> = way.into_iter().map(|(later, facts)| { at += later; (at, facts) }).collect();
        let (_, truth) = way.last().cloned().unwrap();
        let mut known = Connected::default();
        for n in order {
            let (after, heard) = known.apply(&told(way[n].0, way[n].1.clone()));
            known = after;
            if heard == Heard::Doubtful {
                known = known.apply(&told(at + 1, truth.clone())).0;
            }
        }
        prop_assert_eq!(known.facts, truth);
    }
}
