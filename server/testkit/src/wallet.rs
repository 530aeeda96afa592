//! A wallet as people have it in their browser (ERC-191).

use alloy_primitives::{Address, Signature, eip191_hash_message};
use k256::ecdsa::SigningKey;

pub struct TestWallet(SigningKey);

impl TestWallet {
    /// `number` tells wallets apart.
    pub fn new(number: u8) -> Self {
        let mut secret = [9; 32];
        secret[31] = number;
        Self(SigningKey::from_slice(&secret).expect("a scalar"))
    }

    pub fn address(&self) -> String {
        Address::from_private_key(&self.0).to_checksum(None)
    }

    /// What `personal_sign` gives.
    pub fn sign(&self, text: &str) -> String {
        let hash = eip191_hash_message(text);
        let signed = self.0.sign_prehash_recoverable(hash.as_slice());
        Signature::from(signed.expect("a signature")).to_string()
    }
}
