//! Challenges for browsers, and the proofs that come back. A challenge is the same for all who look within a minute, so
//! that pages can be kept; a proof is good once.

use std::time::Duration;

use domain::{proof_of_work::is_done, when::Timestamp};
use moka::sync::Cache;
use subtle::ConstantTimeEq;

use crate::{Services, idempotency::Mark};

/// As long as somebody may look at a page before choosing. Later the page is made anew, and so is its proof.
const GOOD_FOR: Duration = Duration::from_secs(2 * 60 * 60);
const MOST: u64 = 1_000_000;
/// How often one wish may come with the same proof: a button that is pressed again, and a browser that tries once more by itself.
const TIMES: u8 = 3;

/// The proofs that were used in this process, and for which wish.
pub struct Proofs(Cache<(i64, u64), Used>);

#[derive(Clone)]
struct Used {
    by: Option<Mark>,
    times: u8,
}

impl Default for Proofs {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST)
                .time_to_live(GOOD_FOR)
                .build(),
        )
    }
}

/// What a page made now asks for.
pub fn challenge(sv: &Services) -> String {
    written(sv, minute(sv.now()))
}

/// Whether `proof` (a challenge, a colon and a nonce) is one that was not used yet, or for this same wish: a button pressed twice is
/// answered twice. From now on it is used.
pub(super) fn takes(sv: &Services, proof: &str, wish: Option<&Mark>) -> bool {
    let Some((challenge, nonce)) = proof.split_once(':') else {
        return false;
    };
    let Some(of) = challenge.split('.').next().and_then(|of| of.parse().ok()) else {
        return false;
    };
    let Ok(nonce) = nonce.parse() else {
        return false;
    };
    let age = minute(sv.now()).saturating_sub(of);
    let oldest = i64::try_from(GOOD_FOR.as_secs() / 60).unwrap_or(0);
    let is_done = (0..=oldest).contains(&age)
        && bool::from(challenge.as_bytes().ct_eq(written(sv, of).as_bytes()))
        && is_done(challenge, nonce);
    if !is_done {
        return false;
    }
    let used = sv.proofs.0.entry((of, nonce)).and_upsert_with(|before| {
        let before = before.map(moka::Entry::into_value);
        Used {
            times: before
                .as_ref()
                .map_or(0, |used| used.times)
                .saturating_add(1),
            by: before.map_or_else(|| wish.cloned(), |used| used.by),
        }
    });
    let used = used.into_value();
    used.times == 1 || (used.times <= TIMES && wish.is_some() && used.by.as_ref() == wish)
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

fn written(sv: &Services, minute: i64) -> String {
    format!("{minute}.{}", sv.seal.derive(&format!("proof|{minute}")))
}
