//! Whether the record is whole: every entry as it was signed, every chain without gap, swap or cut.

use std::collections::HashMap;

use jiff::SignedDuration;
use uuid::Uuid;

use super::sign::{self, Signed};
use crate::{Services, Unexpected, db::Scope, doctor::Violation};

const PORTION: i64 = 1000;
/// An entry that nobody has linked for so long was not written by the application, or no worker runs.
const SOON: SignedDuration = SignedDuration::from_mins(10);
const NAME: &str = "A1 audit";

/// Where a chain was when it was last looked at.
#[derive(Default)]
struct Seen {
    position: i64,
    mac: Vec<u8>,
}

/// Reads all of it in portions; what is wrong, by chain and position.
pub(crate) async fn verify(sv: &Services) -> Result<Vec<Violation>, Unexpected> {
    let mut found = Vec::new();
    let mut chains = HashMap::<Uuid, Seen>::new();
    let (mut chain, mut position) = (Uuid::nil(), 0);
    loop {
        let mut tx = sv.db.begin(Scope::System).await?;
        let rows = sqlx::query!(
            r#"
            select coalesce(l.organization_id, '00000000-0000-0000-0000-000000000000') as "chain!", l.position, l.mac as link,
                   e.id, e.organization_id, e.actor_id, e.action, e.subject_kind, e.subject_id, e.reason, e.before,
                   e.after, e.occurred_at, e.mac
            from audit_links l join audit_entries e on e.id = l.entry_id
            where (coalesce(l.organization_id, '00000000-0000-0000-0000-000000000000'), l.position) > ($1, $2)
            order by coalesce(l.organization_id, '00000000-0000-0000-0000-000000000000'), l.position
            limit $3
            "#,
            chain,
            position,
            PORTION
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let Some(last) = rows.last() else { break };
        (chain, position) = (last.chain, last.position);
        for row in rows {
            let signed = Signed {
                id: row.id,
                organization: row.organization_id,
                actor: row.actor_id,
                action: &row.action,
                subject_kind: &row.subject_kind,
                subject: &row.subject_id,
                reason: &row.reason,
                before: row.before.as_ref(),
                after: row.after.as_ref(),
                at: row.occurred_at.to_jiff(),
            };
            let mac = row.mac.as_deref().unwrap_or_default();
            if sign::entry(&sv.seal, &signed).as_slice() != mac {
                found.push(says(
                    row.chain,
                    row.position,
                    "the entry was changed or not written by us",
                ));
            }
            let seen = chains.entry(row.chain).or_default();
            let next = seen.position + 1;
            if row.position != next {
                found.push(says(row.chain, next, "an entry is missing"));
            } else if sign::link(&sv.seal, row.chain, next, &seen.mac, mac).as_slice() != row.link {
                found.push(says(
                    row.chain,
                    next,
                    "it does not follow the entry before it",
                ));
            }
            *seen = Seen {
                position: row.position,
                mac: row.link,
            };
        }
    }
    heads(sv, &chains, &mut found).await?;
    unlinked(sv, &mut found).await?;
    Ok(found)
}

/// No chain is shorter or longer than its signed length.
async fn heads(
    sv: &Services,
    chains: &HashMap<Uuid, Seen>,
    found: &mut Vec<Violation>,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let heads = sqlx::query!("select chain, position, mac from audit_heads")
        .fetch_all(&mut *tx)
        .await?;
    tx.commit().await?;
    let known: HashMap<Uuid, i64> = heads
        .iter()
        .map(|head| (head.chain, head.position))
        .collect();
    for head in &heads {
        if sign::head(&sv.seal, head.chain, head.position).as_slice() != head.mac {
            found.push(says(head.chain, head.position, "its length was changed"));
        }
        let length = chains.get(&head.chain).map_or(0, |seen| seen.position);
        if length < head.position {
            found.push(says(head.chain, length + 1, "the end was cut off"));
        }
    }
    for (chain, seen) in chains {
        // One that became longer while we were reading is no fault; one without any length is.
        if !known.contains_key(chain) {
            found.push(says(*chain, seen.position, "its length is not known"));
        }
    }
    Ok(())
}

async fn unlinked(sv: &Services, found: &mut Vec<Violation>) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        select e.id, e.organization_id from audit_entries e
        where e.occurred_at < $1 and not exists (select from audit_links l where l.entry_id = e.id)
        order by e.occurred_at limit 100
        "#,
        jiff_sqlx::Timestamp::from(sv.now() - SOON) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    found.extend(rows.into_iter().map(|row| Violation {
        invariant: NAME,
        what: format!(
            "chain {}, entry {}: it was never linked",
            row.organization_id.unwrap_or_default(),
            row.id
        ),
    }));
    Ok(())
}

fn says(chain: Uuid, position: i64, what: &str) -> Violation {
    Violation {
        invariant: NAME,
        what: format!("chain {chain}, position {position}: {what}"),
    }
}
