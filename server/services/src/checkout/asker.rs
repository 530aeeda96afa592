//! From where somebody asks for tickets: one address may keep only so many reservations of an event at a time.

use std::net::IpAddr;

use crate::{Services, seal};

/// What stands for an address in the database; none for the machine itself, behind which a proxy hides everybody.
pub(super) fn asker(sv: &Services, address: Option<IpAddr>) -> Option<i64> {
    let address = address.filter(|address| !address.is_loopback())?;
    let name = match address {
        IpAddr::V4(address) => address.to_string(),
        // A household has a whole network of these.
        IpAddr::V6(address) => format!("{:x?}", address.segments().get(..4)?),
    };
    let hash = seal::hash(&sv.seal.derive(&format!("asker|{name}")));
    let bytes = hash.first_chunk::<8>()?;
    Some(i64::from_be_bytes(*bytes))
}
