//! A bank statement, whatever file it came in.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::money::{Currency, Money};

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The day on which the bank booked it.
    pub booked_on: Date,
    /// Above zero when money came, below when it went.
    pub amount: Money,
    /// The bank's own name for it; empty where it tells none.
    pub bank_ref: String,
    /// Who is on the other side.
    pub party: String,
    /// Their account; empty where the bank does not tell.
    pub party_account: String,
    /// All that was said about the money.
    pub text: String,
}

/// What a bank says of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// IBAN; empty where the file does not say.
    pub account: String,
    /// Of the account.
    pub currency: Currency,
    /// What was there before the first line, where that is told.
    pub opening: Option<Money>,
    /// What was there after the last line, where that is told.
    pub closing: Option<Money>,
    /// In the file's order.
    pub lines: Vec<Line>,
}

/// Why a statement cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// What was there before and the lines do not make what is there after: something is missing, or twice.
    #[error("the lines do not lead from the opening to the closing balance")]
    DoesNotAddUp,
    /// A balance is in another currency than its account.
    #[error("balances in different currencies")]
    MixedCurrencies,
}

impl StatementError {
    /// Stable key for translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::DoesNotAddUp => "statement_does_not_add_up",
            Self::MixedCurrencies => "statement_mixed_currencies",
        }
    }
}

impl Statement {
    /// Holds the lines against the balances, where both are told. A bank books in its account's currency alone.
    pub fn check(&self) -> Result<(), StatementError> {
        let (Some(opening), Some(closing)) = (self.opening, self.closing) else {
            return Ok(());
        };
        let all = std::iter::once(opening).chain(self.lines.iter().map(|line| line.amount));
        let sum = Money::checked_sum(opening.currency, all)
            .map_err(|_| StatementError::MixedCurrencies)?;
        if sum.currency != closing.currency {
            return Err(StatementError::MixedCurrencies);
        }
        if sum == closing {
            Ok(())
        } else {
            Err(StatementError::DoesNotAddUp)
        }
    }
}

/// A name for each line by which it is known again in another file of the same account: what the bank calls it, or else all
/// that is said of it. Lines that are alike in everything are counted, since somebody may well pay the same twice a day.
pub fn keys(lines: &[Line]) -> Vec<String> {
    let mut seen: HashMap<[u8; 32], u32> = HashMap::new();
    lines
        .iter()
        .map(|line| {
            let alike = fingerprint(line);
            let n = seen.entry(alike).or_default();
            *n += 1;
            let mut key: String = alike.iter().map(|byte| format!("{byte:02x}")).collect();
            key.push_str(&format!("-{n}"));
            key
        })
        .collect()
}

fn fingerprint(line: &Line) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    };
    add(&line.booked_on.to_string());
    add(&line.amount.minor.to_string());
    add(line.amount.currency.as_str());
    if line.bank_ref.is_empty() {
        add("said");
        add(&line.party);
        add(&line.party_account);
        add(&line.text);
    } else {
        add("named");
        add(&line.bank_ref);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(minor: i64, bank_ref: &str, text: &str) -> Line {
        Line {
            booked_on: jiff::civil::date(2026, 11, 27),
            amount: Money::new(minor, Currency::EUR),
            bank_ref: bank_ref.to_owned(),
            party: "Ada".to_owned(),
            party_account: String::new(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_line_is_known_again_and_twins_are_told_apart() {
        let first = keys(&[line(1, "", "a"), line(1, "", "a"), line(1, "", "b")]);
        assert_eq!(
            first.iter().collect::<std::collections::HashSet<_>>().len(),
            3
        );
        assert_eq!(keys(&[line(1, "", "a"), line(1, "", "a")]), first[..2]);
        // The bank's name counts, whatever it says the second time.
        assert_eq!(keys(&[line(1, "X", "a")]), keys(&[line(1, "X", "b")]));
        assert_ne!(keys(&[line(1, "X", "a")]), keys(&[line(2, "X", "a")]));
    }

    proptest! {
        #[test]
        fn a_statement_adds_up_or_is_refused(opening in -9_999_i64..9_999, lines in prop::collection::vec(-999_i64..999, 0..20), wrong in -5_i64..5) {
            let sum: i64 = lines.iter().sum();
            let statement = Statement {
                account: String::new(),
                currency: Currency::EUR,
                opening: Some(Money::new(opening, Currency::EUR)),
                closing: Some(Money::new(opening + sum + wrong, Currency::EUR)),
                lines: lines.iter().map(|minor| line(*minor, "", "")).collect(),
            };
            prop_assert_eq!(statement.check().is_ok(), wrong == 0);
        }
    }
}
