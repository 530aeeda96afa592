//! Selling, on a real database: each scene ends with every promise of the house still kept.

mod event_cancelled;
mod hold;
mod lists;
mod payment;
mod place;
mod random;
mod refund;
mod walls;
