//! What a buyer gets for the tickets they give back.

use std::collections::BTreeSet;

use domain::{
    ids::TicketId,
    money::Money,
    orders::{OrderState, PaidFor, RefundSchedule},
    when::Timestamp,
};

use super::{
    Order,
    buyer::{CancelPreview, TicketBack, WhichTickets},
    queries::{self, LiveTicket},
    rows::Stock,
    schedule,
};
use crate::{Services, Unexpected, checkout::summary, db::Tx};

pub(super) struct Plan {
    pub preview: CancelPreview,
    pub why_not: Option<&'static str>,
    pub voided: Vec<LiveTicket>,
}

impl Plan {
    /// No ticket of the order is left, or it never had any.
    pub fn ends_order(&self) -> bool {
        self.preview.stay == 0
    }
}

/// What giving these tickets of a locked order back would do now.
pub(super) async fn plan(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    which: &WhichTickets,
) -> Result<Plan, Unexpected> {
    let now = sv.now();
    let event = summary(tx, order.organization, order.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "without an event"))?;
    let tickets = queries::live_tickets(tx, order).await?;
    let schedule = schedule::agreed(
        &order.policy,
        order.agreed_starts_at,
        event.starts_at,
        &event.time_zone,
    );
    let begun = now >= event.starts_at;
    Ok(made(order, tickets, which, &schedule, (now, begun)))
}

fn made(
    order: &Order,
    tickets: Vec<LiveTicket>,
    which: &WhichTickets,
    schedule: &RefundSchedule,
    (now, begun): (Timestamp, bool),
) -> Plan {
    let nothing = Money::zero(order.total.currency);
    let paid = if order.paid_at.is_some() {
        order.left()
    } else {
        nothing
    };
    let ids = chosen(which, &tickets);
    // Ticket by ticket as agreed, but together never more than what is still there.
    let mut left = paid.minor;
    let mut each: Vec<TicketBack> = tickets
        .iter()
        .map(|ticket| {
            let price = PaidFor {
                price: ticket.unit,
                fee: ticket.fee,
            };
            let ends = ids.contains(&ticket.id);
            let due = if ends {
                schedule.due(now, price).minor
            } else {
                0
            };
            let back = due.min(left);
            left -= back;
            TicketBack {
                id: ticket.id,
                paid: ticket.unit,
                back: Money::new(back, nothing.currency),
                ends,
                why_not: ticket_refusal(ticket).map(str::to_owned),
            }
        })
        .collect();
    let refund = Money::new(paid.minor - left, nothing.currency);
    // Whoever has all money back has no tickets, as after any other refund.
    let everything_back = !paid.is_zero() && refund == paid;
    for ticket in &mut each {
        ticket.ends |= everything_back;
    }
    let voided: Vec<LiveTicket> = tickets
        .iter()
        .zip(&each)
        .filter(|(_, back)| back.ends)
        .map(|(ticket, _)| *ticket)
        .collect();
    let why_not = refusal(order, which, &ids, &tickets, &voided, (refund, begun));
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let preview = CancelPreview {
        allowed: why_not.is_none(),
        why_not: why_not.map(str::to_owned),
        paid,
        refund,
        percent: schedule.percent_at(now),
        keeps_fee: schedule.keeps_fee(),
        last_chance: schedule.last_chance(),
        tickets: many(voided.len()),
        stay: many(tickets.len() - voided.len()),
        each,
    };
    Plan {
        preview,
        why_not,
        voided,
    }
}

fn chosen(which: &WhichTickets, tickets: &[LiveTicket]) -> BTreeSet<TicketId> {
    match which {
        WhichTickets::All => tickets.iter().map(|ticket| ticket.id).collect(),
        WhichTickets::These(ids) => ids.iter().copied().collect(),
    }
}

/// Why this ticket cannot be given back, whatever the policy says.
fn ticket_refusal(ticket: &LiveTicket) -> Option<&'static str> {
    if ticket.passed_on {
        return Some("cancel_passed_on");
    }
    ticket.inside.then_some("cancel_already_inside")
}

fn refusal(
    order: &Order,
    which: &WhichTickets,
    ids: &BTreeSet<TicketId>,
    tickets: &[LiveTicket],
    voided: &[LiveTicket],
    (refund, begun): (Money, bool),
) -> Option<&'static str> {
    match order.state {
        // It has no tickets yet: only the whole order can be given up.
        OrderState::Pending | OrderState::Asked if matches!(which, WhichTickets::All) => {
            return None;
        }
        OrderState::Pending | OrderState::Asked => return Some("order_not_paid"),
        OrderState::Paid if order.stock == Stock::Sold => {}
        OrderState::Paid | OrderState::Cancelled | OrderState::Expired | OrderState::Refunded => {
            return Some("cancel_already_over");
        }
    }
    if ids.is_empty() {
        return Some("cancel_nothing_chosen");
    }
    if ids.iter().any(|id| tickets.iter().all(|t| t.id != *id)) {
        return Some("unknown_ticket");
    }
    if let Some(why) = voided.iter().find_map(ticket_refusal) {
        return Some(why);
    }
    if begun {
        return Some("cancel_event_begun");
    }
    let cost = voided.iter().any(|ticket| !ticket.unit.is_zero());
    (cost && refund.is_zero()).then_some("cancel_outside_policy")
}
