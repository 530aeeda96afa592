//! An event as its organizer sees it.

use domain::{
    catalog::{Attendance, Category, EventState, Phase, Visibility, phase},
    ids::{EventId, PoolId, TicketTypeId},
    money::{Currency, Money},
    orders::{ChangeTerms, HOURS_USUAL, PassingPolicy, RefundPolicy, RequestPolicy},
    pricing::{PricePhases, Rate},
    text::Fault,
    when::Timestamp,
};
use jiff::civil::DateTime;
use uuid::Uuid;

use super::{EventError, ticket_types::point_out};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    permit::{Act, Permit},
    phases,
    prices::{self, Pricing},
    rows::count,
    zone::{self, Local},
};

#[derive(Debug, Clone)]
pub struct EventDetail {
    pub id: EventId,
    pub organization_slug: String,
    pub organization_name: String,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub description_md: String,
    pub category: Category,
    pub language: String,
    pub state: EventState,
    pub state_reason: String,
    pub phase: Phase,
    pub visibility: Visibility,
    /// Whether buyers wait for their turn.
    pub waiting_room: bool,
    pub attendance: Attendance,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    pub online_url: String,
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// The same on the clocks of the venue.
    pub starts_local: Local,
    pub ends_local: Local,
    pub currency: Currency,
    /// SHA-256 of the picture, for [`crate::files::picture_path`].
    pub picture: Option<Vec<u8>>,
    pub refund_policy: RefundPolicy,
    /// What buyers may change by themselves; nothing: nothing.
    pub change_terms: Option<ChangeTerms>,
    pub passing: PassingPolicy,
    /// How many tickets one card may pay for.
    pub max_per_card: Option<i16>,
    /// Whether orders need the organizer's yes.
    pub requests: RequestPolicy,
    /// Whether a card can be held meanwhile.
    pub can_hold: bool,
    pub published_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    /// Whether somebody has, or is about to have, tickets.
    pub sold: bool,
    pub sold_out: bool,
    pub ticket_types: Vec<TicketTypeDetail>,
    pub pools: Vec<PoolDetail>,
    pub pricing: Pricing,
}

#[derive(Debug, Clone)]
pub struct TicketTypeDetail {
    pub id: TicketTypeId,
    pub number: i16,
    pub name: String,
    pub description: String,
    /// As it was typed.
    pub price: Money,
    /// Of tax, where it is not the event's.
    pub tax: Option<Rate>,
    pub min_per_order: i16,
    pub max_per_order: i16,
    /// Over all orders of one customer.
    pub max_per_customer: Option<i16>,
    /// What to look at at the door.
    pub door_note: Option<String>,
    pub sales_from: Option<Timestamp>,
    pub sales_until: Option<Timestamp>,
    pub sales_from_local: Option<DateTime>,
    pub sales_until_local: Option<DateTime>,
    /// "active", "paused" or "archived".
    pub state: String,
    pub pools: Vec<PoolId>,
    /// Valid tickets of the type.
    pub sold: i64,
    /// Its prices one after the other, where it has several; the last is its own.
    pub phases: Option<PricePhases>,
    /// How many are taken, where a phase ends by count.
    pub taken: u32,
    /// Which phase holds.
    pub phase_now: usize,
    /// Why nobody can buy it, at the price that holds now or at one that comes.
    pub not_payable: Option<Fault>,
}

#[derive(Debug, Clone)]
pub struct PoolDetail {
    pub id: PoolId,
    pub name: String,
    pub capacity: i32,
    pub held: i32,
    pub sold: i32,
}

/// Which event an address means, whoever's it is; a permit for it is needed for anything more.
pub async fn id_by_slug(sv: &Services, slug: &str) -> Result<EventId, EventError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let id = sqlx::query_scalar!("select id from events where slug = $1", slug)
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    id.map(EventId::new).ok_or(EventError::NotFound)
}

