//! What a banking app reads off a code (EPC069-12, version 2): who gets how much under which reference.

use super::{Reference, TransferAccount};
use crate::money::{Currency, Money};

/// The largest amount of a SEPA transfer, in cents.
const MOST: i64 = 99_999_999_999;

/// The text of the code. `None`: such codes are for euros and IBANs only.
pub fn epc_payload(
    account: &TransferAccount,
    amount: Money,
    reference: &Reference,
) -> Option<String> {
    let fits = amount.currency == Currency::EUR && (1..=MOST).contains(&amount.minor);
    fits.then(|| {
        [
            "BCD",
            "002",
            // UTF-8
            "1",
            "SCT",
            &account.bic,
            &account.holder,
            &account.iban,
            &format!("EUR{}", amount.to_decimal_string()),
            "",
            reference.as_str(),
        ]
        .join("\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_who_gets_how_much_for_what() {
        let account = TransferAccount {
            holder: "Bilten GmbH".to_owned(),
            iban: "DE89370400440532013000".to_owned(),
            bic: "COBADEFFXXX".to_owned(),
            bank: "A bank".to_owned(),
            currency: Currency::EUR,
            days: 7,
            days_before: 3,
        };
        let reference = Reference::of_order("ABCDEF23".parse().unwrap());
        let text = epc_payload(&account, Money::new(1230, Currency::EUR), &reference).unwrap();
        let expected = format!(
            "BCD\n002\n1\nSCT\nCOBADEFFXXX\nBilten GmbH\nDE89370400440532013000\nEUR12.30\n\n{reference}"
        );
        assert_eq!(text, expected);
        assert!(text.len() <= 331, "as the standard says");
        for not in [
            Money::new(1230, Currency::CHF),
            Money::new(0, Currency::EUR),
            Money::new(MOST + 1, Currency::EUR),
        ] {
            assert_eq!(epc_payload(&account, not, &reference), None);
        }
    }
}
