//! A plan ends.

use jiff::SignedDuration;
use uuid::Uuid;

use crate::{Services, Unexpected, audit, permit::PlatformPermit, rows::at};

#[derive(Debug, thiserror::Error)]
pub enum WithdrawFeeError {
    #[error("no such plan")]
    NotFound,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Holds for nothing that is chosen from now on. One that has not begun ends as it begins.
#[tracing::instrument(skip_all, fields(fee_plan = %id))]
pub async fn withdraw(
    sv: &Services,
    permit: &PlatformPermit,
    id: Uuid,
) -> Result<(), WithdrawFeeError> {
    let now = sv.now();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let plan = sqlx::query!(
        r#"
        select organization_id, valid_from from fee_plans
        where id = $1 and (valid_until is null or valid_until > $2) for update
        "#,
        id,
        at(now) as _
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(WithdrawFeeError::NotFound)?;
    // The end comes after the beginning: PostgreSQL's smallest step.
    let end = now.max(plan.valid_from.to_jiff() + SignedDuration::from_micros(1));
    sqlx::query!(
        "update fee_plans set valid_until = $2 where id = $1",
        id,
        at(end) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: plan.organization_id.map(Into::into),
        action: "fee.withdraw",
        subject_kind: "fee_plan",
        subject: id.to_string(),
        reason: "",
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
