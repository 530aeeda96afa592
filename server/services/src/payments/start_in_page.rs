//! Begins a payment in a page of ours, in fields of the provider's.

use super::start::{self, Attempt, Called, StartError, Way};
use crate::{Services, ports::PaymentFields};

/// What the page needs to let the buyer pay.
#[derive(Debug, Clone)]
pub struct BegunInPage {
    pub fields: PaymentFields,
    /// So that nobody types twice what is known.
    pub buyer_email: String,
}

/// What was begun and is still open is shown again. Only the provider keeps the secret for it, so it is asked each time.
#[tracing::instrument(skip_all)]
pub async fn start_in_page(sv: &Services, secret: &str) -> Result<BegunInPage, StartError> {
    if sv.payments.in_page().is_none() {
        return Err(StartError::NotFound);
    }
    let (organization, Attempt { new: asked, begun }) =
        start::begin(sv, secret, Way::InPage).await?;
    let started = sv.payments.start_in_page(&asked, begun.as_deref()).await;
    let fields = match started {
        Ok(fields) => fields,
        Err(e) => return Err(start::not_started(sv, organization, &asked, e).await?),
    };
    let called = Called {
        payment: asked.payment,
        provider_ref: fields.provider_ref.clone(),
        page_url: None,
    };
    sv.queues.names.submit(sv, organization, called).await?;
    Ok(BegunInPage {
        fields,
        buyer_email: asked.buyer_email,
    })
}
