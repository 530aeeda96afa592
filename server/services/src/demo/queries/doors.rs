//! SQL of the sample's scanners.

use domain::{
    door::Pin,
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

/// What whoever runs the doors of an event has set up and said.
pub(in crate::demo) struct Rules<'a> {
    pub organization: OrganizationId,
    pub event: EventId,
    pub at: Timestamp,
    pub pin: &'a Pin,
    pub message: &'a str,
    pub kind_note: &'a str,
    pub order_note: &'a str,
}

/// A list for everybody that lets people out and in again, and one for a kind of ticket at a gate of its own; then what is
/// said at the doors. What was scanned before was scanned on the first list.
pub(in crate::demo) async fn rules(
    tx: &mut Tx,
    rules: &Rules<'_>,
    [everybody, backstage]: [Uuid; 2],
    gates: &[String],
    kind: Uuid,
) -> Result<(), Unexpected> {
    let (organization, event) = (rules.organization.get(), rules.event.get());
    let at = jiff_sqlx::Timestamp::from(rules.at);
    sqlx::query!(
        r#"
        insert into check_in_lists (id, organization_id, event_id, name, position, all_types, gates, times, reentry, created_at)
        values ($1, $3, $4, 'Cinema', 0, true, $5, 1, true, $6),
               ($2, $3, $4, 'Projection booth', 1, false, array['Booth'], 1, false, $6)
        "#,
        everybody,
        backstage,
        organization,
        event,
        gates,
        at as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into check_in_list_types (list_id, ticket_type_id, organization_id) values ($1, $2, $3)",
        backstage,
        kind,
        organization
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update check_ins set list_id = $3 where organization_id = $1 and event_id = $2 and ticket_id is not null",
        organization,
        event,
        everybody
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into gate_openings (event_id, gate, ticket_type_id, organization_id, opened_at) values ($1, 'Side door', $2, $3, $4)",
        event,
        kind,
        organization,
        at as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into door_settings (event_id, organization_id, pin_salt, pin_hash, message, message_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        event,
        organization,
        rules.pin.salt,
        rules.pin.hash,
        rules.message,
        at as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update ticket_types set door_note = $3 where organization_id = $1 and id = $2",
        organization,
        kind,
        rules.kind_note
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update orders set door_note = $3, door_note_at = $4
        where id = (select order_id from tickets where organization_id = $1 and event_id = $2 and state = 'valid'
                    order by id desc limit 1)
        "#,
        organization,
        event,
        rules.order_note,
        at as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A supervisor let somebody in once more, and says why.
pub(in crate::demo) async fn force(
    tx: &mut Tx,
    organization: OrganizationId,
    scan: Uuid,
    reason: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update check_ins set forced = true, reason = $3, turn = 2, outcome = 'accepted' where organization_id = $1 and id = $2",
        organization.get(),
        scan,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
