//! Counts tries within a span of time. Kept in the cache, by its clock: forgetting them does no lasting harm.

use jiff::SignedDuration;

use crate::{Services, seal, security_log};

/// How often something may be tried.
pub(crate) struct Limit {
    pub what: &'static str,
    pub tries: u32,
    pub span: SignedDuration,
}

/// There were too many tries; the next one may come after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many tries")]
pub struct TooMany {
    pub retry_after: u32,
}

/// Counts this try, before the costly work, and refuses it when there were too many.
pub(crate) async fn count(sv: &Services, limit: &Limit, who: &str) -> Result<(), TooMany> {
    let span = u32::try_from(limit.span.as_secs()).unwrap_or(u32::MAX);
    let counted = sv.cache.count(&key(limit, who), span).await;
    if counted.tries > limit.tries {
        security_log::limited(limit.what);
        return Err(TooMany {
            retry_after: counted.seconds_left.max(1),
        });
    }
    Ok(())
}

/// A success shows that it is the right person: their tries are forgotten.
pub(crate) async fn forget(sv: &Services, limit: &Limit, who: &str) {
    sv.cache.forget(&key(limit, who)).await;
}

fn key(limit: &Limit, who: &str) -> String {
    format!(
        "tries|{}|{}",
        limit.what,
        seal::base32(&seal::hash(&who.to_lowercase()))
    )
}
