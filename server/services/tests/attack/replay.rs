//! A ticket that was used, shown again: as a screenshot, at another gate, on another device, after its order was called off.

use std::collections::BTreeMap;

use domain::{
    checkin::{Way, decide},
    door::{Answer, Health, PairRequest, ReportKind, RosterPage, ScanBatch, ScanReport},
    ids::CheckInId,
    permissions::Role,
    tickets,
};
use jiff::SignedDuration;
use services::{
    checkin::{self, CreatePairing, Device},
    orders::{self, CancelOrder},
    permit,
};
use testkit::{Attack, Event, World, tries};

use crate::chance::Chance;

/// Tickets in one order.
const EACH: u16 = 10;
/// How often each is shown again.
const AGAIN: usize = 40;

async fn device(w: &World, event: &Event, gate: &str) -> Device {
    let manager = w.member(&event.organization, Role::Manager).await;
    let may = permit::for_event(&w.sv, &manager, event.id).await.unwrap();
    let cmd = CreatePairing {
        event: event.id,
        gate: gate.into(),
        names: domain::door::Names::Full,
        works_until: None,
    };
    let pairing = checkin::create_pairing(&w.sv, &may, cmd).await.unwrap();
    let request = PairRequest {
        token: pairing.token,
        device_name: gate.into(),
    };
    let paired = checkin::pair(&w.sv, request).await.unwrap();
    checkin::device_by_token(&w.sv, &paired.token)
        .await
        .unwrap()
}

async fn list(w: &World, device: &Device) -> RosterPage {
    let mut all = checkin::roster(&w.sv, device, "", Health::default())
        .await
        .unwrap();
    while all.more {
        let page = checkin::roster(&w.sv, device, &all.cursor, Health::default())
            .await
            .unwrap();
        let entries = std::mem::take(&mut all.entries);
        all = page;
        all.entries.splice(0..0, entries);
    }
    all
}

struct Gate {
    device: Device,
    counter: u64,
}

impl Gate {
    /// Tells the server that somebody came in, whatever the device should have said.
    async fn admit(&mut self, w: &World, ticket: domain::ids::TicketId) -> Answer {
        self.counter += 1;
        let scan = ScanReport {
            list: None,
            gate: None,
            reason: None,
            id: CheckInId::new(w.sv.new_id()),
            ticket: Some(ticket),
            kind: ReportKind::Admit,
            verdict: "valid".into(),
            at: w.now(),
            counter: self.counter,
        };
        let batch = ScanBatch {
            scans: vec![scan],
            pending: 0,
        };
        checkin::record_scans(&w.sv, &self.device, batch)
            .await
            .unwrap()
            .answers[0]
            .answer
    }
}

#[tokio::test]
async fn a_used_ticket_lets_nobody_in_again() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Standing", 0, 5000)
        .published()
        .await;
    let mut codes = Vec::new();
    let orders = tries(1, 25);
    for number in 0..orders {
        let placed = w
            .buyer(&format!("Buyer {number}"))
            .buys(&event, "Standing", EACH)
            .await
            .unwrap();
        w.work().await;
        let order = orders::show_by_secret(&w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        codes.extend(
            order
                .tickets
                .into_iter()
                .map(|ticket| (placed.code, ticket.code.unwrap())),
        );
    }
    let mut gates = Vec::new();
    for gate in ["North", "South", "East"] {
        let device = device(&w, &event, gate).await;
        gates.push(Gate { device, counter: 0 });
    }
    w.advance(event.starts_at.duration_since(w.now()));
    let keys = list(&w, &gates[0].device).await.keys;
    for (_, code) in &codes {
        let ticket = tickets::read(code, &keys).unwrap().ticket;
        assert_eq!(gates[0].admit(&w, ticket).await, Answer::Accepted);
    }
    // Some are called off after they were used.
    let called_off: Vec<_> = codes
        .iter()
        .step_by(usize::from(EACH) * 5)
        .map(|(order, _)| *order)
        .collect();
    for code in &called_off {
        let cmd = CancelOrder {
            code: *code,
            reason: String::new(),
        };
        orders::cancel(&w.sv, &event.organization.permit(), cmd)
            .await
            .unwrap();
    }
    w.work().await;
    let inside = "select count(*) from check_ins where outcome = 'accepted'";
    let before = w.count(inside).await;
    let chance = Chance::new(3);
    let mut attack = Attack::on("used tickets shown again");
    for round in 0..AGAIN {
        w.advance(SignedDuration::from_secs(31));
        let page = list(&w, &gates[round % 3].device).await;
        let known: BTreeMap<_, _> = page
            .entries
            .iter()
            .map(|entry| (entry.ticket, entry))
            .collect();
        let context = page.door.context(Way::In, w.now());
        for (_, code) in &codes {
            let spelt = if chance.below(2) == 0 {
                code.to_lowercase()
            } else {
                format!(" {code}\r\n")
            };
            let claims = tickets::read(&spelt, &page.keys);
            let ticket = claims.unwrap().ticket;
            // What a device says, and what the server says to one that lies.
            let said = decide(&claims, known.get(&ticket).copied(), &context)
                .verdict
                .admits();
            let lied =
                round % 8 == 0 && gates[round % 3].admit(&w, ticket).await == Answer::Accepted;
            attack.note(said || lied, || format!("round {round}: {ticket}"));
        }
    }
    assert_eq!(w.count(inside).await, before);
    attack.end(orders * usize::from(EACH) * AGAIN);
    w.assert_sound().await;
}
