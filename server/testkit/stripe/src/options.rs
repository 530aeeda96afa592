//! What the double is started with.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where it listens, what it is called with, and where its webhooks go.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 takes a free one. On this machine only, unless told otherwise.
    pub listen: SocketAddr,
    /// Where browsers reach the hosted pages, if that is not where it listens.
    pub public_url: Option<String>,
    /// The secret key that requests must bear.
    pub secret_key: String,
    /// The key that pages bear, for what a buyer may do.
    pub publishable_key: String,
    /// The secret of webhooks whose target names none.
    pub webhook_secret: String,
    /// Endpoints that exist from the start, as `stripe listen --forward-to` makes one.
    pub webhooks: Vec<WebhookTarget>,
    /// Two-letter country and currency of the platform's account.
    pub country: String,
    /// The currency of the platform's account.
    pub currency: String,
    /// Days until what was charged is available.
    pub days_to_available: i64,
    /// Seconds of the double's time until a slow bank debit is settled by itself.
    pub slow_debit_seconds: i64,
    /// Seconds of the double's time until a refund that waits comes to its end.
    pub refund_seconds: i64,
    /// How many times a webhook is tried that is not answered with 2xx.
    pub webhook_attempts: u32,
    /// Milliseconds before the second attempt; each further one waits twice as long, at most five seconds.
    pub webhook_retry_ms: i64,
}

/// One endpoint that exists from the start.
#[derive(Debug, Clone)]
pub struct WebhookTarget {
    /// Where events are sent.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
    /// Which events it gets.
    pub hears: Hears,
}

/// Whose events an endpoint gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    /// The platform's own.
    Platform,
    /// Those of connected accounts.
    Connected,
    /// Both, as the forwarding of Stripe's command line does.
    Both,
}

impl Hears {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Hears::Platform => "platform",
            Hears::Connected => "connected",
            Hears::Both => "both",
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            public_url: None,
            secret_key: "sk_test_double_4eC39HqLyjWDarjtT1zdp7dc".to_owned(),
            publishable_key: "pk_test_double_TYooMQauvdEDq54NiTp".to_owned(),
            webhook_secret: "whsec_double_5b1f0c7e9a3d".to_owned(),
            webhooks: Vec::new(),
            country: "DE".to_owned(),
            currency: "eur".to_owned(),
            days_to_available: 2,
            slow_debit_seconds: 180,
            refund_seconds: 60,
            webhook_attempts: 8,
            webhook_retry_ms: 100,
        }
    }
}

impl Options {
    /// Adds an endpoint for everything, signed with the common secret.
    #[must_use]
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        let secret = self.webhook_secret.clone();
        self.webhooks.push(WebhookTarget {
            url: url.into(),
            secret,
            hears: Hears::Both,
        });
        self
    }
}
