//! The signature of a webhook. Source: <https://docs.stripe.com/webhooks#verify-manually>.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header `Stripe-Signature` for a payload sent at `seconds`.
pub fn signature(secret: &str, seconds: i64, payload: &str) -> String {
    let signed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mut mac| {
        mac.update(format!("{seconds}.{payload}").as_bytes());
        mac.finalize().into_bytes()
    });
    let hex: String = signed
        .map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
        .unwrap_or_default();
    format!("t={seconds},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn signatures_are_those_of_hmac_sha256() {
        // printf '1.{}' | openssl dgst -sha256 -hmac whsec_x
        assert_eq!(
            signature("whsec_x", 1, "{}"),
            "t=1,v1=36ee2f7498f0c1777d1312b2a7361947fe5ad31223be30d0c62421f4ca753401"
        );
    }
}
