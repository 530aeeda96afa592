//! Scanners and scans of events that have begun.

use domain::{ids::DeviceId, when::Timestamp};
use jiff::SignedDuration;

use super::{Stage, ids::id_at, sales::Sold};
use crate::{
    Unexpected,
    db::Tx,
    demo::{
        content::Language,
        queries::doors::{self as rows, NewDevice, Scans},
    },
    seal,
};

/// How long a scanner may work without hearing from the server.
const LEASE: SignedDuration = SignedDuration::from_hours(24);

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
    rows::scans(tx, house.id, ids.event, &scans).await?;
    Ok(scans.len())
}
