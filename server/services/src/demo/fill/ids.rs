//! Ids that carry the moment their row would have been made, so that lists by id are lists by time.

use domain::when::Timestamp;
use uuid::Uuid;

use crate::Services;

/// A version 7 id (RFC 9562) of a moment in the past.
pub(super) fn id_at(sv: &Services, at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    let mut random = [0; 10];
    sv.entropy.fill(&mut random);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
