//! Pieces that several pages of the store share.

mod card;
mod fetched;
mod head;
mod picture;
mod query;
mod refund;

pub use card::{EventCards, EventLead};
pub use fetched::{Fetched, fetched, param};
pub use head::PageHead;
pub use picture::Picture;
pub use query::query;
pub use refund::{ChangeTerms, RefundTerms};
