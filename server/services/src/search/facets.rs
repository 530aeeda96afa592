//! By what one can narrow down: the kinds and cities of what comes, with how many there are.

use domain::catalog::Category;

use crate::{Services, Unexpected, db::Scope};

#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// In the order in which kinds are declared.
    pub categories: Vec<(Category, u64)>,
    /// Most events first.
    pub cities: Vec<(String, u64)>,
}

const MOST_CITIES: usize = 24;

pub async fn facets(sv: &Services) -> Result<Facets, Unexpected> {
    let mut tx = sv.db.begin(Scope::Public).await?;
    let rows = sqlx::query!(
        r#"
        select e.category as "category?", e.venue_city as "city?", count(*) as "count!"
        from events e
        where e.visibility = 'public' and e.state = 'published' and e.ends_at > $1
        group by grouping sets ((e.category), (e.venue_city))
        order by count(*) desc, e.venue_city
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
