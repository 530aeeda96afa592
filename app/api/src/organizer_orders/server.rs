//! The server's half: what arrives as text becomes types, what is found becomes what pages show.

use domain::{
    ids::{OrderCode, TicketId},
    money::Money,
    text::{Fault, line},
    when::Timestamp,
};
use jiff::civil::DateTime;
use services::{
    checkout::EventSummary,
    orders::{
        self, CancelError, DecideRequestError, OrderDetail, OrderRow, RefundChoice, RefundError,
        RefundOrder, ResendError, RetryRefundError, attendees::AttendeeRow,
    },
    organizers::Membership,
    permit::{Act, Permit, RefundOrders, ViewOrders},
    zone,
};

use super::{
    AttendeeRowView, EventHeading, HappenedView, InvoiceLines, LineView, OrderPaymentView,
    OrderRefundView, OrderRowView, OrderTicketView, OrganizerOrderView, RefundPreviewView,
    RequestState,
};
use crate::{ApiError, Ctx, checkout::CodeLine, error::FieldError, organizers::server::permit};

pub(super) const PAGE: u16 = 50;

pub(super) fn code(code: &str) -> Result<OrderCode, ApiError> {
    code.parse().map_err(|_| ApiError::not_found())
}

pub(super) fn reason(text: &str) -> Result<String, ApiError> {
    line(text, 0, 300).map_err(|fault| ApiError::field("reason", fault))
}

/// The event of the address, if it names one and it belongs to the organization.
pub(super) async fn event<A: Act>(
    ctx: &Ctx,
    permit: &Permit<A>,
    slug: Option<&str>,
) -> Result<Option<EventSummary>, ApiError> {
    let Some(slug) = slug.filter(|slug| !slug.is_empty()) else {
        return Ok(None);
    };
    let id = services::events::id_by_slug(&ctx.services, slug).await?;
    let found = orders::event(&ctx.services, permit, id).await?;
    found.map(Some).ok_or_else(ApiError::not_found)
}

/// The wall clock of a place; UTC should its zone be gone.
fn local(at: Timestamp, time_zone: &str) -> (DateTime, String) {
    zone::local(at, time_zone).map_or_else(
        |_| (jiff::tz::Offset::UTC.to_datetime(at), "UTC".to_owned()),
        |local| (local.at, local.label),
    )
}

pub(super) fn heading(event: &EventSummary) -> EventHeading {
    let (starts, zone) = local(event.starts_at, &event.time_zone);
    EventHeading {
        slug: event.slug.clone(),
        title: event.title.clone(),
        starts,
        zone,
    }
}

pub(super) fn order_row(row: OrderRow) -> OrderRowView {
    let (created, zone) = local(row.created_at, &row.time_zone);
    OrderRowView {
        code: row.code.to_string(),
        state: row.state,
        event_slug: row.event_slug,
        event_title: row.event_title,
        buyer_name: row.buyer_name,
        buyer_email: row.buyer_email,
        tickets: row.tickets,
        total: row.total,
        refunded: row.refunded,
        created,
        zone,
    }
}

pub(super) fn attendee(row: AttendeeRow, time_zone: &str) -> AttendeeRowView {
    AttendeeRowView {
        name: row.name,
        email: row.email,
        ticket_type: row.ticket_type,
        state: row.state,
        order_code: row.order_code.to_string(),
        buyer_name: row.buyer_name,
        admitted: row.admitted_at.map(|at| local(at, time_zone).0),
        gate: row.gate,
    }
}

