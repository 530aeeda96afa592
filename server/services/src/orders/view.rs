//! What pages show of an order.

use domain::{
    ids::{OrderCode, OrderId, RefundId, TicketId, TicketTypeId},
    money::Money,
    orders::{Asking, ChangeTerms, Happened, OrderState, RefundSchedule},
    payments::DeclineReason,
    pricing::Rate,
    tickets::TicketState,
    when::Timestamp,
};
use locales::Locale;
use serde::{Deserialize, Serialize};

use super::{Invoice, Links, RequestView};
use crate::checkout::{EventSummary, HeldCode};
use crate::invoices::InvoiceRow;

/// An order as its buyer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    pub id: OrderId,
    pub code: OrderCode,
    pub state: OrderState,
    pub event: EventSummary,
    pub buyer_name: String,
    pub buyer_email: String,
    pub invoice: Invoice,
    /// Where the recipient is, in two letters; empty when nothing was said.
    pub invoice_country: String,
    /// Invoices and credit notes, in the order in which they were issued.
    pub documents: Vec<InvoiceRow>,
    pub locale: Locale,
    pub lines: Vec<OrderLineView>,
    /// In the order of the lines; empty until paid.
    pub tickets: Vec<TicketView>,
    pub total: Money,
    /// The promo code it has; the lines show what it would cost without, and the total what it costs.
    pub promo: Option<HeldCode>,
    /// What tickets that were given in pay of it.
    pub credit: Money,
    /// Until when and how the buyer may change tickets; nothing: not at all.
    pub change_terms: Option<ChangeTerms>,
    /// Until then.
    pub change_until: Option<Timestamp>,
    /// The orders that this one came from and that came from it.
    pub exchanges: Vec<Links>,
    /// The tax within the total, by rates.
    pub taxes: Vec<(Rate, Money)>,
    /// There is none because the buyer owes it themselves.
    pub reverse_charge: bool,
    /// Whether the organizer puts it on top of what is typed: a sales tax.
    pub sales_tax: bool,
    pub refunded: Money,
    /// Held by the buyer's bank, or lost to it.
    pub disputed: Money,
    /// Its tickets do not admit until the bank has decided.
    pub blocked: bool,
    /// The policy as agreed to, in instants.
    pub refunds_until: RefundSchedule,
    pub created_at: Timestamp,
    /// While pending: until when the places are kept.
    pub expires_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub cancel_reason: String,
    /// It ended because its card had paid for as many tickets as it may.
    pub over_card_limit: bool,
    /// For the people at the door.
    pub door_note: Option<String>,
    /// The latest attempt to pay.
    pub payment: Option<PaymentView>,
    pub refunds: Vec<RefundView>,
    /// How it was asked for, where the organizer's yes is needed.
    pub request: Option<RequestView>,
    /// The server's clock, to count down by.
    pub now: Timestamp,
}

impl OrderView {
    /// What is to be paid with money.
    pub fn due(&self) -> Money {
        Money::new(
            self.total.minor.saturating_sub(self.credit.minor).max(0),
            self.total.currency,
        )
    }

    /// Whether the card has to be held before the organizer is asked: it is paid in no other way until then.
    pub fn holds_first(&self) -> bool {
        self.request
            .is_some_and(|request| request.asking == Asking::Hold && request.decision.is_none())
    }

    /// Whether a payment is at the provider, so that the page should look again soon.
    pub fn is_processing(&self) -> bool {
        let at_provider = self
            .payment
            .as_ref()
            .is_some_and(|payment| payment.state == "processing");
        // Approved, and what is held on the card is being taken.
        let taken = self.state == OrderState::Pending
            && self
                .payment
                .as_ref()
                .is_some_and(|payment| payment.state == "held");
        taken || at_provider && matches!(self.state, OrderState::Pending | OrderState::Expired)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLineView {
    pub ticket_type: TicketTypeId,
    pub name: String,
    pub quantity: u32,
    /// Before a code takes something off.
    pub unit: Money,
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    pub id: TicketId,
    pub ticket_type: TicketTypeId,
    pub type_name: String,
    pub holder_name: String,
    pub holder_email: String,
    pub state: TicketState,
    /// Nothing was paid for it.
    pub free: bool,
    /// How often it changed hands; above nothing, its holder is not the buyer, who does not see its code.
    pub passed_on: u16,
    /// Who was offered it and did not answer yet.
    pub offered_to: Option<String>,
    /// The text of the QR code; only while the ticket is valid and the buyer's.
    pub code: Option<String>,
    pub admitted_at: Option<Timestamp>,
    pub gate: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentView {
    /// created, processing, held, released, succeeded, failed, refunded
    pub state: String,
    pub decline_reason: Option<DeclineReason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundView {
    pub id: RefundId,
    pub amount: Money,
    /// pending, succeeded, failed
    pub state: String,
    /// It went into another order and never left.
    pub exchanged: bool,
    pub reason: String,
    /// The provider has taken it on; pending, it is not confirmed yet.
    pub sent: bool,
    /// In the provider's words, where it failed.
    pub failure: String,
    /// It failed, and somebody of the platform sends it with the bank.
    pub taken: bool,
    pub created_at: Timestamp,
    pub completed_at: Option<Timestamp>,
}

/// An order as its organizer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderDetail {
    pub order: OrderView,
    /// What could be given back now, whichever payments it is in.
    pub left: Money,
    /// The buyer's permanent link, to be passed on.
    pub link: String,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    pub at: Timestamp,
    pub what: Happened,
    /// A member of the team, where one did it.
    pub actor: Option<String>,
}
