//! Who takes the money: a payment provider, as far as Bilten needs to know it.

use async_trait::async_trait;
use domain::{
    connect::AccountNews,
    disputes::{DisputeReason, EvidencePart, Told},
    ids::{OrderId, PaymentId, RefundId},
    money::Money,
    payments::{DeclineReason, RefundState},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{BookPage, ConnectGateway, PortError};

/// Where to send the buyer to pay.
#[derive(Debug, Clone)]
pub struct PaymentPage {
    pub provider_ref: String,
    pub url: String,
}

/// How the provider's own fields come into a page of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InPage {
    /// The provider's script.
    pub script: String,
    /// Names our account to it; no secret.
    pub public_key: String,
}

/// A payment that is made in a page of ours, in fields of the provider's.
#[derive(Clone)]
pub struct PaymentFields {
    pub provider_ref: String,
    /// Whoever has it can pay, and see what is to be paid. For the buyer only; it is never written down.
    pub client_secret: String,
}

impl std::fmt::Debug for PaymentFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentFields")
            .field("provider_ref", &self.provider_ref)
            .finish_non_exhaustive()
    }
}

/// What the provider needs to know of a payment. Asked again for the same payment, it is the same to the letter.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub payment: PaymentId,
    pub order: OrderId,
    pub amount: Money,
    pub description: String,
    pub buyer_email: String,
    /// Where the buyer comes back to, however it went.
    pub return_url: String,
    /// Until when the places are held.
    pub pay_until: Timestamp,
    /// Where the money goes at once; nothing: the platform collects it.
    pub straight: Option<Straight>,
    /// The bank is only to keep the money ready.
    pub hold: bool,
}

/// Money that goes straight to an organizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Straight {
    /// The provider's name of their account.
    pub account_ref: String,
    /// What of it stays with the platform.
    pub fee: Money,
}

/// A payment by all names it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderPayment {
    pub payment: PaymentId,
    /// The provider's name of the page on which it is paid; of the money itself, where it is paid in a page of ours.
    pub provider_ref: String,
    /// The provider's name of the money itself, once it is known.
    pub charge_ref: Option<String>,
}

/// Where a payment stands at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStanding {
    /// Nothing was paid so far.
    Open,
    /// Money is on its way and may take days.
    Processing,
    /// The bank keeps the money ready; it can be taken, or let go of.
    Held,
    Succeeded,
    Failed {
        reason: DeclineReason,
    },
}

/// What a provider knows of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPayment {
    pub standing: PaymentStanding,
    pub charge_ref: Option<String>,
    /// Nothing more will come of it by itself: the page is closed, and no money is on its way.
    pub closed: bool,
    /// What was taken, or is to be.
    pub amount: Option<Money>,
    /// What is the same for the same card, where the provider was asked. It is not kept, and messages do not carry it.
    #[serde(skip)]
    pub card: Option<String>,
}

/// Money that goes back.
#[derive(Debug, Clone)]
pub struct NewRefund {
    pub refund: RefundId,
    /// Counts from 1. A try of which it is known that nothing came is followed by another; with the same number it is the
    /// same try.
    pub attempt: u32,
    pub of: ProviderPayment,
    pub amount: Money,
    /// The provider's name of this try, once it is known.
    pub reference: Option<String>,
    /// The money went straight on: the organizer's part is taken back from them.
    pub recall: bool,
}

/// What a provider knows of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRefund {
    pub reference: String,
    pub state: RefundState,
    /// In the provider's words, where it failed.
    pub why: String,
    /// The organizer's part was taken back from where it had gone.
    #[serde(default)]
    pub recalled: bool,
}

/// Which refund news are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRefund {
    /// Ours, and the try; none, where somebody sent it with the provider's own tools.
    pub ours: Option<(RefundId, u32)>,
    /// The payment's, by the provider's name of the money.
    pub charge_ref: String,
}

/// What a provider knows of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDispute {
    pub reference: String,
    /// The payment's, by the provider's name of the money.
    pub charge_ref: String,
    pub reason: DisputeReason,
    pub amount: Money,
    pub told: Told,
}

/// What an organizer has to say about a dispute, by its parts.
pub type DisputeEvidence = [(EvidencePart, String)];

/// One message of a provider, proven to be its own. Holds nothing about people: it is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent {
    /// Repeats carry the same one.
    pub id: String,
    /// In the provider's words.
    pub kind: String,
    /// What it says; nothing, where that does not concern us.
    pub told: Option<ProviderTold>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum ProviderTold {
    Payment {
        /// Ours, as the provider was told.
        payment: PaymentId,
        known: KnownPayment,
    },
    Refund {
        names: ProviderRefund,
        amount: Money,
        known: KnownRefund,
    },
    Dispute {
        known: KnownDispute,
    },
    /// A connected account.
    Account {
        /// The provider's name of it.
        account_ref: String,
        /// How it is; nothing: something changed, and it has to be asked about.
        news: Option<AccountNews>,
    },
}

