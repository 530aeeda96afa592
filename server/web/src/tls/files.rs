//! A certificate from files. Whoever renews it writes new ones; connections that are open go on with the old.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum_server::tls_rustls::RustlsConfig;
use rustls::{
    Error, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use super::TlsFault;

/// How often the files are looked at. Certificates are renewed weeks before they end.
const EVERY: Duration = Duration::from_secs(60);

pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

#[derive(PartialEq)]
pub struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// The certificate of now and, when there is another, that one.
pub fn follow(certificate: &Path, key: &Path) -> Result<RustlsConfig, TlsFault> {
    let files = Files {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
    };
    let mut last = files.read()?;
    let config = RustlsConfig::from_config(files.config(&last)?);
    let followed = config.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            match files.refresh(&mut last, &followed) {
                Ok(true) => tracing::info!("another certificate is in use"),
                Ok(false) => {}
                Err(fault) => tracing::error!(%fault, "the old certificate stays in use"),
            }
        }
    });
    Ok(config)
}

impl Files {
    /// Whether there was something new. What cannot be used may be half written, and is looked at again.
    pub fn refresh(&self, last: &mut Contents, config: &RustlsConfig) -> Result<bool, TlsFault> {
        let contents = self.read()?;
        if contents == *last {
            return Ok(false);
        }
        config.reload_from_config(self.config(&contents)?);
        *last = contents;
        Ok(true)
    }

    pub fn read(&self) -> Result<Contents, TlsFault> {
        let read = |path: &Path, at_fault: fn(&Self, &str) -> TlsFault| {
            std::fs::read(path).map_err(|error| {
                at_fault(self, &format!("cannot be read: {error}; it must be a file in PEM form that this program may read"))
            })
        };
        Ok(Contents {
            certificate: read(&self.certificate, Self::certificate_at_fault)?,
            key: read(&self.key, Self::key_at_fault)?,
        })
    }

    pub fn config(&self, contents: &Contents) -> Result<Arc<ServerConfig>, TlsFault> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&contents.certificate)
            .collect::<Result<_, _>>()
            .unwrap_or_default();
        if chain.is_empty() {
            return Err(self.certificate_at_fault(
                "holds no certificate; it needs the whole chain in PEM form, the server's own first (often named fullchain.pem)",
            ));
        }
        let key = PrivateKeyDer::from_pem_slice(&contents.key).map_err(|_| {
            self.key_at_fault("holds no private key; it needs one in PEM form, without a password (often named privkey.pem)")
        })?;
        let config = super::config(|builder| builder.with_single_cert(chain, key));
        config.map(Arc::new).map_err(|error| match error {
            Error::InconsistentKeys(_) => self.key_at_fault(
                "is not the key of the certificate in tls.certificate; take both from the same issue",
            ),
            Error::InvalidCertificate(_) => self.certificate_at_fault(&format!(
                "cannot be used: {error}; have it issued again"
            )),
            error => self.key_at_fault(&format!(
                "cannot be used: {error}; it needs an RSA key of 2048 bits or more, or one for ECDSA or Ed25519"
            )),
        })
    }

    fn certificate_at_fault(&self, problem: &str) -> TlsFault {
        TlsFault {
            setting: "tls.certificate",
            value: self.certificate.clone(),
            problem: problem.to_owned(),
        }
    }

    fn key_at_fault(&self, problem: &str) -> TlsFault {
        TlsFault {
            setting: "tls.key",
            value: self.key.clone(),
            problem: problem.to_owned(),
        }
    }
}
