//! TLS of our own, for where no proxy in front does it: HTTP/1.1 and HTTP/2 over TLS 1.2 and 1.3.

#[cfg(feature = "acme")]
mod acme;
mod files;
#[cfg(any(feature = "acme", test))]
mod named;
mod redirect;
#[cfg(test)]
mod tests;

use std::{future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use adapters::config::{Config, TlsKind};
use axum::{Router, extract::connect_info::IntoMakeServiceWithConnectInfo};
use axum_server::{
    Control, Handle, Server,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use rustls::{
    ConfigBuilder, ServerConfig,
    crypto::ring,
    server::WantsServerCert,
    version::{TLS12, TLS13},
};
use tokio::net::TcpListener;

/// How long a connection may take to say what it wants. Without a proxy in front nobody else keeps those away that never do.
const PATIENCE: Duration = Duration::from_secs(30);

/// The same for a proxy, which keeps those away itself, and keeps connections that are quiet for later: it must not find
/// one ended that it is just about to use.
const PATIENCE_WITH_PROXY: Duration = Duration::from_secs(15 * 60);

/// Headers of a request, in bytes, and what is kept of a connection before it is worked on: thousands that send theirs slowly must
/// not add up to much. Of HTTP/2 it is 16 kB.
const HEADERS: usize = 64 * 1024;

/// What is wrong with a setting, and the way out.
#[derive(Debug, thiserror::Error)]
#[error("{setting} ({value}): {problem}", value = .value.display())]
pub struct TlsFault {
    setting: &'static str,
    value: PathBuf,
    problem: String,
}

/// A certificate that stays fresh, and where to meet those who come without TLS.
pub struct Tls {
    config: RustlsConfig,
    redirect: Option<(SocketAddr, String)>,
}

impl Tls {
    /// What the settings say; `None` where TLS is off. From then on new certificates are looked for.
    ///
    /// # Errors
    ///
    /// When there is no certificate to begin with.
    pub fn open(config: &Config) -> Result<Option<Self>, TlsFault> {
        let settings = &config.tls;
        let certificate = match settings.kind {
            TlsKind::Off => return Ok(None),
            TlsKind::Files => files::follow(&settings.certificate, &settings.key)?,
            #[cfg(feature = "acme")]
            TlsKind::Acme => acme::follow(settings)?,
            #[cfg(not(feature = "acme"))]
            TlsKind::Acme => {
                return Err(TlsFault {
                    setting: "tls.kind",
                    value: "acme".into(),
                    problem: "this program was built without it; build it with `--features acme` (`--bin-features acme` for cargo-leptos), or set \"files\"".to_owned(),
                });
            }
        };
        Ok(Some(Self {
            config: certificate,
            redirect: settings
                .redirect_listen()
                .map(|listen| (listen, config.server.origin())),
        }))
    }

    /// Serves until `stop`, then lets running requests finish.
    ///
    /// # Errors
    ///
    /// When the address for those without TLS cannot be had.
    pub async fn serve(
        self,
        listener: TcpListener,
        app: IntoMakeServiceWithConnectInfo<Router, SocketAddr>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let control = stopping(stop);
        // Otherwise the end of an answer waits for the client's word on what went before: 40 ms.
        let acceptor = RustlsAcceptor::new(self.config)
            .handshake_timeout(PATIENCE)
            .acceptor(NoDelayAcceptor::new());
        let https = patient(listener, &control, PATIENCE)
            .acceptor(acceptor)
            .serve(app);
        let Some((listen, origin)) = self.redirect else {
            return https.await;
        };
        let plain = TcpListener::bind(listen).await.map_err(|error| {
            io::Error::other(format!("tls.redirect_listen ({listen}): {error}"))
        })?;
        tracing::info!(address = %plain.local_addr()?, "plain http is sent to https");
        let plain =
            patient(plain, &control, PATIENCE).serve(redirect::to(origin).into_make_service());
        tokio::try_join!(https, plain).map(drop)
    }
}

/// Serves without TLS until `stop`, then lets running requests finish.
///
/// # Errors
///
/// When the address cannot be listened to any more.
pub async fn serve_plain(
    listener: TcpListener,
    behind_proxy: bool,
    app: IntoMakeServiceWithConnectInfo<Router, SocketAddr>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let patience = if behind_proxy {
        PATIENCE_WITH_PROXY
    } else {
        PATIENCE
    };
    patient(listener, &stopping(stop), patience)
        .acceptor(NoDelayAcceptor::new())
        .serve(app)
        .await
}

/// Ends connections once `stop` is there.
fn stopping(stop: impl Future<Output = ()> + Send + 'static) -> Control {
    let control = Control::new();
    let ending = control.clone();
    tokio::spawn(async move {
        stop.await;
        ending.graceful_shutdown(None);
    });
    control
}

fn patient(listener: TcpListener, control: &Control, patience: Duration) -> Server<SocketAddr> {
    let mut server = Server::from_listener(listener)
        .handle(Handle::with_control(control.clone()))
        .first_request_timeout(patience);
    let http = server.http_builder();
    http.http1()
        .header_read_timeout(patience)
        .max_buf_size(HEADERS);
    http.http2().keep_alive_interval(patience);
    server
}

/// All but the certificate.
fn config(
    with_certificate: impl FnOnce(
        ConfigBuilder<ServerConfig, WantsServerCert>,
    ) -> Result<ServerConfig, rustls::Error>,
) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth();
    let mut config = with_certificate(builder)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
