//! Rules over the finished settings: ranges, and what production refuses.

use std::{collections::BTreeMap, str::FromStr};

use lettre::{Address, message::Mailbox};
use url::Url;

use crate::{AppleWallet, BreachedList, GoogleWallet};

use super::{
    CacheKind, Config, Fault, Origin, Payment, PaymentKind, Program, TlsKind,
    production::{SECRETS, is_private_way, is_private_way_to_redis, others_may_read},
};

/// Collects faults together with the origin of the setting at fault.
struct Findings<'a> {
    origins: &'a BTreeMap<String, Origin>,
    faults: Vec<Fault>,
}

impl Findings<'_> {
    fn refuse_if(&mut self, wrong: bool, setting: &str, problem: &str) {
        if wrong {
            self.faults.push(Fault {
                setting: setting.to_owned(),
                origin: self
                    .origins
                    .get(setting)
                    .cloned()
                    .unwrap_or(Origin::Default),
                problem: problem.to_owned(),
            });
        }
    }
}

pub(super) fn check(
    config: &Config,
    origins: &BTreeMap<String, Origin>,
    program: Program,
) -> Vec<Fault> {
    let mut findings = Findings {
        origins,
        faults: Vec::new(),
    };
    values(config, &mut findings);
    // The worker has none: messages of Stripe come to the server.
    let secret = &config.payment.stripe_webhook_secret;
    findings.refuse_if(
        program == Program::Server
            && config.payment.kind == PaymentKind::Stripe
            && !secret.expose().starts_with("whsec_"),
        "payment.stripe_webhook_secret",
        "needs the signing secret of the webhook where payment.kind is \"stripe\": whsec_…",
    );
    if config.is_production() {
        production(config, &mut findings);
    }
    findings.faults
}

fn values(config: &Config, find: &mut Findings<'_>) {
    let url = &config.server.public_url;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    find.refuse_if(
        !plain,
        "server.public_url",
        "needs the form https://host or http://host:port, without a path",
    );
    find.refuse_if(
        config.server.worker_threads() > 1024,
        "server.worker_threads",
        "at most 1024",
    );
    find.refuse_if(
        config.server.request_timeout().is_zero(),
        "server.request_timeout_seconds",
        "at least 1",
    );
    tls(config, find);

    let scheme = config
        .database
        .url
        .expose()
        .split_once("://")
        .map_or("", |(scheme, _)| scheme);
    find.refuse_if(
        !matches!(scheme, "postgres" | "postgresql"),
        "database.url",
        "needs the form postgres://user:password@host:port/name",
    );
    find.refuse_if(
        config.database.max_connections < 2,
        "database.max_connections",
        "at least 2",
    );
    find.refuse_if(
        config.database.acquire_timeout().is_zero(),
        "database.acquire_timeout_ms",
        "at least 1",
    );
    find.refuse_if(
        config.database.statement_timeout().is_zero(),
        "database.statement_timeout_ms",
        "at least 1",
    );
    find.refuse_if(
        config.database.lock_timeout().is_zero()
            || config.database.lock_timeout() >= config.database.statement_timeout(),
        "database.lock_timeout_ms",
        "at least 1 and less than database.statement_timeout_ms",
    );

    find.refuse_if(
        config.cache.kind == CacheKind::Redis && !is_redis(config.cache.url.expose()),
        "cache.url",
        "needs the form redis://:password@host:port/number, or rediss:// for TLS",
    );
    find.refuse_if(
        !(1..=5000).contains(&config.cache.timeout().as_millis()),
        "cache.timeout_ms",
        "from 1 to 5000",
    );

    find.refuse_if(
        config.secrets.sealing == config.secrets.signing,
        "secrets.signing",
        "must differ from secrets.sealing",
    );
    find.refuse_if(
        config.secrets.sealing_before.expose() == Some(config.secrets.sealing.expose()),
        "secrets.sealing_before",
        "must differ from secrets.sealing: it is the key that was there before",
    );
    find.refuse_if(
        Mailbox::from_str(&config.mail.from).is_err(),
        "mail.from",
        "needs the form Name <address@host>",
    );
    find.refuse_if(
        config.mail.folder.as_os_str().is_empty(),
        "mail.folder",
        "must not be empty",
    );
    find.refuse_if(
        config.files.folder.as_os_str().is_empty(),
        "files.folder",
        "must not be empty",
    );
    let list = config.passwords.list().map(BreachedList::new);
    if let Some(Err(why)) = list {
        find.refuse_if(true, "passwords.breached", why);
    }
    let passes = &config.wallet_passes;
    let misfits = [
        AppleWallet::new(passes).err(),
        GoogleWallet::new(passes).err(),
    ];
    for (setting, why) in misfits.into_iter().flatten() {
        find.refuse_if(true, setting, why);
    }
    let provider = &config.provider;
    find.refuse_if(
        provider.is_set() && !is_issuer(&provider.issuer, config.is_production()),
        "provider.issuer",
        "needs an https address without query; http is good for development only",
    );
    find.refuse_if(
        provider.is_set() && provider.client_id.is_empty(),
        "provider.client_id",
        "must not be empty where provider.issuer is set",
    );
    find.refuse_if(
        provider.is_set() && provider.name.trim().is_empty(),
        "provider.name",
        "must not be empty where provider.issuer is set",
    );
    find.refuse_if(
        !provider.hosts().all(is_host),
        "provider.hosts",
        "needs names of hosts with spaces between them, without https:// and paths",
    );
    vat_register(config, find);
    stripe(config, find);
    find.refuse_if(
        config.worker.poll().is_zero(),
        "worker.poll_ms",
        "at least 1",
    );
    find.refuse_if(
        !(1..=1000).contains(&config.worker.batch),
        "worker.batch",
        "from 1 to 1000",
    );
    find.refuse_if(
        !(1..=120).contains(&config.sales.hold_minutes),
        "sales.hold_minutes",
        "from 1 to 120",
    );
    find.refuse_if(
        config.sales.extension_minutes > 120,
        "sales.extension_minutes",
        "from 0 to 120",
    );
    find.refuse_if(
        config.log.filter.trim().is_empty(),
        "log.filter",
        "must not be empty; \"info\" is a good start",
    );
}

