//! What the organizer's pages show of orders and of those who come.

use domain::{
    money::Money,
    orders::{Asking, Decision, Happened, OrderState},
    payments::DeclineReason,
    tickets::TicketState,
};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::{checkout::CodeLine, invoices::DocumentView};

/// The event a list is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventHeading {
    pub slug: String,
    pub title: String,
    pub starts: DateTime,
    /// Label of the event's time zone.
    pub zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderListView {
    /// Absent when all events are listed.
    pub event: Option<EventHeading>,
    pub rows: Vec<OrderRowView>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRowView {
    pub code: String,
    pub state: OrderState,
    pub event_slug: String,
    pub event_title: String,
    pub buyer_name: String,
    pub buyer_email: String,
    pub tickets: u32,
    pub total: Money,
    pub refunded: Money,
    /// On the clock of the event's place.
    pub created: DateTime,
    pub zone: String,
}

/// Everything an organizer sees of one order. Times are on the clock of the event's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizerOrderView {
    pub code: String,
    pub state: OrderState,
    pub event: EventHeading,
    pub buyer_name: String,
    pub buyer_email: String,
    pub invoice: Option<InvoiceLines>,
    /// Invoices and credit notes.
    pub documents: Vec<DocumentView>,
    pub lines: Vec<LineView>,
    /// What a promo code took off.
    pub promo: Option<CodeLine>,
    pub tickets: Vec<OrderTicketView>,
    pub total: Money,
    pub refunded: Money,
    /// What could be given back now, whichever payments it is in.
    pub left: Money,
    /// The buyer's bank has taken the money back, and the tickets do not admit until it has decided.
    pub blocked: bool,
    pub created: DateTime,
    /// Until when an unpaid order keeps its places.
    pub expires: Option<DateTime>,
    pub cancel_reason: String,
    /// For the people at the door.
    pub door_note: String,
    pub payment: Option<OrderPaymentView>,
    pub refunds: Vec<OrderRefundView>,
    /// How it was asked for, where the organizer's yes is needed.
    pub request: Option<RequestState>,
    /// What is to be paid, or is held.
    pub due: Money,
    /// The buyer's permanent page.
    pub link: String,
    pub timeline: Vec<HappenedView>,
}

/// An order that needs the organizer's yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestState {
    pub asking: Asking,
    pub decision: Option<Decision>,
}

