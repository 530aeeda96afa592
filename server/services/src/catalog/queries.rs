//! What pages read about one event.

use uuid::Uuid;

use crate::{Unexpected, db::Tx};

pub(super) struct EventRow {
    pub id: Uuid,
    pub title: String,
    pub summary: String,
    pub description_md: String,
    pub category: String,
    pub language: String,
    pub state: String,
    pub visibility: String,
    pub waiting_room: bool,
    pub attendance: String,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    pub time_zone: String,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
    pub currency: String,
    pub refund_policy: serde_json::Value,
    pub change_terms: Option<serde_json::Value>,
    pub asking: String,
    pub asking_hours: i16,
    pub state_reason: String,
    pub organizer_slug: String,
    pub organizer_name: String,
    pub organizer_description: String,
    pub organizer_website: String,
    pub sha256: Option<Vec<u8>>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub terms: serde_json::Value,
}

pub(super) async fn event(tx: &mut Tx, slug: &str) -> Result<Option<EventRow>, Unexpected> {
    Ok(sqlx::query_as!(
        EventRow,
        r#"
        select e.id, e.title, e.summary, e.description_md, e.category, e.language, e.state, e.visibility, e.waiting_room,
               e.attendance, e.venue_name, e.venue_address, e.venue_city, e.venue_country, e.time_zone, e.starts_at,
               e.ends_at, e.currency, e.refund_policy, e.change_terms, e.asking, e.asking_hours, e.state_reason, o.slug as organizer_slug, o.name as organizer_name,
               o.description_md as organizer_description, o.website as organizer_website,
               f.sha256 as "sha256?", f.width as "width?", f.height as "height?", p.terms as "terms!"
        from events e
        join organizations o on o.id = e.organization_id
        join price_terms p on p.event_id = e.id
        left join files f on f.id = e.image_id
        where e.slug = $1
        "#,
        slug
    )
    .fetch_optional(&mut **tx)
    .await?)
}

pub(super) struct OfferRow {
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub price_minor: i64,
    pub price_phases: Option<serde_json::Value>,
    pub taken: i32,
    pub tax_rate: Option<i32>,
    pub min_per_order: i16,
    pub max_per_order: i16,
    pub max_per_customer: Option<i16>,
    pub sales_from: Option<jiff_sqlx::Timestamp>,
    pub sales_until: Option<jiff_sqlx::Timestamp>,
    pub state: String,
    pub capacity: i32,
    pub left: i32,
}

/// A type that draws from several pools has as many left as the emptiest of them; one without a pool has none.
pub(super) async fn offers(tx: &mut Tx, event: Uuid) -> Result<Vec<OfferRow>, Unexpected> {
    Ok(sqlx::query_as!(
        OfferRow,
        r#"
        select t.id, t.name, t.description, t.price_minor, t.price_phases, t.tax_rate,
               coalesce((select c.taken from price_phase_counts c where c.ticket_type_id = t.id), 0) as "taken!", t.min_per_order, t.max_per_order, t.max_per_customer,
               t.sales_from, t.sales_until, t.state, coalesce(min(p.capacity), 0) as "capacity!",
               coalesce(min(p.capacity - p.held - p.sold), 0) as "left!"
        from ticket_types t
        left join ticket_type_pools tp on tp.ticket_type_id = t.id
        left join pools p on p.id = tp.pool_id
        where t.event_id = $1 and t.state <> 'archived'
        group by t.id
        order by t.position, t.number
        "#,
        event
    )
    .fetch_all(&mut **tx)
    .await?)
}
