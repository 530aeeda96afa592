//! What is kept about the device itself.

use std::collections::BTreeMap;

use domain::{
    checkin::Way,
    door::{Counters, Door, DoorMessage},
    tickets::KeyRing,
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What is kept about the device itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub token: String,
    pub door: Door,
    pub keys: KeyRing,
    /// Names of the kinds of tickets by their numbers.
    pub types: BTreeMap<u16, String>,
    pub cursor: String,
    /// The list has been loaded completely once.
    pub complete: bool,
    pub counters: Counters,
    /// By the server's clock.
    pub synced_at: Option<Timestamp>,
    /// What to add to this device's clock to get the server's.
    pub skew_millis: i64,
    /// The gate chosen here, where pairing left it open.
    #[serde(default)]
    pub gate: Option<String>,
    /// Which way people go past this device.
    #[serde(default)]
    pub way: Way,
    /// The last message that was read here.
    #[serde(default)]
    pub read: Option<Timestamp>,
}

impl Identity {
    pub fn new(token: String, door: Door) -> Self {
        Self {
            token,
            door,
            keys: KeyRing::default(),
            types: BTreeMap::new(),
            cursor: String::new(),
            complete: false,
            counters: Counters::default(),
            synced_at: None,
            skew_millis: 0,
            gate: None,
            way: Way::In,
            read: None,
        }
    }

    /// Takes in where the device stands. A gate chosen here stays chosen.
    pub(super) fn stand_at(&mut self, mut door: Door) {
        if door.place.gate.is_empty() {
            door.place.gate = self.gate.clone().unwrap_or_default();
        } else {
            self.gate = None;
        }
        self.door = door;
    }

    /// Whether the time the device was given is over. One that comes back is told the old time until its first page; it has
    /// nothing to forget by then.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.synced_at.is_some() && self.door.lease_until <= now
    }

    /// Goes to another gate.
    pub fn choose_gate(&mut self, gate: String) {
        self.door.place.gate.clone_from(&gate);
        self.gate = Some(gate);
    }

    /// The latest word from whoever runs the doors, until it is read.
    pub fn unread(&self) -> Option<&DoorMessage> {
        let message = self.door.message.as_ref();
        message.filter(|message| self.read.is_none_or(|read| read < message.sent_at))
    }
}
