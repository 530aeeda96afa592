//! A new event from five things: title, when, where, one ticket, how many.

use domain::{
    catalog::{Attendance, Category},
    ids::{EventId, OrganizationId},
    money::{Currency, Money},
    text::{Fault, FieldErrors, Slug, line},
};

use super::{
    EventError,
    change::tell,
    input,
    times::{self, When, WhenInput},
};
use crate::{
    Services, Unexpected,
    db::Tx,
    organizers::web_address,
    permit::{CreateEvents, Permit},
};

#[derive(Debug, Default, Clone)]
pub struct CreateEvent {
    pub title: String,
    pub category: String,
    pub language: String,
    pub when: WhenInput,
    pub attendance: String,
    pub venue_name: String,
    pub venue_city: String,
    pub online_url: String,
    pub currency: String,
    pub ticket_name: String,
    /// "0" or empty is free.
    pub price: String,
    pub capacity: String,
}

#[derive(Debug, Clone)]
pub struct CreatedEvent {
    pub event: EventId,
    pub slug: String,
}

/// What the next event has in common with the last one, most likely; empty before the first.
#[derive(Debug, Default, Clone)]
pub struct LastEvent {
    pub time_zone: String,
    pub currency: String,
}

pub async fn last(sv: &Services, permit: &Permit<CreateEvents>) -> Result<LastEvent, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let last = sqlx::query_as!(
        LastEvent,
        r#"
        select time_zone, currency as "currency: String"
        from events
        where organization_id = $1
        order by created_at desc, id desc
        limit 1
        "#,
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(last.unwrap_or_default())
}

struct Checked {
    title: String,
    category: Category,
    language: String,
    when: When,
    attendance: Attendance,
    venue_name: String,
    venue_city: String,
    online_url: String,
    ticket_name: String,
    price: Money,
    capacity: i32,
}

fn check(sv: &Services, cmd: &CreateEvent) -> Result<Checked, FieldErrors> {
    let mut errors = FieldErrors::new();
    let title = errors.field("title", input::title(&cmd.title));
    let category = errors.field("category", cmd.category.parse::<Category>());
    let language = errors.field("language", input::language(&cmd.language));
    let when = times::when(&cmd.when, sv.now(), &mut errors);
    let attendance = errors.field("attendance", cmd.attendance.parse::<Attendance>());
    let venue_name = errors.field("venue_name", line(&cmd.venue_name, 0, 120));
    let venue_city = errors.field("venue_city", line(&cmd.venue_city, 0, 80));
    let online_url = errors.field("online_url", web_address(&cmd.online_url));
    let currency = errors.field(
        "currency",
        cmd.currency
            .parse::<Currency>()
            .map_err(|_| Fault::UnknownChoice),
    );
    let ticket_name = errors.field("ticket_name", line(&cmd.ticket_name, 1, 80));
    let price = match (cmd.price.trim(), currency) {
        (_, None) => None,
        ("", Some(currency)) => Some(Money::zero(currency)),
        (price, Some(currency)) => errors.field("price", Money::parse_major(price, currency)),
    };
    let capacity = errors.field("capacity", input::capacity(&cmd.capacity, 1));
    errors.finish()?;
    let nothing = FieldErrors::new;
    Ok(Checked {
        title: title.ok_or_else(nothing)?,
        category: category.ok_or_else(nothing)?,
        language: language.ok_or_else(nothing)?,
        when: when.ok_or_else(nothing)?,
        attendance: attendance.ok_or_else(nothing)?,
        venue_name: venue_name.ok_or_else(nothing)?,
        venue_city: venue_city.ok_or_else(nothing)?,
        online_url: online_url.ok_or_else(nothing)?,
        ticket_name: ticket_name.ok_or_else(nothing)?,
        price: price.ok_or_else(nothing)?,
        capacity: capacity.ok_or_else(nothing)?,
    })
}

/// Makes a draft with one pool and one ticket type that draws from it.
#[tracing::instrument(skip_all)]
pub async fn create(
    sv: &Services,
    permit: &Permit<CreateEvents>,
    cmd: CreateEvent,
) -> Result<CreatedEvent, EventError> {
    let new = check(sv, &cmd)?;
    let organization = permit.organization();
    let event = EventId::new(sv.new_id());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let slug = insert_event(sv, &mut tx, organization, event, &new).await?;
    insert_ticket(sv, &mut tx, organization, event, &new).await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(CreatedEvent { event, slug })
}

/// Inserts under the first free slug. Slugs are unique over all tenants, whose rows cannot be seen from here, so trying
/// is the only way to know.
async fn insert_event(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    new: &Checked,
) -> Result<String, Unexpected> {
    for slug in slugs(&new.title, event) {
        let inserted = sqlx::query_scalar!(
            r#"
            insert into events (
                id, organization_id, slug, title, category, language, attendance, venue_name, venue_city, online_url,
                time_zone, starts_at, ends_at, currency, created_at, updated_at, refund_policy
            )
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, o.refund_policy
            from organizations o where o.id = $2
            on conflict on constraint events_slug_key do nothing
            returning slug
            "#,
            event.get(),
            organization.get(),
            slug.as_str(),
            new.title,
            new.category.code(),
            new.language,
            new.attendance.code(),
            new.venue_name,
            new.venue_city,
            new.online_url,
            new.when.time_zone,
            jiff_sqlx::Timestamp::from(new.when.window.from) as _,
            jiff_sqlx::Timestamp::from(new.when.window.until) as _,
            new.price.currency.as_str(),
            jiff_sqlx::Timestamp::from(sv.now()) as _
        )
        .fetch_optional(&mut **tx)
        .await?;
        if let Some(slug) = inserted {
            return Ok(slug);
        }
    }
    Err(Unexpected::new("event slug", "every variant is taken"))
}

/// The title's own slug, numbered ones, and at last one that nobody else can have.
pub(super) fn slugs(title: &str, event: EventId) -> impl Iterator<Item = Slug> {
    let own = Slug::from_title(title);
    let numbered = own.clone();
    let last = Slug::from_title(&event.to_string());
    std::iter::once(own)
        .chain((2..=20).map(move |number| numbered.numbered(number)))
        .chain(std::iter::once(last))
}

async fn insert_ticket(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    new: &Checked,
) -> Result<(), Unexpected> {
    let (pool, ticket_type) = (sv.new_id(), sv.new_id());
    sqlx::query!(
        "insert into pools (id, organization_id, event_id, name, capacity) values ($1, $2, $3, $4, $5)",
        pool,
        organization.get(),
        event.get(),
        new.ticket_name,
        new.capacity
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into ticket_types (id, organization_id, event_id, number, name, price_minor, created_at)
        values ($1, $2, $3, 1, $4, $5, $6)
        "#,
        ticket_type,
        organization.get(),
        event.get(),
        new.ticket_name,
        new.price.minor,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into ticket_type_pools (organization_id, ticket_type_id, pool_id) values ($1, $2, $3)",
        organization.get(),
        ticket_type,
        pool
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
