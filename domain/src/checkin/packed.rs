//! The list of tickets in few bytes: from the server to Bilten's own scanner, and in the scanner's memory.
//!
//! Most tickets are like the one before them in the order of ids: sold a moment later or in the same order, of the same
//! kind, for the same person, and nothing has happened to them. So of each ticket only that is written in which it
//! differs from the one before. Ids are kept as a whole. A shorter mark for each would save a little and could take two
//! tickets for one.
//!
//! A list is one byte for the version, how many tickets there are, and the tickets. A number is written seven bits at a
//! time, the lowest first (LEB128), a text as its length in bytes and UTF-8. A ticket begins with a byte of flags, from the
//! lowest bit: two for the id, two for the order, two for the name, one for a type that differs, one for all that is rare.

mod bytes;

use uuid::Uuid;

use self::bytes::{Reader, Writer};

use super::{Admission, RosterEntry, Standing};
use crate::{
    ids::{CheckInListId, DeviceId, OrderCode, TicketId},
    when::Timestamp,
};

/// [`crate::door::PACKED`] ends in it.
const VERSION: u8 = 1;

/// How an id follows from the one before.
mod id {
    /// It does not: 16 bytes.
    pub const WHOLE: u8 = 0;
    /// How many milliseconds later, and 10 bytes.
    pub const LATER: u8 = 1;
    /// The same with 8 bytes, and two that are zero.
    pub const ROUND: u8 = 2;
    /// One more, as within an order.
    pub const NEXT: u8 = 3;
}

/// Orders and names: none, the one before, or another.
const NONE: u8 = 0;
const SAME: u8 = 1;
const OTHER: u8 = 2;

const KIND: u8 = 1 << 6;
const RARE: u8 = 1 << 7;

const NOTE: u8 = 1 << 2;
const ADMITTED: u8 = 1 << 3;

/// What was read is not such a list, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of tickets")]
pub struct Garbled;

/// Entries in few bytes; in the fewest when they come in the order of their tickets.
pub fn pack<'a>(entries: impl ExactSizeIterator<Item = &'a RosterEntry>) -> Vec<u8> {
    let mut out = Writer(vec![VERSION]);
    out.count(entries.len());
    let mut before = Before::default();
    for entry in entries {
        before.write(&mut out, entry);
    }
    out.0
}

/// The entries that [`pack`] has written.
pub fn unpack(bytes: &[u8]) -> Result<Vec<RosterEntry>, Garbled> {
    let mut input = Reader(bytes);
    if input.byte()? != VERSION {
        return Err(Garbled);
    }
    let count = input.count()?;
    let mut before = Before::default();
    let entries = (0..count)
        .map(|_| before.read(&mut input))
        .collect::<Result<Vec<_>, _>>()?;
    input.end()?;
    Ok(entries)
}

/// A page for the wire: something of its own, and the entries behind it.
pub fn pack_behind<'a>(
    head: &[u8],
    entries: impl ExactSizeIterator<Item = &'a RosterEntry>,
) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.bytes(head);
    out.0.append(&mut pack(entries));
    out.0
}

/// Both parts of what [`pack_behind`] has written.
pub fn unpack_behind(bytes: &[u8]) -> Result<(&[u8], Vec<RosterEntry>), Garbled> {
    let mut input = Reader(bytes);
    let head = input.bytes()?;
    Ok((head, unpack(input.0)?))
}

/// What the next entry may refer to; the writer's and the reader's are the same at every entry.
#[derive(Default)]
struct Before {
    id: u128,
    order: Option<OrderCode>,
    name: Option<String>,
    kind: u16,
    /// Whole seconds of the last admission.
    second: i64,
    gates: Vec<String>,
    devices: Vec<DeviceId>,
    lists: Vec<CheckInListId>,
}

/// The milliseconds of an id, in its first 48 bits.
fn millis(id: u128) -> u64 {
    u64::try_from(id >> 80).unwrap_or_default()
}

