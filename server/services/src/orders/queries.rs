//! SQL of single orders.

use domain::{
    ids::{EventId, HoldId, OrderCode, OrderId, OrganizationId, TicketId, TicketTypeId},
    money::Money,
    when::Timestamp,
};
use uuid::Uuid;

use super::rows::{NewOrder, Order, Stock};
use crate::{
    Services, Unexpected,
    db::Tx,
    rows::{at, coded, count, money, small},
    seal,
    stock::Lines,
};

/// Writes a pending order with its lines and attendees; returns the code it got.
pub(crate) async fn insert(
    sv: &Services,
    tx: &mut Tx,
    new: &NewOrder<'_>,
) -> Result<OrderCode, Unexpected> {
    let policy =
        serde_json::to_value(new.refund_policy).map_err(|e| Unexpected::new("refund policy", e))?;
    let secret_hash = seal::hash(&super::secret(sv, new.id));
    let code = loop {
        let mut entropy = [0; OrderCode::LENGTH];
        sv.entropy.fill(&mut entropy);
        let code = OrderCode::from_entropy(entropy);
        let inserted = sqlx::query!(
            r#"
            insert into orders (id, organization_id, event_id, hold_id, code, secret_hash, state, stock, locale, buyer_name,
                                buyer_email, invoice_name, invoice_address, invoice_vat_id, currency, total_minor,
                                refund_policy, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, 'pending', 'held', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            on conflict on constraint orders_code_key do nothing
            "#,
            new.id.get(),
            new.organization.get(),
            new.event.get(),
            new.hold.get(),
            code.as_str(),
            secret_hash,
            new.locale.code(),
            new.details.buyer_name,
            new.details.email.as_str(),
            new.invoice.name,
            new.invoice.address,
            new.invoice.vat_id,
            new.total.currency.as_str(),
            new.total.minor,
            policy,
            at(new.created_at) as _,
            at(new.expires_at) as _
        )
        .execute(&mut **tx)
        .await?;
        // Two orders in a trillion share a code; the later one gets another.
        if inserted.rows_affected() == 1 {
            break code;
        }
    };
    insert_lines(tx, new).await?;
    Ok(code)
}

async fn insert_lines(tx: &mut Tx, new: &NewOrder<'_>) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = new.lines.iter().map(|line| line.id.get()).collect();
    let types: Vec<Uuid> = new
        .lines
        .iter()
        .map(|line| line.ticket_type.get())
        .collect();
    let quantities: Vec<i16> = new.lines.iter().map(|line| small(line.quantity)).collect();
    let prices: Vec<i64> = new.lines.iter().map(|line| line.unit.minor).collect();
    sqlx::query!(
        r#"
        insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor)
        select line.id, $1, $2, line.ticket_type, line.quantity, line.price
        from unnest($3::uuid[], $4::uuid[], $5::smallint[], $6::bigint[]) as line (id, ticket_type, quantity, price)
        "#,
        new.organization.get(),
        new.id.get(),
        &ids,
        &types,
        &quantities,
        &prices
    )
    .execute(&mut **tx)
    .await?;
    let mut places = new
        .lines
        .iter()
        .flat_map(|line| (1..=line.quantity).map(|n| (line.id, small(n))));
    let (mut lines, mut numbers, mut names, mut emails) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for attendee in &new.details.attendees {
        let Some((line, n)) = places.next() else {
            break;
        };
        lines.push(line.get());
        numbers.push(n);
        names.push(attendee.name.clone());
        emails.push(
            attendee
                .email
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        );
    }
    sqlx::query!(
        r#"
        insert into attendees (order_line_id, n, organization_id, name, email)
        select line, n, $1, name, email
        from unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[]) as attendee (line, n, name, email)
        "#,
        new.organization.get(),
        &lines,
        &numbers,
        &names,
        &emails
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Finds whose order a secret names, without locking.
pub(crate) async fn find_by_secret(
    tx: &mut Tx,
    secret: &str,
) -> Result<Option<(OrderId, OrganizationId)>, Unexpected> {
    let row = sqlx::query!(
        "select id, organization_id from orders where secret_hash = $1",
        seal::hash(secret)
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            OrderId::new(row.id),
            OrganizationId::new(row.organization_id),
        )
    }))
}

pub(crate) async fn find_by_code(
    tx: &mut Tx,
    organization: OrganizationId,
    code: OrderCode,
) -> Result<Option<OrderId>, Unexpected> {
    let id = sqlx::query_scalar!(
        "select id from orders where organization_id = $1 and code = $2",
        organization.get(),
        code.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(OrderId::new))
}

pub(crate) async fn of_hold(
    tx: &mut Tx,
    organization: OrganizationId,
    hold: HoldId,
) -> Result<Option<OrderId>, Unexpected> {
    let id = sqlx::query_scalar!(
        "select id from orders where organization_id = $1 and hold_id = $2",
        organization.get(),
        hold.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(OrderId::new))
}

