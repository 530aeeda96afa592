//! Currencies, limits of amounts, and what Stripe takes. The figures of a test, in one place.

use crate::error::Failure;

/// What a charge costs its receiver: `percent_bp` hundredths of a percent, and a fixed part.
struct Fee {
    currency: &'static str,
    percent_bp: i64,
    fixed: i64,
    dispute: i64,
}

const FEES: &[Fee] = &[
    Fee {
        currency: "eur",
        percent_bp: 150,
        fixed: 25,
        dispute: 1500,
    },
    Fee {
        currency: "gbp",
        percent_bp: 150,
        fixed: 20,
        dispute: 1500,
    },
    Fee {
        currency: "usd",
        percent_bp: 290,
        fixed: 30,
        dispute: 1500,
    },
    Fee {
        currency: "chf",
        percent_bp: 290,
        fixed: 30,
        dispute: 1500,
    },
];

/// What any other currency costs, without a fixed part, because its minor unit may be of any worth.
const OTHER: Fee = Fee {
    currency: "",
    percent_bp: 325,
    fixed: 0,
    dispute: 0,
};

/// The least amount of a charge. Source: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>.
const LEAST: &[(&str, i64)] = &[
    ("eur", 50),
    ("usd", 50),
    ("gbp", 30),
    ("chf", 50),
    ("dkk", 250),
    ("nok", 300),
    ("sek", 300),
    ("pln", 200),
    ("czk", 1500),
    ("huf", 17500),
    ("ron", 200),
    ("bgn", 100),
    ("aed", 200),
    ("aud", 50),
    ("cad", 50),
    ("nzd", 50),
    ("hkd", 400),
    ("sgd", 50),
    ("jpy", 50),
    ("mxn", 1000),
    ("myr", 200),
    ("thb", 1000),
    ("brl", 50),
    ("inr", 50),
];

/// Source: <https://docs.stripe.com/currencies#zero-decimal>.
const NO_DECIMALS: &[&str] = &[
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
    "xof", "xpf",
];
/// Written with two decimals that must be nought.
const WHOLE_ONLY: &[&str] = &["isk", "ugx"];
/// Written with three decimals of which the last must be nought.
const THREE_DECIMALS: &[&str] = &["bhd", "jod", "kwd", "omr", "tnd"];

const TWO_DECIMALS: &[&str] = &[
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt",
    "bgn", "bmd", "bnd", "bob", "brl", "bsd", "bwp", "byn", "bzd", "cad", "cdf", "chf", "cny",
    "cop", "crc", "cve", "czk", "dkk", "dop", "dzd", "egp", "etb", "eur", "fjd", "fkp", "gbp",
    "gel", "gip", "gmd", "gtq", "gyd", "hkd", "hnl", "htg", "huf", "idr", "ils", "inr", "isk",
    "jmd", "kes", "kgs", "khr", "kyd", "kzt", "lak", "lbp", "lkr", "lrd", "lsl", "mad", "mdl",
    "mkd", "mmk", "mnt", "mop", "mur", "mvr", "mwk", "mxn", "myr", "mzn", "nad", "ngn", "nio",
    "nok", "npr", "nzd", "pab", "pen", "pgk", "php", "pkr", "pln", "qar", "ron", "rsd", "rub",
    "sar", "sbd", "scr", "sek", "sgd", "shp", "sle", "sos", "srd", "std", "szl", "thb", "tjs",
    "top", "try", "ttd", "twd", "tzs", "uah", "ugx", "usd", "uyu", "uzs", "wst", "xcd", "yer",
    "zar", "zmw",
];

/// The most that fits into one charge: eight digits.
const MOST: i64 = 99_999_999;

/// How many decimals a currency is written with.
pub fn decimals(currency: &str) -> u32 {
    if NO_DECIMALS.contains(&currency) {
        0
    } else if THREE_DECIMALS.contains(&currency) {
        3
    } else {
        2
    }
}

/// The currency in small letters, if Stripe takes it.
pub fn currency(text: &str, param: &str) -> Result<String, Failure> {
    let code = text.to_ascii_lowercase();
    let known = [NO_DECIMALS, WHOLE_ONLY, THREE_DECIMALS, TWO_DECIMALS];
    if known.iter().any(|list| list.contains(&code.as_str())) {
        return Ok(code);
    }
    Err(Failure::invalid(format!(
        "Invalid currency: {code}. Stripe currently supports these currencies: usd, eur, gbp, jpy, kwd, …"
    ))
    .param(param))
}