/// Everything about an event, for whoever may do anything with it.
pub async fn show<A: Act>(
    sv: &Services,
    permit: &Permit<A>,
    event: EventId,
) -> Result<EventDetail, EventError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let organization = permit.organization();
    let row = sqlx::query!(
        r#"
        select e.slug, e.title, e.summary, e.description_md, e.category, e.language, e.state, e.state_reason,
               e.visibility, e.waiting_room, e.attendance, e.venue_name, e.venue_address, e.venue_city, e.venue_country, e.online_url,
               e.time_zone, e.starts_at, e.ends_at, e.currency, e.refund_policy, e.change_terms, e.published_at, e.updated_at,
               e.passing_allowed, e.passing_hours_before, e.passing_most, e.asking, e.asking_hours, e.max_per_card,
               o.slug as organization_slug, o.name as organization_name, f.sha256 as "picture?",
               (exists (select from orders r where r.event_id = e.id and r.state in ('pending', 'asked', 'paid', 'refunded'))
                or exists (select from holds h where h.event_id = e.id and h.state = 'active')) as "sold!",
               (select count(*) from tickets t where t.event_id = e.id and t.state = 'valid') >= event_capacity(e.id)
                   as "sold_out!",
               p.terms as "terms!"
        from events e
        join organizations o on o.id = e.organization_id
        join price_terms p on p.event_id = e.id
        left join files f on f.id = e.image_id
        where e.organization_id = $1 and e.id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(EventError::NotFound)?;
    let currency = row
        .currency
        .parse()
        .map_err(|_| bad(event, &row.currency))?;
    let mut ticket_types =
        ticket_types(&mut tx, event, currency, (&row.time_zone, sv.now())).await?;
    let pricing = Pricing::read(event, row.terms, currency, sv.now())?;
    let at = (organization, event);
    point_out(sv, &mut tx, at, pricing.terms, &mut ticket_types).await?;
    let pools = sqlx::query_as!(
        PoolRow,
        "select id, name, capacity, held, sold from pools where event_id = $1 order by position, name",
        event.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let state = row.state.parse().map_err(|_| bad(event, &row.state))?;
    let (starts_at, ends_at) = (row.starts_at.to_jiff(), row.ends_at.to_jiff());
    let local = |at| zone::local(at, &row.time_zone).map_err(|e| bad(event, e));
    Ok(EventDetail {
        id: event,
        organization_slug: row.organization_slug,
        organization_name: row.organization_name,
        slug: row.slug,
        title: row.title,
        summary: row.summary,
        description_md: row.description_md,
        category: row
            .category
            .parse()
            .map_err(|_| bad(event, &row.category))?,
        language: row.language,
        state,
        state_reason: row.state_reason,
        phase: phase(state, starts_at, ends_at, sv.now()),
        waiting_room: row.waiting_room,
        visibility: row
            .visibility
            .parse()
            .map_err(|_| bad(event, &row.visibility))?,
        attendance: row
            .attendance
            .parse()
            .map_err(|_| bad(event, &row.attendance))?,
        venue_name: row.venue_name,
        venue_address: row.venue_address,
        venue_city: row.venue_city,
        venue_country: row.venue_country,
        online_url: row.online_url,
        starts_local: local(starts_at)?,
        ends_local: local(ends_at)?,
        time_zone: row.time_zone,
        starts_at,
        ends_at,
        currency,
        picture: row.picture,
        refund_policy: serde_json::from_value(row.refund_policy).map_err(|e| bad(event, e))?,
        change_terms: row
            .change_terms
            .map(serde_json::from_value)
            .transpose()
            .map_err(|e| bad(event, e))?,
        can_hold: sv.payments.can_hold(),
        requests: RequestPolicy {
            asking: row.asking.parse().map_err(|_| bad(event, &row.asking))?,
            hours: u16::try_from(row.asking_hours).unwrap_or(HOURS_USUAL),
        },
        passing: PassingPolicy {
            allowed: row.passing_allowed,
            hours_before: u16::try_from(row.passing_hours_before).unwrap_or(0),
            most: u16::try_from(row.passing_most).unwrap_or(1),
        },
        max_per_card: row.max_per_card,
        published_at: row.published_at.map(|at| at.to_jiff()),
        updated_at: row.updated_at.to_jiff(),
        sold: row.sold,
        sold_out: row.sold_out,
        ticket_types,
        pools: pools.into_iter().map(PoolDetail::from).collect(),
        pricing,
    })
}

struct PoolRow {
    id: Uuid,
    name: String,
    capacity: i32,
    held: i32,
    sold: i32,
}

impl From<PoolRow> for PoolDetail {
    fn from(row: PoolRow) -> Self {
        Self {
            id: PoolId::new(row.id),
            name: row.name,
            capacity: row.capacity,
            held: row.held,
            sold: row.sold,
        }
    }
}

async fn ticket_types(
    tx: &mut Tx,
    event: EventId,
    currency: Currency,
    (time_zone, now): (&str, Timestamp),
) -> Result<Vec<TicketTypeDetail>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, t.number, t.name, t.description, t.price_minor, t.price_phases, t.tax_rate,
               coalesce((select c.taken from price_phase_counts c where c.ticket_type_id = t.id), 0) as "taken!", t.min_per_order, t.max_per_order,
               t.max_per_customer, t.door_note, t.sales_from, t.sales_until, t.state,
               array(select x.pool_id from ticket_type_pools x where x.ticket_type_id = t.id) as "pools!",
               (select count(*) from tickets k where k.ticket_type_id = t.id and k.state = 'valid') as "sold!"
        from ticket_types t
        where t.event_id = $1
        order by t.state = 'archived', t.position, t.number
        "#,
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let local = |at: Timestamp| zone::local(at, time_zone).ok().map(|local| local.at);
    rows.into_iter()
        .map(|row| {
            let phases = phases::read(row.id, row.price_phases)?;
            let taken = count("price_phase_counts", row.id, row.taken)?;
            let sales_from = row.sales_from.map(|at| at.to_jiff());
            let sales_until = row.sales_until.map(|at| at.to_jiff());
            Ok(TicketTypeDetail {
                tax: prices::rate("ticket_types", row.id, row.tax_rate)?,
                id: TicketTypeId::new(row.id),
                number: row.number,
                name: row.name,
                description: row.description,
                price: Money::new(row.price_minor, currency),
                min_per_order: row.min_per_order,
                max_per_order: row.max_per_order,
                max_per_customer: row.max_per_customer,
                door_note: row.door_note,
                sales_from,
                sales_until,
                sales_from_local: sales_from.and_then(local),
                sales_until_local: sales_until.and_then(local),
                state: row.state,
                pools: row.pools.into_iter().map(PoolId::new).collect(),
                sold: row.sold,
                phase_now: phases.as_ref().map_or(0, |phases| phases.index(now, taken)),
                phases,
                taken,
                not_payable: None,
            })
        })
        .collect()
}

fn bad(event: EventId, what: impl std::fmt::Display) -> Unexpected {
    Unexpected::bad_row("events", event, what)
}
