//! Who gets what when several requests arrive together.

use std::collections::BTreeMap;

use super::Pool;
use crate::{
    ids::{PoolId, TicketTypeId},
    planted::{Bug, planted},
};

/// What one request takes from each pool. A ticket type that draws from several pools takes one from each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request(BTreeMap<PoolId, u32>);

impl Request {
    /// Asks for a quantity of each pool; quantities of the same pool add up.
    pub fn new(wants: impl IntoIterator<Item = (PoolId, u32)>) -> Self {
        let mut request = Self::default();
        for (pool, quantity) in wants {
            let wanted = request.0.entry(pool).or_default();
            // A sum that does not fit is more than any pool has, so it is refused all the same.
            *wanted = wanted.saturating_add(quantity);
        }
        request
    }

    /// Asks for ticket types, each of which draws from all of its pools. Nothing when a type has no pool: it could
    /// be sold without end.
    pub fn of_types(
        lines: impl IntoIterator<Item = (TicketTypeId, u32)>,
        pools_of: &BTreeMap<TicketTypeId, Vec<PoolId>>,
    ) -> Option<Self> {
        let mut wants = Vec::new();
        for (ticket_type, quantity) in lines {
            let pools = pools_of
                .get(&ticket_type)
                .filter(|pools| !pools.is_empty())?;
            wants.extend(pools.iter().map(|pool| (*pool, quantity)));
        }
        Some(Self::new(wants))
    }

    /// Pool by pool, in ascending order, which is also the order in which they are to be locked.
    pub fn wants(&self) -> impl Iterator<Item = (PoolId, u32)> + '_ {
        self.0.iter().map(|(pool, quantity)| (*pool, *quantity))
    }
}

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// All of it is held.
    Granted,
    /// Nothing of it is held, because these pools had less left than wanted.
    Refused { short: Vec<PoolId> },
}

impl Grant {
    /// Whether the request was granted.
    pub fn is_granted(&self) -> bool {
        matches!(self, Self::Granted)
    }
}

/// Grants requests in the order of their arrival, each wholly or not at all, and holds the stock of those granted.
///
/// A refused request leaves its share to those behind it, so smaller requests that still fit are granted. This is the
/// same as cutting at a running sum and offering the rest a second time: stock only falls, so what was refused in its
/// turn could not be granted later either. Hence nobody hears "sold out" who would have fitted at their turn.
pub fn grant(requests: &[Request], pools: &mut BTreeMap<PoolId, Pool>) -> Vec<Grant> {
    let untouched = planted(Bug::NoRunningSum).then(|| pools.clone());
    requests
        .iter()
        .map(|request| {
            untouched.iter().for_each(|before| pools.clone_from(before));
            grant_one(request, pools)
        })
        .collect()
}

