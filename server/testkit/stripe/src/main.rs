//! The double as a program.

use std::{net::SocketAddr, process::ExitCode};

use clap::Parser;
use stripe_double::{Double, Hears, Options, WebhookTarget};

/// A server that behaves like Stripe, for trying things out. No money moves.
#[derive(Debug, Parser)]
#[command(name = "stripe-double")]
struct Arguments {
    /// Where to listen. Everybody who can reach it can do anything with it.
    #[arg(long, default_value = "127.0.0.1:12111")]
    listen: SocketAddr,
    /// Where browsers reach the hosted pages, if that is not where it listens.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The secret key that requests must bear.
    #[arg(long, env = "STRIPE_DOUBLE_KEY", hide_env_values = true)]
    key: Option<String>,
    /// The publishable key that pages bear.
    #[arg(long)]
    publishable_key: Option<String>,
    /// An endpoint for all events; without a secret they are signed with the common one.
    #[arg(long, value_name = "URL[=SECRET]")]
    webhook: Vec<String>,
    /// An endpoint for the events of the platform only.
    #[arg(long, value_name = "URL[=SECRET]")]
    platform_webhook: Vec<String>,
    /// An endpoint for the events of connected accounts only.
    #[arg(long, value_name = "URL[=SECRET]")]
    connect_webhook: Vec<String>,
    /// Days until what was charged is available.
    #[arg(long, default_value_t = 2)]
    days_to_available: i64,
    /// Seconds until a slow bank debit is settled by itself.
    #[arg(long, default_value_t = 180)]
    slow_debit_seconds: i64,
    /// Seconds until a refund that waits comes to its end.
    #[arg(long, default_value_t = 60)]
    refund_seconds: i64,
    /// How often a webhook is tried.
    #[arg(long, default_value_t = 8)]
    webhook_attempts: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().init();
    let options = options(Arguments::parse());
    let (key, secret) = (options.secret_key.clone(), options.webhook_secret.clone());
    match Double::start(options).await {
        Ok(double) => {
            tracing::info!(url = %double.url, %key, webhook_secret = %secret, "the double listens");
            double.run().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the double cannot listen");
            ExitCode::FAILURE
        }
    }
}

fn options(arguments: Arguments) -> Options {
    let mut options = Options {
        listen: arguments.listen,
        public_url: arguments
            .public_url
            .map(|url| url.trim_end_matches('/').to_owned()),
        days_to_available: arguments.days_to_available,
        slow_debit_seconds: arguments.slow_debit_seconds,
        refund_seconds: arguments.refund_seconds,
        webhook_attempts: arguments.webhook_attempts.max(1),
        ..Options::default()
    };
    if let Some(key) = arguments.key {
        options.secret_key = key;
    }
    if let Some(key) = arguments.publishable_key {
        options.publishable_key = key;
    }
    let given = [
        (arguments.webhook, Hears::Both),
        (arguments.platform_webhook, Hears::Platform),
        (arguments.connect_webhook, Hears::Connected),
    ];
    for (targets, hears) in given {
        for target in targets {
            let (url, secret) = match target.rsplit_once('=') {
                Some((url, secret)) if secret.starts_with("whsec_") => {
                    (url.to_owned(), secret.to_owned())
                }
                _ => (target, options.webhook_secret.clone()),
            };
            options.webhooks.push(WebhookTarget { url, secret, hears });
        }
    }
    options
}
