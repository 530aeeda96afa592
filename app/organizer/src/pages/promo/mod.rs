//! `/organize/:org/promo-codes`: codes that take something off.

mod edit;
mod form;
mod list;
mod new;
mod words;

pub use edit::PromoCodePage;
pub use list::PromoCodesPage;
pub use new::{ManyPromoCodesPage, NewPromoCodePage};
