//! How many requests one internet address may send: a brake for programs that ask without pause, far above what a school or an
//! office sends together. Kept pages pass without it; what costs more to answer has limits of its own, by what is
//! asked and by whom (`services::throttle`).
//!
//! Each process has its own pace, which costs nothing to ask; only what passes it is put to the pace that all have in common.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::Mutex,
    time::{Duration, Instant},
};

use app_api::{ApiError, RequestInfo};
use axum::response::Response;
use governor::{
    Quota, RateLimiter, clock::Clock, clock::DefaultClock, state::keyed::DefaultKeyedStateStore,
};
use services::household;

use services::ports::Cache;

use crate::{AppState, fault};

/// Addresses are remembered until there are so many; then those that have been quiet are forgotten.
const REMEMBERED: usize = 100_000;

const BETWEEN_SWEEPS: Duration = Duration::from_secs(1);

type Limiter = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>;

/// The pace of each address.
pub struct Paces(Option<Pace>);

struct Pace {
    per_second: NonZeroU32,
    at_once: NonZeroU32,
    here: Limiter,
    /// When the quiet ones were forgotten last.
    swept: Mutex<Option<Instant>>,
}

impl Paces {
    /// So many requests in a second, and so many at once after a pause. Nothing of either: no limit.
    pub fn new(per_second: u32, at_once: u32) -> Self {
        let rates = NonZeroU32::new(per_second).zip(NonZeroU32::new(at_once));
        Self(rates.map(|(per_second, at_once)| Pace {
            per_second,
            at_once,
            here: Limiter::keyed(Quota::per_second(per_second).allow_burst(at_once)),
            swept: Mutex::new(None),
        }))
    }

    /// Counts a request; refused: seconds until the next one is welcome.
    async fn count(&self, address: IpAddr, everywhere: &dyn Cache) -> Result<(), u32> {
        let Some(pace) = &self.0 else {
            return Ok(());
        };
        let household = household(address);
        pace.count_here(&household)?;
        let key = format!("pace|{household}");
        everywhere
            .pace(&key, pace.per_second.get(), pace.at_once.get())
            .await
    }
}

impl Pace {
    /// Forgets those that have been quiet, once there are many. It looks at all of them, so it does not do so for every request of a
    /// crowd none of which is quiet. Whether it did.
    fn sweep(&self, now: Instant) -> bool {
        if self.here.len() <= REMEMBERED {
            return false;
        }
        // Who is sweeping sweeps for all.
        let Ok(mut swept) = self.swept.try_lock() else {
            return false;
        };
        if swept.is_some_and(|last| now.duration_since(last) < BETWEEN_SWEEPS) {
            return false;
        }
        *swept = Some(now);
        self.here.retain_recent();
        true
    }

    fn count_here(&self, household: &IpAddr) -> Result<(), u32> {
        self.sweep(Instant::now());
        self.here.check_key(household).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }
}

pub async fn check(state: &AppState, info: Option<&RequestInfo>) -> Result<(), Box<Response>> {
    let client = info
        .and_then(|info| info.client)
        // The machine itself: a proxy that hides everybody, or somebody who is trying things out.
        .filter(|client| !client.is_loopback());
    let Some(client) = client else {
        return Ok(());
    };
    state
        .paces
        .count(client, state.services.cache.as_ref())
        .await
        .map_err(|seconds| Box::new(fault::refuse(ApiError::too_many(seconds))))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use adapters::{MemoryCache, RedisCache};
    use testkit::RedisServer;

    use super::*;

    async fn count(paces: &Paces, address: &str) -> Result<(), u32> {
        let alone = MemoryCache::default();
        paces.count(address.parse().unwrap(), &alone).await
    }

    #[tokio::test]
    async fn one_address_does_not_use_up_anothers() {
        let paces = Paces::new(1, 3);
        for _ in 0..3 {
            assert!(count(&paces, "10.0.0.1").await.is_ok());
        }
        assert_eq!(count(&paces, "10.0.0.1").await, Err(1));
        assert!(count(&paces, "10.0.0.2").await.is_ok());
    }

    #[tokio::test]
    async fn a_household_is_one_address() {
        let paces = Paces::new(1, 1);
        assert!(count(&paces, "2a00:1:2:3::1").await.is_ok());
        assert!(count(&paces, "2a00:1:2:3:ffff::2").await.is_err());
        assert!(count(&paces, "2a00:1:2:4::1").await.is_ok());
    }

    #[tokio::test]
    async fn nothing_means_no_limit() {
        let paces = Paces::new(0, 10);
        for _ in 0..10_000 {
            assert!(count(&paces, "10.0.0.1").await.is_ok());
        }
    }

    /// A hundred thousand addresses, all of them busy, do not make each further request look at all of them.
    #[test]
    fn a_crowd_is_looked_through_once_a_second_at_most() {
        let paces = Paces::new(1, 1_000_000);
        let pace = paces.0.unwrap();
        let now = Instant::now();
        for number in 0..=u32::try_from(REMEMBERED).unwrap() {
            assert!(!pace.sweep(now));
            let address = IpAddr::V4(Ipv4Addr::from_bits(number));
            pace.here.check_key(&address).unwrap();
        }
        assert!(pace.sweep(now));
        // Whoever asked once with so much room is quiet at once: fill it again.
        for number in 0..=u32::try_from(REMEMBERED).unwrap() {
            let address = IpAddr::V4(Ipv4Addr::from_bits(number));
            pace.here.check_key(&address).unwrap();
        }
        assert!(!pace.sweep(now + Duration::from_millis(999)));
        assert!(pace.sweep(now + BETWEEN_SWEEPS));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn two_processes_have_one_pace_and_each_its_own_without_redis() {
        let mut server = RedisServer::start();
        let patient = Duration::from_secs(5);
        let redis = RedisCache::new(&server.url(), patient).unwrap();
        assert!(redis.connect().await);
        let address = "10.0.0.1".parse().unwrap();
        let (one, other) = (Paces::new(1, 3), Paces::new(1, 3));
        assert_eq!(one.count(address, &redis).await, Ok(()));
        assert_eq!(other.count(address, &redis).await, Ok(()));
        assert_eq!(one.count(address, &redis).await, Ok(()));
        assert_eq!(other.count(address, &redis).await, Err(1));
        server.kill();
        // Both were asked twice: what was refused everywhere was counted here.
        assert_eq!(one.count(address, &redis).await, Ok(()));
        assert_eq!(one.count(address, &redis).await, Err(1));
        assert_eq!(other.count(address, &redis).await, Ok(()));
        assert_eq!(other.count(address, &redis).await, Err(1));
    }
}
