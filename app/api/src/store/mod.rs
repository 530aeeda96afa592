//! What the store's pages for finding events ask the server.

mod event;
#[cfg(feature = "ssr")]
mod json_ld;
mod list;
#[cfg(feature = "ssr")]
mod make;
mod views;

pub use event::{EventPage, event_page};
pub use list::{FindEvents, HomePage, OrganizerPage, find_events, home_page, organizer_page};
#[cfg(feature = "ssr")]
pub(crate) use make::event as event_view;
#[cfg(feature = "ssr")]
pub use make::live_offers;
pub use views::{
    CardSaleView, EventCardView, EventView, FoundView, HomeView, OfferLive, OfferPhaseView,
    OfferView, OrganizerView, SaleView,
};
