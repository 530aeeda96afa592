//! No payment provider: nothing that costs money can be bought.

use async_trait::async_trait;
use services::ports::{KnownRefund, NewPayment, NewRefund, PaymentGateway, PaymentPage, PortError};

pub struct PaymentOff;

#[async_trait]
impl PaymentGateway for PaymentOff {
    fn provider(&self) -> &'static str {
        "off"
    }

    async fn start(&self, _: &NewPayment) -> Result<PaymentPage, PortError> {
        Err(PortError::Refused("payment is switched off".into()))
    }

    async fn refund(&self, _: &NewRefund) -> Result<KnownRefund, PortError> {
        Err(PortError::Refused("payment is switched off".into()))
    }
}
