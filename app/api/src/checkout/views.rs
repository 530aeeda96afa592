//! What the pages show.

use domain::{
    catalog::Phase,
    ids::TicketTypeId,
    money::Money,
    orders::{Asking, Decision, OrderState},
    payments::DeclineReason,
    pricing::Rate,
    tickets::TicketState,
};
use serde::{Deserialize, Serialize};

use crate::{
    invoices::DocumentView,
    values::{ChangeTerm, Moment, RefundTerm},
};

/// The event that tickets are bought for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventBrief {
    pub slug: String,
    pub title: String,
    pub organizer: String,
    pub organizer_email: String,
    pub online: bool,
    pub venue: String,
    pub address: String,
    pub city: String,
    pub starts: Moment,
    pub ends: Moment,
    pub phase: Phase,
    pub state_reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    pub ticket_type: TicketTypeId,
    pub name: String,
    pub quantity: u32,
    pub unit: Money,
    pub total: Money,
}

/// What a promo code takes off the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeLine {
    pub code: String,
    pub saved: Money,
}

/// Tax within the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    pub rate: Rate,
    pub amount: Money,
    /// Otherwise value added tax.
    pub sales_tax: bool,
}

impl TaxLine {
    /// Of all rates.
    #[must_use]
    pub fn all(taxes: &[(Rate, Money)], sales_tax: bool) -> Vec<Self> {
        let line = |(rate, amount): &(Rate, Money)| Self {
            rate: *rate,
            amount: *amount,
            sales_tax,
        };
        taxes.iter().map(line).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    Active,
    Expired,
    Released,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutView {
    pub token: String,
    pub state: CheckoutState,
    pub event: EventBrief,
    pub lines: Vec<LineView>,
    pub promo: Option<CodeLine>,
    pub total: Money,
    pub taxes: Vec<TaxLine>,
    /// The total is without tax, which the buyer owes.
    pub reverse_charge: bool,
    /// Some businesses would owe the tax themselves.
    pub has_reverse_charge: bool,
    /// Hence how many attendees.
    pub tickets: u32,
    /// Seconds since the epoch, both by the server's clock.
    pub deadline: i64,
    pub now: i64,
    pub extended: bool,
    pub changes: Vec<ChangeView>,
    pub refund_terms: Vec<RefundTerm>,
    pub change_term: Option<ChangeTerm>,
    pub form_key: String,
    /// Whether the organizer has to say yes.
    pub asking: Asking,
}

/// What changed since the tickets were chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeView {
    /// Others pay another price by now; this buyer pays what was promised.
    Price {
        name: String,
        promised: Money,
        now: Money,
    },
    /// No longer offered, but still theirs.
    Gone {
        name: String,
    },
    EventNotOnSale,
    SalesStopped,
}

impl ChangeView {
    /// Whether nothing can be ordered any more.
    #[must_use]
    pub const fn stops(&self) -> bool {
        match self {
            Self::Price { .. } | Self::Gone { .. } => false,
            Self::EventNotOnSale | Self::SalesStopped => true,
        }
    }
}

/// Which of an order's pages is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderAt {
    Order,
    Pay,
    Processing,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceView {
    pub name: String,
    pub address: String,
    pub country: String,
    pub vat_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderView {
    pub secret: String,
    pub code: String,
    pub state: OrderState,
    pub event: EventBrief,
    /// Only for those who have a ticket.
    pub online_url: Option<String>,
    pub buyer_name: String,
    pub buyer_email: String,
    pub invoice: InvoiceView,
    /// Invoices and credit notes.
    pub documents: Vec<DocumentView>,
    pub lines: Vec<LineView>,
    pub tickets: Vec<TicketView>,
    /// The buyer's bank has taken the money back, and the tickets do not admit until it has decided.
    pub blocked: bool,
    pub promo: Option<CodeLine>,
    pub total: Money,
    /// What tickets that were given in pay of it.
    pub credit: Money,
    /// The rest.
    pub due: Money,
    /// The orders that this one came from, and that came from it.
    pub exchanges: Vec<ExchangeLink>,
    /// Whether its buyer may change tickets by themselves, until then.
    pub change_until: Option<Moment>,
    pub taxes: Vec<TaxLine>,
    /// The total is without tax, which the buyer owes.
    pub reverse_charge: bool,
    pub refunded: Money,
    pub refund_terms: Vec<RefundTerm>,
    pub created: Moment,
    /// While payment is awaited: until when the places are kept, in seconds by the server's clock.
    pub deadline: Option<i64>,
    pub now: i64,
    pub cancel_reason: String,
    /// It ended because its card had paid for as many as one may.
    pub over_card_limit: bool,
    pub processing: bool,
    /// Why the last attempt to pay failed.
    pub declined: Option<DeclineReason>,
    pub refunds: Vec<RefundView>,
    pub cancel: CancelView,
    pub keeping: Keeping,
    /// It can be paid in its own page, where scripts run.
    pub in_page: Option<InPageView>,
    /// Key of the reason why no card pays it.
    pub card_refused: Option<String>,
    /// It could be paid by transfer; the money would have to be there by then.
    pub transfer_until: Option<Moment>,
    /// A transfer is waited for.
    pub transfer: Option<TransferView>,
    /// How it was asked for, where the organizer's yes is needed.
    pub request: Option<RequestView>,
}

/// An order that needs the organizer's yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    pub asking: Asking,
    pub decision: Option<Decision>,
    /// While it waits: until when the organizer decides. After the yes: until when it is paid.
    pub until: Option<Moment>,
}

impl OrderView {
    /// The card is to be held before the organizer is asked.
    #[must_use]
    pub fn holds_first(&self) -> bool {
        self.state == OrderState::Pending
            && self
                .request
                .as_ref()
                .is_some_and(|request| request.decision.is_none())
    }
}

/// How the payment provider's fields come into our page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InPageView {
    /// The provider's script.
    pub script: String,
    /// Names our account to it; no secret.
    pub public_key: String,
}

