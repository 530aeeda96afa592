//! The sandbox provider: a payment page of our own on which the buyer chooses what happens. No money moves.

use async_trait::async_trait;
use domain::money::Money;
use services::{
    payments::sandbox,
    ports::{
        KnownPayment, KnownRefund, NewPayment, NewRefund, PaymentGateway, PaymentPage, PortError,
        ProviderPayment,
    },
};

pub struct Sandbox {
    public_url: String,
}

impl Sandbox {
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
        }
    }
}

#[async_trait]
impl PaymentGateway for Sandbox {
    fn provider(&self) -> &'static str {
        sandbox::PROVIDER
    }

    async fn start(&self, payment: &NewPayment) -> Result<PaymentPage, PortError> {
        let provider_ref = format!("sandbox-{}", payment.payment);
        let url = format!("{}/sandbox/pay/{provider_ref}", self.public_url);
        Ok(PaymentPage { provider_ref, url })
    }

    fn can_hold(&self) -> bool {
        true
    }

    async fn capture(&self, _: &ProviderPayment, amount: Money) -> Result<KnownPayment, PortError> {
        Ok(sandbox::take_held(amount))
    }

    async fn release(&self, _: &ProviderPayment) -> Result<KnownPayment, PortError> {
        Ok(sandbox::let_go())
    }

    async fn refund(&self, refund: &NewRefund) -> Result<KnownRefund, PortError> {
        Ok(sandbox::give_back(refund))
    }
}
