use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    money::Currency,
    pricing::{FeePlan, Line, TaxMode, quote},
};

fn money(minor: i64, currency: Currency) -> Money {
    Money::new(minor, currency)
}

fn eur(minor: i64) -> Money {
    money(minor, Currency::EUR)
}

fn wanted(minor: i64, quantity: u32) -> Wanted {
    Wanted {
        ticket_type: TicketTypeId::new(Uuid::nil()),
        typed: eur(minor),
        own: None,
        quantity,
        meant: true,
    }
}

fn units(off: Off, wanted: &[Wanted]) -> Vec<(u32, i64)> {
    let lines = discounted(&Terms::PLAIN, off, wanted).unwrap();
    let pair = |line: &Discounted| (line.quantity, line.price.unit.minor);
    lines.iter().map(pair).collect()
}

#[test]
fn what_is_taken_off() {
    let other = Wanted {
        meant: false,
        ..wanted(50_00, 1)
    };
    for (off, tickets, found) in [
        (
            Off::Percent(20_00),
            vec![wanted(20_00, 3)],
            vec![(3, 16_00)],
        ),
        // Half a cent is taken off.
        (Off::Percent(50_00), vec![wanted(9_99, 1)], vec![(1, 4_99)]),
        (Off::Percent(10_000), vec![wanted(9_99, 2)], vec![(2, 0)]),
        (
            Off::Ticket(eur(5_00)),
            vec![wanted(20_00, 2)],
            vec![(2, 15_00)],
        ),
        (
            Off::Ticket(eur(25_00)),
            vec![wanted(20_00, 2)],
            vec![(2, 0)],
        ),
        // Ten off three tickets: one of them is a cent cheaper.
        (
            Off::Order(eur(10_00)),
            vec![wanted(20_00, 3)],
            vec![(1, 16_66), (2, 16_67)],
        ),
        (Off::Order(eur(90_00)), vec![wanted(20_00, 3)], vec![(3, 0)]),
        (
            Off::Order(eur(10_00)),
            vec![wanted(30_00, 1), wanted(10_00, 1)],
            vec![(1, 22_50), (1, 7_50)],
        ),
        // Not for that one, and free ones stay free.
        (
            Off::Order(eur(10_00)),
            vec![other, wanted(0, 2), wanted(20_00, 1)],
            vec![(1, 50_00), (2, 0), (1, 10_00)],
        ),
    ] {
        assert_eq!(units(off, &tickets), found, "{off:?}");
    }
}

/// Cards take dinars in steps of ten fils: what is taken off is rounded down to that, and still sums up.
#[test]
fn three_decimals_go_in_steps_of_ten() {
    let kwd = |minor| money(minor, Currency::KWD);
    let wanted = |minor, quantity| Wanted {
        typed: kwd(minor),
        ..wanted(0, quantity)
    };
    for (off, tickets, found) in [
        (
            Off::Percent(33_33),
            vec![wanted(10_000, 2)],
            vec![(2, 6_670)],
        ),
        (Off::Percent(10_000), vec![wanted(5_250, 1)], vec![(1, 0)]),
        (
            Off::Ticket(kwd(1_005)),
            vec![wanted(5_000, 1)],
            vec![(1, 4_000)],
        ),
        (
            Off::Ticket(kwd(9)),
            vec![wanted(5_000, 1)],
            vec![(1, 5_000)],
        ),
        (
            Off::Order(kwd(10_000)),
            vec![wanted(20_000, 3)],
            vec![(1, 16_660), (2, 16_670)],
        ),
        (
            Off::Order(kwd(1_000)),
            vec![wanted(10, 1), wanted(1_000, 1)],
            vec![(1, 10), (1, 0)],
        ),
        // Priced in single fils, no card takes it anyway.
        (
            Off::Order(kwd(1_000)),
            vec![wanted(1_005, 1), wanted(1_000, 1)],
            vec![(1, 504), (1, 501)],
        ),
    ] {
        assert_eq!(units(off, &tickets), found, "{off:?} {tickets:?}");
    }
}

