//! The cache inside the process: bounded, each value with its own end.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::{Expiry, future::Cache as Moka};
use services::ports::Cache;

#[derive(Clone)]
struct Kept {
    value: Vec<u8>,
    lifetime: Duration,
}

struct OwnLifetime;

impl Expiry<String, Kept> for OwnLifetime {
    fn expire_after_create(&self, _: &String, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.lifetime)
    }

    fn expire_after_update(
        &self,
        _: &String,
        kept: &Kept,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.lifetime)
    }
}

/// Up to 64 MB of values.
pub struct MemoryCache(Moka<String, Kept>);

impl Default for MemoryCache {
    fn default() -> Self {
        Self(
            Moka::builder()
                .max_capacity(64 * 1024 * 1024)
                .weigher(|key: &String, kept: &Kept| {
                    u32::try_from(key.len() + kept.value.len()).unwrap_or(u32::MAX)
                })
                .expire_after(OwnLifetime)
                .build(),
        )
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.0.get(key).await.map(|kept| kept.value)
    }

    async fn put(&self, key: &str, value: Vec<u8>, seconds: u32) {
        self.0
            .insert(
                key.to_owned(),
                Kept {
                    value,
                    lifetime: Duration::from_secs(seconds.into()),
                },
            )
            .await;
    }

    async fn remove(&self, key: &str) {
        self.0.invalidate(key).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn values_end_when_their_time_is_over() {
        let cache = MemoryCache::default();
        cache.put("short", vec![1], 0).await;
        cache.put("long", vec![2], 60).await;
        assert_eq!(cache.get("short").await, None);
        assert_eq!(cache.get("long").await, Some(vec![2]));
        cache.remove("long").await;
        assert_eq!(cache.get("long").await, None);
    }
}
