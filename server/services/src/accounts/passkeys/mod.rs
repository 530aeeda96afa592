//! Passkeys (W3C Web Authentication, level 3): keys on people's devices that sign them in without a password. Each use
//! asks the person for a finger, a face or a number, so a passkey is two factors at once.

mod add;
mod list;
mod sign_in;

use domain::text::FieldErrors;
use serde::de::DeserializeOwned;
use url::Url;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{COSEAlgorithm, Passkey, WebauthnError},
};

pub use add::{NewPasskey, add_passkey, begin_passkey};
pub use list::{PasskeyRow, passkeys, remove_passkey};
pub use sign_in::{PasskeyAnswer, begin_passkey_sign_in, prove_by_passkey, sign_in_by_passkey};

use crate::{Services, Unexpected, permit::Refused, throttle};

/// A question for the browser.
#[derive(Debug, Clone)]
pub struct PasskeyQuestion {
    /// Comes back with the answer.
    pub token: String,
    /// What the browser's function takes, as JSON.
    pub options: serde_json::Value,
}

/// Why something with a passkey could not be done.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("tried too often")]
    TooMany { retry_after: u32 },
    /// The question is unknown, answered or too old.
    #[error("begin again")]
    Over,
    /// Not a key that is known here, or an answer that does not fit the question. Which of them is nobody's business.
    #[error("the passkey was not accepted")]
    Rejected,
    /// The device signs by what is not held for safe any more (RSA with SHA-1).
    #[error("the device's key is too weak")]
    Weak,
    /// Only told to those who have the key.
    #[error("the account is suspended")]
    Suspended,
    /// Bilten runs under an address that has no name, so browsers have no passkeys for it.
    #[error("no passkeys at this address")]
    Unavailable,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<throttle::TooMany> for PasskeyError {
    fn from(many: throttle::TooMany) -> Self {
        Self::TooMany {
            retry_after: many.retry_after,
        }
    }
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        tracing::info!(target: "security", ?error, "a passkey was not accepted");
        Self::Rejected
    }
}

/// Whether browsers have passkeys for the address under which Bilten runs.
pub fn passkeys_available(sv: &Services) -> bool {
    party(sv).is_ok()
}

/// Who asks, as browsers name it: the address's host, and the whole address.
fn party(sv: &Services) -> Result<Webauthn, PasskeyError> {
    let origin = Url::parse(&sv.settings.public_url).map_err(|_| PasskeyError::Unavailable)?;
    let host = origin.domain().ok_or(PasskeyError::Unavailable)?;
    WebauthnBuilder::new(host, &origin)
        .and_then(|builder| builder.rp_name("Bilten").build())
        .map_err(|error| {
            tracing::warn!(%error, "no passkeys");
            PasskeyError::Unavailable
        })
}

/// What a browser sent, if it is an answer at all.
fn sent<T: DeserializeOwned>(credential: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(credential).map_err(|error| {
        // As it is written in code: what somebody sent begins no line of its own.
        tracing::info!(target: "security", ?error, "a passkey's answer could not be read");
        PasskeyError::Rejected
    })
}

/// With these a device may sign: elliptic curves, and RSA with SHA-256, which is all that many computers with Windows have.
fn is_strong(algorithm: COSEAlgorithm) -> bool {
    use COSEAlgorithm::{EDDSA, ES256, ES384, ES521, RS256};
    matches!(algorithm, ES256 | ES384 | ES521 | EDDSA | RS256)
}

/// The same as browsers are told it (the registry of COSE), what we like best first.
const STRONG: [i64; 5] = [-7, -35, -36, -8, -257];

/// A stored key.
fn read(id: uuid::Uuid, credential: serde_json::Value) -> Result<Passkey, Unexpected> {
    serde_json::from_value(credential).map_err(|e| Unexpected::bad_row("passkeys", id, e))
}

fn written(passkey: &Passkey) -> Result<serde_json::Value, Unexpected> {
    serde_json::to_value(passkey).map_err(|e| Unexpected::new("passkey", e))
}
