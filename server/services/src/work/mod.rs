//! What happens behind the scenes: announcements become mails and search entries, due jobs are run.
//! The worker calls these in a loop; each call does one portion and says how much it did.

mod expire;
mod jobs;
mod outbox;
mod unharmed;

pub use expire::{expire_holds, expire_orders};
pub use jobs::run_due_jobs;
pub use outbox::drain_outbox;
pub use unharmed::unharmed;
pub(crate) use unharmed::unharmed_now;
