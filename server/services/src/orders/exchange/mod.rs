//! Tickets of a paid order are given in for tickets of a new one: better or cheaper ones, others, another date, or simply more.
//! The old tickets admit until the new order is paid; then, in one transaction, they end, their money moves, and the new ones
//! are there.

mod make;
mod page;
mod plan;
mod settle;
mod stored;
mod wish;

pub use make::{Exchanged, exchange_by_buyer, exchange_by_organizer};
pub use page::{ChangePage, OtherDate, change_page, change_page_for_organizer};
pub use plan::{ExchangePreview, GivenTicket};
pub(crate) use settle::{give_up, settle};
pub use stored::Links;
pub(super) use stored::{is_one, links};
pub(crate) use stored::{load, related};
pub use wish::{ExchangeError, ExchangeWish};
