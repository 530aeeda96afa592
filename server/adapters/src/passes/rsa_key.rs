//! RSA keys that sign (RFC 8017, PKCS #1 v1.5 with SHA-256).

use ring::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject as _};
use services::ports::PortError;

pub(super) struct RsaKey(KeyPair);

impl RsaKey {
    /// From PEM; `None` when it is no RSA key of at least 2048 bits.
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(key) => KeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => KeyPair::from_der(key.secret_pkcs1_der()),
            _ => return None,
        };
        key.ok().map(Self)
    }

    /// Its public half, as certificates hold it (RFC 8017, A.1.1).
    pub(super) fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, PortError> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text,
                &mut signature,
            )
            .map_err(|_| PortError::Unavailable("no signature".to_owned()))?;
        Ok(signature)
    }
}
