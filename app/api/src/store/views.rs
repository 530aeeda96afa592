//! What the pages show, ready to be put into words.

use domain::{
    catalog::{Category, Phase},
    ids::{EventId, TicketTypeId},
    money::Money,
    orders::Asking,
};
use serde::{Deserialize, Serialize};

use crate::values::{ChangeTerm, Moment, PictureView, RefundTerm};

/// An event in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCardView {
    pub slug: String,
    pub title: String,
    pub category: Category,
    pub online: bool,
    pub venue: String,
    pub city: String,
    pub organizer: String,
    pub starts: Moment,
    pub ends: Moment,
    pub phase: Phase,
    pub picture: Option<PictureView>,
    pub lowest: Option<Money>,
    pub several_prices: bool,
    pub sale: CardSaleView,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardSaleView {
    OnSale,
    FewLeft,
    SoldOut,
    NotYet { opens: Moment },
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    pub events: Vec<EventCardView>,
    pub has_more: bool,
    /// Kinds and places of what comes, with how many there are.
    pub categories: Vec<(Category, u64)>,
    pub cities: Vec<(String, u64)>,
    /// The address of this page, for search engines.
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundView {
    pub events: Vec<EventCardView>,
    /// Where the next page begins.
    pub next: Option<String>,
    pub categories: Vec<(Category, u64)>,
    pub cities: Vec<(String, u64)>,
    /// Something to look at when nothing was found.
    pub instead: Vec<EventCardView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizerView {
    pub slug: String,
    pub name: String,
    pub description_html: String,
    pub website: String,
    pub upcoming: Vec<EventCardView>,
    pub next: Option<String>,
    pub past: Vec<EventCardView>,
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    pub id: EventId,
    pub slug: String,
    /// Absolute, for search engines and for sharing.
    pub url: String,
    pub image_url: Option<String>,
    pub title: String,
    pub summary: String,
    pub description_html: String,
    pub category: Category,
    pub language: String,
    pub phase: Phase,
    pub state_reason: String,
    pub unlisted: bool,
    pub online: bool,
    pub venue_name: String,
    pub venue_address: String,
    pub venue_city: String,
    pub venue_country: String,
    pub starts: Moment,
    pub ends: Moment,
    pub refund_terms: Vec<RefundTerm>,
    pub change_term: Option<ChangeTerm>,
    /// Whether the organizer has to say yes to an order that costs something.
    pub asking: Asking,
    pub organizer_slug: String,
    pub organizer_name: String,
    pub organizer_description_html: String,
    pub organizer_website: String,
    pub picture: Option<PictureView>,
    pub offers: Vec<OfferView>,
    /// What the browser works on while people choose.
    pub challenge: String,
    /// Whether one waits for one's turn to choose.
    pub waiting_room: bool,
    /// Only members see it.
    pub preview: bool,
    /// schema.org, safe inside a script element.
    pub json_ld: String,
}

/// A ticket type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    pub id: TicketTypeId,
    pub name: String,
    pub description: String,
    pub min: u32,
    pub max_per_customer: Option<u32>,
    pub live: OfferLive,
}

/// What of a ticket type changes while somebody looks at it; also what the live stream sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferLive {
    pub id: TicketTypeId,
    /// The whole price.
    pub price: Money,
    /// Where the price is one of several, one after the other.
    pub phase: Option<OfferPhaseView>,
    pub sale: SaleView,
    /// The most one order can have.
    pub max: u32,
}

/// The phase that a price is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferPhaseView {
    pub name: String,
    /// When it ends, if not before.
    pub until: Option<Moment>,
    /// How many can still be had in it, where these are few.
    pub left: Option<u32>,
    /// What a ticket costs after it; nothing in the last phase.
    pub then: Option<Money>,
    /// How many at which price, one after the other, up to the most of one order.
    pub steps: Vec<(u32, Money)>,
}

impl OfferLive {
    /// What so many cost, each at the price of its turn.
    #[must_use]
    pub fn total(&self, quantity: u32) -> Option<Money> {
        let steps = self.phase.as_ref().map_or(&[][..], |phase| &phase.steps);
        let (mut left, mut total) = (quantity, Money::zero(self.price.currency));
        let mut last = self.price;
        for (count, price) in steps.iter().copied() {
            let now = left.min(count);
            total = total.checked_add(price.checked_mul(now).ok()?).ok()?;
            (left, last) = (left - now, price);
        }
        total.checked_add(last.checked_mul(left).ok()?).ok()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleView {
    NotYet {
        opens: Moment,
    },
    OnSale,
    FewLeft {
        left: u32,
    },
    SoldOut,
    Ended,
    EventOver,
    Paused,
    /// A preview.
    Unpublished,
}

impl SaleView {
    /// Whether an order can be begun.
    #[must_use]
    pub const fn can_buy(&self) -> bool {
        match self {
            Self::OnSale | Self::FewLeft { .. } => true,
            Self::NotYet { .. }
            | Self::SoldOut
            | Self::Ended
            | Self::EventOver
            | Self::Paused
            | Self::Unpublished => false,
        }
    }
}
