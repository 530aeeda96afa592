//! The counts of this process alone: bounded, each with its own end.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::{Expiry, future::Cache as Moka};
use services::ports::{Cache, Counted};

#[derive(Clone)]
struct Tries {
    tries: u32,
    end: Instant,
}

struct OwnEnd;

impl Expiry<String, Tries> for OwnEnd {
    fn expire_after_create(&self, _: &String, kept: &Tries, now: Instant) -> Option<Duration> {
        Some(kept.end.saturating_duration_since(now))
    }

    fn expire_after_update(
        &self,
        _: &String,
        kept: &Tries,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.end.saturating_duration_since(now))
    }
}

/// So many keys; of the others those that are counted least are forgotten.
const REMEMBERED: u64 = 500_000;

pub struct MemoryCache(Moka<String, Tries>);

impl Default for MemoryCache {
    fn default() -> Self {
        let kept = Moka::builder()
            .max_capacity(REMEMBERED)
            .expire_after(OwnEnd);
        Self(kept.build())
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn count(&self, key: &str, seconds: u32) -> Counted {
        let now = Instant::now();
        let counted = self.0.entry_by_ref(key).and_upsert_with(|kept| {
            let tries = kept.map(moka::Entry::into_value);
            let tries = match tries.filter(|kept| now < kept.end) {
                Some(kept) => Tries {
                    tries: kept.tries.saturating_add(1),
                    ..kept
                },
                None => Tries {
                    tries: 1,
                    end: now + Duration::from_secs(seconds.into()),
                },
            };
            std::future::ready(tries)
        });
        let Tries { tries, end } = counted.await.into_value();
        let left = end.saturating_duration_since(now).as_millis();
        Counted {
            tries,
            seconds_left: u32::try_from(left.div_ceil(1000)).unwrap_or(u32::MAX),
        }
    }

    async fn forget(&self, key: &str) {
        self.0.invalidate(key).await;
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn tries_at_the_same_time_are_each_counted() {
        let cache = MemoryCache::default();
        let tries = join_all((0..100).map(|_| cache.count("guess", 60))).await;
        let passed = tries.iter().filter(|counted| counted.tries <= 8).count();
        assert_eq!(passed, 8);
        assert!(tries.iter().all(|counted| counted.seconds_left == 60));
    }

    #[tokio::test]
    async fn a_count_ends_with_its_span_and_when_it_is_forgotten() {
        let cache = MemoryCache::default();
        cache.count("short", 0).await;
        assert_eq!(cache.count("short", 60).await.tries, 1);
        assert_eq!(cache.count("short", 60).await.tries, 2);
        cache.forget("short").await;
        assert_eq!(cache.count("short", 60).await.tries, 1);
    }

    #[tokio::test]
    async fn trying_again_does_not_make_the_span_longer() {
        let cache = MemoryCache::default();
        cache.count("guess", 1).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(cache.count("guess", 1).await.tries, 2);
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(cache.count("guess", 1).await.tries, 1);
    }
}
