//! Where requests wait that many make at once.

use crate::{batcher::Batcher, checkout::Holds};

/// The queues of this process.
#[derive(Default)]
pub struct Queues {
    pub(crate) holds: Batcher<Holds>,
}
