//! The public keys a scanner trusts.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// One public key of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PublicKey {
    /// The number that codes name it by.
    pub key_id: u32,
    /// The 32 bytes; base64 on the wire.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Byte, min_length = 44, max_length = 44))]
    pub key: [u8; 32],
}

impl PublicKey {
    /// The public half of a key.
    pub fn of(key_id: u32, key: &SigningKey) -> Self {
        Self {
            key_id,
            key: key.verifying_key().to_bytes(),
        }
    }
}

/// All keys that are trusted, current and former ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KeyRing(Vec<PublicKey>);

impl KeyRing {
    /// A ring of these keys.
    pub fn new(keys: Vec<PublicKey>) -> Self {
        Self(keys)
    }

    /// Trusts one more key.
    pub fn add(&mut self, key: PublicKey) {
        if !self.0.contains(&key) {
            self.0.push(key);
        }
    }

    /// All keys.
    pub fn keys(&self) -> &[PublicKey] {
        &self.0
    }

    pub(super) fn named(&self, key_id: u32) -> impl Iterator<Item = &PublicKey> {
        self.0.iter().filter(move |key| key.key_id == key_id)
    }
}

fn to_base64<S: Serializer>(key: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(key))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
    bytes
        .try_into()
        .map_err(|_| D::Error::custom("a public key has 32 bytes"))
}
