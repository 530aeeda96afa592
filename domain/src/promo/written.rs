//! How codes are written and compared.

use crate::text::{Fault, western_digit};

/// Shorter ones are guessed.
const SHORTEST: usize = 3;
const LONGEST: usize = 40;
/// Letters and digits that nobody takes for another one.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A code as its organizer writes it, and as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// "Early-Bird 26"
    pub shown: String,
    /// "EARLYBIRD26"
    pub folded: String,
}

impl Written {
    /// Of letters and digits, with hyphens, dots, underscores and spaces between them.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let shown = text.trim();
        if shown.is_empty() {
            return Err(Fault::Required);
        }
        if shown.chars().count() > LONGEST {
            return Err(Fault::TooLong { max: LONGEST });
        }
        let folded = fold(shown).ok_or(Fault::NotAPromoCode)?;
        if folded.len() < SHORTEST {
            return Err(Fault::TooShort { min: SHORTEST });
        }
        Ok(Self {
            shown: shown.to_owned(),
            folded,
        })
    }
}

/// What a buyer has typed, as it is compared: in capitals, with western digits, without what hands add. `None`: it cannot be
/// a code.
pub fn fold(text: &str) -> Option<String> {
    let mut folded = String::new();
    for sign in text.trim().chars() {
        match sign {
            ' ' | '-' | '_' | '.' | '\u{a0}' | '\u{2010}'..='\u{2015}' => {}
            // Signs that only turn the direction of writing come along when Arabic text is copied.
            '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}' => {}
            sign if sign.is_ascii_alphanumeric() => folded.push(sign.to_ascii_uppercase()),
            sign => folded.push(western_digit(sign)?),
        }
        if folded.len() > LONGEST {
            return None;
        }
    }
    Some(folded).filter(|folded| !folded.is_empty())
}

/// A code that nobody guesses, out of ten random bytes: 50 bits.
pub fn random(prefix: &str, entropy: [u8; 10]) -> String {
    let signs = entropy.iter().map(|byte| {
        let at = usize::from(byte % 32);
        ALPHABET.get(at).copied().map_or('A', char::from)
    });
    prefix.chars().chain(signs).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_forgive_hands() {
        for (typed, folded) in [
            ("early bird-26", "EARLYBIRD26"),
            (" SUMMER ", "SUMMER"),
            ("صيف", ""),
            ("A٢٠", "A20"),
            ("x_y.z", "XYZ"),
            ("\u{2066}SAVE20\u{2069}", "SAVE20"),
        ] {
            assert_eq!(fold(typed).unwrap_or_default(), folded, "{typed}");
        }
    }

    #[test]
    fn what_is_no_code() {
        for (typed, fault) in [
            ("", Fault::Required),
            ("a-", Fault::TooShort { min: 3 }),
            ("50% off", Fault::NotAPromoCode),
            ("<b>", Fault::NotAPromoCode),
            ("---", Fault::NotAPromoCode),
            (&"a".repeat(41), Fault::TooLong { max: 40 }),
        ] {
            assert_eq!(Written::parse(typed), Err(fault), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_fails_badly(text: String) {
            let _ = Written::parse(&text);
        }

        /// However it is typed, it is the same code, and comparing it again changes nothing.
        #[test]
        fn the_same_code_however_typed(text in "[A-Za-z0-9]{3,12}([- ][A-Za-z0-9]{1,8})?") {
            let code = Written::parse(&text).unwrap();
            prop_assert_eq!(fold(&text.to_lowercase()), Some(code.folded.clone()));
            prop_assert_eq!(fold(&code.folded), Some(code.folded));
        }

        #[test]
        fn random_codes_are_codes(prefix in "[A-Z]{0,12}", entropy: [u8; 10]) {
            let code = random(&prefix, entropy);
            prop_assert_eq!(Written::parse(&code).map(|code| code.folded), Ok(code));
        }
    }
}
