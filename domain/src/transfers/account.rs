//! The platform's account that buyers transfer to, and how long they have.

use serde::{Deserialize, Serialize};

use crate::{
    money::Currency,
    payouts::{AccountNumber, BankAccount},
    text::{Fault, FieldErrors, line},
};

/// Nobody's places are kept longer for a transfer.
pub const MAX_DAYS: u16 = 30;

/// Where buyers transfer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferAccount {
    /// As the bank knows them.
    pub holder: String,
    /// In electronic form.
    pub iban: String,
    /// May be empty.
    pub bic: String,
    /// The bank's name; may be empty.
    pub bank: String,
    /// Of the account; orders in others cannot be paid to it.
    pub currency: Currency,
    /// Days to pay.
    pub days: u16,
    /// So many days before the event starts, the money must be there.
    pub days_before: u16,
}

/// As a form sends it; see [`TransferAccount`] for what the fields are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountInput {
    pub holder: String,
    pub iban: String,
    pub bic: String,
    pub bank: String,
    pub currency: String,
    pub days: String,
    pub days_before: String,
}

impl TransferAccount {
    /// Checks a form; its fields are named like those of [`AccountInput`].
    pub fn parse(input: &AccountInput) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let account = BankAccount::parse(&input.holder, &input.iban, &input.bic);
        let (holder, iban, bic) = match account {
            Ok(account) => match account.number {
                AccountNumber::Iban(iban) => (account.holder, iban, account.bank_code),
                AccountNumber::Local(_) => {
                    errors.add("iban", Fault::NotAnIban);
                    Default::default()
                }
            },
            Err(_) => {
                errors.field("holder", line(&input.holder, 1, 70));
                if let Some(AccountNumber::Local(_)) =
                    errors.field("iban", AccountNumber::parse(&input.iban))
                {
                    errors.add("iban", Fault::NotAnIban);
                }
                let bic = BankAccount::parse("-", "DE89370400440532013000", &input.bic);
                errors.field("bic", bic.map_err(|_| Fault::NotABankCode));
                Default::default()
            }
        };
        let bank = match input.bank.trim() {
            "" => Some(String::new()),
            typed => errors.field("bank", line(typed, 1, 70)),
        };
        let currency: Option<Currency> = errors.field(
            "currency",
            input.currency.parse().map_err(|_| Fault::UnknownChoice),
        );
        let days = errors.field("days", whole_days(&input.days, 2));
        let days_before = errors.field("days_before", whole_days(&input.days_before, 0));
        errors.finish()?;
        Ok(Self {
            holder,
            iban,
            bic,
            bank: bank.unwrap_or_default(),
            currency: currency.unwrap_or(Currency::EUR),
            days: days.unwrap_or_default(),
            days_before: days_before.unwrap_or_default(),
        })
    }

    /// In groups of four, as people read it.
    pub fn iban_grouped(&self) -> String {
        AccountNumber::Iban(self.iban.clone()).grouped()
    }
}

fn whole_days(text: &str, min: i64) -> Result<u16, Fault> {
    let days: u16 = text.trim().parse().map_err(|_| Fault::NotANumber)?;
    if i64::from(days) < min {
        Err(Fault::TooSmall { min })
    } else if days > MAX_DAYS {
        Err(Fault::TooLarge {
            max: i64::from(MAX_DAYS),
        })
    } else {
        Ok(days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> AccountInput {
        AccountInput {
            holder: "Bilten".into(),
            iban: "de89 3704 0044 0532 0130 00".into(),
            bic: String::new(),
            bank: String::new(),
            currency: "EUR".into(),
            days: "7".into(),
            days_before: "3".into(),
        }
    }

    #[test]
    fn each_fault_is_beside_its_field() {
        let account = TransferAccount::parse(&good()).unwrap();
        assert_eq!(account.iban, "DE89370400440532013000");
        assert_eq!(account.iban_grouped(), "DE89 3704 0044 0532 0130 00");
        type Change = fn(&mut AccountInput);
        let wrong: [(Change, &str); 9] = [
            (|a| a.holder.clear(), "holder required"),
            (|a| a.iban.clear(), "iban required"),
            (
                |a| a.iban = "DE88370400440532013000".into(),
                "iban not_an_iban",
            ),
            (|a| a.iban = "12345678".into(), "iban not_an_iban"),
            (|a| a.bic = "?".into(), "bic not_a_bank_code"),
            (|a| a.currency = "XXX".into(), "currency unknown_choice"),
            (|a| a.days = "1".into(), "days too_small"),
            (|a| a.days = "31".into(), "days too_large"),
            (|a| a.days_before = "x".into(), "days_before not_a_number"),
        ];
        for (change, fault) in wrong {
            let mut input = good();
            change(&mut input);
            let errors = TransferAccount::parse(&input).unwrap_err();
            let found: Vec<String> = errors
                .entries()
                .iter()
                .map(|one| format!("{} {}", one.field, one.code))
                .collect();
            assert_eq!(found, [fault]);
        }
    }
}
