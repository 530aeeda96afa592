//! An event as a calendar file (RFC 5545). The UID never changes and SEQUENCE rises, so that calendars update it.

use icalendar::{Calendar, Component, Event, Property};

use crate::{Services, Unexpected, db::Scope};

/// The file's text; `None` for an unknown or unpublished event.
pub async fn calendar(sv: &Services, slug: &str) -> Result<Option<String>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Public).await?;
    let row = sqlx::query!(
        r#"
        select e.id, e.title, e.summary, e.state, e.attendance, e.venue_name, e.venue_address, e.venue_city,
               e.sequence, e.starts_at, e.ends_at, e.updated_at, o.name as organizer
        from events e
        join organizations o on o.id = e.organization_id
        where e.slug = $1
        "#,
        slug
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(None) };

    let url = format!("{}/e/{slug}", sv.settings.public_url);
    let status = match row.state.as_str() {
        "cancelled" => "CANCELLED",
        "postponed" => "TENTATIVE",
        _ => "CONFIRMED",
    };
    let place: Vec<&str> = [&row.venue_name, &row.venue_address, &row.venue_city]
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let location = if row.attendance == "online" {
        url.clone()
    } else {
        place.join(", ")
    };
    let mut event = Event::new();
    event
        .uid(&format!("{}@bilten", row.id))
        .summary(&one_line(&row.title))
        .description(&format!("{}\n{url}", one_line(&row.summary)))
        .add_property("DTSTART", utc(row.starts_at.to_jiff()))
        .add_property("DTEND", utc(row.ends_at.to_jiff()))
        .add_property("DTSTAMP", utc(row.updated_at.to_jiff()))
        .add_property("SEQUENCE", row.sequence.to_string())
        .add_property("STATUS", status)
        .add_property("LOCATION", one_line(&location))
        .append_property(Property::new("URL", &url).done());
    let mut calendar = Calendar::new();
    calendar.name(&one_line(&row.organizer)).push(event.done());
    Ok(Some(calendar.to_string()))
}

/// A line that ends early could say something of its own, and what ends a line is read differently from program to program.
fn one_line(text: &str) -> String {
    let parts = text.split(|sign: char| sign.is_control() || sign.is_whitespace());
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// UTC in the form calendars understand everywhere: 20260701T180000Z.
fn utc(at: domain::when::Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
