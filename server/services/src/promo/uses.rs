//! Counts who has a code.

use std::collections::{BTreeMap, HashMap};

use domain::{
    ids::{HoldId, OrderId, OrganizationId, PromoCodeId},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{Services, Unexpected, db::Tx, rows::at};

/// What a hold has of a code, as it is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    id: Uuid,
    pub code: PromoCodeId,
    pub saving_minor: i64,
}

/// What a hold is to have of a code.
pub(crate) struct NewUse {
    pub code: PromoCodeId,
    pub hold: HoldId,
    pub saving_minor: i64,
}

/// What these holds have.
pub(crate) async fn of_holds(
    tx: &mut Tx,
    organization: OrganizationId,
    holds: &[Uuid],
) -> Result<HashMap<HoldId, Use>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, hold_id, promo_code_id, discount_minor from promo_uses
        where organization_id = $1 and hold_id = any($2) and given_back_at is null
        "#,
        organization.get(),
        holds
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let has = Use {
                id: row.id,
                code: PromoCodeId::new(row.promo_code_id),
                saving_minor: row.discount_minor,
            };
            (HoldId::new(row.hold_id), has)
        })
        .collect())
}

/// Gives uses back and counts new ones, of codes that the caller has locked and found good.
pub(crate) async fn change_uses(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    back: &[Use],
    new: &[NewUse],
) -> Result<(), Unexpected> {
    let mut changes: BTreeMap<PromoCodeId, (i32, i64)> = BTreeMap::new();
    for old in back {
        let (uses, minor) = changes.entry(old.code).or_default();
        (*uses, *minor) = (*uses - 1, *minor - old.saving_minor);
    }
    for new in new {
        let (uses, minor) = changes.entry(new.code).or_default();
        (*uses, *minor) = (*uses + 1, *minor + new.saving_minor);
    }
    sqlx::query!(
        r#"
        update promo_codes c set used = c.used + n.uses, spent_minor = c.spent_minor + n.minor
        from unnest($2::uuid[], $3::integer[], $4::bigint[]) as n (id, uses, minor)
        where c.organization_id = $1 and c.id = n.id
        "#,
        organization.get(),
        &changes.keys().map(|id| id.get()).collect::<Vec<_>>(),
        &changes.values().map(|(uses, _)| *uses).collect::<Vec<_>>(),
        &changes
            .values()
            .map(|(_, minor)| *minor)
            .collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    let now = sv.now();
    // A hold has one use at a time: the old one goes before the new one comes.
    sqlx::query!(
        "update promo_uses set given_back_at = $3 where organization_id = $1 and id = any($2)",
        organization.get(),
        &back.iter().map(|old| old.id).collect::<Vec<_>>(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into promo_uses (id, organization_id, promo_code_id, hold_id, discount_minor, taken_at)
        select n.id, $1, n.code, n.hold, n.minor, $2
        from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[]) as n (id, code, hold, minor)
        "#,
        organization.get(),
        at(now) as _,
        &new.iter().map(|_| sv.new_id()).collect::<Vec<_>>(),
        &new.iter().map(|new| new.code.get()).collect::<Vec<_>>(),
        &new.iter().map(|new| new.hold.get()).collect::<Vec<_>>(),
        &new.iter().map(|new| new.saving_minor).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whose codes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of<'a> {
    Holds(&'a [Uuid]),
    Orders(&'a [Uuid]),
}

/// Locks all codes that these orders have or had, before each of them takes or gives back its own.
pub(crate) async fn lock_codes_of(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<(), Unexpected> {
    sqlx::query_scalar!(
        r#"
        select id from promo_codes
        where organization_id = $1
          and id in (select u.promo_code_id from orders o
                     join promo_uses u on u.hold_id = o.hold_id
                     where o.organization_id = $1 and o.id = any($2))
        order by id
        for update
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Gives back what these have of codes, for others to use. The caller has locked them.
pub(crate) async fn give_back(
    tx: &mut Tx,
    organization: OrganizationId,
    of: Of<'_>,
    now: Timestamp,
) -> Result<(), Unexpected> {
    let (holds, orders): (&[Uuid], &[Uuid]) = match of {
        Of::Holds(holds) => (holds, &[]),
        Of::Orders(orders) => (&[], orders),
    };
    let uses = sqlx::query!(
        r#"
        select u.id as "use_id!", c.id as "code!"
        from (select unnest($2::uuid[]) as hold_id
              union all
              select o.hold_id from orders o where o.organization_id = $1 and o.id = any($3)) as over
        join promo_uses u on u.hold_id = over.hold_id and u.given_back_at is null
        join promo_codes c on c.id = u.promo_code_id
        where u.organization_id = $1
        order by c.id
        for update of c
        "#,
        organization.get(),
        holds,
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    if uses.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = uses.into_iter().map(|row| row.use_id).collect();
    sqlx::query!(
        r#"
        with back as (
            update promo_uses set given_back_at = $3
            where organization_id = $1 and id = any($2) and given_back_at is null
            returning promo_code_id, discount_minor)
        update promo_codes c set used = c.used - b.uses, spent_minor = c.spent_minor - b.minor
        from (select promo_code_id, count(*)::integer as uses, sum(discount_minor)::bigint as minor
              from back group by promo_code_id) as b
        where c.organization_id = $1 and c.id = b.promo_code_id
        "#,
        organization.get(),
        &ids,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Money came for an order whose code was given back: whether it has the code again. An order without a code needs none. Whether
/// the customer may is asked before: [`super::customer_may_again`].
pub(crate) async fn take_again(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<bool, Unexpected> {
    let last = sqlx::query!(
        r#"
        select u.id, u.discount_minor, u.given_back_at is null as "taken!", c.id as code, c.max_uses, c.used,
               c.budget_minor, c.spent_minor
        from orders o
        join promo_uses u on u.hold_id = o.hold_id
        join promo_codes c on c.id = u.promo_code_id
        where o.organization_id = $1 and o.id = $2
        order by u.taken_at desc, u.id desc
        limit 1
        for update of c
        "#,
        organization.get(),
        order.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(last) = last.filter(|last| !last.taken) else {
        return Ok(true);
    };
    let discounted = sqlx::query_scalar!(
        r#"
        select exists (select from order_lines
                       where organization_id = $1 and order_id = $2 and full_price_minor is not null) as "is!"
        "#,
        organization.get(),
        order.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    if !discounted {
        // The buyer had taken the code off the basket again.
        return Ok(true);
    }
    let spent = last.spent_minor.saturating_add(last.discount_minor);
    if last.max_uses.is_some_and(|most| most <= last.used)
        || last.budget_minor.is_some_and(|budget| budget < spent)
    {
        return Ok(false);
    }
    sqlx::query!(
        "update promo_uses set given_back_at = null where organization_id = $1 and id = $2",
        organization.get(),
        last.id
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update promo_codes set used = used + 1, spent_minor = $3 where organization_id = $1 and id = $2",
        organization.get(),
        last.code,
        spent
    )
    .execute(&mut **tx)
    .await?;
    Ok(true)
}
