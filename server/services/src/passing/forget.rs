//! What names recipients goes when it is of no use any more.

use domain::when::Timestamp;

use crate::{Unexpected, db::Tx, rows::at};

/// Deletes offers that came to nothing before this: they hold the address of somebody who may have nothing to do with us.
pub(crate) async fn forget_ended(
    tx: &mut Tx,
    before: Timestamp,
    limit: i64,
) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        delete from handovers where id in (
            select id from handovers where state <> 'accepted' and expires_at < $1 order by expires_at limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// Somebody's address goes. Whoever has not accepted yet does not want to any more.
pub(crate) async fn forget_person(
    tx: &mut Tx,
    email: &str,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update handovers set
            recipient_name = '', recipient_email = '',
            state = case state when 'pending' then 'declined' else state end,
            decided_at = coalesce(decided_at, $2)
        where lower(recipient_email) = $1
        "#,
        email,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
