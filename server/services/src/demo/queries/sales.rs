//! SQL of the sample's sales: one statement per table and event, columns as arrays.

use domain::{
    ids::{EventId, OrderId, OrganizationId},
    ledger::Posting,
    money::Currency,
    when::Timestamp,
};
use uuid::Uuid;

use crate::{Unexpected, db::Tx};

type At = jiff_sqlx::Timestamp;

/// What all rows of one event share.
pub(in crate::demo) struct Facts<'a> {
    pub organization: OrganizationId,
    pub event: EventId,
    pub language: &'a str,
    pub currency: Currency,
    pub policy: &'a serde_json::Value,
    pub provider: &'a str,
    pub key_id: i32,
}

#[derive(Default)]
pub(in crate::demo) struct Rows {
    pub orders: Orders,
    pub lines: Lines,
    pub attendees: Attendees,
    pub tickets: Tickets,
    pub payments: Payments,
    pub refunds: Refunds,
}

#[derive(Default)]
pub(in crate::demo) struct Orders {
    pub ids: Vec<Uuid>,
    pub codes: Vec<String>,
    pub secrets: Vec<Vec<u8>>,
    pub states: Vec<String>,
    pub stocks: Vec<String>,
    pub names: Vec<String>,
    pub emails: Vec<String>,
    pub totals: Vec<i64>,
    pub fees: Vec<i64>,
    pub refunded: Vec<i64>,
    pub created: Vec<At>,
    pub paid: Vec<Option<At>>,
    pub ended: Vec<Option<At>>,
    pub reasons: Vec<String>,
}

#[derive(Default)]
pub(in crate::demo) struct Lines {
    pub ids: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    pub types: Vec<Uuid>,
    pub quantities: Vec<i16>,
    pub prices: Vec<i64>,
    pub fees: Vec<i64>,
}

#[derive(Default)]
pub(in crate::demo) struct Attendees {
    pub lines: Vec<Uuid>,
    pub numbers: Vec<i16>,
    pub names: Vec<String>,
}

#[derive(Default)]
pub(in crate::demo) struct Tickets {
    pub ids: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    pub lines: Vec<Uuid>,
    pub types: Vec<Uuid>,
    pub numbers: Vec<i16>,
    pub states: Vec<String>,
    pub names: Vec<String>,
    pub codes: Vec<String>,
    pub issued: Vec<At>,
    pub cancelled: Vec<Option<At>>,
}

#[derive(Default)]
pub(in crate::demo) struct Payments {
    pub ids: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    pub refs: Vec<String>,
    pub states: Vec<String>,
    pub amounts: Vec<i64>,
    pub declines: Vec<Option<String>>,
    pub created: Vec<At>,
    pub updated: Vec<At>,
}

#[derive(Default)]
pub(in crate::demo) struct Refunds {
    pub ids: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    pub payments: Vec<Uuid>,
    pub amounts: Vec<i64>,
    pub reasons: Vec<String>,
    pub refs: Vec<String>,
    pub created: Vec<At>,
    pub completed: Vec<At>,
}

/// Ledger transactions and their entries.
#[derive(Default)]
pub(in crate::demo) struct Postings {
    ids: Vec<Uuid>,
    kinds: Vec<String>,
    orders: Vec<Uuid>,
    refunds: Vec<Option<Uuid>>,
    at: Vec<At>,
    entry_of: Vec<Uuid>,
    entry_numbers: Vec<i16>,
    accounts: Vec<String>,
    amounts: Vec<i64>,
}

impl Postings {
    pub(in crate::demo) fn add(
        &mut self,
        id: Uuid,
        kind: &str,
        order: OrderId,
        refund: Option<Uuid>,
        at: Timestamp,
        posting: &Posting,
    ) {
        self.ids.push(id);
        self.kinds.push(kind.to_owned());
        self.orders.push(order.get());
        self.refunds.push(refund);
        self.at.push(at.into());
        for (number, entry) in (1_i16..).zip(posting.entries()) {
            self.entry_of.push(id);
            self.entry_numbers.push(number);
            self.accounts.push(entry.account.code().to_owned());
            self.amounts.push(entry.amount.minor);
        }
    }
}

/// Writes orders, lines, attendees, tickets, payments and refunds.
pub(in crate::demo) async fn insert(
    tx: &mut Tx,
    facts: &Facts<'_>,
    rows: &Rows,
) -> Result<(), Unexpected> {
    orders(tx, facts, &rows.orders).await?;
    lines(tx, facts, &rows.lines, &rows.attendees).await?;
    tickets(tx, facts, &rows.tickets).await?;
    payments(tx, facts, &rows.payments).await?;
    refunds(tx, facts, &rows.refunds).await
}

