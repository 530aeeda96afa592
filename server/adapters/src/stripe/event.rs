//! What Stripe's messages say. Read leniently and by hand: their form follows the version that the account or the endpoint is
//! set to, not the one that we ask with; and of all that is in them, much of it about people, only this is wanted.
//! <https://docs.stripe.com/api/events/types>

use std::collections::HashMap;

use domain::{connect::AccountNews, payments::DeclineReason, when::Timestamp};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use services::ports::{
    KnownPayment, KnownRefund, PaymentStanding, ProviderEvent, ProviderRefund, ProviderTold,
    WebhookError,
};

use super::{
    amount,
    connect::Account,
    decline, dispute,
    page::PAYMENT,
    refund::{self, ATTEMPT, REFUND},
};

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
    /// When it happened, in seconds.
    #[serde(default)]
    created: i64,
    /// The connected account that it is about.
    account: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

type Metadata = Option<HashMap<String, String>>;

/// A name, or the whole object that it names.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Named {
    Id(String),
    Object { id: String },
}

impl Named {
    pub(super) fn into_id(self) -> String {
        match self {
            Self::Id(id) | Self::Object { id } => id,
        }
    }
}

#[derive(Deserialize)]
struct Session {
    metadata: Metadata,
    payment_intent: Option<Named>,
    payment_status: String,
    amount_total: Option<i64>,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Intent {
    id: String,
    #[serde(default)]
    status: String,
    metadata: Metadata,
    amount: i64,
    #[serde(default)]
    amount_received: Option<i64>,
    currency: String,
    last_payment_error: Option<Failure>,
}

/// Why a try came to nothing.
#[derive(Deserialize)]
pub(super) struct Failure {
    code: Option<String>,
    decline_code: Option<String>,
}

impl Failure {
    pub(super) fn reason(&self) -> DeclineReason {
        decline::reason(self.code.as_deref(), self.decline_code.as_deref())
    }
}

#[derive(Deserialize)]
pub(super) struct Refund {
    id: String,
    amount: i64,
    currency: String,
    status: Option<String>,
    failure_reason: Option<String>,
    payment_intent: Option<Named>,
    /// What was taken back from a connected account for it.
    transfer_reversal: Option<Named>,
    metadata: Metadata,
}

pub(super) fn read(body: &[u8]) -> Result<ProviderEvent, WebhookError> {
    let Event {
        id,
        kind,
        data,
        created,
        account,
    } = serde_json::from_slice(body).map_err(not_understood)?;
    if let Some(account_ref) = account {
        let told = connected(account_ref, &kind, created, data)?;
        return Ok(ProviderEvent { id, kind, told });
    }
    let told = match kind.as_str() {
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.async_payment_failed"
        | "checkout.session.expired" => session(&kind, object(data)?),
        "payment_intent.processing"
        | "payment_intent.succeeded"
        | "payment_intent.amount_capturable_updated"
        | "payment_intent.payment_failed"
        | "payment_intent.canceled" => intent(&kind, object(data)?),
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            returned(object(data)?)
        }
        "charge.dispute.created"
        | "charge.dispute.updated"
        | "charge.dispute.closed"
        | "charge.dispute.funds_withdrawn"
        | "charge.dispute.funds_reinstated" => {
            dispute::known(object(data)?).map(|known| ProviderTold::Dispute { known })
        }
        _ => None,
    };
    Ok(ProviderEvent { id, kind, told })
}

/// What happens on a connected account is its own business, and of no payment of ours: whoever has one could say there what
/// they like. Only how the account itself stands is wanted.
fn connected(
    account_ref: String,
    kind: &str,
    created: i64,
    data: Data,
) -> Result<Option<ProviderTold>, WebhookError> {
    let news = match kind {
        "account.updated" => {
            let account: Account = object(data)?;
            if account.id != account_ref {
                return Ok(None);
            }
            let at = Timestamp::from_second(created)
                .map_err(|_| WebhookError::NotUnderstood("a time that is none".to_owned()))?;
            Some(AccountNews::Told {
                at,
                facts: account.facts(),
            })
        }
        "account.application.deauthorized" => Some(AccountNews::Gone),
        "capability.updated" => None,
        _ => return Ok(None),
    };
    Ok(Some(ProviderTold::Account { account_ref, news }))
}

