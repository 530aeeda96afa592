//! What the buyer sees while their tickets are held.

use domain::{
    catalog::Phase,
    ids::TicketTypeId,
    money::Money,
    pricing::{Line, PricingError, Quote, Rate, TaxMode, quote},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{EventSummary, event::summary, queries};
use crate::{Services, Unexpected, db::Scope, orders, prices::EventPrices};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldView {
    pub state: HoldState,
    pub event: EventSummary,
    pub lines: Vec<HoldLineView>,
    pub total: Money,
    /// The code that the hold has; the lines show what it would cost without, and the total what it costs.
    pub code: Option<HeldCode>,
    /// The tax within the total, by rates.
    pub taxes: Vec<(Rate, Money)>,
    /// The lines and the total are without tax: the buyer has said that they owe it themselves.
    pub reverse_charge: bool,
    /// Whether it came on top of what the organizer typed: a sales tax.
    pub sales_tax: bool,
    /// How many tickets, hence how many attendees.
    pub tickets: u32,
    pub expires_at: Timestamp,
    /// The server's clock, to count down by.
    pub now: Timestamp,
    pub extended: bool,
    /// What changed since the tickets were chosen. Promised prices stay.
    pub changes: Vec<HoldChange>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    Active,
    /// An order was made of it; its page is behind this secret.
    Ordered {
        order_secret: String,
    },
    Released,
    Expired,
}

/// A promo code that takes something off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCode {
    /// As its organizer writes it.
    pub code: String,
    /// What it takes off the sum of the lines.
    pub saved: Money,
}

/// All tickets of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldLineView {
    pub ticket_type: TicketTypeId,
    pub name: String,
    pub quantity: u32,
    /// Before a code takes something off.
    pub unit: Money,
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldChange {
    /// Others pay another price by now; this buyer pays what was promised.
    PriceChanged {
        ticket_type: String,
        promised: Money,
        now: Money,
    },
    /// No longer offered; the held ones are still theirs.
    TicketTypeGone { ticket_type: String },
    /// Called off, postponed or over: nothing can be ordered.
    EventNotOnSale { why: Phase },
    /// The organizer's sales were stopped: nothing can be ordered.
    SalesStopped,
}

/// `None` when the token names no hold.
pub async fn show(sv: &Services, token: &str) -> Result<Option<HoldView>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find(&mut tx, token).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    let hold = queries::look(&mut tx, organization, id).await?;
    let (Some(hold), rows) = (hold, queries::lines(&mut tx, organization, id).await?) else {
        return Ok(None);
    };
    let Some(event) = summary(&mut tx, organization, hold.event).await? else {
        return Ok(None);
    };
    let state = match hold.state.as_str() {
        // The clock decides, not the job that cleans up behind it.
        "active" if hold.expires_at > now => HoldState::Active,
        "active" | "expired" => HoldState::Expired,
        "ordered" => match orders::of_hold(&mut tx, organization, id).await? {
            Some(order) => HoldState::Ordered {
                order_secret: orders::secret(sv, order),
            },
            None => return Err(Unexpected::bad_row("holds", id, "ordered without an order")),
        },
        _ => HoldState::Released,
    };
    let prices = EventPrices::load(&mut tx, organization, event.id, event.currency, now).await?;
    let code = if rows.iter().any(|row| row.full.is_some()) {
        queries::code_of(&mut tx, organization, id).await?
    } else {
        None
    };
    tx.commit().await?;

    let zero = Money::zero(event.currency);
    let lines: Vec<Line> = rows
        .iter()
        .map(|row| row.promised_line(id, event.currency, hold.reverse_charge))
        .collect::<Result<_, _>>()?;
    let quote = match quote(&lines) {
        Ok(quote) => quote,
        Err(PricingError::Empty) => Quote {
            lines: Vec::new(),
            total: zero,
            tax: zero,
            fee: zero,
        },
        Err(e) => return Err(Unexpected::bad_row("hold_lines", id, e)),
    };
    let mut view = HoldView {
        state,
        lines: Vec::with_capacity(rows.len()),
        total: quote.total,
        code: code.map(|(code, minor)| HeldCode {
            code,
            saved: Money::new(minor, event.currency),
        }),
        taxes: quote.tax_by_rate(),
        reverse_charge: hold.reverse_charge,
        sales_tax: prices.terms.mode == TaxMode::Added,
        tickets: 0,
        expires_at: hold.expires_at,
        now,
        extended: hold.extended,
        changes: Vec::new(),
        event,
    };
    match view.event.phase(now) {
        Phase::Upcoming | Phase::Running => {}
        why @ (Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled) => {
            view.changes.push(HoldChange::EventNotOnSale { why });
        }
    }
    if view.event.organizer_suspended {
        view.changes.push(HoldChange::SalesStopped);
    }
    let mut phase_before = None;
    for row in rows {
        let phase = row.phase.as_ref().map(|phase| phase.id);
        let full = row.full_unit(id, view.event.currency, hold.reverse_charge)?;
        let total = full
            .checked_mul(row.quantity)
            .map_err(|e| Unexpected::bad_row("hold_lines", id, e))?;
        view.tickets += row.quantity;
        // What a code takes off is a line of its own; tickets of a type that it makes cost differently are one line.
        if let Some(line) = view.lines.last_mut()
            && line.ticket_type == row.ticket_type
            && phase_before == phase
        {
            line.quantity += row.quantity;
            line.total.minor = line.total.minor.saturating_add(total.minor);
            continue;
        }
        phase_before = phase;
        let mut now = prices.of(row.ticket_type, row.typed_now_minor, row.tax_rate_now)?;
        if hold.reverse_charge {
            now = now
                .owed_by_buyer()
                .map_err(|e| Unexpected::bad_row("ticket_types", row.ticket_type, e))?;
        }
        if row.archived {
            view.changes.push(HoldChange::TicketTypeGone {
                ticket_type: row.name.clone(),
            });
        } else if now.unit != full {
            view.changes.push(HoldChange::PriceChanged {
                ticket_type: row.named(),
                promised: full,
                now: now.unit,
            });
        }
        view.lines.push(HoldLineView {
            ticket_type: row.ticket_type,
            name: row.named(),
            quantity: row.quantity,
            unit: full,
            total,
        });
    }
    // A code takes less off a price without tax.
    let full: i64 = view.lines.iter().map(|line| line.total.minor).sum();
    if let Some(code) = view.code.as_mut().filter(|_| hold.reverse_charge) {
        code.saved.minor = full.saturating_sub(view.total.minor);
    }
    Ok(Some(view))
}
