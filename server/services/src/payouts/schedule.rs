//! How often an organization's money is paid out by itself.

use domain::{payouts::Schedule, when::Timestamp};

use crate::{
    Services, Unexpected, audit,
    permit::{ManagePayouts, Permit, Proven, ViewFinances},
    rows::{at, coded},
};

pub async fn schedule(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Schedule, Unexpected> {
    let id = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let text = sqlx::query_scalar!(
        "select payout_schedule from organizations where id = $1",
        id.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    coded("organizations", id, &text)
}

#[tracing::instrument(skip_all)]
pub async fn set_schedule(
    sv: &Services,
    permit: &Proven<Permit<ManagePayouts>>,
    wanted: Schedule,
) -> Result<(), Unexpected> {
    let id = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let before = sqlx::query_scalar!(
        "select payout_schedule from organizations where id = $1 for no key update",
        id.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "update organizations set payout_schedule = $2, payout_due_at = $3 where id = $1",
        id.get(),
        wanted.code(),
        wanted.next_after(sv.now()).map(at) as _
    )
    .execute(&mut *tx)
    .await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(id),
        action: "payout.schedule",
        subject_kind: "organization",
        subject: id.to_string(),
        reason: "",
        before: Some(serde_json::json!({ "schedule": before })),
        after: Some(serde_json::json!({ "schedule": wanted.code() })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await
}

/// When everything that can be paid out is paid out the next time; `None` where somebody has to ask.
pub async fn next_day(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Option<Timestamp>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let due = sqlx::query_scalar!(
        "select payout_due_at from organizations where id = $1",
        permit.organization().get()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(due.map(|at| at.to_jiff()))
}
