//! What a scanner knows and decides, without a browser: so that it can be tested anywhere.
//!
//! The list in memory always says what is true as far as this device knows: what the server sent, and on top of it what
//! this device did itself and the server may not have taken in yet.

mod clock;
mod find;
mod group;
mod identity;
mod line;
mod own;

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::OnceLock,
};

use domain::{
    checkin::{RosterEntry, Verdict, decide, pack},
    door::{ReportKind, RosterPage, ScanAnswer, ScanReport},
    ids::{CheckInId, CheckInListId, OrderCode, TicketId},
    tickets::{self, Claims, CodeFault},
    when::Timestamp,
};

#[cfg(target_arch = "wasm32")]
pub use clock::{Look, Watch};
#[cfg(target_arch = "wasm32")]
pub use find::Match;
pub use identity::Identity;
pub use line::{Line, LineState, Unsent};

/// The same text again within this time is the same guest taking their phone away.
pub const SAME_CODE_MILLIS: i64 = 3000;

/// Everything in memory.
pub struct Model {
    pub identity: Identity,
    roster: BTreeMap<TicketId, Known>,
    /// The log by its numbers, oldest first.
    lines: BTreeMap<u64, Line>,
    by_ticket: HashMap<TicketId, Vec<u64>>,
    by_order: HashMap<OrderCode, Vec<TicketId>>,
    last: Option<(String, Timestamp)>,
    /// Names up to here are ready to be searched.
    folded: Option<TicketId>,
}

struct Known {
    entry: RosterEntry,
    /// The name folded for searching, once it was needed: folding all of them takes longer than a door may take to open.
    key: OnceLock<String>,
}

/// The answer to one scan, with what to show beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    pub ticket: Option<TicketId>,
    /// The list it counts on.
    pub list: Option<CheckInListId>,
    pub holder: Option<String>,
    pub type_name: Option<String>,
    pub order_code: Option<String>,
    /// The entry to write down when the list does not have the ticket.
    new_entry: Option<RosterEntry>,
}

/// Numbers at the bottom of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub tickets: usize,
    pub sold: u32,
    pub inside: usize,
    pub pending: usize,
    pub refused: usize,
}

impl Model {
    pub fn new(identity: Identity, entries: Vec<RosterEntry>, lines: Vec<(u64, Line)>) -> Self {
        let mut model = Self {
            identity,
            roster: BTreeMap::new(),
            lines: BTreeMap::new(),
            by_ticket: HashMap::new(),
            by_order: HashMap::new(),
            last: None,
            folded: None,
        };
        for entry in entries {
            model.put(entry);
        }
        for (number, line) in lines {
            model.keep(number, line);
        }
        // The list may be older than what was done here: nobody comes in twice because of it.
        let own: Vec<_> = model
            .by_ticket
            .keys()
            .filter_map(|ticket| model.roster.get(ticket))
            .map(|known| model.with_own_deeds(known.entry.clone()))
            .collect();
        for entry in own {
            model.put(entry);
        }
        model
    }

    fn put(&mut self, entry: RosterEntry) {
        if let Some(order) = entry.order_code {
            let mates = self.by_order.entry(order).or_default();
            if !mates.contains(&entry.ticket) {
                mates.push(entry.ticket);
            }
        }
        let key = OnceLock::new();
        self.roster.insert(entry.ticket, Known { entry, key });
    }

