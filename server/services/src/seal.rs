//! Secrets at rest and in links: sealing with the installation's keys, derived link secrets, hashes.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::{Unexpected, ports::Entropy};

/// Holds the installation's keys; never prints them.
#[derive(Clone)]
pub struct Seal {
    sealing: [u8; 32],
    /// What was sealed before the key was changed still opens.
    before: Option<[u8; 32]>,
    signing: [u8; 32],
}

impl Seal {
    /// `sealing` encrypts what is stored, `signing` makes what leaves the house and comes back.
    pub fn new(sealing: [u8; 32], signing: [u8; 32]) -> Self {
        Self {
            sealing,
            before: None,
            signing,
        }
    }

    /// Opens what an earlier key has sealed, too.
    #[must_use]
    pub fn after(self, before: Option<[u8; 32]>) -> Self {
        Self { before, ..self }
    }

    /// AES-256-GCM with a random nonce in front. `place` (table, column, row) is authenticated with it.
    pub fn seal(
        &self,
        entropy: &dyn Entropy,
        place: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, Unexpected> {
        let mut nonce = [0_u8; 12];
        entropy.fill(&mut nonce);
        let sealed = cipher(&self.sealing)
            .encrypt(
                &nonce.into(),
                Payload {
                    msg: plain,
                    aad: place.as_bytes(),
                },
            )
            .map_err(|e| Unexpected::new("seal", e.to_string()))?;
        Ok([nonce.as_slice(), sealed.as_slice()].concat())
    }

    /// # Errors
    /// Neither key has sealed it for this place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Unexpected> {
        open_with(&self.sealing, place, sealed)
            .or_else(|| open_with(self.before.as_ref()?, place, sealed))
            .ok_or_else(|| Unexpected::new("unseal", format!("no key opens {place}")))
    }

    /// The same under today's key; `None` where it is already.
    ///
    /// # Errors
    /// Neither key has sealed it for this place.
    pub fn renew(
        &self,
        entropy: &dyn Entropy,
        place: &str,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, Unexpected> {
        if open_with(&self.sealing, place, sealed).is_some() {
            return Ok(None);
        }
        let plain = self.open(place, sealed)?;
        self.seal(entropy, place, &plain).map(Some)
    }

    /// A secret that can be made again from `about` (purpose and id): 160 bits, 32 characters of base 32.
    pub fn derive(&self, about: &str) -> String {
        base32(&self.mac(about.as_bytes())[..20])
    }

    /// HMAC-SHA-256 under the signing key (RFC 2104).
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        // A fixed 32-byte key is always accepted; the fallback keeps this total.
        match Hmac::<Sha256>::new_from_slice(&self.signing) {
            Ok(mut mac) => {
                mac.update(message);
                mac.finalize().into_bytes().into()
            }
            Err(_) => Sha256::digest([self.signing.as_slice(), message].concat()).into(),
        }
    }
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&(*key).into())
}

fn open_with(key: &[u8; 32], place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_first_chunk::<12>()?;
    let payload = Payload {
        msg: body,
        aad: place.as_bytes(),
    };
    cipher(key).decrypt(&(*nonce).into(), payload).ok()
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(***)")
    }
}

/// SHA-256 of a token: what the database keeps of it.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Base 32 without padding, lower case (RFC 4648).
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
        's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
    ];
    let (mut text, mut bits, mut have) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        have += 8;
        while have >= 5 {
            have -= 5;
            text.extend(ALPHABET.get(usize::try_from((bits >> have) & 31).unwrap_or(0)));
        }
        bits &= (1 << have) - 1;
    }
    if have > 0 {
        text.extend(ALPHABET.get(usize::try_from((bits << (5 - have)) & 31).unwrap_or(0)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::System;

    #[test]
    fn sealed_opens_only_in_its_place() {
        let seal = Seal::new([1; 32], [2; 32]);
        let sealed = seal.seal(&System, "signing_keys|1", b"private").unwrap();
        assert_eq!(seal.open("signing_keys|1", &sealed).unwrap(), b"private");
        assert!(seal.open("signing_keys|2", &sealed).is_err());
        assert!(
            Seal::new([3; 32], [2; 32])
                .open("signing_keys|1", &sealed)
                .is_err()
        );
        assert!(seal.open("signing_keys|1", &sealed[..8]).is_err());
    }

    #[test]
    fn another_key_takes_over() {
        let old = Seal::new([1; 32], [2; 32]);
        let new = Seal::new([3; 32], [2; 32]);
        let both = new.clone().after(Some([1; 32]));
        let sealed = old.seal(&System, "here", b"private").unwrap();
        assert_eq!(both.open("here", &sealed).unwrap(), b"private");
        let renewed = both.renew(&System, "here", &sealed).unwrap().unwrap();
        assert_eq!(new.open("here", &renewed).unwrap(), b"private");
        assert!(old.open("here", &renewed).is_err());
        assert_eq!(both.renew(&System, "here", &renewed).unwrap(), None);
        assert!(both.renew(&System, "there", &sealed).is_err());
    }

    #[test]
    fn base32_follows_the_rfc() {
        assert_eq!(base32(b"foobar"), "mzxw6ytboi");
        assert_eq!(base32(b"f"), "my");
        assert_eq!(base32(&[0xff; 20]).len(), 32);
    }
}
