//! SQL of the door.

mod devices;
mod place;
mod roster;
mod said;
mod scans;
mod settle;
mod watch;

pub(super) use devices::{
    Heard, NewPairingRow, Reporter, devices, devices_by_token, event, insert_device,
    insert_pairing, lock_pairing, reporting, revoke_device, touch_devices, use_pairing,
};
pub(super) use place::{ListRule, gates, list_rules, place, settings};
pub(super) use roster::{admissions, changed_entries, counters, entries, key_ring, types};
pub(super) use said::{kinds, openings, said};
pub(super) use scans::{Inserted, NewScan, insert_scans, lock_tickets, mark_undone, to_undo};
pub(super) use settle::{StandingRow, set_outcome, set_turns, settled, standing};
pub(super) use watch::{Figures, Lines, by_device, figures, lines, reasons, told};

use domain::when::Timestamp;

fn sql(at: Timestamp) -> jiff_sqlx::Timestamp {
    at.into()
}
