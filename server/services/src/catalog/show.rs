//! The page of one event.

use domain::{
    catalog::{Attendance, Category, EventState, Phase, SaleFacts, SaleStatus, Visibility, phase},
    ids::{EventId, TicketTypeId},
    money::{Currency, Money},
    orders::{Asking, ChangeTerms, HOURS_USUAL, RefundPolicy, RequestPolicy},
    when::Timestamp,
};

use super::{
    card::Picture,
    markdown::to_html,
    queries::{self, OfferRow},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    permit::{self, Refused, ViewEvents},
    phases::{self, OfferPhase, OnSale},
    prices::EventPrices,
    rows::count,
    session::Session,
};

#[derive(Debug, Clone)]
pub struct EventPage {
    pub id: EventId,
    pub slug: String,
    pub title: String,
    pub summary: String,
    /// Safe HTML.
    pub description_html: String,
    pub category: Category,
    /// The language the event is held in.
    pub language: String,
    pub phase: Phase,
    pub state_reason: String,
    pub visibility: Visibility,
    /// Whether one waits for one's turn to choose.
    pub waiting_room: bool,
    pub attendance: Attendance,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub refund_policy: RefundPolicy,
    /// What buyers may change by themselves; nothing: nothing.
    pub change_terms: Option<ChangeTerms>,
    /// Whether orders need the organizer's yes.
    pub requests: RequestPolicy,
    pub organizer_slug: String,
    pub organizer_name: String,
    pub organizer_description_html: String,
    pub organizer_website: String,
    pub picture: Option<Picture>,
    pub offers: Vec<Offer>,
    pub currency: Currency,
    /// Only members see it: a draft, or of a suspended organization.
    pub preview: bool,
}

/// A ticket type as a visitor sees it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub ticket_type: TicketTypeId,
    pub name: String,
    pub description: String,
    pub min: u32,
    /// How many one customer may have over all orders.
    pub max_per_customer: Option<u32>,
    pub state: OfferState,
}

/// What of an offer changes while somebody looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferState {
    pub ticket_type: TicketTypeId,
    /// The whole price.
    pub price: Money,
    /// Where the price is one of several, one after the other.
    pub phase: Option<OfferPhase>,
    pub status: SaleStatus,
    /// The most one order can have now.
    pub max: u32,
}

/// The event at this address: published ones for everybody, drafts for members who work on them.
pub async fn show(
    sv: &Services,
    slug: &str,
    viewer: Option<&Session>,
) -> Result<Option<EventPage>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Public).await?;
    if let Some(page) = load(sv, &mut tx, slug, false).await? {
        tx.commit().await?;
        return Ok(Some(page));
    }
    tx.commit().await?;
    let Some(viewer) = viewer else {
        return Ok(None);
    };
    let Some(event) = event_at(sv, slug).await? else {
        return Ok(None);
    };
    let permit = match permit::for_event::<ViewEvents>(sv, viewer, event).await {
        Ok(permit) => permit,
        Err(Refused::Unexpected(e)) => return Err(e),
        Err(_) => return Ok(None),
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let page = load(sv, &mut tx, slug, true).await?;
    tx.commit().await?;
    Ok(page)
}

/// What can be had of a published event right now, and the event's time zone; `None` for one that visitors do not see.
pub async fn availability(
    sv: &Services,
    event: EventId,
) -> Result<Option<(Vec<OfferState>, String)>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::Public).await?;
    let row = sqlx::query!(
        r#"
        select e.state, e.starts_at, e.ends_at, e.time_zone, e.currency, p.terms as "terms!"
        from events e
        join price_terms p on p.event_id = e.id
        where e.id = $1
        "#,
        event.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let state = EventState::from_code(&row.state)
        .ok_or_else(|| Unexpected::bad_row("events", event, "state"))?;
    let phase = phase(state, row.starts_at.to_jiff(), row.ends_at.to_jiff(), now);
    let currency = row
        .currency
        .parse()
        .map_err(|_| Unexpected::bad_row("events", event, "currency"))?;
    let prices = EventPrices::read(event, row.terms, currency, now)?;
    let offers = queries::offers(&mut tx, event.get()).await?;
    tx.commit().await?;
    let states = offers
        .iter()
        .map(|offer| state_of(offer, &prices, phase, now))
        .collect::<Result<_, _>>()?;
    Ok(Some((states, row.time_zone)))
}

async fn event_at(sv: &Services, slug: &str) -> Result<Option<EventId>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let id = sqlx::query_scalar!("select id from events where slug = $1", slug)
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(id.map(EventId::new))
}

