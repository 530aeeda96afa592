//! A client of TLS that speaks with hosts of the settings and with no other: with another one the handshake fails, before anything
//! is asked.

use std::sync::Arc;

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime},
};

#[derive(Debug)]
struct Named {
    hosts: Vec<String>,
    verifier: Arc<WebPkiServerVerifier>,
}

/// Speaks with `hosts`, whose certificates lead to `roots`.
///
/// # Errors
///
/// Says what rustls does not take.
pub fn client<'h>(
    hosts: impl Iterator<Item = &'h str>,
    roots: RootCertStore,
) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| error.to_string())?;
    let named = Named {
        hosts: hosts.map(str::to_lowercase).collect(),
        verifier,
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(named))
        .with_no_client_auth())
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let host = server.to_str().to_lowercase();
        if !self.hosts.contains(&host) {
            return Err(Error::General(format!(
                "{host} is not asked: it is not in tls.acme_hosts"
            )));
        }
        self.verifier
            .verify_server_cert(own, others, server, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, own, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, own, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
