//! Paying an order: starting a payment with the provider, and taking in the provider's news.
//!
//! News comes late, twice and in any order. Each message has its effect once (its id is a primary key), and the end is
//! the same whatever the order in which messages came.

mod apply_news;
mod late;
mod queries;
pub mod sandbox;
mod start;

pub use apply_news::{Applied, NewsError, NewsKind, ProviderNews, apply_news};
pub(crate) use apply_news::{News, PaymentNames};
pub(crate) use start::{Attempts, Names};
pub use start::{StartError, start};
