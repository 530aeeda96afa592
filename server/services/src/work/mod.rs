//! What happens behind the scenes: announcements become mails and search entries, due jobs are run.
//! The worker calls these in a loop; each call does one portion and says how much it did.

mod outbox;

pub use outbox::drain_outbox;
