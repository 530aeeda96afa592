//! Four eyes for money: above a limit of the organization, a refund or the refunds of a whole event wait until a second
//! member with the right to refund agrees. Not for: what goes back by the machine's own rules (late payments, buyers within
//! their policy).

mod ask;
mod decide;
mod limits;
mod list;
mod mails;

pub use ask::ask_refund;
pub(crate) use ask::{EventRequest, ask_event};
pub use decide::{DecideError, approve, decline};
pub use limits::{SetLimitError, limits, set_limit};
pub(crate) use limits::{limit_of, needed};
pub use list::{ApprovalRow, event_waits, list};

use jiff::SignedDuration;

/// How long a request waits.
pub const WAITS: SignedDuration = SignedDuration::from_hours(72);
/// Refunds of one order by one person count together for so long.
const TOGETHER: SignedDuration = SignedDuration::from_hours(24);
