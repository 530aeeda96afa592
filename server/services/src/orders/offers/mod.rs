//! After an event was postponed or moved, its organizer may let buyers give their tickets back until a date. Who says
//! nothing keeps theirs.

mod answer;
mod figures;
mod make;
mod page;

pub use answer::{AnswerOffer, AnswerOfferError, answer_offer};
pub use figures::{OfferFigures, offer_figures};
pub(crate) use make::{NewOffer, end_offer, make_offer};
pub use page::{OfferPage, OfferState, offer_page};
