//! Disputes: a buyer's bank takes a payment back, the organizer answers with evidence, the bank decides. What is taken is
//! gone from what the organizer is owed at once. Not for: refunds, which we send ourselves (`orders`).

mod accept;
mod answer;
mod evidence;
mod list;
mod losses;
mod policy;
mod rows;
mod show;
mod tell;
mod told;

pub use accept::{AcceptDisputeError, accept};
pub use answer::{AnswerDisputeError, answer, save_statement};
pub use evidence::Pack;
pub use list::{DisputeRow, list};
pub(crate) use losses::settle_losses;
pub(crate) use policy::follow;
pub use policy::{set_ticket_policy, ticket_policy};
pub use show::{DisputeDetail, DisputeStep, show};
pub(crate) use told::{Disputed, dispute_told};