fn grant_one(request: &Request, pools: &mut BTreeMap<PoolId, Pool>) -> Grant {
    let mut taken = Vec::new();
    let mut short = Vec::new();
    for (id, quantity) in request.wants() {
        match pools.get(&id).map(|pool| pool.take_hold(quantity)) {
            Some(Ok(pool)) => taken.push((id, pool)),
            Some(Err(_)) | None => short.push(id),
        }
    }
    if !short.is_empty() && !planted(Bug::GrantedInPart) {
        return Grant::Refused { short };
    }
    pools.extend(taken);
    Grant::Granted
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use uuid::Uuid;

    use super::*;

    fn pool_id(number: u8) -> PoolId {
        PoolId::new(Uuid::from_u128(u128::from(number)))
    }

    fn request(wants: &[(u8, u32)]) -> Request {
        Request::new(
            wants
                .iter()
                .map(|(pool, quantity)| (pool_id(*pool), *quantity)),
        )
    }

    fn stock(capacities: &[u32]) -> BTreeMap<PoolId, Pool> {
        (0..)
            .zip(capacities)
            .map(|(number, capacity)| (pool_id(number), Pool::untouched(*capacity)))
            .collect()
    }

    #[test]
    fn smaller_requests_fill_what_a_larger_one_leaves() {
        let mut pools = stock(&[5]);
        let requests = [
            request(&[(0, 3)]),
            request(&[(0, 4)]),
            request(&[(0, 2)]),
            request(&[(0, 1)]),
        ];
        let granted: Vec<_> = grant(&requests, &mut pools)
            .iter()
            .map(Grant::is_granted)
            .collect();
        assert_eq!(granted, [true, false, true, false]);
        assert_eq!(pools[&pool_id(0)].left(), 0);
    }

    #[test]
    fn a_request_over_two_pools_is_all_or_nothing() {
        let mut pools = stock(&[5, 1]);
        let requests = [
            request(&[(0, 2), (1, 2)]),
            request(&[(0, 5)]),
            request(&[(7, 1)]),
        ];
        let refused = |pool| Grant::Refused {
            short: vec![pool_id(pool)],
        };
        assert_eq!(
            grant(&requests, &mut pools),
            [refused(1), Grant::Granted, refused(7)]
        );
        assert_eq!(pools[&pool_id(1)].left(), 1);
    }

    #[test]
    fn ticket_types_draw_from_all_their_pools() {
        let ticket_type = |number| TicketTypeId::new(Uuid::from_u128(number));
        let pools_of = BTreeMap::from([
            (ticket_type(1), vec![pool_id(0)]),
            (ticket_type(2), vec![pool_id(0), pool_id(1)]),
            (ticket_type(3), vec![]),
        ]);
        let asked = Request::of_types([(ticket_type(1), 2), (ticket_type(2), 3)], &pools_of);
        assert_eq!(asked, Some(request(&[(0, 5), (1, 3)])));
        assert_eq!(Request::of_types([(ticket_type(3), 1)], &pools_of), None);
        assert_eq!(Request::of_types([(ticket_type(4), 1)], &pools_of), None);
    }

    /// The rule as it is written for the database: a cut at the running sum, then a second pass over the rest.
    fn two_passes(quantities: &[u32], capacity: u32) -> Vec<bool> {
        let mut running = 0;
        let mut granted: Vec<bool> = quantities
            .iter()
            .map(|quantity| {
                running += quantity;
                running <= capacity
            })
            .collect();
        let mut left = capacity
            - quantities
                .iter()
                .zip(&granted)
                .filter(|(_, yes)| **yes)
                .map(|(q, _)| q)
                .sum::<u32>();
        for (quantity, yes) in quantities.iter().zip(&mut granted) {
            if !*yes && *quantity <= left {
                *yes = true;
                left -= quantity;
            }
        }
        granted
    }

    proptest! {
        #[test]
        fn one_pass_equals_two(quantities in vec(0..8_u32, 0..30), capacity in 0..40_u32) {
            let requests: Vec<_> = quantities.iter().map(|quantity| request(&[(0, *quantity)])).collect();
            let granted: Vec<_> = grant(&requests, &mut stock(&[capacity])).iter().map(Grant::is_granted).collect();
            prop_assert_eq!(granted, two_passes(&quantities, capacity));
        }

        #[test]
        fn no_false_sold_out_and_no_oversell(
            wants in vec(vec((0..3_u8, 0..6_u32), 1..4), 0..25),
            capacities in vec(0..20_u32, 3),
        ) {
            let requests: Vec<_> = wants.iter().map(|wants| request(wants)).collect();
            let mut pools = stock(&capacities);
            let grants = grant(&requests, &mut pools);
            let mut left: BTreeMap<_, _> = stock(&capacities).into_iter().map(|(id, pool)| (id, pool.left())).collect();
            for (request, grant) in requests.iter().zip(grants) {
                let fits = request.wants().all(|(id, quantity)| quantity <= left[&id]);
                prop_assert_eq!(grant.is_granted(), fits);
                if fits {
                    for (id, quantity) in request.wants() {
                        *left.get_mut(&id).unwrap() -= quantity;
                    }
                }
            }
            for (id, pool) in pools {
                prop_assert_eq!(pool.left(), left[&id]);
            }
        }
    }
}
