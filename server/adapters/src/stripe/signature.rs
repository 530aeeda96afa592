//! Proves that a message comes from Stripe, and came just now. <https://docs.stripe.com/webhooks/signature>

use domain::when::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use services::ports::WebhookError;
use sha2::Sha256;

/// Clocks differ, and messages take their time; what is older was kept by somebody.
const TOLERANCE_SECONDS: u64 = 5 * 60;

/// `proof` is the header: `t=…,v1=…`, with several `v1` while the secret is being changed.
pub(super) fn verify(
    secret: &str,
    proof: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), WebhookError> {
    // A program without one is not told anything.
    if secret.is_empty() {
        return Err(WebhookError::NotProven("no secret"));
    }
    let (mut sent, mut signatures) = (None, Vec::new());
    for part in proof.split(',') {
        match part.trim().split_once('=') {
            Some(("t", seconds)) => sent = Some(seconds),
            Some(("v1", digits)) => signatures.extend(bytes(digits)),
            _ => {}
        }
    }
    let sent = sent.ok_or(WebhookError::NotProven("no time"))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|_| WebhookError::NotProven("no secret"))?;
    mac.update(sent.as_bytes());
    mac.update(b".");
    mac.update(body);
    // Compares without telling by its duration how much was right.
    let good = signatures
        .iter()
        .any(|signature| mac.clone().verify_slice(signature).is_ok());
    if !good {
        return Err(WebhookError::NotProven("another signature"));
    }
    let sent: i64 = sent
        .parse()
        .map_err(|_| WebhookError::NotProven("no time"))?;
    if now.as_second().abs_diff(sent) > TOLERANCE_SECONDS {
        return Err(WebhookError::NotProven("another time"));
    }
    Ok(())
}

fn bytes(digits: &str) -> Option<[u8; 32]> {
    let digits = digits.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