async fn load(
    sv: &Services,
    tx: &mut Tx,
    slug: &str,
    preview: bool,
) -> Result<Option<EventPage>, Unexpected> {
    let now = sv.now();
    let Some(row) = queries::event(tx, slug).await? else {
        return Ok(None);
    };
    let offers = queries::offers(tx, row.id).await?;
    let bad = |what: &str| Unexpected::bad_row("events", row.id, what);
    let state = EventState::from_code(&row.state).ok_or_else(|| bad("state"))?;
    let currency: Currency = row.currency.parse().map_err(|_| bad("currency"))?;
    let (starts_at, ends_at) = (row.starts_at.to_jiff(), row.ends_at.to_jiff());
    let phase = phase(state, starts_at, ends_at, now);
    let prices = EventPrices::read(row.id, row.terms, currency, now)?;
    Ok(Some(EventPage {
        id: EventId::new(row.id),
        slug: slug.to_owned(),
        description_html: to_html(&row.description_md),
        category: Category::from_code(&row.category).ok_or_else(|| bad("category"))?,
        visibility: Visibility::from_code(&row.visibility).ok_or_else(|| bad("visibility"))?,
        attendance: Attendance::from_code(&row.attendance).ok_or_else(|| bad("attendance"))?,
        refund_policy: serde_json::from_value(row.refund_policy)
            .map_err(|_| bad("refund_policy"))?,
        change_terms: row
            .change_terms
            .map(serde_json::from_value)
            .transpose()
            .map_err(|_| bad("change_terms"))?,
        requests: RequestPolicy {
            asking: Asking::from_code(&row.asking).ok_or_else(|| bad("asking"))?,
            hours: u16::try_from(row.asking_hours).unwrap_or(HOURS_USUAL),
        },
        organizer_description_html: to_html(&row.organizer_description),
        picture: match (&row.sha256, row.width, row.height) {
            (Some(sha256), Some(width), Some(height)) => Some(Picture::new(sha256, width, height)),
            _ => None,
        },
        offers: offers
            .into_iter()
            .map(|offer| {
                Ok(Offer {
                    state: state_of(&offer, &prices, phase, now)?,
                    ticket_type: TicketTypeId::new(offer.id),
                    min: u32::try_from(offer.min_per_order).unwrap_or(1),
                    max_per_customer: offer
                        .max_per_customer
                        .and_then(|most| u32::try_from(most).ok()),
                    name: offer.name,
                    description: offer.description,
                })
            })
            .collect::<Result<_, Unexpected>>()?,
        waiting_room: row.waiting_room,
        title: row.title,
        summary: row.summary,
        language: row.language,
        state_reason: row.state_reason,
        venue_name: row.venue_name,
        venue_address: row.venue_address,
        venue_city: row.venue_city,
        venue_country: row.venue_country,
        time_zone: row.time_zone,
        organizer_slug: row.organizer_slug,
        organizer_name: row.organizer_name,
        organizer_website: row.organizer_website,
        phase,
        starts_at,
        ends_at,
        currency,
        preview,
    }))
}

fn state_of(
    offer: &OfferRow,
    prices: &EventPrices,
    phase: Phase,
    now: Timestamp,
) -> Result<OfferState, Unexpected> {
    let chain = phases::read(offer.id, offer.price_phases.clone())?;
    let on_sale = OnSale {
        id: offer.id,
        price_minor: offer.price_minor,
        tax_rate: offer.tax_rate,
        phases: chain.as_ref(),
        taken: count("price_phase_counts", offer.id, offer.taken)?,
        max_per_order: count("ticket_types", offer.id, offer.max_per_order)?,
    };
    let (price, of_phase) = prices.today(on_sale, now)?;
    let left = u32::try_from(offer.left).unwrap_or(0);
    let status = SaleStatus::of(&SaleFacts {
        opens: offer.sales_from.map(|t| t.to_jiff()),
        closes: offer.sales_until.map(|t| t.to_jiff()),
        paused: offer.state == "paused",
        capacity: u32::try_from(offer.capacity).unwrap_or(0),
        left,
        phase,
        now,
    });
    let per_customer = offer
        .max_per_customer
        .and_then(|most| u32::try_from(most).ok());
    let max = u32::try_from(offer.max_per_order)
        .unwrap_or(0)
        .min(left)
        .min(per_customer.unwrap_or(u32::MAX));
    Ok(OfferState {
        ticket_type: TicketTypeId::new(offer.id),
        price: price.unit,
        phase: of_phase,
        status,
        max: if status.can_buy() { max } else { 0 },
    })
}
