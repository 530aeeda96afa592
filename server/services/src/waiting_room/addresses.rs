//! How many came from one internet address lately, so that nobody takes a thousand places.
//!
//! A fixed amount of memory, however many come: addresses share counters by their hash. A million of them are enough that
//! strangers on one counter do not reach the limit together. They begin anew every hour.

use std::{
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use domain::when::Timestamp;
use uuid::Uuid;

use crate::{Services, checkout};

const COUNTERS: usize = 1 << 20;
/// A school or an office behind one address is let in.
const MOST: u8 = 100;

/// The counters of this hour; made when somebody comes.
#[derive(Default)]
pub struct Addresses(Mutex<(i64, Vec<AtomicU8>)>);

impl Addresses {
    /// Counts one more of an address; `Err` is the number of seconds until the next hour, where it has had its share.
    fn count(&self, who: usize, now: Timestamp) -> Result<(), u32> {
        let hour = now.as_second().div_euclid(3600);
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.0 != hour || counters.1.is_empty() {
            counters.1.clear();
            counters.1.resize_with(COUNTERS, AtomicU8::default);
            counters.0 = hour;
        }
        let Some(counter) = counters.1.get(who % COUNTERS) else {
            return Ok(());
        };
        if counter.fetch_add(1, Ordering::Relaxed) < MOST {
            return Ok(());
        }
        counter.store(MOST, Ordering::Relaxed);
        Err(u32::try_from(3600 - now.as_second().rem_euclid(3600)).unwrap_or(3600))
    }
}

/// Counts somebody who comes into a room. The machine itself, behind which a proxy hides everybody, has no limit; nor has
/// anybody, where the operator wants none.
pub(super) fn count(sv: &Services, room: Uuid, address: Option<IpAddr>) -> Result<(), u32> {
    if sv.settings.holds_per_address == 0 {
        return Ok(());
    }
    let Some(key) = checkout::address_key(sv, address) else {
        return Ok(());
    };
    let (_, low) = room.as_u64_pair();
    let who = u64::from_ne_bytes(key.to_ne_bytes()) ^ low;
    let index = who % u64::try_from(COUNTERS).unwrap_or(u64::MAX);
    sv.addresses
        .count(usize::try_from(index).unwrap_or(0), sv.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_each_hour() {
        let addresses = Addresses::default();
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        for _ in 0..MOST {
            addresses.count(7, at(10)).unwrap();
        }
        for _ in 0..300 {
            assert_eq!(addresses.count(7, at(30)), Err(1800));
        }
        addresses.count(8, at(30)).unwrap();
        addresses.count(7, at(61)).unwrap();
    }
}
