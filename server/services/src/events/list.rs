//! The events of an organization, page by page.

use domain::{
    catalog::{EventState, Phase, phase},
    ids::EventId,
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    permit::{Permit, ViewEvents},
    zone::{self, Local},
};

const PAGE: i64 = 20;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EventFilter {
    /// Published or postponed, and not over; the next one first.
    #[default]
    Upcoming,
    Draft,
    /// Over or cancelled; the latest first.
    Past,
}

impl EventFilter {
    pub fn from_code(code: &str) -> Self {
        match code {
            "draft" => Self::Draft,
            "past" => Self::Past,
            _ => Self::Upcoming,
        }
    }
}

#[derive(Debug, Default)]
pub struct ListEvents {
    pub filter: EventFilter,
    /// From [`EventPage::next`].
    pub after: Option<String>,
}

#[derive(Debug, Clone)]
pub struct EventRow {
    pub id: EventId,
    pub slug: String,
    pub title: String,
    pub state: EventState,
    pub phase: Phase,
    pub starts_local: Local,
    pub venue_city: String,
    pub online: bool,
    pub picture: Option<Vec<u8>>,
    pub capacity: i64,
    pub sold: i64,
}

#[derive(Debug, Clone)]
pub struct EventPage {
    pub rows: Vec<EventRow>,
    pub next: Option<String>,
    pub upcoming: i64,
    pub drafts: i64,
    pub past: i64,
}

/// Any member may see which events there are; what they may do with them is another matter.
pub async fn list_for_organizer(
    sv: &Services,
    permit: &Permit<ViewEvents>,
    query: ListEvents,
) -> Result<EventPage, Unexpected> {
    let now = sv.now();
    let (after_at, after_id) = match query.after.as_deref().and_then(cursor) {
        Some((at, id)) => (Some(jiff_sqlx::Timestamp::from(at)), Some(id)),
        None => (None, None),
    };
    let forward = query.filter == EventFilter::Upcoming;
    let code = match query.filter {
        EventFilter::Upcoming => "upcoming",
        EventFilter::Draft => "draft",
        EventFilter::Past => "past",
    };
    let only = permit.only_events();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let mut rows = sqlx::query!(
        r#"
        select e.id, e.slug, e.title, e.state, e.starts_at, e.ends_at, e.time_zone, e.venue_city, e.attendance,
               f.sha256 as "picture?",
               event_capacity(e.id) as "capacity!",
               (select count(*) from tickets t where t.event_id = e.id and t.state = 'valid') as "sold!"
        from events e
        left join files f on f.id = e.image_id
        where e.organization_id = $1
          and case $2
                when 'draft' then e.state = 'draft'
                when 'past' then e.state = 'cancelled' or (e.state <> 'draft' and e.ends_at <= $3)
                else e.state in ('published', 'postponed') and e.ends_at > $3
              end
          and ($8::uuid[] is null or e.id = any($8))
          and ($4::timestamptz is null
               or case when $6 then (e.starts_at, e.id) > ($4, $5) else (e.starts_at, e.id) < ($4, $5) end)
        order by case when $6 then e.starts_at end asc, case when $6 then e.id end asc,
                 e.starts_at desc, e.id desc
        limit $7
        "#,
        permit.organization().get(),
        code,
        jiff_sqlx::Timestamp::from(now) as _,
        after_at as _,
        after_id,
        forward,
        PAGE + 1,
        only.as_deref()
    )
    .fetch_all(&mut *tx)
    .await?;
    let counts = sqlx::query!(
        r#"
        select count(*) filter (where state = 'draft') as "drafts!",
               count(*) filter (where state = 'cancelled' or (state <> 'draft' and ends_at <= $2)) as "past!",
               count(*) filter (where state in ('published', 'postponed') and ends_at > $2) as "upcoming!"
        from events where organization_id = $1 and ($3::uuid[] is null or id = any($3))
        "#,
        permit.organization().get(),
        jiff_sqlx::Timestamp::from(now) as _,
        only.as_deref()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| format!("{}_{}", row.starts_at.to_jiff(), row.id));
    let rows = rows
        .into_iter()
        .map(|row| {
            let state = row
                .state
                .parse()
                .map_err(|_| Unexpected::bad_row("events", row.id, &row.state))?;
            let starts_at = row.starts_at.to_jiff();
            Ok(EventRow {
                id: EventId::new(row.id),
                slug: row.slug,
                title: row.title,
                state,
                phase: phase(state, starts_at, row.ends_at.to_jiff(), now),
                starts_local: zone::local(starts_at, &row.time_zone)
                    .map_err(|e| Unexpected::bad_row("events", row.id, e))?,
                venue_city: row.venue_city,
                online: row.attendance == "online",
                picture: row.picture,
                capacity: row.capacity,
                sold: row.sold,
            })
        })
        .collect::<Result<_, Unexpected>>()?;
    Ok(EventPage {
        rows,
        next,
        upcoming: counts.upcoming,
        drafts: counts.drafts,
        past: counts.past,
    })
}

fn cursor(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.rsplit_once('_')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
