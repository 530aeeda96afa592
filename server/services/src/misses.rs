//! Secrets that are guessed: links of orders, tickets and mails, codes that pair a scanner. They have 160 random bits, so that
//! nobody finds one; a household that misses again and again is told to come back later, and what is there it still gets.

use jiff::SignedDuration;

use crate::{
    Services,
    throttle::{self, Limit},
};

const MISSES: Limit = Limit {
    what: "misses",
    tries: 200,
    span: SignedDuration::from_mins(15),
};

/// Counts that a household asked for what is not there.
///
/// # Errors
/// It did so too often: in so many seconds it may ask again.
pub async fn count(sv: &Services, household: &str) -> Result<(), u32> {
    let counted = throttle::count(sv, &MISSES, household).await;
    counted.map_err(|many| many.retry_after)
}
