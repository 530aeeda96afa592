//! The counts of all processes together, in Redis. This process counts along for itself: what is too much for one is too much for
//! all, and while Redis is away, or what it says makes no sense, the own count is what counts.

mod link;
mod scripts;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use link::Link;
use redis::RedisError;
use scripts::Scripts;
use services::ports::{Cache, Counted};

use crate::MemoryCache;

pub struct RedisCache {
    all: Link,
    scripts: Scripts,
    here: MemoryCache,
}

impl RedisCache {
    /// Connects when first needed. No question waits longer than `patience` for its answer.
    ///
    /// # Errors
    ///
    /// When `url` is not the address of a Redis.
    pub fn new(url: &str, patience: Duration) -> Result<Self, RedisError> {
        Ok(Self {
            all: Link::new(url, patience)?,
            scripts: Scripts::new(),
            here: MemoryCache::default(),
        })
    }

    /// Connects now; whether that worked. Otherwise the first questions do not wait for the connection.
    pub async fn connect(&self) -> bool {
        self.all.connect().await
    }
}

#[async_trait]
impl Cache for RedisCache {
    async fn count(&self, key: &str, seconds: u32) -> Counted {
        let here = self.here.count(key, seconds).await;
        let mut question = self.scripts.count.key(name(key));
        // As i64, which is what Redis has: `redis` would cut off what does not fit.
        let sensible = |(tries, left): (i64, i64)| {
            Some(Counted {
                tries: u32::try_from(tries).ok().filter(|tries| *tries > 0)?,
                seconds_left: u32::try_from(left).ok()?.div_ceil(1000).min(seconds),
            })
        };
        match self.all.ask(question.arg(seconds), sensible).await {
            Some(all) if all.tries >= here.tries => all,
            _ => here,
        }
    }

    async fn forget(&self, key: &str) {
        self.here.forget(key).await;
        let question = self.scripts.forget.key(name(key));
        self.all.ask(&question, |_: i64| Some(())).await;
    }

    async fn pace(&self, key: &str, per_second: u32, at_once: u32) -> Result<(), u32> {
        let mut question = self.scripts.pace.key(name(key));
        let sensible = |milliseconds: i64| {
            let seconds = u32::try_from(milliseconds).ok()?.div_ceil(1000);
            // One a second is the slowest pace there is.
            (seconds <= 1).then_some(seconds)
        };
        let wait = self
            .all
            .ask(question.arg(per_second).arg(at_once), sensible);
        match wait.await {
            None | Some(0) => Ok(()),
            Some(seconds) => Err(seconds),
        }
    }
}

/// Others may use the same Redis.
fn name(key: &str) -> String {
    format!("bilten|{key}")
}