#[test]
fn a_free_ticket_has_no_fee_and_no_tax() {
    let terms = Terms {
        mode: TaxMode::Included,
        rate: Rate::from_bp(19_00).unwrap(),
        plan: Some(FeePlan {
            fixed: eur(99),
            percent_bp: 250,
            min: None,
            max: None,
        }),
        fee_to_buyer_percent: 100,
    };
    let lines = discounted(&terms, Off::Percent(10_000), &[wanted(20_00, 2)]).unwrap();
    let line = lines[0];
    assert_eq!(line.full.unit, eur(21_49));
    assert_eq!((line.price.unit, line.price.fee), (eur(0), eur(0)));
    assert_eq!(line.price.tax_in_one(), Ok(eur(0)));
    assert_eq!(saving(&lines), Ok(eur(42_98)));
}

#[test]
fn other_money_is_refused() {
    for off in [
        Off::Ticket(money(1, Currency::USD)),
        Off::Order(money(1, Currency::USD)),
    ] {
        assert_eq!(
            discounted(&Terms::PLAIN, off, &[wanted(5, 1)]),
            Err(PricingError::MixedCurrencies)
        );
    }
    assert_eq!(
        discounted(&Terms::PLAIN, Off::Ticket(eur(-1)), &[wanted(5, 1)]),
        Err(PricingError::NegativePrice)
    );
    assert_eq!(
        discounted(&Terms::PLAIN, Off::Percent(1), &[wanted(5, 0)]),
        Err(PricingError::ZeroQuantity)
    );
    assert_eq!(saving(&[]), Err(PricingError::Empty));
}

fn any_off(currency: Currency) -> impl Strategy<Value = Off> {
    prop_oneof![
        (1..=10_000_u16).prop_map(Off::Percent),
        (1..100_000_i64).prop_map(move |minor| Off::Ticket(money(minor, currency))),
        (1..500_000_i64).prop_map(move |minor| Off::Order(money(minor, currency))),
    ]
}

fn any_terms(currency: Currency) -> impl Strategy<Value = Terms> {
    let plan = (0..500_i64, 0..3_000_u16, proptest::option::of(0..300_i64)).prop_map(
        move |(fixed, percent_bp, min)| FeePlan {
            fixed: money(fixed, currency),
            percent_bp,
            min: min.map(|minor| money(minor, currency)),
            max: None,
        },
    );
    (
        proptest::sample::select(TaxMode::all()),
        0..=5_000_u16,
        proptest::option::of(plan),
        0..=100_u8,
    )
        .prop_map(|(mode, bp, plan, fee_to_buyer_percent)| Terms {
            mode,
            rate: Rate::from_bp(bp).unwrap(),
            plan,
            fee_to_buyer_percent,
        })
}

fn any_basket() -> impl Strategy<Value = (Terms, Off, Vec<Wanted>)> {
    proptest::sample::select(vec![Currency::JPY, Currency::EUR, Currency::KWD]).prop_flat_map(
        |currency| {
            let minor = prop_oneof![0..200_000_i64, (0..20_000_i64).prop_map(|tens| tens * 10)];
            let one = (
                minor,
                proptest::option::of(0..=5_000_u16),
                1..=20_u32,
                proptest::bool::weighted(0.8),
            )
                .prop_map(move |(minor, bp, quantity, meant)| Wanted {
                    ticket_type: TicketTypeId::new(Uuid::from_u128(u128::try_from(minor).unwrap())),
                    typed: money(minor, currency),
                    own: bp.and_then(Rate::from_bp),
                    quantity,
                    meant,
                });
            (
                any_terms(currency),
                any_off(currency),
                proptest::collection::vec(one, 1..6),
            )
        },
    )
}

