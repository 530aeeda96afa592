//! What the organizer's pages share.

mod address;
mod countries;
mod event_frame;
mod form;
mod frame;
mod loaded;
mod names;
mod part;
mod vat;

pub use address::{Asked, use_asked, use_part};
pub use countries::country_choices;
pub use event_frame::{EventFrame, EventTab, param};
pub use form::{act, saved};
pub use frame::Frame;
pub use loaded::{answered, loaded};
pub use names::{
    attendance_choices, category_choices, currency_choices, language_choices, missing, phase,
    starts,
};
pub use part::Part;
pub use vat::vat_check;
