//! Amounts for people: "€48.20", "CHF 48.20", "¥4,820", "48.200 د.ك".
//!
//! Latin digits, comma for thousands and point for decimals in both languages, as on tickets and card terminals.

use crate::{Locale, bidi, numbers, texts};
use domain::money::Money;

/// The amount with its sign or code. A minus sign leads.
#[must_use]
pub fn format(l: Locale, amount: Money) -> String {
    let plain = amount.to_decimal_string();
    let digits = plain.trim_start_matches('-');
    let (whole, decimals) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut number = numbers::group(whole);
    if let Some(decimals) = decimals {
        number.push('.');
        number.push_str(decimals);
    }
    let minus = if amount.is_negative() { "−" } else { "" };
    match sign(l, amount.currency.as_str()) {
        Sign::Before(sign) => in_reading_order(l, &format!("{minus}{sign}{number}")),
        Sign::After(sign) => format!(
            "{}\u{a0}{sign}",
            in_reading_order(l, &format!("{minus}{number}"))
        ),
        Sign::Code(code) => in_reading_order(l, &format!("{minus}{code}\u{a0}{number}")),
    }
}

/// Like `format`, but nothing at all is "Free".
#[must_use]
pub fn price(l: Locale, amount: Money) -> String {
    if amount.is_zero() {
        free(l).to_owned()
    } else {
        format(l, amount)
    }
}

#[must_use]
pub fn free(l: Locale) -> &'static str {
    texts::ui::free(l)
}

/// "from €12.00" texts and others take the amount as an argument; this is the currency alone, for form labels.
#[must_use]
pub fn currency_name(l: Locale, code: &str) -> String {
    match sign(l, code) {
        Sign::Before(sign) | Sign::After(sign) => format!("{code} ({sign})"),
        Sign::Code(_) => code.to_owned(),
    }
}

enum Sign<'a> {
    Before(&'static str),
    After(&'static str),
    Code(&'a str),
}

/// Signs that readers of the language know and that mean one currency only; a bare "$" is the US one.
fn sign(l: Locale, code: &str) -> Sign<'_> {
    let arabic = match (l, code) {
        (Locale::En, _) => None,
        (Locale::Ar, "AED") => Some("د.إ"),
        (Locale::Ar, "BHD") => Some("د.ب"),
        (Locale::Ar, "DZD") => Some("د.ج"),
        (Locale::Ar, "EGP") => Some("ج.م"),
        (Locale::Ar, "IQD") => Some("د.ع"),
        (Locale::Ar, "JOD") => Some("د.أ"),
        (Locale::Ar, "KWD") => Some("د.ك"),
        (Locale::Ar, "LBP") => Some("ل.ل"),
        (Locale::Ar, "LYD") => Some("د.ل"),
        (Locale::Ar, "MAD") => Some("د.م."),
        (Locale::Ar, "OMR") => Some("ر.ع."),
        (Locale::Ar, "QAR") => Some("ر.ق"),
        (Locale::Ar, "SAR") => Some("ر.س"),
        (Locale::Ar, "TND") => Some("د.ت"),
        (Locale::Ar, _) => None,
    };
    if let Some(sign) = arabic {
        return Sign::After(sign);
    }
    match code {
        "AUD" => Sign::Before("A$"),
        "BRL" => Sign::Before("R$"),
        "CAD" => Sign::Before("CA$"),
        "CNY" => Sign::Before("CN¥"),
        "EUR" => Sign::Before("€"),
        "GBP" => Sign::Before("£"),
        "HKD" => Sign::Before("HK$"),
        "ILS" => Sign::Before("₪"),
        "INR" => Sign::Before("₹"),
        "JPY" => Sign::Before("¥"),
        "KRW" => Sign::Before("₩"),
        "MXN" => Sign::Before("MX$"),
        "NGN" => Sign::Before("₦"),
        "NZD" => Sign::Before("NZ$"),
        "PHP" => Sign::Before("₱"),
        "TRY" => Sign::Before("₺"),
        "TWD" => Sign::Before("NT$"),
        "UAH" => Sign::Before("₴"),
        "USD" => Sign::Before("$"),
        "VND" => Sign::Before("₫"),
        other => Sign::Code(other),
    }
}

/// A sign or a minus beside digits jumps to the other end next to Arabic letters; digits alone do not.
fn in_reading_order(l: Locale, text: &str) -> String {
    let bare = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    if l == Locale::En || bare {
        text.to_owned()
    } else {
        bidi::left_to_right(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Currency;

    fn en(minor: i64, currency: Currency) -> String {
        format(Locale::En, Money::new(minor, currency))
    }

    #[test]
    fn decimals_follow_the_currency() {
        assert_eq!(en(4820, Currency::EUR), "€48.20");
        assert_eq!(en(482_000, Currency::JPY), "¥482,000");
        assert_eq!(en(12_500, Currency::KWD), "KWD\u{a0}12.500");
        assert_eq!(en(123_456_789, Currency::CHF), "CHF\u{a0}1,234,567.89");
        assert_eq!(en(-5, Currency::USD), "−$0.05");
    }

    #[test]
    fn nothing_is_free_only_where_a_price_is_meant() {
        let zero = Money::zero(Currency::EUR);
        assert_eq!(
            (format(Locale::En, zero), price(Locale::En, zero)),
            ("€0.00".into(), "Free".into())
        );
        assert_eq!(price(Locale::Ar, zero), "مجاني");
    }

    #[test]
    fn arabic_signs_follow_and_foreign_ones_are_isolated() {
        assert_eq!(
            format(Locale::Ar, Money::new(12_500, Currency::KWD)),
            "12.500\u{a0}د.ك"
        );
        assert_eq!(
            format(Locale::Ar, Money::new(4820, Currency::EUR)),
            "\u{2066}€48.20\u{2069}"
        );
        assert_eq!(
            format(Locale::Ar, Money::new(-4820, Currency::EGP)),
            "\u{2066}−48.20\u{2069}\u{a0}ج.م"
        );
    }

    #[test]
    fn every_currency_can_be_written() {
        for currency in Currency::all() {
            for l in Locale::all() {
                assert!(
                    format(l, Money::new(1_234_567, *currency))
                        .contains(|c: char| c.is_ascii_digit())
                );
            }
        }
    }
}
