//! SQL of tickets that change hands.

use domain::{
    ids::{EventId, OrderId, OrganizationId, TicketId},
    orders::{Passing, PassingPolicy, PassingRefusal},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{Unexpected, db::Tx, orders, seal};

/// Whose secret it is, and what it reaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Right {
    pub organization: OrganizationId,
    pub order: OrderId,
    /// The one ticket of a later holder; the buyer reaches those that were never passed on.
    pub only: Option<TicketId>,
}

impl Right {
    pub fn reaches(&self, ticket: &Ticket) -> bool {
        match self.only {
            Some(only) => ticket.id == only,
            None => ticket.passing.passed_on == 0,
        }
    }
}

/// The order or the ticket that a secret opens.
pub(super) async fn right(tx: &mut Tx, secret: &str) -> Result<Option<Right>, Unexpected> {
    if let Some((order, organization)) = orders::find_by_secret(tx, secret).await? {
        return Ok(Some(Right {
            organization,
            order,
            only: None,
        }));
    }
    let row = sqlx::query!(
        r#"
        select organization_id, order_id, new_ticket_id as "ticket!" from handovers
        where holder_hash = $1
        "#,
        seal::hash(secret)
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Right {
        organization: OrganizationId::new(row.organization_id),
        order: OrderId::new(row.order_id),
        only: Some(TicketId::new(row.ticket)),
    }))
}

/// A ticket with all that decides whether it may change hands.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    pub id: TicketId,
    pub order: OrderId,
    pub event: EventId,
    pub line: Uuid,
    pub ticket_type: Uuid,
    pub type_number: i16,
    pub type_name: String,
    pub n: i16,
    pub issue: i16,
    pub holder_name: String,
    pub holder_email: String,
    pub code: String,
    pub state: String,
    pub passing: Passing,
    pub admitted_at: Option<Timestamp>,
    pub buyer_name: String,
    pub buyer_email: String,
    /// The language of whoever has it: of the buyer, or the one in which they accepted it.
    pub giver_locale: String,
    /// Nothing while the event waits for a new date.
    pub starts_at: Option<Timestamp>,
    pub ends_at: Timestamp,
    pub policy: PassingPolicy,
}

impl Ticket {
    pub fn check(&self, now: Timestamp) -> Result<(), PassingRefusal> {
        self.policy.check(self.passing, self.starts_at, now)
    }

    pub fn with_buyer(&self) -> bool {
        self.passing.passed_on == 0
    }

    /// Name and address of whoever has it: the buyer, until it was passed on.
    pub fn giver(&self) -> (&str, &str) {
        if self.with_buyer() {
            (&self.buyer_name, &self.buyer_email)
        } else {
            (&self.holder_name, &self.holder_email)
        }
    }
}

/// Locks a ticket, so that nobody comes in with it meanwhile. The order is locked already.
pub(super) async fn lock_ticket(
    tx: &mut Tx,
    organization: OrganizationId,
    ticket: TicketId,
) -> Result<(), Unexpected> {
    sqlx::query_scalar!(
        "select id from tickets where organization_id = $1 and id = $2 for update",
        organization.get(),
        ticket.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(())
}

/// The tickets of an order, or one of them. Whoever changes them has locked the order.
pub(super) async fn tickets(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
    only: Option<TicketId>,
) -> Result<Vec<Ticket>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, t.order_id, t.event_id, t.order_line_id, t.ticket_type_id, y.number, y.name as type_name, t.n, t.issue,
               t.holder_name, t.holder_email, t.code, t.state, t.passed_on, o.buyer_name, o.buyer_email,
               coalesce(g.locale, o.locale) as "giver_locale!",
               o.state as order_state, o.blocked, e.state as event_state, e.starts_at, e.ends_at, e.passing_allowed,
               e.passing_hours_before, e.passing_most, c.scanned_at as "admitted_at?"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        join events e on e.id = t.event_id
        left join handovers g on g.new_ticket_id = t.id
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted' and c.turn = 1
        where t.organization_id = $1 and t.order_id = $2 and ($3::uuid is null or t.id = $3)
        order by y.position, y.number, t.n, t.issue
        "#,
        organization.get(),
        order.get(),
        only.map(TicketId::get)
    )
    .fetch_all(&mut **tx)
    .await?;
    let small = |n: i16| u16::try_from(n).unwrap_or(0);
    Ok(rows
        .into_iter()
        .map(|row| Ticket {
            id: TicketId::new(row.id),
            order: OrderId::new(row.order_id),
            event: EventId::new(row.event_id),
            line: row.order_line_id,
            ticket_type: row.ticket_type_id,
            type_number: row.number,
            type_name: row.type_name,
            n: row.n,
            issue: row.issue,
            holder_name: row.holder_name,
            holder_email: row.holder_email,
            code: row.code,
            passing: Passing {
                valid: row.state == "valid"
                    && row.order_state == "paid"
                    && row.event_state != "cancelled",
                blocked: row.blocked,
                used: row.admitted_at.is_some(),
                passed_on: small(row.passed_on),
            },
            admitted_at: row.admitted_at.map(|at| at.to_jiff()),
            state: row.state,
            buyer_name: row.buyer_name,
            buyer_email: row.buyer_email,
            giver_locale: row.giver_locale,
            starts_at: (row.event_state != "postponed").then(|| row.starts_at.to_jiff()),
            ends_at: row.ends_at.to_jiff(),
            policy: PassingPolicy {
                allowed: row.passing_allowed,
                hours_before: small(row.passing_hours_before),
                most: small(row.passing_most),
            },
        })
        .collect())
}