/// Refuses an amount that no charge can have.
pub fn chargeable(amount: i64, currency: &str, param: &str) -> Result<(), Failure> {
    if amount < 1 {
        return Err(
            Failure::invalid("This value must be greater than or equal to 1.")
                .code("parameter_invalid_integer")
                .param(param),
        );
    }
    let least = LEAST
        .iter()
        .find(|(code, _)| *code == currency)
        .map_or(1, |(_, least)| *least);
    if amount < least {
        return Err(Failure::invalid(format!(
            "Amount must be at least {} {currency}",
            written(least, currency)
        ))
        .code("amount_too_small")
        .param(param));
    }
    if amount > MOST {
        return Err(Failure::invalid(format!(
            "Amount must be no more than {} {currency}",
            written(MOST, currency)
        ))
        .code("amount_too_large")
        .param(param));
    }
    whole(amount, currency, param)
}

/// Refuses parts of a minor unit that the currency does not have.
pub fn whole(amount: i64, currency: &str, param: &str) -> Result<(), Failure> {
    let step = if THREE_DECIMALS.contains(&currency) {
        10
    } else if WHOLE_ONLY.contains(&currency) {
        100
    } else {
        1
    };
    if amount % step == 0 {
        return Ok(());
    }
    Err(Failure::invalid(format!(
        "Invalid amount: {amount}. Amounts in {currency} must be evenly divisible by {step}."
    ))
    .code("parameter_invalid_integer")
    .param(param))
}

/// What Stripe keeps of a charge, rounded half up.
pub fn fee(amount: i64, currency: &str) -> i64 {
    let fee = table(currency);
    (amount * fee.percent_bp + 5_000) / 10_000 + fee.fixed
}

/// What a dispute costs, won or lost.
pub fn dispute_fee(currency: &str) -> i64 {
    table(currency).dispute
}

fn table(currency: &str) -> &'static Fee {
    FEES.iter()
        .find(|fee| fee.currency == currency)
        .unwrap_or(&OTHER)
}

/// An amount as people write it: `12.50`.
pub fn written(minor: i64, currency: &str) -> String {
    let decimals = decimals(currency);
    if decimals == 0 {
        return minor.to_string();
    }
    let unit = 10_i64.pow(decimals);
    let width = usize::try_from(decimals).unwrap_or(2);
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.abs();
    format!("{sign}{}.{:0width$}", minor / unit, minor % unit)
}

/// An amount with its sign, as in Stripe's own messages: `€12.50`.
pub fn shown(minor: i64, currency: &str) -> String {
    let amount = written(minor, currency);
    match currency {
        "eur" => format!("€{amount}"),
        "usd" => format!("${amount}"),
        "gbp" => format!("£{amount}"),
        other => format!("{amount} {}", other.to_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_follow_the_table() {
        assert_eq!(fee(10_000, "eur"), 175);
        assert_eq!(fee(1_099, "usd"), 62);
        assert_eq!(dispute_fee("eur"), 1_500);
    }

    #[test]
    fn amounts_are_written_by_the_decimals_of_their_currency() {
        assert_eq!(written(1_205, "eur"), "12.05");
        assert_eq!(written(1_205, "jpy"), "1205");
        assert_eq!(written(1_200, "kwd"), "1.200");
        assert_eq!(written(-5, "eur"), "-0.05");
    }

    #[test]
    fn impossible_amounts_are_refused() {
        let code = |amount, currency| {
            chargeable(amount, currency, "amount")
                .err()
                .map(|failure| failure.error["code"].clone())
        };
        assert_eq!(code(49, "eur"), Some("amount_too_small".into()));
        assert_eq!(code(100_000_000, "eur"), Some("amount_too_large".into()));
        assert_eq!(code(1_205, "kwd"), Some("parameter_invalid_integer".into()));
        assert_eq!(code(1_200, "kwd"), None);
        assert_eq!(code(1_250, "isk"), Some("parameter_invalid_integer".into()));
        assert!(currency("xyz", "currency").is_err());
    }
}
