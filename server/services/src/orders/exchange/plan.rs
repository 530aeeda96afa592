//! What an exchange would do now, for its preview and for the deed alike.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::{EventId, TicketId, TicketTypeId},
    money::Money,
    orders::{Asking, ExchangeMoney, ExchangeRules, OrderState},
    pricing::{Line, Quote, SoldIn, quote},
};
use serde::{Deserialize, Serialize};

use super::{ExchangeError, ExchangeWish};
use crate::{
    Services, Unexpected,
    checkout::{Bound, Counter, EventSummary, HoldError, summary},
    db::Tx,
    orders::{
        Order, funds,
        queries::{self, LiveTicket},
        rows::Stock,
    },
    ports::NotTaken,
};

/// What would happen to money and tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangePreview {
    /// What the new tickets cost.
    pub total: Money,
    pub money: ExchangeMoney,
    /// How many tickets end.
    pub given: u32,
    /// How many there are instead.
    pub wanted: u32,
}

/// A ticket that admits, and whether it can be given in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenTicket {
    pub id: TicketId,
    pub paid: Money,
    /// Key of the reason why it cannot.
    pub why_not: Option<String>,
}

pub(super) struct Plan {
    pub preview: ExchangePreview,
    pub event: EventSummary,
    pub quote: Quote,
    /// The new order is without tax: the buyer owes it.
    pub reverse_charge: bool,
    /// Of the lines of the quote.
    pub phases: Vec<Option<SoldIn>>,
    pub given: Vec<LiveTicket>,
}

/// Why this order's tickets cannot be exchanged at all.
pub(super) fn refusal(
    sv: &Services,
    order: &Order,
    event: &EventSummary,
    who: Bound,
) -> Option<&'static str> {
    match order.state {
        OrderState::Pending | OrderState::Asked => return Some("order_not_paid"),
        OrderState::Paid if order.stock == Stock::Sold => {}
        OrderState::Paid | OrderState::Cancelled | OrderState::Expired | OrderState::Refunded => {
            return Some("cancel_already_over");
        }
    }
    if !order.disputed.is_zero() || !order.withheld.is_zero() {
        return Some("exchange_disputed");
    }
    if who == Bound::Organizer {
        return None;
    }
    let Some(terms) = order.change_terms else {
        return Some("exchange_not_offered");
    };
    let now = sv.now();
    if now >= event.starts_at {
        return Some("cancel_event_begun");
    }
    (!terms.is_open(now, event.starts_at, order.agreed_starts_at)).then_some("exchange_too_late")
}

/// Of a locked order. The pools of all that moves are locked too.
pub(super) async fn plan(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    wish: &ExchangeWish,
    who: Bound,
) -> Result<Plan, ExchangeError> {
    let own = event_of(tx, order, order.event).await?;
    let given = given(tx, order, wish).await?;
    if let Some(why) = refusal(sv, order, &own, who) {
        return Err(ExchangeError::NotAllowed { why });
    }
    let event = match wish.event.filter(|event| *event != order.event) {
        Some(other) => summary(tx, order.organization, other)
            .await?
            .ok_or(ExchangeError::NotFound)?,
        None => own,
    };
    if who == Bound::Buyer && event.requests.asking != Asking::No {
        return Err(ExchangeError::NotAllowed {
            why: "exchange_asks_organizer",
        });
    }
    let freed = by_type(&given);
    let also: Vec<TicketTypeId> = freed.keys().copied().collect();
    let at = (order.organization, event.id);
    let reverse_charge = tax_is_owed(tx, order, &event).await?;
    let mut counter = Counter::open(sv, tx, at, &also)
        .await?
        .ok_or(ExchangeError::NotFound)?
        .for_buyer(reverse_charge);
    if counter.currency() != order.total.currency {
        return Err(ExchangeError::NotAllowed {
            why: "exchange_other_currency",
        });
    }
    let wanted = wish.wanted();
    let dealt = counter.lines(&wanted)?;
    let lines: Vec<Line> = dealt
        .iter()
        .map(|line| Line {
            ticket_type: line.ticket_type,
            price: line.price,
            quantity: line.quantity,
        })
        .collect();
    let quote = quote(&lines).map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    let prices: Vec<Money> = given.iter().map(|ticket| ticket.unit).collect();
    let money = ExchangeMoney::of(&prices, order.left(), quote.total, rules(order, who))
        .map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    let in_steps = funds::go_in_steps(tx, order).await?;
    if let Some(why) = immovable(sv, &money, in_steps) {
        return Err(ExchangeError::NotAllowed { why });
    }
    // Without anything to pay, the old places are free at the moment in which the new ones are taken.
    if money.to_pay.is_zero() {
        let places: Vec<_> = freed.iter().map(|(id, n)| (*id, *n)).collect();
        counter.free(&places)?;
    }
    counter.check(&wanted, who)?;
    if who == Bound::Buyer && counter.has_queue(tx).await? {
        return Err(HoldError::NotYourTurn.into());
    }
    if who == Bound::Buyer {
        let email = order.buyer_email.parse();
        let email = email.map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
        counter
            .check_customer(tx, &email, (&wanted, &freed))
            .await?;
    }
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let preview = ExchangePreview {
        total: quote.total,
        money,
        given: many(given.len()),
        wanted: wanted.values().sum(),
    };
    Ok(Plan {
        preview,
        event,
        quote,
        reverse_charge,
        phases: dealt.into_iter().map(|line| line.phase).collect(),
        given,
    })
}

