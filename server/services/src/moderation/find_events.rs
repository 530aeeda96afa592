//! Events of all tenants, by title, organizer or city.

use domain::{ids::EventId, when::Timestamp};

use super::{Find, like};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::PlatformPermit,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub id: EventId,
    pub slug: String,
    pub title: String,
    pub state: String,
    pub organization: String,
    pub organization_id: uuid::Uuid,
    pub city: String,
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub sold: i64,
    pub capacity: i64,
}

pub async fn find_events(
    sv: &Services,
    permit: &PlatformPermit,
    find: &Find,
) -> Result<Page<EventRow>, Unexpected> {
    let size = limit(find.limit);
    let after = Cursor::decode(find.cursor.as_deref());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select e.id, e.slug, e.title, e.state, e.venue_city, e.time_zone, e.starts_at, e.organization_id,
               o.name as organization, event_capacity(e.id) as "capacity!",
               (select count(*) from tickets t where t.event_id = e.id and t.state = 'valid') as "sold!"
        from events e
        join organizations o on o.id = e.organization_id
        where ($1 = '' or e.title ilike '%' || $1 || '%' or o.name ilike '%' || $1 || '%'
               or e.venue_city ilike '%' || $1 || '%' or e.slug = $1)
          and ($2::timestamptz is null or (e.starts_at, e.id) < ($2, $3))
        order by e.starts_at desc, e.id desc
        limit $4
        "#,
        like(&find.text),
        after.map(|c| jiff_sqlx::Timestamp::from(c.at)) as _,
        after.map(|c| c.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| EventRow {
            id: EventId::new(row.id),
            slug: row.slug,
            title: row.title,
            state: row.state,
            organization: row.organization,
            organization_id: row.organization_id,
            city: row.venue_city,
            time_zone: row.time_zone,
            starts_at: row.starts_at.to_jiff(),
            sold: row.sold,
            capacity: row.capacity,
        })
        .collect();
    Ok(Page::cut(items, size, |row: &EventRow| Cursor {
        at: row.starts_at,
        id: row.id.get(),
    }))
}
