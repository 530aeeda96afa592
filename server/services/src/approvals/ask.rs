//! Asks for a second person's word, with what was shown to the first.

use domain::{
    ids::{EventId, OrderId, OrganizationId, UserId},
    money::Money,
    orders::RunCause,
    when::{Timestamp, shift},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{WAITS, mails};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    orders::{self, CallOffFigures, RefundError, RefundOrder},
    permit::{Permit, RefundOrders},
    rows::at,
};

/// The refunds of a whole event, as they were asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EventRequest {
    pub cause: RunCause,
    pub reason: String,
    /// As [`crate::orders::NewRun::until`].
    #[serde(default)]
    pub until: Option<Timestamp>,
}

pub(super) struct New<'a> {
    pub organization: OrganizationId,
    pub event: EventId,
    pub order: Option<OrderId>,
    pub request: serde_json::Value,
    pub preview: serde_json::Value,
    pub amount: Money,
    pub reason: &'a str,
    pub by: UserId,
}

/// Asks for a refund that one person may not make alone. Asking again while it waits changes nothing.
#[tracing::instrument(skip_all, fields(order.code = %cmd.code))]
pub async fn ask_refund(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    cmd: &RefundOrder,
) -> Result<(), RefundError> {
    let by = permit.actor().ok_or(RefundError::NotFound)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let (order, preview) = orders::plan_refund(&mut tx, permit, cmd).await?;
    let json = |e| RefundError::Unexpected(Unexpected::new("approval", e));
    let new = New {
        organization: permit.organization(),
        event: order.event,
        order: Some(order.id),
        request: serde_json::to_value(cmd).map_err(json)?,
        preview: serde_json::to_value(&preview).map_err(json)?,
        amount: preview.amount,
        reason: &cmd.reason,
        by,
    };
    insert(sv, &mut tx, &new).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks for the refunds of a whole event.
pub(crate) async fn ask_event(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (event, by): (EventId, UserId),
    request: &EventRequest,
    (figures, amount): (&CallOffFigures, Money),
) -> Result<(), Unexpected> {
    let json = |e| Unexpected::new("approval", e);
    let new = New {
        organization,
        event,
        order: None,
        request: serde_json::to_value(request).map_err(json)?,
        preview: serde_json::to_value(figures).map_err(json)?,
        amount,
        reason: &request.reason,
        by,
    };
    insert(sv, tx, &new).await
}

async fn insert(sv: &Services, tx: &mut Tx, new: &New<'_>) -> Result<(), Unexpected> {
    let id: Uuid = sv.new_id();
    expire(sv, tx, new.organization).await?;
    let asked = sqlx::query!(
        r#"
        insert into approvals (id, organization_id, event_id, order_id, request, preview, amount_minor, currency, reason, asked_by,
                               asked_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict do nothing
        "#,
        id,
        new.organization.get(),
        new.event.get(),
        new.order.map(OrderId::get),
        new.request,
        new.preview,
        new.amount.minor,
        new.amount.currency.as_str(),
        new.reason,
        new.by.get(),
        at(sv.now()) as _,
        at(shift(sv.now(), WAITS)) as _
    )
    .execute(&mut **tx)
    .await?;
    if asked.rows_affected() == 0 {
        return Ok(());
    }
    let entry = audit::Entry {
        actor: Some(new.by),
        organization: Some(new.organization),
        action: "refund.ask",
        subject_kind: if new.order.is_some() {
            "order"
        } else {
            "event"
        },
        subject: new
            .order
            .map_or_else(|| new.event.to_string(), |order| order.to_string()),
        reason: new.reason,
        before: None,
        after: Some(serde_json::json!({ "amount": new.amount })),
    };
    audit::append(sv, tx, entry).await?;
    mails::ask(sv, tx, id, new).await
}

/// What nobody decided in time makes room for another request.
pub(super) async fn expire(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update approvals set state = 'expired', decided_at = expires_at
        where organization_id = $1 and state = 'waiting' and expires_at <= $2
        "#,
        organization.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
