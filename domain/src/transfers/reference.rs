//! Creditor references (ISO 11649): "RF", two check digits, and what is paid for.

use std::fmt;

use crate::ids::{OrderCode, RefundId};

/// A reference with the right check digits, in electronic form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

/// "RF" and the check digits.
const HEAD: usize = 4;
/// Between an order's code and the end of a refund's id.
const REFUND_MARK: char = 'R';
/// How many hexadecimal digits of a refund's id.
const REFUND_DIGITS: usize = 8;
const OF_ORDER: usize = HEAD + OrderCode::LENGTH;
const OF_REFUND: usize = OF_ORDER + 1 + REFUND_DIGITS;

impl Reference {
    /// Of the money that pays an order.
    pub fn of_order(code: OrderCode) -> Self {
        Self::with_check(code.as_str())
    }

    /// Of money that goes back out of an order's payment. The last digits of the refund's id are random, so that two refunds
    /// of one order have different ones.
    pub fn of_refund(code: OrderCode, refund: RefundId) -> Self {
        let id = refund.get().simple().to_string().to_ascii_uppercase();
        let end = id.get(id.len() - REFUND_DIGITS..).unwrap_or_default();
        Self::with_check(&format!("{code}{REFUND_MARK}{end}"))
    }

    fn with_check(body: &str) -> Self {
        let check = 98 - remainder(&format!("{body}RF00"));
        Self(format!("RF{check:02}{body}"))
    }

    /// As banks write it in files.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people read and type it: in groups of four.
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(self.0.len() * 5 / 4);
        for (place, sign) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                out.push(' ');
            }
            out.push(sign);
        }
        out
    }

    /// The order it speaks of.
    pub fn order(&self) -> Option<OrderCode> {
        self.0.get(HEAD..OF_ORDER)?.parse().ok()
    }

    /// Whether it is that of money going back.
    pub fn is_of_refund(&self) -> bool {
        self.0.len() == OF_REFUND
    }

    /// All of our references in a text as people and banks mangle it: small letters, blanks and other signs in between, words
    /// run together. In the order of the text, each once. What only looks like one does not have the check digits.
    pub fn find_all(text: &str) -> Vec<Self> {
        let bare: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|sign| sign.to_ascii_uppercase())
            .collect();
        let mut found: Vec<Self> = Vec::new();
        let mut from = 0;
        while let Some(start) = bare.get(from..).and_then(|rest| rest.find("RF")) {
            let start = from + start;
            let long = read(&bare, start, OF_REFUND);
            match long.or_else(|| read(&bare, start, OF_ORDER)) {
                Some(reference) => {
                    from = start + reference.0.len();
                    if !found.contains(&reference) {
                        found.push(reference);
                    }
                }
                None => from = start + 1,
            }
        }
        found
    }
}

/// A reference of this length that starts there.
fn read(text: &str, start: usize, length: usize) -> Option<Reference> {
    let piece = text.get(start..start + length)?;
    let (head, body) = piece.split_at(HEAD);
    let code: OrderCode = body.get(..OrderCode::LENGTH)?.parse().ok()?;
    let tail = body.get(OrderCode::LENGTH..)?;
    let shaped = match tail.strip_prefix(REFUND_MARK) {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => tail.is_empty(),
    };
    let right = shaped
        && head.bytes().skip(2).all(|byte| byte.is_ascii_digit())
        && remainder(&format!("{code}{tail}{head}")) == 1;
    right.then(|| Reference(piece.to_owned()))
}

/// The number that the signs stand for (A is 10, Z is 35), modulo 97 (ISO 7064).
fn remainder(text: &str) -> u32 {
    text.chars()
        .filter_map(|sign| sign.to_digit(36))
        .fold(0, |rest, digit| {
            let shift = if digit < 10 { 10 } else { 100 };
            (rest * shift + digit) % 97
        })
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn of(code: &str) -> Reference {
        Reference::of_order(code.parse().unwrap())
    }

    /// An example of the standard itself, whose body is no order's code: only its check digits are tried.
    #[test]
    fn check_digits_are_those_of_the_standard() {
        assert_eq!(
            Reference::with_check("539007547034").as_str(),
            "RF18539007547034"
        );
    }

    #[test]
    fn a_reference_is_found_however_it_was_typed() {
        let reference = of("ABCDEF23");
        let text = reference.as_str().to_owned();
        assert_eq!(text.len(), 12);
        for typed in [
            text.clone(),
            text.to_lowercase(),
            reference.grouped(),
            format!("Tickets {} thank you", reference.grouped()),
            format!("/ROC/{text}//EREF+NOTPROVIDED"),
            format!("RF RF {text}{text}"),
            text.chars().map(|c| format!("{c} ")).collect(),
            format!("تذاكر {text} شكرا"),
        ] {
            assert_eq!(
                Reference::find_all(&typed),
                std::slice::from_ref(&reference),
                "{typed}"
            );
        }
        assert_eq!(reference.order(), "ABCDEF23".parse().ok());
    }

    #[test]
    fn several_in_one_text_are_all_found() {
        let (one, other) = (of("ABCDEF23"), of("ZZZZ2345"));
        let text = format!("{} and {}", one.grouped(), other.as_str().to_lowercase());
        assert_eq!(Reference::find_all(&text), [one, other]);
    }

    #[test]
    fn a_slip_of_the_pen_is_not_somebody_elses_order() {
        let text = of("ABCDEF23").as_str().to_owned();
        let swapped = text.replace("CD", "DC");
        assert_eq!(Reference::find_all(&swapped), []);
        assert_eq!(Reference::find_all(""), []);
        assert_eq!(Reference::find_all("RF"), []);
    }

    #[test]
    fn a_refund_has_a_reference_of_its_own() {
        let code: OrderCode = "ABCDEF23".parse().unwrap();
        let refund = RefundId::new(Uuid::from_u128(0x0123_4567_89ab_cdef));
        let reference = Reference::of_refund(code, refund);
        assert!(reference.as_str().ends_with("ABCDEF23R89ABCDEF"));
        assert!(reference.is_of_refund());
        assert_eq!(Reference::find_all(&reference.grouped()), [reference]);
    }

    proptest! {
        #[test]
        fn every_code_makes_a_reference_that_is_read_back(entropy: [u8; 8], before in "[ a-z.,/-]{0,20}", after in "\\PC{0,30}") {
            let code = OrderCode::from_entropy(entropy);
            let reference = Reference::of_order(code);
            let text = format!("{} {} | {after}", before.replace("rf", "xx"), reference.grouped());
            let found = Reference::find_all(&text);
            prop_assert_eq!(found.first(), Some(&reference));
            prop_assert_eq!(reference.order(), Some(code));
        }

        /// One letter for another, or one digit for another, is always noticed. (A letter for a digit is noticed 96 times of 97.)
        #[test]
        fn a_wrong_sign_is_noticed(entropy: [u8; 8], place in 4..12_usize, by in 1..32_usize) {
            let right = Reference::of_order(OrderCode::from_entropy(entropy));
            let mut signs: Vec<u8> = right.as_str().bytes().collect();
            let now = OrderCode::ALPHABET.iter().position(|sign| *sign == signs[place]).unwrap();
            let other = OrderCode::ALPHABET[(now + by) % 32];
            prop_assume!(other.is_ascii_digit() == signs[place].is_ascii_digit());
            signs[place] = other;
            prop_assert_eq!(Reference::find_all(&String::from_utf8(signs).unwrap()), []);
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,200}") {
            for found in Reference::find_all(&text) {
                prop_assert!(found.order().is_some());
            }
        }
    }
}
