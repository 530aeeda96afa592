//! The limits of an organization, one for each currency it chose; none: one person is enough.

use domain::{
    ids::{OrderId, OrganizationId, UserId},
    money::{Currency, Money},
    orders::needs_second_person,
    permissions::{Right, Role},
    when::shift,
};

use super::TOGETHER;
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{ManageSecurity, Permit, Proven, RefundOrders},
    rows::{at, money},
};

#[derive(Debug, thiserror::Error)]
pub enum SetLimitError {
    #[error("below nothing")]
    Negative,
    /// Otherwise nobody could ever agree.
    #[error("nobody else may refund")]
    NobodyElse,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Codes of the roles that may refund.
pub(super) fn roles() -> Vec<String> {
    Role::all()
        .iter()
        .filter(|role| role.has(Right::RefundOrders))
        .map(|role| role.code().to_owned())
        .collect()
}

pub async fn limits(
    sv: &Services,
    permit: &Permit<RefundOrders>,
) -> Result<Vec<Money>, Unexpected> {
    let id = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        "select currency, limit_minor from approval_limits where organization_id = $1 order by currency",
        id.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| money("approval_limits", id, row.limit_minor, &row.currency))
        .collect()
}

/// `None` takes the limit of the currency away. What waits goes on waiting.
#[tracing::instrument(skip_all)]
pub async fn set_limit(
    sv: &Services,
    permit: &Proven<Permit<ManageSecurity>>,
    currency: Currency,
    limit: Option<Money>,
) -> Result<(), SetLimitError> {
    let id = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    if limit.is_some_and(Money::is_negative) {
        return Err(SetLimitError::Negative);
    }
    let before = limit_of(&mut tx, id, currency).await?;
    if let Some(limit) = limit {
        let able = sqlx::query_scalar!(
            r#"
            select count(*) as "able!" from memberships
            where organization_id = $1 and role = any($2) and events is null
            "#,
            id.get(),
            &roles()
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(Unexpected::from)?;
        if able < 2 {
            return Err(SetLimitError::NobodyElse);
        }
        sqlx::query!(
            r#"
            insert into approval_limits (organization_id, currency, limit_minor, set_by, set_at) values ($1, $2, $3, $4, $5)
            on conflict on constraint approval_limits_pkey
            do update set limit_minor = excluded.limit_minor, set_by = excluded.set_by, set_at = excluded.set_at
            "#,
            id.get(),
            currency.as_str(),
            limit.minor,
            permit.actor().map(UserId::get),
            at(sv.now()) as _
        )
        .execute(&mut *tx)
        .await
        .map_err(Unexpected::from)?;
    } else {
        sqlx::query!(
            "delete from approval_limits where organization_id = $1 and currency = $2",
            id.get(),
            currency.as_str()
        )
        .execute(&mut *tx)
        .await
        .map_err(Unexpected::from)?;
    }
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(id),
        action: "organization.approval_limit",
        subject_kind: "organization",
        subject: id.to_string(),
        reason: "",
        before: before.map(|amount| serde_json::json!({ "amount": amount })),
        after: limit.map(|amount| serde_json::json!({ "amount": amount })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn limit_of(
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
) -> Result<Option<Money>, Unexpected> {
    let minor = sqlx::query_scalar!(
        "select limit_minor from approval_limits where organization_id = $1 and currency = $2",
        organization.get(),
        currency.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(minor.map(|minor| Money::new(minor, currency)))
}

/// Whether this person may not give this back of an order alone. The machine goes by its own rules.
pub(crate) async fn needed(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (by, order): (Option<UserId>, OrderId),
    amount: Money,
) -> Result<bool, Unexpected> {
    let Some(by) = by else { return Ok(false) };
    let Some(limit) = limit_of(tx, organization, amount.currency).await? else {
        return Ok(false);
    };
    // Two refunds of this person at once would not see each other, as they may be of different orders.
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtext('approval_limit'), hashtext($1))",
        by.to_string()
    )
    .fetch_one(&mut **tx)
    .await?;
    // Exchanging tickets makes other orders of the same money: they are one in this.
    let before = sqlx::query_scalar!(
        r#"
        with recursive family (id) as (
            select $2::uuid
            union
            select case when x.from_order_id = f.id then x.order_id else x.from_order_id end
            from family f
            join exchanges x on f.id in (x.from_order_id, x.order_id)
            where x.organization_id = $1 and x.settled_at is not null
        )
        select coalesce(sum(r.amount_minor), 0)::bigint as "before!"
        from refunds r
        where r.organization_id = $1 and r.order_id in (select id from family) and r.requested_by = $3 and r.created_at > $4
          and r.currency = $5 and r.exchanged_to is null
        "#,
        organization.get(),
        order.get(),
        by.get(),
        at(shift(sv.now(), -TOGETHER)) as _,
        amount.currency.as_str()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(needs_second_person(
        limit,
        Money::new(before, amount.currency),
        amount,
    ))
}
