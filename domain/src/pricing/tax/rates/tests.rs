use jiff::civil::date;

use super::*;
use crate::pricing::place::EU;

/// Standard rate, and what is proposed for a concert and for a match, as of the end of 2026.
const NOW: &[(&str, u16, u16, u16)] = &[
    ("AT", 2000, 1300, 1300),
    ("BE", 2100, 2100, 2100),
    ("BG", 2000, 2000, 2000),
    ("CY", 1900, 1900, 1900),
    ("CZ", 2100, 1200, 1200),
    ("DE", 1900, 700, 1900),
    ("DK", 2500, 2500, 2500),
    ("EE", 2400, 2400, 2400),
    ("ES", 2100, 1000, 2100),
    ("FI", 2550, 1350, 1350),
    ("FR", 2000, 2000, 2000),
    ("GR", 2400, 2400, 2400),
    ("HR", 2500, 2500, 2500),
    ("HU", 2700, 2700, 2700),
    ("IE", 2300, 2300, 2300),
    ("IT", 2200, 2200, 2200),
    ("LT", 2100, 2100, 2100),
    ("LU", 1700, 300, 300),
    ("LV", 2100, 2100, 2100),
    ("MT", 1800, 1800, 1800),
    ("NL", 2100, 900, 900),
    ("PL", 2300, 800, 800),
    ("PT", 2300, 2300, 2300),
    ("RO", 2100, 2100, 2100),
    ("SE", 2500, 2500, 2500),
    ("SI", 2200, 950, 950),
    ("SK", 2300, 2300, 2300),
    ("GB", 2000, 2000, 2000),
    ("CH", 810, 810, 810),
    ("NO", 2500, 2500, 2500),
];

#[test]
fn what_is_proposed_in_every_country() {
    let on = date(2026, 11, 28);
    for (country, standard, concert, sport) in NOW.iter().copied() {
        let proposed =
            |category| admission(country, category, on).map(|c| c.rate.thousandths() / 10);
        assert_eq!(proposed(Category::Conference), Some(standard), "{country}");
        assert_eq!(proposed(Category::Festival), Some(standard), "{country}");
        assert_eq!(proposed(Category::Concert), Some(concert), "{country}");
        assert_eq!(proposed(Category::Sport), Some(sport), "{country}");
        let choices = of(country, on);
        assert_eq!(choices[0].covers, Covers::Standard, "{country}");
        for bp in [concert, sport] {
            assert!(
                choices.iter().any(|c| c.rate.thousandths() / 10 == bp),
                "{country}"
            );
        }
    }
    assert!(
        EU.iter()
            .all(|country| NOW.iter().any(|row| row.0 == *country))
    );
}

/// Every rate besides the standard one that a state had in March 2026, by the Commission's database of taxes (TEDB).
const REDUCED: &[(&str, &[u16])] = &[
    ("AT", &[1000, 1300, 1900]),
    ("BE", &[600, 1200]),
    ("BG", &[900]),
    ("CY", &[300, 500, 900]),
    ("CZ", &[1200]),
    ("DE", &[700]),
    ("DK", &[]),
    ("EE", &[900, 1300]),
    ("ES", &[400, 1000]),
    ("FI", &[1000, 1350]),
    ("FR", &[90, 105, 210, 550, 850, 1000, 1300]),
    ("GR", &[400, 600, 1300, 1700]),
    ("HR", &[500, 1300]),
    ("HU", &[500, 1800]),
    ("IE", &[900, 1350]),
    ("IT", &[400, 500, 1000]),
    ("LT", &[500, 1200]),
    ("LU", &[300, 800, 1400]),
    ("LV", &[500, 1200]),
    ("MT", &[500, 700, 1200]),
    ("NL", &[900]),
    ("PL", &[500, 800]),
    ("PT", &[600, 1300, 1600, 2200]),
    ("RO", &[1100]),
    ("SE", &[600, 1200]),
    ("SI", &[500, 950]),
    ("SK", &[500, 1900]),
];

#[test]
fn no_rate_is_offered_that_a_state_does_not_have() {
    assert_eq!(REDUCED.len(), EU.len());
    for (country, known) in REDUCED {
        for choice in of(country, date(2026, 3, 27)) {
            let bp = choice.rate.thousandths() / 10;
            // Zero stands for what is exempt.
            let good = choice.covers == Covers::Standard || bp == 0 || known.contains(&bp);
            assert!(good, "{country}: {bp}");
        }
    }
}

#[test]
fn where_rates_are_typed() {
    let on = date(2026, 11, 28);
    for country in ["US", "", "XX", "de"] {
        assert_eq!(of(country, on), [], "{country}");
        assert_eq!(admission(country, Category::Concert, on), None);
    }
}

/// On every day there is one standard rate, and reduced ones are lower.
#[test]
fn one_standard_rate_at_any_time() {
    let mut day = date(2024, 9, 1);
    while day < date(2027, 6, 1) {
        for (country, ..) in NOW {
            let choices = of(country, day);
            let standard: Vec<_> = choices
                .iter()
                .filter(|c| c.covers == Covers::Standard)
                .collect();
            assert_eq!(standard.len(), 1, "{country} on {day}");
            assert!(
                choices
                    .iter()
                    .all(|c| c.covers == Covers::Standard || c.rate < standard[0].rate),
                "{country} on {day}"
            );
            for kind in [Category::Concert, Category::Sport] {
                let special = choices.iter().filter(|c| match c.covers {
                    Covers::Culture => kind == Category::Concert,
                    Covers::Sport => kind == Category::Sport,
                    Covers::CultureAndSport => true,
                    Covers::Standard | Covers::Other => false,
                });
                assert!(special.count() <= 1, "{country} on {day}: which of them?");
            }
        }
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn rates_change_on_their_day() {
    for (country, last, bp_before, bp_after) in [
        ("EE", date(2025, 6, 30), 2200, 2400),
        ("RO", date(2025, 7, 31), 1900, 2100),
        ("SK", date(2024, 12, 31), 2000, 2300),
    ] {
        let rate = |on| of(country, on)[0].rate.thousandths() / 10;
        assert_eq!(
            (rate(last), rate(last.tomorrow().unwrap())),
            (bp_before, bp_after),
            "{country}"
        );
    }
    let concert = |on| {
        admission("FI", Category::Concert, on)
            .unwrap()
            .rate
            .thousandths()
            / 10
    };
    assert_eq!(
        (concert(date(2025, 12, 31)), concert(date(2026, 1, 1))),
        (1400, 1350)
    );
}
