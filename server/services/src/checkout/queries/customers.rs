//! What customers have of an event already, where ticket types are limited.

use std::collections::HashMap;

use domain::ids::{EventId, OrganizationId, TicketTypeId};
use uuid::Uuid;

use crate::{Unexpected, db::Tx, rows::count};

/// How many tickets of these types each of these customers (addresses in small letters) has or is about to pay for.
/// Until the transaction ends no other one places an order for them, so that two orders at the same time do not both
/// count as the first.
pub(in crate::checkout) async fn tickets_of(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    emails: &[String],
    types: &[Uuid],
) -> Result<HashMap<(String, TicketTypeId), u32>, Unexpected> {
    sqlx::query!(
        r#"
        select pg_advisory_xact_lock(who.key) as "locked!: ()"
        from (select distinct hashtextextended($1 || email, 0) as key from unnest($2::text[]) as email order by key) as who
        "#,
        event.to_string(),
        emails
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = sqlx::query!(
        r#"
        select o.buyer_key as "email!", has.ticket_type_id as "ticket_type!", sum(has.number) as "number!"
        from orders o
        cross join lateral (
            select l.ticket_type_id, l.quantity::integer as number
            from order_lines l
            where l.order_id = o.id and o.state in ('pending', 'asked')
            union all
            select t.ticket_type_id, 1
            from tickets t
            where t.order_id = o.id and t.state = 'valid') as has
        where o.organization_id = $1 and o.event_id = $2 and o.buyer_key = any($3)
          and o.state in ('pending', 'asked', 'paid') and has.ticket_type_id = any($4)
        group by 1, 2
        "#,
        organization.get(),
        event.get(),
        emails,
        types
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let number = count("tickets", row.ticket_type, row.number)?;
            Ok(((row.email, TicketTypeId::new(row.ticket_type)), number))
        })
        .collect()
}
