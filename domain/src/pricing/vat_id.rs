//! Identification numbers for value added tax: their form, and their check digits where how these work is well known.
//!
//! That a number is well formed does not say that it was given out; only the states know that.

mod checks;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::Fault;

/// What a register of VAT ids says of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatStanding {
    /// It has not answered yet.
    Asked,
    /// Given out.
    Valid,
    /// Not given out, or no more.
    Invalid,
}

/// A well-formed VAT id with the prefix of its country, without spaces and signs between.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VatId(String);

impl VatId {
    /// The country by ISO 3166; its prefix differs in Greece (EL) and Northern Ireland (XI).
    pub fn country(&self) -> &str {
        match self.0.get(..2).unwrap_or_default() {
            "EL" => "GR",
            "XI" => "GB",
            prefix => prefix,
        }
    }

    /// As it is written: "DE136695976".
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VatId {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let mut plain = String::with_capacity(text.len());
        for sign in text.trim().chars() {
            match sign {
                ' ' | '.' | '-' | '/' | '\u{a0}' => {}
                sign if sign.is_ascii_alphanumeric() => plain.push(sign.to_ascii_uppercase()),
                sign => plain.push(crate::text::western_digit(sign).ok_or(Fault::NotAVatId)?),
            }
        }
        if plain.is_empty() {
            return Err(Fault::Required);
        }
        if plain.len() > 20 {
            return Err(Fault::NotAVatId);
        }
        if let Some(rest) = plain.strip_prefix("GR") {
            plain = format!("EL{rest}");
        }
        // What Swiss and Norwegian numbers say behind of themselves is no part of them.
        for (country, said) in [
            ("CHE", "MWST"),
            ("CHE", "TVA"),
            ("CHE", "IVA"),
            ("NO", "MVA"),
        ] {
            if plain.starts_with(country)
                && let Some(rest) = plain.strip_suffix(said)
            {
                plain = rest.to_owned();
            }
        }
        let (country, number) = plain.split_at_checked(2).ok_or(Fault::NotAVatId)?;
        if checks::is_good(country, number) {
            Ok(Self(plain))
        } else {
            Err(Fault::NotAVatId)
        }
    }
}

impl fmt::Display for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for VatId {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        text.parse()
    }
}

impl From<VatId> for String {
    fn from(id: VatId) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers that are known to be well formed, one or more for each country.
    const GOOD: &[&str] = &[
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ25123891",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "ESB58378431",
        "ES54362315K",
        "ESX2482300W",
        "FI20774740",
        "FR40303265045",
        "FRK7399859412",
        "HR33392005961",
        "HU12892312",
        "IE6433435F",
        "IT00743110157",
        "LT119511515",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "NL002455799B11",
        "PL8567346215",
        "PT501964843",
        "RO18547290",
        "SE123456789701",
        "SI50223054",
        "SK2022749619",
        "GB980780684",
        "CHE107787577",
        "NO995525828",
    ];

    /// Countries whose numbers carry check digits that are tried here.
    const CHECKED: &[&str] = &[
        "AT", "BE", "CH", "DE", "DK", "EE", "EL", "FI", "HR", "HU", "IT", "LU", "MT", "NO", "PL",
        "PT", "RO", "SE", "SI", "SK",
    ];

    #[test]
    fn good_numbers() {
        for text in GOOD {
            let id: VatId = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(id.as_str(), *text);
        }
        for (text, plain, country) in [
            (" de 136 695 976 ", "DE136695976", "DE"),
            ("GR094259216", "EL094259216", "GR"),
            ("ATU 1358.5627", "ATU13585627", "AT"),
            ("CHE-107.787.577 MWST", "CHE107787577", "CH"),
            ("NO 995 525 828 MVA", "NO995525828", "NO"),
            ("XI980780684", "XI980780684", "GB"),
            ("DE١٣٦٦٩٥٩٧٦", "DE136695976", "DE"),
        ] {
            let id: VatId = text.parse().unwrap();
            assert_eq!((id.as_str(), id.country()), (plain, country), "{text}");
        }
    }

    /// Every check digit is for something: no single digit can be mistyped unseen.
    #[test]
    fn a_mistyped_digit_is_seen() {
        for text in GOOD.iter().filter(|text| CHECKED.contains(&&text[..2])) {
            for (at, sign) in text
                .char_indices()
                .filter(|(at, sign)| *at > 1 && sign.is_ascii_digit())
            {
                // The last two digits of Swedish numbers are no part of what is checked.
                if text.starts_with("SE") && at >= 12 {
                    continue;
                }
                let other = char::from(b'0' + (sign as u8 - b'0' + 1) % 10);
                let mut typed = (*text).to_owned();
                typed.replace_range(at..=at, &other.to_string());
                assert_eq!(
                    typed.parse::<VatId>(),
                    Err(Fault::NotAVatId),
                    "{typed} for {text}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_number() {
        assert_eq!("".parse::<VatId>(), Err(Fault::Required));
        for text in [
            "DE",
            "DE12345678",
            "DE1366959760",
            "136695976",
            "US123456789",
            "XX123456789",
            "FR4030326504",
            "FR41303265045",
            "NL004495445C01",
            "ESB58378432",
            "ES54362315L",
            "ATX13585627",
            "GB980780685",
            "D€136695976",
            "DE13669597O",
            "DE136695976DE136695976DE136695976",
        ] {
            assert_eq!(text.parse::<VatId>(), Err(Fault::NotAVatId), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_fails_badly(text: String) {
            let _ = text.parse::<VatId>();
        }

        #[test]
        fn what_was_read_reads_again(text in "(DE|AT|FR|IT|ES|NL|PL|BE|EL|GB)[0-9U]{8,12}") {
            if let Ok(id) = text.parse::<VatId>() {
                prop_assert_eq!(id.as_str().parse::<VatId>(), Ok(id.clone()));
            }
        }
    }
}