pub(super) fn order(
    found: OrderDetail,
    vat_check: Option<services::vat::VatCheck>,
) -> OrganizerOrderView {
    let OrderDetail {
        order,
        left,
        link,
        timeline,
    } = found;
    let at = |at: Timestamp| local(at, &order.event.time_zone).0;
    let invoice = &order.invoice;
    let no_invoice =
        invoice.name.is_empty() && invoice.address.is_empty() && invoice.vat_id.is_empty();
    let timeline = timeline
        .into_iter()
        .map(|entry| HappenedView {
            at: at(entry.at),
            what: entry.what,
            actor: entry.actor,
        })
        .collect();
    let tickets = order.tickets.iter().map(|ticket| OrderTicketView {
        id: ticket.id.to_string(),
        type_name: ticket.type_name.clone(),
        holder_name: ticket.holder_name.clone(),
        holder_email: ticket.holder_email.clone(),
        passed_on: ticket.passed_on > 0,
        offered_to: ticket.offered_to.clone(),
        state: ticket.state,
        free: ticket.free,
        admitted: ticket.admitted_at.map(at),
        gate: ticket.gate.clone(),
    });
    let refunds = order.refunds.iter().map(|refund| OrderRefundView {
        id: refund.id.to_string(),
        amount: refund.amount,
        state: refund.state.clone(),
        reason: refund.reason.clone(),
        sent: refund.sent,
        failure: refund.failure.clone(),
        taken: refund.taken,
        created: at(refund.created_at),
    });
    let lines = order.lines.iter().map(|line| LineView {
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit,
        total: line.total,
    });
    let due = order.due();
    OrganizerOrderView {
        code: order.code.to_string(),
        state: order.state,
        event: heading(&order.event),
        invoice: (!no_invoice).then(|| InvoiceLines {
            name: invoice.name.clone(),
            address: invoice.address.clone(),
            vat_id: invoice.vat_id.clone(),
            vat_check: vat_check.map(Into::into),
            reverse_charge: order.reverse_charge,
        }),
        documents: order.documents.iter().cloned().map(Into::into).collect(),
        lines: lines.collect(),
        promo: order.promo.as_ref().map(|code| CodeLine {
            code: code.code.clone(),
            saved: code.saved,
        }),
        tickets: tickets.collect(),
        total: order.total,
        refunded: order.refunded,
        left,
        blocked: order.blocked,
        created: at(order.created_at),
        expires: order.expires_at.map(at),
        payment: order.payment.as_ref().map(|payment| OrderPaymentView {
            state: payment.state.clone(),
            decline: payment.decline_reason,
        }),
        refunds: refunds.collect(),
        buyer_name: order.buyer_name,
        buyer_email: order.buyer_email,
        cancel_reason: order.cancel_reason,
        door_note: order.door_note.unwrap_or_default(),
        request: order.request.map(|request| RequestState {
            asking: request.asking,
            decision: request.decision,
        }),
        due,
        link,
        timeline,
    }
}

/// A refund as the form asks for it.
pub(super) struct Asked<'a> {
    pub code: &'a str,
    pub choice: &'a str,
    pub amount: &'a str,
    pub tickets: &'a str,
    pub keep: bool,
}

impl Asked<'_> {
    fn order(
        &self,
        total: Money,
        reason: String,
        key: Option<String>,
    ) -> Result<RefundOrder, ApiError> {
        let choice = match self.choice {
            "full" => RefundChoice::Full,
            "amount" => RefundChoice::Amount(self.money(total)?),
            "tickets" => RefundChoice::Tickets(self.ids()?),
            _ => return Err(ApiError::field("choice", Fault::UnknownChoice)),
        };
        Ok(RefundOrder {
            code: code(self.code)?,
            choice,
            keep_tickets: self.keep,
            reason,
            idempotency_key: key,
        })
    }

    fn money(&self, total: Money) -> Result<Money, ApiError> {
        if self.amount.trim().is_empty() {
            return Err(ApiError::field("amount", Fault::Required));
        }
        let amount = Money::parse_major(self.amount, total.currency)
            .map_err(|fault| ApiError::field("amount", fault))?;
        if amount.is_zero() || amount.is_negative() {
            return Err(out_of_range(
                "too_small",
                "min",
                Money::new(1, total.currency),
            ));
        }
        Ok(amount)
    }

    fn ids(&self) -> Result<Vec<TicketId>, ApiError> {
        let ids = self
            .tickets
            .split(',')
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let ids = ids
            .map(|id| id.parse().map_err(|_| ApiError::conflict("unknown_ticket")))
            .collect::<Result<Vec<_>, _>>()?;
        if ids.is_empty() {
            Err(ApiError::field("tickets", Fault::Required))
        } else {
            Ok(ids)
        }
    }
}

/// The amount is below the least or above the greatest that can be given back.
fn out_of_range(code: &str, limit: &str, value: Money) -> ApiError {
    ApiError::invalid(vec![FieldError {
        field: "amount".to_owned(),
        code: code.to_owned(),
        params: vec![(limit.to_owned(), value.to_decimal_string())],
    }])
}

async fn load(ctx: &Ctx, member: &Membership, asked: &Asked<'_>) -> Result<OrderDetail, ApiError> {
    let look: Permit<ViewOrders> = permit(ctx, member).await?;
    orders::show(&ctx.services, &look, code(asked.code)?)
        .await?
        .ok_or_else(ApiError::not_found)
}

