//! SQL of what is watched while people come in.

use std::collections::{BTreeMap, HashMap};

use domain::door::{Answer, Pace};
use domain::ids::{CheckInId, DeviceId, EventId, OrganizationId};
use domain::when::{Timestamp, shift};
use jiff::SignedDuration;
use uuid::Uuid;

use super::sql;
use crate::Unexpected;
use crate::checkin::ScanView;
use crate::checkin::rows::{Outcome, count};
use crate::db::Tx;

/// What one device did at one gate.
pub(in crate::checkin) struct Figures {
    pub device: DeviceId,
    pub gate: String,
    pub let_in: u32,
    /// Of these, tickets that came in for the first time.
    pub first: u32,
    /// In the last ten minutes.
    pub recent: u32,
    pub refused_recent: u32,
    pub pace: Pace,
    pub last: Option<Timestamp>,
}

/// One look at all scans of the event; as much work as counting them.
pub(in crate::checkin) async fn figures(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    now: Timestamp,
) -> Result<Vec<Figures>, Unexpected> {
    let ago = |minutes| sql(shift(now, -SignedDuration::from_mins(minutes)));
    let rows = sqlx::query!(
        r#"
        select device_id, gate, max(scanned_at) as "last: jiff_sqlx::Timestamp",
               count(*) filter (where entry) as let_in,
               count(*) filter (where entry and turn = 1) as first,
               count(*) filter (where entry and scanned_at > $3) as recent,
               count(*) filter (where kind = 'refuse' and scanned_at > $3) as refused,
               count(*) filter (where entry and scanned_at > $4) as lately,
               count(*) filter (where entry and scanned_at > $5 and scanned_at <= $4) as before
        from (select device_id, gate, scanned_at, turn, kind, kind = 'admit' and outcome = 'accepted' as entry
              from check_ins
              where organization_id = $1 and event_id = $2 and kind <> 'undo') as c
        group by device_id, gate
        "#,
        organization.get(),
        event.get(),
        ago(10) as _,
        ago(5) as _,
        ago(15) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let figures = rows.into_iter().map(|row| Figures {
        device: DeviceId::new(row.device_id),
        gate: row.gate,
        let_in: count(row.let_in),
        first: count(row.first),
        recent: count(row.recent),
        refused_recent: count(row.refused),
        pace: Pace {
            lately: count(row.lately),
            before: count(row.before),
        },
        last: row.last.map(jiff_sqlx::Timestamp::to_jiff),
    });
    Ok(figures.collect())
}

/// Refusals by the code of their verdict, the most frequent first.
pub(in crate::checkin) async fn reasons(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<(String, u32)>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select verdict, count(*) as number from check_ins
        where organization_id = $1 and event_id = $2 and kind = 'refuse'
        group by verdict
        order by 2 desc, 1
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let reasons = rows.into_iter().map(|row| (row.verdict, count(row.number)));
    Ok(reasons.collect())
}

/// Which lines of the log are looked at, each kind of look with the newest first.
#[derive(Default)]
pub(in crate::checkin) struct Lines {
    pub recent: Vec<Uuid>,
    pub troubled: Vec<Uuid>,
    pub refused: Vec<Uuid>,
    pub forced: Vec<Uuid>,
}

pub(in crate::checkin) async fn lines(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Lines, Unexpected> {
    // Each branch says for itself what it is for, so that the index of the few odd lines serves it.
    let rows = sqlx::query!(
        r#"
        (select id as "id!", 0 as "look!" from check_ins
         where organization_id = $1 and event_id = $2 and kind <> 'undo'
         order by scanned_at desc, id desc limit 10)
        union all
        (select id, 1 from check_ins
         where organization_id = $1 and event_id = $2 and outcome in ('conflict', 'late_revoked') and kind <> 'undo'
         order by scanned_at desc, id desc limit 50)
        union all
        (select id, 2 from check_ins
         where organization_id = $1 and event_id = $2 and kind = 'refuse'
         order by scanned_at desc, id desc limit 50)
        union all
        (select id, 3 from check_ins
         where organization_id = $1 and event_id = $2 and forced
         order by scanned_at desc, id desc limit 50)
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut lines = Lines::default();
    for row in rows {
        match row.look {
            0 => lines.recent.push(row.id),
            1 => lines.troubled.push(row.id),
            2 => lines.refused.push(row.id),
            _ => lines.forced.push(row.id),
        }
    }
    Ok(lines)
}

/// These lines in full; with a second entry, the one that counts.
pub(in crate::checkin) async fn told(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (ScanView, Option<Uuid>)>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select c.id, c.scanned_at, c.gate, d.name as device_name, c.verdict, c.kind, c.outcome,
               c.forced, c.reason, t.holder_name as "holder?", y.name as "ticket_type?", o.code as "order_code?",
               w.id as "winner?"
        from check_ins c
        join devices d on d.id = c.device_id
        left join tickets t on t.id = c.ticket_id
        left join ticket_types y on y.id = t.ticket_type_id
        left join orders o on o.id = t.order_id
        left join lateral (
            select w.id from check_ins w
            where c.outcome = 'conflict' and w.ticket_id = c.ticket_id
              and (w.list_id is not distinct from c.list_id or w.list_id is null
                   or exists (select from check_in_lists l where l.id = w.list_id and l.removed_at is not null))
              and w.kind = 'admit' and w.outcome = 'accepted' and w.id <> c.id
            -- The one it came after.
            order by w.scanned_at <= c.scanned_at desc, w.turn desc
            limit 1) as w on true
        where c.organization_id = $1 and c.id = any($2)
        "#,
        organization.get(),
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let outcome = Outcome::parse(row.id, &row.outcome)?;
            let scan = ScanView {
                id: CheckInId::new(row.id),
                at: row.scanned_at.to_jiff(),
                gate: row.gate,
                device_name: row.device_name,
                holder: row.holder,
                ticket_type: row.ticket_type,
                order_code: row.order_code,
                verdict: row.verdict,
                let_in: row.kind == "admit",
                forced: row.forced,
                left: row.kind == "exit",
                reason: row.reason,
                undone: outcome == Outcome::Undone,
                fate: match outcome {
                    Outcome::Accepted | Outcome::Undone => Answer::Accepted,
                    Outcome::Conflict => Answer::Conflict,
                    Outcome::LateRevoked => Answer::LateRevoked,
                    // An exit of nobody is a fact to write down, nothing to look at.
                    Outcome::Refused if row.kind == "exit" => Answer::Accepted,
                    Outcome::Refused => Answer::Refused,
                },
            };
            Ok((row.id, (scan, row.winner)))
        })
        .collect()
}

/// People each device let in.
pub(in crate::checkin) fn by_device(figures: &[Figures]) -> BTreeMap<DeviceId, u32> {
    let mut devices = BTreeMap::new();
    for one in figures {
        let number: &mut u32 = devices.entry(one.device).or_default();
        *number = number.saturating_add(one.let_in);
    }
    devices
}
