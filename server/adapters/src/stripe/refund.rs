//! Money back to the card it came from.

use std::collections::HashMap;

use domain::payments::RefundState;
use services::ports::{KnownRefund, NewRefund, ProviderPayment};
use stripe_client_core::StripeRequest;
use stripe_core::{
    Refund,
    refund::{CreateRefund, ListRefund, RetrieveRefund},
};

use super::{
    amount,
    http::{Fault, Http},
    page::{self, PAYMENT},
};

/// Under these names a refund says which of ours it is.
pub(super) const REFUND: &str = "bilten_refund";
pub(super) const ATTEMPT: &str = "bilten_attempt";

/// At once; Stripe gives no more, and no payment has as many.
const MOST: i64 = 100;

pub(super) async fn send(http: &Http, refund: &NewRefund) -> Result<KnownRefund, Fault> {
    let intent = charge_of(http, &refund.of)
        .await?
        .ok_or_else(|| Fault::refused("nothing was paid that could go back"))?;
    let mut request = CreateRefund::new()
        .payment_intent(intent)
        .amount(amount::to_stripe(refund.amount)?)
        .metadata(HashMap::from([
            (PAYMENT.to_owned(), refund.of.payment.to_string()),
            (REFUND.to_owned(), refund.refund.to_string()),
            (ATTEMPT.to_owned(), refund.attempt.to_string()),
        ]));
    if refund.recall {
        request = request.reverse_transfer(true);
    }
    let sent = request
        .customize()
        .request_strategy(page::once(format!("{}-{}", refund.refund, refund.attempt))?)
        .send(http)
        .await?;
    Ok(known(&sent))
}

/// By Stripe's name of it, else among the refunds of its payment by our own names on it.
pub(super) async fn find(http: &Http, refund: &NewRefund) -> Result<Option<KnownRefund>, Fault> {
    if let Some(reference) = &refund.reference {
        // Its own name finds it, also where somebody has made it with Stripe's own tools.
        return match RetrieveRefund::new(reference.as_str()).send(http).await {
            Ok(found) => Ok(Some(known(&found))),
            Err(fault) if fault.is_missing() => Ok(None),
            Err(fault) => Err(fault),
        };
    }
    let Some(intent) = charge_of(http, &refund.of).await? else {
        return Ok(None);
    };
    let all = ListRefund::new()
        .payment_intent(intent)
        .limit(MOST)
        .send(http)
        .await?;
    let (id, attempt) = (refund.refund.to_string(), refund.attempt.to_string());
    let is_it = |found: &&Refund| {
        let named = |name: &str| found.metadata.as_ref().and_then(|all| all.get(name));
        named(REFUND) == Some(&id) && named(ATTEMPT) == Some(&attempt)
    };
    Ok(all.data.iter().find(is_it).map(known))
}

async fn charge_of(http: &Http, payment: &ProviderPayment) -> Result<Option<String>, Fault> {
    if let Some(known) = &payment.charge_ref {
        return Ok(Some(known.clone()));
    }
    let found = page::find(http, payment).await?;
    Ok(found.and_then(|found| found.charge_ref))
}

fn known(refund: &Refund) -> KnownRefund {
    KnownRefund {
        reference: refund.id.as_str().to_owned(),
        state: state(refund.status.as_deref()),
        why: refund.failure_reason.clone().unwrap_or_default(),
        recalled: refund.transfer_reversal.is_some(),
    }
}

/// Whatever is none of these is still under way.
pub(super) fn state(status: Option<&str>) -> RefundState {
    match status {
        Some("succeeded") => RefundState::Succeeded,
        Some("failed" | "canceled") => RefundState::Failed,
        _ => RefundState::Pending,
    }
}
