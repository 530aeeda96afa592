//! Where requests wait that many make at once.

use crate::{
    batcher::Batcher,
    checkin::{DeviceTokens, Scans},
    checkout::{Codes, HoldTokens, Holds, Places},
    lookup::Lookups,
    orders::OrderSecrets,
    payments::{Attempts, Names, News, PaymentNames},
    waiting_room::Joins,
};

/// The queues of this process.
#[derive(Default)]
pub struct Queues {
    pub(crate) holds: Batcher<Holds>,
    pub(crate) found_holds: Batcher<Lookups<HoldTokens>>,
    pub(crate) codes: Batcher<Codes>,
    pub(crate) orders: Batcher<Places>,
    pub(crate) found_orders: Batcher<Lookups<OrderSecrets>>,
    pub(crate) attempts: Batcher<Attempts>,
    pub(crate) names: Batcher<Names>,
    pub(crate) found_payments: Batcher<Lookups<PaymentNames>>,
    pub(crate) news: Batcher<News>,
    pub(crate) found_devices: Batcher<Lookups<DeviceTokens>>,
    pub(crate) scans: Batcher<Scans>,
    pub(crate) joins: Batcher<Joins>,
}
