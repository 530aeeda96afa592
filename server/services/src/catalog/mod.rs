//! What visitors see of events: pages, lists, calendar files. Not for: changing events (that is `events`).

mod calendar;
mod card;
mod markdown;
mod organizer;
mod queries;
mod show;
mod sitemap;

pub use calendar::calendar;
pub(crate) use card::{CardRow, card};
pub use card::{CardSale, EventCard, Picture};
pub use markdown::to_html;
pub use organizer::{OrganizerPage, show_organizer};
pub use show::{EventPage, Offer, OfferState, availability, show};
pub use sitemap::{SitemapEntry, sitemap};
