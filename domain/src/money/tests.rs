use proptest::prelude::*;

use super::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn any_currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(Currency::all())
}

#[test]
fn currencies_are_sorted_and_unique() {
    assert!(
        Currency::all()
            .windows(2)
            .all(|pair| pair[0].as_str() < pair[1].as_str())
    );
    assert!(Currency::all().iter().all(|c| c.as_str().len() == 3));
    assert_eq!("eur".parse(), Ok(Currency::EUR));
    assert_eq!("XXX".parse::<Currency>(), Err(MoneyError::UnknownCurrency));
    assert_eq!(
        (
            Currency::JPY.exponent(),
            Currency::USD.exponent(),
            Currency::KWD.exponent()
        ),
        (0, 2, 3)
    );
}

#[test]
fn typed_amounts() {
    let read = |text: &str, currency| Money::parse_major(text, currency).map(|money| money.minor);
    for (text, currency, minor) in [
        ("12.50", Currency::EUR, 1250),
        (" 12,5 ", Currency::EUR, 1250),
        ("12", Currency::EUR, 1200),
        (".5", Currency::EUR, 50),
        ("0", Currency::EUR, 0),
        ("500.00", Currency::JPY, 500),
        ("500", Currency::JPY, 500),
        ("1.234", Currency::JOD, 1234),
        ("1.2340", Currency::JOD, 1234),
        ("١٢٫٥٠", Currency::AED, 1250),
        ("۱۲٫۵۰", Currency::AED, 1250),
        ("1000000000", Currency::KWD, 1_000_000_000_000),
    ] {
        assert_eq!(read(text, currency), Ok(minor), "{text} {currency}");
    }
    for (text, currency, fault) in [
        ("", Currency::EUR, Fault::Required),
        ("12.505", Currency::EUR, Fault::TooPrecise { max: 2 }),
        ("1.5", Currency::JPY, Fault::TooPrecise { max: 0 }),
        ("1,250.00", Currency::EUR, Fault::NotANumber),
        ("-5", Currency::EUR, Fault::NotANumber),
        ("+5", Currency::EUR, Fault::NotANumber),
        ("1e3", Currency::EUR, Fault::NotANumber),
        ("5.", Currency::EUR, Fault::NotANumber),
        (".", Currency::EUR, Fault::NotANumber),
        ("NaN", Currency::EUR, Fault::NotANumber),
        (
            "1000000001",
            Currency::EUR,
            Fault::TooLarge { max: 1_000_000_000 },
        ),
        (
            "99999999999999999999",
            Currency::EUR,
            Fault::TooLarge { max: 1_000_000_000 },
        ),
    ] {
        assert_eq!(read(text, currency), Err(fault), "{text} {currency}");
    }
}

#[test]
fn plain_decimals() {
    for (minor, currency, text) in [
        (4820, Currency::EUR, "48.20"),
        (5, Currency::EUR, "0.05"),
        (-5, Currency::EUR, "-0.05"),
        (0, Currency::KWD, "0.000"),
        (1200, Currency::JPY, "1200"),
        (0, Currency::JPY, "0"),
    ] {
        assert_eq!(Money::new(minor, currency).to_decimal_string(), text);
    }
}

#[test]
fn combining() {
    assert_eq!(eur(1).checked_add(eur(2)), Ok(eur(3)));
    assert_eq!(
        eur(1).checked_add(Money::new(1, Currency::USD)),
        Err(MoneyError::CurrencyMismatch)
    );
    assert_eq!(eur(i64::MAX).checked_add(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MIN).checked_sub(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MAX).checked_mul(2), Err(MoneyError::Overflow));
    assert_eq!(-eur(5), eur(-5));
}

#[test]
fn halves_round_away_from_zero() {
    for (minor, percent, share) in [
        (101, 50, 51),
        (-101, 50, -51),
        (99, 50, 50),
        (100, 33, 33),
        (1, 49, 0),
        (7, 0, 0),
    ] {
        assert_eq!(
            eur(minor).percent(percent),
            Ok(eur(share)),
            "{percent} % of {minor}"
        );
    }
    assert_eq!(eur(i64::MAX).percent(200), Err(MoneyError::Overflow));
}

proptest! {
    #[test]
    fn decimals_read_back(minor in 0..100_000_000_000_i64, currency in any_currency()) {
        let money = Money::new(minor % (Money::LARGEST_TYPED_MAJOR * currency.scale()), currency);
        prop_assert_eq!(Money::parse_major(&money.to_decimal_string(), currency), Ok(money));
    }

    #[test]
    fn reading_never_fails_badly(text: String, currency in any_currency()) {
        if let Ok(money) = Money::parse_major(&text, currency) {
            prop_assert!(!money.is_negative());
        }
    }

    #[test]
    fn money_survives_the_wire(minor: i64, currency in any_currency()) {
        let money = Money::new(minor, currency);
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }
}
