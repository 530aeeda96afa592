//! How many live streams a household has open. Each costs memory for as long as it lives, and nothing else counts it.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app_api::{ApiError, RequestInfo};
use services::{Services, household};

/// A school or an office behind one address is let in.
pub const MOST: usize = 100;

/// So long a stream lives, more or less: those that began together should not all come back together.
const LIFE: Duration = Duration::from_secs(480);
const MORE_OR_LESS_SECONDS: u128 = 240;

/// How long a new stream may live; browsers open it anew by themselves, with the rights they have then.
pub fn life(sv: &Services) -> Duration {
    let drawn = sv.new_id().as_u128() % MORE_OR_LESS_SECONDS;
    LIFE + Duration::from_secs(u64::try_from(drawn).unwrap_or(0))
}

/// The open streams of each household.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them, until it is dropped.
pub struct OpenStream {
    streams: Streams,
    household: Option<IpAddr>,
}

impl Streams {
    /// Counts one more, or refuses it.
    pub fn open(&self, info: &RequestInfo) -> Result<OpenStream, ApiError> {
        // The machine itself: a proxy that hides everybody, or somebody who is trying things out.
        let client = info.client.filter(|client| !client.is_loopback());
        let household = client.map(household);
        if let Some(household) = household {
            let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = open.entry(household).or_default();
            if *count >= MOST {
                return Err(ApiError::too_many(60));
            }
            *count += 1;
        }
        Ok(OpenStream {
            streams: self.clone(),
            household,
        })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let Some(household) = self.household else {
            return;
        };
        let mut open = self
            .streams
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&household) {
            *count -= 1;
            if *count == 0 {
                open.remove(&household);
            }
        }
    }
}