pub(super) async fn preview(
    ctx: &Ctx,
    member: &Membership,
    asked: &Asked<'_>,
) -> Result<RefundPreviewView, ApiError> {
    let may: Permit<RefundOrders> = permit(ctx, member).await?;
    let found = load(ctx, member, asked).await?;
    let cmd = asked.order(found.order.total, String::new(), None)?;
    let plan = orders::preview_refund(&ctx.services, &may, &cmd).await?;
    let named = |id: &TicketId| {
        let ticket = found.order.tickets.iter().find(|ticket| ticket.id == *id);
        ticket
            .map(|ticket| (ticket.holder_name.clone(), ticket.type_name.clone()))
            .unwrap_or_default()
    };
    Ok(RefundPreviewView {
        voided: plan.voided.iter().map(named).collect(),
        amount: plan.amount,
        total: plan.total,
        already_refunded: plan.already_refunded,
        left_after: plan.left_after,
        voided_inside: plan.voided_inside,
        state_after: plan.state_after,
        second_person: plan.second_person,
        key: ctx.services.new_id().to_string(),
    })
}

/// Nobody gives back another amount than the one they were shown. Returns what was given back; nothing: a second person was asked.
pub(super) async fn refund(
    ctx: &Ctx,
    member: &Membership,
    asked: &Asked<'_>,
    accepted: &str,
    why: &str,
    key: String,
) -> Result<Option<Money>, ApiError> {
    let may: Permit<RefundOrders> = permit(ctx, member).await?;
    let total = load(ctx, member, asked).await?.order.total;
    let accepted = Money::parse_major(accepted, total.currency)
        .map_err(|_| ApiError::conflict("refund_changed"))?;
    // The accepted amount is part of what the key stands for, so a repeat is recognised before anything is compared.
    let cmd = asked.order(
        total,
        reason(why)?,
        Some(format!("{key}|{}", accepted.minor)),
    )?;
    let plan = orders::preview_refund(&ctx.services, &may, &cmd).await;
    match plan {
        Ok(plan) if plan.amount != accepted => return Err(ApiError::conflict("refund_changed")),
        // A repeat finds the money gone; the key says so below.
        Ok(_)
        | Err(
            RefundError::TooLarge { .. }
            | RefundError::NotInSteps { .. }
            | RefundError::UnknownTicket
            | RefundError::Transition(_),
        ) => {}
        Err(
            e @ (RefundError::NotFound
            | RefundError::NeedsApproval
            | RefundError::KeyConflict
            | RefundError::Unexpected(_)),
        ) => return Err(e.into()),
    }
    match orders::refund(&ctx.services, &may, cmd.clone()).await {
        Ok(done) => Ok(Some(done.amount)),
        Err(RefundError::NeedsApproval) => {
            services::approvals::ask_refund(&ctx.services, &may, &cmd).await?;
            Ok(None)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) fn resend_refused(e: ResendError) -> ApiError {
    match e {
        ResendError::NotFound => ApiError::not_found(),
        ResendError::NotPaid => ApiError::conflict(e.code()),
        ResendError::Unexpected(e) => e.into(),
    }
}

impl From<RefundError> for ApiError {
    fn from(e: RefundError) -> Self {
        match e {
            RefundError::NotFound => Self::not_found(),
            RefundError::Unexpected(e) => e.into(),
            RefundError::TooLarge { left } => out_of_range("too_large", "max", left),
            RefundError::NotInSteps { step } => out_of_range("not_in_steps", "step", step),
            RefundError::UnknownTicket
            | RefundError::Transition(_)
            | RefundError::NeedsApproval
            | RefundError::KeyConflict => Self::conflict(e.code()),
        }
    }
}

impl From<RetryRefundError> for ApiError {
    fn from(e: RetryRefundError) -> Self {
        match e {
            RetryRefundError::NotFound => Self::not_found(),
            RetryRefundError::Unexpected(e) => e.into(),
            e @ RetryRefundError::Taken => Self::conflict(e.code()),
        }
    }
}

impl From<DecideRequestError> for ApiError {
    fn from(e: DecideRequestError) -> Self {
        match e {
            DecideRequestError::NotFound => Self::not_found(),
            DecideRequestError::Fields(fields) => fields.into(),
            DecideRequestError::Unexpected(e) => e.into(),
            e @ (DecideRequestError::Transition(_)
            | DecideRequestError::EventNotOnSale
            | DecideRequestError::EventMoved) => Self::conflict(e.code()),
        }
    }
}

impl From<CancelError> for ApiError {
    fn from(e: CancelError) -> Self {
        match e {
            CancelError::NotFound => Self::not_found(),
            CancelError::Transition(e) => Self::conflict(e.code()),
            CancelError::Unexpected(e) => e.into(),
        }
    }
}

impl From<services::orders::DoorNoteError> for ApiError {
    fn from(e: services::orders::DoorNoteError) -> Self {
        use services::orders::DoorNoteError;
        match e {
            DoorNoteError::NotFound => Self::not_found(),
            DoorNoteError::Fields(fields) => fields.into(),
            DoorNoteError::Unexpected(e) => e.into(),
        }
    }
}
