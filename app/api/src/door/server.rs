use domain::{ids::EventId, when::Timestamp};
use locales::{Locale, door as t, numbers};
use services::{
    checkin::{
        DeviceView, DoorError, DoorLists, DoorOverview, GateView, PairingRefused, RevokeRefused,
    },
    permit::{self, ManageDevices, Refused},
};

use super::{
    DoorListForm, DoorListView, DoorListsView, DoorView, MessageView, OpeningView, ScannerView,
    words::{self, Clock},
};
use crate::{ApiError, Ctx};

/// Whether whoever looks may change something.
pub(super) async fn manages(ctx: &Ctx, event: EventId) -> Result<bool, ApiError> {
    match permit::for_event::<ManageDevices>(&ctx.services, ctx.session()?, event).await {
        Ok(_) => Ok(true),
        Err(Refused::Unexpected(e)) => Err(e.into()),
        Err(_) => Ok(false),
    }
}

pub(super) fn door(l: Locale, now: Timestamp, manages: bool, door: DoorOverview) -> DoorView {
    let clock = Clock::new(l, door.event.time_zone);
    let integer = |number: u32| numbers::integer(u64::from(number));
    let scans = |scans: Vec<_>| {
        let scans = scans.into_iter();
        scans.map(|scan| words::scan(&clock, scan)).collect()
    };
    let said = |at, by: Option<String>| {
        let at = words::ago(&clock, now, at);
        match by {
            Some(by) => t::said_by(l, at, by),
            None => at,
        }
    };
    let to_come = door.counters.sold.saturating_sub(door.came);
    let count = |name: &str, number, note: String| (name.to_owned(), integer(number), note);
    DoorView {
        title: door.event.title,
        manages,
        counts: [
            count(t::inside(l), door.counters.inside, String::new()),
            count(
                t::came(l),
                door.came,
                t::of_sold(l, integer(door.counters.sold)),
            ),
            count(t::to_come(l), to_come, String::new()),
        ],
        alerts: alerts(l, &door.gates),
        gates: door
            .gates
            .iter()
            .map(|gate| cells(&clock, now, gate))
            .collect(),
        devices: door
            .devices
            .into_iter()
            .map(|device| scanner(&clock, now, device))
            .collect(),
        recent: scans(door.recent),
        conflicts: door
            .conflicts
            .into_iter()
            .map(|(scan, first)| {
                let first = first.map(|first| words::scan(&clock, first));
                (words::scan(&clock, scan), first)
            })
            .collect(),
        refused: scans(door.refused),
        reasons: door
            .reasons
            .iter()
            .map(|(code, number)| t::reason_count(l, integer(*number), words::verdict_of(l, code)))
            .collect(),
        forced: scans(door.forced),
        openings: door
            .openings
            .into_iter()
            .map(|one| OpeningView {
                text: t::opening(l, &one.gate, one.kind_name),
                said: said(one.at, one.by),
                gate: one.gate,
                kind: one.kind.to_string(),
            })
            .collect(),
        message: door.message.map(|message| MessageView {
            said: said(message.at, message.by),
            text: message.text,
        }),
        has_pin: door.has_pin,
        kinds: door
            .kinds
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect(),
        known_gates: door.known_gates,
    }
}

fn alerts(l: Locale, gates: &[GateView]) -> Vec<String> {
    gates
        .iter()
        .filter(|gate| gate.pace.has_stalled())
        .map(|gate| {
            t::stalled(
                l,
                numbers::integer(u64::from(gate.pace.before)),
                words::gate(l, &gate.gate),
                numbers::integer(u64::from(gate.pace.lately)),
            )
        })
        .collect()
}

fn cells(clock: &Clock, now: Timestamp, gate: &GateView) -> Vec<String> {
    vec![
        words::gate(clock.l, &gate.gate),
        numbers::integer(u64::from(gate.let_in)),
        words::rate(gate.recent),
        words::refused(gate),
        gate.last
            .map(|at| words::ago(clock, now, at))
            .unwrap_or_default(),
    ]
}

fn scanner(clock: &Clock, now: Timestamp, device: DeviceView) -> ScannerView {
    let dash = || "–".to_owned();
    ScannerView {
        id: device.id,
        cells: vec![
            device.name,
            words::gate(clock.l, &device.gate),
            words::ago(clock, now, device.last_seen_at),
            numbers::integer(u64::from(device.pending)),
            numbers::integer(u64::from(device.admitted)),
            device
                .battery
                .map_or_else(dash, |percent| numbers::percent(u64::from(percent), 100)),
            words::names(clock.l, device.names).to_owned(),
            device.version.unwrap_or_else(dash),
        ],
        revoked: device.revoked,
    }
}

pub(super) fn lists(l: Locale, manages: bool, found: DoorLists) -> DoorListsView {
    let clock = Clock::new(l, found.event.time_zone.clone());
    let field = |at: Option<Timestamp>| at.map(|at| clock.field(at)).unwrap_or_default();
    let lists = found.lists.iter().map(|list| DoorListView {
        id: list.id.to_string(),
        sentence: words::list(&clock, list, &found.kinds),
        form: DoorListForm {
            name: list.name.clone(),
            types: list
                .types
                .iter()
                .flatten()
                .map(ToString::to_string)
                .collect(),
            gates: list.gates.clone().unwrap_or_default().join("\n"),
            opens: field(list.opens),
            closes: field(list.closes),
            times: list.uses.times.to_string(),
            reentry: if list.uses.reentry { "true" } else { "" }.to_owned(),
        },
    });
    DoorListsView {
        lists: lists.collect(),
        title: found.event.title,
        zone: found.event.time_zone.replace('_', " "),
        manages,
        kinds: found
            .kinds
            .into_iter()
            .map(|(id, name)| (id.to_string(), name))
            .collect(),
        known_gates: found.gates,
    }
}

impl From<DoorError> for ApiError {
    fn from(e: DoorError) -> Self {
        match e {
            DoorError::Fields(fields) => fields.into(),
            DoorError::NotFound => Self::not_found(),
            DoorError::TooMany => Self::conflict("too_many_parts"),
            DoorError::Unexpected(e) => e.into(),
        }
    }
}

impl From<PairingRefused> for ApiError {
    fn from(refused: PairingRefused) -> Self {
        match refused {
            PairingRefused::NotFound => Self::not_found(),
            PairingRefused::Invalid(fields) => fields.into(),
            PairingRefused::Unexpected(e) => e.into(),
        }
    }
}

impl From<RevokeRefused> for ApiError {
    fn from(refused: RevokeRefused) -> Self {
        match refused {
            RevokeRefused::NotFound => Self::not_found(),
            RevokeRefused::Unexpected(e) => e.into(),
        }
    }
}
