//! Doors that hear each other only now and then. Every case is an evening of 2 to 8 devices whose network falls apart in
//! random pieces; in the end all logs come together, in random order.
//!
//! What a door can know is computed twice: by the logs it has merged, and by following paths through the pieces of the
//! network. A double entry is allowed only where there was no path, and each one is a conflict.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot build its own data has found a fault"
)]

use std::collections::BTreeSet;

use domain::{
    checkin::{
        Admission, CheckInList, Context, Merged, Place, RosterEntry, ScanKind, ScanRecord, Uses,
        Verdict, Way, decide, merge,
    },
    ids::{CheckInId, CheckInListId, DeviceId, EventId, TicketId},
    tickets::{Claims, EventTag},
    when::{Timestamp, ValidityWindow},
};
use uuid::Uuid;

const CASES: u64 = 10_000;
const OPENS: i64 = 1_800_000_000;

/// SplitMix64, as in the simulation.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

/// One line of somebody's log, and whom word of it has reached.
struct Line {
    record: ScanRecord,
    ticket: usize,
    /// The line it takes back.
    undoes: Option<usize>,
    reached: BTreeSet<usize>,
}

struct Evening {
    chance: Chance,
    devices: usize,
    tickets: usize,
    /// Who can hear whom: the number of the piece each device is in.
    pieces: Vec<usize>,
    lines: Vec<Line>,
    /// What each device has in its memory.
    logs: Vec<Vec<ScanRecord>>,
    second: i64,
}

#[derive(Default)]
struct Seen {
    scans: usize,
    admissions: usize,
    refused: usize,
    undone: usize,
    conflicts: usize,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(OPENS + second).unwrap()
}

fn number(of: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(of).unwrap() + 1)
}

fn event() -> EventId {
    EventId::new(Uuid::from_u128(77))
}

/// Every third ticket is for two.
fn allowed(ticket: usize) -> u16 {
    if ticket.is_multiple_of(3) { 2 } else { 1 }
}

/// One list for each number of entries; a ticket's type has that number too.
fn list(ticket: usize) -> CheckInListId {
    CheckInListId::new(Uuid::from_u128(u128::from(allowed(ticket))))
}

fn place() -> Place {
    let lists = [1, 2].map(|times| CheckInList {
        id: CheckInListId::new(Uuid::from_u128(u128::from(times))),
        name: format!("For {times}"),
        types: Some(BTreeSet::from([times])),
        gates: None,
        window: ValidityWindow {
            from: at(0),
            until: at(86_400),
        },
        uses: Uses {
            times,
            reentry: false,
        },
    });
    Place {
        lists: lists.into(),
        ..Place::default()
    }
}

fn merged(records: impl IntoIterator<Item = ScanRecord>) -> Merged {
    merge(records, |_, list| place().uses(list))
}

