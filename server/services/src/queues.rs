//! Where requests wait that many make at once.

use crate::{
    batcher::Batcher,
    checkin::Scans,
    checkout::{FindHolds, Holds, Places},
    orders::FindOrders,
    payments::{Attempts, FindPayments, Names, News},
};

/// The queues of this process.
#[derive(Default)]
pub struct Queues {
    pub(crate) holds: Batcher<Holds>,
    pub(crate) found_holds: Batcher<FindHolds>,
    pub(crate) orders: Batcher<Places>,
    pub(crate) found_orders: Batcher<FindOrders>,
    pub(crate) attempts: Batcher<Attempts>,
    pub(crate) names: Batcher<Names>,
    pub(crate) found_payments: Batcher<FindPayments>,
    pub(crate) news: Batcher<News>,
    pub(crate) scans: Batcher<Scans>,
}
