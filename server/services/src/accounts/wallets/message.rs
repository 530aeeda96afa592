//! The text that a wallet signs (ERC-4361, version 1).

use alloy_primitives::{Address, Signature};
use domain::when::Timestamp;
use jiff::SignedDuration;

/// What the text says.
pub(super) struct Message<'a> {
    /// Scheme, host and port of this installation.
    pub origin: &'a str,
    pub address: Address,
    /// The chain that the wallet is on (EIP-155). Nothing is done on it.
    pub chain: u64,
    /// At least eight letters and digits, used once.
    pub nonce: &'a str,
    pub now: Timestamp,
    pub lasts: SignedDuration,
}

impl Message<'_> {
    /// In English for everybody: the standard allows ASCII only, and wallets check the words around it.
    pub fn text(&self) -> String {
        let host = self
            .origin
            .split_once("://")
            .map_or(self.origin, |(_, host)| host);
        let Self {
            origin,
            address,
            chain,
            nonce,
            now,
            ..
        } = self;
        let until = *now + self.lasts;
        format!(
            "{host} wants you to sign in with your Ethereum account:\n{address}\n\n\
             Sign in to Bilten. This costs nothing and moves nothing.\n\n\
             URI: {origin}\nVersion: 1\nChain ID: {chain}\nNonce: {nonce}\nIssued At: {now}\nExpiration Time: {until}"
        )
    }
}

/// Whose signature this is, under a text as wallets sign it (ERC-191, version 0x45). `None` when it is none.
pub(super) fn signer(text: &str, signature: &str) -> Option<Address> {
    let signature: Signature = signature.trim().parse().ok()?;
    // The other half of the curve signs the same: one signature is one text (EIP-2).
    if signature.normalize_s().is_some() {
        return None;
    }
    signature.recover_address_from_msg(text).ok()
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    #[test]
    fn the_text_is_that_of_the_standard() {
        let message = Message {
            origin: "https://tickets.example:8443",
            address: address!("0x00000000219ab540356cbb839cbe05303d7705fa"),
            chain: 1,
            nonce: "abcdefgh12345678",
            now: Timestamp::from_second(1_800_000_000).unwrap(),
            lasts: SignedDuration::from_mins(5),
        };
        assert_eq!(
            message.text(),
            "tickets.example:8443 wants you to sign in with your Ethereum account:\n\
             0x00000000219ab540356cBB839Cbe05303d7705Fa\n\n\
             Sign in to Bilten. This costs nothing and moves nothing.\n\n\
             URI: https://tickets.example:8443\nVersion: 1\nChain ID: 1\nNonce: abcdefgh12345678\n\
             Issued At: 2027-01-15T08:00:00Z\nExpiration Time: 2027-01-15T08:05:00Z"
        );
    }

    /// The example of web3.js' documentation of `eth.accounts.sign`.
    #[test]
    fn a_signature_names_its_signer() {
        let signature = "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c";
        let signer_of = |text, signature: &str| signer(text, signature);
        let right = address!("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23");
        assert_eq!(signer_of("Some data", signature), Some(right));
        assert_ne!(signer_of("Some date", signature), Some(right));
        for nonsense in ["", "0x", "0x12", "ü", &"f".repeat(130), &signature[..130]] {
            assert_ne!(signer_of("Some data", nonsense), Some(right), "{nonsense}");
        }
    }
}
