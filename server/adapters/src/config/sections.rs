//! The sections of `default.toml` as types. What each setting means is written there.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use url::Url;

use super::{EarlierKey, Key, Secret};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Development,
    Production,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: Url,
    worker_threads: usize,
    request_timeout_seconds: u64,
    shutdown_seconds: u64,
    pub behind_proxy: bool,
    pub requests_per_second: u32,
    pub requests_at_once: u32,
}

impl Server {
    /// Scheme, host and port without a slash at the end, to put paths behind and to compare with `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// An absolute address for a path that begins with a slash.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    #[must_use]
    pub fn worker_threads(&self) -> usize {
        if self.worker_threads > 0 {
            return self.worker_threads;
        }
        std::thread::available_parallelism()
            .map_or(4, usize::from)
            .max(4)
    }

    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    #[must_use]
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsKind {
    Off,
    Files,
    Acme,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub kind: TlsKind,
    pub certificate: PathBuf,
    pub key: PathBuf,
    redirect_listen: String,
    acme_names: String,
    pub acme_contact: String,
    pub acme_folder: PathBuf,
    pub acme_directory: Url,
    acme_hosts: String,
}

impl Tls {
    /// Where those who come without TLS are sent on, if anywhere.
    #[must_use]
    pub fn redirect_listen(&self) -> Option<SocketAddr> {
        self.redirect_listen.parse().ok()
    }

    pub(super) fn redirect_is_sensible(&self) -> bool {
        self.redirect_listen.is_empty() || self.redirect_listen().is_some()
    }

    /// The names a certificate is asked for.
    pub fn acme_names(&self) -> impl Iterator<Item = &str> {
        self.acme_names.split_whitespace()
    }

    /// The hosts of the authority.
    pub fn acme_hosts(&self) -> impl Iterator<Item = &str> {
        let named = self.acme_hosts.split_whitespace();
        self.acme_directory.host_str().into_iter().chain(named)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: Secret,
    pub max_connections: u32,
    acquire_timeout_ms: u64,
    statement_timeout_ms: u64,
    lock_timeout_ms: u64,
}

impl Database {
    #[must_use]
    pub fn acquire_timeout(&self) -> Duration {
        Duration::from_millis(self.acquire_timeout_ms)
    }

    #[must_use]
    pub fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms)
    }

    #[must_use]
    pub fn lock_timeout(&self) -> Duration {
        Duration::from_millis(self.lock_timeout_ms)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    pub sealing: Key,
    pub sealing_before: EarlierKey,
    pub signing: Key,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cookies {
    pub secure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheKind {
    Memory,
    Redis,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    pub kind: CacheKind,
    pub url: Secret,
    timeout_ms: u64,
}

impl Cache {
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    Folder,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub kind: MailKind,
    pub folder: PathBuf,
    pub from: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub folder: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    Sandbox,
    Stripe,
    Off,
}

/// Where buyers pay with Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripePage {
    Hosted,
    Element,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub kind: PaymentKind,
    pub stripe_page: StripePage,
    pub stripe_publishable_key: String,
    pub stripe_js_url: Url,
    pub stripe_secret_key: Secret,
    pub stripe_webhook_secret: Secret,
    pub stripe_connect_webhook_secret: Secret,
    pub stripe_url: Url,
}

impl Payment {
    /// Whether buyers pay in a page of ours, in Stripe's fields.
    #[must_use]
    pub fn in_page(&self) -> bool {
        self.kind == PaymentKind::Stripe && self.stripe_page == StripePage::Element
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    pub name: String,
    hosts: String,
    pub older_signatures: bool,
}

impl Provider {
    /// Whether there is one.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.issuer.is_empty()
    }

    /// Hosts that may be asked beside the issuer's own.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.hosts.split_whitespace()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatRegisterKind {
    Off,
    Vies,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VatRegister {
    pub kind: VatRegisterKind,
    pub url: Url,
    pub requester: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wallets {
    pub sign_in: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    pub breached: PathBuf,
}

impl Passwords {
    /// The list of passwords that are refused, if there is one.
    pub fn list(&self) -> Option<&Path> {
        Some(self.breached.as_path()).filter(|file| !file.as_os_str().is_empty())
    }
}

/// Tickets for the wallets of phones.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalletPasses {
    pub apple_pass_type: String,
    pub apple_team: String,
    pub apple_certificate: String,
    pub apple_key: Secret,
    pub apple_intermediate: String,
    pub google_issuer: String,
    pub google_account: String,
    pub google_key: Secret,
    pub older_signatures: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    pub inside: bool,
    poll_ms: u64,
    pub batch: u32,
    check_minutes: u32,
}

impl Worker {
    #[must_use]
    pub fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }

    #[must_use]
    pub fn check(&self) -> Option<Duration> {
        let minutes = Duration::from_secs(60).saturating_mul(self.check_minutes);
        Some(minutes).filter(|minutes| !minutes.is_zero())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sales {
    pub hold_minutes: u32,
    pub extension_minutes: u32,
    pub holds_per_address: u32,
    pub crowd: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub enabled: bool,
}
