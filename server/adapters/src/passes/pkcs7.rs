//! A detached signature with its certificates (RFC 5652), as far as wallet passes need it: one signer, RSA with SHA-256, and
//! the attributes that say what was signed and when.

use domain::when::Timestamp;
use jiff::tz::TimeZone;
use services::ports::PortError;
use sha2::{Digest, Sha256};

use super::rsa_key::RsaKey;

// Identifiers of objects, as they are written.
const DATA: &[u8] = &[42, 134, 72, 134, 247, 13, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[42, 134, 72, 134, 247, 13, 1, 7, 2];
const CONTENT_TYPE: &[u8] = &[42, 134, 72, 134, 247, 13, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[42, 134, 72, 134, 247, 13, 1, 9, 4];
const SIGNING_TIME: &[u8] = &[42, 134, 72, 134, 247, 13, 1, 9, 5];
const RSA: &[u8] = &[42, 134, 72, 134, 247, 13, 1, 1, 1];
const SHA_256: &[u8] = &[96, 134, 72, 1, 101, 3, 4, 2, 1];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERAL_TIME: u8 = 0x18;
/// The first field that may be left out, with something inside.
const FIELD_0: u8 = 0xa0;

/// Who signs: the certificate, and the part of it by which others find it.
pub(super) struct Signer {
    pub key: RsaKey,
    /// The signer's own, and those that lead to a root that others know; each in DER.
    pub certificates: Vec<Vec<u8>>,
    /// Of the signer's certificate: who gave it out, and its number there; both in DER.
    pub issuer: Vec<u8>,
    pub serial: Vec<u8>,
}

impl Signer {
    pub(super) fn sign(&self, text: &[u8], at: Timestamp) -> Result<Vec<u8>, PortError> {
        let attributes = [
            attribute(CONTENT_TYPE, &der(OBJECT, DATA)),
            attribute(SIGNING_TIME, &time(at)),
            attribute(MESSAGE_DIGEST, &der(OCTETS, &Sha256::digest(text))),
        ];
        let attributes = sorted(attributes.to_vec());
        // Signed as the set that it is; in its place it is a field.
        let signature = self.key.sign(&der(SET, &attributes))?;
        let signer = der(
            SEQUENCE,
            &[
                der(INTEGER, &[1]),
                der(
                    SEQUENCE,
                    &[self.issuer.clone(), self.serial.clone()].concat(),
                ),
                algorithm(SHA_256),
                der(FIELD_0, &attributes),
                algorithm(RSA),
                der(OCTETS, &signature),
            ]
            .concat(),
        );
        let signed = der(
            SEQUENCE,
            &[
                der(INTEGER, &[1]),
                der(SET, &algorithm(SHA_256)),
                der(SEQUENCE, &der(OBJECT, DATA)),
                der(FIELD_0, &sorted(self.certificates.clone())),
                der(SET, &signer),
            ]
            .concat(),
        );
        let content = [der(OBJECT, SIGNED_DATA), der(FIELD_0, &signed)].concat();
        Ok(der(SEQUENCE, &content))
    }
}

/// What it is, how long, and itself (X.690, 8.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len().to_be_bytes();
    match u8::try_from(content.len()) {
        Ok(short) if short < 128 => bytes.push(short),
        _ => {
            let used = length.iter().skip_while(|byte| **byte == 0);
            let used: Vec<u8> = used.copied().collect();
            bytes.push(0x80 | u8::try_from(used.len()).unwrap_or(0));
            bytes.extend(used);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A set is written in the order of its parts (X.690, 11.6).
fn sorted(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    parts.concat()
}

fn algorithm(name: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[der(OBJECT, name), der(NULL, &[])].concat())
}

fn attribute(name: &[u8], value: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[der(OBJECT, name), der(SET, value)].concat())
}

/// Two digits for the year until 2049, four from then on (RFC 5652, 11.3).
fn time(at: Timestamp) -> Vec<u8> {
    let at = TimeZone::UTC.to_datetime(at);
    let (tag, form) = match at.year() {
        1950..2050 => (UTC_TIME, "%y%m%d%H%M%SZ"),
        _ => (GENERAL_TIME, "%Y%m%d%H%M%SZ"),
    };
    der(tag, at.strftime(form).to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_short_as_can_be() {
        assert_eq!(der(OCTETS, &[7; 3]), [4, 3, 7, 7, 7]);
        assert_eq!(der(OCTETS, &[0; 127])[..2], [4, 127]);
        assert_eq!(der(OCTETS, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(der(OCTETS, &[0; 300])[..4], [4, 0x82, 1, 44]);
    }

    #[test]
    fn years_from_2050_on_have_four_digits() {
        let of = |text: &str| time(text.parse().unwrap());
        assert_eq!(of("2026-11-28T16:05:09Z"), der(UTC_TIME, b"261128160509Z"));
        assert_eq!(
            of("2050-01-01T00:00:00Z"),
            der(GENERAL_TIME, b"20500101000000Z")
        );
    }
}
