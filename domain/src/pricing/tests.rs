//! The one price, tried over every setting.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    ids::TicketTypeId,
    money::{Currency, Money},
};

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn line(price: Price, quantity: u32) -> Line {
    Line {
        ticket_type: TicketTypeId::new(Uuid::nil()),
        price,
        quantity,
    }
}

fn plain(minor: i64, currency: Currency, quantity: u32) -> Line {
    line(Price::plain(Money::new(minor, currency)), quantity)
}

fn rate(bp: u16) -> Rate {
    Rate::from_bp(bp).unwrap()
}

fn plan(fixed: i64, percent_bp: u16) -> Option<FeePlan> {
    Some(FeePlan {
        fixed: eur(fixed),
        percent_bp,
        min: None,
        max: None,
    })
}

#[test]
fn lines_add_up() {
    let quote = quote(&[plain(1250, Currency::EUR, 2), plain(0, Currency::EUR, 3)]).unwrap();
    assert_eq!(quote.total, eur(2500));
    assert_eq!(quote.lines[0].total, eur(2500));
    assert_eq!((quote.tax, quote.fee), (eur(0), eur(0)));
    assert_eq!(quote.tax_by_rate(), []);
}

#[test]
fn nonsense_has_no_price() {
    let currency = Currency::EUR;
    let other = plain(1, Currency::USD, 1);
    for (lines, error) in [
        (vec![], PricingError::Empty),
        (vec![plain(1, currency, 0)], PricingError::ZeroQuantity),
        (vec![plain(-1, currency, 1)], PricingError::NegativePrice),
        (
            vec![plain(1, currency, 1), other],
            PricingError::MixedCurrencies,
        ),
        (vec![plain(i64::MAX, currency, 2)], PricingError::Overflow),
        (
            vec![plain(i64::MAX, currency, 1), plain(1, currency, 1)],
            PricingError::Overflow,
        ),
    ] {
        assert_eq!(quote(&lines), Err(error));
    }
    let terms = Terms {
        mode: TaxMode::Added,
        rate: rate(1),
        ..Terms::PLAIN
    };
    assert_eq!(
        terms.price(eur(i64::MAX), None),
        Err(PricingError::Overflow)
    );
    assert_eq!(terms.price(eur(-1), None), Err(PricingError::NegativePrice));
    let foreign = Terms {
        plan: plan(1, 0),
        ..Terms::PLAIN
    };
    assert_eq!(
        foreign.price(Money::new(5, Currency::JPY), None),
        Err(PricingError::MixedCurrencies)
    );
}

/// What the buyer pays, the tax in it, the fee, and what the organizer has, by hand.
#[test]
fn prices_by_hand() {
    for (mode, bp, percent, typed, pays, tax, fee, gets) in [
        // No tax, no fee passed on.
        (TaxMode::None, 1900, 0, 20_00, 20_00, 0, 1_00, 19_00),
        (
            TaxMode::SmallBusiness,
            1900,
            100,
            20_00,
            21_00,
            0,
            1_00,
            20_00,
        ),
        (TaxMode::None, 0, 50, 20_00, 20_50, 0, 1_00, 19_50),
        // Germany, a conference: 20.00 / 1.19 = 16.8067.
        (TaxMode::Included, 1900, 0, 20_00, 20_00, 3_19, 1_00, 15_81),
        // The buyer's share of the fee is taxed like the ticket: 21.00 / 1.19 = 17.6471.
        (
            TaxMode::Included,
            1900,
            100,
            20_00,
            21_00,
            3_35,
            1_00,
            16_65,
        ),
        // New York: tax on top of price and fee.
        (TaxMode::Added, 875, 0, 20_00, 21_75, 1_75, 1_00, 19_00),
        (TaxMode::Added, 875, 100, 20_00, 22_84, 1_84, 1_00, 20_00),
        // Free is free.
        (TaxMode::Added, 875, 100, 0, 0, 0, 0, 0),
        (TaxMode::Included, 1900, 100, 0, 0, 0, 0, 0),
    ] {
        let terms = Terms {
            mode,
            rate: rate(bp),
            plan: plan(50, 250),
            fee_to_buyer_percent: percent,
        };
        let price = terms.price(eur(typed), None).unwrap();
        let found = [
            price.unit,
            price.tax_in_one().unwrap(),
            price.fee,
            price.organizer_gets().unwrap(),
        ];
        assert_eq!(
            found,
            [pays, tax, fee, gets].map(eur),
            "{mode} {bp} {percent}"
        );
    }
}

