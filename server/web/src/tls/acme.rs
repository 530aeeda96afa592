//! A certificate from an authority that looks whether the names lead here (ACME, by the TLS handshake itself: tls-alpn-01).

use std::sync::Arc;

use adapters::config;
use axum_server::tls_rustls::RustlsConfig;
use futures::StreamExt as _;
use rustls::RootCertStore;
use rustls_acme::{AcmeConfig, acme::ACME_TLS_ALPN_NAME, caches::DirCache};

use super::{TlsFault, named};

/// Asks for a certificate, unless there is a good one in the folder, and for the next one in time. Until the first one is there no
/// connection comes about.
pub fn follow(settings: &config::Tls) -> Result<RustlsConfig, TlsFault> {
    let fault = |problem: String| TlsFault {
        setting: "tls.kind",
        value: "acme".into(),
        problem,
    };
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let client = named::client(settings.acme_hosts(), roots).map_err(fault)?;
    let mut state = AcmeConfig::new_with_client_config(settings.acme_names(), Arc::new(client))
        .contact_push(format!("mailto:{}", settings.acme_contact))
        .directory(&settings.acme_directory)
        .cache(DirCache::new(settings.acme_folder.clone()))
        .state();
    let resolver = state.resolver();
    let tls = super::config(|builder| Ok(builder.with_cert_resolver(resolver)));
    let mut tls = tls.map_err(|error| fault(error.to_string()))?;
    tls.alpn_protocols.push(ACME_TLS_ALPN_NAME.to_vec());
    tokio::spawn(async move {
        while let Some(event) = state.next().await {
            match event {
                Ok(event) => tracing::info!(?event, "certificate"),
                Err(error) => tracing::error!(%error, "no certificate yet; it is asked for again"),
            }
        }
    });
    Ok(RustlsConfig::from_config(Arc::new(tls)))
}
