//! An event in a list: enough to decide whether to look closer.

use domain::{
    catalog::{Attendance, Category, EventState, Phase, SaleFacts, SaleStatus, phase},
    ids::EventId,
    money::{Currency, Money},
    pricing::PricePhases,
    when::Timestamp,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Unexpected, files, phases::OnSale, prices::EventPrices};

/// An uploaded picture at its three addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Narrowest first: address and width in pixels.
    pub sources: Vec<(String, u32)>,
    /// Of the largest.
    pub width: u32,
    pub height: u32,
}

impl Picture {
    pub(super) fn new(sha256: &[u8], width: i32, height: i32) -> Self {
        let sources = files::WIDTHS
            .iter()
            .map(|&w| (files::picture_path(sha256, w), w))
            .collect();
        Self {
            sources,
            width: u32::try_from(width).unwrap_or(1),
            height: u32::try_from(height).unwrap_or(1),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventCard {
    pub id: EventId,
    pub slug: String,
    pub title: String,
    pub category: Category,
    pub attendance: Attendance,
    pub venue_name: String,
    pub venue_city: String,
    pub organizer_name: String,
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub phase: Phase,
    pub picture: Option<Picture>,
    /// Of what can be had; of everything when nothing can. `None` without ticket types.
    pub lowest: Option<Money>,
    /// Whether tickets cost different amounts.
    pub several_prices: bool,
    pub sale: CardSale,
}

/// The best that can be said about an event's tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardSale {
    OnSale,
    FewLeft,
    SoldOut,
    NotYet {
        opens: Timestamp,
    },
    /// Over, paused, or there are none.
    Closed,
}

/// As the queries return it.
pub(crate) struct CardRow {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub category: String,
    pub state: String,
    pub attendance: String,
    pub venue_name: String,
    pub venue_city: String,
    pub organizer_name: String,
    pub time_zone: String,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
    pub currency: String,
    pub sha256: Option<Vec<u8>>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub terms: serde_json::Value,
    pub offers: serde_json::Value,
}

#[derive(Deserialize)]
struct OfferRow {
    id: Uuid,
    price: i64,
    phases: Option<PricePhases>,
    taken: u32,
    most: u32,
    tax_rate: Option<i32>,
    left: u32,
    capacity: u32,
    paused: bool,
    opens: Option<Timestamp>,
    closes: Option<Timestamp>,
}

pub(crate) fn card(row: CardRow, now: Timestamp) -> Result<EventCard, Unexpected> {
    let bad = |what: &str| Unexpected::bad_row("events", row.id, what);
    let currency: Currency = row.currency.parse().map_err(|_| bad("currency"))?;
    let state = EventState::from_code(&row.state).ok_or_else(|| bad("state"))?;
    let (starts_at, ends_at) = (row.starts_at.to_jiff(), row.ends_at.to_jiff());
    let phase = phase(state, starts_at, ends_at, now);
    let offers: Vec<OfferRow> = serde_json::from_value(row.offers).map_err(|_| bad("offers"))?;
    let prices = EventPrices::read(row.id, row.terms, currency, now)?;
    let states = offers
        .iter()
        .map(|offer| {
            let facts = SaleFacts {
                opens: offer.opens,
                closes: offer.closes,
                paused: offer.paused,
                capacity: offer.capacity,
                left: offer.left,
                phase,
                now,
            };
            let on_sale = OnSale {
                id: offer.id,
                price_minor: offer.price,
                tax_rate: offer.tax_rate,
                phases: offer.phases.as_ref(),
                taken: offer.taken,
                max_per_order: offer.most,
            };
            let (price, _) = prices.today(on_sale, now)?;
            Ok((price.unit.minor, SaleStatus::of(&facts)))
        })
        .collect::<Result<Vec<(i64, SaleStatus)>, Unexpected>>()?;
    let can_buy = states
        .iter()
        .filter(|(_, status)| status.can_buy())
        .map(|(price, _)| *price);
    let lowest = can_buy
        .min()
        .or_else(|| states.iter().map(|(price, _)| *price).min());
    Ok(EventCard {
        id: EventId::new(row.id),
        category: Category::from_code(&row.category).ok_or_else(|| bad("category"))?,
        attendance: Attendance::from_code(&row.attendance).ok_or_else(|| bad("attendance"))?,
        picture: match (&row.sha256, row.width, row.height) {
            (Some(sha256), Some(width), Some(height)) => Some(Picture::new(sha256, width, height)),
            _ => None,
        },
        several_prices: states.iter().any(|(price, _)| Some(*price) != lowest),
        lowest: lowest.map(|minor| Money::new(minor, currency)),
        sale: best(states.iter().map(|(_, status)| *status)),
        slug: row.slug,
        title: row.title,
        venue_name: row.venue_name,
        venue_city: row.venue_city,
        organizer_name: row.organizer_name,
        time_zone: row.time_zone,
        starts_at,
        ends_at,
        phase,
    })
}

fn best(statuses: impl Iterator<Item = SaleStatus>) -> CardSale {
    let mut best = CardSale::Closed;
    let mut few = 0;
    let mut opens: Option<Timestamp> = None;
    for status in statuses {
        match status {
            SaleStatus::OnSale => return CardSale::OnSale,
            SaleStatus::FewLeft { .. } => few += 1,
            SaleStatus::NotYet { opens: at } => {
                opens = Some(opens.map_or(at, |known| known.min(at)))
            }
            SaleStatus::SoldOut => best = CardSale::SoldOut,
            SaleStatus::Ended
            | SaleStatus::EventOver
            | SaleStatus::Paused
            | SaleStatus::Unpublished => {}
        }
    }
    match (few, opens) {
        (1.., _) => CardSale::FewLeft,
        (_, Some(opens)) => CardSale::NotYet { opens },
        (_, None) => best,
    }
}
