//! A device with passkeys, as far as a site can tell (Web Authentication, level 3; keys of ES256, no attestation). It can
//! be told to lie.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Bits of the authenticator's data.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const WITH_KEY: u8 = 1 << 6;

/// One key on one device.
#[derive(Clone)]
pub struct PasskeyDevice {
    key: SigningKey,
    id: Vec<u8>,
    user: String,
    /// How often it has been used.
    pub counter: u32,
    /// Where it thinks that it is.
    pub origin: String,
    /// Whether it asks for a finger.
    pub verifies: bool,
    /// The site it thinks that it was asked by.
    pub site: String,
    /// Whether it says that its key is one of RSA, of 2048 bits, as older devices have. It cannot use it.
    pub rsa: bool,
}

impl PasskeyDevice {
    /// `number` tells devices apart.
    pub fn new(number: u8) -> Self {
        let mut secret = [7; 32];
        secret[31] = number;
        Self {
            key: SigningKey::from_slice(&secret).expect("a scalar"),
            id: vec![number; 20],
            user: String::new(),
            counter: 0,
            origin: "https://bilten.test".into(),
            verifies: true,
            site: "bilten.test".into(),
            rsa: false,
        }
    }

    /// Makes the key: the browser's answer to the question for a new one.
    pub fn make(&mut self, options: &Value) -> String {
        self.user = options["user"]["id"].as_str().expect("a user").to_owned();
        let client = self.client_data("webauthn.create", options);
        let mut data = self.data(WITH_KEY);
        data.extend([0; 16]);
        data.extend([0, u8::try_from(self.id.len()).expect("a short id")]);
        data.extend(&self.id);
        data.extend(self.public_key());
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x59");
        let length = u16::try_from(data.len()).expect("less than 64 kB");
        object.extend(length.to_be_bytes());
        object.extend(data);
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "response": { "attestationObject": encode(&object), "clientDataJSON": encode(client.as_bytes()) },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// Uses the key: the browser's answer to the question for any.
    pub fn answer(&mut self, options: &Value) -> String {
        self.counter += 1;
        let client = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [data.as_slice(), &Sha256::digest(client.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "response": {
                "authenticatorData": encode(&data),
                "clientDataJSON": encode(client.as_bytes()),
                "signature": encode(signature.to_der().as_bytes()),
                "userHandle": self.user,
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// Pretends that the key is another account's.
    pub fn claim(&mut self, other: &Self) {
        self.user.clone_from(&other.user);
        self.id.clone_from(&other.id);
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.site.as_bytes()).to_vec();
        data.push(PRESENT | verified | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// As COSE writes it (RFC 9053): EC2, ES256, P-256; or RSA, RS256 (RFC 8230).
    fn public_key(&self) -> Vec<u8> {
        if self.rsa {
            let mut key = b"\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00".to_vec();
            key.extend([0xc1; 256]);
            key.extend(b"\x21\x43\x01\x00\x01");
            return key;
        }
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("x"), point.y().expect("y"));
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(x);
        key.extend(b"\x22\x58\x20");
        key.extend(y);
        key
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
