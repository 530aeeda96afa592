//! Turns a hold into an order: who pays, who comes, and at which price.

use domain::{
    catalog::Phase,
    ids::{HoldId, OrderCode, OrderId, OrderLineId, OrganizationId},
    money::Money,
    orders::{DetailsInput, OrderDetails, OrderState},
    pricing::{self, Line},
    text::{FieldErrors, block, line},
    when::shift,
};
use jiff::SignedDuration;
use locales::Locale;
use serde::{Deserialize, Serialize};

use super::{EventSummary, event::summary, queries};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    idempotency::{self, Turn},
    live,
    orders::{self, Invoice, NewLine, NewOrder},
    outbox::{self, Announcement},
    stock::Move,
};

/// Whoever has given their details has at least this long to pay.
const TIME_TO_PAY: SignedDuration = SignedDuration::from_mins(15);

#[derive(Debug, Clone, Serialize)]
pub struct PlaceOrder {
    pub token: String,
    /// Attendees in the order of the lines, ticket by ticket.
    pub details: DetailsInput,
    pub invoice: Option<InvoiceInput>,
    /// The total the buyer saw. Another one is never charged.
    pub accepted_total: Money,
    pub locale: Locale,
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// For companies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceInput {
    pub name: String,
    pub address: String,
    pub vat_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub order: OrderId,
    /// Of the order's permanent page.
    pub secret: String,
    pub code: OrderCode,
    /// Otherwise the order is paid and its tickets are there.
    pub needs_payment: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("no such hold")]
    NotFound,
    /// The way on: choose again.
    #[error("the hold is over")]
    Expired { event_slug: String },
    /// The way on: the order that was made of it.
    #[error("the hold is an order already")]
    AlreadyOrdered { order_secret: String },
    /// The way on: look at the new total and accept it.
    #[error("another total was accepted")]
    TotalChanged { accepted: Money, now: Money },
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("the event does not sell")]
    EventNotOnSale { why: Phase },
    #[error("the organizer is suspended")]
    Suspended,
    #[error("the key was used for another request")]
    KeyConflict,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl PlaceError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Expired { .. } => "hold_expired",
            Self::AlreadyOrdered { .. } => "already_ordered",
            Self::TotalChanged { .. } => "total_changed",
            Self::Fields(_) => "invalid",
            Self::EventNotOnSale { .. } => "event_not_on_sale",
            Self::Suspended => "sales_stopped",
            Self::KeyConflict => "key_conflict",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// What a repeat of the request needs to answer the same.
#[derive(Serialize, Deserialize)]
struct Answer {
    order: OrderId,
    code: OrderCode,
    needs_payment: bool,
}

