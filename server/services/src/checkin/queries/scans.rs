//! SQL of what devices report.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::checkin::Standing;
use domain::door::ReportKind;
use domain::ids::{CheckInId, CheckInListId, DeviceId, EventId, OrganizationId, TicketId};
use domain::tickets::TicketState;
use domain::when::Timestamp;
use uuid::Uuid;

use super::sql;
use crate::Unexpected;
use crate::checkin::Device;
use crate::checkin::rows::Outcome;
use crate::db::Tx;

/// The tickets of the event among these, locked in the order of their ids.
pub(in crate::checkin) async fn lock_tickets(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    tickets: &BTreeSet<TicketId>,
) -> Result<BTreeMap<TicketId, Standing>, Unexpected> {
    if tickets.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.get()).collect();
    let rows = sqlx::query!(
        r#"
        select t.id, t.state, o.blocked
        from tickets t
        join orders o on o.id = t.order_id
        where t.organization_id = $1 and t.event_id = $2 and t.id = any($3)
        order by t.id
        for update of t
        "#,
        organization.get(),
        event.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = TicketState::from_code(&row.state)
                .ok_or_else(|| Unexpected::bad_row("tickets", row.id, &row.state))?;
            Ok((TicketId::new(row.id), Standing::of(state, row.blocked)))
        })
        .collect()
}