    fn keep(&mut self, number: u64, line: Line) {
        if let Some(ticket) = line.ticket {
            let numbers = self.by_ticket.entry(ticket).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        self.lines.insert(number, line);
    }

    /// Takes a page of the list in and gives back the entries that are to be stored: those that say something new.
    pub fn take_page(&mut self, page: RosterPage) -> Vec<RosterEntry> {
        let identity = &mut self.identity;
        identity.keys = page.keys;
        identity.types = page
            .types
            .into_iter()
            .map(|kind| (kind.number, kind.name))
            .collect();
        identity.cursor = page.cursor;
        identity.counters = page.counters;
        identity.synced_at = Some(page.door.server_now);
        identity.complete |= !page.more;
        identity.stand_at(page.door);
        let entries: Vec<_> = page
            .entries
            .into_iter()
            .map(|entry| self.with_own_deeds(entry))
            // What has changed lately is told again and again.
            .filter(|entry| {
                let known = self.roster.get(&entry.ticket);
                known.is_none_or(|known| known.entry != *entry)
            })
            .collect();
        for entry in &entries {
            self.put(entry.clone());
        }
        entries
    }

    /// The whole list in few bytes.
    pub fn packed(&self) -> Vec<u8> {
        pack(self.roster.values().map(|known| &known.entry))
    }

    /// Makes some more names ready to be searched. Says whether others are left.
    pub fn fold_some(&mut self, most: usize) -> bool {
        let from = self.folded.map_or(Bound::Unbounded, Bound::Excluded);
        let mut last = None;
        for (ticket, known) in self.roster.range((from, Bound::Unbounded)).take(most) {
            known.key();
            last = Some(*ticket);
        }
        self.folded = last.or(self.folded);
        last.is_some()
    }

    /// What has to be told of a line even when this device has forgotten everybody.
    pub fn unsent(&self, line: &Line) -> Unsent {
        Unsent {
            token: self.identity.token.clone(),
            event: self.identity.door.event.id,
            line: line.nameless(),
        }
    }

    /// The latest instant this device has ever heard of: no clock that is before it can be right.
    pub fn latest(&self) -> Option<Timestamp> {
        let scanned = self.lines.values().map(|line| line.at).max();
        scanned.max(self.identity.synced_at)
    }

    /// The next scan is a new one, whatever it says.
    pub fn forget_last(&mut self) {
        self.last = None;
    }

    /// Whether this text was scanned a moment ago; remembers it either way.
    pub fn is_repeat(&mut self, text: &str, now: Timestamp) -> bool {
        let repeat = self.last.as_ref().is_some_and(|(last, at)| {
            last == text
                && now.as_millisecond().saturating_sub(at.as_millisecond()) < SAME_CODE_MILLIS
        });
        self.last = Some((text.to_owned(), now));
        repeat
    }

    /// What a scanned text means at this door.
    pub fn judge(&self, text: &str, now: Timestamp) -> Judged {
        self.judge_claims(&tickets::read(text, &self.identity.keys), now)
    }

    /// What a ticket chosen from the list means; nobody has seen its code.
    pub fn judge_chosen(&self, ticket: TicketId, now: Timestamp) -> Option<Judged> {
        let entry = &self.roster.get(&ticket)?.entry;
        let event = &self.identity.door.event;
        let always = (event.window.from, event.window.until);
        let claims = Claims::new(0, ticket, event.id, entry.type_number, always);
        Some(self.judge_claims(&Ok(claims), now))
    }

    fn judge_claims(&self, read: &Result<Claims, CodeFault>, now: Timestamp) -> Judged {
        let claims = read.as_ref().ok();
        let known = claims
            .and_then(|claims| self.roster.get(&claims.ticket))
            .map(|known| &known.entry);
        let context = self.identity.door.context(self.identity.way, now);
        let decision = decide(read, known, &context);
        let here = claims.filter(|claims| claims.event_tag == self.identity.door.event.id.into());
        let number = known
            .map(|entry| entry.type_number)
            .or(here.map(|claims| claims.type_number));
        Judged {
            ticket: here.map(|claims| claims.ticket),
            list: decision.list.or_else(|| {
                number.and_then(|number| self.identity.door.place.usual_list(number, now))
            }),
            holder: known.and_then(|entry| entry.name.clone()),
            type_name: number.and_then(|number| self.identity.types.get(&number).cloned()),
            order_code: known
                .and_then(|entry| entry.order_code)
                .map(|code| code.to_string()),
            new_entry: here
                .filter(|_| known.is_none())
                .map(RosterEntry::new_to_device),
            verdict: decision.verdict,
        }
    }

    /// A line was stored under this number, with its entry.
    pub fn stored(&mut self, number: u64, line: Line, entry: Option<RosterEntry>) {
        self.keep(number, line);
        if let Some(entry) = entry {
            self.put(entry);
        }
    }

    /// The oldest lines the server has not answered.
    pub fn waiting(&self, limit: usize) -> Vec<ScanReport> {
        self.lines
            .iter()
            .filter(|(_, line)| line.state == LineState::Waiting)
            .take(limit)
            .map(|(number, line)| line.report(*number))
            .collect()
    }

    /// Takes answers in and gives back the lines that changed, to be stored.
    pub fn answered(&mut self, answers: Vec<ScanAnswer>) -> Vec<(u64, Line)> {
        let mut by_id: HashMap<CheckInId, ScanAnswer> = answers
            .into_iter()
            .map(|answer| (answer.id, answer))
            .collect();
        let mut changed = Vec::new();
        for (number, line) in &mut self.lines {
            if line.state == LineState::Waiting
                && let Some(answer) = by_id.remove(&line.id)
            {
                line.state = LineState::Told {
                    settled: answer.settled,
                    used: answer.used,
                };
                changed.push((*number, line.clone()));
            }
        }
        changed
    }

    pub fn stats(&self, now: Timestamp) -> Stats {
        let over = self.identity.door.place.over(now);
        Stats {
            tickets: self.roster.len(),
            sold: self.identity.counters.sold,
            inside: self
                .roster
                .values()
                .map(|known| usize::try_from(known.entry.inside(&over)).unwrap_or_default())
                .sum(),
            pending: self.pending(),
            refused: self
                .lines
                .values()
                .filter(|line| line.kind == ReportKind::Refuse)
                .count(),
        }
    }

    /// Lines the server has not answered.
    pub fn pending(&self) -> usize {
        self.lines
            .values()
            .filter(|line| line.state == LineState::Waiting)
            .count()
    }

    /// The last scans, newest first. Undoing is shown at the scan it takes back.
    pub fn recent(&self, limit: usize) -> Vec<(u64, Line)> {
        let scans = self
            .lines
            .iter()
            .rev()
            .filter(|(_, line)| !matches!(line.kind, ReportKind::Undo { .. }));
        scans
            .take(limit)
            .map(|(number, line)| (*number, line.clone()))
            .collect()
    }

    /// Admissions the server or another door disagrees with.
    pub fn troubles(&self) -> Vec<(u64, Line)> {
        let troubled = self
            .lines
            .iter()
            .rev()
            .filter(|(_, line)| line.passes() && line.failed());
        troubled
            .take(50)
            .map(|(number, line)| (*number, line.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