/// Places the order. A free one is paid at once; any other awaits payment with its places held.
#[tracing::instrument(skip_all)]
pub async fn place(sv: &Services, cmd: PlaceOrder) -> Result<Placed, PlaceError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let (hold_id, organization) = queries::find(&mut tx, &cmd.token)
        .await?
        .ok_or(PlaceError::NotFound)?;
    tx.narrow(organization).await?;
    let scope = format!("place|{hold_id}");
    let key = match idempotency::begin::<Answer>(
        sv,
        &mut tx,
        scope,
        cmd.idempotency_key.as_deref(),
        &cmd,
    )
    .await?
    {
        Turn::First(key) => key,
        Turn::Again(answer) => return Ok(answer.placed(sv)),
        Turn::Conflict => return Err(PlaceError::KeyConflict),
    };
    let hold = queries::lock(&mut tx, organization, hold_id)
        .await?
        .ok_or(PlaceError::NotFound)?;
    let event = summary(&mut tx, organization, hold.event)
        .await?
        .ok_or(PlaceError::NotFound)?;
    check_hold(sv, &mut tx, &hold, &event).await?;
    let rows = queries::lines(&mut tx, organization, hold_id).await?;
    let lines: Vec<Line> = rows
        .iter()
        .map(|row| Line {
            ticket_type: row.ticket_type,
            unit: Money::new(row.unit_price_minor, event.currency),
            quantity: row.quantity,
        })
        .collect();
    let quote = pricing::quote(&lines).map_err(|e| Unexpected::bad_row("holds", hold_id, e))?;
    let tickets =
        usize::try_from(rows.iter().map(|row| row.quantity).sum::<u32>()).unwrap_or(usize::MAX);
    let (details, invoice) = parse(&cmd, tickets)?;
    if quote.total != cmd.accepted_total {
        return Err(PlaceError::TotalChanged {
            accepted: cmd.accepted_total,
            now: quote.total,
        });
    }

    let id = OrderId::new(sv.new_id());
    let needs_payment = !quote.total.is_zero();
    let expires_at = hold.expires_at.max(shift(now, TIME_TO_PAY));
    let new = NewOrder {
        id,
        organization,
        event: event.id,
        hold: hold_id,
        locale: cmd.locale,
        details: &details,
        invoice,
        total: quote.total,
        refund_policy: &event.refund_policy,
        created_at: now,
        expires_at,
        lines: quote
            .lines
            .iter()
            .map(|line| NewLine {
                id: OrderLineId::new(sv.new_id()),
                ticket_type: line.ticket_type,
                quantity: line.quantity,
                unit: line.unit,
            })
            .collect(),
    };
    let code = orders::insert(sv, &mut tx, &new).await?;
    queries::set_state(&mut tx, organization, hold_id, "ordered").await?;
    outbox::append(
        sv,
        &mut tx,
        organization,
        &Announcement::OrderPlaced { order: id.get() },
    )
    .await?;
    if !needs_payment {
        let mut order = orders::lock(&mut tx, organization, id)
            .await?
            .ok_or_else(|| Unexpected::bad_row("orders", id, "not there after insert"))?;
        order.state =
            OrderState::pay(order.state).map_err(|e| Unexpected::bad_row("orders", id, e))?;
        orders::fulfil(sv, &mut tx, &mut order, Move::Sell)
            .await
            .map_err(Unexpected::from)?;
    }
    live::announce(&mut tx, event.id).await?;
    let answer = Answer {
        order: id,
        code,
        needs_payment,
    };
    key.finish(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer.placed(sv))
}

impl Answer {
    fn placed(self, sv: &Services) -> Placed {
        Placed {
            order: self.order,
            secret: orders::secret(sv, self.order),
            code: self.code,
            needs_payment: self.needs_payment,
        }
    }
}

async fn check_hold(
    sv: &Services,
    tx: &mut Tx,
    hold: &queries::Hold,
    event: &EventSummary,
) -> Result<(), PlaceError> {
    match hold.state.as_str() {
        "active" if hold.expires_at > sv.now() => {}
        "ordered" => return Err(already_ordered(sv, tx, hold.organization, hold.id).await?),
        _ => {
            return Err(PlaceError::Expired {
                event_slug: event.slug.clone(),
            });
        }
    }
    if event.organizer_suspended {
        return Err(PlaceError::Suspended);
    }
    match event.phase(sv.now()) {
        Phase::Upcoming | Phase::Running => Ok(()),
        why @ (Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled) => {
            Err(PlaceError::EventNotOnSale { why })
        }
    }
}

async fn already_ordered(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    hold: HoldId,
) -> Result<PlaceError, Unexpected> {
    let order = orders::of_hold(tx, organization, hold)
        .await?
        .ok_or_else(|| Unexpected::bad_row("holds", hold, "ordered without an order"))?;
    Ok(PlaceError::AlreadyOrdered {
        order_secret: orders::secret(sv, order),
    })
}

/// All faults of the form at once.
fn parse(cmd: &PlaceOrder, tickets: usize) -> Result<(OrderDetails, Invoice), FieldErrors> {
    let mut errors = FieldErrors::new();
    let details = OrderDetails::parse(&cmd.details, tickets);
    if let Err(faults) = &details {
        errors = faults.clone();
    }
    let input = cmd.invoice.clone().unwrap_or_default();
    let wanted = [&input.name, &input.address, &input.vat_id]
        .iter()
        .any(|text| !text.trim().is_empty());
    let least = usize::from(wanted);
    let name = errors.field("invoice_name", line(&input.name, least, 160));
    let address = errors.field("invoice_address", block(&input.address, 400));
    let vat_id = errors.field("invoice_vat_id", line(&input.vat_id, 0, 40));
    errors.finish()?;
    let invoice = Invoice {
        name: name.unwrap_or_default(),
        address: address.unwrap_or_default(),
        vat_id: vat_id.unwrap_or_default(),
    };
    Ok((details?, invoice))
}