fn tls(config: &Config, find: &mut Findings<'_>) {
    let tls = &config.tls;
    find.refuse_if(
        !tls.redirect_is_sensible() || tls.redirect_listen() == Some(config.server.listen),
        "tls.redirect_listen",
        "needs an address and port other than those of server.listen, or nothing",
    );
    if tls.kind == TlsKind::Off {
        return;
    }
    find.refuse_if(
        config.server.public_url.scheme() != "https",
        "server.public_url",
        "needs an https address where tls.kind is not \"off\"",
    );
    let files = tls.kind == TlsKind::Files;
    for (path, setting) in [(&tls.certificate, "tls.certificate"), (&tls.key, "tls.key")] {
        find.refuse_if(
            files && path.as_os_str().is_empty(),
            setting,
            "must not be empty where tls.kind is \"files\"",
        );
    }
    let acme = tls.kind == TlsKind::Acme;
    find.refuse_if(
        acme && tls.acme_names().next().is_none(),
        "tls.acme_names",
        "must not be empty where tls.kind is \"acme\"",
    );
    find.refuse_if(
        acme && Address::from_str(&tls.acme_contact).is_err(),
        "tls.acme_contact",
        "needs a mail address where tls.kind is \"acme\"",
    );
    find.refuse_if(
        acme && tls.acme_folder.as_os_str().is_empty(),
        "tls.acme_folder",
        "must not be empty where tls.kind is \"acme\"",
    );
    find.refuse_if(
        acme && tls.acme_directory.scheme() != "https",
        "tls.acme_directory",
        "needs an https address",
    );
    find.refuse_if(
        !tls.acme_hosts().all(is_host),
        "tls.acme_hosts",
        "needs names of hosts with spaces between them, without https:// and paths",
    );
}

fn stripe(config: &Config, find: &mut Findings<'_>) {
    let payment = &config.payment;
    let url = &payment.stripe_url;
    find.refuse_if(
        !matches!(url.scheme(), "http" | "https")
            || !url.has_host()
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty(),
        "payment.stripe_url",
        "needs the form https://host",
    );
    if payment.kind != PaymentKind::Stripe {
        return;
    }
    let key = payment.stripe_secret_key.expose();
    let secret = ["sk_live_", "sk_test_", "rk_live_", "rk_test_"];
    find.refuse_if(
        !secret.iter().any(|start| key.starts_with(start)) || !key.bytes().all(|b| b.is_ascii_graphic()),
        "payment.stripe_secret_key",
        "needs a secret or restricted key where payment.kind is \"stripe\": sk_live_… or rk_live_…, sk_test_… for trying out",
    );
    let connect = payment.stripe_connect_webhook_secret.expose();
    find.refuse_if(
        !connect.is_empty() && !connect.starts_with("whsec_"),
        "payment.stripe_connect_webhook_secret",
        "needs the signing secret of the webhook for connected accounts, or nothing: whsec_…",
    );
    if payment.in_page() {
        element(payment, find);
    }
}

