//! The door in words.

use domain::{
    door::{Answer, Names},
    ids::TicketTypeId,
    when::Timestamp,
};
use locales::{Locale, dates, door as t, isolate, numbers, scanner::verdict};
use services::{
    checkin::{GateView, ListRow, ScanView},
    zone,
};

use super::DoorScanView;

/// How times are told at this door.
pub(super) struct Clock {
    pub l: Locale,
    zone: String,
}

impl Clock {
    pub(super) fn new(l: Locale, zone: String) -> Self {
        Self { l, zone }
    }

    /// A zone that is unknown by now is told as it is stored: in UTC.
    fn local(&self, at: Timestamp) -> jiff::civil::DateTime {
        zone::local(at, &self.zone)
            .map_or_else(|_| jiff::tz::Offset::UTC.to_datetime(at), |local| local.at)
    }

    pub(super) fn time(&self, at: Timestamp) -> String {
        dates::time(self.local(at).time())
    }

    pub(super) fn day_and_time(&self, at: Timestamp) -> String {
        dates::short(self.l, self.local(at), None)
    }

    /// As a `datetime-local` field wants it.
    pub(super) fn field(&self, at: Timestamp) -> String {
        self.local(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// "Fri 1 May, 18:00 to 23:00"
    fn span(&self, from: Timestamp, until: Timestamp) -> String {
        dates::range_short(self.l, self.local(from), self.local(until), None)
    }
}

/// "3 min ago"; with the day once it is long ago.
pub(super) fn ago(clock: &Clock, now: Timestamp, at: Timestamp) -> String {
    let minutes = now.duration_since(at).as_secs() / 60;
    match minutes {
        ..1 => t::just_now(clock.l).to_owned(),
        1..60 => t::minutes_ago(clock.l, numbers::integer(minutes.unsigned_abs())),
        60..600 => t::hours_ago(clock.l, numbers::integer((minutes / 60).unsigned_abs())),
        _ => clock.day_and_time(at),
    }
}

pub(super) fn names(l: Locale, names: Names) -> &'static str {
    match names {
        Names::Full => t::names_full(l),
        Names::Initials => t::names_initials(l),
        Names::Hidden => t::names_hidden(l),
    }
}

/// The name of a gate; where there is none, that.
pub(super) fn gate(l: Locale, name: &str) -> String {
    if name.is_empty() {
        t::no_gate(l).to_owned()
    } else {
        name.to_owned()
    }
}

/// Tenths of people per minute, over ten minutes: one decimal.
pub(super) fn rate(people: u32) -> String {
    format!("{}.{}", people / 10, people % 10)
}

/// Of those who were scanned in the last ten minutes.
pub(super) fn refused(gate: &GateView) -> String {
    let all = u64::from(gate.recent).saturating_add(u64::from(gate.refused_recent));
    if all == 0 {
        return "–".to_owned();
    }
    numbers::percent(u64::from(gate.refused_recent), all)
}

/// What a verdict says; of codes that are not known, nothing.
pub(super) fn verdict_of(l: Locale, code: &str) -> &'static str {
    verdict::lookup(l, code).unwrap_or(t::not_a_ticket(l))
}

pub(super) fn scan(clock: &Clock, scan: ScanView) -> DoorScanView {
    let l = clock.l;
    let result = match scan.fate {
        _ if scan.undone => t::undone(l),
        Answer::Conflict => t::conflict(l),
        Answer::LateRevoked => t::late_revoked(l),
        Answer::Accepted if scan.forced => t::forced(l),
        Answer::Accepted if scan.left => t::left(l),
        Answer::Accepted if scan.let_in => t::let_in(l),
        // A scanner let in what the server does not know.
        Answer::Refused if scan.let_in => t::not_a_ticket(l),
        Answer::Accepted | Answer::Duplicate | Answer::Refused => verdict_of(l, &scan.verdict),
    };
    let joined = |parts: [Option<String>; 2]| {
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" · ")
    };
    let mut ticket = joined([scan.ticket_type, scan.order_code]);
    if ticket.is_empty() {
        t::not_a_ticket(l).clone_into(&mut ticket);
    }
    DoorScanView {
        cells: vec![
            clock.day_and_time(scan.at),
            scan.holder.unwrap_or_default(),
            ticket,
            joined([Some(scan.gate), Some(scan.device_name)]),
        ],
        result: result.to_owned(),
        reason: scan.reason,
        let_in: scan.let_in && !scan.undone,
        fate: scan.fate,
    }
}

/// "VIP and Crew, at Stage door, Fri 1 May, 18:00 to 23:00, once."
pub(super) fn list(clock: &Clock, list: &ListRow, kinds: &[(TicketTypeId, String)]) -> String {
    let l = clock.l;
    let what = match &list.types {
        None => t::all_kinds(l).to_owned(),
        Some(chosen) => {
            let names = kinds.iter().filter(|(id, _)| chosen.contains(id));
            let names: Vec<_> = names.map(|(_, name)| name.as_str()).collect();
            if names.is_empty() {
                t::no_kinds(l).to_owned()
            } else {
                all_of(l, &names)
            }
        }
    };
    let place = match &list.gates {
        None => t::at_every_gate(l).to_owned(),
        Some(gates) => {
            let gates: Vec<_> = gates.iter().map(String::as_str).collect();
            t::at_gates(l, all_of(l, &gates))
        }
    };
    let when = match (list.opens, list.closes) {
        (Some(from), Some(until)) => Some(clock.span(from, until)),
        (Some(from), None) => Some(t::from_time(l, clock.day_and_time(from))),
        (None, Some(until)) => Some(t::until_time(l, clock.day_and_time(until))),
        (None, None) => None,
    };
    let uses = match (list.uses.reentry, list.uses.times) {
        (false, times) => t::times(l, u64::from(times)),
        (true, 1) => t::come_back(l).to_owned(),
        (true, times) => t::inside_at_once(l, u64::from(times)),
    };
    let parts = [Some(what), Some(place), when, Some(uses)];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(t::comma(l))
}

/// "VIP", "VIP and Crew", "VIP, Crew and Press".
fn all_of(l: Locale, names: &[&str]) -> String {
    let shown: Vec<_> = names.iter().map(|name| isolate(l, name)).collect();
    match shown.split_last() {
        None => String::new(),
        Some((last, [])) => last.to_string(),
        Some((last, others)) => t::and(l, others.join(t::comma(l)), last),
    }
}
