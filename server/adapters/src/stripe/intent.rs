//! A payment in a page of ours: a PaymentIntent, whose secret lets Stripe's script show its fields and take the money. Read by
//! hand, as messages are. <https://docs.stripe.com/payments/payment-element>

use std::collections::HashMap;

use domain::{money::Money, payments::DeclineReason};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::ports::{InPage, KnownPayment, NewPayment, PaymentFields, PaymentStanding};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    amount,
    event::Failure,
    http::{Fault, Http},
    page::{ORDER, PAYMENT},
};
use crate::config::Payment;

/// The version of Stripe's script that goes with the version of its API that we ask with.
/// <https://docs.stripe.com/sdks/stripejs-versioning>
const SCRIPT: &str = "endive/stripe.js";

pub(super) fn in_page(settings: &Payment) -> InPage {
    InPage {
        script: format!("{}{SCRIPT}", settings.stripe_js_url),
        public_key: settings.stripe_publishable_key.clone(),
    }
}

#[derive(Serialize)]
struct Automatic {
    enabled: bool,
}

#[derive(Serialize)]
struct Destination<'a> {
    destination: &'a str,
}

#[derive(Serialize)]
struct Create<'a> {
    amount: i64,
    currency: String,
    automatic_payment_methods: Automatic,
    description: &'a str,
    metadata: HashMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer_data: Option<Destination<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_fee_amount: Option<i64>,
}

#[derive(Deserialize)]
struct Intent {
    id: String,
    status: String,
    amount: i64,
    #[serde(default)]
    amount_received: Option<i64>,
    currency: String,
    client_secret: Option<String>,
    last_payment_error: Option<Failure>,
    latest_charge: Option<Value>,
}

impl Intent {
    /// What is the same for the same card, where the money's last way was asked for with it and not only named.
    fn card(&self) -> Option<String> {
        let fingerprint = "/payment_method_details/card/fingerprint";
        let charge = self.latest_charge.as_ref()?;
        charge.pointer(fingerprint)?.as_str().map(str::to_owned)
    }
}

#[derive(Serialize)]
struct Expanded {
    expand: [&'static str; 1],
}

/// Shown again it is asked for by its name: under the key, Stripe remembers it for a day only.
pub(super) async fn start(
    http: &Http,
    payment: &NewPayment,
    begun: Option<&str>,
) -> Result<PaymentFields, Fault> {
    let begun = match begun.filter(|name| is_one(name)) {
        Some(name) => retrieve(http, name).await?,
        None => None,
    };
    let intent = match begun {
        Some(intent) => intent,
        None => create(http, payment).await?,
    };
    let client_secret = intent
        .client_secret
        .ok_or_else(|| Fault::refused("a payment without a secret"))?;
    Ok(PaymentFields {
        provider_ref: intent.id,
        client_secret,
    })
}

async fn create(http: &Http, payment: &NewPayment) -> Result<Intent, Fault> {
    let straight = payment.straight.as_ref();
    let account = straight.map(|straight| straight.account_ref.as_str());
    let fee = straight
        .map(|straight| straight.fee)
        .filter(|fee| fee.minor > 0);
    let form = Create {
        amount: amount::to_stripe(payment.amount)?,
        currency: payment.amount.currency.as_str().to_lowercase(),
        automatic_payment_methods: Automatic { enabled: true },
        description: &payment.description,
        metadata: HashMap::from([
            (PAYMENT, payment.payment.to_string()),
            (ORDER, payment.order.to_string()),
        ]),
        capture_method: payment.hold.then_some("manual"),
        on_behalf_of: account,
        transfer_data: account.map(|destination| Destination { destination }),
        application_fee_amount: fee.map(amount::to_stripe).transpose()?,
    };
    let request = RequestBuilder::new(StripeMethod::Post, "/payment_intents").form(&form);
    // Another key than that of a page for the same payment.
    let key = format!("{}-in-page", payment.payment);
    http.ask(request, Some(&key)).await
}

/// `None`: Stripe does not know it.
async fn retrieve(http: &Http, name: &str) -> Result<Option<Intent>, Fault> {
    let path = format!("/payment_intents/{name}");
    let request = RequestBuilder::new(StripeMethod::Get, path).query(&Expanded {
        expand: ["latest_charge"],
    });
    match http.ask(request, None).await {
        Ok(intent) => Ok(Some(intent)),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

pub(super) async fn find(http: &Http, name: &str) -> Result<Option<KnownPayment>, Fault> {
    Ok(retrieve(http, name).await?.map(known))
}

#[derive(Serialize)]
struct Cancel {
    cancellation_reason: &'static str,
}

/// Nobody can pay it any more. What is held stays held.
pub(super) async fn close(http: &Http, name: &str) -> Result<Option<KnownPayment>, Fault> {
    match find(http, name).await? {
        Some(known) if known.standing == PaymentStanding::Held => Ok(Some(known)),
        Some(_) => cancel(http, name).await,
        None => Ok(None),
    }
}

#[derive(Serialize)]
struct Capture {
    amount_to_capture: i64,
}

/// Takes what is held. That can be done once, whoever asks how often, so no key is needed; under one, Stripe would repeat a
/// fault of its own for a day. <https://docs.stripe.com/api/payment_intents/capture>
pub(super) async fn capture(http: &Http, name: &str, amount: Money) -> Result<KnownPayment, Fault> {
    let path = format!("/payment_intents/{name}/capture");
    let request = RequestBuilder::new(StripeMethod::Post, path).form(&Capture {
        amount_to_capture: amount::to_stripe(amount)?,
    });
    http.ask(request, None).await.map(known)
}

/// Lets go of what is held; what was taken before that is said.
pub(super) async fn release(http: &Http, name: &str) -> Result<KnownPayment, Fault> {
    cancel(http, name)
        .await?
        .ok_or_else(|| Fault::refused("Stripe does not know what was held"))
}

async fn cancel(http: &Http, name: &str) -> Result<Option<KnownPayment>, Fault> {
    let path = format!("/payment_intents/{name}/cancel");
    let request = RequestBuilder::new(StripeMethod::Post, path).form(&Cancel {
        cancellation_reason: "abandoned",
    });
    match http.ask(request, None).await {
        Ok(intent) => Ok(Some(known(intent))),
        // It is over already, or the money is on its way.
        Err(Fault::Refused { .. }) => find(http, name).await,
        Err(fault @ Fault::Unknown(_)) => Err(fault),
    }
}

/// Whether a name is one of a payment in a page of ours.
pub(super) fn is_one(name: &str) -> bool {
    name.starts_with("pi_")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// <https://docs.stripe.com/payments/paymentintents/lifecycle>
fn known(intent: Intent) -> KnownPayment {
    let why = intent.last_payment_error.as_ref().map(Failure::reason);
    let (standing, closed) = match intent.status.as_str() {
        "succeeded" => (PaymentStanding::Succeeded, true),
        "processing" => (PaymentStanding::Processing, false),
        "requires_capture" => (PaymentStanding::Held, false),
        "canceled" => {
            let reason = why.unwrap_or(DeclineReason::Abandoned);
            (PaymentStanding::Failed { reason }, true)
        }
        // The buyer may try again, and may be about to.
        _ => match why {
            Some(reason) => (PaymentStanding::Failed { reason }, false),
            None => (PaymentStanding::Open, false),
        },
    };
    let card = intent.card();
    KnownPayment {
        standing,
        amount: amount::from_stripe(
            amount::of_standing(standing, intent.amount, intent.amount_received),
            &intent.currency,
        ),
        charge_ref: Some(intent.id),
        closed,
        card,
    }
}
