//! What a buyer sends, step by step: hold, order, pay. The same forms that the pages send.

use std::{
    io,
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use services::stage::HotEvent;

use crate::http::{Client, form};

const HOLD: &str = "/api/app_api/checkout/hold/hold_tickets";
const PLACE: &str = "/api/app_api/checkout/details/place_order";
const START: &str = "/api/app_api/checkout/pay/start_payment";
const CHOOSE: &str = "/api/app_api/checkout/pay/choose_outcome";

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// No two buyers of a run are the same person.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Why a step did not do what it should.
#[derive(Debug)]
pub enum Stopped {
    /// The server said no: the stable code.
    Refused(String),
    /// The server has too much to do, or cannot reach its database: worth another try, after so many seconds if it said so.
    Busy { after: Option<u32> },
    /// Nothing (complete) came back: it may have happened or not.
    Unknown(io::Error),
}

impl Stopped {
    /// The same request may still succeed.
    pub fn worth_another_try(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unknown(_))
    }
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(code) => f.write_str(code),
            Self::Busy { .. } => f.write_str("busy"),
            Self::Unknown(error) => write!(f, "no answer: {error}"),
        }
    }
}

/// One step: a form, and where its good answer leads.
#[derive(Debug, Clone)]
pub struct Step {
    request: Vec<u8>,
    leads_to: &'static str,
}

impl Step {
    /// Sends it once; returns the secret in the address that it leads to.
    pub async fn send(&self, client: &mut Client) -> Result<String, Stopped> {
        let answer = client.send(&self.request).await.map_err(Stopped::Unknown)?;
        if matches!(answer.status, 429 | 503) {
            let after = answer.retry_after();
            return Err(Stopped::Busy { after });
        }
        let location = answer.location.as_deref().filter(|_| answer.is_good());
        let Some(location) = location else {
            return Err(Stopped::Refused(answer.code()));
        };
        location
            .strip_prefix(self.leads_to)
            .map(|rest| {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                rest[..end].to_owned()
            })
            .ok_or_else(|| Stopped::Refused(format!("led to {location}")))
    }

    /// Sends it until there is an answer, under the same key, for so long. `again` hears why it is sent again.
    pub async fn insist(
        &self,
        client: &mut Client,
        patience: Duration,
        mut again: impl FnMut(&Stopped, Instant),
    ) -> Result<String, Stopped> {
        let begun = Instant::now();
        loop {
            let sent = Instant::now();
            match self.send(client).await {
                Err(stopped) if stopped.worth_another_try() && begun.elapsed() < patience => {
                    again(&stopped, sent);
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }
}

/// One person who buys once.
#[derive(Debug, Clone)]
pub struct Buyer {
    pub number: u64,
    address: SocketAddr,
    run: String,
}

impl Buyer {
    pub fn new(address: SocketAddr, hot: &HotEvent) -> Self {
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            address,
            run: hot.slug.chars().rev().take(12).collect(),
        }
    }

    fn step(&self, path: &str, body: &str, leads_to: &'static str) -> Step {
        Step {
            request: form(self.address, path, self.number, body),
            leads_to,
        }
    }

    /// Holds tickets; leads to the hold's token.
    pub fn hold(&self, hot: &HotEvent, tickets: u32) -> Step {
        let body = format!(
            "event={}&tickets[t{}]={tickets}&key=hold-{}-{}",
            hot.slug, hot.ticket_type, self.run, self.number
        );
        self.step(HOLD, &body, "/checkout/")
    }

    /// Places the order; leads to its secret.
    pub fn place(&self, hot: &HotEvent, hold: &str, tickets: u32) -> Step {
        let total = hot.price_minor * i64::from(tickets);
        let number = self.number;
        let body = format!(
            "token={hold}&form[name]=Buyer+Number+{number}&form[email]=buyer-{number}@buyers.example&\
             form[email_seen]=&form[same_for_all]=true&form[invoice_name]=&form[invoice_address]=&\
             form[invoice_vat_id]=&form[total_minor]={total}&form[currency]=EUR&form[key]=place-{}-{number}",
            self.run
        );
        self.step(PLACE, &body, "/orders/")
    }

    /// Goes to the provider; leads to the payment's reference.
    pub fn start(&self, secret: &str) -> Step {
        self.step(START, &format!("secret={secret}"), "/sandbox/pay/")
    }

    /// Goes to a provider with pages of its own; leads by way of the order's page.
    pub fn leave(&self, secret: &str) -> Step {
        self.step(START, &format!("secret={secret}"), "/orders/")
    }

    /// Lets the provider do something; leads back to the order.
    pub fn choose(&self, reference: &str, outcome: &str) -> Step {
        let body = format!("reference={reference}&outcome={outcome}");
        self.step(CHOOSE, &body, "/orders/")
    }
}

/// The whole purchase without a second try; returns the order's secret. The provider's news is then on its way.
pub async fn buy(
    client: &mut Client,
    hot: &HotEvent,
    address: SocketAddr,
    outcome: &str,
) -> Result<String, Stopped> {
    let buyer = Buyer::new(address, hot);
    let hold = buyer.hold(hot, 1).send(client).await?;
    let secret = buyer.place(hot, &hold, 1).send(client).await?;
    let reference = buyer.start(&secret).send(client).await?;
    buyer.choose(&reference, outcome).send(client).await?;
    Ok(secret)
}
