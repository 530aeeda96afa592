//! One order, for its buyer and for its organizer.

use domain::{
    ids::{EventId, OrderCode, OrderId, OrganizationId, RefundId, TicketId, TicketTypeId},
    money::{Currency, Money},
    orders::{ChangeTerms, RefundPolicy},
    pricing::Rate,
    when::Timestamp,
};
use locales::Locale;

use super::{
    Invoice, OrderDetail, OrderLineView, OrderView, PaymentView, RefundView, TicketView, exchange,
    funds, link, queries, requests, schedule, timeline::timeline,
};
use crate::{
    Services, Unexpected,
    checkout::{HeldCode, summary},
    db::{Scope, Tx},
    invoices,
    permit::{Permit, ViewOrders},
    phases, prices,
    rows::{at, coded, count, money},
};

/// The buyer's page; `None` when the secret names no order.
pub async fn show_by_secret(sv: &Services, secret: &str) -> Result<Option<OrderView>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    let mut view = view(sv, &mut tx, organization, id).await?;
    tx.commit().await?;
    view.tickets.iter_mut().for_each(keep_from_buyer);
    Ok(Some(view))
}

/// What becomes of a ticket that somebody else has is none of the buyer's business, and whom that person gives it to neither.
fn keep_from_buyer(ticket: &mut TicketView) {
    if ticket.passed_on > 0 {
        ticket.holder_email.clear();
        ticket.offered_to = None;
        ticket.admitted_at = None;
        ticket.gate = None;
    }
    if ticket.passed_on > 1 {
        ticket.holder_name.clear();
    }
}

/// The organizer's page; `None` when the organization has no such order.
pub async fn show(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    code: OrderCode,
) -> Result<Option<OrderDetail>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(id) = queries::find_by_code(&mut tx, permit, code).await? else {
        return Ok(None);
    };
    let found = detail(sv, &mut tx, permit.organization(), id).await?;
    tx.commit().await?;
    Ok(Some(found))
}

/// Everything that is known of an order.
pub(crate) async fn detail(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<OrderDetail, Unexpected> {
    let order = view(sv, tx, organization, id).await?;
    let timeline = timeline(tx, organization, &order).await?;
    Ok(OrderDetail {
        left: funds::left(tx, organization, &order).await?,
        order,
        link: link(sv, id),
        timeline,
    })
}

async fn view(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<OrderView, Unexpected> {
    let row = sqlx::query!(
        r#"
        select event_id, code, state, locale, buyer_name, buyer_email, invoice_name, invoice_address, invoice_vat_id,
               invoice_country,
               currency, total_minor, refunded_minor, disputed_minor, blocked, refund_policy, change_terms, credit_minor,
               agreed_starts_at, created_at,
               expires_at, paid_at, cancelled_at, cancel_reason, reverse_charge, door_note,
               exists (select from payments p where p.order_id = orders.id and p.over_card_limit) as "over_card_limit!",
               (select o.tax_mode = 'added' from organizations o where o.id = organization_id) as "sales_tax!"
        from orders
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let event = summary(tx, organization, EventId::new(row.event_id))
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", id, "without an event"))?;
    let total = money("orders", id, row.total_minor, &row.currency)?;
    let policy: RefundPolicy = serde_json::from_value(row.refund_policy)
        .map_err(|e| Unexpected::bad_row("orders", id, e))?;
    let refunds_until = schedule::agreed(
        &policy,
        row.agreed_starts_at.map(|t| t.to_jiff()),
        event.starts_at,
        &event.time_zone,
    );
    let (lines, with_code) = lines(tx, organization, id, total.currency).await?;
    let mut promo = if with_code {
        promo_code(tx, organization, id, total.currency).await?
    } else {
        None
    };
    // The code counts what it takes off a price with tax.
    if let Some(promo) = promo.as_mut().filter(|_| row.reverse_charge) {
        let full: i64 = lines.iter().map(|line| line.total.minor).sum();
        promo.saved.minor = full.saturating_sub(total.minor);
    }
    let change_terms: Option<ChangeTerms> = row
        .change_terms
        .map(serde_json::from_value)
        .transpose()
        .map_err(|e| Unexpected::bad_row("orders", id, e))?;
    let agreed = row.agreed_starts_at.map(|t| t.to_jiff());
    let change_until = change_terms.map(|terms| terms.last_chance(event.starts_at, agreed));
    Ok(OrderView {
        id,
        code: coded("orders", id, &row.code)?,
        state: coded("orders", id, &row.state)?,
        event,
        buyer_name: row.buyer_name,
        buyer_email: row.buyer_email,
        invoice: Invoice {
            name: row.invoice_name,
            address: row.invoice_address,
            vat_id: row.invoice_vat_id,
        },
        invoice_country: row.invoice_country,
        documents: invoices::of_order(tx, organization, id).await?,
        locale: Locale::from_code(&row.locale).unwrap_or_default(),
        lines,
        promo,
        taxes: taxes(tx, organization, id, total.currency).await?,
        tickets: tickets(tx, organization, id, sv.now()).await?,
        total,
        credit: Money::new(row.credit_minor, total.currency),
        change_terms,
        change_until,
        exchanges: exchange::links(tx, organization, id).await?,
        reverse_charge: row.reverse_charge,
        sales_tax: row.sales_tax,
        refunded: Money::new(row.refunded_minor, total.currency),
        disputed: Money::new(row.disputed_minor, total.currency),
        blocked: row.blocked,
        refunds_until,
        created_at: row.created_at.to_jiff(),
        expires_at: row.expires_at.map(|t| t.to_jiff()),
        paid_at: row.paid_at.map(|t| t.to_jiff()),
        cancelled_at: row.cancelled_at.map(|t| t.to_jiff()),
        cancel_reason: row.cancel_reason,
        over_card_limit: row.over_card_limit,
        door_note: row.door_note,
        payment: payment(tx, organization, id).await?,
        refunds: refunds(tx, organization, id).await?,
        request: requests::of_order(tx, organization, id).await?,
        now: sv.now(),
    })
}

async fn lines(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
    currency: Currency,
) -> Result<(Vec<OrderLineView>, bool), Unexpected> {
    let rows = sqlx::query!(
        r#"
        select l.ticket_type_id, t.name, l.phase_name, sum(l.quantity) as "quantity!",
               coalesce(l.full_price_minor, l.unit_price_minor) as "full_minor!",
               bool_or(l.full_price_minor is not null) as "with_code!"
        from order_lines l
        join ticket_types t on t.id = l.ticket_type_id
        where l.organization_id = $1 and l.order_id = $2
        group by l.ticket_type_id, t.name, t.position, t.number, l.phase_name, 5
        order by t.position, t.number, min(l.id::text)
        "#,
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let with_code = rows.iter().any(|row| row.with_code);
    let lines = rows
        .into_iter()
        .map(|row| {
            let quantity = count("order_lines", id, row.quantity)?;
            let unit = Money::new(row.full_minor, currency);
            let total = unit
                .checked_mul(quantity)
                .map_err(|e| Unexpected::bad_row("order_lines", id, e))?;
            Ok(OrderLineView {
                ticket_type: TicketTypeId::new(row.ticket_type_id),
                name: phases::named(&row.name, row.phase_name.as_deref()),
                quantity,
                unit,
                total,
            })
        })
        .collect::<Result<_, Unexpected>>()?;
    Ok((lines, with_code))
}

/// The code that the order was placed with, and what it took off; of orders that came to nothing too.
async fn promo_code(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
    currency: Currency,
) -> Result<Option<HeldCode>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select c.code, u.discount_minor
        from orders o
        join promo_uses u on u.hold_id = o.hold_id
        join promo_codes c on c.id = u.promo_code_id
        where o.organization_id = $1 and o.id = $2
        order by u.taken_at desc, u.id desc
        limit 1
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| HeldCode {
        code: row.code,
        saved: Money::new(row.discount_minor, currency),
    }))
}

async fn taxes(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
    currency: Currency,
) -> Result<Vec<(Rate, Money)>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select tax_rate as "tax_rate!", sum(tax_minor)::bigint as "tax_minor!"
        from order_lines
        where organization_id = $1 and order_id = $2 and tax_rate > 0
        group by tax_rate
        order by tax_rate
        "#,
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let rate = prices::rate("order_lines", id, Some(row.tax_rate))?.unwrap_or_default();
            Ok((rate, Money::new(row.tax_minor, currency)))
        })
        .collect()
}

