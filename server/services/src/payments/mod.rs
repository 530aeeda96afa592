//! Paying an order: starting a payment with the provider, and taking in the provider's news.
//!
//! News comes late, twice and in any order. Each message has its effect once (its id is a primary key), and the end is
//! the same whatever the order in which messages came.

mod apply_news;
mod card_limit;
mod close_pages;
mod come_back;
pub(crate) mod dispute_news;
mod find;
mod holds;
mod inbox;
mod late;
mod look;
mod lost_news;
mod open_page;
mod queries;
mod reconcile;
mod refund_news;
pub mod sandbox;
mod start;
mod start_in_page;

pub(crate) use apply_news::News;
pub use apply_news::{Applied, NewsError, NewsKind, ProviderNews, apply_news};
pub use card_limit::set_card_limit;
pub(crate) use close_pages::close_pages;
pub use come_back::come_back;
pub(crate) use find::PaymentNames;
pub(crate) use holds::settle_holds;
pub use inbox::{ReceiveError, Received, Replayed, receive, replay, take_in_due};
pub use open_page::{OpenPage, open_page};
pub use reconcile::{Reconciled, reconcile};
pub(crate) use start::{Attempts, Names};
pub use start::{StartError, card_refusal, start};
pub use start_in_page::{BegunInPage, start_in_page};
