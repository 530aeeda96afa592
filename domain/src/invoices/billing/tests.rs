use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::{money::Currency, pricing::is_eu};

fn day(month: i8) -> Date {
    date(2026, month, 1)
}

#[test]
fn months_are_billed_one_by_one() {
    let fees = |months: &[(i8, i64)], until: Option<i8>, billed| Fees {
        months: months
            .iter()
            .map(|(m, amount)| (day(*m), *amount))
            .collect(),
        billed_until: until.map(day),
        billed,
    };
    for (what, fees, expected) in [
        ("nothing was ever taken", fees(&[], None, 0), vec![]),
        (
            "two months",
            fees(&[(3, 500), (4, 200)], None, 0),
            vec![(3, 500), (4, 200)],
        ),
        (
            "nothing in between",
            fees(&[(3, 500), (4, 0), (5, 9)], None, 0),
            vec![(3, 500), (5, 9)],
        ),
        ("all is billed", fees(&[(3, 500)], Some(3), 500), vec![]),
        (
            "more goes back than comes",
            fees(&[(3, 500), (4, -80)], Some(3), 500),
            vec![(4, -80)],
        ),
        (
            "they cancel out, and each has its document",
            fees(&[(3, 5), (4, -5)], None, 0),
            vec![(3, 5), (4, -5)],
        ),
        (
            "something late goes with the next",
            fees(&[(3, 510), (5, 7)], Some(3), 500),
            vec![(5, 17)],
        ),
        (
            "or alone, if there is no next",
            fees(&[(3, 510)], Some(3), 500),
            vec![(10, 10)],
        ),
        (
            "late, and all months are closed",
            fees(&[(9, 1), (10, 6)], Some(10), 5),
            vec![],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(m, amount)| (day(m), amount))
            .collect();
        assert_eq!(fees.due(day(10)).unwrap(), expected, "{what}");
    }
}

proptest! {
    /// However months come in and whenever they are billed, the documents sum to what was taken.
    #[test]
    fn documents_sum_to_the_books(
        amounts in prop::collection::vec(-5_000_i64..5_000, 1..12),
        pauses in prop::collection::vec(any::<bool>(), 12),
        late in prop::collection::vec(-50_i64..50, 12),
    ) {
        let mut fees = Fees::default();
        for (n, amount) in amounts.iter().enumerate() {
            let month = day(i8::try_from(n).unwrap() + 1);
            fees.months.push((month, *amount));
            // Something of the month before is booked late.
            if n > 0 {
                fees.months[n - 1].1 += late[n];
            }
            if pauses[n] && n + 1 < amounts.len() {
                continue;
            }
            let due = fees.due(month).unwrap();
            for pair in due.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0);
            }
            for (month, amount) in due {
                prop_assert!(amount != 0 && fees.billed_until.is_none_or(|until| until < month));
                fees.billed += amount;
                fees.billed_until = Some(month);
            }
        }
        let all: i64 = fees.months.iter().map(|(_, amount)| amount).sum();
        prop_assert_eq!(fees.billed, all);
    }
}

fn vat_id(country: &str) -> VatId {
    let text = match country {
        "AT" => "ATU13585627",
        "BE" => "BE0428759497",
        "BG" => "BG175074752",
        "CY" => "CY10259033P",
        "CZ" => "CZ25123891",
        "DE" => "DE136695976",
        "DK" => "DK13585628",
        "EE" => "EE100931558",
        "GR" => "EL094259216",
        "ES" => "ESB58378431",
        "FI" => "FI20774740",
        "FR" => "FR40303265045",
        "HR" => "HR33392005961",
        "HU" => "HU12892312",
        "IE" => "IE6433435F",
        "IT" => "IT00743110157",
        "LT" => "LT119511515",
        "LU" => "LU15027442",
        "LV" => "LV40003521600",
        "MT" => "MT11679112",
        "NL" => "NL004495445B01",
        "PL" => "PL8567346215",
        "PT" => "PT501964843",
        "RO" => "RO18547290",
        "SE" => "SE123456789701",
        "SI" => "SI50223054",
        "SK" => "SK2022749619",
        "GB" => "GB980780684",
        "CH" => "CHE107787577",
        "NO" => "NO995525828",
        other => panic!("{other}"),
    };
    text.parse().unwrap()
}