/// What the page is to do that asks for the provider's fields.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "todo", rename_all = "snake_case")]
pub enum FieldsView {
    Show {
        /// Whoever has it can pay.
        client_secret: String,
        email: String,
    },
    /// There is nothing to pay any more.
    Leave { to: String },
}

/// Where a buyer transfers the money for an order to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferView {
    pub holder: String,
    /// In groups of four.
    pub iban: String,
    /// May be empty.
    pub bic: String,
    /// May be empty.
    pub bank: String,
    pub amount: Money,
    /// In groups of four.
    pub reference: String,
    pub until: Moment,
    /// An SVG drawing that banking apps read.
    pub qr: Option<String>,
}

/// How an order stands to the account of whoever looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// Nobody is signed in.
    SignedOut,
    /// It could be kept.
    Free,
    /// It is in the account.
    Kept,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    pub id: String,
    pub type_name: String,
    pub holder: String,
    pub state: TicketState,
    /// Somebody else has it now.
    pub passed_on: bool,
    /// Who was offered it and did not answer yet.
    pub offered_to: Option<String>,
    /// It may be given to somebody else.
    pub may_pass_on: bool,
    /// An SVG drawing; only while the ticket is valid and theirs.
    pub qr: Option<String>,
    pub admitted: Option<Moment>,
    /// Addresses of passes for the wallets of phones; where there is a code, and the operator has set them up.
    pub apple_pass: Option<String>,
    pub google_pass: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundView {
    pub amount: Money,
    /// pending, succeeded, failed
    pub state: String,
    /// It went into another order.
    pub exchanged: bool,
    pub at: Moment,
}

/// What cancelling would mean now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelView {
    pub allowed: bool,
    pub why_not: Option<String>,
    pub paid: Money,
    pub refund: Money,
    pub tickets: u32,
}

