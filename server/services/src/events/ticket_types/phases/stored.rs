//! Chains of prices under lock, and back into the database.

use domain::{
    ids::{EventId, OrganizationId, TicketTypeId, UserId},
    pricing::PricePhases,
    when::Timestamp,
};
use serde_json::{Value, json};

use super::At;
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    events::{
        EventError,
        change::{Locked, lock_open, tell},
    },
    phases,
    rows::count,
    stock::Shelf,
};

/// The prices of a ticket type, under lock.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub name: String,
    pub phases: Option<PricePhases>,
    /// With phases, of the last one.
    pub own_minor: i64,
    /// How many tickets are taken: ever sold, or kept for somebody.
    pub taken: u32,
}

/// Locks the pools first, as buyers do: until the end nobody takes a ticket of the type.
pub(super) async fn lock(
    tx: &mut Tx,
    (organization, event, ticket_type): At,
) -> Result<(Locked, Chain), EventError> {
    Shelf::lock(tx, organization, [ticket_type]).await?;
    let locked = lock_open(tx, organization, event).await?;
    let row = sqlx::query!(
        r#"
        select t.name, t.price_minor, t.price_phases,
               (select coalesce(sum(l.quantity), 0) from hold_lines l join holds h on h.id = l.hold_id
                where l.ticket_type_id = t.id and h.state = 'active')
             + (select coalesce(sum(l.quantity), 0) from order_lines l join orders o on o.id = l.order_id
                where l.ticket_type_id = t.id and (o.stock = 'held' or o.paid_at is not null)) as "taken!"
        from ticket_types t
        where t.organization_id = $1 and t.event_id = $2 and t.id = $3
        "#,
        organization.get(),
        event.get(),
        ticket_type.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(EventError::NotFound)?;
    let chain = Chain {
        name: row.name,
        phases: phases::read(ticket_type.get(), row.price_phases)?,
        own_minor: row.price_minor,
        taken: count("ticket_types", ticket_type, row.taken)?,
    };
    Ok((locked, chain))
}

/// Writes the chain, and begins or ends to count what is taken.
pub(super) async fn save(
    sv: &Services,
    tx: &mut Tx,
    (organization, event, ticket_type): At,
    (by, before): (Option<UserId>, &Chain),
    chain: &Chain,
) -> Result<(), EventError> {
    let column = chain
        .phases
        .as_ref()
        .map(serde_json::to_value)
        .transpose()
        .map_err(|e| Unexpected::new("price phases", e))?;
    sqlx::query!(
        "update ticket_types set price_minor = $3, price_phases = $4 where organization_id = $1 and id = $2",
        organization.get(),
        ticket_type.get(),
        chain.own_minor,
        column
    )
    .execute(&mut **tx)
    .await?;
    if chain.phases.as_ref().is_some_and(PricePhases::counts) {
        sqlx::query!(
            r#"
            insert into price_phase_counts (ticket_type_id, organization_id, taken) values ($2, $1, $3)
            on conflict (ticket_type_id) do update set taken = excluded.taken
            "#,
            organization.get(),
            ticket_type.get(),
            crate::rows::int(chain.taken)
        )
        .execute(&mut **tx)
        .await?;
    } else {
        sqlx::query!(
            "delete from price_phase_counts where organization_id = $1 and ticket_type_id = $2",
            organization.get(),
            ticket_type.get()
        )
        .execute(&mut **tx)
        .await?;
    }
    let entry = audit::Entry {
        actor: by,
        organization: Some(organization),
        action: "ticket_type.prices",
        subject_kind: "ticket_type",
        subject: chain.name.clone(),
        reason: "",
        before: Some(recorded(before)),
        after: Some(recorded(chain)),
    };
    audit::append(sv, tx, entry).await?;
    tell(sv, tx, organization, event, None).await?;
    Ok(())
}

/// The prices one after the other, each as a line.
fn recorded(chain: &Chain) -> Value {
    let own = chain.own_minor;
    let Some(phases) = &chain.phases else {
        return json!({ "prices": own.to_string() });
    };
    let mut lines: Vec<String> = phases
        .ending
        .iter()
        .map(|phase| {
            let until = phase.until.map(|until| format!(" until {until}"));
            let count = phase.count.map(|count| format!(" up to {count}"));
            let (until, count) = (until.unwrap_or_default(), count.unwrap_or_default());
            format!("{} {}{until}{count}", phase.name, phase.price_minor)
        })
        .collect();
    lines.push(format!("{} {own}", phases.last.name));
    json!({ "prices": lines.join("; ") })
}

/// Whether a ticket type has prices that follow one another.
pub(in crate::events) async fn has(
    tx: &mut Tx,
    organization: OrganizationId,
    ticket_type: TicketTypeId,
) -> Result<bool, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select exists (select from ticket_types where organization_id = $1 and id = $2 and price_phases is not null) as "has!"
        "#,
        organization.get(),
        ticket_type.get()
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Gives the copied ticket types of a new event the phases of the old ones, in the same order; dates move along, and nothing
/// of them is taken yet.
pub(in crate::events) async fn copy(
    sv: &Services,
    tx: &mut Tx,
    (old, new): (EventId, EventId),
    later: impl Fn(Timestamp) -> Result<Timestamp, Unexpected>,
) -> Result<(), EventError> {
    let rows = sqlx::query!(
        r#"
        select n.id, n.organization_id, o.price_phases
        from (select price_phases, row_number() over (order by position, number) as place
              from ticket_types where event_id = $1 and state <> 'archived') o
        join (select id, organization_id, row_number() over (order by position, number) as place
              from ticket_types where event_id = $2) n on n.place = o.place
        where o.price_phases is not null
        "#,
        old.get(),
        new.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let Some(mut chain) = phases::read(row.id, row.price_phases)? else {
            continue;
        };
        for phase in &mut chain.ending {
            phase.id = domain::ids::PricePhaseId::new(sv.new_id());
            phase.until = phase.until.map(&later).transpose()?;
        }
        chain.last.id = domain::ids::PricePhaseId::new(sv.new_id());
        let counts = chain.counts();
        let column = serde_json::to_value(chain).map_err(|e| Unexpected::new("price phases", e))?;
        sqlx::query!(
            "update ticket_types set price_phases = $2 where id = $1",
            row.id,
            column
        )
        .execute(&mut **tx)
        .await?;
        if counts {
            sqlx::query!(
                "insert into price_phase_counts (ticket_type_id, organization_id, taken) values ($1, $2, 0)",
                row.id,
                row.organization_id
            )
            .execute(&mut **tx)
            .await?;
        }
    }
    Ok(())
}