/// Why the provider would not move the money of an exchange. What stays in an order or goes over into the new one may have to
/// go back one day: `in_steps`, where a card has paid it.
fn immovable(sv: &Services, money: &ExchangeMoney, in_steps: bool) -> Option<&'static str> {
    let ExchangeMoney {
        credit,
        to_pay,
        back,
        ..
    } = *money;
    let uneven = |amount| matches!(sv.payments.takes(amount), Err(NotTaken::Uneven { .. }));
    if uneven(to_pay) || in_steps && (uneven(credit) || uneven(back)) {
        return Some("exchange_not_in_steps");
    }
    (!to_pay.is_zero() && sv.payments.takes(to_pay).is_err()).then_some("exchange_too_little")
}

/// Whether the buyer owes the tax in tickets of this event: as in the order they have, unless what it is changed for has a
/// place or its seller is taxed otherwise by now.
pub(super) async fn tax_is_owed(
    tx: &mut Tx,
    order: &Order,
    event: &EventSummary,
) -> Result<bool, Unexpected> {
    if !order.reverse_charge {
        return Ok(false);
    }
    let vat_id = sqlx::query_scalar!(
        "select invoice_vat_id from orders where organization_id = $1 and id = $2",
        order.organization.get(),
        order.id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(event.is_tax_owed_by(&vat_id))
}

async fn event_of(tx: &mut Tx, order: &Order, event: EventId) -> Result<EventSummary, Unexpected> {
    summary(tx, order.organization, event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "without an event"))
}

/// What changing costs: nothing where the organizer does it.
fn rules(order: &Order, who: Bound) -> ExchangeRules {
    let nothing = Money::zero(order.total.currency);
    match (order.change_terms, who) {
        (Some(terms), Bound::Buyer) => ExchangeRules {
            fee_each: terms.fee(nothing.currency),
            returns_difference: terms.returns_difference,
        },
        (_, _) => ExchangeRules {
            fee_each: nothing,
            returns_difference: true,
        },
    }
}

/// The tickets that end, if all of them may.
async fn given(
    tx: &mut Tx,
    order: &Order,
    wish: &ExchangeWish,
) -> Result<Vec<LiveTicket>, ExchangeError> {
    let ids: BTreeSet<TicketId> = wish.given();
    let live = queries::live_tickets(tx, order).await?;
    let given: Vec<LiveTicket> = live.into_iter().filter(|t| ids.contains(&t.id)).collect();
    if given.len() != ids.len() {
        return Err(ExchangeError::NotAllowed {
            why: "unknown_ticket",
        });
    }
    match given.iter().find_map(ticket_refusal) {
        Some(why) => Err(ExchangeError::NotAllowed { why }),
        None => Ok(given),
    }
}

/// Why this ticket cannot be given in, whatever the terms say.
pub(super) fn ticket_refusal(ticket: &LiveTicket) -> Option<&'static str> {
    if ticket.passed_on {
        return Some("exchange_passed_on");
    }
    ticket.inside.then_some("exchange_already_inside")
}

/// How many places of which type.
pub(super) fn by_type(tickets: &[LiveTicket]) -> BTreeMap<TicketTypeId, u32> {
    let mut places = BTreeMap::new();
    for ticket in tickets {
        *places.entry(ticket.ticket_type).or_default() += 1;
    }
    places
}
