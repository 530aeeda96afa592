//! SQL of the door.

mod devices;
mod roster;
mod scans;

pub(super) use devices::{
    Heard, NewPairingRow, devices, devices_by_token, event, insert_device, insert_pairing,
    lock_pairing, revoke_device, touch_devices, use_pairing,
};
pub(super) use roster::{changed_entries, counters, entries, key_ring, types};
pub(super) use scans::{
    Inserted, NewScan, admission_to_undo, insert_scans, lock_tickets, mark_undone, scans,
    set_outcome, settled, standing_admissions,
};

use domain::when::Timestamp;

fn sql(at: Timestamp) -> jiff_sqlx::Timestamp {
    at.into()
}
