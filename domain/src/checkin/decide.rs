//! The rule itself.

use serde::{Deserialize, Serialize};

use super::{Place, RosterEntry, Standing, UnknownKind, Verdict};
use crate::{
    ids::CheckInListId,
    planted::{Bug, planted},
    tickets::{Claims, CodeFault, EventTag, LooksLike},
    when::{Timestamp, ValidityWindow},
};

/// Which way people go past a scanner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// In.
    #[default]
    In,
    /// Out.
    Out,
}

/// Where and when a scan happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// The event whose door this is.
    pub event_tag: EventTag,
    /// Whether that event was called off.
    pub event_cancelled: bool,
    /// The current instant, by the server's clock as far as it is known.
    pub now: Timestamp,
    /// When the doors are open.
    pub window: ValidityWindow,
    /// The door itself.
    pub place: &'a Place,
    /// Which way people go here.
    pub way: Way,
}

/// The answer to a scan, and the list it was given on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    /// Nothing where the event has no lists, or the ticket got as far as none.
    pub list: Option<CheckInListId>,
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            list: None,
        }
    }
}

/// Decides about a scan. `entry` is what is known about the ticket here, if anything.
///
/// The order of the questions is the order in which an answer helps: is it a ticket, is it for here, does it stand, is
/// it time, is it the right gate, was it used, is there something to look at. Whoever leaves is asked only whether the
/// ticket is of this event.
pub fn decide(
    scan: &Result<Claims, CodeFault>,
    entry: Option<&RosterEntry>,
    ctx: &Context<'_>,
) -> Decision {
    let claims = match scan {
        Ok(claims) => claims,
        Err(fault) => return not_a_ticket(*fault).into(),
    };
    if claims.event_tag != ctx.event_tag && !planted(Bug::WrongEventAdmitted) {
        return Verdict::WrongEvent.into();
    }
    // An entry of another ticket says nothing about this one.
    let entry = entry.filter(|entry| entry.ticket == claims.ticket);
    if ctx.way == Way::Out {
        let number = entry.map_or(claims.type_number, |entry| entry.type_number);
        let inside = entry.and_then(|entry| entry.inside_on(&ctx.place.over(ctx.now)));
        return Decision {
            verdict: Verdict::Exited,
            list: inside.unwrap_or_else(|| ctx.place.usual_list(number, ctx.now)),
        };
    }
    if ctx.event_cancelled {
        return Verdict::EventCancelled.into();
    }
    match entry.map(|entry| entry.state) {
        Some(Standing::Cancelled) if planted(Bug::RevokedAdmitted) => {}
        Some(Standing::Cancelled) => return Verdict::Cancelled.into(),
        Some(Standing::Replaced) => return Verdict::Replaced.into(),
        Some(Standing::Blocked) => return Verdict::Blocked.into(),
        Some(Standing::Valid) | None => {}
    }
    let opens = ctx.window.from.max(claims.valid_from.start());
    if ctx.now < opens {
        return Verdict::TooEarly { opens }.into();
    }
    let closed = ctx.window.until.min(claims.valid_until.start());
    if ctx.now >= closed {
        return Verdict::TooLate { closed }.into();
    }
    let number = entry.map_or(claims.type_number, |entry| entry.type_number);
    let (list, uses) = match ctx.place.list_for(number, entry, ctx.now) {
        Ok(list) => list,
        Err(verdict) => return verdict.into(),
    };
    let used = entry.and_then(|entry| entry.used_up(list, uses));
    let notes = ctx.place.type_notes.get(&number);
    let texts: Vec<String> = notes
        .into_iter()
        .chain(entry.and_then(|entry| entry.note.as_ref()))
        .cloned()
        .collect();
    let verdict = match (used, entry) {
        (Some(last), _) => Verdict::AlreadyIn {
            at: last.at,
            gate: last.gate.clone(),
        },
        (None, _) if !texts.is_empty() => Verdict::Attention { texts },
        (None, None) => Verdict::ValidNewToDevice,
        (None, Some(_)) => Verdict::Valid,
    };
    Decision { verdict, list }
}

fn not_a_ticket(fault: CodeFault) -> Verdict {
    let kind = match fault {
        CodeFault::Forged => return Verdict::Forged,
        CodeFault::NotBilten {
            looks_like: LooksLike::Url,
        } => UnknownKind::Url,
        CodeFault::NotBilten {
            looks_like: LooksLike::Text,
        } => UnknownKind::Text,
        CodeFault::NotBilten {
            looks_like: LooksLike::Empty,
        } => UnknownKind::Empty,
        CodeFault::Damaged => UnknownKind::Damaged,
        CodeFault::UnsupportedVersion => UnknownKind::NewerVersion,
        CodeFault::UnknownKey => UnknownKind::UnknownKey,
    };
    Verdict::Unknown { kind }
}

#[cfg(test)]
mod tests;
