//! The door: pairing scanners with an event, the list they carry, the scans they report, and what the organizer sees of
//! it. Who gets in is decided by `domain::checkin`, on the device and here alike.
//!
//! A scanner decides alone and tells later. So nothing it reports is dropped: a scan that fits no more is kept with the
//! outcome that says so, for the people who run the door.

mod counters;
mod counts;
mod device;
mod overview;
mod pair;
mod queries;
mod record;
mod roster;
mod rows;

pub use counters::counters;
pub use counts::Counts;
pub(crate) use device::DeviceTokens;
pub use device::{Device, DeviceRefused, RevokeRefused, device_by_token, door, revoke_device};
pub use overview::{DeviceView, DoorOverview, ScanView, list_devices, overview};
pub use pair::{CreatePairing, NewPairing, PairRefused, PairingRefused, create_pairing, pair};
pub(crate) use record::Scans;
pub use record::{RecordRefused, record_scans};
pub use roster::{RosterRefused, roster};

#[cfg(test)]
mod tests;
