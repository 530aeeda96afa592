//! SQL of what devices report.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::checkin::{ScanKind, ScanRecord, Standing};
use domain::door::{ReportKind, Used};
use domain::ids::{CheckInId, CheckInListId, DeviceId, EventId, OrganizationId, TicketId};
use domain::tickets::TicketState;
use domain::when::Timestamp;
use uuid::Uuid;

use super::sql;
use crate::Unexpected;
use crate::checkin::Device;
use crate::checkin::rows::{Outcome, SettledRow};
use crate::db::Tx;

/// The tickets of the event among these, locked in the order of their ids.
pub(in crate::checkin) async fn lock_tickets(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    tickets: &BTreeSet<TicketId>,
) -> Result<BTreeMap<TicketId, Standing>, Unexpected> {
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
    pub scanned_at: Timestamp,
    pub counter: i64,
    pub undoes: Option<CheckInId>,
    pub list: Option<CheckInListId>,
    pub reason: Option<String>,
    pub recorded_at: Timestamp,
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
    let reasons: Vec<Option<String>> = new.iter().map(|scan| scan.reason.clone()).collect();
    let inserted = sqlx::query_scalar!(
        r#"
        insert into check_ins
            (id, organization_id, event_id, device_id, ticket_id, kind, verdict, outcome, gate, scanned_at, counter,
             undoes, recorded_at, list_id, forced, reason)
        select n.id, $1, $2, n.device_id, n.ticket_id, n.kind, n.verdict, n.outcome, n.gate, n.scanned_at, n.counter,
               n.undoes, n.recorded_at, n.list_id, n.forced, n.reason
        from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::timestamptz[], $11::bigint[], $12::uuid[], $13::timestamptz[], $14::uuid[], $15::boolean[],
                    $16::text[])
            as n (id, device_id, ticket_id, kind, verdict, outcome, gate, scanned_at, counter, undoes, recorded_at,
                  list_id, forced, reason)
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
        &reasons as &[Option<String>]
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut inserted: HashSet<Uuid> = inserted.into_iter().collect();
    let mut fates = Vec::with_capacity(new.len());
    for scan in new {
        fates.push(if inserted.remove(&scan.id.get()) {
            Inserted::New
        } else if is_known(tx, organization, scan).await? {
            Inserted::Known
        } else {
            Inserted::Clash
        });
    }
    Ok(fates)
}

async fn is_known(
    tx: &mut Tx,
    organization: OrganizationId,
    scan: &NewScan,
) -> Result<bool, Unexpected> {
    let known = sqlx::query_scalar!(
        r#"
        select exists (
            select from check_ins where organization_id = $1 and device_id = $2 and id = $3 and counter = $4
        ) as "known!"
        "#,
        organization.get(),
        scan.device.get(),
        scan.id.get(),
        scan.counter
    )
    .fetch_one(&mut **tx)
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

/// A line that counts or could, as it was settled last.
pub(in crate::checkin) struct StandingRow {
    pub record: ScanRecord,
    pub outcome: Outcome,
    pub turn: i16,
}

/// The entries and exits of these tickets that were neither undone nor void, from all devices.
pub(in crate::checkin) async fn standing(
    tx: &mut Tx,
    organization: OrganizationId,
    tickets: &[TicketId],
) -> Result<Vec<StandingRow>, Unexpected> {
    let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.get()).collect();
    let rows = sqlx::query!(
        r#"
        select id, ticket_id as "ticket_id!", device_id, gate, scanned_at, counter, kind = 'exit' as "exit!", forced,
               list_id, outcome, turn
        from check_ins
        where organization_id = $1 and ticket_id = any($2)
          and ((kind = 'admit' and outcome in ('accepted', 'conflict'))
               or (kind = 'exit' and outcome in ('accepted', 'refused')))
        "#,
        organization.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let record = ScanRecord {
                at: row.scanned_at.to_jiff(),
                counter: u64::try_from(row.counter).unwrap_or(u64::MAX),
                device: DeviceId::new(row.device_id),
                id: CheckInId::new(row.id),
                ticket: TicketId::new(row.ticket_id),
                gate: Some(row.gate).filter(|gate| !gate.is_empty()),
                list: row.list_id.map(CheckInListId::new),
                kind: match (row.exit, row.forced) {
                    (true, _) => ScanKind::Exit,
                    (false, true) => ScanKind::Force,
                    (false, false) => ScanKind::Admit,
                },
            };
            Ok(StandingRow {
                record,
                outcome: Outcome::parse(row.id, &row.outcome)?,
                turn: row.turn,
            })
        })
        .collect()
}

pub(in crate::checkin) async fn set_outcome(
    tx: &mut Tx,
    organization: OrganizationId,
    scans: &[CheckInId],
    outcome: Outcome,
) -> Result<(), Unexpected> {
    if scans.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = scans.iter().map(|scan| scan.get()).collect();
    sqlx::query!(
        "update check_ins set outcome = $3 where organization_id = $1 and id = any($2)",
        organization.get(),
        &ids,
        outcome.code()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Entries that count, each with its turn among those of its ticket.
pub(in crate::checkin) async fn set_turns(
    tx: &mut Tx,
    organization: OrganizationId,
    turns: &[(CheckInId, i16)],
) -> Result<(), Unexpected> {
    if turns.is_empty() {
        return Ok(());
    }
    let (ids, turns): (Vec<Uuid>, Vec<i16>) =
        turns.iter().map(|(scan, turn)| (scan.get(), *turn)).unzip();
    sqlx::query!(
        r#"
        update check_ins c set outcome = 'accepted', turn = n.turn
        from unnest($2::uuid[], $3::smallint[]) as n (id, turn)
        where c.organization_id = $1 and c.id = n.id
        "#,
        organization.get(),
        &ids,
        &turns
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What became of these scans, with the admission that counts where there is another.
pub(in crate::checkin) async fn settled(
    tx: &mut Tx,
    organization: OrganizationId,
    scans: &[CheckInId],
) -> Result<BTreeMap<CheckInId, SettledRow>, Unexpected> {
    let ids: Vec<Uuid> = scans.iter().map(|scan| scan.get()).collect();
    let rows = sqlx::query!(
        r#"
        select s.id, s.outcome, c.scanned_at as "at?", c.gate as "gate?", d.name as "device_name?"
        from check_ins s
        -- One by one: a plan made while the house was empty would go through all admissions for each scan.
        left join lateral (
            select c.scanned_at, c.gate, c.device_id from check_ins c
            where c.ticket_id = s.ticket_id and (c.list_id is not distinct from s.list_id or c.list_id is null)
              and c.kind = 'admit' and c.outcome = 'accepted' and c.id <> s.id
            order by c.scanned_at <= s.scanned_at desc, c.turn desc
            limit 1) as c on true
        left join devices d on d.id = c.device_id
        where s.organization_id = $1 and s.id = any($2)
        "#,
        organization.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let used = match (row.at, row.device_name) {
                (Some(at), Some(device_name)) => Some(Used {
                    at: at.to_jiff(),
                    gate: row.gate.filter(|gate| !gate.is_empty()),
                    device_name,
                }),
                _ => None,
            };
            Ok((
                CheckInId::new(row.id),
                SettledRow {
                    outcome: Outcome::parse(row.id, &row.outcome)?,
                    used,
                },
            ))
        })
        .collect()
}
