//! By what one can narrow down: the kinds and cities of what comes, with how many there are.

use std::time::{Duration, Instant};

use domain::catalog::Category;
use tokio::sync::Mutex;

use crate::{Services, Unexpected, db::Scope};

#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// In the order in which kinds are declared.
    pub categories: Vec<(Category, u64)>,
    /// Most events first.
    pub cities: Vec<(String, u64)>,
}

const MOST_CITIES: usize = 24;
/// A count that took no longer is made each time, so that what was published a moment ago is there.
const CHEAP: Duration = Duration::from_millis(20);
/// Any other is good for so many times what it took: counting takes no more than a fiftieth of the time.
const WORTH: u32 = 50;

/// The last count of this process, with how long it is good for.
#[derive(Debug, Default)]
pub struct KeptFacets(Mutex<Option<(Facets, Instant)>>);

/// Of a large house they may be a minute old.
pub async fn facets(sv: &Services) -> Result<Facets, Unexpected> {
    // Whoever comes meanwhile waits for the same count.
    let mut kept = sv.facets.0.lock().await;
    if let Some((facets, until)) = kept.as_ref()
        && Instant::now() < *until
    {
        return Ok(facets.clone());
    }
    let begun = Instant::now();
    let facets = count(sv).await?;
    let took = begun.elapsed();
    *kept = (took > CHEAP).then(|| (facets.clone(), Instant::now() + took * WORTH));
    Ok(facets)
}

async fn count(sv: &Services) -> Result<Facets, Unexpected> {
    let mut tx = sv.db.begin(Scope::Public).await?;
    let rows = sqlx::query!(
        r#"
        select category as "category?", city as "city?", count(*) as "count!"
        from listings
        where happening and ends_at > $1
        group by grouping sets ((category), (city))
        order by count(*) desc, city
        "#,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let mut facets = Facets::default();
    for row in rows {
        let count = u64::try_from(row.count).unwrap_or(0);
        match (
            row.category.as_deref().and_then(Category::from_code),
            row.city,
        ) {
            (Some(category), _) => facets.categories.push((category, count)),
            (None, Some(city)) if !city.is_empty() => facets.cities.push((city, count)),
            (None, _) => {}
        }
    }
    facets
        .categories
        .sort_by_key(|(category, _)| Category::all().iter().position(|known| known == category));
    facets.cities.truncate(MOST_CITIES);
    Ok(facets)
}