impl Before {
    fn write(&mut self, out: &mut Writer, entry: &RosterEntry) {
        let number = entry.ticket.get().as_u128();
        let rare =
            entry.state != Standing::Valid || entry.note.is_some() || !entry.admitted.is_empty();
        let way = if self.id.checked_add(1) == Some(number) {
            id::NEXT
        } else if millis(number) < millis(self.id) {
            id::WHOLE
        } else if number & 0xffff == 0 {
            id::ROUND
        } else {
            id::LATER
        };
        let order = relation(&self.order, &entry.order_code);
        let name = relation(&self.name, &entry.name);
        let mut flags = way | order << 2 | name << 4;
        if entry.type_number != self.kind {
            flags |= KIND;
        }
        if rare {
            flags |= RARE;
        }
        out.0.push(flags);
        let bytes = number.to_be_bytes();
        if way == id::WHOLE {
            out.0.extend(bytes);
        } else if way != id::NEXT {
            out.number(millis(number) - millis(self.id));
            let end = if way == id::ROUND { 14 } else { 16 };
            out.0.extend(bytes.iter().take(end).skip(6));
        }
        self.id = number;
        if let Some(code) = entry.order_code.filter(|_| order == OTHER) {
            out.0.extend(code.packed());
            self.order = Some(code);
        }
        if let Some(text) = entry.name.as_ref().filter(|_| name == OTHER) {
            out.bytes(text.as_bytes());
            self.name = Some(text.clone());
        }
        if flags & KIND != 0 {
            out.number(entry.type_number.into());
            self.kind = entry.type_number;
        }
        if rare {
            self.write_rare(out, entry);
        }
    }

    fn write_rare(&mut self, out: &mut Writer, entry: &RosterEntry) {
        let mut flags = match entry.state {
            Standing::Valid => 0,
            Standing::Cancelled => 1,
            Standing::Replaced => 2,
            Standing::Blocked => 3,
        };
        if entry.note.is_some() {
            flags |= NOTE;
        }
        if !entry.admitted.is_empty() {
            flags |= ADMITTED;
        }
        out.0.push(flags);
        if let Some(note) = &entry.note {
            out.bytes(note.as_bytes());
        }
        if entry.admitted.is_empty() {
            return;
        }
        out.count(entry.admitted.len());
        for one in &entry.admitted {
            let (second, nanos) = parts(one.at);
            out.signed(second.wrapping_sub(self.second));
            self.second = second;
            let exit = u64::from(one.exit);
            out.number(if nanos % 1_000_000 == 0 {
                (nanos / 1_000_000) << 2 | exit
            } else {
                nanos << 2 | 2 | exit
            });
            known(out, &mut self.gates, one.gate.as_ref(), |out, gate| {
                out.bytes(gate.as_bytes());
            });
            known(out, &mut self.devices, Some(&one.device), |out, device| {
                out.0.extend(device.get().as_bytes());
            });
            known(out, &mut self.lists, one.list.as_ref(), |out, list| {
                out.0.extend(list.get().as_bytes());
            });
        }
    }

    fn read(&mut self, input: &mut Reader<'_>) -> Result<RosterEntry, Garbled> {
        let flags = input.byte()?;
        self.id = match flags & 3 {
            id::WHOLE => input.id()?.as_u128(),
            id::NEXT => self.id.checked_add(1).ok_or(Garbled)?,
            way => {
                let at = millis(self.id)
                    .checked_add(input.number()?)
                    .filter(|at| at >> 48 == 0)
                    .ok_or(Garbled)?;
                let size = if way == id::ROUND { 8 } else { 10 };
                let mut bytes = [0; 16];
                for (place, byte) in bytes.iter_mut().skip(6).zip(input.take(size)?) {
                    *place = *byte;
                }
                u128::from(at) << 80 | u128::from_be_bytes(bytes)
            }
        };
        let order_code = match flags >> 2 & 3 {
            NONE => None,
            SAME => Some(self.order.ok_or(Garbled)?),
            OTHER => {
                self.order = Some(OrderCode::unpacked(input.array()?));
                self.order
            }
            _ => return Err(Garbled),
        };
        let name = match flags >> 4 & 3 {
            NONE => None,
            SAME => Some(self.name.clone().ok_or(Garbled)?),
            OTHER => {
                self.name = Some(input.text()?);
                self.name.clone()
            }
            _ => return Err(Garbled),
        };
        if flags & KIND != 0 {
            self.kind = u16::try_from(input.number()?).map_err(|_| Garbled)?;
        }
        let mut entry = RosterEntry {
            ticket: TicketId::new(Uuid::from_u128(self.id)),
            type_number: self.kind,
            state: Standing::Valid,
            name,
            order_code,
            note: None,
            admitted: Vec::new(),
        };
        if flags & RARE != 0 {
            self.read_rare(input, &mut entry)?;
        }
        Ok(entry)
    }

