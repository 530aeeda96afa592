//! Stripe: the buyer pays on its hosted Checkout page, or in its fields in a page of ours, and it tells what happened by webhook.
//! No card number comes near us.

mod amount;
mod book;
mod connect;
mod decline;
mod dispute;
mod event;
mod http;
mod intent;
mod made;
mod page;
mod refund;
mod signature;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use domain::{money::Money, when::Timestamp};
use services::ports::{
    BookPage, ConnectGateway, DisputeEvidence, InPage, KnownDispute, KnownPayment, KnownRefund,
    NewPayment, NewRefund, NotTaken, PaymentFields, PaymentGateway, PaymentPage, PortError,
    ProviderEvent, ProviderPayment, ProviderTold, WebhookError,
};
use url::Url;

use self::http::Http;
use crate::{
    config::{Payment, Secret},
    outbound::OutboundError,
};

/// As it is stored with payments, and the last part of the webhook's address.
const NAME: &str = "stripe";

/// The account at Stripe that the settings name.
pub struct Stripe {
    http: Http,
    webhook_secret: Secret,
    /// Messages about connected accounts come from an endpoint of their own; it may have another secret.
    connect_webhook_secret: Secret,
    in_page: Option<InPage>,
}

impl Stripe {
    /// Asks nobody yet.
    pub fn new(settings: &Payment) -> Result<Self, OutboundError> {
        Ok(Self {
            http: Http::new(&settings.stripe_url, settings.stripe_secret_key.clone())?,
            webhook_secret: settings.stripe_webhook_secret.clone(),
            connect_webhook_secret: settings.stripe_connect_webhook_secret.clone(),
            in_page: settings.in_page().then(|| intent::in_page(settings)),
        })
    }

    /// Stripe's name of the money itself.
    async fn money(&self, payment: &ProviderPayment) -> Result<String, PortError> {
        if intent::is_one(&payment.provider_ref) {
            return Ok(payment.provider_ref.clone());
        }
        let known = match &payment.charge_ref {
            Some(name) => Some(name.clone()),
            None => page::find(&self.http, payment)
                .await?
                .and_then(|known| known.charge_ref),
        };
        known
            .filter(|name| intent::is_one(name))
            .ok_or_else(|| PortError::Refused("nothing is held".to_owned()))
    }

    /// Where Stripe is when nothing else is said.
    pub fn usual_url(url: &Url) -> bool {
        url.scheme() == "https" && url.host_str() == Some("api.stripe.com")
    }
}

#[async_trait]
impl PaymentGateway for Stripe {
    fn provider(&self) -> &'static str {
        NAME
    }

    fn takes(&self, amount: Money) -> Result<(), NotTaken> {
        amount::takes(amount)
    }

    fn connect(&self) -> Option<&dyn ConnectGateway> {
        Some(self)
    }

    fn can_be_asked(&self) -> bool {
        true
    }

    async fn start(&self, payment: &NewPayment) -> Result<PaymentPage, PortError> {
        Ok(page::open(&self.http, payment).await?)
    }

    fn in_page(&self) -> Option<InPage> {
        self.in_page.clone()
    }

    async fn start_in_page(
        &self,
        payment: &NewPayment,
        begun: Option<&str>,
    ) -> Result<PaymentFields, PortError> {
        Ok(intent::start(&self.http, payment, begun).await?)
    }

    async fn find(&self, payment: &ProviderPayment) -> Result<Option<KnownPayment>, PortError> {
        if intent::is_one(&payment.provider_ref) {
            return Ok(intent::find(&self.http, &payment.provider_ref).await?);
        }
        Ok(page::find(&self.http, payment).await?)
    }

    async fn close(&self, payment: &ProviderPayment) -> Result<Option<KnownPayment>, PortError> {
        if intent::is_one(&payment.provider_ref) {
            return Ok(intent::close(&self.http, &payment.provider_ref).await?);
        }
        Ok(page::close(&self.http, payment).await?)
    }

    fn can_hold(&self) -> bool {
        true
    }

    async fn capture(
        &self,
        payment: &ProviderPayment,
        amount: Money,
    ) -> Result<KnownPayment, PortError> {
        let name = self.money(payment).await?;
        Ok(intent::capture(&self.http, &name, amount).await?)
    }

    async fn release(&self, payment: &ProviderPayment) -> Result<KnownPayment, PortError> {
        let name = self.money(payment).await?;
        Ok(intent::release(&self.http, &name).await?)
    }

    async fn refund(&self, refund: &NewRefund) -> Result<KnownRefund, PortError> {
        Ok(refund::send(&self.http, refund).await?)
    }

    async fn find_refund(&self, refund: &NewRefund) -> Result<Option<KnownRefund>, PortError> {
        Ok(refund::find(&self.http, refund).await?)
    }

    fn keeps_book(&self) -> bool {
        true
    }

    async fn book_page(
        &self,
        from: Option<Timestamp>,
        after: Option<&str>,
    ) -> Result<BookPage, PortError> {
        Ok(book::page(&self.http, from, after).await?)
    }

    async fn book_balance(&self) -> Result<Vec<Money>, PortError> {
        Ok(book::balance(&self.http).await?)
    }

    fn takes_disputes(&self) -> bool {
        true
    }

    async fn find_dispute(&self, reference: &str) -> Result<Option<KnownDispute>, PortError> {
        Ok(dispute::find(&self.http, reference).await?)
    }

    async fn made_since(&self, since: Timestamp) -> Result<Vec<ProviderTold>, PortError> {
        Ok(made::since(&self.http, since).await?)
    }

    async fn answer_dispute(
        &self,
        reference: &str,
        evidence: &DisputeEvidence,
    ) -> Result<KnownDispute, PortError> {
        Ok(dispute::answer(&self.http, reference, evidence).await?)
    }

    async fn accept_dispute(&self, reference: &str) -> Result<KnownDispute, PortError> {
        Ok(dispute::accept(&self.http, reference).await?)
    }

    fn read_webhook(
        &self,
        proof: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<ProviderEvent, WebhookError> {
        let verify = |secret: &Secret| signature::verify(secret.expose(), proof, body, now);
        match verify(&self.webhook_secret) {
            Err(_) if !self.connect_webhook_secret.expose().is_empty() => {
                verify(&self.connect_webhook_secret)?;
            }
            outcome => outcome?,
        }
        event::read(body)
    }
}
