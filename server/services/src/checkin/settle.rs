//! Deciding which entries and exits count, from everything all devices ever reported about their tickets.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    checkin::{ScanKind, ScanRecord, Uses, merge_with_removed},
    door::ReportKind,
    ids::{CheckInId, CheckInListId, OrganizationId, TicketId},
};

use super::{
    log::Taken,
    queries::{self, Inserted, ListRule, NewScan, StandingRow},
    rows::Outcome,
};
use crate::{Unexpected, db::Tx};

/// What deciding has changed.
pub(super) struct Settled {
    /// Lines became what they were written as.
    pub foreseen: bool,
    /// How many more are inside than before, as far as nothing moved.
    pub more: i64,
    /// Something that counted does not any more: count anew.
    pub moved: bool,
}

/// What becomes of lines that are not written yet, as long as all of them are new.
pub(super) struct Foreseen {
    claims: BTreeSet<CheckInId>,
    pub settled: Settled,
}

impl Foreseen {
    /// Whether all of them were.
    pub fn holds(&self, taken: &[Taken]) -> bool {
        let mut claims = taken.iter().filter(|taken| self.claims.contains(&taken.id));
        claims.all(|taken| taken.inserted == Inserted::New)
    }
}

/// What a line should be. Entries that count have a turn among those of their ticket.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fate {
    outcome: Outcome,
    turn: Option<i16>,
}

impl Fate {
    /// Whether a line that stands as `row` is that already.
    fn is_of(self, row: Known) -> bool {
        self.outcome == row.outcome && self.turn.is_none_or(|turn| turn == row.turn)
    }

    /// How many more it puts inside.
    fn inside(self) -> i64 {
        match (self.outcome, self.turn) {
            (Outcome::Accepted, Some(_)) => 1,
            (Outcome::Accepted, None) => -1,
            _ => 0,
        }
    }
}

/// A line as it was settled last.
#[derive(Clone, Copy)]
struct Known {
    outcome: Outcome,
    turn: i16,
}

type Rules = BTreeMap<CheckInListId, ListRule>;

/// Decides about lines before they are written, and puts into them what becomes of them. Nothing, and nothing changed,
/// where that would change lines which are there already.
pub(super) fn foresee(
    standing: Vec<StandingRow>,
    lines: &mut [NewScan],
    rules: &Rules,
) -> Option<Foreseen> {
    let ids: BTreeSet<CheckInId> = lines.iter().map(|line| line.id).collect();
    if ids.len() < lines.len() {
        // A device tells the same twice at once; which of the two is written is for the database to say.
        return None;
    }
    let before = known(&standing);
    let claims: Vec<ScanRecord> = lines
        .iter()
        .filter(|line| !before.contains_key(&line.id))
        .filter_map(NewScan::claim)
        .collect();
    let claimed: BTreeSet<CheckInId> = claims.iter().map(|claim| claim.id).collect();
    let there = standing.into_iter().map(|row| row.record);
    let fates = decide(there.chain(claims), rules);
    let stays =
        |(id, was): (&CheckInId, &Known)| fates.get(id).is_some_and(|fate| fate.is_of(*was));
    if !before.iter().all(stays) {
        return None;
    }
    let mut more = 0;
    for line in lines.iter_mut().filter(|line| claimed.contains(&line.id)) {
        let fate = fates.get(&line.id)?;
        line.outcome = fate.outcome;
        line.turn = fate.turn.unwrap_or(line.turn);
        more += fate.inside();
    }
    Some(Foreseen {
        claims: claimed,
        settled: Settled {
            foreseen: true,
            more,
            moved: false,
        },
    })
}

/// Decides about everything that is written about these tickets, and writes what has changed.
pub(super) async fn anew(
    tx: &mut Tx,
    organization: OrganizationId,
    tickets: &[TicketId],
    rules: &Rules,
) -> Result<Settled, Unexpected> {
    let standing = queries::standing(tx, organization, tickets).await?;
    let before = known(&standing);
    let fates = decide(standing.into_iter().map(|row| row.record), rules);
    let (mut freed, mut turns, mut left, mut idle) = (vec![], vec![], vec![], vec![]);
    let (mut more, mut moved) = (0, false);
    for (id, fate) in fates {
        let Some(was) = before.get(&id).filter(|was| !fate.is_of(**was)) else {
            continue;
        };
        match (fate.outcome, fate.turn) {
            (Outcome::Accepted, Some(turn)) => {
                if was.outcome == Outcome::Accepted {
                    freed.push(id);
                } else {
                    more += 1;
                }
                turns.push((id, turn));
            }
            (Outcome::Accepted, None) => {
                more -= 1;
                left.push(id);
            }
            (Outcome::Refused, _) => {
                moved = true;
                idle.push(id);
            }
            _ => freed.push(id),
        }
    }
    moved |= !freed.is_empty();
    // Losers and whatever changes its turn first: no turn is ever taken twice, the database holds us to that.
    queries::set_outcome(tx, organization, &freed, Outcome::Conflict).await?;
    queries::set_turns(tx, organization, &turns).await?;
    queries::set_outcome(tx, organization, &left, Outcome::Accepted).await?;
    queries::set_outcome(tx, organization, &idle, Outcome::Refused).await?;
    Ok(Settled {
        foreseen: false,
        more,
        moved,
    })
}

fn known(standing: &[StandingRow]) -> BTreeMap<CheckInId, Known> {
    let known = |row: &StandingRow| {
        let known = Known {
            outcome: row.outcome,
            turn: row.turn,
        };
        (row.record.id, known)
    };
    standing.iter().map(known).collect()
}

/// What all these lines should be.
fn decide(
    records: impl IntoIterator<Item = ScanRecord>,
    rules: &Rules,
) -> BTreeMap<CheckInId, Fate> {
    let rule = |list: CheckInListId| rules.get(&list);
    let merged = merge_with_removed(
        records,
        |_, list| list.and_then(rule).map_or(Uses::ONCE, |rule| rule.uses),
        |list| rule(list).and_then(|rule| rule.removed_at),
    );
    let mut taken: BTreeMap<TicketId, i16> = BTreeMap::new();
    let mut fates = BTreeMap::new();
    for scan in merged.admissions {
        let turn = taken.entry(scan.ticket).or_default();
        *turn = turn.saturating_add(1);
        let fate = Fate {
            outcome: Outcome::Accepted,
            turn: Some(*turn),
        };
        fates.insert(scan.id, fate);
    }
    for (scans, outcome) in [
        (merged.conflicts, Outcome::Conflict),
        (merged.exits, Outcome::Accepted),
        (merged.idle_exits, Outcome::Refused),
    ] {
        let fate = Fate {
            outcome,
            turn: None,
        };
        fates.extend(scans.into_iter().map(|scan| (scan.id, fate)));
    }
    fates
}

impl NewScan {
    /// The line as one that counts or could. Refusals count nothing, nor do entries with tickets that are gone.
    fn claim(&self) -> Option<ScanRecord> {
        let kind = match (self.kind, self.outcome) {
            (ReportKind::Admit, Outcome::Conflict) => ScanKind::Admit,
            (ReportKind::Force, Outcome::Conflict) => ScanKind::Force,
            (ReportKind::Exit, _) => ScanKind::Exit,
            _ => return None,
        };
        Some(ScanRecord {
            at: self.scanned_at,
            counter: u64::try_from(self.counter).unwrap_or(u64::MAX),
            device: self.device,
            id: self.id,
            ticket: self.ticket?,
            gate: Some(self.gate.clone()).filter(|gate| !gate.is_empty()),
            list: self.list,
            kind,
        })
    }
}
