//! Doors without a network: they decide by what they were told last and by what they did themselves.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{action::Action, catalog::at, world::World};
use crate::{
    checkin::{Admission, Context, Place, RosterEntry, ScanKind, ScanRecord, Way, decide},
    ids::{CheckInId, DeviceId, TicketId},
    planted::{Bug, planted},
    tickets::{Claims, CodeFault, EventTag, KeyRing, PublicKey, SigningKey, read, sign},
};

const KEY: u32 = 1;
/// Signing is slow, so only one code in so many is a real one; the others are taken as read.
const SIGNED_ONE_IN: u32 = 300;
const DAY: u32 = 86_400;

pub(super) struct Door {
    pub(super) device: DeviceId,
    pub(super) roster: BTreeMap<TicketId, RosterEntry>,
    pub(super) log: Vec<Line>,
    /// How wrong its own clock is, in seconds.
    skew: i64,
    /// When it was switched on: since then it counts seconds, which no change of its clock disturbs.
    started: i64,
    /// The server's clock when it last heard it, and its own count at that moment.
    anchor: (i64, i64),
    pub(super) version: u64,
    /// What this door must know: tickets it let in itself, those it was told are in, and those it was told are void.
    pub(super) inside: BTreeSet<usize>,
    pub(super) told_inside: BTreeSet<usize>,
    pub(super) told_void: BTreeSet<usize>,
}

/// One line of a door's own log, which survives everything.
pub(super) struct Line {
    pub(super) record: ScanRecord,
    pub(super) ticket: usize,
    pub(super) truth: i64,
    pub(super) sent: bool,
}

impl Door {
    fn clock(&self, now: i64) -> i64 {
        if planted(Bug::DeviceClock) {
            return now + self.skew;
        }
        let (server, counted) = self.anchor;
        server + (self.counted(now) - counted)
    }

    fn counted(&self, now: i64) -> i64 {
        now - self.started
    }

    pub(super) fn hears_the_time(&mut self, now: i64) {
        self.anchor = (now, self.counted(now));
    }

    pub(super) fn standing(&self, ticket: usize) -> Option<&Line> {
        let its = self.log.iter().rev().filter(|line| line.ticket == ticket);
        let mut admits = its.filter(|line| line.record.kind == ScanKind::Admit);
        admits.next().filter(|_| self.inside.contains(&ticket))
    }
}

impl World {
    pub(super) fn id(&mut self, number: usize) -> Uuid {
        // The first half is random, so that no rule can rely on ids being in the order of time.
        let random = u128::from(self.chance.number()) << 64;
        Uuid::from_u128(random | u128::try_from(number).unwrap())
    }

    pub(super) fn doors_open(&mut self) {
        for door in 0..usize::try_from(self.chance.between(2, 5)).unwrap() {
            let device = DeviceId::new(self.id(door));
            self.doors.push(Door {
                device,
                roster: BTreeMap::new(),
                log: Vec::new(),
                skew: i64::from(self.chance.below(2 * DAY)) - i64::from(DAY),
                started: -i64::from(self.chance.below(DAY)),
                anchor: (0, 0),
                version: 0,
                inside: BTreeSet::new(),
                told_inside: BTreeSet::new(),
                told_void: BTreeSet::new(),
            });
            self.doors[door].hears_the_time(0);
            for _ in 0..self.chance.between(5, 30) {
                self.soon(300, 9_600, Action::Scan { door });
            }
            for _ in 0..self.chance.below(4) {
                self.soon(700, 9_600, Action::Undo { door });
                self.soon(700, 9_600, Action::Send { door });
                self.soon(700, 9_600, Action::Load { door });
            }
            if self.chance.one_in(4) {
                self.soon(300, 9_600, Action::ClockJumps { door });
            }
        }
    }

    pub(super) fn clock_jumps(&mut self, door: usize) {
        self.doors[door].skew += i64::from(self.chance.below(7_200)) - 3_600;
    }

