//! The disputes of an organization.

use domain::{
    disputes::{DisputeReason, DisputeState},
    ids::DisputeId,
    money::Money,
    when::Timestamp,
};

use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::{Permit, ViewFinances},
    rows::{coded, money},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRow {
    pub id: DisputeId,
    pub order_code: String,
    pub event_title: String,
    pub state: DisputeState,
    pub reason: DisputeReason,
    pub amount: Money,
    pub answer_by: Option<Timestamp>,
    pub opened_at: Timestamp,
}

/// Newest first.
pub async fn list(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    cursor: Option<&str>,
    size: u16,
) -> Result<Page<DisputeRow>, Unexpected> {
    let (size, after) = (limit(size), Cursor::decode(cursor));
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select d.id, o.code, v.title, d.state, d.reason, d.amount_minor, d.currency, d.answer_by, d.opened_at
        from disputes d
        join orders o on o.id = d.order_id
        join events v on v.id = o.event_id
        where d.organization_id = $1 and ($2::timestamptz is null or (d.opened_at, d.id) < ($2, $3))
        order by d.opened_at desc, d.id desc
        limit $4
        "#,
        permit.organization().get(),
        after.map(|c| jiff_sqlx::Timestamp::from(c.at)) as _,
        after.map(|c| c.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(DisputeRow {
                id: DisputeId::new(row.id),
                order_code: row.code,
                event_title: row.title,
                state: coded("disputes", row.id, &row.state)?,
                reason: coded("disputes", row.id, &row.reason)?,
                amount: money("disputes", row.id, row.amount_minor, &row.currency)?,
                answer_by: row.answer_by.map(|at| at.to_jiff()),
                opened_at: row.opened_at.to_jiff(),
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    Ok(Page::cut(items, size, |row| Cursor {
        at: row.opened_at,
        id: row.id.get(),
    }))
}
