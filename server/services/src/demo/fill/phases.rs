//! Prices of the sample that follow one another by themselves.

use domain::ids::{EventId, OrganizationId, TicketTypeId};
use jiff::{SignedDuration, tz::TimeZone};

use crate::{
    Services, Unexpected,
    db::Scope,
    events::{self, PricePhaseInput},
    permit::{ManageTickets, Permit},
};

/// A film whose price rises in a few days, or when the house is filling.
const EVENT: &str = "the-last-tram";
/// So many more go at today's price.
const MORE: i64 = 15;

/// Today's price is an early one.
pub(super) async fn insert(sv: &Services) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select t.id, t.organization_id, t.event_id, e.time_zone, t.price_minor,
               (select coalesce(sum(l.quantity), 0) from order_lines l join orders o on o.id = l.order_id
                where l.ticket_type_id = t.id and o.paid_at is not null) as "sold!"
        from ticket_types t
        join events e on e.id = t.event_id
        where e.slug = $1
        order by t.position, t.number
        limit 1
        "#,
        EVENT
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(()) };
    let wrong =
        |e: events::EventError| Unexpected::new("price phases of the sample", e.to_string());
    let permit =
        Permit::<ManageTickets>::system("sample data", OrganizationId::new(row.organization_id));
    let at = (EventId::new(row.event_id), TicketTypeId::new(row.id));
    let zone = TimeZone::get(&row.time_zone).map_err(|e| Unexpected::new("sample", e))?;
    let until = (sv.now() + SignedDuration::from_hours(24 * 4)).to_zoned(zone);
    let early = PricePhaseInput {
        name: "Early bird".into(),
        price: major(row.price_minor),
        until: until.strftime("%Y-%m-%dT20:00").to_string(),
        count: row.sold.saturating_add(MORE).to_string(),
        last_name: "Regular".into(),
    };
    events::save_price_phase(sv, &permit, at, None, early)
        .await
        .map_err(wrong)?;
    let detail = events::show(sv, &permit, at.0).await.map_err(wrong)?;
    let types = detail.ticket_types.into_iter();
    let phases = types.filter(|t| t.id == at.1).find_map(|t| t.phases);
    let Some(phases) = phases else { return Ok(()) };
    let regular = PricePhaseInput {
        name: "Regular".into(),
        price: major(row.price_minor.saturating_add(200)),
        ..PricePhaseInput::default()
    };
    events::save_price_phase(sv, &permit, at, Some(phases.last.id), regular)
        .await
        .map_err(wrong)
}

/// Euros and cents.
fn major(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