impl Evening {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let devices = 2 + chance.below(7);
        Self {
            devices,
            tickets: 3 + chance.below(8),
            pieces: vec![0; devices],
            lines: Vec::new(),
            logs: vec![Vec::new(); devices],
            second: 0,
            chance,
        }
    }

    fn live(&mut self, seen: &mut Seen) {
        for _ in 0..3 + self.chance.below(6) {
            self.fall_apart();
            for _ in 0..self.chance.below(10) {
                // Sometimes two doors act in the same second.
                self.second += i64::try_from(self.chance.below(3)).unwrap();
                if self.chance.below(8) == 0 {
                    self.undo(seen);
                } else {
                    self.scan(seen);
                }
                self.talk();
            }
        }
    }

    /// New pieces; those who find each other exchange what they know.
    fn fall_apart(&mut self) {
        let most = 1 + self.chance.below(self.devices);
        for device in 0..self.devices {
            self.pieces[device] = self.chance.below(most);
        }
        self.talk();
    }

    fn talk(&mut self) {
        for piece in 0..self.devices {
            let together: Vec<usize> = (0..self.devices)
                .filter(|device| self.pieces[*device] == piece)
                .collect();
            let mut all: Vec<ScanRecord> = Vec::new();
            for device in &together {
                for record in &self.logs[*device] {
                    if all.iter().all(|known| known.id != record.id) {
                        all.push(record.clone());
                    }
                }
            }
            for device in &together {
                self.logs[*device].clone_from(&all);
            }
            // The same by the paths alone.
            for line in &mut self.lines {
                if together.iter().any(|device| line.reached.contains(device)) {
                    line.reached.extend(&together);
                }
            }
        }
    }

    /// How often a ticket stands as let in, as far as word has reached a device.
    fn known_inside(&self, device: usize, ticket: usize) -> usize {
        let heard = |line: &&Line| line.ticket == ticket && line.reached.contains(&device);
        let undone: BTreeSet<usize> = self
            .lines
            .iter()
            .filter(heard)
            .filter_map(|line| line.undoes)
            .collect();
        (0..self.lines.len())
            .filter(|line| {
                let of = &self.lines[*line];
                heard(&of) && of.undoes.is_none() && !undone.contains(line)
            })
            .count()
    }

    fn scan(&mut self, seen: &mut Seen) {
        let (device, ticket) = (
            self.chance.below(self.devices),
            self.chance.below(self.tickets),
        );
        let window = ValidityWindow {
            from: at(-3600),
            until: at(36_000),
        };
        let id = TicketId::new(number(ticket));
        let claims = Claims::new(1, id, event(), allowed(ticket), (window.from, window.until));
        let about = self.logs[device]
            .iter()
            .filter(|record| record.ticket == id)
            .cloned();
        let Merged {
            admissions,
            conflicts,
            ..
        } = merged(about);
        let mut entry = RosterEntry::new_to_device(&claims);
        entry.admitted = admissions
            .into_iter()
            .chain(conflicts)
            .map(|record| Admission {
                at: record.at,
                gate: None,
                device: record.device,
                list: record.list,
                exit: false,
            })
            .collect();
        let context = Context {
            event_tag: EventTag::of(event()),
            event_cancelled: false,
            now: at(self.second),
            window,
            place: &place(),
            way: Way::In,
        };
        let verdict = decide(&Ok(claims), Some(&entry), &context).verdict;
        let room = self.known_inside(device, ticket) < usize::from(allowed(ticket));
        seen.scans += 1;
        if room {
            assert_eq!(verdict, Verdict::Valid, "nobody it heard of is in");
            seen.admissions += 1;
            self.write_down(device, ticket, None);
        } else {
            assert!(
                matches!(verdict, Verdict::AlreadyIn { .. }),
                "a double entry although word had come: {verdict:?}"
            );
            seen.refused += 1;
        }
    }

    /// A device takes back something of its own that stands.
    fn undo(&mut self, seen: &mut Seen) {
        if self.lines.is_empty() {
            return;
        }
        let of = self.chance.below(self.lines.len());
        let taken = self.lines.iter().any(|line| line.undoes == Some(of));
        let line = &self.lines[of];
        if taken || line.undoes.is_some() {
            return;
        }
        let device = (0..self.devices)
            .find(|device| DeviceId::new(number(*device)) == line.record.device)
            .unwrap();
        seen.undone += 1;
        self.write_down(device, line.ticket, Some(of));
    }

    fn write_down(&mut self, device: usize, ticket: usize, undoes: Option<usize>) {
        let kind = match undoes {
            None => ScanKind::Admit,
            Some(of) => ScanKind::Undo {
                of: self.lines[of].record.id,
            },
        };
        let record = ScanRecord {
            at: at(self.second),
            counter: u64::try_from(self.lines.len()).unwrap(),
            device: DeviceId::new(number(device)),
            id: CheckInId::new(number(self.lines.len())),
            ticket: TicketId::new(number(ticket)),
            gate: None,
            list: Some(list(ticket)),
            kind,
        };
        self.logs[device].push(record.clone());
        self.lines.push(Line {
            record,
            ticket,
            undoes,
            reached: BTreeSet::from([device]),
        });
    }

    /// The server hears all logs, in any order, many lines more than once.
    fn come_together(&mut self, seen: &mut Seen) {
        let mut heard: Vec<ScanRecord> = self.logs.concat();
        for last in (1..heard.len()).rev() {
            let other = self.chance.below(last + 1);
            heard.swap(last, other);
        }
        let all = merged(heard.clone());
        // In two halves, the second first: what devices do among themselves.
        let (one, other) = heard.split_at(heard.len() / 2);
        let again = merged(other.iter().chain(one).cloned());
        assert_eq!(all, again, "the order of arrival counts");
        for ticket in 0..self.tickets {
            let id = TicketId::new(number(ticket));
            let undone: BTreeSet<usize> =
                self.lines.iter().filter_map(|line| line.undoes).collect();
            let stand = (0..self.lines.len())
                .filter(|line| {
                    let of = &self.lines[*line];
                    of.ticket == ticket && of.undoes.is_none() && !undone.contains(line)
                })
                .count();
            let count = |records: &[ScanRecord]| {
                records.iter().filter(|record| record.ticket == id).count()
            };
            let fit = stand.min(usize::from(allowed(ticket)));
            assert_eq!(count(&all.admissions), fit, "who is in");
            assert_eq!(count(&all.conflicts), stand - fit, "who is told");
            seen.conflicts += stand - fit;
        }
    }
}

#[test]
fn double_entries_only_without_a_path_and_each_is_told() {
    let first = std::env::var("BILTEN_SEED")
        .ok()
        .map(|seed| seed.parse::<u64>().unwrap());
    let seeds = first.map_or(0..CASES, |seed| seed..seed + 1);
    let mut seen = Seen::default();
    for seed in seeds {
        let lived = std::panic::catch_unwind(|| {
            let (mut evening, mut seen) = (Evening::new(seed), Seen::default());
            evening.live(&mut seen);
            evening.come_together(&mut seen);
            seen
        });
        let Ok(of) = lived else {
            panic!(
                "seed {seed}; again: BILTEN_SEED={seed} cargo test -p domain --test doors_apart"
            );
        };
        seen.scans += of.scans;
        seen.admissions += of.admissions;
        seen.refused += of.refused;
        seen.undone += of.undone;
        seen.conflicts += of.conflicts;
    }
    println!(
        "{CASES} evenings: {} scans, {} admissions, {} refused, {} undone, {} conflicts",
        seen.scans, seen.admissions, seen.refused, seen.undone, seen.conflicts
    );
    // Evenings on which nothing happens prove nothing.
    if first.is_none() {
        assert!(seen.conflicts > 5_000 && seen.refused > 10_000 && seen.undone > 5_000);
    }
}
