//! What the makers of wallets give out, made here: a root, an authority below it, and a certificate for passes.

use std::sync::Arc;

use adapters::{AppleWallet, GoogleWallet, config::Config};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, KeyPair, PKCS_RSA_SHA256,
};
use services::ports::{PassSigner, SaveSigner};

/// Opens nothing: it was made for these tests, because what makes certificates here makes no RSA keys.
const KEY: &str = include_str!("pass_key.pem");

/// Certificates in PEM, and the key that belongs to the last of them.
pub struct PassAuthority {
    pub root: String,
    pub intermediate: String,
    pub certificate: String,
    pub key: &'static str,
}

impl PassAuthority {
    /// # Panics
    ///
    /// When no certificate can be made.
    #[must_use]
    pub fn new() -> Self {
        let authority = IsCa::Ca(BasicConstraints::Unconstrained);
        let (root_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let root = about("Root of tests", authority.clone());
        let root = root.self_signed(&root_key).unwrap();
        let intermediate = about("Authority of tests", authority);
        let intermediate = intermediate.signed_by(&key, &root, &root_key).unwrap();
        let own = own(&intermediate, &key);
        Self {
            root: root.pem(),
            intermediate: intermediate.pem(),
            certificate: own.pem(),
            key: KEY,
        }
    }

    /// Settings for both wallets.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        let all = [
            ("APPLE_PASS_TYPE", "pass.test.bilten"),
            ("OLDER_SIGNATURES", "true"),
            ("APPLE_TEAM", "TEAM123456"),
            ("APPLE_CERTIFICATE", &self.certificate),
            ("APPLE_KEY", self.key),
            ("APPLE_INTERMEDIATE", &self.intermediate),
            ("GOOGLE_ISSUER", "3388000000012345678"),
            ("GOOGLE_ACCOUNT", "passes@bilten.test"),
            ("GOOGLE_KEY", self.key),
        ];
        all.iter()
            .map(|(name, value)| (format!("BILTEN_WALLET_PASSES__{name}"), (*value).to_owned()))
            .collect()
    }

    /// Who signs for both wallets.
    ///
    /// # Panics
    ///
    /// When the settings are refused.
    #[must_use]
    pub fn signers(&self) -> (Arc<dyn PassSigner>, Arc<dyn SaveSigner>) {
        let passes = Config::load(None, self.settings()).unwrap().wallet_passes;
        let apple = AppleWallet::new(&passes).unwrap().unwrap();
        let google = GoogleWallet::new(&passes).unwrap().unwrap();
        (Arc::new(apple), Arc::new(google))
    }
}

impl Default for PassAuthority {
    fn default() -> Self {
        Self::new()
    }
}

fn about(name: &str, is_ca: IsCa) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = is_ca;
    params
}

fn own(authority: &Certificate, key: &KeyPair) -> Certificate {
    let own = KeyPair::from_pkcs8_pem_and_sign_algo(KEY, &PKCS_RSA_SHA256).unwrap();
    let params = about("Pass Type ID: pass.test.bilten", IsCa::NoCa);
    params.signed_by(&own, authority, key).unwrap()
}
