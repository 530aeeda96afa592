//! Refunds that came to nothing, and that somebody of the platform takes on: as long as they do, the organizer cannot have the
//! provider try once more, and the buyer is not paid by both.

use domain::{
    ids::{OrganizationId, RefundId},
    when::Timestamp,
};
use uuid::Uuid;

use super::refunds::SentError;
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::{at, money},
};

/// Before anything is done at the bank: from here on only the platform sends it.
#[tracing::instrument(skip_all, fields(refund = %id))]
pub async fn take_on(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    id: RefundId,
) -> Result<(), SentError> {
    let taken = Some((sv.now(), permit.actor().get()));
    let mut tx = sv.db.begin(permit.scope()).await?;
    change(sv, &mut tx, permit, id, taken).await?;
    tx.commit().await?;
    Ok(())
}

/// They do not send it after all: the organizer may try again with the provider.
#[tracing::instrument(skip_all, fields(refund = %id))]
pub async fn let_go(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    id: RefundId,
) -> Result<(), SentError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    change(sv, &mut tx, permit, id, None).await?;
    tx.commit().await?;
    Ok(())
}

async fn change(
    sv: &Services,
    tx: &mut Tx,
    permit: &Proven<PlatformPermit>,
    id: RefundId,
    taken: Option<(Timestamp, Uuid)>,
) -> Result<(), SentError> {
    let row = sqlx::query!(
        r#"
        update refunds r set taken_at = $2, taken_by = $3
        from orders o
        where r.id = $1 and r.state = 'failed' and (r.taken_at is null) = ($3::uuid is not null) and o.id = r.order_id
        returning r.organization_id, r.amount_minor, r.currency, o.code
        "#,
        id.get(),
        taken.map(|(when, _)| at(when)) as _,
        taken.map(|(_, by)| by)
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(SentError::NotFound)?;
    let amount = money("refunds", id, row.amount_minor, &row.currency)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(OrganizationId::new(row.organization_id)),
        action: if taken.is_some() {
            "transfers.refund_taken"
        } else {
            "transfers.refund_let_go"
        },
        subject_kind: "order",
        subject: row.code,
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "amount": amount })),
    };
    audit::append(sv, tx, entry).await?;
    Ok(())
}
