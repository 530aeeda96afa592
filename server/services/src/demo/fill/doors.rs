//! Scanners and scans of events that have begun.

use domain::{door::Pin, ids::DeviceId, when::Timestamp};
use jiff::SignedDuration;

use super::{Stage, ids::id_at, sales::Sold};
use crate::{
    Unexpected,
    db::Tx,
    demo::{
        content::Language,
        queries::doors::{self as rows, NewDevice, Rules, Scans},
    },
    seal,
};

/// How long a scanner may work without hearing from the server.
const LEASE: SignedDuration = SignedDuration::from_hours(24);
/// The event whose doors have lists, notes, a message and a PIN.
const WATCHED: &str = "svetilnik-short-film-days";
const PIN: &str = "1234";

/// Writes two scanners and what they saw; nothing for events that have not begun.
pub(super) async fn insert(
    stage: &Stage<'_>,
    tx: &mut Tx,
    sold: &Sold,
) -> Result<usize, Unexpected> {
    let Stage {
        sv,
        event,
        house,
        ids,
        moments,
    } = stage;
    let mut arrivals: Vec<(Timestamp, &super::sales::SoldTicket)> = sold
        .tickets
        .iter()
        .filter_map(|ticket| ticket.arrived.map(|at| (at, ticket)))
        .collect();
    if arrivals.is_empty() {
        return Ok(0);
    }
    arrivals.sort_by_key(|(at, ticket)| (*at, ticket.id));
    let opened = moments.starts - SignedDuration::from_hours(2);
    let seen = moments.now.min(moments.ends);
    let gates = match event.language {
        Language::En => [("Main entrance", "Phone 1"), ("Side door", "Phone 2")],
        Language::Ar => [("المدخل الرئيسي", "هاتف ١"), ("الباب الجانبي", "هاتف ٢")],
    };
    let mut devices = Vec::new();
    for (gate, name) in gates {
        let device = NewDevice {
            id: DeviceId::new(id_at(sv, opened)),
            name,
            gate,
            token_hash: seal::hash(&sv.new_secret()),
            paired_at: opened,
            last_seen_at: seen,
            lease_until: seen + LEASE,
        };
        rows::device(tx, house.id, ids.event, &device).await?;
        devices.push(device);
    }
    let mut scans = Scans::default();
    let mut counters = vec![0_i64; devices.len()];
    for (number, (at, ticket)) in arrivals.iter().enumerate() {
        // Two of three people take the main entrance.
        let door = usize::from(number % 3 == 2);
        let (Some(device), Some(counter)) = (devices.get(door), counters.get_mut(door)) else {
            continue;
        };
        *counter += 1;
        scans.add(
            id_at(sv, *at),
            device,
            Some(ticket.id),
            ("admit", "valid", "accepted"),
            *at,
            *counter,
        );
        // Now and then somebody tries again, or shows something else.
        let again = *at + SignedDuration::from_secs(70);
        if again < seen && number % 31 == 17 {
            *counter += 1;
            scans.add(
                id_at(sv, again),
                device,
                Some(ticket.id),
                ("refuse", "already_in", "refused"),
                again,
                *counter,
            );
        } else if again < seen && number % 67 == 5 {
            *counter += 1;
            scans.add(
                id_at(sv, again),
                device,
                None,
                ("refuse", "unknown", "refused"),
                again,
                *counter,
            );
        }
    }
    let watched = event.slug == WATCHED;
    let mut forced = None;
    if let (true, Some((at, ticket)), Some(device), Some(counter)) = (
        watched,
        arrivals.first(),
        devices.first(),
        counters.first_mut(),
    ) {
        // Somebody goes out for air; another has lost a coat and is let in once more.
        let (out, again) = (
            *at + SignedDuration::from_mins(20),
            *at + SignedDuration::from_mins(25),
        );
        for (moment, what) in [
            (out, ("exit", "exited", "accepted")),
            // Without a turn of its own until it is marked as forced.
            (again, ("admit", "already_in", "conflict")),
        ] {
            *counter += 1;
            let id = id_at(sv, moment);
            scans.add(id, device, Some(ticket.id), what, moment, *counter);
            forced = Some(id);
        }
    }
    rows::scans(tx, house.id, ids.event, &scans).await?;
    if let (true, Some(kind), Some(forced)) = (watched, ids.types.first(), forced) {
        let pin = Pin::new(PIN, sv.new_secret()).map_err(|e| Unexpected::new("sample PIN", e))?;
        let said = Rules {
            organization: house.id,
            event: ids.event,
            at: seen,
            pin: &pin,
            message: "The last programme begins ten minutes late.",
            kind_note: "Check the wristband.",
            order_note: "Wheelchair: aisle seat, row 4.",
        };
        let lists = [id_at(sv, opened), id_at(sv, opened)];
        let gates = gates.map(|(gate, _)| gate.to_owned());
        rows::rules(tx, &said, lists, &gates, *kind).await?;
        rows::force(tx, house.id, forced, "Left a coat inside").await?;
    }
    Ok(scans.len())
}
