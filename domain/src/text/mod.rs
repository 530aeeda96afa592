//! What people type: cleaned, bounded and checked, with faults that can be said in words.

mod address;
mod clean;
mod email;
mod fault;
mod fields;
mod fold;
mod likeness;
mod slug;

pub use address::{names_address, no_address};
pub use clean::{block, line};
pub use email::Email;
pub use fault::Fault;
pub use fields::{FieldError, FieldErrors};
pub use fold::search_key;
pub use fold::western_digit;
pub use likeness::Wanted;
pub use slug::Slug;
