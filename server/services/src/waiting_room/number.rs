//! The signed number of somebody who waits: `<number>-<signature>`, good for one room.

use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::Services;

/// The text that its owner shows.
pub(super) fn write(sv: &Services, room: Uuid, number: u64) -> String {
    format!("{number}-{}", signature(sv, room, number))
}

/// The number, if it was given out by this room.
pub(crate) fn read(sv: &Services, room: Uuid, text: &str) -> Option<u64> {
    let (number, signed) = text.split_once('-')?;
    let number: u64 = number.parse().ok()?;
    // All of it is compared, so that the time taken tells nothing.
    let right = signature(sv, room, number);
    bool::from(right.as_bytes().ct_eq(signed.as_bytes())).then_some(number)
}

fn signature(sv: &Services, room: Uuid, number: u64) -> String {
    sv.seal.derive(&about(room, number))
}

/// What the signature is made from.
pub(super) fn about(room: Uuid, number: u64) -> String {
    format!("waiting_room|{room}|{number}")
}
