//! The lists of an event, for those who look after its doors.

use domain::{
    checkin::Uses,
    door::DoorEvent,
    ids::{CheckInListId, EventId, TicketTypeId},
    when::Timestamp,
};

use crate::{
    Services, Unexpected,
    checkin::queries,
    permit::{CheckIn, Permit},
};

/// A list as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    pub id: CheckInListId,
    pub name: String,
    /// `None`: all kinds.
    pub types: Option<Vec<TicketTypeId>>,
    /// `None`: every gate.
    pub gates: Option<Vec<String>>,
    pub opens: Option<Timestamp>,
    pub closes: Option<Timestamp>,
    pub uses: Uses,
}

/// All lists and what a list can be made of.
#[derive(Debug, Clone)]
pub struct DoorLists {
    pub event: DoorEvent,
    /// In the order in which they are asked.
    pub lists: Vec<ListRow>,
    /// Kinds of tickets with their names.
    pub kinds: Vec<(TicketTypeId, String)>,
    /// Gates that the event knows.
    pub gates: Vec<String>,
}

/// `None` for an event of another organization.
pub async fn door_lists(
    sv: &Services,
    permit: &Permit<CheckIn>,
    event: EventId,
) -> Result<Option<DoorLists>, Unexpected> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(about) = queries::event(&mut tx, organization, event).await? else {
        return Ok(None);
    };
    let rows = sqlx::query!(
        r#"
        select l.id, l.name, l.all_types, l.gates, l.opens_at as "opens_at: jiff_sqlx::Timestamp",
               l.closes_at as "closes_at: jiff_sqlx::Timestamp", l.times, l.reentry,
               array(select t.ticket_type_id from check_in_list_types t where t.list_id = l.id) as "types!"
        from check_in_lists l
        where l.organization_id = $1 and l.event_id = $2 and l.removed_at is null
        order by l.position, l.id
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let lists = rows.into_iter().map(|row| ListRow {
        id: CheckInListId::new(row.id),
        name: row.name,
        types: (!row.all_types).then(|| row.types.into_iter().map(TicketTypeId::new).collect()),
        gates: row.gates,
        opens: row.opens_at.map(jiff_sqlx::Timestamp::to_jiff),
        closes: row.closes_at.map(jiff_sqlx::Timestamp::to_jiff),
        uses: Uses {
            times: u16::try_from(row.times).unwrap_or(1),
            reentry: row.reentry,
        },
    });
    let found = DoorLists {
        event: about,
        lists: lists.collect(),
        kinds: queries::kinds(&mut tx, organization, event).await?,
        gates: queries::gates(&mut tx, organization, event).await?,
    };
    tx.commit().await?;
    Ok(Some(found))
}
