//! What is for sale: two events, pools that ticket types share, prices, and how much is given back when.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::chance::Chance;
use crate::{
    ids::{EventId, PoolId, TicketTypeId},
    money::{Currency, Money},
    orders::{RefundPolicy, RefundTier},
    stock::Pool,
    when::{Timestamp, ValidityWindow},
};

/// Which pools each ticket type draws from. The house is shared by three types, and one is free.
pub(super) const DRAWS: [&[usize]; 5] = [&[0, 1], &[0, 2], &[0, 1, 2], &[0], &[3]];
pub(super) const POOLS: usize = 4;
/// The last type is of another event, whose tickets must not open this one's doors.
const EVENT_OF: [usize; 5] = [0, 0, 0, 0, 1];
const FREE: usize = 3;

pub(super) struct Catalog {
    pub(super) types: Vec<Kind>,
    pub(super) pools: Vec<PoolId>,
    pub(super) pools_of: BTreeMap<TicketTypeId, Vec<PoolId>>,
    pub(super) events: [EventId; 2],
    pub(super) policy: RefundPolicy,
    pub(super) starts: i64,
    pub(super) doors: ValidityWindow,
    pub(super) currency: Currency,
}

pub(super) struct Kind {
    pub(super) id: TicketTypeId,
    pub(super) event: usize,
    pub(super) price: Money,
    pub(super) pools: &'static [usize],
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap() + 1)
}

impl Catalog {
    pub(super) fn new(chance: &mut Chance) -> Self {
        // Two, none and three decimals, so that nothing quietly assumes two.
        let currencies = [Currency::EUR, Currency::JPY, Currency::KWD];
        let currency = currencies[chance.index(currencies.len()).unwrap()];
        let pools: Vec<_> = (0..POOLS).map(|number| PoolId::new(id(number))).collect();
        let types: Vec<_> = (0..DRAWS.len())
            .map(|number| Kind {
                id: TicketTypeId::new(id(number)),
                event: EVENT_OF[number],
                price: match number {
                    FREE => Money::zero(currency),
                    _ => Money::new(i64::from(chance.between(1, 10_000)), currency),
                },
                pools: DRAWS[number],
            })
            .collect();
        let pools_of = types
            .iter()
            .map(|kind| {
                (
                    kind.id,
                    kind.pools.iter().map(|pool| pools[*pool]).collect(),
                )
            })
            .collect();
        let hours = i64::from(chance.between(1, 80));
        let mut tiers = vec![RefundTier {
            days_before: 0,
            percent: percent(chance, 101),
        }];
        tiers.push(RefundTier {
            days_before: 2,
            percent: tiers[0].percent + percent(chance, 101 - u32::from(tiers[0].percent)),
        });
        Self {
            pools_of,
            types,
            pools,
            events: [EventId::new(id(0)), EventId::new(id(1))],
            policy: RefundPolicy::new(tiers).unwrap(),
            starts: hours * 3600,
            doors: ValidityWindow::new(at(600), at(9_000)).unwrap(),
            currency,
        }
    }

    pub(super) fn empty_pools(&self, chance: &mut Chance) -> BTreeMap<PoolId, Pool> {
        let sizes = [(4, 40), (2, 24), (0, 14), (0, 8)];
        let sized = self.pools.iter().zip(sizes);
        sized
            .map(|(id, (from, end))| (*id, Pool::untouched(chance.between(from, end))))
            .collect()
    }
}

fn percent(chance: &mut Chance, end: u32) -> u8 {
    u8::try_from(chance.below(end)).unwrap()
}
