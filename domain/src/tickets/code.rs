//! Signing, reading and checking ticket codes.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::{Claims, KeyRing, base32};
use crate::{
    codes::coded_enum,
    planted::{Bug, planted},
};

pub(super) const VERSION: u8 = 1;
/// The bytes that are signed.
pub(super) const BODY: usize = 40;
const SIGNATURE: usize = 64;
const CODE: usize = BODY + SIGNATURE;
const PREFIX: &str = "BT1";
/// Keeps a signature made for a ticket from meaning anything elsewhere.
const CONTEXT: &[u8; 16] = b"bilten-ticket-v1";

coded_enum! {
    /// What a scanned text looks like when it is no ticket of ours.
    pub enum LooksLike {
        /// A web address.
        Url = "url",
        /// Some other text.
        Text = "text",
        /// Nothing at all.
        Empty = "empty",
    }
}

/// Why a scanned text proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFault {
    /// No code of ours.
    #[error("not a ticket code")]
    NotBilten { looks_like: LooksLike },
    /// A code of ours with characters lost or changed.
    #[error("a damaged ticket code")]
    Damaged,
    /// A code made by a newer Bilten.
    #[error("a ticket code of an unknown version")]
    UnsupportedVersion,
    /// Signed with a key that is not trusted here, as those of other organizations.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// The signature does not fit.
    #[error("a forged ticket code")]
    Forged,
}

impl CodeFault {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotBilten {
                looks_like: LooksLike::Url,
            } => "not_bilten_url",
            Self::NotBilten {
                looks_like: LooksLike::Text,
            } => "not_bilten_text",
            Self::NotBilten {
                looks_like: LooksLike::Empty,
            } => "not_bilten_empty",
            Self::Damaged => "damaged",
            Self::UnsupportedVersion => "unsupported_version",
            Self::UnknownKey => "unknown_key",
            Self::Forged => "forged",
        }
    }
}

/// A ticket code as text, ready for a QR code.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketCode(String);

/// The bytes of a code whose signature was not checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UnverifiedCode {
    body: [u8; BODY],
    signature: [u8; SIGNATURE],
}

/// Signs what a ticket says. The claims name the key's id.
pub fn sign(claims: &Claims, key: &SigningKey) -> TicketCode {
    let body = claims.to_bytes();
    let signature = key.sign(&message(&body)).to_bytes();
    TicketCode::of(&UnverifiedCode { body, signature })
}

/// Checks the signature of a code.
pub fn verify(code: &UnverifiedCode, keys: &KeyRing) -> Result<Claims, CodeFault> {
    let claims = code.unverified();
    let signature = Signature::from_bytes(&code.signature);
    let message = message(&code.body);
    let mut fault = CodeFault::UnknownKey;
    for public in keys.named(claims.key_id) {
        fault = CodeFault::Forged;
        // Strict, so that a signature has one form and weak keys sign nothing.
        let genuine = VerifyingKey::from_bytes(&public.key)
            .and_then(|key| key.verify_strict(&message, &signature));
        if genuine.is_ok() || planted(Bug::SignatureUnchecked) {
            return Ok(claims);
        }
    }
    Err(fault)
}

/// Reads and checks a scanned text.
pub fn read(text: &str, keys: &KeyRing) -> Result<Claims, CodeFault> {
    verify(&TicketCode::parse(text)?, keys)
}

fn message(body: &[u8; BODY]) -> [u8; CONTEXT.len() + BODY] {
    let mut bytes = CONTEXT.iter().chain(body).copied();
    std::array::from_fn(|_| bytes.next().unwrap_or_default())
}

impl TicketCode {
    /// How many characters a code has.
    pub const LENGTH: usize = PREFIX.len() + base32::text_length(CODE);

    /// Reads a scanned or typed text; small letters and white space around it are fine.
    pub fn parse(text: &str) -> Result<UnverifiedCode, CodeFault> {
        let text = text.trim();
        let Some((prefix, rest)) = text.split_at_checked(PREFIX.len()) else {
            return Err(foreign(text));
        };
        if !prefix.eq_ignore_ascii_case(PREFIX) {
            let later = prefix.to_ascii_uppercase().starts_with("BT")
                && prefix.ends_with(|sign: char| sign.is_ascii_digit())
                && rest.len() >= BODY
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return Err(if later {
                CodeFault::UnsupportedVersion
            } else {
                foreign(text)
            });
        }
        let bytes: [u8; CODE] = base32::decode(rest).ok_or(CodeFault::Damaged)?;
        let (body, signature) = bytes
            .split_first_chunk::<BODY>()
            .ok_or(CodeFault::Damaged)?;
        if body[0] != VERSION {
            return Err(CodeFault::UnsupportedVersion);
        }
        let signature = signature.try_into().map_err(|_| CodeFault::Damaged)?;
        Ok(UnverifiedCode {
            body: *body,
            signature,
        })
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(code: &UnverifiedCode) -> Self {
        let mut text = String::with_capacity(Self::LENGTH);
        text.push_str(PREFIX);
        let bytes: Vec<u8> = code.body.iter().chain(&code.signature).copied().collect();
        base32::encode(&bytes, &mut text);
        Self(text)
    }
}

fn foreign(text: &str) -> CodeFault {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let looks_like = if text.is_empty() {
        LooksLike::Empty
    } else if start.starts_with("http:") || start.starts_with("https:") || start.starts_with("www.")
    {
        LooksLike::Url
    } else {
        LooksLike::Text
    };
    CodeFault::NotBilten { looks_like }
}

impl UnverifiedCode {
    /// What the code says, true or not.
    pub fn unverified(&self) -> Claims {
        Claims::from_bytes(&self.body)
    }
}

impl fmt::Debug for UnverifiedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A code opens doors, so it does not belong into logs.
        f.debug_struct("UnverifiedCode")
            .field("ticket", &self.unverified().ticket)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketCode(***)")
    }
}

impl fmt::Display for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TicketCode {
    type Err = CodeFault;

    fn from_str(text: &str) -> Result<Self, CodeFault> {
        Self::parse(text).map(|code| Self::of(&code))
    }
}

impl TryFrom<String> for TicketCode {
    type Error = CodeFault;

    fn try_from(text: String) -> Result<Self, CodeFault> {
        text.parse()
    }
}

impl From<TicketCode> for String {
    fn from(code: TicketCode) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests;
