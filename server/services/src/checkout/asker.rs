//! Who asks for tickets: whether it is their turn, and what stands for them in the database, so that nobody keeps too many
//! from all others. That is a keyed hash: it tells the same one from another, and nothing else.

use std::net::IpAddr;

use domain::waiting_room::OPEN_PER_PLACE;
use uuid::Uuid;

use crate::{
    Services, household, seal,
    waiting_room::{self, OpenRoom},
};

/// Who may choose, and who they are.
pub(super) struct Gate<'a> {
    pub sv: &'a Services,
    /// Where one must wait for one's turn.
    pub room: Option<OpenRoom>,
}

/// It is not their turn.
#[derive(Clone, Copy)]
pub(super) struct Stopped;

/// Somebody who asks for tickets.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    /// What stands for them in the database; none for those who cannot be told apart.
    pub key: Option<i64>,
    /// How many reservations they may have open.
    pub most: u32,
    /// The internet address that a place of a waiting room is used from, and how many that may have open. Whoever has taken many
    /// places from one address has no more for it.
    pub from: Option<(i64, u32)>,
}

impl Gate<'_> {
    pub fn let_through(&self, from: Option<IpAddr>, place: Option<&str>) -> Result<Asker, Stopped> {
        let of_address = self.sv.settings.holds_per_address;
        let from = address(self.sv, from).filter(|_| of_address > 0);
        let Some(room) = &self.room else {
            return Ok(Asker {
                key: from,
                most: of_address,
                from: None,
            });
        };
        let number = place
            .and_then(|place| waiting_room::read(self.sv, room.id, place))
            .filter(|number| room.is_in(*number))
            .ok_or(Stopped)?;
        Ok(Asker {
            key: self::place(self.sv, room.id, number),
            most: OPEN_PER_PLACE,
            from: from.map(|from| (from, of_address)),
        })
    }
}

/// An internet address; none for the machine itself, behind which a proxy hides everybody.
pub(crate) fn address(sv: &Services, address: Option<IpAddr>) -> Option<i64> {
    let address = address.filter(|address| !address.is_loopback())?;
    key(sv, &format!("asker|{}", household(address)))
}

/// A place in a waiting room.
fn place(sv: &Services, room: Uuid, number: u64) -> Option<i64> {
    key(sv, &format!("place|{room}|{number}"))
}

fn key(sv: &Services, name: &str) -> Option<i64> {
    let hash = seal::hash(&sv.seal.derive(name));
    hash.first_chunk().map(|first| i64::from_be_bytes(*first))
}
