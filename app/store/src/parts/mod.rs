//! Pieces that several pages of the store share.

mod card;
mod fetched;
mod head;
mod picture;
mod refund;

pub use card::{EventCards, EventLead};
pub use fetched::{fetched, param};
pub use head::PageHead;
pub use picture::Picture;
pub use refund::{ChangeTerms, RefundTerms};
