//! The rule itself.

use serde::{Deserialize, Serialize};

use super::{RosterEntry, UnknownKind, Verdict};
use crate::{
    planted::{Bug, planted},
    tickets::{Claims, CodeFault, EventTag, LooksLike, TicketState},
    when::{Timestamp, ValidityWindow},
};

/// Where and when a scan happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The event whose door this is.
    pub event_tag: EventTag,
    /// Whether that event was called off.
    pub event_cancelled: bool,
    /// The current instant, by the server's clock as far as it is known.
    pub now: Timestamp,
    /// When the doors are open.
    pub window: ValidityWindow,
}

/// Decides about a scan. `entry` is what is known about the ticket here, if anything.
///
/// The order of the questions is the order in which an answer helps: is it a ticket, is it for here, does it stand, is
/// it time, was it used.
pub fn decide(
    scan: &Result<Claims, CodeFault>,
    entry: Option<&RosterEntry>,
    ctx: &Context,
) -> Verdict {
    let claims = match scan {
        Ok(claims) => claims,
        Err(fault) => return not_a_ticket(*fault),
    };
    if claims.event_tag != ctx.event_tag && !planted(Bug::WrongEventAdmitted) {
        return Verdict::WrongEvent;
    }
    if ctx.event_cancelled {
        return Verdict::EventCancelled;
    }
    // An entry of another ticket says nothing about this one.
    let entry = entry.filter(|entry| entry.ticket == claims.ticket);
    match entry.map(|entry| entry.state) {
        Some(TicketState::Cancelled) if planted(Bug::RevokedAdmitted) => {}
        Some(TicketState::Cancelled) => return Verdict::Cancelled,
        Some(TicketState::Replaced) => return Verdict::Replaced,
        Some(TicketState::Valid) | None => {}
    }
    let opens = ctx.window.from.max(claims.valid_from.start());
    if ctx.now < opens {
        return Verdict::TooEarly { opens };
    }
    let closed = ctx.window.until.min(claims.valid_until.start());
    if ctx.now >= closed {
        return Verdict::TooLate { closed };
    }
    match entry {
        None => Verdict::ValidNewToDevice,
        Some(entry) => match entry.used_up() {
            Some(last) => Verdict::AlreadyIn {
                at: last.at,
                gate: last.gate.clone(),
            },
            None => Verdict::Valid,
        },
    }
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
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        checkin::Admission,
        ids::{DeviceId, EventId, TicketId},
    };

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn event(number: u128) -> EventId {
        EventId::new(Uuid::from_u128(number))
    }

    fn claims() -> Claims {
        Claims::new(
            1,
            TicketId::new(Uuid::from_u128(5)),
            event(1),
            1,
            (at(10), at(90)),
        )
    }

    fn context() -> Context {
        Context {
            event_tag: event(1).into(),
            event_cancelled: false,
            now: at(50),
            window: ValidityWindow {
                from: at(20),
                until: at(80),
            },
        }
    }

    fn entry() -> RosterEntry {
        RosterEntry::new_to_device(&claims())
    }

    fn admission(minute: i64, gate: &str) -> Admission {
        Admission {
            at: at(minute),
            gate: Some(gate.into()),
            device: DeviceId::new(Uuid::nil()),
        }
    }

    #[test]
    fn the_ways_in() {
        assert_eq!(
            decide(&Ok(claims()), Some(&entry()), &context()),
            Verdict::Valid
        );
        assert_eq!(
            decide(&Ok(claims()), None, &context()),
            Verdict::ValidNewToDevice
        );
        let group = RosterEntry {
            admissions_allowed: 2,
            admitted: vec![admission(30, "A")],
            ..entry()
        };
        assert_eq!(
            decide(&Ok(claims()), Some(&group), &context()),
            Verdict::Valid
        );
        let stranger = RosterEntry {
            ticket: TicketId::new(Uuid::nil()),
            state: TicketState::Cancelled,
            ..entry()
        };
        assert_eq!(
            decide(&Ok(claims()), Some(&stranger), &context()),
            Verdict::ValidNewToDevice
        );
    }

    #[test]
    fn the_second_time() {
        let used = RosterEntry {
            admitted: vec![admission(30, "A")],
            ..entry()
        };
        let again = Verdict::AlreadyIn {
            at: at(30),
            gate: Some("A".into()),
        };
        assert_eq!(decide(&Ok(claims()), Some(&used), &context()), again);
        let twice = RosterEntry {
            admissions_allowed: 2,
            admitted: vec![admission(40, "B"), admission(30, "A")],
            ..entry()
        };
        let again = Verdict::AlreadyIn {
            at: at(40),
            gate: Some("B".into()),
        };
        assert_eq!(decide(&Ok(claims()), Some(&twice), &context()), again);
    }

    #[test]
    fn tickets_that_do_not_stand() {
        for (state, verdict) in [
            (TicketState::Cancelled, Verdict::Cancelled),
            (TicketState::Replaced, Verdict::Replaced),
        ] {
            let entry = RosterEntry {
                state,
                admitted: vec![admission(30, "A")],
                ..entry()
            };
            assert_eq!(decide(&Ok(claims()), Some(&entry), &context()), verdict);
        }
        let elsewhere = Context {
            event_tag: event(2).into(),
            event_cancelled: true,
            ..context()
        };
        assert_eq!(
            decide(&Ok(claims()), Some(&entry()), &elsewhere),
            Verdict::WrongEvent
        );
        let off = Context {
            event_cancelled: true,
            ..context()
        };
        assert_eq!(
            decide(&Ok(claims()), Some(&entry()), &off),
            Verdict::EventCancelled
        );
    }

    #[test]
    fn both_windows_count() {
        let decide_at = |claims, minute| {
            decide(
                &Ok(claims),
                Some(&entry()),
                &Context {
                    now: at(minute),
                    ..context()
                },
            )
        };
        assert_eq!(decide_at(claims(), 19), Verdict::TooEarly { opens: at(20) });
        assert_eq!(decide_at(claims(), 20), Verdict::Valid);
        assert_eq!(decide_at(claims(), 80), Verdict::TooLate { closed: at(80) });
        let short = Claims {
            valid_from: crate::when::Minute(30),
            valid_until: crate::when::Minute(40),
            ..claims()
        };
        assert_eq!(decide_at(short, 29), Verdict::TooEarly { opens: at(30) });
        assert_eq!(decide_at(short, 40), Verdict::TooLate { closed: at(40) });
    }

    #[test]
    fn things_that_are_no_tickets() {
        for (fault, verdict) in [
            (CodeFault::Forged, Verdict::Forged),
            (
                CodeFault::UnknownKey,
                Verdict::Unknown {
                    kind: UnknownKind::UnknownKey,
                },
            ),
            (
                CodeFault::Damaged,
                Verdict::Unknown {
                    kind: UnknownKind::Damaged,
                },
            ),
            (
                CodeFault::UnsupportedVersion,
                Verdict::Unknown {
                    kind: UnknownKind::NewerVersion,
                },
            ),
            (
                CodeFault::NotBilten {
                    looks_like: LooksLike::Url,
                },
                Verdict::Unknown {
                    kind: UnknownKind::Url,
                },
            ),
        ] {
            let given = decide(&Err(fault), Some(&entry()), &context());
            assert_eq!(given, verdict);
            assert!(!given.admits());
        }
    }
}