/// New York City: three decimals, 8.875 % of 99.00 are 8.78625.
#[test]
fn a_rate_of_three_decimals_is_exact() {
    let city = Rate::parse("8.875").unwrap();
    let terms = Terms {
        mode: TaxMode::Added,
        rate: city,
        ..Terms::PLAIN
    };
    for (typed, tax) in [(99_00, 8_79), (40_00, 3_55), (8_00, 71), (100_000, 88_75)] {
        let price = terms.price(eur(typed), None).unwrap();
        assert_eq!(
            (price.unit, price.tax_in_one()),
            (eur(typed + tax), Ok(eur(tax)))
        );
    }
    let contained = quote(&[line(
        Price {
            tax: Tax::Contained { rate: city },
            ..Price::plain(eur(10_888))
        },
        1,
    )]);
    // 108.88 / 1.08875 = 100.0046: 8.8754 of tax.
    assert_eq!(contained.unwrap().tax_by_rate(), [(city, eur(8_88))]);
}

#[test]
fn a_ticket_types_own_rate_goes_first() {
    let terms = Terms {
        mode: TaxMode::Included,
        rate: rate(1900),
        ..Terms::PLAIN
    };
    let tax = |own| terms.price(eur(10_70), own).unwrap().tax_in_one();
    assert_eq!(tax(None), Ok(eur(1_71)));
    assert_eq!(tax(Some(rate(700))), Ok(eur(70)));
    assert_eq!(tax(Some(Rate::ZERO)), Ok(eur(0)));
}

/// Three lines of 0.07 at 19 %: each would be rounded to a cent, together they contain 0.03.
#[test]
fn lines_of_a_rate_add_up_to_the_tax_of_their_sum() {
    let price = |bp| Price {
        tax: Tax::Contained { rate: rate(bp) },
        ..Price::plain(eur(9))
    };
    let order = [
        line(price(1900), 1),
        line(price(700), 1),
        line(price(1900), 1),
        line(price(1900), 1),
    ];
    let found = quote(&order).unwrap();
    let taxes: Vec<_> = found.lines.iter().map(|line| line.tax.minor).collect();
    assert_eq!(taxes, [1, 1, 2, 1]); // of 9: 1.44, of 18: 2.87, of 27: 4.31
    assert_eq!(
        found.tax_by_rate(),
        [(rate(700), eur(1)), (rate(1900), eur(4))]
    );
}

#[test]
fn lowest_price() {
    let [eur, usd] = [Currency::EUR, Currency::USD];
    let of = |minor| Money::new(minor, eur);
    assert_eq!(lowest([5, 3, 4].map(of)), Some(of(3)));
    assert_eq!(lowest([]), None);
    assert_eq!(lowest([Money::new(1, eur), Money::new(1, usd)]), None);
}

fn any_terms(currency: Currency) -> impl Strategy<Value = Terms> {
    let plan = (
        0..500_i64,
        0..3_000_u16,
        proptest::option::of(0..300_i64),
        proptest::option::of(300..2_000_i64),
    )
        .prop_map(move |(fixed, percent_bp, min, max)| FeePlan {
            fixed: Money::new(fixed, currency),
            percent_bp,
            min: min.map(|minor| Money::new(minor, currency)),
            max: max.map(|minor| Money::new(minor, currency)),
        });
    (
        proptest::sample::select(TaxMode::all()),
        any_rate(),
        proptest::option::of(plan),
        0..=100_u8,
    )
        .prop_map(|(mode, rate, plan, fee_to_buyer_percent)| Terms {
            mode,
            rate,
            plan,
            fee_to_buyer_percent,
        })
}

/// Currencies with no, two and three decimals.
fn any_of_three() -> impl Strategy<Value = Currency> {
    proptest::sample::select(vec![Currency::JPY, Currency::EUR, Currency::KWD])
}

