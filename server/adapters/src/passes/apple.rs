//! Apple's wallet takes passes that are signed with a certificate of its own authority.

use domain::when::Timestamp;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use services::ports::{PassSigner, PortError};
use x509_cert::{
    Certificate,
    der::{Decode as _, Encode as _},
};

use super::{Misfit, agreed, complete, lines, pkcs7::Signer, rsa_key::RsaKey};
use crate::config::WalletPasses;

const CERTIFICATE: &str = "wallet_passes.apple_certificate";
const INTERMEDIATE: &str = "wallet_passes.apple_intermediate";
const KEY: &str = "wallet_passes.apple_key";

/// Signs in the name of the operator.
pub struct AppleWallet {
    pass_type: String,
    team: String,
    signer: Signer,
}

impl AppleWallet {
    /// `None` where nothing is set.
    ///
    /// # Errors
    ///
    /// When something is missing, is no certificate or key, or does not belong to the rest.
    pub fn new(settings: &WalletPasses) -> Result<Option<Self>, Misfit> {
        let (own, above) = (
            lines(&settings.apple_certificate),
            lines(&settings.apple_intermediate),
        );
        let key = lines(settings.apple_key.expose());
        let set = complete(&[
            ("wallet_passes.apple_pass_type", &settings.apple_pass_type),
            ("wallet_passes.apple_team", &settings.apple_team),
            (CERTIFICATE, &own),
            (KEY, &key),
            (INTERMEDIATE, &above),
        ])?;
        if !set {
            return Ok(None);
        }
        agreed(settings)?;
        let own = certificates(&own).ok_or((CERTIFICATE, "is no certificate in PEM"))?;
        let above = certificates(&above).ok_or((INTERMEDIATE, "is no certificate in PEM"))?;
        let key =
            RsaKey::from_pem(&key).ok_or((KEY, "is no RSA key of 2048 bits or more in PEM"))?;
        let (issuer, serial, public) = own
            .first()
            .and_then(|own| parts(own))
            .ok_or((CERTIFICATE, "cannot be read"))?;
        if public != key.public() {
            return Err((KEY, "belongs to another certificate"));
        }
        let certificates = own.into_iter().chain(above).collect();
        Ok(Some(Self {
            pass_type: settings.apple_pass_type.clone(),
            team: settings.apple_team.clone(),
            signer: Signer {
                key,
                certificates,
                issuer,
                serial,
            },
        }))
    }
}

impl PassSigner for AppleWallet {
    fn pass_type(&self) -> &str {
        &self.pass_type
    }

    fn team(&self) -> &str {
        &self.team
    }

    fn sign(&self, manifest: &[u8], at: Timestamp) -> Result<Vec<u8>, PortError> {
        self.signer.sign(manifest, at)
    }
}

/// All that stand in a text; at least one.
fn certificates(pem: &str) -> Option<Vec<Vec<u8>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let found = found.ok().filter(|found| !found.is_empty())?;
    Some(found.iter().map(|one| one.to_vec()).collect())
}

/// Who gave a certificate out, its number there (both in DER), and the key that it is about.
fn parts(certificate: &[u8]) -> Option<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let about = certificate.tbs_certificate();
    let key = &about.subject_public_key_info().subject_public_key;
    Some((
        about.issuer().to_der().ok()?,
        about.serial_number().to_der().ok()?,
        key.raw_bytes().to_vec(),
    ))
}

#[cfg(test)]
mod tests {
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use sha2::{Digest, Sha256};
    use testkit::PassAuthority;

    use super::*;
    use crate::config::{Config, ConfigFaults};

    fn load(settings: Vec<(String, String)>) -> Result<Config, ConfigFaults> {
        Config::load(None, settings)
    }

    fn wallet(authority: &PassAuthority) -> AppleWallet {
        let config = load(authority.settings()).unwrap();
        AppleWallet::new(&config.wallet_passes).unwrap().unwrap()
    }

