//! SQL of which entries and exits count.

use std::collections::BTreeMap;

use domain::checkin::{ScanKind, ScanRecord};
use domain::door::Used;
use domain::ids::{CheckInId, CheckInListId, DeviceId, OrganizationId, TicketId};
use uuid::Uuid;

use crate::Unexpected;
use crate::checkin::rows::{Outcome, SettledRow};
use crate::db::Tx;

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
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
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
    if scans.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<Uuid> = scans.iter().map(|scan| scan.get()).collect();
    let rows = sqlx::query!(
        r#"
        select s.id, s.outcome, c.scanned_at as "at?", c.gate as "gate?", d.name as "device_name?"
        from check_ins s
        -- One by one: a plan made while the house was empty would go through all admissions for each scan.
        left join lateral (
            select c.scanned_at, c.gate, c.device_id from check_ins c
            where c.ticket_id = s.ticket_id
              and (c.list_id is not distinct from s.list_id or c.list_id is null
                   or exists (select from check_in_lists l where l.id = c.list_id and l.removed_at is not null))
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
