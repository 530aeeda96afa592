//! A server of ours and the double, each at the other's address.

use std::{sync::Arc, time::Duration};

use adapters::{Stripe, config::Config};
use bilten::{AppState, router};
use domain::{orders::OrderState, when::Timestamp};
use serde_json::Value;
use services::{
    Services,
    checkout::Placed,
    db::Scope,
    orders::{self, OrderView, RefundChoice, RefundError, RefundOrder, RefundPreview},
    payments::{self, StartError},
    work,
};
use sqlx::{AssertSqlSafe, Row};
use stripe_double::{Double, Options};
use testkit::{Event, World};
use tokio::{net::TcpListener, task::JoinHandle};

pub const GOOD: &str = "4242424242424242";
pub const WITHOUT_MONEY: &str = "4000000000009995";

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Shop {
    pub w: World,
    /// Our server's services: like the world's, but paid through Stripe.
    pub sv: Services,
    pub stripe: Double,
    pub url: String,
    pub event: Event,
    server: JoinHandle<()>,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shop {
    pub async fn open(capacity: i32) -> Self {
        Self::with(capacity, "hosted").await
    }

    /// Buyers pay in the shop's own page, in fields of Stripe's.
    pub async fn in_page(capacity: i32) -> Self {
        Self::with(capacity, "element").await
    }

    async fn with(capacity: i32, stripe_page: &str) -> Self {
        let w = World::new().await;
        // Stripe's clock is the world's real one.
        w.clock.set(now());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let hook = format!("{url}/webhooks/stripe");
        let stripe = Double::start(Options::default().webhook(hook))
            .await
            .unwrap();
        let settings = [
            ("BILTEN_PAYMENT__KIND", "stripe"),
            ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", &stripe.secret_key),
            (
                "BILTEN_PAYMENT__STRIPE_WEBHOOK_SECRET",
                &stripe.webhook_secret,
            ),
            ("BILTEN_PAYMENT__STRIPE_URL", &stripe.url),
            ("BILTEN_PAYMENT__STRIPE_PAGE", stripe_page),
            (
                "BILTEN_PAYMENT__STRIPE_PUBLISHABLE_KEY",
                &stripe.publishable_key,
            ),
            ("BILTEN_PAYMENT__STRIPE_JS_URL", &stripe.url),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::load(None, settings).unwrap();
        let gateway = Arc::new(Stripe::new(&config.payment).unwrap());
        let sv = w.paid_through(gateway);
        let state = AppState::new(sv.clone(), config, "no-such-folder".into(), None).unwrap();
        let server = tokio::spawn(async move {
            axum::serve(listener, router(state)).await.unwrap();
        });
        let event = w
            .event("Demo")
            .ticket_type("Seat", 1500, capacity)
            .published()
            .await;
        Self {
            w,
            sv,
            stripe,
            url,
            event,
            server,
        }
    }

    pub async fn orders(&self, seats: u16) -> Placed {
        let buyer = self.w.buyer("Ada");
        buyer.orders(&self.event, "Seat", seats).await.unwrap()
    }

    /// The page at Stripe to which the buyer is sent.
    pub async fn page(&self, placed: &Placed) -> Result<String, StartError> {
        payments::start(&self.sv, &placed.secret).await?;
        let name = format!(
            "select p.provider_ref from payments p join orders o on o.id = p.order_id
             where o.code = '{}' and p.page_url is not null and p.closed_at is null",
            placed.code
        );
        Ok(self.text(&name).await)
    }

    /// The secret with which the buyer's browser pays in the shop's page.
    pub async fn fields(&self, placed: &Placed) -> Result<String, StartError> {
        let begun = payments::start_in_page(&self.sv, &placed.secret).await?;
        Ok(begun.fields.client_secret)
    }

    /// What Stripe's script does when the buyer presses the button; the answer.
    pub async fn confirms(&self, client_secret: &str, method: &[(&str, &str)]) -> Value {
        let intent = client_secret.split("_secret_").next().unwrap();
        let back = format!("{}/orders/x/back", self.url);
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("key", &self.stripe.publishable_key);
        body.append_pair("client_secret", client_secret);
        body.append_pair("return_url", &back);
        body.extend_pairs(method);
        let address = format!("{}/v1/payment_intents/{intent}/confirm", self.stripe.url);
        let answer = reqwest::Client::new()
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.finish())
            .send()
            .await
            .unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// The same with a card.
    pub async fn confirms_card(&self, client_secret: &str, card: &str) -> Value {
        let method = [
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", card),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "44"),
            ("payment_method_data[card][cvc]", "123"),
        ];
        self.confirms(client_secret, &method).await
    }

    /// The bank's page, on which the card's holder says yes or no.
    pub async fn answers_bank(&self, intent: &str, answer: &str) {
        let address = format!("{}/c/3ds/{intent}?in=frame", self.stripe.url);
        let answer = reqwest::Client::new()
            .post(address)
            .body(format!("answer={answer}"))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success());
    }

    /// Pays for an order of so many seats, message included.
    pub async fn sells(&self, seats: u16) -> Placed {
        let placed = self.orders(seats).await;
        let page = self.page(&placed).await.unwrap();
        self.stripe.pay_session(&page, GOOD).unwrap();
        self.hear().await;
        assert_eq!(self.order(&placed).await.state, OrderState::Paid);
        placed
    }

    /// Until every message has come, and what it asks for is done.
    pub async fn hear(&self) {
        assert!(self.stripe.quiet(PATIENCE).await, "messages are under way");
        self.work().await;
        assert!(self.stripe.quiet(PATIENCE).await, "messages are under way");
    }

    /// The worker's part, but for comparing.
    pub async fn work(&self) {
        self.w.clock.set(now());
        self.work_now().await;
    }

    /// The same by the world's clock as it stands.
    pub async fn work_now(&self) {
        loop {
            let over = work::expire_holds(&self.sv, 50).await.unwrap()
                + work::expire_orders(&self.sv, 50).await.unwrap();
            let done = work::run_due_jobs(&self.sv, 50).await.unwrap();
            let told = payments::take_in_due(&self.sv, 50).await.unwrap();
            if over + done + told == 0 {
                return;
            }
        }
    }

    /// What waits for its next try is due now.
    pub async fn hurry(&self) {
        self.run("update jobs set run_at = now() - interval '1 minute', locked_until = null where dead_at is null").await;
        self.run("update provider_events set next_try_at = now() - interval '1 minute'")
            .await;
        self.work().await;
    }

    /// As if some time had passed since payments and refunds were begun and asked about.
    pub async fn compare(&self) {
        self.run("update payments set created_at = created_at - interval '5 minutes', asked_at = asked_at - interval '5 minutes'").await;
        self.run("update refunds set created_at = created_at - interval '5 minutes', asked_at = asked_at - interval '5 minutes'").await;
        payments::reconcile(&self.sv, 50).await.unwrap();
        self.work().await;
    }

    /// The time to pay is over.
    pub async fn expire(&self, placed: &Placed) {
        let sql = format!(
            "update orders set expires_at = now() - interval '1 second' where code = '{}'",
            placed.code
        );
        self.run(&sql).await;
        self.work().await;
        assert_eq!(self.order(placed).await.state, OrderState::Expired);
    }

    pub async fn order(&self, placed: &Placed) -> OrderView {
        let order = orders::show_by_secret(&self.sv, &placed.secret).await;
        order.unwrap().unwrap()
    }

    pub async fn give_back(&self, placed: &Placed, choice: RefundChoice) {
        self.refund(placed, choice).await.unwrap();
    }

    pub async fn refund(
        &self,
        placed: &Placed,
        choice: RefundChoice,
    ) -> Result<RefundPreview, RefundError> {
        let cmd = RefundOrder {
            code: placed.code,
            choice,
            keep_tickets: true,
            reason: "as asked".into(),
            idempotency_key: None,
        };
        let permit = self.event.organization.permit();
        orders::refund(&self.sv, &permit, cmd).await
    }

    /// Somebody with the account's keys does something by hand.
    pub async fn by_hand(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let answer = reqwest::Client::new()
            .post(format!("{}{path}", self.stripe.url))
            .bearer_auth(&self.stripe.secret_key)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.finish())
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What is left of the money by Stripe's own book, before its fees, and by ours: they must be the same.
    pub async fn books(&self) -> i64 {
        let book = self.stripe.book();
        let platform = book["platform"].as_str().unwrap();
        let kinds = &book["accounts"][platform]["eur"]["by_type"];
        let of = |kind: &str| kinds[kind]["amount"].as_i64().unwrap_or(0);
        let theirs = [
            "charge",
            "payment",
            "refund",
            "payment_refund",
            "refund_failure",
            "payment_failure_refund",
        ]
        .map(of)
        .iter()
        .sum::<i64>();
        // What a bank takes is booked with what Stripe charges for that.
        let theirs = theirs + kinds["adjustment"]["net"].as_i64().unwrap_or(0);
        let ours = "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'provider_clearing'";
        assert_eq!(self.count(ours).await, theirs, "{book:#}");
        theirs
    }

    /// Posts a message of ours as if it were Stripe's; the status.
    pub async fn says(&self, id: &str, kind: &str, object: &Value) -> u16 {
        let body = serde_json::json!({
            "id": id, "object": "event", "type": kind, "data": { "object": object },
        })
        .to_string();
        let proof = crate::webhooks::sign(&self.stripe.webhook_secret, now().as_second(), &body);
        crate::webhooks::post(self, &body, Some(&proof)).await
    }

    pub async fn sound(&self) {
        self.w.settle().await;
        self.w.assert_sound().await;
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.one(sql).await.get(0)
    }

    pub async fn text(&self, sql: &str) -> String {
        self.one(sql).await.get(0)
    }

    async fn one(&self, sql: &str) -> sqlx::postgres::PgRow {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        let row = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        row
    }

    pub async fn run(&self, sql: &str) {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(AssertSqlSafe(sql.to_owned()))
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "Stripe's clock is the real one")]
pub fn now() -> Timestamp {
    Timestamp::now()
}
