//! The double inside of a test's own process.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    control, error::Failure, fields::Fields, http::App, options::Options, params::Params, server,
    state::State, webhooks,
};

/// A running double. It ends when it is dropped.
#[derive(Debug)]
pub struct Double {
    /// Where it is reached: `http://127.0.0.1:41234`, without a slash at the end.
    pub url: String,
    /// The key that requests must bear.
    pub secret_key: String,
    /// The key that pages bear.
    pub publishable_key: String,
    /// What webhooks of the start are signed with.
    pub webhook_secret: String,
    app: App,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Double {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Double {
    /// Starts a double; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: Options) -> std::io::Result<Double> {
        let listener = TcpListener::bind(options.listen).await?;
        let here = format!("http://{}", listener.local_addr()?);
        let url = options.public_url.clone().unwrap_or_else(|| here.clone());
        let (secret_key, webhook_secret) =
            (options.secret_key.clone(), options.webhook_secret.clone());
        let publishable_key = options.publishable_key.clone();
        let app = App::new(State::new(url, options));
        let router = server::router(app.clone());
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the double stopped listening");
            }
        });
        let sending = tokio::spawn(webhooks::deliver(app.clone()));
        Ok(Double {
            url: here,
            secret_key,
            publishable_key,
            webhook_secret,
            app,
            tasks: vec![serving, sending],
        })
    }

    /// Asks something of the control addresses: `control("POST", "webhooks/lose", json!({ "count": 2 }))`.
    ///
    /// # Errors
    /// When it cannot be done, with the reason.
    pub fn control(&self, method: &str, path: &str, params: Value) -> Result<Value, Failure> {
        let params = Params::new(control::texts(params));
        control::act(&mut self.app.lock(), method, path, &params)
    }

    fn post(&self, path: &str, params: Value) -> Result<Value, Failure> {
        self.control("POST", path, params)
    }

    /// Pays a checkout session with a card, as its page would. The answer has `next`, where the browser
    /// would go, and the `session`.
    ///
    /// # Errors
    /// When the card is declined or the session is no longer open.
    pub fn pay_session(&self, session: &str, card: &str) -> Result<Value, Failure> {
        self.post(&format!("sessions/{session}/pay"), json!({ "card": card }))
    }

    /// Orders a slow bank debit for a checkout session; [`Double::settle_payment`] ends it.
    ///
    /// # Errors
    /// When the session is no longer open or takes no debits.
    pub fn pay_session_by_debit(&self, session: &str) -> Result<Value, Failure> {
        self.post(
            &format!("sessions/{session}/pay"),
            json!({ "iban": "slow" }),
        )
    }

    /// Ends a bank debit, by its payment intent or checkout session.
    ///
    /// # Errors
    /// When nothing is being processed.
    pub fn settle_payment(&self, id: &str, paid: bool) -> Result<Value, Failure> {
        let outcome = if paid { "succeed" } else { "fail" };
        self.post(
            &format!("payments/{id}/settle"),
            json!({ "outcome": outcome }),
        )
    }

    /// Brings a refund to `succeeded`, `failed`, `canceled` or `requires_action`.
    ///
    /// # Errors
    /// When its state does not allow that.
    pub fn settle_refund(&self, refund: &str, status: &str) -> Result<Value, Failure> {
        self.post(
            &format!("refunds/{refund}/settle"),
            json!({ "status": status }),
        )
    }

    /// Opens a dispute about a charge, payment intent or checkout session.
    ///
    /// # Errors
    /// When there is nothing to dispute.
    pub fn dispute(&self, id: &str, reason: &str) -> Result<Value, Failure> {
        self.post(
            &format!("charges/{id}/dispute"),
            json!({ "reason": reason }),
        )
    }

    /// Ends a dispute.
    ///
    /// # Errors
    /// When it is closed already.
    pub fn close_dispute(&self, dispute: &str, won: bool) -> Result<Value, Failure> {
        let outcome = if won { "won" } else { "lost" };
        self.post(
            &format!("disputes/{dispute}/close"),
            json!({ "outcome": outcome }),
        )
    }

    /// Turns an inquiry into a dispute that takes the money.
    ///
    /// # Errors
    /// When it is no inquiry that is open.
    pub fn escalate_dispute(&self, dispute: &str) -> Result<Value, Failure> {
        self.post(&format!("disputes/{dispute}/escalate"), json!({}))
    }

    /// Puts a connected account into a state: `new`, `enabled`, `pending`, `restricted`,
    /// `payouts_paused` or `rejected`.
    ///
    /// # Errors
    /// When there is no such account or state.
    pub fn account_state(&self, account: &str, state: &str) -> Result<Value, Failure> {
        self.post(
            &format!("accounts/{account}/state"),
            json!({ "state": state }),
        )
    }

    /// Lets a payout arrive at the bank, or come back.
    ///
    /// # Errors
    /// When it has ended already.
    pub fn settle_payout(&self, payout: &str, arrives: bool) -> Result<Value, Failure> {
        let outcome = if arrives { "paid" } else { "failed" };
        self.post(
            &format!("payouts/{payout}/settle"),
            json!({ "outcome": outcome }),
        )
    }

    /// Moves the double's time on; what is due by then happens.
    ///
    /// # Errors
    /// When the seconds are negative.
    pub fn advance(&self, seconds: i64) -> Result<Value, Failure> {
        self.post("clock/advance", json!({ "seconds": seconds }))
    }

    /// Mischief with webhooks: `lose`, `repeat`, `delay`, `shuffle`, `hold`, `release`, `resend`, with
    /// the parameters of the control address.
    ///
    /// # Errors
    /// When a parameter is missing or wrong.
    pub fn webhooks(&self, what: &str, params: Value) -> Result<Value, Failure> {
        self.post(&format!("webhooks/{what}"), params)
    }

    /// A fault of the next answers, as `json!({ "kind": "timeout_after", "path": "/v1/refunds" })`.
    ///
    /// # Errors
    /// When there is no such kind.
    pub fn fault(&self, params: Value) -> Result<Value, Failure> {
        self.post("faults", params)
    }

    /// The log of deliveries, the oldest first.
    pub fn deliveries(&self) -> Vec<Value> {
        self.app.lock().hooks.log().cloned().collect()
    }

    /// The double's own book in sums.
    pub fn book(&self) -> Value {
        self.app.lock().sum_up()
    }

    /// An object as it is now, null when there is none.
    pub fn object(&self, id: &str) -> Value {
        self.app.lock().load(id)
    }

    /// All ids of a kind of object, as `payment_intent`, the oldest first.
    pub fn ids(&self, object: &str) -> Vec<String> {
        self.app
            .lock()
            .every(object)
            .map(|value| value.text("id").to_owned())
            .collect()
    }

    /// Waits until what is due has happened and no webhook is on its way any more, at most so long.
    /// Answers whether that came about.
    pub async fn quiet(&self, at_most: Duration) -> bool {
        let waiting = async {
            while !self.is_quiet() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(at_most, waiting).await.is_ok()
    }

    fn is_quiet(&self) -> bool {
        let mut state = self.app.lock();
        state.request = (None, None);
        state.tick();
        state.hooks.quiet()
    }

    /// Runs until the server ends: for the program.
    pub async fn run(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the double ended");
            }
        }
    }
}
