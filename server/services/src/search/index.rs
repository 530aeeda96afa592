//! Fills the search columns of an event from what people would look for: title, words about it, organizer, place.

use domain::{catalog::Category, ids::EventId, text::search_key};
use locales::Locale;
use uuid::Uuid;

use crate::{Unexpected, db::Tx};

/// Writes `search_text` (folded, for typos) and `search_vector` (weighted, for words) of one event.
pub async fn index_event(tx: &mut Tx, event: EventId) -> Result<(), Unexpected> {
    let row = sqlx::query!(
        r#"
        select e.title, e.summary, e.description_md, e.category, e.venue_name, e.venue_city, e.venue_country,
               o.name as organizer
        from events e
        join organizations o on o.id = e.organization_id
        where e.id = $1
        "#,
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let category = Category::from_code(&row.category)
        .map(|c| {
            Locale::all()
                .map(|l| locales::categories::name(l, c.code()))
                .join(" ")
        })
        .unwrap_or_default();
    let title = search_key(&row.title);
    let place = search_key(&format!(
        "{} {} {}",
        row.venue_name, row.venue_city, row.organizer
    ));
    let about = search_key(&format!("{} {category}", row.summary));
    let rest = search_key(&row.description_md);
    sqlx::query!(
        r#"
        update events
        set search_text = $2,
            search_vector = setweight(to_tsvector('simple', $3), 'A') || setweight(to_tsvector('simple', $4), 'B')
                || setweight(to_tsvector('simple', $5), 'C') || setweight(to_tsvector('simple', $6), 'D')
        where id = $1
        "#,
        event.get(),
        format!("{title} {place} {about}"),
        title,
        place,
        about,
        rest
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All events of an organization, after its name changed.
pub async fn index_organization(tx: &mut Tx, organization: Uuid) -> Result<(), Unexpected> {
    let events = sqlx::query_scalar!(
        "select id from events where organization_id = $1",
        organization
    )
    .fetch_all(&mut **tx)
    .await?;
    for event in events {
        index_event(tx, EventId::new(event)).await?;
    }
    Ok(())
}
