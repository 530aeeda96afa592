//! What stands in the database for somebody who asks for tickets, so that nobody keeps too many from all others. A keyed
//! hash: it tells the same one from another, and nothing else.

use std::net::IpAddr;

use uuid::Uuid;

use crate::{Services, seal};

/// An internet address; none for the machine itself, behind which a proxy hides everybody.
pub(crate) fn address(sv: &Services, address: Option<IpAddr>) -> Option<i64> {
    let address = address.filter(|address| !address.is_loopback())?;
    let name = match address {
        IpAddr::V4(address) => address.to_string(),
        // A household has a whole network of these.
        IpAddr::V6(address) => format!("{:x?}", address.segments().get(..4)?),
    };
    key(sv, &format!("asker|{name}"))
}

/// A place in a waiting room.
pub(super) fn place(sv: &Services, room: Uuid, number: u64) -> Option<i64> {
    key(sv, &format!("place|{room}|{number}"))
}

fn key(sv: &Services, name: &str) -> Option<i64> {
    let hash = seal::hash(&sv.seal.derive(name));
    hash.first_chunk().map(|first| i64::from_be_bytes(*first))
}
