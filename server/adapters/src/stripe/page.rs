//! The hosted page on which a buyer pays: a Checkout Session.

use std::collections::HashMap;

use domain::{payments::DeclineReason, when::shift};
use jiff::SignedDuration;
use services::ports::{KnownPayment, NewPayment, PaymentPage, PaymentStanding, ProviderPayment};
use stripe_checkout::{
    CheckoutSession, CheckoutSessionMode, CheckoutSessionStatus,
    checkout_session::{
        CreateCheckoutSession, CreateCheckoutSessionLineItems,
        CreateCheckoutSessionLineItemsPriceData, CreateCheckoutSessionPaymentIntentData,
        CreateCheckoutSessionPaymentIntentDataCaptureMethod,
        CreateCheckoutSessionPaymentIntentDataTransferData, ExpireCheckoutSession, ProductData,
        RetrieveCheckoutSession,
    },
};
use stripe_client_core::{IdempotencyKey, RequestStrategy, StripeRequest};
use stripe_shared::{CheckoutSessionPaymentStatus, PaymentIntent, PaymentIntentStatus};
use stripe_types::Expandable;

use super::{
    amount, decline,
    http::{Fault, Http},
};

/// Under these names every object at Stripe says which of our rows it belongs to.
pub(super) const PAYMENT: &str = "bilten_payment";
pub(super) const ORDER: &str = "bilten_order";

/// No page lives for less than half an hour at Stripe. It is closed when the order's time is over; if that fails, by
/// itself so much later. Counted from the order's end, so that asking again is the same request to the letter.
const AT_LEAST: SignedDuration = SignedDuration::from_mins(31);

pub(super) async fn open(http: &Http, payment: &NewPayment) -> Result<PaymentPage, Fault> {
    let session = request(payment)?
        .customize()
        .request_strategy(once(payment.payment.to_string())?)
        .send(http)
        .await?;
    let url = session
        .url
        .ok_or_else(|| Fault::refused("the page is closed already"))?;
    Ok(PaymentPage {
        provider_ref: session.id.as_str().to_owned(),
        url,
    })
}

/// The same key is the same deed.
pub(super) fn once(key: String) -> Result<RequestStrategy, Fault> {
    let key = IdempotencyKey::new(key).map_err(|e| Fault::refused(e.to_string()))?;
    Ok(RequestStrategy::Idempotent(key))
}

fn request(payment: &NewPayment) -> Result<CreateCheckoutSession, Fault> {
    let names = HashMap::from([
        (PAYMENT.to_owned(), payment.payment.to_string()),
        (ORDER.to_owned(), payment.order.to_string()),
    ]);
    let currency: stripe_types::Currency = payment
        .amount
        .currency
        .as_str()
        .to_lowercase()
        .parse()
        .unwrap_or_default();
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(currency);
    price.unit_amount = Some(amount::to_stripe(payment.amount)?);
    price.product_data = Some(ProductData::new(payment.description.clone()));
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(1);
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.metadata = Some(names.clone());
    intent.description = Some(payment.description.clone());
    if payment.hold {
        intent.capture_method = Some(CreateCheckoutSessionPaymentIntentDataCaptureMethod::Manual);
    }
    if let Some(straight) = &payment.straight {
        let account = straight.account_ref.clone();
        intent.on_behalf_of = Some(account.clone());
        intent.transfer_data = Some(CreateCheckoutSessionPaymentIntentDataTransferData::new(
            account,
        ));
        if straight.fee.minor > 0 {
            intent.application_fee_amount = Some(amount::to_stripe(straight.fee)?);
        }
    }
    Ok(CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(vec![line])
        .customer_email(payment.buyer_email.clone())
        .client_reference_id(payment.payment.to_string())
        .metadata(names)
        .payment_intent_data(intent)
        .success_url(payment.return_url.clone())
        .cancel_url(payment.return_url.clone())
        .expires_at(shift(payment.pay_until, AT_LEAST).as_second()))
}