fn object<T: DeserializeOwned>(data: Data) -> Result<T, WebhookError> {
    serde_json::from_value(data.object).map_err(not_understood)
}

/// The error names a field at most: values of a message are not repeated.
fn not_understood(error: serde_json::Error) -> WebhookError {
    WebhookError::NotUnderstood(format!("{:?} at line {}", error.classify(), error.line()))
}

fn session(kind: &str, session: Session) -> Option<ProviderTold> {
    let failed = |reason| PaymentStanding::Failed { reason };
    let (standing, closed) = match (kind, session.payment_status.as_str()) {
        (_, "paid" | "no_payment_required") => (PaymentStanding::Succeeded, true),
        ("checkout.session.expired", _) => (failed(DeclineReason::Abandoned), true),
        ("checkout.session.async_payment_failed", _) => (failed(DeclineReason::CardDeclined), true),
        _ => (PaymentStanding::Processing, false),
    };
    let total = session.amount_total.zip(session.currency);
    Some(ProviderTold::Payment {
        payment: ours(&session.metadata)?,
        known: KnownPayment {
            standing,
            charge_ref: session.payment_intent.map(Named::into_id),
            closed,
            amount: total.and_then(|(minor, currency)| amount::from_stripe(minor, &currency)),
            card: None,
        },
    })
}

/// A declined try leaves the page open, be it Stripe's or ours: the buyer may use another card on it. What is given up is over.
fn intent(kind: &str, intent: Intent) -> Option<ProviderTold> {
    let why = intent.last_payment_error.as_ref().map(Failure::reason);
    let standing = match kind {
        "payment_intent.succeeded" => PaymentStanding::Succeeded,
        "payment_intent.processing" => PaymentStanding::Processing,
        "payment_intent.amount_capturable_updated" => {
            // It tells of any change of what could be taken; only what is all there is held.
            if intent.status != "requires_capture" {
                return None;
            }
            PaymentStanding::Held
        }
        "payment_intent.canceled" => PaymentStanding::Failed {
            reason: why.unwrap_or(DeclineReason::Abandoned),
        },
        _ => PaymentStanding::Failed {
            reason: why.unwrap_or(DeclineReason::CardDeclined),
        },
    };
    Some(ProviderTold::Payment {
        payment: ours(&intent.metadata)?,
        known: KnownPayment {
            standing,
            charge_ref: Some(intent.id),
            closed: standing == PaymentStanding::Succeeded || kind == "payment_intent.canceled",
            amount: amount::from_stripe(
                amount::of_standing(standing, intent.amount, intent.amount_received),
                &intent.currency,
            ),
            card: None,
        },
    })
}

/// Refunds of the dashboard carry nothing of ours: they are found by the payment.
pub(super) fn returned(refund: Refund) -> Option<ProviderTold> {
    let named = |name: &str| refund.metadata.as_ref()?.get(name);
    let ours = named(REFUND).and_then(|id| id.parse().ok());
    let attempt = named(ATTEMPT).and_then(|attempt| attempt.parse().ok());
    Some(ProviderTold::Refund {
        names: ProviderRefund {
            ours: ours.zip(attempt),
            charge_ref: refund.payment_intent?.into_id(),
        },
        amount: amount::from_stripe(refund.amount, &refund.currency)?,
        known: KnownRefund {
            reference: refund.id,
            state: refund::state(refund.status.as_deref()),
            why: refund.failure_reason.unwrap_or_default(),
            recalled: refund.transfer_reversal.is_some(),
        },
    })
}

fn ours<T: std::str::FromStr>(metadata: &Metadata) -> Option<T> {
    metadata.as_ref()?.get(PAYMENT)?.parse().ok()
}
