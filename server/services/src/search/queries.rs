//! The one query behind every list of events.

use domain::when::Timestamp;

use super::cursor::Cursor;
use crate::{Unexpected, catalog::CardRow, db::Tx};

pub(super) struct Query<'a> {
    /// For `to_tsquery`: each word as a prefix.
    pub prefixes: Option<String>,
    /// The same words, for likeness.
    pub words: Option<String>,
    pub category: Option<&'static str>,
    pub city: Option<&'a str>,
    /// Days on the wall calendar of the event.
    pub from: Option<String>,
    pub until: Option<String>,
    pub free: bool,
    pub online: bool,
    pub organizer: Option<&'a str>,
    pub past: bool,
    pub only_happening: bool,
    pub after: Option<Cursor>,
    pub limit: i64,
    pub now: Timestamp,
}

/// How alike a word must be; lower finds more slips of the finger and more nonsense.
const LIKENESS: &str = "0.5";

/// Exact matches first (tier 0), then similar ones (tier 1); within these by time.
pub(super) async fn cards(tx: &mut Tx, query: &Query<'_>) -> Result<Vec<CardRow>, Unexpected> {
    if query.words.is_some() {
        sqlx::query!(
            "select set_config('pg_trgm.word_similarity_threshold', $1, true)",
            LIKENESS
        )
        .fetch_one(&mut **tx)
        .await?;
    }
    let after = query.after;
    Ok(sqlx::query_as!(
        CardRow,
        r#"
        with hits as (
            select e.id, e.starts_at,
                   case when $1::text is null or e.search_vector @@ to_tsquery('simple', $1) then 0 else 1 end as tier
            from events e
            where e.visibility = 'public'
              and e.state <> 'draft'
              and ($1::text is null or e.search_vector @@ to_tsquery('simple', $1) or $2 <% e.search_text)
              and (e.ends_at <= $3) = $4
              and ($5::text is null or e.category = $5)
              and ($6::text is null or e.venue_city = $6)
              and ($7::text is null or (e.ends_at at time zone e.time_zone)::date >= $7::text::date)
              and ($8::text is null or (e.starts_at at time zone e.time_zone)::date <= $8::text::date)
              and (not $9 or exists (select from ticket_types t
                                     where t.event_id = e.id and t.state <> 'archived' and t.price_minor = 0))
              and (not $10 or e.attendance = 'online')
              and ($11::text is null or e.organization_id = (select o.id from organizations o where o.slug = $11))
              and (not $12 or e.state = 'published')
        ), page as (
            select id, tier, starts_at
            from hits
            where $13::integer is null
               or (not $4 and (tier, starts_at, id) > ($13, $14::timestamptz, $15::uuid))
               or ($4 and (tier, $14::timestamptz, $15::uuid) > ($13, starts_at, id))
            order by tier, case when not $4 then starts_at end, case when $4 then starts_at end desc,
                     case when not $4 then id end, case when $4 then id end desc
            limit $16
        )
        select e.id, e.slug, e.title, e.category, e.state, e.attendance, e.venue_name, e.venue_city,
               o.name as organizer_name, e.time_zone, e.starts_at, e.ends_at, e.currency,
               f.sha256 as "sha256?", f.width as "width?", f.height as "height?",
               coalesce(offers.all, '[]') as "offers!", page.tier as "tier!"
        from page
        join events e on e.id = page.id
        join organizations o on o.id = e.organization_id
        left join files f on f.id = e.image_id
        left join lateral (
            select jsonb_agg(jsonb_build_object(
                       'price', t.price_minor, 'paused', t.state = 'paused', 'opens', t.sales_from,
                       'closes', t.sales_until, 'left', greatest(coalesce(stock.left, 0), 0),
                       'capacity', coalesce(stock.capacity, 0))) as "all"
            from ticket_types t
            left join lateral (
                select min(p.capacity - p.held - p.sold) as "left", min(p.capacity) as capacity
                from ticket_type_pools tp
                join pools p on p.id = tp.pool_id
                where tp.ticket_type_id = t.id
            ) stock on true
            where t.event_id = e.id and t.state <> 'archived'
        ) offers on true
        order by page.tier, case when not $4 then page.starts_at end, case when $4 then page.starts_at end desc,
                 case when not $4 then page.id end, case when $4 then page.id end desc
        "#,
        query.prefixes,
        query.words,
        jiff_sqlx::Timestamp::from(query.now) as _,
        query.past,
        query.category,
        query.city,
        query.from,
        query.until,
        query.free,
        query.online,
        query.organizer,
        query.only_happening,
        after.map(|cursor| cursor.tier),
        after.map(|cursor| jiff_sqlx::Timestamp::from(cursor.starts_at)) as _,
        after.map(|cursor| cursor.id),
        query.limit
    )
    .fetch_all(&mut **tx)
    .await?)
}
