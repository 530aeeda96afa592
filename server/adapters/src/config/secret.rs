//! Values that must not be written anywhere by accident.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error as _};

/// A text whose `Debug` shows nothing: passwords, addresses with passwords in them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The bytes themselves, for the one place that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether the key is so simple that it was not made by chance: all bytes but the last are equal.
    #[must_use]
    pub fn is_guessable(&self) -> bool {
        self.0.iter().take(31).all(|byte| *byte == self.0[0])
    }

    fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0_u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            // from_str_radix alone would take a sign.
            if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// The key that was there before, if there was one: written like a [`Key`], or empty.
#[derive(Debug, Clone, Default)]
pub struct EarlierKey(Option<Key>);

impl EarlierKey {
    /// The bytes themselves, for the one place that needs them.
    #[must_use]
    pub fn expose(&self) -> Option<&[u8; 32]> {
        self.0.as_ref().map(Key::expose)
    }
}

impl<'de> Deserialize<'de> for EarlierKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        let key = Key::parse(&text).ok_or_else(|| D::Error::custom(NEEDED))?;
        Ok(Self(Some(key)))
    }
}

/// The message must not repeat what was given.
const NEEDED: &str = "needs 64 hexadecimal digits; make one with: openssl rand -hex 32";

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(NEEDED))
    }
}