proptest! {
    /// Nobody pays more with a code than without, nor less than nothing, and no ticket is lost.
    #[test]
    fn a_discount_is_within_the_price((terms, off, wanted) in any_basket()) {
        let lines = discounted(&terms, off, &wanted).unwrap();
        let tickets = |lines: &[Discounted]| lines.iter().map(|line| line.quantity).sum::<u32>();
        prop_assert_eq!(tickets(&lines), wanted.iter().map(|one| one.quantity).sum::<u32>());
        for line in &lines {
            prop_assert!(0 <= line.price.unit.minor && line.price.unit.minor <= line.full.unit.minor);
            prop_assert!(line.price.fee.minor <= line.price.unit.minor);
            prop_assert!(line.price.organizer_gets().unwrap().minor >= 0);
        }
    }

    /// The order with a code is the order without one, less what is saved: in every setting of tax and fee, to the cent.
    #[test]
    fn lines_sum_to_the_total((terms, off, wanted) in any_basket()) {
        let lines = discounted(&terms, off, &wanted).unwrap();
        let of = |price: fn(&Discounted) -> Price| {
            let lines: Vec<Line> = lines
                .iter()
                .map(|line| Line { ticket_type: line.ticket_type, price: price(line), quantity: line.quantity })
                .collect();
            quote(&lines).unwrap()
        };
        let (full, reduced) = (of(|line| line.full), of(|line| line.price));
        prop_assert_eq!(full.total.minor - saving(&lines).unwrap().minor, reduced.total.minor);
        prop_assert!(reduced.fee.minor <= full.fee.minor);
        for line in &reduced.lines {
            prop_assert_eq!(line.total.minor, line.net.minor + line.tax.minor);
        }
    }

    /// An amount of the order is the amount of the order: where nothing comes on top, exactly so much less is paid.
    #[test]
    fn an_amount_of_the_order_is_exact((_, _, wanted) in any_basket(), minor in 1..500_000_i64) {
        let currency = wanted[0].typed.currency;
        let lines = discounted(&Terms::PLAIN, Off::Order(money(minor, currency)), &wanted).unwrap();
        let meant: i64 = wanted
            .iter()
            .filter(|one| one.meant)
            .map(|one| one.typed.minor * i64::from(one.quantity))
            .sum();
        let other: i64 = wanted
            .iter()
            .filter(|one| !one.meant)
            .map(|one| one.typed.minor * i64::from(one.quantity))
            .sum();
        let step = step(&wanted);
        prop_assert_eq!(saving(&lines).unwrap().minor, (minor - minor % step).min(meant));
        prop_assert_eq!(total(&lines).unwrap().minor % step, other % step);
    }

    /// A type has two lines at most, and these differ in price.
    #[test]
    fn lines_of_a_type_differ((terms, off, wanted) in any_basket()) {
        for one in &wanted {
            let lines = discounted(&terms, off, std::slice::from_ref(one)).unwrap();
            prop_assert!(lines.len() <= 2);
            if let [a, b] = lines.as_slice() {
                prop_assert!(a.price.unit.minor < b.price.unit.minor);
            }
        }
    }

    #[test]
    fn tickets_not_meant_cost_what_they_cost((terms, off, wanted) in any_basket()) {
        let others: Vec<Wanted> = wanted.iter().map(|one| Wanted { meant: false, ..*one }).collect();
        let lines = discounted(&terms, off, &others).unwrap();
        prop_assert_eq!(saving(&lines).unwrap().minor, 0);
    }

    /// All of it off: the order is free, with no fee on it.
    #[test]
    fn everything_off_is_free((terms, _, wanted) in any_basket()) {
        let all: Vec<Wanted> = wanted.iter().map(|one| Wanted { meant: true, ..*one }).collect();
        for line in discounted(&terms, Off::Percent(10_000), &all).unwrap() {
            prop_assert_eq!((line.price.unit.minor, line.price.fee.minor), (0, 0));
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error(minor in (i64::MAX / 8)..i64::MAX, quantity in 1..100_u32) {
        for off in [Off::Percent(33_33), Off::Ticket(eur(7)), Off::Order(eur(i64::MAX))] {
            if let Ok(lines) = discounted(&Terms::PLAIN, off, &[wanted(minor, quantity), wanted(minor, 1)]) {
                for line in lines {
                    prop_assert!((0..=minor).contains(&line.price.unit.minor));
                }
            }
        }
    }
}