/// `None` while we do not know the page's name: then nobody was sent to it.
pub(super) async fn find(
    http: &Http,
    payment: &ProviderPayment,
) -> Result<Option<KnownPayment>, Fault> {
    if !is_page(&payment.provider_ref) {
        return Ok(None);
    }
    let session = RetrieveCheckoutSession::new(payment.provider_ref.as_str())
        .expand(vec!["payment_intent.latest_charge".to_owned()])
        .send(http)
        .await;
    match session {
        Ok(session) => known(&session).map(Some),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

pub(super) async fn close(
    http: &Http,
    payment: &ProviderPayment,
) -> Result<Option<KnownPayment>, Fault> {
    if !is_page(&payment.provider_ref) {
        return Ok(None);
    }
    let closed = ExpireCheckoutSession::new(payment.provider_ref.as_str())
        .send(http)
        .await;
    match closed {
        Ok(session) => known(&session).map(Some),
        // It is closed already: paid, or over.
        Err(Fault::Refused { .. }) => find(http, payment).await,
        Err(fault @ Fault::Unknown(_)) => Err(fault),
    }
}

fn is_page(name: &str) -> bool {
    name.starts_with("cs_")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(super) fn known(session: &CheckoutSession) -> Result<KnownPayment, Fault> {
    let intent = session.payment_intent.as_ref();
    let whole = intent.and_then(Expandable::as_object);
    let charge_ref = intent.map(|intent| intent.id().as_str().to_owned());
    let (standing, closed) = match (session.status.as_ref(), &session.payment_status) {
        (
            _,
            CheckoutSessionPaymentStatus::Paid | CheckoutSessionPaymentStatus::NoPaymentRequired,
        ) => (PaymentStanding::Succeeded, true),
        (Some(CheckoutSessionStatus::Expired), _) => (
            PaymentStanding::Failed {
                reason: whole.and_then(why).unwrap_or(DeclineReason::Abandoned),
            },
            true,
        ),
        (Some(CheckoutSessionStatus::Complete), _) => standing_of(whole),
        (_, _) => match whole.and_then(why) {
            Some(reason) => (PaymentStanding::Failed { reason }, false),
            None => (PaymentStanding::Open, false),
        },
    };
    let currency = session.currency.as_ref().map(ToString::to_string);
    // Of money that was held, less can have been taken than was asked for.
    let received = whole.map(|intent| intent.amount_received);
    let amount = session
        .amount_total
        .map(|asked| amount::of_standing(standing, asked, received))
        .zip(currency)
        .and_then(|(amount, currency)| amount::from_stripe(amount, &currency));
    Ok(KnownPayment {
        standing,
        charge_ref,
        closed,
        amount,
        card: whole.and_then(card),
    })
}

/// What is the same for the same card, of the money's last way.
fn card(intent: &PaymentIntent) -> Option<String> {
    let charge = intent.latest_charge.as_ref()?.as_object()?;
    let details = charge.payment_method_details.as_ref()?;
    details.card.as_ref()?.fingerprint.clone()
}

/// The page has done its work; the money may still be on its way.
fn standing_of(intent: Option<&PaymentIntent>) -> (PaymentStanding, bool) {
    match intent.map(|intent| &intent.status) {
        Some(PaymentIntentStatus::Succeeded) => (PaymentStanding::Succeeded, true),
        Some(PaymentIntentStatus::RequiresCapture) => (PaymentStanding::Held, false),
        Some(PaymentIntentStatus::RequiresPaymentMethod | PaymentIntentStatus::Canceled) => {
            let reason = intent.and_then(why).unwrap_or(DeclineReason::CardDeclined);
            (PaymentStanding::Failed { reason }, true)
        }
        _ => (PaymentStanding::Processing, false),
    }
}

/// Why the last try came to nothing.
fn why(intent: &PaymentIntent) -> Option<DeclineReason> {
    let error = intent.last_payment_error.as_ref()?;
    let code = error.code.as_ref().map(|code| code.as_str());
    Some(decline::reason(code, error.decline_code.as_deref()))
}
