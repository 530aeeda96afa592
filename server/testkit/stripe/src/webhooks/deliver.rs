//! The background work: time passes, and deliveries go out.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    fields::Fields,
    http::App,
    state::real_millis,
    webhooks::{hooks::Delivery, sign::signature},
};

/// How often due things are looked for when nothing rings.
const PULSE: Duration = Duration::from_millis(20);
/// How long an endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest wait between two attempts, in milliseconds.
const LONGEST_WAIT: i64 = 5_000;

/// Runs until the server is dropped. Each endpoint gets one delivery at a time, in order, as long as it
/// answers well.
pub async fn deliver(app: App) {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap_or_default();
    let wake = Arc::clone(&app.lock().hooks.wake);
    loop {
        let ready = {
            let mut state = app.lock();
            state.request = (None, None);
            state.tick();
            state.hooks.ready()
        };
        for delivery in ready {
            tokio::spawn(attempt(app.clone(), client.clone(), delivery));
        }
        // Being rung early or late makes no difference: everything is looked at again.
        if timeout(PULSE, wake.notified()).await.is_err() {
            continue;
        }
    }
}

async fn attempt(app: App, client: reqwest::Client, mut delivery: Delivery) {
    delivery.attempts += 1;
    let sent = client
        .post(&delivery.url)
        .header("content-type", "application/json; charset=utf-8")
        .header(
            "user-agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        )
        .header(
            "stripe-signature",
            signature(&delivery.secret, real_millis() / 1_000, &delivery.payload),
        )
        .body(delivery.payload.clone())
        .send()
        .await;
    let status = sent
        .as_ref()
        .ok()
        .map(|response| response.status().as_u16());
    let well = status.is_some_and(|status| (200..300).contains(&status));
    let mut state = app.lock();
    state.hooks.busy.remove(&delivery.endpoint);
    if well {
        state.hooks.record(&delivery, status, "delivered");
        let mut event = state.load(&delivery.event);
        if !event.is_null() {
            event.set(
                "pending_webhooks",
                (event.int("pending_webhooks") - 1).max(0),
            );
            state.save(&event);
        }
    } else if delivery.attempts >= state.options.webhook_attempts {
        state.hooks.record(&delivery, status, "given_up");
    } else if state.find(&delivery.event).is_some() {
        state.hooks.record(&delivery, status, "retrying");
        let wait = state.options.webhook_retry_ms << (delivery.attempts - 1).min(16);
        delivery.not_before = real_millis() + wait.min(LONGEST_WAIT);
        state.hooks.line_up(delivery);
    }
    state.hooks.wake.notify_one();
}
