//! A bank account, as far as it can be judged without asking the bank.

use iban::{Iban, IbanLike};
use serde::{Deserialize, Serialize};

use crate::text::{Fault, FieldErrors, line};

/// Where money is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Who it belongs to, as the bank knows them.
    pub holder: String,
    /// Its number.
    pub number: AccountNumber,
    /// BIC (ISO 9362), routing or sort code: what the bank's country uses. Empty only beside an IBAN.
    pub bank_code: String,
}

/// The number of a bank account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountNumber {
    /// International (ISO 13616), in electronic form; its length and check digits are right.
    Iban(String),
    /// What the bank's country uses: nothing about it can be checked.
    Local(String),
}

impl AccountNumber {
    /// Reads a number as people type it, with blanks or hyphens between. Two letters in front promise an IBAN.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let bare = bare(text);
        if bare.is_empty() {
            return Err(Fault::Required);
        }
        let letters = bare.chars().take(2).all(|sign| sign.is_ascii_alphabetic());
        if letters {
            let iban: Iban = bare.parse().map_err(|_| Fault::NotAnIban)?;
            return Ok(Self::Iban(iban.electronic_str().to_owned()));
        }
        if !bare.chars().all(|sign| sign.is_ascii_alphanumeric()) {
            return Err(Fault::NotANumber);
        }
        match bare.len() {
            0..4 => Err(Fault::TooShort { min: 4 }),
            4..=34 => Ok(Self::Local(bare)),
            _ => Err(Fault::TooLong { max: 34 }),
        }
    }

    /// As banks write it in files.
    pub fn electronic(&self) -> &str {
        match self {
            Self::Iban(number) | Self::Local(number) => number,
        }
    }

    /// The end of it, by which people recognise their account.
    pub fn last_four(&self) -> &str {
        let number = self.electronic();
        number
            .get(number.len().saturating_sub(4)..)
            .unwrap_or(number)
    }

    /// As people read it: an IBAN in groups of four.
    pub fn grouped(&self) -> String {
        match self {
            Self::Local(number) => number.clone(),
            Self::Iban(number) => {
                let mut out = String::with_capacity(number.len() + number.len() / 4);
                for (place, sign) in number.chars().enumerate() {
                    if place > 0 && place % 4 == 0 {
                        out.push(' ');
                    }
                    out.push(sign);
                }
                out
            }
        }
    }
}

impl BankAccount {
    /// An account out of a form; fields are `holder`, `number`, `bank_code`.
    pub fn parse(holder: &str, number: &str, bank_code: &str) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let holder = errors.field("holder", line(holder, 1, 70));
        let number = errors.field("number", AccountNumber::parse(number));
        let local = matches!(number, Some(AccountNumber::Local(_)));
        let bank_code = errors.field("bank_code", parse_bank_code(bank_code, local));
        errors.finish()?;
        Ok(Self {
            holder: holder.unwrap_or_default(),
            number: number.unwrap_or(AccountNumber::Local(String::new())),
            bank_code: bank_code.unwrap_or_default(),
        })
    }
}

fn parse_bank_code(text: &str, needed: bool) -> Result<String, Fault> {
    let bare = bare(text);
    let digits = bare.chars().all(|sign| sign.is_ascii_digit());
    match bare.len() {
        0 if needed => Err(Fault::Required),
        0 => Ok(bare),
        5..=12 if digits => Ok(bare),
        8 | 11 if is_bic(&bare) => Ok(bare),
        _ => Err(Fault::NotABankCode),
    }
}

/// ISO 9362: four letters or digits of the bank, two letters of the country, two and perhaps three signs more.
fn is_bic(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes
            .get(4..6)
            .is_some_and(|country| country.iter().all(u8::is_ascii_alphabetic))
}

fn bare(text: &str) -> String {
    text.chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_iban_is_read_as_people_type_it() {
        let number = AccountNumber::parse(" de89 3704-0044 0532 0130 00 ").unwrap();
        assert_eq!(
            number,
            AccountNumber::Iban("DE89370400440532013000".to_owned())
        );
        assert_eq!(number.grouped(), "DE89 3704 0044 0532 0130 00");
        assert_eq!(number.last_four(), "3000");
    }

    #[test]
    fn wrong_numbers_are_refused_with_the_reason() {
        for (text, fault) in [
            ("", Fault::Required),
            ("DE88370400440532013000", Fault::NotAnIban),
            ("DE8937040044053201300", Fault::NotAnIban),
            ("XX00123", Fault::NotAnIban),
            ("123", Fault::TooShort { min: 4 }),
            ("12€456", Fault::NotANumber),
        ] {
            assert_eq!(AccountNumber::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn without_an_iban_the_bank_must_be_named() {
        assert!(BankAccount::parse("Hall", "000123456789", "").is_err());
        assert!(BankAccount::parse("Hall", "000123456789", "110000000").is_ok());
        assert!(BankAccount::parse("Hall", "DE89370400440532013000", "").is_ok());
        assert!(BankAccount::parse("Hall", "DE89370400440532013000", "COBADEFFXXX").is_ok());
        assert!(BankAccount::parse("Hall", "DE89370400440532013000", "nonsense!").is_err());
        assert!(BankAccount::parse("", "DE89370400440532013000", "").is_err());
    }

    proptest! {
        /// Two digits in the wrong order, the commonest slip, never pass.
        #[test]
        fn swapped_digits_are_noticed(place in 4..21_usize) {
            let mut digits: Vec<char> = "DE89370400440532013000".chars().collect();
            digits.swap(place, place + 1);
            let swapped: String = digits.into_iter().collect();
            prop_assume!(swapped != "DE89370400440532013000");
            prop_assert_eq!(AccountNumber::parse(&swapped), Err(Fault::NotAnIban));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,60}") {
            let _ = BankAccount::parse(&text, &text, &text);
        }
    }
}
