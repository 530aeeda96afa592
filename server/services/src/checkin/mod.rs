//! The door: pairing scanners with an event, the list they carry, the scans they report, and what the organizer sees of
//! it. Who gets in is decided by `domain::checkin`, on the device and here alike.
//!
//! A scanner decides alone and tells later. So nothing it reports is dropped: a scan that fits no more is kept with the
//! outcome that says so, for the people who run the door.

mod change;
mod counts;
mod device;
mod lists;
mod local_time;
mod log;
mod message;
mod openings;
mod overview;
mod pair;
mod queries;
mod record;
mod reporters;
mod roster;
mod rows;
mod settle;
mod supervisor;

pub use change::DoorError;
pub use counts::Counts;
pub(crate) use device::DeviceTokens;
pub use device::{Device, DeviceRefused, RevokeRefused, device_by_token, door, revoke_device};
pub use lists::{
    DoorLists, ListForm, ListRow, ListWay, MOST_LISTS, door_lists, move_list, remove_list,
    save_list,
};
pub use local_time::local_time;
pub use message::send_message;
pub use openings::{close_gate, open_gate};
pub use overview::{
    DeviceView, DoorOverview, GateView, OpenedGate, ScanView, SentMessage, list_devices, overview,
};
pub use pair::{CreatePairing, NewPairing, PairRefused, PairingRefused, create_pairing, pair};
pub(crate) use record::Scans;
pub use record::{RecordRefused, record_scans};
pub use reporters::{Reporters, reporter};
pub use roster::{RosterRefused, roster};
pub use supervisor::{remove_pin, set_pin};

#[cfg(test)]
mod tests;