    /// What stands inside: tag, content, and all of it.
    fn inside(mut bytes: &[u8]) -> Vec<(u8, &[u8], &[u8])> {
        let mut parts = Vec::new();
        while let [tag, first, rest @ ..] = bytes {
            let more = usize::from(first & 0x7f);
            let (length, head) = match first & 0x80 {
                0 => (more, 2),
                _ => {
                    let digits = rest[..more].iter();
                    (digits.fold(0, |n, d| n * 256 + usize::from(*d)), 2 + more)
                }
            };
            parts.push((*tag, &bytes[head..head + length], &bytes[..head + length]));
            bytes = &bytes[head + length..];
        }
        parts
    }

    /// As a wallet checks it, step by step.
    #[test]
    fn the_signature_holds_and_names_its_certificate() {
        let authority = PassAuthority::new();
        let (wallet, manifest) = (wallet(&authority), b"{\"pass.json\":\"00\"}");
        let at = "2026-11-28T16:05:09Z".parse().unwrap();
        let signature = wallet.sign(manifest, at).unwrap();
        let content = inside(inside(&signature)[0].1);
        let signed = inside(inside(content[1].1)[0].1);
        assert_eq!(inside(signed[2].1).len(), 1, "the manifest is not inside");
        let certificates: Vec<_> = inside(signed[3].1)
            .iter()
            .map(|one| one.2.to_vec())
            .collect();
        assert_eq!(certificates.len(), 2);
        let own = super::certificates(&authority.certificate)
            .unwrap()
            .remove(0);
        assert!(certificates.contains(&own));

        let signer = inside(inside(signed[4].1)[0].1);
        let (issuer, serial, key) = parts(&own).unwrap();
        assert_eq!(signer[1].1, [issuer, serial].concat());
        let mut attributes = signer[3].2.to_vec();
        attributes[0] = 0x31;
        let digest = Sha256::digest(manifest);
        assert!(attributes.windows(32).any(|part| part == digest.as_slice()));
        assert!(attributes.windows(13).any(|part| part == b"261128160509Z"));
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
            .verify(&attributes, signer[5].1)
            .unwrap();
    }

    #[test]
    fn what_does_not_fit_together_is_refused_by_name_and_never_shown() {
        let authority = PassAuthority::new();
        let with = |name: &str, value: &str| {
            let mut settings = authority.settings();
            let name = format!("BILTEN_WALLET_PASSES__{name}");
            settings.retain(|(had, _)| *had != name);
            settings.push((name, value.to_owned()));
            let refused = load(settings).unwrap_err().to_string();
            assert!(!refused.contains("BEGIN"), "{refused}");
            refused
        };
        for (name, value, setting, why) in [
            (
                "APPLE_TEAM",
                "",
                "wallet_passes.apple_team",
                "must be there too",
            ),
            ("APPLE_KEY", "secret", KEY, "no RSA key"),
            (
                "OLDER_SIGNATURES",
                "false",
                "wallet_passes.older_signatures",
                "must be true",
            ),
            ("APPLE_CERTIFICATE", "x", CERTIFICATE, "no certificate"),
            (
                "APPLE_CERTIFICATE",
                &authority.root,
                KEY,
                "another certificate",
            ),
            (
                "APPLE_INTERMEDIATE",
                authority.key,
                INTERMEDIATE,
                "no certificate",
            ),
            (
                "GOOGLE_KEY",
                "",
                "wallet_passes.google_key",
                "must be there too",
            ),
            (
                "GOOGLE_ISSUER",
                "me",
                "wallet_passes.google_issuer",
                "a number",
            ),
        ] {
            let refused = with(name, value);
            assert!(
                refused.contains(setting) && refused.contains(why),
                "{refused}"
            );
        }
        let config = load(authority.settings()).unwrap();
        assert!(!format!("{config:?}").contains("PRIVATE KEY"));
    }

    #[test]
    fn nothing_set_is_no_wallet_and_one_line_is_a_key_too() {
        let config = Config::development().unwrap();
        assert!(AppleWallet::new(&config.wallet_passes).unwrap().is_none());
        let authority = PassAuthority::new();
        let mut settings = authority.settings();
        for (_, value) in &mut settings {
            *value = value.trim().replace('\n', "\\n");
        }
        let config = load(settings).unwrap();
        assert!(AppleWallet::new(&config.wallet_passes).unwrap().is_some());
    }
}