    fn read_rare(
        &mut self,
        input: &mut Reader<'_>,
        entry: &mut RosterEntry,
    ) -> Result<(), Garbled> {
        let flags = input.byte()?;
        entry.state = match flags & 3 {
            0 => Standing::Valid,
            1 => Standing::Cancelled,
            2 => Standing::Replaced,
            _ => Standing::Blocked,
        };
        if flags & NOTE != 0 {
            entry.note = Some(input.text()?);
        }
        if flags & ADMITTED == 0 {
            return Ok(());
        }
        for _ in 0..input.count()? {
            self.second = self.second.wrapping_add(input.signed()?);
            let mark = input.number()?;
            let scale = if mark & 2 == 0 { 1_000_000 } else { 1 };
            let nanos = (mark >> 2)
                .checked_mul(scale)
                .filter(|nanos| *nanos < 1_000_000_000)
                .ok_or(Garbled)?;
            let nanos = i32::try_from(nanos).map_err(|_| Garbled)?;
            let at = Timestamp::new(self.second, nanos).map_err(|_| Garbled)?;
            let gate = recall(input, &mut self.gates, Reader::text)?;
            let device = recall(input, &mut self.devices, |input| {
                input.id().map(DeviceId::new)
            })?;
            let list = recall(input, &mut self.lists, |input| {
                input.id().map(CheckInListId::new)
            })?;
            entry.admitted.push(Admission {
                at,
                gate,
                device: device.ok_or(Garbled)?,
                list,
                exit: mark & 1 != 0,
            });
        }
        Ok(())
    }
}

fn relation<T: PartialEq>(before: &Option<T>, now: &Option<T>) -> u8 {
    match now {
        None => NONE,
        Some(_) if now == before => SAME,
        Some(_) => OTHER,
    }
}

/// Whole seconds since 1970 and the nanoseconds after them, before 1970 too.
fn parts(at: Timestamp) -> (i64, u64) {
    let (second, nanos) = (at.as_second(), i64::from(at.subsec_nanosecond()));
    let (second, nanos) = if nanos < 0 {
        (second.saturating_sub(1), nanos + 1_000_000_000)
    } else {
        (second, nanos)
    };
    (second, u64::try_from(nanos).unwrap_or_default())
}

/// Gates, devices and lists are few: each is written once and has a number from then on. Nothing is 0.
fn known<T: Clone + PartialEq>(
    out: &mut Writer,
    seen: &mut Vec<T>,
    one: Option<&T>,
    write: impl FnOnce(&mut Writer, &T),
) {
    let Some(one) = one else {
        return out.number(0);
    };
    match seen.iter().position(|known| known == one) {
        Some(place) => out.count(place.saturating_add(1)),
        None => {
            out.count(seen.len().saturating_add(1));
            write(out, one);
            seen.push(one.clone());
        }
    }
}

fn recall<'a, T: Clone>(
    input: &mut Reader<'a>,
    seen: &mut Vec<T>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Garbled>,
) -> Result<Option<T>, Garbled> {
    let number = usize::try_from(input.number()?).map_err(|_| Garbled)?;
    let Some(place) = number.checked_sub(1) else {
        return Ok(None);
    };
    if place == seen.len() {
        let one = read(input)?;
        seen.push(one);
    }
    seen.get(place).cloned().map(Some).ok_or(Garbled)
}

#[cfg(test)]
mod tests;
