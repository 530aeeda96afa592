//! Puts the parts together as the settings say.

use std::sync::Arc;

use jiff::SignedDuration;
use services::{
    Parts, Queues, Services, Settings, Unexpected,
    db::{Db, Limits},
    live::Live,
    ports::{
        BreachedPasswords, Cache, PassSigner, PaymentGateway, SaveSigner, SignInProvider, System,
        VatRegister,
    },
    seal::Seal,
};

use crate::{
    AppleWallet, BreachedList, GoogleWallet, LocalFiles, MailboxFolder, MemoryCache, OpenId,
    PaymentOff, RedisCache, Sandbox, Stripe, Vies,
    config::{CacheKind, Config, MailKind, PaymentKind, VatRegisterKind},
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
        PaymentKind::Stripe => {
            let stripe = Stripe::new(&config.payment);
            Arc::new(stripe.map_err(|e| Unexpected::new("payment", e))?)
        }
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
    let breached: Option<Arc<dyn BreachedPasswords>> = match config.passwords.list() {
        None => None,
        Some(file) => {
            let list = BreachedList::new(file);
            Some(Arc::new(
                list.map_err(|e| Unexpected::new("passwords.breached", e))?,
            ))
        }
    };
    let vat_register: Option<Arc<dyn VatRegister>> = match config.vat_register.kind {
        VatRegisterKind::Off => None,
        VatRegisterKind::Vies => {
            let vies = Vies::new(&config.vat_register);
            Some(Arc::new(
                vies.map_err(|e| Unexpected::new("vat_register", e))?,
            ))
        }
    };
    let misfit =
        |(setting, why): (&str, &str)| Unexpected::new("wallet_passes", format!("{setting} {why}"));
    let apple = AppleWallet::new(&config.wallet_passes).map_err(misfit)?;
    let apple_wallet = apple.map(|wallet| Arc::new(wallet) as Arc<dyn PassSigner>);
    let google = GoogleWallet::new(&config.wallet_passes).map_err(misfit)?;
    let google_wallet = google.map(|wallet| Arc::new(wallet) as Arc<dyn SaveSigner>);
    let mailer = match config.mail.kind {
        MailKind::Folder => Arc::new(MailboxFolder::new(&config.mail.folder)),
    };
    let cache: Arc<dyn Cache> = match config.cache.kind {
        CacheKind::Memory => Arc::new(MemoryCache::default()),
        CacheKind::Redis => Arc::new(
            RedisCache::new(config.cache.url.expose(), config.cache.timeout())
                .map_err(|e| Unexpected::new("cache", e))?,
        ),
    };
    let db = Db::open(config.database.url.expose(), &limits)?;
    Ok(Services::new(Parts {
        clock: db.clock(),
        db,
        entropy: Arc::new(System),
        mailer,
        payments,
        provider,
        breached,
        vat_register,
        apple_wallet,
        google_wallet,
        files: Arc::new(LocalFiles::new(&config.files.folder)),
        cache,
        seal: Seal::new(
            *config.secrets.sealing.expose(),
            *config.secrets.signing.expose(),
        )
        .after(config.secrets.sealing_before.expose().copied()),
        live: Live::default(),
        queues: Queues::default(),
        counts: Default::default(),
        reporters: Default::default(),
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

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use services::accounts::{SignIn, SignInError, sign_in};
    use testkit::RedisServer;

    use super::*;

    /// How many of thirty guesses at the same time are looked at. They are at an address that cannot be, so that no database is
    /// asked.
    async fn guesses(settings: &[(&str, &str)]) -> usize {
        let settings = settings.iter().map(|(n, v)| (n.to_string(), v.to_string()));
        let sv = assemble(&Config::load(None, settings).unwrap()).unwrap();
        let guess = |number| SignIn {
            email: "nobody".to_owned(),
            password: format!("guess {number}"),
            user_agent: String::new(),
            client: "10.0.0.1".to_owned(),
        };
        let answers = join_all((0..30).map(|number| sign_in(&sv, guess(number)))).await;
        answers
            .iter()
            .filter(|answer| matches!(answer, Err(SignInError::Wrong)))
            .count()
    }

    #[tokio::test]
    async fn of_guesses_at_once_as_many_are_looked_at_as_the_limit_says() {
        assert_eq!(guesses(&[]).await, 8);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_limit_on_guesses_is_the_same_with_redis_and_when_it_is_away() {
        let mut server = RedisServer::start();
        let url = server.url();
        let settings = [
            ("BILTEN_CACHE__KIND", "redis"),
            ("BILTEN_CACHE__URL", url.as_str()),
        ];
        assert_eq!(guesses(&settings).await, 8);
        server.kill();
        assert_eq!(guesses(&settings).await, 8);
    }
}
