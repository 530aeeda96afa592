//! How many requests one internet address may send: a brake for programs that ask without pause, far above what a school or an
//! office sends together. Kept pages and files pass without it; what costs more to answer has limits of its own, by what is
//! asked and by whom (`services::throttle`).

use std::{net::IpAddr, num::NonZeroU32};

use app_api::{ApiError, RequestInfo};
use axum::{extract::Request, response::Response};
use governor::{
    Quota, RateLimiter, clock::Clock, clock::DefaultClock, state::keyed::DefaultKeyedStateStore,
};
use services::household;

use crate::{AppState, fault};

/// Addresses are remembered until there are so many; then those that have been quiet are forgotten.
const REMEMBERED: usize = 100_000;

type Limiter = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>;

/// The pace of each address.
pub struct Paces(Option<Limiter>);

impl Paces {
    /// So many requests in a second, and so many at once after a pause. Nothing of either: no limit.
    pub fn new(per_second: u32, at_once: u32) -> Self {
        let quota = NonZeroU32::new(per_second)
            .zip(NonZeroU32::new(at_once))
            .map(|(per_second, at_once)| Quota::per_second(per_second).allow_burst(at_once));
        Self(quota.map(RateLimiter::keyed))
    }

    /// Counts a request; refused: seconds until the next one is welcome.
    fn count(&self, address: IpAddr) -> Result<(), u32> {
        let Some(limiter) = &self.0 else {
            return Ok(());
        };
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        limiter.check_key(&household(address)).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }
}

pub fn check(state: &AppState, request: &Request) -> Result<(), Box<Response>> {
    let client = request
        .extensions()
        .get::<RequestInfo>()
        .and_then(|info| info.client)
        // The machine itself: a proxy that hides everybody, or somebody who is trying things out.
        .filter(|client| !client.is_loopback());
    let Some(client) = client else {
        return Ok(());
    };
    state
        .paces
        .count(client)
        .map_err(|seconds| Box::new(fault::refuse(ApiError::too_many(seconds))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_use_up_anothers() {
        let paces = Paces::new(1, 3);
        let (one, other): (IpAddr, IpAddr) =
            ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        for _ in 0..3 {
            assert!(paces.count(one).is_ok());
        }
        assert_eq!(paces.count(one), Err(1));
        assert!(paces.count(other).is_ok());
    }

    #[test]
    fn a_household_is_one_address() {
        let paces = Paces::new(1, 1);
        assert!(paces.count("2a00:1:2:3::1".parse().unwrap()).is_ok());
        assert!(paces.count("2a00:1:2:3:ffff::2".parse().unwrap()).is_err());
        assert!(paces.count("2a00:1:2:4::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn nothing_means_no_limit() {
        let paces = Paces::new(0, 10);
        assert!((0..10_000).all(|_| paces.count("10.0.0.1".parse().unwrap()).is_ok()));
    }
}
