//! What search engines may list: public events, and the organizers who have some.

use domain::when::Timestamp;

use crate::{Services, Unexpected, db::Scope};

/// A sitemap file may name no more than 50,000 addresses (sitemaps.org protocol).
const MOST: i64 = 25_000;

#[derive(Debug, Clone)]
pub struct SitemapEntry {
    /// Path on this site.
    pub path: String,
    pub changed: Timestamp,
}

pub async fn sitemap(sv: &Services) -> Result<Vec<SitemapEntry>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Public).await?;
    let rows = sqlx::query!(
        r#"
        (select '/e/' || e.slug as "path!", e.updated_at as "changed!"
         from events e
         where e.visibility = 'public'
         order by e.starts_at desc
         limit $1)
        union all
        (select '/o/' || o.slug, max(e.updated_at)
         from organizations o
         join events e on e.organization_id = o.id and e.visibility = 'public'
         group by o.slug
         limit $1)
        "#,
        MOST
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| SitemapEntry {
            path: row.path,
            changed: row.changed.to_jiff(),
        })
        .collect())
}
