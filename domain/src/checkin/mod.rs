//! Who gets in. One rule for the server and for scanners without a network.

mod decide;
mod merge;
mod packed;
mod place;
mod presence;
mod roster;
mod verdict;

pub use decide::{Context, Decision, Way, decide};
pub use merge::{Merged, ScanKind, ScanRecord, merge, merge_with_removed};
pub use packed::{Garbled, pack, pack_behind, unpack, unpack_behind};
pub use place::{CheckInList, Opening, Place, Uses};
pub use presence::Presence;
pub use roster::{Admission, RosterEntry, Standing};
pub use verdict::{Tone, UnknownKind, Verdict};