pub(crate) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Option<Order>, Unexpected> {
    let Some(row) = sqlx::query!(
        r#"
        select event_id, code, state, stock, buyer_email, currency, total_minor, refunded_minor, refund_policy,
               expires_at, paid_at, cancelled_at, cancel_reason
        from orders
        where organization_id = $1 and id = $2
        for update
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    else {
        return Ok(None);
    };
    Ok(Some(Order {
        id,
        organization,
        event: EventId::new(row.event_id),
        code: coded("orders", id, &row.code)?,
        state: coded("orders", id, &row.state)?,
        stock: Stock::from_code(&row.stock)
            .ok_or_else(|| Unexpected::bad_row("orders", id, &row.stock))?,
        buyer_email: row.buyer_email,
        total: money("orders", id, row.total_minor, &row.currency)?,
        refunded: money("orders", id, row.refunded_minor, &row.currency)?,
        policy: serde_json::from_value(row.refund_policy)
            .map_err(|e| Unexpected::bad_row("orders", id, e))?,
        expires_at: row.expires_at.map(|t| t.to_jiff()),
        paid_at: row.paid_at.map(|t| t.to_jiff()),
        cancelled_at: row.cancelled_at.map(|t| t.to_jiff()),
        cancel_reason: row.cancel_reason,
    }))
}

/// Writes everything about an order that can change.
pub(crate) async fn save(tx: &mut Tx, order: &Order) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update orders set state = $3, stock = $4, refunded_minor = $5, expires_at = $6, paid_at = $7, cancelled_at = $8,
                          cancel_reason = $9
        where organization_id = $1 and id = $2
        "#,
        order.organization.get(),
        order.id.get(),
        order.state.code(),
        order.stock.code(),
        order.refunded.minor,
        order.expires_at.map(at) as _,
        order.paid_at.map(at) as _,
        order.cancelled_at.map(at) as _,
        order.cancel_reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was ordered, whatever became of it.
pub(crate) async fn places(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Lines, Unexpected> {
    let rows = sqlx::query!(
        "select ticket_type_id, quantity from order_lines where organization_id = $1 and order_id = $2 order by id",
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                TicketTypeId::new(row.ticket_type_id),
                count("order_lines", id, row.quantity)?,
            ))
        })
        .collect()
}

/// A ticket that admits, and what was paid for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LiveTicket {
    pub id: TicketId,
    pub ticket_type: TicketTypeId,
    pub unit: Money,
    pub inside: bool,
}

pub(crate) async fn live_tickets(
    tx: &mut Tx,
    order: &Order,
) -> Result<Vec<LiveTicket>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, t.ticket_type_id, l.unit_price_minor,
               exists (select from check_ins c where c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted')
                   as "inside!"
        from tickets t
        join order_lines l on l.id = t.order_line_id
        where t.organization_id = $1 and t.order_id = $2 and t.state = 'valid'
        order by t.id
        "#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LiveTicket {
            id: TicketId::new(row.id),
            ticket_type: TicketTypeId::new(row.ticket_type_id),
            unit: Money::new(row.unit_price_minor, order.total.currency),
            inside: row.inside,
        })
        .collect())
}

/// Where the order is whose time to pay was over first.
pub(super) async fn event_with_due_orders(
    tx: &mut Tx,
    now: Timestamp,
) -> Result<Option<(OrganizationId, EventId)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select organization_id, event_id from orders
        where state = 'pending' and expires_at <= $1
        order by expires_at
        limit 1
        "#,
        at(now) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            OrganizationId::new(row.organization_id),
            EventId::new(row.event_id),
        )
    }))
}

/// Locks unpaid orders of an event whose time is over, except those somebody is busy with.
pub(super) async fn lock_due(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Uuid>, Unexpected> {
    let ids = sqlx::query_scalar!(
        r#"
        select id from orders
        where organization_id = $1 and event_id = $2 and state = 'pending' and stock = 'held' and expires_at <= $3
        order by id
        limit $4
        for update skip locked
        "#,
        organization.get(),
        event.get(),
        at(now) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// What was ordered in all of these, together.
pub(super) async fn places_of(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<Lines, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select ticket_type_id, sum(quantity) as "quantity!"
        from order_lines
        where organization_id = $1 and order_id = any($2)
        group by ticket_type_id
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let quantity = count("order_lines", row.ticket_type_id, row.quantity)?;
            Ok((TicketTypeId::new(row.ticket_type_id), quantity))
        })
        .collect()
}

/// From here on `expires_at` tells when the time was over.
pub(super) async fn set_expired(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update orders set state = 'expired', stock = 'released', expires_at = $3
        where organization_id = $1 and id = any($2)
        "#,
        organization.get(),
        orders,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
