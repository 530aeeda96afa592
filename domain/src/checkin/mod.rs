//! Who gets in. One rule for the server and for scanners without a network.

mod decide;
mod merge;
mod roster;
mod verdict;

pub use decide::{Context, decide};
pub use merge::{Merged, ScanKind, ScanRecord, merge};
pub use roster::{Admission, RosterEntry};
pub use verdict::{Tone, UnknownKind, Verdict};
