//! Links entries into the chain of their tenant, in the order in which they are found. Done by the worker, in portions.

use std::collections::HashMap;

use uuid::Uuid;

use super::sign;
use crate::{Services, Unexpected, db::Scope};

/// Held while a portion is linked: two workers must not lengthen a chain at once.
const LOCK: i64 = 0x6175_6469_745f_6c6b;

/// Where a chain ends.
struct End {
    position: i64,
    mac: Vec<u8>,
}

/// Links a portion; how many there were.
pub async fn link_due(sv: &Services, portion: i64) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(r#"select pg_advisory_xact_lock($1) as "a?: ()""#, LOCK)
        .fetch_one(&mut *tx)
        .await?;
    let rows = sqlx::query!(
        r#"
        select q.entry_id, e.organization_id, e.mac
        from audit_unlinked q join audit_entries e on e.id = q.entry_id
        order by e.occurred_at, e.id
        limit $1
        "#,
        portion
    )
    .fetch_all(&mut *tx)
    .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut chains: Vec<Uuid> = rows
        .iter()
        .map(|row| row.organization_id.unwrap_or_default())
        .collect();
    chains.sort_unstable();
    chains.dedup();
    let mut ends: HashMap<Uuid, End> = sqlx::query!(
        r#"
        select c.chain as "chain!", l.position, l.mac
        from unnest($1::uuid[]) as c (chain)
        join lateral (
            select position, mac from audit_links
            where coalesce(organization_id, '00000000-0000-0000-0000-000000000000') = c.chain
            order by position desc limit 1
        ) l on true
        "#,
        &chains
    )
    .fetch_all(&mut *tx)
    .await?
    .into_iter()
    .map(|row| {
        let end = End {
            position: row.position,
            mac: row.mac,
        };
        (row.chain, end)
    })
    .collect();
    let (mut ids, mut organizations, mut positions, mut macs) = (
        Vec::with_capacity(rows.len()),
        Vec::with_capacity(rows.len()),
        Vec::with_capacity(rows.len()),
        Vec::with_capacity(rows.len()),
    );
    for row in &rows {
        let chain = row.organization_id.unwrap_or_default();
        let end = ends.entry(chain).or_insert_with(|| End {
            position: 0,
            mac: Vec::new(),
        });
        end.position += 1;
        let entry = row.mac.as_deref().unwrap_or_default();
        end.mac = sign::link(&sv.seal, chain, end.position, &end.mac, entry).to_vec();
        ids.push(row.entry_id);
        organizations.push(row.organization_id);
        positions.push(end.position);
        macs.push(end.mac.clone());
    }
    sqlx::query!(
        r#"
        insert into audit_links (entry_id, organization_id, position, mac)
        select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[])
        "#,
        &ids,
        &organizations as _,
        &positions,
        &macs
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from audit_unlinked where entry_id = any($1)", &ids)
        .execute(&mut *tx)
        .await?;
    for chain in chains {
        let Some(end) = ends.get(&chain) else {
            continue;
        };
        let mac = sign::head(&sv.seal, chain, end.position);
        sqlx::query!(
            r#"
            insert into audit_heads (chain, organization_id, position, mac) values ($1, $2, $3, $4)
            on conflict on constraint audit_heads_pkey do update set position = excluded.position, mac = excluded.mac
            "#,
            chain,
            Some(chain).filter(|chain| !chain.is_nil()),
            end.position,
            mac.as_slice()
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(ids.len())
}
