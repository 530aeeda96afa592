//! What an organizer fills in about a check-in list.

use std::collections::BTreeSet;

use domain::{
    ids::TicketTypeId,
    text::{Fault, FieldErrors, line},
    when::Timestamp,
};
use uuid::Uuid;

use crate::events::{optional_time, whole_number};

/// As the table allows.
const MOST_GATES: usize = 50;
const MOST_TIMES: i16 = 100;

/// As the form sends it.
#[derive(Debug, Clone, Default)]
pub struct ListForm {
    pub name: String,
    /// Kinds of tickets by id; none: all kinds.
    pub types: Vec<String>,
    /// One name a line; empty: every gate.
    pub gates: String,
    /// On the clocks of the venue; empty: as long as the event's doors.
    pub opens: String,
    pub closes: String,
    /// How many times a ticket admits; empty: once.
    pub times: String,
    /// Who has left may come back.
    pub reentry: bool,
}

/// A form without faults.
#[derive(Debug)]
pub(super) struct NewList {
    pub name: String,
    /// None: all kinds.
    pub types: Vec<Uuid>,
    pub gates: Option<Vec<String>>,
    pub opens: Option<Timestamp>,
    pub closes: Option<Timestamp>,
    pub times: i16,
    pub reentry: bool,
}

/// All faults at once. `known` are the event's kinds of tickets.
pub(super) fn read(form: &ListForm, zone: &str, known: &[Uuid]) -> Result<NewList, FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&form.name, 1, 60));
    let types = errors.field("types", types(&form.types, known));
    let gates = errors.field("gates", gates(&form.gates));
    let opens = errors.field("opens", optional_time(&form.opens, zone));
    let closes = errors.field("closes", optional_time(&form.closes, zone));
    if let (Some(Some(opens)), Some(Some(closes))) = (opens, closes)
        && closes <= opens
    {
        errors.add("closes", Fault::EndBeforeStart);
    }
    let times = errors.field("times", times(&form.times));
    errors.finish()?;
    match (name, types, gates, opens, closes, times) {
        (Some(name), Some(types), Some(gates), Some(opens), Some(closes), Some(times)) => {
            Ok(NewList {
                name,
                types,
                gates: Some(gates).filter(|gates| !gates.is_empty()),
                opens,
                closes,
                times,
                reentry: form.reentry,
            })
        }
        _ => Err(FieldErrors::one("name", Fault::Required)),
    }
}

fn types(chosen: &[String], known: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    let mut types = BTreeSet::new();
    for one in chosen.iter().filter(|one| !one.trim().is_empty()) {
        let id: TicketTypeId = one.trim().parse().map_err(|_| Fault::UnknownChoice)?;
        if !known.contains(&id.get()) {
            return Err(Fault::UnknownChoice);
        }
        types.insert(id.get());
    }
    Ok(types.into_iter().collect())
}

/// One name a line, each once, in the order in which they were written.
fn gates(written: &str) -> Result<Vec<String>, Fault> {
    let mut gates = Vec::new();
    for one in written.lines().filter(|one| !one.trim().is_empty()) {
        let gate = line(one, 1, 40)?;
        if !gates.contains(&gate) {
            gates.push(gate);
        }
    }
    if gates.len() > MOST_GATES {
        return Err(Fault::TooMany { max: MOST_GATES });
    }
    Ok(gates)
}

fn times(written: &str) -> Result<i16, Fault> {
    let written = written.trim();
    if written.is_empty() {
        return Ok(1);
    }
    let times = whole_number(written, 1, i64::from(MOST_TIMES))?;
    i16::try_from(times).map_err(|_| Fault::NotANumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = "Europe/Ljubljana";

    #[test]
    fn what_is_left_out_means_all_and_once() {
        let form = ListForm {
            name: " Crew ".into(),
            gates: "Stage door\r\n\r\n  North \nNorth\n".into(),
            ..ListForm::default()
        };
        let list = read(&form, ZONE, &[]).unwrap();
        assert_eq!((list.name.as_str(), list.times), ("Crew", 1));
        assert_eq!(
            list.gates.unwrap(),
            ["Stage door".to_owned(), "North".to_owned()]
        );
        assert!(list.types.is_empty() && list.opens.is_none() && !list.reentry);
        let everywhere = ListForm {
            gates: " \n ".into(),
            ..form
        };
        assert_eq!(read(&everywhere, ZONE, &[]).unwrap().gates, None);
    }

    #[test]
    fn every_fault_is_named_beside_its_field() {
        let form = ListForm {
            types: vec![Uuid::from_u128(7).to_string()],
            gates: "x".repeat(41),
            opens: "2026-05-01T20:00".into(),
            closes: "2026-05-01T19:00".into(),
            times: "101".into(),
            ..ListForm::default()
        };
        let faults = read(&form, ZONE, &[Uuid::from_u128(8)]).unwrap_err();
        let told = format!("{faults:?}");
        for field in ["name", "types", "gates", "closes", "times"] {
            assert!(told.contains(&format!("\"{field}\"")), "{field}: {told}");
        }
        for (typed, fault) in [
            ("0", Fault::TooSmall { min: 1 }),
            ("-3", Fault::NotANumber),
            ("99999", Fault::TooLarge { max: 100 }),
            ("twice", Fault::NotANumber),
        ] {
            assert_eq!(times(typed), Err(fault), "{typed}");
        }
    }
}
