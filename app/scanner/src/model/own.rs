//! What this device did itself: the lines it writes down, and the list as it is after them.

use std::collections::HashSet;

use domain::{
    checkin::{Admission, RosterEntry, Verdict},
    door::ReportKind,
    ids::CheckInId,
    when::Timestamp,
};

use super::{Judged, Line, LineState, Model};

impl Model {
    /// What the server says of a ticket, and what this device did with it and the server has not answered yet.
    pub(super) fn with_own_deeds(&self, mut entry: RosterEntry) -> RosterEntry {
        let me = self.identity.door.device;
        let numbers = self.by_ticket.get(&entry.ticket).into_iter().flatten();
        let lines: Vec<&Line> = numbers
            .filter_map(|number| self.lines.get(number))
            .collect();
        let undone: HashSet<CheckInId> = lines
            .iter()
            .filter_map(|line| match line.kind {
                ReportKind::Undo { of } => Some(of),
                _ => None,
            })
            .collect();
        for line in lines.into_iter().filter(|line| line.passes()) {
            let is_it = |one: &Admission| one.device == me && one.at == line.at;
            if undone.contains(&line.id) {
                entry.admitted.retain(|one| !is_it(one));
            } else if line.state == LineState::Waiting && !entry.admitted.iter().any(is_it) {
                entry.admitted.push(self.admission(line));
            }
        }
        entry
    }

    fn admission(&self, line: &Line) -> Admission {
        let door = &self.identity.door;
        Admission {
            at: line.at,
            gate: Some(line.gate.as_ref().unwrap_or(&door.place.gate).clone())
                .filter(|gate| !gate.is_empty()),
            device: door.device,
            list: line.list,
            exit: line.kind == ReportKind::Exit,
        }
    }

    /// The line to write down for a scan, and the entry as it is after it.
    pub fn record(
        &self,
        judged: &Judged,
        id: CheckInId,
        now: Timestamp,
    ) -> (Line, Option<RosterEntry>) {
        let kind = match judged.verdict {
            Verdict::Exited => ReportKind::Exit,
            ref verdict if verdict.admits() => ReportKind::Admit,
            _ => ReportKind::Refuse,
        };
        self.write(kind, judged, id, now, None)
    }

    /// The line of a supervisor who lets somebody in against the rule. Nothing where that cannot be.
    pub fn force(
        &self,
        judged: &Judged,
        id: CheckInId,
        now: Timestamp,
        reason: String,
    ) -> Option<(Line, Option<RosterEntry>)> {
        (judged.verdict.may_be_forced() && judged.ticket.is_some()).then(|| {
            let reason = Some(reason).filter(|reason| !reason.is_empty());
            self.write(ReportKind::Force, judged, id, now, reason)
        })
    }

    fn write(
        &self,
        kind: ReportKind,
        judged: &Judged,
        id: CheckInId,
        now: Timestamp,
        reason: Option<String>,
    ) -> (Line, Option<RosterEntry>) {
        let line = Line {
            id,
            ticket: judged.ticket,
            list: judged.list,
            kind,
            verdict: judged.verdict.clone(),
            at: now,
            gate: self.identity.gate.clone(),
            reason,
            holder: judged.holder.clone(),
            type_name: judged.type_name.clone(),
            order_code: judged.order_code.clone(),
            state: LineState::Waiting,
        };
        let ticket = judged.ticket.filter(|_| line.passes());
        let known = ticket.and_then(|ticket| self.roster.get(&ticket));
        let entry = known
            .map(|known| known.entry.clone())
            .or_else(|| ticket.and(judged.new_entry.clone()))
            .map(|mut entry| {
                entry.admitted.push(self.admission(&line));
                entry
            });
        (line, entry)
    }

    /// The line that takes an entry or an exit back, and the entry as it is after it.
    pub fn take_back(
        &self,
        number: u64,
        id: CheckInId,
        now: Timestamp,
    ) -> Option<(Line, Option<RosterEntry>)> {
        let done = self.lines.get(&number).filter(|line| self.can_undo(line))?;
        let line = Line {
            id,
            kind: ReportKind::Undo { of: done.id },
            at: now,
            reason: None,
            state: LineState::Waiting,
            ..done.clone()
        };
        let me = self.identity.door.device;
        let known = done.ticket.and_then(|ticket| self.roster.get(&ticket));
        let entry = known.map(|known| {
            let mut entry = known.entry.clone();
            entry
                .admitted
                .retain(|one| one.device != me || one.at != done.at);
            entry
        });
        Some((line, entry))
    }

    pub fn can_undo(&self, line: &Line) -> bool {
        line.passes() && line.may_be_undone() && !self.is_undone(line)
    }

    pub fn is_undone(&self, line: &Line) -> bool {
        let numbers = line.ticket.and_then(|ticket| self.by_ticket.get(&ticket));
        numbers
            .into_iter()
            .flatten()
            .filter_map(|number| self.lines.get(number))
            .any(|other| other.kind == ReportKind::Undo { of: line.id })
    }
}