fn element(payment: &Payment, find: &mut Findings<'_>) {
    let key = &payment.stripe_publishable_key;
    let public = ["pk_live_", "pk_test_"];
    find.refuse_if(
        !public.iter().any(|start| key.starts_with(start)) || !key.bytes().all(|b| b.is_ascii_graphic()),
        "payment.stripe_publishable_key",
        "needs the account's publishable key where payment.stripe_page is \"element\": pk_live_…, pk_test_… for trying out",
    );
    let real = |key: &str| key.contains("k_live_");
    find.refuse_if(
        !key.is_empty() && real(key) != real(payment.stripe_secret_key.expose()),
        "payment.stripe_publishable_key",
        "needs the key that belongs to payment.stripe_secret_key: both live, or both for trying out",
    );
    let url = &payment.stripe_js_url;
    find.refuse_if(
        !matches!(url.scheme(), "http" | "https")
            || !url.has_host()
            || url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty(),
        "payment.stripe_js_url",
        "needs the form https://host",
    );
}

fn vat_register(config: &Config, find: &mut Findings<'_>) {
    let register = &config.vat_register;
    find.refuse_if(
        !is_issuer(register.url.as_str(), config.is_production()),
        "vat_register.url",
        "needs an https address without query; http is good for development only",
    );
    find.refuse_if(
        !register.requester.is_empty()
            && register
                .requester
                .parse::<domain::pricing::VatId>()
                .is_err(),
        "vat_register.requester",
        "needs a VAT id with the country first, or nothing",
    );
}

fn is_redis(text: &str) -> bool {
    redis::Client::open(text).is_ok()
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "redis" | "rediss"))
}

fn is_host(text: &str) -> bool {
    url::Host::parse(text).is_ok_and(|host| host.to_string().eq_ignore_ascii_case(text))
}

fn is_issuer(text: &str, production: bool) -> bool {
    Url::parse(text).is_ok_and(|url| {
        (url.scheme() == "https" || (url.scheme() == "http" && !production))
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

fn production(config: &Config, find: &mut Findings<'_>) {
    find.refuse_if(
        config.server.public_url.scheme() != "https",
        "server.public_url",
        "production needs an https address",
    );
    find.refuse_if(
        !is_private_way(config.database.url.expose()),
        "database.url",
        "production needs ?sslmode=verify-full, unless the host is named and is this machine or a socket's folder",
    );
    find.refuse_if(
        config.cache.kind == CacheKind::Redis
            && !is_private_way_to_redis(config.cache.url.expose()),
        "cache.url",
        "production needs rediss://, unless the host is this machine",
    );
    find.refuse_if(
        config.secrets.sealing.is_guessable(),
        "secrets.sealing",
        "production needs a key of its own; make one with: openssl rand -hex 32",
    );
    find.refuse_if(
        config.secrets.signing.is_guessable(),
        "secrets.signing",
        "production needs a key of its own; make one with: openssl rand -hex 32",
    );
    find.refuse_if(
        !config.cookies.secure,
        "cookies.secure",
        "production needs true",
    );
    find.refuse_if(
        config.payment.kind == PaymentKind::Sandbox,
        "payment.kind",
        "production refuses \"sandbox\": tickets would be given away",
    );
    let stripe = config.payment.kind == PaymentKind::Stripe;
    let key = config.payment.stripe_secret_key.expose();
    find.refuse_if(
        stripe && (key.starts_with("sk_test_") || key.starts_with("rk_test_")),
        "payment.stripe_secret_key",
        "production refuses a test key: nobody would really pay, and tickets would be given away",
    );
    find.refuse_if(
        stripe && config.payment.stripe_url.scheme() != "https",
        "payment.stripe_url",
        "production needs an https address",
    );
    // A script from anywhere else reads what buyers type.
    find.refuse_if(
        config.payment.in_page()
            && config.payment.stripe_js_url.as_str() != "https://js.stripe.com/",
        "payment.stripe_js_url",
        "production needs https://js.stripe.com: Stripe's script may come from Stripe only",
    );
    find.refuse_if(
        config.demo.enabled,
        "demo.enabled",
        "production needs false: the demo passwords are known",
    );
    for setting in SECRETS {
        let open =
            matches!(find.origins.get(setting), Some(Origin::File(path)) if others_may_read(path));
        find.refuse_if(
            open,
            setting,
            "production keeps it in no file that everybody on the machine may read; try: chmod o= FILE",
        );
    }
}
