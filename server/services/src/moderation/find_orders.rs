//! Orders of all tenants, by code, buyer or event.

use domain::{
    ids::OrderId,
    money::{Currency, Money},
    when::Timestamp,
};

use super::{Find, like};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::PlatformPermit,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub id: OrderId,
    pub code: String,
    pub state: String,
    pub buyer_name: String,
    pub buyer_email: String,
    pub event: String,
    pub event_slug: String,
    pub organization: String,
    pub organization_id: uuid::Uuid,
    pub total: Money,
    pub created_at: Timestamp,
}

pub async fn find_orders(
    sv: &Services,
    permit: &PlatformPermit,
    find: &Find,
) -> Result<Page<OrderRow>, Unexpected> {
    let size = limit(find.limit);
    let after = Cursor::decode(find.cursor.as_deref());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select r.id, r.code, r.state, r.buyer_name, r.buyer_email, r.total_minor, r.currency, r.created_at,
               r.organization_id, e.title as event, e.slug as event_slug, o.name as organization
        from orders r
        join events e on e.id = r.event_id
        join organizations o on o.id = r.organization_id
        where ($1 = '' or r.code = upper($1) or r.buyer_name ilike '%' || $1 || '%'
               or r.buyer_email ilike '%' || $1 || '%' or e.title ilike '%' || $1 || '%')
          and ($2::timestamptz is null or (r.created_at, r.id) < ($2, $3))
        order by r.created_at desc, r.id desc
        limit $4
        "#,
        like(&find.text),
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
            let currency: Currency = row
                .currency
                .parse()
                .map_err(|_| Unexpected::bad_row("orders", row.id, &row.currency))?;
            Ok(OrderRow {
                id: OrderId::new(row.id),
                code: row.code,
                state: row.state,
                buyer_name: row.buyer_name,
                buyer_email: row.buyer_email,
                event: row.event,
                event_slug: row.event_slug,
                organization: row.organization,
                organization_id: row.organization_id,
                total: Money::new(row.total_minor, currency),
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect::<Result<_, Unexpected>>()?;
    Ok(Page::cut(items, size, |row: &OrderRow| Cursor {
        at: row.created_at,
        id: row.id.get(),
    }))
}