/// To the thousandth of a percent.
fn any_rate() -> impl Strategy<Value = Rate> {
    (0..=Rate::LARGEST.thousandths()).prop_map(|n| Rate::from_thousandths(n).unwrap())
}

type Asked = Vec<(i64, Option<Rate>, u32)>;

fn any_order() -> impl Strategy<Value = (Terms, Currency, Asked)> {
    any_of_three().prop_flat_map(|currency| {
        let line = (
            0..200_000_i64,
            proptest::option::of(any_rate()),
            1..=100_u32,
        );
        (
            any_terms(currency),
            Just(currency),
            proptest::collection::vec(line, 1..8),
        )
    })
}

fn priced(terms: &Terms, currency: Currency, asked: &Asked) -> Vec<Line> {
    asked
        .iter()
        .map(|(minor, own, quantity)| {
            let typed = Money::new(*minor, currency);
            line(terms.price(typed, *own).unwrap(), *quantity)
        })
        .collect()
}

fn sum(amounts: impl Iterator<Item = Money>) -> i64 {
    amounts.map(|amount| amount.minor).sum()
}

proptest! {
    #[test]
    fn the_whole_is_the_sum_of_its_parts((terms, currency, asked) in any_order()) {
        let lines = priced(&terms, currency, &asked);
        let quote = quote(&lines).unwrap();
        prop_assert_eq!(quote.total.minor, sum(quote.lines.iter().map(|l| l.total)));
        prop_assert_eq!(quote.tax.minor, sum(quote.lines.iter().map(|l| l.tax)));
        prop_assert_eq!(quote.fee.minor, sum(quote.lines.iter().map(|l| l.fee)));
        for (line, priced) in quote.lines.iter().zip(&lines) {
            // What is shown first, times how many, is what is charged.
            prop_assert_eq!(line.unit, priced.price.unit);
            prop_assert_eq!(line.total.minor, line.unit.minor * i64::from(line.quantity));
            prop_assert_eq!(line.total.minor, line.net.minor + line.tax.minor);
            prop_assert_eq!(line.total.minor, line.tax.minor + line.fee.minor + line.organizer_gets().unwrap().minor);
            // Nobody pays for selling.
            prop_assert!(line.tax.minor >= 0 && line.fee.minor >= 0 && line.organizer_gets().unwrap().minor >= 0);
        }
    }

    /// However an order is cut into lines, the tax of a rate is that of the sum; nothing drifts.
    #[test]
    fn contained_tax_does_not_drift((terms, currency, asked) in any_order()) {
        let terms = Terms { mode: TaxMode::Included, ..terms };
        let quote = quote(&priced(&terms, currency, &asked)).unwrap();
        for (rate, tax) in quote.tax_by_rate() {
            let of_rate = sum(quote.lines.iter().filter(|l| l.rate == rate).map(|l| l.total));
            let of_sum = rate.contained_in(Money::new(of_rate, currency)).unwrap();
            prop_assert_eq!(tax, of_sum);
        }
    }

    /// Whoever bears the fee, the fee is the same; the more the buyer bears, the more they pay and the organizer has, and
    /// what is typed is the least that is paid.
    #[test]
    fn the_split_never_contradicts(
        (terms, currency, asked) in any_order(), (less, more) in (0..=100_u8, 0..=100_u8),
    ) {
        let (less, more) = (less.min(more), less.max(more));
        for (minor, own, _) in asked {
            let price = |percent| {
                let terms = Terms { fee_to_buyer_percent: percent, ..terms };
                terms.price(Money::new(minor, currency), own).unwrap()
            };
            let (a, b) = (price(less), price(more));
            prop_assert_eq!(a.fee, b.fee);
            prop_assert!(minor <= a.unit.minor && a.unit.minor <= b.unit.minor);
            prop_assert!(a.organizer_gets().unwrap().minor <= b.organizer_gets().unwrap().minor);
            prop_assert_eq!(a.unit.is_zero(), minor == 0);
            if !terms.mode.charges() {
                prop_assert_eq!(price(0).unit.minor, minor);
                prop_assert_eq!(price(100).unit.minor, minor + a.fee.minor);
                prop_assert_eq!(price(100).organizer_gets().unwrap().minor, minor);
            }
        }
    }

    /// Without tax, each ticket costs what it costs with it less the tax in it; the organizer has no less of it, and the lines
    /// of the order add up as ever.
    #[test]
    fn a_business_that_owes_the_tax_pays_the_rest((terms, currency, asked) in any_order()) {
        let with_tax = priced(&terms, currency, &asked);
        let without: Vec<Line> = with_tax
            .iter()
            .map(|line| Line { price: line.price.owed_by_buyer().unwrap(), ..*line })
            .collect();
        let step = if currency == Currency::KWD { 9 } else { 0 };
        for (with, without) in with_tax.iter().zip(&without) {
            let lost = with.price.unit.minor - with.price.tax_in_one().unwrap().minor - without.price.unit.minor;
            prop_assert!((0..=step).contains(&lost));
            prop_assert_eq!(without.price.tax, Tax::ReverseCharge);
            let gets = |price: &Price| price.organizer_gets().unwrap().minor;
            prop_assert!((0..=step).contains(&(gets(&with.price) - gets(&without.price))));
            // What a card could pay, it still can.
            prop_assert!(currency != Currency::KWD || with.price.unit.minor % 10 != 0 || without.price.unit.minor % 10 == 0);
            // It is no less a price for that: asked again, it is the same.
            prop_assert_eq!(without.price.owed_by_buyer().unwrap(), without.price);
        }
        let order = quote(&without).unwrap();
        prop_assert!(order.tax.is_zero() && order.tax_by_rate().is_empty());
        prop_assert_eq!(order.total.minor, sum(order.lines.iter().map(|l| l.net)));
        for line in &order.lines {
            prop_assert_eq!(line.total.minor, line.fee.minor + line.organizer_gets().unwrap().minor);
            prop_assert!(line.fee.minor >= 0 && line.organizer_gets().unwrap().minor >= 0);
        }
        prop_assert!(order.total.minor <= quote(&with_tax).unwrap().total.minor);
    }

    #[test]
    fn tax_on_top_is_what_was_put_on_top((terms, currency, asked) in any_order()) {
        let terms = Terms { mode: TaxMode::Added, fee_to_buyer_percent: 100, ..terms };
        for line in quote(&priced(&terms, currency, &asked)).unwrap().lines.iter().zip(&asked) {
            let (line, (minor, _, quantity)) = line;
            prop_assert_eq!(line.organizer_gets().unwrap().minor, minor * i64::from(*quantity));
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error(minor in (i64::MAX / 4)..i64::MAX, bp in 0..=5_000_u16, quantity in 1..100_u32) {
        for mode in TaxMode::all() {
            let terms = Terms { mode: *mode, rate: rate(bp), plan: plan(100, 10_000), fee_to_buyer_percent: 100 };
            match terms.price(eur(minor), None) {
                Err(error) => prop_assert_eq!(error, PricingError::Overflow),
                Ok(price) => match quote(&[line(price, quantity)]) {
                    Err(error) => prop_assert_eq!(error, PricingError::Overflow),
                    Ok(quote) => prop_assert_eq!(
                        i128::from(quote.total.minor),
                        i128::from(price.unit.minor) * i128::from(quantity)
                    ),
                },
            }
        }
    }
}

/// Ten thousand orders of odd cents: what was charged is what was booked, to the cent.
#[test]
fn nothing_drifts_over_many_orders() {
    let terms = Terms {
        mode: TaxMode::Included,
        rate: rate(810),
        plan: plan(33, 333),
        fee_to_buyer_percent: 37,
    };
    let (mut charged, mut booked) = (0, 0);
    for n in 0..10_000_i64 {
        let quantity = u32::try_from(n % 7 + 1).unwrap();
        let price = terms.price(eur(n * 7 % 9_973 + 1), None).unwrap();
        let order = quote(&[line(price, quantity), line(price, 1)]).unwrap();
        charged += price.unit.minor * i64::from(quantity + 1);
        booked += sum(order
            .lines
            .iter()
            .flat_map(|l| [l.tax, l.fee, l.organizer_gets().unwrap()]));
    }
    assert_eq!(charged, booked);
}
