//! SQL of the sample's scanners.

use domain::{
    ids::{DeviceId, EventId, OrganizationId},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{Unexpected, db::Tx};

pub(in crate::demo) struct NewDevice {
    pub id: DeviceId,
    pub name: &'static str,
    pub gate: &'static str,
    pub token_hash: Vec<u8>,
    pub paired_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub lease_until: Timestamp,
}

pub(in crate::demo) async fn device(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    new: &NewDevice,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into devices (id, organization_id, event_id, name, gate, token_hash, paired_at, last_seen_at, lease_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        new.id.get(),
        organization.get(),
        event.get(),
        new.name,
        new.gate,
        new.token_hash,
        jiff_sqlx::Timestamp::from(new.paired_at) as _,
        jiff_sqlx::Timestamp::from(new.last_seen_at) as _,
        jiff_sqlx::Timestamp::from(new.lease_until) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Columns of the scans of one event.
#[derive(Default)]
pub(in crate::demo) struct Scans {
    ids: Vec<Uuid>,
    devices: Vec<Uuid>,
    tickets: Vec<Option<Uuid>>,
    kinds: Vec<String>,
    verdicts: Vec<String>,
    outcomes: Vec<String>,
    gates: Vec<String>,
    scanned: Vec<jiff_sqlx::Timestamp>,
    counters: Vec<i64>,
}

impl Scans {
    /// `(kind, verdict, outcome)` as the table has them.
    pub(in crate::demo) fn add(
        &mut self,
        id: Uuid,
        device: &NewDevice,
        ticket: Option<Uuid>,
        (kind, verdict, outcome): (&str, &str, &str),
        at: Timestamp,
        counter: i64,
    ) {
        self.ids.push(id);
        self.devices.push(device.id.get());
        self.tickets.push(ticket);
        self.kinds.push(kind.to_owned());
        self.verdicts.push(verdict.to_owned());
        self.outcomes.push(outcome.to_owned());
        self.gates.push(device.gate.to_owned());
        self.scanned.push(at.into());
        self.counters.push(counter);
    }

    pub(in crate::demo) fn len(&self) -> usize {
        self.ids.len()
    }
}

pub(in crate::demo) async fn scans(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    scans: &Scans,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into check_ins (id, organization_id, event_id, device_id, ticket_id, kind, verdict, outcome, gate,
                               scanned_at, counter, recorded_at)
        select s.id, $1, $2, s.device, s.ticket, s.kind, s.verdict, s.outcome, s.gate, s.at, s.counter,
               s.at + interval '2 seconds'
        from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::timestamptz[], $11::bigint[])
            as s (id, device, ticket, kind, verdict, outcome, gate, at, counter)
        "#,
        organization.get(),
        event.get(),
        &scans.ids,
        &scans.devices,
        &scans.tickets as _,
        &scans.kinds,
        &scans.verdicts,
        &scans.outcomes,
        &scans.gates,
        &scans.scanned as _,
        &scans.counters
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
