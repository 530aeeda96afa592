//! Organizers' own accounts at the payment provider: made, kept as the provider says they are, and what follows for where
//! money goes. What is agreed with an organization counts for payments that begin from then on.
//!
//! An account that may not take money stops no sale: the platform collects until it may again.

mod agree;
mod begin;
mod look;
mod news;
mod page;
mod queries;
mod reconcile;
mod straight;
mod tell;
mod view;

pub use agree::{AgreeError, Agreed, agree, agreed};
pub use begin::{BeginError, begin};
pub(crate) use look::look_again;
pub(crate) use news::told;
pub use page::{PageError, come_back, page};
pub(crate) use queries::payable_to;
pub use reconcile::reconcile;
pub(crate) use straight::{book_recall, goes, return_fee};
pub use view::{AccountView, account};
