//! Many events that nobody asks for all the time.

use uuid::Uuid;

use super::Stage;
use crate::{Unexpected, db::Scope, rows::at};

impl Stage {
    /// Makes `count` published events of one organization over the coming months, each with a pool and a ticket type,
    /// and returns their slugs.
    pub async fn quiet_events(&self, count: u32) -> Result<Vec<String>, Unexpected> {
        let sv = &self.sv;
        let (now, organization): (_, Uuid) = (sv.now(), sv.new_id());
        let tag = organization.simple().to_string();
        let mut tx = sv.db.begin(Scope::System).await?;
        sqlx::query!(
            r#"
            insert into organizations (id, slug, name, contact_email, country, created_at)
            values ($1, 'quiet-' || $2, 'Quiet House', 'quiet@measures.example', 'SI', $3)
            "#,
            organization,
            tag,
            at(now) as _
        )
        .execute(&mut *tx)
        .await?;
        let slugs = sqlx::query_scalar!(
            r#"
            with made as (
                insert into events (id, organization_id, slug, title, summary, description_md, category, state, venue_name,
                                    venue_city, venue_country, time_zone, starts_at, ends_at, currency, published_at,
                                    created_at, updated_at, search_text, search_vector)
                select gen_random_uuid(), $1, 'quiet-' || $2 || '-' || n, 'Evening number ' || n, 'A small stage, good light.',
                       'Doors open half an hour before. **Seats are not numbered.**', 'concert', 'published', 'Cellar',
                       'Ljubljana', 'SI', 'Europe/Ljubljana', $3::timestamptz + interval '1 day' + n % 2000 * interval '1 hour',
                       $3::timestamptz + interval '1 day 3 hours' + n % 2000 * interval '1 hour', 'EUR', $3::timestamptz,
                       $3::timestamptz, $3::timestamptz, 'evening number ' || n || ' cellar ljubljana',
                       to_tsvector('simple', 'evening number ' || n || ' cellar ljubljana')
                from generate_series(1, $4::integer) as n
                returning id, slug
            ),
            pool as (
                insert into pools (id, organization_id, event_id, name, capacity)
                select gen_random_uuid(), $1, id, 'Cellar', 100 from made
                returning id, event_id
            ),
            kind as (
                insert into ticket_types (id, organization_id, event_id, number, name, price_minor, created_at)
                select gen_random_uuid(), $1, id, 1, 'Entry', 1500, $3::timestamptz from made
                returning id, event_id
            ),
            drawn as (
                insert into ticket_type_pools (organization_id, ticket_type_id, pool_id)
                select $1, kind.id, pool.id from kind join pool on pool.event_id = kind.event_id
            )
            select slug from made
            "#,
            organization,
            tag,
            at(now) as _,
            crate::rows::int(count)
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(slugs)
    }
}
