//! Puts the parts together as the settings say.

use std::sync::Arc;

use jiff::SignedDuration;
use services::{
    Parts, Queues, Services, Settings, Unexpected,
    db::{Db, Limits},
    live::Live,
    ports::{PaymentGateway, SignInProvider, System},
    seal::Seal,
};

use crate::{
    LocalFiles, MailboxFolder, MemoryCache, OpenId, PaymentOff, Sandbox,
    config::{Config, MailKind, PaymentKind},
};

/// Everything use cases work with, made from settings. Opens no connection yet.
pub fn assemble(config: &Config) -> Result<Services, Unexpected> {
    let public_url = config.server.origin();
    let limits = Limits {
        connections: config.database.max_connections,
        acquire: config.database.acquire_timeout(),
        statement: config.database.statement_timeout(),
        lock: config.database.lock_timeout(),
    };
    let payments: Arc<dyn PaymentGateway> = match config.payment.kind {
        PaymentKind::Sandbox => Arc::new(Sandbox::new(public_url.clone())),
        PaymentKind::Off => Arc::new(PaymentOff),
    };
    let provider: Option<Arc<dyn SignInProvider>> = if config.provider.is_set() {
        let provider = OpenId::new(&config.provider);
        Some(Arc::new(
            provider.map_err(|e| Unexpected::new("provider", e))?,
        ))
    } else {
        None
    };
    let mailer = match config.mail.kind {
        MailKind::Folder => Arc::new(MailboxFolder::new(&config.mail.folder)),
    };
    let db = Db::open(config.database.url.expose(), &limits)?;
    Ok(Services::new(Parts {
        clock: db.clock(),
        db,
        entropy: Arc::new(System),
        mailer,
        payments,
        provider,
        files: Arc::new(LocalFiles::new(&config.files.folder)),
        cache: Arc::new(MemoryCache::default()),
        seal: Seal::new(
            *config.secrets.sealing.expose(),
            *config.secrets.signing.expose(),
        )
        .after(config.secrets.sealing_before.expose().copied()),
        live: Live::default(),
        queues: Queues::default(),
        counts: Default::default(),
        rooms: Default::default(),
        addresses: Default::default(),
        proofs: Default::default(),
        facets: Default::default(),
        settings: Settings {
            public_url,
            hold: SignedDuration::from_mins(config.sales.hold_minutes.into()),
            hold_extension: SignedDuration::from_mins(config.sales.extension_minutes.into()),
            holds_per_address: config.sales.holds_per_address,
            crowd: config.sales.crowd,
            wallets: config.wallets.sign_in,
            mail_from: config.mail.from.clone(),
        },
    }))
}
