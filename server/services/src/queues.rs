//! Where requests wait that many make at once.

use crate::{
    batcher::Batcher,
    checkin::Scans,
    checkout::{FindHolds, Holds, Places},
    payments::{FindPayments, News},
};

/// The queues of this process.
#[derive(Default)]
pub struct Queues {
    pub(crate) holds: Batcher<Holds>,
    pub(crate) found_holds: Batcher<FindHolds>,
    pub(crate) orders: Batcher<Places>,
    pub(crate) payments: Batcher<FindPayments>,
    pub(crate) news: Batcher<News>,
    pub(crate) scans: Batcher<Scans>,
}
