//! What an installation that people rely on must not have: open ways to the database, secrets that others may read, and
//! settings that are probably not meant.

use std::{net::IpAddr, path::Path};

use url::Url;

use super::{Config, MailKind};

/// What must be known to nobody.
pub(super) const SECRETS: [&str; 11] = [
    "database.url",
    "cache.url",
    "secrets.sealing",
    "secrets.sealing_before",
    "secrets.signing",
    "provider.client_secret",
    "payment.stripe_secret_key",
    "payment.stripe_webhook_secret",
    "payment.stripe_connect_webhook_secret",
    "wallet_passes.apple_key",
    "wallet_passes.google_key",
];

#[cfg(unix)]
pub(super) fn others_may_read(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|found| found.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
pub(super) fn others_may_read(_: &Path) -> bool {
    false
}

/// Whether nobody can listen on the way to the database, or stand in its place. Names of settings are sqlx's, the last one
/// counts.
pub(super) fn is_private_way(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let last = |names: &[&str]| {
        let pairs = url.query_pairs();
        let found = pairs.filter(|(name, _)| names.contains(&&**name)).last();
        found.map(|(_, value)| value.into_owned())
    };
    if last(&["sslmode", "ssl-mode"]).is_some_and(|mode| mode == "verify-full") {
        return true;
    }
    let host = last(&["host", "hostaddr"]).or_else(|| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_default();
    let bare = host.trim_matches(['[', ']']);
    let socket = host.starts_with('/') || host.starts_with("%2F") || host.starts_with("%2f");
    let loopback = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    socket || loopback || host == "localhost"
}

/// Whether nobody can listen on the way to Redis.
pub(super) fn is_private_way_to_redis(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_matches(['[', ']']);
        let here = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        here || url.scheme() == "rediss"
    })
}

/// What is allowed in production and probably not meant: setting and why.
pub(super) fn doubts(config: &Config) -> Vec<(&'static str, &'static str)> {
    let mut doubts = Vec::new();
    if !config.is_production() {
        return doubts;
    }
    if config.server.listen.ip().is_loopback() && !config.server.behind_proxy {
        doubts.push((
            "server.behind_proxy",
            "only this machine is listened to: a proxy on it makes all requests look like the machine's own, and \
             limits for each address have no effect",
        ));
    }
    if config.provider.is_set() && !config.provider.older_signatures {
        doubts.push((
            "provider.older_signatures",
            "most providers, Google and Microsoft among them, sign with RSA keys of 2048 bits, which are refused without it: \
             nobody can come in by such a provider",
        ));
    }
    match config.mail.kind {
        MailKind::Folder => doubts.push((
            "mail.kind",
            "mails are written into a folder: nobody gets them, and whoever reads the folder can sign in as others",
        )),
    }
    doubts
}
