//! Amounts as banks write them in tables.

use crate::money::{Currency, Money};

/// Reads "1,234.50", "1.234,50", "-12,3", "12.50-", "+7" and the like. The last point or comma separates the decimals if at
/// most as many digits follow as the currency has; the others stand between thousands. `None`: not an amount.
pub fn parse_signed(text: &str, currency: Currency) -> Option<Money> {
    let bare: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace() && !['\'', '\u{2019}'].contains(sign))
        .map(|sign| if sign == '\u{2212}' { '-' } else { sign })
        .collect();
    let (negative, digits) = match (bare.strip_prefix('-'), bare.strip_suffix('-')) {
        (Some(rest), None) | (None, Some(rest)) => (true, rest),
        (Some(_), Some(_)) => return None,
        (None, None) => (false, bare.strip_prefix('+').unwrap_or(&bare)),
    };
    let decimals = usize::from(currency.exponent());
    let (whole, part) = match digits.rfind(['.', ',']) {
        Some(place) if digits.len() - place - 1 <= decimals => {
            let (whole, part) = (digits.get(..place)?, digits.get(place + 1..)?);
            // The same sign cannot mean both.
            if digits
                .get(place..=place)
                .is_some_and(|sign| whole.contains(sign))
            {
                return None;
            }
            (whole, part)
        }
        Some(_) | None => (digits, ""),
    };
    let whole = ungrouped(whole)?;
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let minor: i64 = format!("{whole}{part:0<decimals$}").parse().ok()?;
    Some(Money::new(if negative { -minor } else { minor }, currency))
}

/// The digits of a number whose thousands may be set apart, always by the same sign.
fn ungrouped(text: &str) -> Option<String> {
    let sign = text.chars().find(|sign| !sign.is_ascii_digit());
    let groups: Vec<&str> = match sign {
        Some(sign @ ('.' | ',')) => text.split(sign).collect(),
        Some(_) => return None,
        None => vec![text],
    };
    let (first, others) = groups.split_first()?;
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = !first.is_empty()
        && groups.iter().all(digits)
        && others.iter().all(|group| group.len() == 3)
        && (others.is_empty() || first.len() <= 3);
    shaped.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_banks_write_them() {
        for (text, minor) in [
            ("12.50", Some(1250)),
            ("12,5", Some(1250)),
            ("1.234,50", Some(123_450)),
            ("1,234.50", Some(123_450)),
            ("1'234.50", Some(123_450)),
            ("1 234 567,89", Some(123_456_789)),
            ("-12,30", Some(-1230)),
            ("12.30-", Some(-1230)),
            ("−3", Some(-300)),
            ("+7", Some(700)),
            ("1.000", Some(100_000)),
            ("", None),
            ("-", None),
            ("1.2.3", None),
            ("12,345,6", None),
            ("1e5", None),
            ("--1", None),
            ("99999999999999999999", None),
        ] {
            let read = parse_signed(text, Currency::EUR).map(|money| money.minor);
            assert_eq!(read, minor, "{text}");
        }
        let dinar = |text| parse_signed(text, Currency::KWD).map(|money| money.minor);
        assert_eq!(dinar("1.234"), Some(1234));
    }

    proptest! {
        #[test]
        fn what_is_written_plainly_is_read_back(minor in -10_000_000_i64..10_000_000) {
            let money = Money::new(minor, Currency::EUR);
            prop_assert_eq!(parse_signed(&money.to_decimal_string(), Currency::EUR), Some(money));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,30}") {
            let _ = parse_signed(&text, Currency::EUR);
        }
    }
}
