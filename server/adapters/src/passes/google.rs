//! Google's wallet takes what a service account of the issuer has signed.

use services::ports::{PortError, SaveSigner};

use super::{Misfit, agreed, complete, lines, rsa_key::RsaKey};
use crate::config::WalletPasses;

const KEY: &str = "wallet_passes.google_key";

/// Signs in the name of the operator.
pub struct GoogleWallet {
    issuer: String,
    account: String,
    key: RsaKey,
}

impl GoogleWallet {
    /// `None` where nothing is set.
    ///
    /// # Errors
    ///
    /// When something is missing or is not what it should be.
    pub fn new(settings: &WalletPasses) -> Result<Option<Self>, Misfit> {
        let key = lines(settings.google_key.expose());
        let set = complete(&[
            ("wallet_passes.google_issuer", &settings.google_issuer),
            ("wallet_passes.google_account", &settings.google_account),
            (KEY, &key),
        ])?;
        if !set {
            return Ok(None);
        }
        agreed(settings)?;
        if !settings.google_issuer.bytes().all(|b| b.is_ascii_digit()) {
            return Err(("wallet_passes.google_issuer", "is a number"));
        }
        let key =
            RsaKey::from_pem(&key).ok_or((KEY, "is no RSA key of 2048 bits or more in PEM"))?;
        Ok(Some(Self {
            issuer: settings.google_issuer.clone(),
            account: settings.google_account.clone(),
            key,
        }))
    }
}

impl SaveSigner for GoogleWallet {
    fn issuer(&self) -> &str {
        &self.issuer
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, PortError> {
        self.key.sign(text)
    }
}