impl OrganizerOrderView {
    /// It waits for a decision.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.state == OrderState::Asked
    }

    #[must_use]
    pub fn can_resend(&self) -> bool {
        self.state == OrderState::Paid
    }

    /// Those that can go to somebody else.
    pub fn reassignable(&self) -> impl Iterator<Item = &OrderTicketView> {
        let open = self.state == OrderState::Paid && !self.blocked;
        let good = move |ticket: &&OrderTicketView| {
            open && ticket.state == TicketState::Valid && ticket.admitted.is_none()
        };
        self.tickets.iter().filter(good)
    }

    #[must_use]
    pub fn can_cancel(&self) -> bool {
        matches!(self.state, OrderState::Pending | OrderState::Paid)
    }

    /// There are tickets that cost nothing, of which some may end while others stay.
    #[must_use]
    pub fn can_end_free(&self) -> bool {
        self.state == OrderState::Paid
            && self.valid_tickets().count() > 1
            && self.valid_tickets().any(|ticket| ticket.free)
    }

    /// Those of which some can be chosen to end; without money that can go back, only what costs nothing.
    pub fn may_end(&self) -> impl Iterator<Item = &OrderTicketView> {
        let money = self.can_refund();
        self.valid_tickets()
            .filter(move |ticket| money || ticket.free)
    }

    pub fn valid_tickets(&self) -> impl Iterator<Item = &OrderTicketView> {
        let tickets = self.tickets.iter();
        tickets.filter(|ticket| ticket.state == TicketState::Valid)
    }

    /// Money that was paid and has not gone back, whatever became of the tickets.
    #[must_use]
    pub fn can_refund(&self) -> bool {
        !self.left.is_zero() && matches!(self.state, OrderState::Paid | OrderState::Cancelled)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLines {
    pub name: String,
    pub address: String,
    pub vat_id: String,
    /// What the register says of that id, where it was asked.
    pub vat_check: Option<crate::vat::VatCheckView>,
    /// No tax was charged because the buyer owes it.
    pub reverse_charge: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    pub name: String,
    pub quantity: u32,
    pub unit: Money,
    pub total: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTicketView {
    pub id: String,
    pub type_name: String,
    pub holder_name: String,
    pub holder_email: String,
    /// The buyer gave it to this holder, or they got it from another one.
    pub passed_on: bool,
    pub offered_to: Option<String>,
    pub state: TicketState,
    /// Nothing was paid for it.
    pub free: bool,
    pub admitted: Option<DateTime>,
    pub gate: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPaymentView {
    /// created, processing, succeeded, failed, refunded
    pub state: String,
    pub decline: Option<DeclineReason>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRefundView {
    pub id: String,
    pub amount: Money,
    /// pending, succeeded, failed
    pub state: String,
    pub reason: String,
    /// The provider has taken it on.
    pub sent: bool,
    /// Why it failed, in the provider's words.
    pub failure: String,
    /// The platform sends it with its bank: trying again would pay the buyer twice.
    pub taken: bool,
    pub created: DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HappenedView {
    pub at: DateTime,
    pub what: Happened,
    /// A member of the team, where one did it.
    pub actor: Option<String>,
}

/// What a refund would do, for the person who is about to confirm it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPreviewView {
    pub amount: Money,
    pub total: Money,
    pub already_refunded: Money,
    pub left_after: Money,
    /// Holder and ticket type of those that stop admitting.
    pub voided: Vec<(String, String)>,
    pub voided_inside: u32,
    pub state_after: OrderState,
    /// Somebody else has to agree first.
    pub second_person: bool,
    /// Goes with the confirmation, so that it happens once.
    pub key: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendeeListView {
    pub event: EventHeading,
    /// Whether the file may be taken away.
    pub may_export: bool,
    /// Whether orders may be opened.
    pub may_see_orders: bool,
    pub rows: Vec<AttendeeRowView>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendeeRowView {
    pub name: String,
    pub email: String,
    pub ticket_type: String,
    pub state: TicketState,
    pub order_code: String,
    pub buyer_name: String,
    pub admitted: Option<DateTime>,
    pub gate: String,
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    fn ticket(free: bool) -> OrderTicketView {
        OrderTicketView {
            id: String::new(),
            type_name: String::new(),
            holder_name: String::new(),
            holder_email: String::new(),
            passed_on: false,
            offered_to: None,
            state: TicketState::Valid,
            free,
            admitted: None,
            gate: None,
        }
    }

    /// A paid order of 10.00, of which so much is left.
    fn order(left: i64, tickets: &[bool]) -> OrganizerOrderView {
        let eur = |minor| Money::new(minor, Currency::EUR);
        OrganizerOrderView {
            code: String::new(),
            state: OrderState::Paid,
            event: EventHeading {
                slug: String::new(),
                title: String::new(),
                starts: DateTime::default(),
                zone: String::new(),
            },
            buyer_name: String::new(),
            buyer_email: String::new(),
            invoice: None,
            documents: Vec::new(),
            lines: Vec::new(),
            promo: None,
            tickets: tickets.iter().copied().map(ticket).collect(),
            total: eur(1000),
            refunded: eur(0),
            left: eur(left),
            blocked: false,
            created: DateTime::default(),
            expires: None,
            cancel_reason: String::new(),
            door_note: String::new(),
            payment: Some(OrderPaymentView {
                state: "succeeded".to_owned(),
                decline: None,
            }),
            refunds: Vec::new(),
            request: None,
            due: eur(0),
            link: String::new(),
            timeline: Vec::new(),
        }
    }

    #[test]
    fn without_money_only_tickets_that_cost_nothing_can_be_ended() {
        for (left, tickets, ends, listed) in [
            (1000, &[true, false][..], true, 2),
            (0, &[true, false][..], true, 1),
            (0, &[false, false][..], false, 0),
            (0, &[true][..], false, 1),
        ] {
            let order = order(left, tickets);
            assert_eq!(
                (order.can_end_free(), order.may_end().count()),
                (ends, listed),
                "{left} {tickets:?}"
            );
        }
    }
}