/// The ticket of an entry or exit that this device reported itself.
pub(in crate::checkin) async fn to_undo(
    tx: &mut Tx,
    device: &Device,
    id: CheckInId,
) -> Result<Option<TicketId>, Unexpected> {
    let ticket = sqlx::query_scalar!(
        r#"
        select ticket_id from check_ins
        where organization_id = $1 and device_id = $2 and id = $3 and kind in ('admit', 'exit')
        "#,
        device.organization.get(),
        device.id.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(ticket.flatten().map(TicketId::new))
}

pub(in crate::checkin) struct NewScan {
    pub id: CheckInId,
    pub device: DeviceId,
    pub gate: String,
    pub ticket: Option<TicketId>,
    pub kind: ReportKind,
    pub verdict: String,
    pub outcome: Outcome,
    /// Which entry of its ticket it is, if it counts as one.
    pub turn: i16,
    pub scanned_at: Timestamp,
    pub counter: i64,
    pub undoes: Option<CheckInId>,
    pub list: Option<CheckInListId>,
    pub reason: Option<String>,
    pub recorded_at: Timestamp,
    /// What is wrong with it, for whoever reports it. Not written.
    pub fault: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::checkin) enum Inserted {
    New,
    /// This device reported this very scan before.
    Known,
    Clash,
}

/// Writes all lines in one statement; says of each, in their order, whether it was new.
pub(in crate::checkin) async fn insert_scans(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    new: &[NewScan],
) -> Result<Vec<Inserted>, Unexpected> {
    let column = |of: fn(&NewScan) -> Uuid| new.iter().map(of).collect::<Vec<Uuid>>();
    let text = |of: fn(&NewScan) -> &str| {
        let owned = new.iter().map(|scan| of(scan).to_owned());
        owned.collect::<Vec<String>>()
    };
    let maybe = |of: fn(&NewScan) -> Option<Uuid>| new.iter().map(of).collect::<Vec<_>>();
    let time = |of: fn(&NewScan) -> Timestamp| {
        let times = new.iter().map(|scan| sql(of(scan)));
        times.collect::<Vec<_>>()
    };
    let counters: Vec<i64> = new.iter().map(|scan| scan.counter).collect();
    let forced = new.iter().map(|scan| scan.kind == ReportKind::Force);
    let forced: Vec<bool> = forced.collect();
    let turns: Vec<i16> = new.iter().map(|scan| scan.turn).collect();
    let reasons: Vec<Option<String>> = new.iter().map(|scan| scan.reason.clone()).collect();
    let inserted = sqlx::query_scalar!(
        r#"
        insert into check_ins
            (id, organization_id, event_id, device_id, ticket_id, kind, verdict, outcome, gate, scanned_at, counter,
             undoes, recorded_at, list_id, forced, reason, turn)
        select n.id, $1, $2, n.device_id, n.ticket_id, n.kind, n.verdict, n.outcome, n.gate, n.scanned_at, n.counter,
               n.undoes, n.recorded_at, n.list_id, n.forced, n.reason, n.turn
        from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::timestamptz[], $11::bigint[], $12::uuid[], $13::timestamptz[], $14::uuid[], $15::boolean[],
                    $16::text[], $17::smallint[])
            as n (id, device_id, ticket_id, kind, verdict, outcome, gate, scanned_at, counter, undoes, recorded_at,
                  list_id, forced, reason, turn)
        on conflict do nothing
        returning id
        "#,
        organization.get(),
        event.get(),
        &column(|scan| scan.id.get()),
        &column(|scan| scan.device.get()),
        &maybe(|scan| scan.ticket.map(TicketId::get)) as &[Option<Uuid>],
        &text(|scan| match scan.kind {
            ReportKind::Admit | ReportKind::Force => "admit",
            ReportKind::Exit => "exit",
            ReportKind::Refuse => "refuse",
            ReportKind::Undo { .. } => "undo",
        }),
        &text(|scan| &scan.verdict),
        &text(|scan| scan.outcome.code()),
        &text(|scan| &scan.gate),
        &time(|scan| scan.scanned_at) as _,
        &counters,
        &maybe(|scan| scan.undoes.map(CheckInId::get)) as &[Option<Uuid>],
        &time(|scan| scan.recorded_at) as _,
        &maybe(|scan| scan.list.map(CheckInListId::get)) as &[Option<Uuid>],
        &forced,
        &reasons as &[Option<String>],
        &turns
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut written: HashSet<Uuid> = inserted.into_iter().collect();
    let news: Vec<bool> = new
        .iter()
        .map(|scan| written.remove(&scan.id.get()))
        .collect();
    let mut known = known(tx, organization, new, &news).await?.into_iter();
    Ok(news
        .into_iter()
        .map(|is_new| match is_new {
            true => Inserted::New,
            false if known.next().unwrap_or_default() => Inserted::Known,
            false => Inserted::Clash,
        })
        .collect())
}

/// Of those that were not new, in their order: whether this very line was there before.
async fn known(
    tx: &mut Tx,
    organization: OrganizationId,
    scans: &[NewScan],
    news: &[bool],
) -> Result<Vec<bool>, Unexpected> {
    let old = || scans.iter().zip(news).filter(|(_, is_new)| !**is_new);
    let ids: Vec<Uuid> = old().map(|(scan, _)| scan.id.get()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let devices: Vec<Uuid> = old().map(|(scan, _)| scan.device.get()).collect();
    let counters: Vec<i64> = old().map(|(scan, _)| scan.counter).collect();
    let known = sqlx::query_scalar!(
        r#"
        select c.id is not null as "known!"
        from unnest($2::uuid[], $3::uuid[], $4::bigint[]) with ordinality as told (id, device_id, counter, place)
        left join lateral (
            select c.id from check_ins c
            where c.organization_id = $1 and c.id = told.id and c.device_id = told.device_id and c.counter = told.counter
            limit 1) as c on true
        order by told.place
        "#,
        organization.get(),
        &ids,
        &devices,
        &counters
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(known)
}

/// The stamp is renewed, so that other devices hear of it.
pub(in crate::checkin) async fn mark_undone(
    tx: &mut Tx,
    organization: OrganizationId,
    id: CheckInId,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update check_ins set outcome = 'undone', recorded_at = $3
        where organization_id = $1 and id = $2
          and ((kind = 'admit' and outcome in ('accepted', 'conflict')) or kind = 'exit')
        "#,
        organization.get(),
        id.get(),
        sql(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