    /// Somebody shows a ticket: their own, a copy of it, one of another event, one that is void, or a forged one.
    pub(super) fn scan(&mut self, door: usize) {
        let Some(number) = self.chance.index(self.db.tickets.len()) else {
            return;
        };
        let ticket = &self.db.tickets[number];
        let kind = &self.catalog.types[ticket.kind];
        let (here, event) = (self.catalog.events[0], self.catalog.events[kind.event]);
        let window = self.catalog.doors;
        let type_number = u16::try_from(ticket.kind).unwrap();
        let claims = Claims::new(
            KEY,
            ticket.id,
            event,
            type_number,
            (window.from, window.until),
        );
        let signed = self.chance.one_in(SIGNED_ONE_IN);
        let forged = signed && self.chance.one_in(2);
        let code = if signed {
            shown(&claims, forged)
        } else {
            Ok(claims)
        };
        let at_door = &mut self.doors[door];
        let now = at(at_door.clock(self.now));
        let context = Context {
            event_tag: EventTag::of(here),
            event_cancelled: false,
            now,
            window,
            place: &Place::default(),
            way: Way::In,
        };
        let verdict = decide(&code, at_door.roster.get(&claims.ticket), &context).verdict;
        let good = !forged
            && event == here
            && window.contains(at(self.now))
            && !at_door.told_void.contains(&number)
            && !at_door.told_inside.contains(&number)
            && !at_door.inside.contains(&number);
        assert_eq!(
            verdict.admits(),
            good,
            "I9: {} for ticket {number} at door {door}",
            verdict.code()
        );
        if good {
            let entry = at_door.roster.entry(claims.ticket);
            let entry = entry.or_insert_with(|| RosterEntry::new_to_device(&claims));
            entry.admitted.push(Admission {
                at: now,
                gate: None,
                device: at_door.device,
                list: None,
                exit: false,
            });
            at_door.inside.insert(number);
            self.write_down(door, number, ScanKind::Admit);
        }
        self.say(&format!(
            "    door {door}, ticket {number}: {}",
            verdict.code()
        ));
    }

    /// A mistake at the door is taken back.
    pub(super) fn undo(&mut self, door: usize) {
        let at_door = &mut self.doors[door];
        let Some(line) = self
            .chance
            .index(at_door.log.len())
            .map(|line| &at_door.log[line])
        else {
            return;
        };
        let ticket = line.ticket;
        let Some(line) = at_door.standing(ticket) else {
            return;
        };
        let (of, id, when) = (line.record.id, line.record.ticket, line.record.at);
        if let Some(entry) = at_door.roster.get_mut(&id) {
            entry
                .admitted
                .retain(|admission| admission.device != at_door.device || admission.at != when);
        }
        at_door.inside.remove(&ticket);
        self.write_down(door, ticket, ScanKind::Undo { of });
        self.say(&format!("    door {door}, ticket {ticket}: undone"));
    }

    fn write_down(&mut self, door: usize, ticket: usize, kind: ScanKind) {
        let length = self.doors[door].log.len();
        let id = CheckInId::new(self.id(door * 100_000 + length));
        let at_door = &mut self.doors[door];
        let record = ScanRecord {
            at: at(at_door.clock(self.now)),
            counter: u64::try_from(length).unwrap(),
            device: at_door.device,
            id,
            ticket: self.db.tickets[ticket].id,
            gate: None,
            list: None,
            kind,
        };
        at_door.log.push(Line {
            record,
            ticket,
            truth: self.now,
            sent: false,
        });
    }
}

/// What a scanner reads of a code that was really signed, by us or by somebody else in our name.
fn shown(claims: &Claims, forged: bool) -> Result<Claims, CodeFault> {
    let [ours, theirs] = [7, 8].map(|seed| SigningKey::from_bytes(&[seed; 32]));
    let keys = KeyRing::new(vec![PublicKey::of(KEY, &ours)]);
    let code = sign(claims, if forged { &theirs } else { &ours });
    read(code.as_str(), &keys)
}