/// A platform in each state bills an organization in each other, business or not.
#[test]
fn every_pair_of_countries_is_taxed_as_the_directive_says() {
    let on = date(2026, 10, 31);
    let all: Vec<&str> = crate::pricing::EU
        .iter()
        .copied()
        .chain(["GB", "CH", "NO"])
        .collect();
    let mut seen = [0; 4];
    for home in &all {
        for country in &all {
            for business in [false, true] {
                let biller = Biller {
                    country: (*home).into(),
                    rate: None,
                    small_business: None,
                };
                let billed = Billed {
                    country: (*country).into(),
                    vat_id: business.then(|| vat_id(country)),
                };
                let gross = Money::new(12_345, Currency::EUR);
                let line = fee_line(&biller, &billed, (on, "Fees".into()), gross).unwrap();
                let what = format!("{home} {country} {business}");
                assert_eq!(line.gross().unwrap(), 12_345, "{what}");
                let standard = |of: &str| rates::of(of, on).first().unwrap().rate;
                let (category, rate, n) = if home == country {
                    (Category::S, standard(home), 0)
                } else if is_eu(home) && is_eu(country) && business {
                    (Category::AE, Rate::ZERO, 1)
                } else if is_eu(home) && is_eu(country) {
                    (Category::S, standard(country), 2)
                } else {
                    (Category::O, Rate::ZERO, 3)
                };
                seen[n] += 1;
                assert_eq!((line.category, line.rate), (category, rate), "{what}");
                assert_eq!(line.tax == 0, rate.is_zero(), "{what}");
            }
        }
    }
    assert_eq!(seen, [60, 27 * 26, 27 * 26, 30 * 29 * 2 - 2 * 27 * 26]);
}

#[test]
fn a_small_business_a_typed_rate_and_an_organization_that_says_nothing() {
    let on = date(2026, 10, 31);
    let gross = Money::new(11_900, Currency::EUR);
    let biller = Biller {
        country: "DE".into(),
        rate: None,
        small_business: None,
    };
    let line =
        |biller: &Biller, billed: &Billed| fee_line(biller, billed, (on, String::new()), gross);
    let silent = line(&biller, &Billed::default()).unwrap();
    assert_eq!(
        (silent.net, silent.tax, Some(silent.rate)),
        (10_000, 1_900, Rate::from_bp(1_900))
    );
    // A number of another country than its own makes no business of it.
    let odd = Billed {
        country: "FR".into(),
        vat_id: Some(vat_id("IT")),
    };
    let rate = |biller: &Biller, billed: &Billed| Some(line(biller, billed).unwrap().rate);
    assert_eq!(rate(&biller, &odd), Rate::from_bp(2_000));
    let small = Biller {
        small_business: Some("§ 19 UStG".into()),
        ..biller.clone()
    };
    let small = line(&small, &odd).unwrap();
    assert_eq!(
        (small.category, small.tax, small.reason.as_str()),
        (Category::E, 0, "§ 19 UStG")
    );
    let far = Biller {
        country: "US".into(),
        ..biller.clone()
    };
    assert_eq!(line(&far, &Billed::default()), Err(BillingError::NoRate));
    let far = Biller {
        rate: Rate::from_bp(0),
        ..far
    };
    assert_eq!(
        line(&far, &Billed::default()).unwrap().category,
        Category::Z
    );
    // What was typed is the rate at home, not elsewhere.
    let typed = Biller {
        rate: Rate::from_bp(700),
        ..biller
    };
    assert_eq!(rate(&typed, &Billed::default()), Rate::from_bp(700));
    let abroad = Billed {
        country: "FR".into(),
        vat_id: None,
    };
    assert_eq!(rate(&typed, &abroad), Rate::from_bp(2_000));
}

/// All that was taken gives the same line again; a part of it keeps category, rate and reason, and has the tax within.
#[test]
fn fees_go_back_as_they_were_taken() {
    let on = date(2026, 10, 31);
    let home = |rate, note: Option<&str>| Biller {
        country: "SI".into(),
        rate,
        small_business: note.map(ToOwned::to_owned),
    };
    let billed = |country: &str, business: bool| Billed {
        country: country.into(),
        vat_id: business.then(|| vat_id(country)),
    };
    for (biller, billed, category, tax) in [
        (home(None, None), billed("SI", true), Category::S, 180),
        (home(None, None), billed("DE", false), Category::S, 160),
        (home(None, None), billed("DE", true), Category::AE, 0),
        (home(None, None), billed("CH", true), Category::O, 0),
        (
            home(None, Some("Small")),
            billed("SI", true),
            Category::E,
            0,
        ),
        (
            home(Rate::from_bp(0), None),
            billed("SI", true),
            Category::Z,
            0,
        ),
    ] {
        let all = Money::new(12_345, Currency::EUR);
        let part = Money::new(1_000, Currency::EUR);
        let taken = fee_line(&biller, &billed, (on, "Fees".into()), all).unwrap();
        assert_eq!(taken.category, category);
        assert_eq!(fee_back(&taken, "Fees".into(), all).unwrap(), taken);
        let expected = Line {
            text: "Back".into(),
            net: 1_000 - tax,
            tax,
            ..taken.clone()
        };
        assert_eq!(fee_back(&taken, "Back".into(), part).unwrap(), expected);
    }
}

#[test]
fn months_end() {
    assert_eq!(last_day(date(2028, 2, 1)), date(2028, 2, 29));
    assert_eq!(last_day(date(2026, 12, 1)), date(2026, 12, 31));
}
