//! "Copy last event": a draft like another event, moved by whole weeks into the future.

use domain::{ids::EventId, text::Slug};
use jiff::{ToSpan, civil::DateTime, tz::TimeZone};
use uuid::Uuid;

use super::{CreatedEvent, EventError, change::tell, create::slugs, ticket_types::phases};
use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{CreateEvents, Permit},
};

/// Copies texts, place, picture, policy, pools and ticket types; price phases, whose dates move
/// along; nothing that was sold, and no sales windows.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn duplicate(
    sv: &Services,
    permit: &Permit<CreateEvents>,
    event: EventId,
) -> Result<CreatedEvent, EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let old = sqlx::query!(
        "select title, starts_at, ends_at, time_zone from events where organization_id = $1 and id = $2",
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(EventError::NotFound)?;
    let weeks = weeks_ahead(sv, old.starts_at.to_jiff());
    let later =
        |at| weeks_later(at, &old.time_zone, weeks).map_err(|e| Unexpected::new("move event", e));
    let new = EventId::new(sv.new_id());
    let mut made = None;
    for slug in slugs(&old.title, new) {
        let times = (
            later(old.starts_at.to_jiff())?,
            later(old.ends_at.to_jiff())?,
        );
        made = copy(sv, &mut tx, (event, new), &slug, times).await?;
        if made.is_some() {
            break;
        }
    }
    let slug = made.ok_or_else(|| Unexpected::new("event slug", "every variant is taken"))?;
    copy_tickets(sv, &mut tx, organization.get(), event, new).await?;
    phases::copy(sv, &mut tx, (event, new), later).await?;
    tell(sv, &mut tx, organization, new, None).await?;
    tx.commit().await?;
    Ok(CreatedEvent { event: new, slug })
}

/// So many whole weeks that the copy lies at least a week ahead: it keeps its weekday and its time.
fn weeks_ahead(sv: &Services, starts: domain::when::Timestamp) -> i64 {
    const WEEK: i64 = 7 * 24 * 3600;
    let behind = sv.now().as_second() - starts.as_second();
    (behind.div_euclid(WEEK) + 2).max(1)
}

fn weeks_later(
    at: domain::when::Timestamp,
    zone: &str,
    weeks: i64,
) -> Result<domain::when::Timestamp, jiff::Error> {
    let zone = TimeZone::get(zone)?;
    let local: DateTime = zone.to_datetime(at);
    Ok(local
        .checked_add(weeks.weeks())?
        .to_zoned(zone)?
        .timestamp())
}

async fn copy(
    sv: &Services,
    tx: &mut Tx,
    (old, new): (EventId, EventId),
    slug: &Slug,
    (starts, ends): (domain::when::Timestamp, domain::when::Timestamp),
) -> Result<Option<String>, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        insert into events (
            id, organization_id, slug, title, summary, description_md, category, language, visibility, attendance,
            venue_name, venue_address, venue_city, venue_country, online_url, time_zone, starts_at, ends_at, currency,
            image_id, refund_policy, change_terms, created_at, updated_at, fee_to_buyer_percent, tax_rate,
            passing_allowed, passing_hours_before, passing_most, asking, asking_hours, max_per_card
        )
        select $2, organization_id, $3, title, summary, description_md, category, language, visibility, attendance,
               venue_name, venue_address, venue_city, venue_country, online_url, time_zone, $4, $5, currency,
               image_id, refund_policy, change_terms, $6, $6, fee_to_buyer_percent, tax_rate,
               passing_allowed, passing_hours_before, passing_most, asking, asking_hours, max_per_card
        from events where id = $1
        on conflict on constraint events_slug_key do nothing
        returning slug
        "#,
        old.get(),
        new.get(),
        slug.as_str(),
        jiff_sqlx::Timestamp::from(starts) as _,
        jiff_sqlx::Timestamp::from(ends) as _,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut **tx)
    .await?)
}

async fn copy_tickets(
    sv: &Services,
    tx: &mut Tx,
    organization: Uuid,
    old: EventId,
    new: EventId,
) -> Result<(), Unexpected> {
    let pools = sqlx::query_scalar!(
        "select id from pools where event_id = $1 order by position, name",
        old.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let new_pools: Vec<Uuid> = pools.iter().map(|_| sv.new_id()).collect();
    sqlx::query!(
        r#"
        insert into pools (id, organization_id, event_id, name, capacity, position)
        select n.new, p.organization_id, $1, p.name, p.capacity, p.position
        from unnest($2::uuid[], $3::uuid[]) as n (old, new)
        join pools p on p.id = n.old
        "#,
        new.get(),
        &pools,
        &new_pools
    )
    .execute(&mut **tx)
    .await?;
    let types = sqlx::query_scalar!(
        "select id from ticket_types where event_id = $1 and state <> 'archived' order by position, number",
        old.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let new_types: Vec<Uuid> = types.iter().map(|_| sv.new_id()).collect();
    sqlx::query!(
        r#"
        insert into ticket_types (
            id, organization_id, event_id, number, name, description, price_minor, min_per_order, max_per_order,
            max_per_customer, position, created_at, tax_rate, door_note
        )
        select n.new, t.organization_id, $1, n.n::smallint, t.name, t.description, t.price_minor, t.min_per_order,
               t.max_per_order, t.max_per_customer, n.n::smallint, $4, t.tax_rate, t.door_note
        from unnest($2::uuid[], $3::uuid[]) with ordinality as n (old, new, n)
        join ticket_types t on t.id = n.old
        "#,
        new.get(),
        &types,
        &new_types,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into ticket_type_pools (organization_id, ticket_type_id, pool_id)
        select $1, t.new, p.new
        from ticket_type_pools x
        join unnest($2::uuid[], $3::uuid[]) as t (old, new) on t.old = x.ticket_type_id
        join unnest($4::uuid[], $5::uuid[]) as p (old, new) on p.old = x.pool_id
        "#,
        organization,
        &types,
        &new_types,
        &pools,
        &new_pools
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