async fn orders(tx: &mut Tx, facts: &Facts<'_>, rows: &Orders) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into orders (id, organization_id, event_id, code, secret_hash, state, stock, locale, buyer_name, buyer_email,
                            currency, total_minor, refunded_minor, refund_policy, created_at, paid_at, cancelled_at,
                            cancel_reason, fee_minor)
        select o.id, $1, $2, o.code, o.secret, o.state, o.stock, $3, o.name, o.email, $4, o.total, o.refunded, $5,
               o.created, o.paid, o.ended, o.reason, o.fee
        from unnest($6::uuid[], $7::text[], $8::bytea[], $9::text[], $10::text[], $11::text[], $12::text[],
                    $13::bigint[], $14::bigint[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::text[],
                    $19::bigint[])
            as o (id, code, secret, state, stock, name, email, total, refunded, created, paid, ended, reason, fee)
        "#,
        facts.organization.get(),
        facts.event.get(),
        facts.language,
        facts.currency.as_str(),
        facts.policy,
        &rows.ids,
        &rows.codes,
        &rows.secrets,
        &rows.states,
        &rows.stocks,
        &rows.names,
        &rows.emails,
        &rows.totals,
        &rows.refunded,
        &rows.created as _,
        &rows.paid as _,
        &rows.ended as _,
        &rows.reasons,
        &rows.fees
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn lines(
    tx: &mut Tx,
    facts: &Facts<'_>,
    rows: &Lines,
    attendees: &Attendees,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor, net_minor,
                                 fee_minor)
        select l.id, $1, l.order_id, l.type, l.quantity, l.price, l.price * l.quantity, l.fee
        from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::bigint[], $7::bigint[])
            as l (id, order_id, type, quantity, price, fee)
        "#,
        facts.organization.get(),
        &rows.ids,
        &rows.orders,
        &rows.types,
        &rows.quantities,
        &rows.prices,
        &rows.fees
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into attendees (order_line_id, n, organization_id, name)
        select a.line, a.n, $1, a.name from unnest($2::uuid[], $3::smallint[], $4::text[]) as a (line, n, name)
        "#,
        facts.organization.get(),
        &attendees.lines,
        &attendees.numbers,
        &attendees.names
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn tickets(tx: &mut Tx, facts: &Facts<'_>, rows: &Tickets) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, state, holder_name,
                             code, key_id, issued_at, cancelled_at)
        select t.id, $1, $2, t.order_id, t.line, t.type, t.n, t.state, t.name, t.code, $3, t.issued, t.cancelled
        from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::smallint[], $9::text[], $10::text[], $11::text[],
                    $12::timestamptz[], $13::timestamptz[])
            as t (id, order_id, line, type, n, state, name, code, issued, cancelled)
        "#,
        facts.organization.get(),
        facts.event.get(),
        facts.key_id,
        &rows.ids,
        &rows.orders,
        &rows.lines,
        &rows.types,
        &rows.numbers,
        &rows.states,
        &rows.names,
        &rows.codes,
        &rows.issued as _,
        &rows.cancelled as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn payments(tx: &mut Tx, facts: &Facts<'_>, rows: &Payments) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency,
                              decline_reason, created_at, updated_at)
        select p.id, $1, p.order_id, $2, p.ref, p.state, p.amount, $3, p.decline, p.created, p.updated
        from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::timestamptz[],
                    $11::timestamptz[])
            as p (id, order_id, ref, state, amount, decline, created, updated)
        "#,
        facts.organization.get(),
        facts.provider,
        facts.currency.as_str(),
        &rows.ids,
        &rows.orders,
        &rows.refs,
        &rows.states,
        &rows.amounts,
        &rows.declines as _,
        &rows.created as _,
        &rows.updated as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn refunds(tx: &mut Tx, facts: &Facts<'_>, rows: &Refunds) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, reason, provider_ref,
                             created_at, completed_at)
        select r.id, $1, r.order_id, r.payment, r.amount, $2, 'succeeded', r.reason, r.ref, r.created, r.completed
        from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::timestamptz[],
                    $10::timestamptz[])
            as r (id, order_id, payment, amount, reason, ref, created, completed)
        "#,
        facts.organization.get(),
        facts.currency.as_str(),
        &rows.ids,
        &rows.orders,
        &rows.payments,
        &rows.amounts,
        &rows.reasons,
        &rows.refs,
        &rows.created as _,
        &rows.completed as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Books postings that `domain::ledger` has made.
pub(in crate::demo) async fn post(
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
    rows: &Postings,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into ledger_transactions (id, organization_id, kind, order_id, refund_id, occurred_at)
        select t.id, $1, t.kind, t.order_id, t.refund, t.at
        from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[])
            as t (id, kind, order_id, refund, at)
        "#,
        organization.get(),
        &rows.ids,
        &rows.kinds,
        &rows.orders,
        &rows.refunds as _,
        &rows.at as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
        select e.of, e.n, $1, e.account, e.amount, $2
        from unnest($3::uuid[], $4::smallint[], $5::text[], $6::bigint[]) as e (of, n, account, amount)
        "#,
        organization.get(),
        currency.as_str(),
        &rows.entry_of,
        &rows.entry_numbers,
        &rows.accounts,
        &rows.amounts
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Sets the counters of an event's pools to the tickets that are out. The table's check refuses an oversold pool.
pub(in crate::demo) async fn count_sold(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update pools p set sold = truth.sold
        from (
            select draws.pool_id, count(*)::integer as sold
            from tickets t
            join ticket_type_pools draws on draws.ticket_type_id = t.ticket_type_id
            where t.organization_id = $1 and t.event_id = $2 and t.state = 'valid'
            group by draws.pool_id
        ) truth
        where p.organization_id = $1 and p.event_id = $2 and p.id = truth.pool_id
        "#,
        organization.get(),
        event.get()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
