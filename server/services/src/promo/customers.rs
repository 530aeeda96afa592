//! How often customers have used codes that are limited for a customer.

use std::collections::HashMap;

use domain::ids::{OrderId, OrganizationId};
use uuid::Uuid;

use crate::{Unexpected, db::Tx, rows::count};

/// How many orders of these customers (addresses in small letters) have these codes. Until the transaction ends no other one
/// places an order with a limited code for them, so that two orders at the same time do not both count as the first.
pub(crate) async fn uses_of(
    tx: &mut Tx,
    organization: OrganizationId,
    emails: &[String],
    codes: &[Uuid],
) -> Result<HashMap<(Uuid, String), u32>, Unexpected> {
    sqlx::query!(
        r#"
        select pg_advisory_xact_lock(who.key) as "locked!: ()"
        from (select distinct hashtextextended('promo|' || $1 || email, 0) as key
              from unnest($2::text[]) as email order by key) as who
        "#,
        organization.to_string(),
        emails
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = sqlx::query!(
        r#"
        select u.promo_code_id, o.buyer_key as "email!", count(*) as "uses!"
        from orders o
        join promo_uses u on u.hold_id = o.hold_id and u.given_back_at is null
        where o.organization_id = $1 and o.buyer_key = any($2) and u.promo_code_id = any($3)
        group by 1, 2
        "#,
        organization.get(),
        emails,
        codes
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let uses = count("promo_uses", row.promo_code_id, row.uses)?;
            Ok(((row.promo_code_id, row.email), uses))
        })
        .collect()
}

/// Whether the customer of an order may have the code again that was given back with it: they may have used it with other
/// orders since. To be asked before any pool is locked, as placing orders does.
pub(crate) async fn customer_may_again(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<bool, Unexpected> {
    let limited = sqlx::query!(
        r#"
        select c.id, c.max_per_customer as "most!", o.buyer_key as "email!"
        from orders o
        join lateral (select promo_code_id, given_back_at from promo_uses
                      where organization_id = $1 and hold_id = o.hold_id
                      order by taken_at desc, id desc limit 1) as last on last.given_back_at is not null
        join promo_codes c on c.id = last.promo_code_id and c.max_per_customer is not null
        where o.organization_id = $1 and o.id = $2
          and exists (select from order_lines l
                      where l.organization_id = $1 and l.order_id = o.id and l.full_price_minor is not null)
        "#,
        organization.get(),
        order.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(limited) = limited else {
        return Ok(true);
    };
    let most: u32 = count("promo_codes", limited.id, limited.most)?;
    let uses = uses_of(
        tx,
        organization,
        std::slice::from_ref(&limited.email),
        &[limited.id],
    )
    .await?;
    let used = uses.get(&(limited.id, limited.email));
    Ok(used.copied().unwrap_or(0) < most)
}