async fn tickets(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
    now: Timestamp,
) -> Result<Vec<TicketView>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, t.ticket_type_id, y.name as type_name, t.holder_name, t.holder_email, t.state, t.code, t.passed_on, o.blocked,
               l.unit_price_minor = 0 as "free!", h.recipient_name as "offered_to?",
               c.scanned_at as "admitted_at?", c.gate as "gate?"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        join order_lines l on l.id = t.order_line_id
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted' and c.turn = 1
        left join handovers h on h.ticket_id = t.id and h.state = 'pending' and h.expires_at > $3
        where t.organization_id = $1 and t.order_id = $2 and t.state <> 'replaced'
        order by y.position, y.number, t.n
        "#,
        organization.get(),
        id.get(),
        at(now) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TicketView {
                id: TicketId::new(row.id),
                ticket_type: TicketTypeId::new(row.ticket_type_id),
                type_name: row.type_name,
                holder_name: row.holder_name,
                holder_email: row.holder_email,
                state: coded("tickets", row.id, &row.state)?,
                free: row.free,
                passed_on: u16::try_from(row.passed_on).unwrap_or(u16::MAX),
                offered_to: row.offered_to,
                code: Some(row.code)
                    .filter(|_| row.state == "valid" && !row.blocked && row.passed_on == 0),
                admitted_at: row.admitted_at.map(|t| t.to_jiff()),
                gate: row.gate.filter(|gate| !gate.is_empty()),
            })
        })
        .collect()
}

async fn payment(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Option<PaymentView>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, state, decline_reason from payments
        where organization_id = $1 and order_id = $2
        order by created_at desc, id desc
        limit 1
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let decline_reason = row
            .decline_reason
            .map(|reason| coded("payments", row.id, &reason))
            .transpose()?;
        Ok(PaymentView {
            state: row.state,
            decline_reason,
        })
    })
    .transpose()
}

async fn refunds(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Vec<RefundView>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, amount_minor, currency, state, exchanged_to is not null as "exchanged!", reason, failure_reason,
               sent_at is not null as "sent!", taken_at is not null as "taken!", created_at,
               completed_at
        from refunds
        where organization_id = $1 and order_id = $2
        order by created_at, id
        "#,
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(RefundView {
                id: RefundId::new(row.id),
                amount: money("refunds", row.id, row.amount_minor, &row.currency)?,
                state: row.state,
                exchanged: row.exchanged,
                reason: row.reason,
                sent: row.sent,
                failure: row.failure_reason,
                taken: row.taken,
                created_at: row.created_at.to_jiff(),
                completed_at: row.completed_at.map(|t| t.to_jiff()),
            })
        })
        .collect()
}
