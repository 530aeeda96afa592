//! The browser's work for its request, done in small portions while people choose.

use domain::proof_of_work::search;
use leptos::prelude::*;
use std::time::Duration;

/// So few that nothing stutters: some milliseconds on a slow phone.
const PORTION: u64 = 1_000;
/// Somebody who only looks should not be made to work.
const FIRST: Duration = Duration::from_millis(500);

/// The proof, once it is there.
pub fn of(challenge: String) -> RwSignal<String> {
    let proof = RwSignal::new(String::new());
    Effect::new(move || {
        let start = (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
        work_later(challenge.clone(), start, proof, FIRST);
    });
    proof
}

fn work_later(challenge: String, from: u64, proof: RwSignal<String>, pause: Duration) {
    set_timeout(
        move || match search(&challenge, from, PORTION) {
            Some(nonce) => {
                proof.try_set(format!("{challenge}:{nonce}"));
            }
            // The page may have gone meanwhile.
            None if proof.is_disposed() => {}
            None => work_later(challenge, from + PORTION, proof, Duration::from_millis(1)),
        },
        pause,
    );
}
