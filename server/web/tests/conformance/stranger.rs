//! What a program without our code does with a ticket code, by docs/api/check-in.md.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The ticket a code speaks of, if one of the keys signed it for this event.
pub fn ticket_in(code: &str, keys: &Value, event: &str) -> Option<String> {
    let bytes = base32(code.strip_prefix("BT1")?)?;
    let (body, signature) = bytes.split_at_checked(40)?;
    let key_id = u32::from_be_bytes(body[1..5].try_into().ok()?);
    let key = keys
        .as_array()?
        .iter()
        .find(|key| key["key_id"] == key_id)?;
    let key = STANDARD.decode(key["key"].as_str()?).ok()?;
    let key = VerifyingKey::from_bytes(&key.try_into().ok()?).ok()?;
    let signature = Signature::from_bytes(signature.try_into().ok()?);
    let message = [b"bilten-ticket-v1".as_slice(), body].concat();
    key.verify_strict(&message, &signature).ok()?;
    let tag: String = hex(&body[21..29]);
    event
        .replace('-', "")
        .ends_with(&tag)
        .then(|| uuid(&hex(&body[5..21])))
}

fn base32(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for sign in text.chars() {
        held = held << 5 | u32::try_from(ALPHABET.find(sign)?).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Written with hyphens.
pub fn uuid(hex: &str) -> String {
    let hex: String = hex.chars().filter(|sign| *sign != '-').collect();
    format!(
        "{:0>32}",
        hex.replace(|sign: char| !sign.is_ascii_hexdigit(), "0")
    )
    .chars()
    .enumerate()
    .flat_map(|(at, sign)| {
        let hyphen = matches!(at, 8 | 12 | 16 | 20).then_some('-');
        hyphen.into_iter().chain([sign])
    })
    .collect()
}
