//! Devices that report scan after scan, found without asking the database each time.

use std::time::Duration;

use moka::sync::Cache;

use super::{
    Device,
    device::{DeviceRefused, device_by_token},
};
use crate::{Services, seal};

/// Which device a token stands for never changes; nobody has to hear of it.
const KNOWN_FOR: Duration = Duration::from_secs(10 * 60);
const MOST: u64 = 10_000;

/// The devices this process heard of lately, by the hash of their token.
pub struct Reporters(Cache<Vec<u8>, Device>);

impl Default for Reporters {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST)
                .time_to_live(KNOWN_FOR)
                .build(),
        )
    }
}

/// Who reports, by its token. It may have been shut out since: [`record_scans`](super::record_scans) asks for that in the
/// transaction that writes, so that it holds at once whichever process shuts a device out. For nothing else.
pub async fn reporter(sv: &Services, token: &str) -> Result<Device, DeviceRefused> {
    let hash = seal::hash(token);
    if let Some(known) = sv.reporters.0.get(&hash) {
        return Ok(known);
    }
    let device = device_by_token(sv, token).await?;
    sv.reporters.0.insert(hash, device.clone());
    Ok(device)
}
