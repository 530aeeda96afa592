//! What a code can be for.

use domain::{
    ids::{EventId, TicketTypeId},
    money::Currency,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected, ledger,
    permit::{ManagePromoCodes, Permit},
    rows::{at, coded},
};

/// An event that still sells, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventChoice {
    pub id: EventId,
    pub title: String,
    pub slug: String,
    pub currency: Currency,
    pub ticket_types: Vec<(TicketTypeId, String)>,
}

/// The events, and the zone in which days are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub events: Vec<EventChoice>,
    pub zone: String,
}

/// The zone in which days are meant.
pub async fn zone(sv: &Services, permit: &Permit<ManagePromoCodes>) -> Result<String, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let zone = ledger::zone_of(&mut tx, permit.organization()).await?;
    tx.commit().await?;
    Ok(zone)
}

/// What a code is for already.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    pub event: EventId,
    pub ticket_types: &'a [TicketTypeId],
}

/// The next two hundred events with what they offer. What a code is for already is always among them, wherever the event lies
/// and whether its ticket types are still offered or not: what could not be chosen again would be lost.
pub async fn choices(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    kept: Option<Kept<'_>>,
) -> Result<Choices, Unexpected> {
    let organization = permit.organization();
    let types: Vec<Uuid> = kept
        .iter()
        .flat_map(|kept| kept.ticket_types)
        .map(|one| one.get())
        .collect();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let zone = ledger::zone_of(&mut tx, organization).await?;
    let rows = sqlx::query!(
        r#"
        select e.id, e.title, e.slug, e.currency,
               array(select t.id from ticket_types t
                     where t.event_id = e.id and (t.state <> 'archived' or t.id = any($4))
                     order by t.position, t.number) as "ids!",
               array(select t.name from ticket_types t
                     where t.event_id = e.id and (t.state <> 'archived' or t.id = any($4))
                     order by t.position, t.number) as "names!"
        from events e
        where e.organization_id = $1 and ((e.ends_at > $2 and e.state <> 'cancelled') or e.id = $3)
        order by (e.id = $3) is true desc, e.starts_at, e.id
        limit 200
        "#,
        organization.get(),
        at(sv.now()) as _,
        kept.map(|kept| kept.event.get()),
        &types
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let events = rows
        .into_iter()
        .map(|row| {
            let types = row.ids.into_iter().map(TicketTypeId::new);
            Ok(EventChoice {
                id: EventId::new(row.id),
                currency: coded("events", row.id, &row.currency)?,
                title: row.title,
                slug: row.slug,
                ticket_types: types.zip(row.names).collect(),
            })
        })
        .collect::<Result<_, Unexpected>>()?;
    Ok(Choices { events, zone })
}
