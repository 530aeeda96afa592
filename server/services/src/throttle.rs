//! Counts tries within a span of time. Kept in the cache: forgetting them does no lasting harm.

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
    let key = key(limit, who);
    let now = sv.now().as_second();
    let span = limit.span.as_secs();
    let (begun, tries) = match sv.cache.get(&key).await.as_deref().and_then(read) {
        Some((begun, tries)) if now < begun.saturating_add(span) => (begun, tries),
        _ => (now, 0),
    };
    let left = begun.saturating_add(span).saturating_sub(now).max(1);
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    if tries >= limit.tries {
        security_log::limited(limit.what);
        return Err(TooMany { retry_after: left });
    }
    sv.cache.put(&key, write(begun, tries + 1), left).await;
    Ok(())
}

/// A success shows that it is the right person: their tries are forgotten.
pub(crate) async fn forget(sv: &Services, limit: &Limit, who: &str) {
    sv.cache.remove(&key(limit, who)).await;
}

fn key(limit: &Limit, who: &str) -> String {
    format!(
        "tries|{}|{}",
        limit.what,
        seal::base32(&seal::hash(&who.to_lowercase()))
    )
}

fn read(kept: &[u8]) -> Option<(i64, u32)> {
    let (begun, tries) = kept.split_first_chunk::<8>()?;
    Some((
        i64::from_be_bytes(*begun),
        u32::from_be_bytes(tries.try_into().ok()?),
    ))
}

fn write(begun: i64, tries: u32) -> Vec<u8> {
    [
        begun.to_be_bytes().as_slice(),
        tries.to_be_bytes().as_slice(),
    ]
    .concat()
}
