//! The evidence pack: what our own data say about an order, for the buyer's bank. Banks read English, so it is English.

use domain::{disputes::EvidencePart, orders::Happened, when::Timestamp};
use jiff::tz::Offset;
use locales::{Locale, dates, disputes as t, money};

use crate::orders::OrderDetail;

/// The parts in the order in which they are shown; none of them is empty.
pub type Pack = Vec<(EvidencePart, String)>;

/// What providers take of one part.
const MOST_SIGNS: usize = 15_000;
const BANKS_READ: Locale = Locale::En;

/// From where the buyer made the order; empty where that is not known, or forgotten.
pub(super) struct CameFrom {
    pub address: String,
    pub browser: String,
}

pub(super) fn pack(detail: &OrderDetail, from: CameFrom, statement: &str) -> Pack {
    let order = &detail.order;
    let parts = [
        (EvidencePart::BuyerName, order.buyer_name.clone()),
        (EvidencePart::BuyerEmail, order.buyer_email.clone()),
        (EvidencePart::BuyerAddress, from.address),
        (EvidencePart::Product, product(detail)),
        (EvidencePart::ServiceDate, day(order.event.starts_at)),
        (EvidencePart::Activity, activity(detail, &from.browser)),
        (EvidencePart::RefundPolicy, policy(detail)),
        (EvidencePart::Statement, statement.trim().to_owned()),
    ];
    parts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(part, text)| (part, text.chars().take(MOST_SIGNS).collect()))
        .collect()
}

fn product(detail: &OrderDetail) -> String {
    let (l, order) = (BANKS_READ, &detail.order);
    let mut lines = vec![t::evidence_event(
        l,
        day(order.event.starts_at),
        &order.event.title,
    )];
    lines.extend(order.lines.iter().map(|line| {
        let total = money::format(l, line.total);
        t::evidence_line(l, &line.name, line.quantity.to_string(), total)
    }));
    let paid = order.paid_at.map_or_else(String::new, moment);
    let total = money::format(l, order.total);
    lines.push(t::evidence_order(
        l,
        order.code.to_string(),
        moment(order.created_at),
        paid,
        total,
    ));
    lines.join("\n")
}

/// Mails, tickets and scans, as they happened.
fn activity(detail: &OrderDetail, browser: &str) -> String {
    let (l, order) = (BANKS_READ, &detail.order);
    let mut lines: Vec<(Timestamp, String)> = Vec::new();
    for entry in &detail.timeline {
        let at = moment(entry.at);
        let line = match &entry.what {
            Happened::Placed => t::evidence_placed(l, at),
            Happened::Paid => t::evidence_paid(l, at),
            Happened::Mail {
                mail,
                recipient,
                sent: true,
            } if mail == "order_confirmed" => t::evidence_tickets_mailed(l, at, recipient),
            Happened::Mail {
                recipient,
                sent: true,
                ..
            } => t::evidence_mailed(l, at, recipient),
            Happened::CheckedIn { holder, gate } if gate.is_empty() => {
                t::evidence_entered(l, at, holder)
            }
            Happened::CheckedIn { holder, gate } => t::evidence_entered_at(l, at, gate, holder),
            Happened::RefundSent { amount } => {
                t::evidence_refunded(l, money::format(l, *amount), at)
            }
            _ => continue,
        };
        lines.push((entry.at, line));
    }
    if !browser.is_empty() {
        let at = order.created_at;
        lines.push((at, t::evidence_browser(l, moment(at), browser)));
    }
    lines.sort_by_key(|(at, _)| *at);
    let mut text: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    text.extend(
        order
            .tickets
            .iter()
            .map(|ticket| t::evidence_ticket(l, &ticket.holder_name, &ticket.type_name)),
    );
    text.join("\n")
}

fn policy(detail: &OrderDetail) -> String {
    let l = BANKS_READ;
    let terms = &detail.order.refunds_until;
    let mut lines: Vec<String> = terms
        .steps()
        .iter()
        .map(|step| t::evidence_tier(l, moment(step.until), step.percent.to_string()))
        .collect();
    if !lines.is_empty() && terms.keeps_fee() {
        lines.push(t::evidence_keeps_fee(l).to_owned());
    }
    if lines.is_empty() {
        lines.push(t::evidence_no_refunds(l).to_owned());
    }
    lines.push(t::evidence_agreed(l, moment(detail.order.created_at)));
    lines.join("\n")
}

fn moment(at: Timestamp) -> String {
    dates::medium(BANKS_READ, Offset::UTC.to_datetime(at), Some("UTC"))
}

fn day(at: Timestamp) -> String {
    dates::date_full(BANKS_READ, Offset::UTC.to_datetime(at).date())
}