/// An order on the other side of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeLink {
    /// Of its page; nothing where that is not to be shown.
    pub secret: String,
    pub code: String,
    pub event: String,
    /// It was made for tickets of the order that is shown.
    pub is_newer: bool,
    /// Only added to the order, without any given in.
    pub added: bool,
    /// It waits to be paid.
    pub waits: bool,
    pub failed: bool,
}

/// What tickets can be changed into, and what the choice would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTicketsView {
    pub secret: String,
    pub code: String,
    pub event: EventBrief,
    /// Key of the reason why nothing can be changed.
    pub why_not: Option<String>,
    pub until: Option<Moment>,
    /// For each ticket.
    pub fee: Money,
    pub returns_difference: bool,
    pub tickets: Vec<ChangeTicketView>,
    /// The order's own first.
    pub dates: Vec<ChangeDateView>,
    /// The one whose tickets are shown.
    pub date: String,
    pub offers: Vec<ChangeOfferView>,
    pub preview: Option<ChangePreviewView>,
    /// Key of the reason why the choice cannot be had.
    pub fault: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTicketView {
    pub id: String,
    pub holder: String,
    pub type_name: String,
    pub paid: Money,
    pub why_not: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDateView {
    pub id: String,
    pub title: String,
    pub starts: Moment,
    pub city: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOfferView {
    pub id: TicketTypeId,
    pub name: String,
    pub unit: Money,
    /// It can be had.
    pub on_sale: bool,
    pub max: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePreviewView {
    pub given: u32,
    pub wanted: u32,
    pub total: Money,
    pub value: Money,
    pub fee: Money,
    pub credit: Money,
    pub to_pay: Money,
    pub back: Money,
    pub kept: Money,
    /// The choice as it was made, to be sent along.
    pub chosen: String,
    /// What is accepted with it.
    pub accepted: String,
}

/// Which tickets can be given back, and what the chosen ones would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveBackView {
    pub secret: String,
    pub code: String,
    pub state: OrderState,
    pub event: EventBrief,
    pub refund_terms: Vec<RefundTerm>,
    /// The share that goes back now.
    pub percent: u8,
    /// Key of the reason why none can be given back.
    pub why_not: Option<String>,
    /// With what each would bring.
    pub tickets: Vec<TicketBackView>,
    pub chosen: Option<GivenBack>,
}

/// One ticket and its money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketBackView {
    pub id: String,
    pub holder: String,
    pub type_name: String,
    pub paid: Money,
    pub back: Money,
    /// It stops being valid.
    pub ends: bool,
    pub why_not: Option<String>,
}

/// What the choice would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenBack {
    /// As they were chosen, with commas between.
    pub ids: String,
    pub tickets: Vec<TicketBackView>,
    pub why_not: Option<String>,
    pub refund: Money,
    /// How many tickets stay valid.
    pub stay: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxView {
    pub reference: String,
    pub amount: Money,
    pub event: String,
    pub organizer: String,
    pub code: String,
    pub open: bool,
    /// Back to the order.
    pub back: String,
}

#[cfg(feature = "ssr")]
mod make {
    use domain::catalog::Attendance;
    use services::{Services, checkout::EventSummary};

    use super::EventBrief;
    use crate::values::Moment;

    impl EventBrief {
        pub(crate) fn new(sv: &Services, event: &EventSummary) -> Self {
            let zone = event.time_zone.as_str();
            Self {
                slug: event.slug.clone(),
                title: event.title.clone(),
                organizer: event.organizer_name.clone(),
                organizer_email: event.organizer_email.clone(),
                online: event.attendance == Attendance::Online,
                venue: event.venue_name.clone(),
                address: event.venue_address.clone(),
                city: event.venue_city.clone(),
                starts: Moment::new(event.starts_at, zone),
                ends: Moment::new(event.ends_at, zone),
                phase: event.phase(sv.now()),
                state_reason: event.state_reason.clone(),
            }
        }
    }
}
