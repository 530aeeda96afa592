//! Selling, on a real database: each scene ends with every promise of the house still kept.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod approvals;
mod card_limit;
mod crowd;
mod documents;
mod event_cancelled;
mod event_refunds;
mod exchange;
mod give_back;
mod hold;
mod lists;
mod payable;
mod payment;
mod phases;
mod place;
mod poison;
mod random;
mod reconcile;
mod refund;
mod refund_states;
mod requests;
mod tickets_back;
mod told;
mod waiting_room;
mod walls;
