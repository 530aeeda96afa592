//! What a supervisor types on a scanner.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::text::{Fault, western_digit};

/// Makes guessing a little slower. A PIN of four digits that lies on a device is no secret from whoever owns the device:
/// it keeps a steward from a button, nothing more.
const ROUNDS: u32 = 10_000;

/// A PIN as devices know it: enough to check one that is typed, not the PIN itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Pin {
    /// Of this event.
    pub salt: String,
    /// Hexadecimal.
    pub hash: String,
}

impl Pin {
    /// Four to eight digits.
    ///
    /// # Errors
    /// Says what is wrong with anything else.
    pub fn new(pin: &str, salt: String) -> Result<Self, Fault> {
        let pin = western(pin);
        match pin.len() {
            _ if !pin.bytes().all(|sign| sign.is_ascii_digit()) => return Err(Fault::NotANumber),
            ..4 => return Err(Fault::TooShort { min: 4 }),
            4..=8 => {}
            _ => return Err(Fault::TooLong { max: 8 }),
        }
        let hash = hash(&pin, &salt);
        Ok(Self { salt, hash })
    }

    /// Whether this is it, told in the same time whatever differs.
    pub fn opens(&self, typed: &str) -> bool {
        hash(&western(typed), &self.salt)
            .as_bytes()
            .ct_eq(self.hash.as_bytes())
            .into()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

/// Digits of other scripts are the same digits.
fn western(typed: &str) -> String {
    let signs = typed.trim().chars();
    signs
        .map(|sign| western_digit(sign).unwrap_or(sign))
        .collect()
}

fn hash(pin: &str, salt: &str) -> String {
    let mut state = Sha256::digest(format!("{salt}:{pin}"));
    for _ in 0..ROUNDS {
        state = Sha256::digest(state);
    }
    state.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_digits_open() {
        let pin = Pin::new(" 4711 ", "salt".into()).unwrap();
        assert!(pin.opens("4711"));
        for wrong in ["4712", "", "04711", "471"] {
            assert!(!pin.opens(wrong), "{wrong}");
        }
        assert!(pin.opens("٤٧١١"));
        assert_eq!(Pin::new("٤٧١١", "salt".into()), Ok(pin.clone()));
        assert!(!format!("{pin:?}").contains(&pin.hash));
        for (wrong, fault) in [
            ("", Fault::TooShort { min: 4 }),
            ("123", Fault::TooShort { min: 4 }),
            ("123456789", Fault::TooLong { max: 8 }),
            ("12a4", Fault::NotANumber),
            ("दो तीन", Fault::NotANumber),
        ] {
            assert_eq!(Pin::new(wrong, String::new()), Err(fault));
        }
    }
}