/// Why a message is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// This provider sends none.
    #[error("no messages are expected")]
    NotExpected,
    /// It does not prove to come from the provider, or comes too late.
    #[error("not proven: {0}")]
    NotProven(&'static str),
    #[error("not understood: {0}")]
    NotUnderstood(String),
}

/// Why nobody can pay an amount with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error("less than {} {}", .least.currency, .least.to_decimal_string())]
    TooSmall { least: Money },
    #[error("not in steps of {} {}", .step.currency, .step.to_decimal_string())]
    Uneven { step: Money },
}

#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// Stable name, stored with each payment.
    fn provider(&self) -> &'static str;

    /// Whether somebody can pay this amount at all; nothing is never asked for.
    fn takes(&self, _amount: Money) -> Result<(), NotTaken> {
        Ok(())
    }

    /// What it can do with connected accounts, if it has such.
    fn connect(&self) -> Option<&dyn ConnectGateway> {
        None
    }

    /// Whether it can be asked what has become of a payment.
    fn can_be_asked(&self) -> bool {
        false
    }

    /// Idempotent by `payment`.
    async fn start(&self, payment: &NewPayment) -> Result<PaymentPage, PortError>;

    /// Whether the buyer can pay in a page of ours, and what that page needs.
    fn in_page(&self) -> Option<InPage> {
        None
    }

    /// Begins a payment in a page of ours. With the name under which it was begun earlier it is looked up, else it is begun:
    /// idempotent by `payment`.
    async fn start_in_page(
        &self,
        _payment: &NewPayment,
        _begun: Option<&str>,
    ) -> Result<PaymentFields, PortError> {
        Err(PortError::Refused("not supported".to_owned()))
    }

    /// What has become of a payment; `None` where the provider cannot say.
    async fn find(&self, _payment: &ProviderPayment) -> Result<Option<KnownPayment>, PortError> {
        Ok(None)
    }

    /// Whether it lets banks keep money ready that is taken later, or not at all.
    fn can_hold(&self) -> bool {
        false
    }

    /// Takes what is held. Refused means that no money was taken now; it may have been before.
    async fn capture(
        &self,
        _payment: &ProviderPayment,
        _amount: Money,
    ) -> Result<KnownPayment, PortError> {
        Err(PortError::Refused("not supported".to_owned()))
    }

    /// Lets go of what is held; says where the payment stands now, which may be taken. Again is fine.
    async fn release(&self, _payment: &ProviderPayment) -> Result<KnownPayment, PortError> {
        Err(PortError::Refused("not supported".to_owned()))
    }

    /// Closes the page, or what was begun in ours, so that nobody pays any more what nobody waits for; says where the payment stands now, which may be
    /// paid. What is held stays held. Again is fine. `None` where there is nothing to close.
    async fn close(&self, _payment: &ProviderPayment) -> Result<Option<KnownPayment>, PortError> {
        Ok(None)
    }

    /// Idempotent by refund and attempt. Refused means that no money left.
    async fn refund(&self, refund: &NewRefund) -> Result<KnownRefund, PortError>;

    /// What has become of a refund; `None` where the provider has never heard of this try.
    async fn find_refund(&self, _refund: &NewRefund) -> Result<Option<KnownRefund>, PortError> {
        Ok(None)
    }

    /// Whether it keeps a book that can be read.
    fn keeps_book(&self) -> bool {
        false
    }

    /// The lines since `from` that come after the one named `after`, the newest first.
    async fn book_page(
        &self,
        _from: Option<Timestamp>,
        _after: Option<&str>,
    ) -> Result<BookPage, PortError> {
        Ok(BookPage::default())
    }

    /// What lies with the provider now, whether it can be had already or not: one amount for each currency.
    async fn book_balance(&self) -> Result<Vec<Money>, PortError> {
        Ok(Vec::new())
    }

    /// Whether disputes come from it and can be answered through it.
    fn takes_disputes(&self) -> bool {
        false
    }

    /// Where a dispute stands; `None` where the provider cannot say.
    async fn find_dispute(&self, _reference: &str) -> Result<Option<KnownDispute>, PortError> {
        Ok(None)
    }

    /// Disputes and refunds that were made since then, whether or not it has told of them; nothing where it cannot say.
    async fn made_since(&self, _since: Timestamp) -> Result<Vec<ProviderTold>, PortError> {
        Ok(Vec::new())
    }

    /// Hands evidence in, for good.
    async fn answer_dispute(
        &self,
        _reference: &str,
        _evidence: &DisputeEvidence,
    ) -> Result<KnownDispute, PortError> {
        Err(PortError::Refused("not supported".to_owned()))
    }

    /// Accepts that a dispute is lost.
    async fn accept_dispute(&self, _reference: &str) -> Result<KnownDispute, PortError> {
        Err(PortError::Refused("not supported".to_owned()))
    }

    /// Reads a message with its proof, as it came in at `now`.
    fn read_webhook(
        &self,
        _proof: &str,
        _body: &[u8],
        _now: Timestamp,
    ) -> Result<ProviderEvent, WebhookError> {
        Err(WebhookError::NotExpected)
    }
}
