//! Another sealing key: lines and files are sealed anew.

use super::{take_in, upload};
use crate::{Services, Unexpected, db::Tx, reseal::renewed};

/// Puts all lines and files under today's key; how many were not.
pub(crate) async fn reseal_lines(sv: &Services, tx: &mut Tx) -> Result<u64, Unexpected> {
    let lines = sqlx::query!("select id, sealed from bank_lines for update")
        .fetch_all(&mut **tx)
        .await?;
    let (ids, sealed) = renewed(
        sv,
        lines
            .into_iter()
            .map(|row| (row.id, take_in::place(row.id), row.sealed)),
    )?;
    let lines = sqlx::query!(
        "update bank_lines l set sealed = n.sealed from unnest($1::uuid[], $2::bytea[]) as n (id, sealed) where l.id = n.id",
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    let files = sqlx::query!(
        r#"select id, sealed as "sealed!" from bank_files where sealed is not null for update"#
    )
    .fetch_all(&mut **tx)
    .await?;
    let (ids, sealed) = renewed(
        sv,
        files
            .into_iter()
            .map(|row| (row.id, upload::place(row.id), row.sealed)),
    )?;
    let files = sqlx::query!(
        "update bank_files f set sealed = n.sealed from unnest($1::uuid[], $2::bytea[]) as n (id, sealed) where f.id = n.id",
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(lines + files)
}
