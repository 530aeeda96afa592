//! A second person agrees, and it is done as it was shown; or says no.

use domain::{
    ids::{EventId, OrganizationId, UserId},
    money::Money,
    orders::ApprovalState,
    text::{FieldErrors, line},
};
use uuid::Uuid;

use super::{ask, ask::EventRequest, mails};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    orders::{self, NewRun, RefundError, RefundOrder, RefundPreview},
    permit::{Permit, RefundOrders},
    rows::{at, coded, money},
};

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error("no such request")]
    NotFound,
    #[error("who asks does not agree with themselves")]
    SamePerson,
    #[error("decided already, or expired")]
    Over,
    /// The way on: ask anew, for what is true now.
    #[error("what it would do has changed")]
    Changed,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl DecideError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::SamePerson => "approval_same_person",
            Self::Over => "approval_over",
            Self::Changed => "approval_changed",
            Self::Fields(_) => "invalid",
            Self::Unexpected(_) => "internal",
        }
    }
}

pub(super) struct Asked {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub event: EventId,
    of_order: bool,
    request: serde_json::Value,
    preview: serde_json::Value,
    pub amount: Money,
    pub by: UserId,
}

/// Locks a request that waits.
async fn lock(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    id: Uuid,
) -> Result<Asked, DecideError> {
    let organization = permit.organization();
    ask::expire(sv, tx, organization).await?;
    let row = sqlx::query!(
        r#"
        select event_id, order_id is not null as "of_order!", request, preview, amount_minor, currency, state, asked_by
        from approvals
        where organization_id = $1 and id = $2
        for update
        "#,
        organization.get(),
        id
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(DecideError::NotFound)?;
    let event = EventId::new(row.event_id);
    if !permit.covers(event) {
        return Err(DecideError::NotFound);
    }
    let state: ApprovalState = coded("approvals", id, &row.state)?;
    if state != ApprovalState::Waiting {
        return Err(DecideError::Over);
    }
    Ok(Asked {
        id,
        organization,
        event,
        of_order: row.of_order,
        request: row.request,
        preview: row.preview,
        amount: money("approvals", id, row.amount_minor, &row.currency)?,
        by: UserId::new(row.asked_by),
    })
}

/// Does what was asked for, if it would still do what was shown. Otherwise the request is over, and has to be made anew.
#[tracing::instrument(skip_all, fields(approval.id = %id))]
pub async fn approve(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    id: Uuid,
) -> Result<(), DecideError> {
    let by = permit.actor().ok_or(DecideError::NotFound)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let asked = lock(sv, &mut tx, permit, id).await?;
    if asked.by == by {
        return Err(DecideError::SamePerson);
    }
    let done = if asked.of_order {
        refund(sv, &mut tx, permit, &asked).await?
    } else {
        refund_event(sv, &mut tx, &asked).await?
    };
    let state = if done {
        ApprovalState::Approved
    } else {
        ApprovalState::Overtaken
    };
    end(sv, &mut tx, &asked, (by, state), "").await?;
    tx.commit().await?;
    if done {
        Ok(())
    } else {
        Err(DecideError::Changed)
    }
}

/// A second person says no; or who asked takes it back.
pub async fn decline(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    id: Uuid,
    reason: &str,
) -> Result<(), DecideError> {
    let reason = line(reason, 3, 300).map_err(|fault| FieldErrors::one("reason", fault))?;
    let by = permit.actor().ok_or(DecideError::NotFound)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let asked = lock(sv, &mut tx, permit, id).await?;
    end(sv, &mut tx, &asked, (by, ApprovalState::Declined), &reason).await?;
    tx.commit().await?;
    Ok(())
}

/// `false`: it would do something else by now.
async fn refund(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    asked: &Asked,
) -> Result<bool, DecideError> {
    let broken = |e: serde_json::Error| Unexpected::bad_row("approvals", asked.id, e);
    let cmd: RefundOrder = serde_json::from_value(asked.request.clone()).map_err(broken)?;
    let shown: RefundPreview = serde_json::from_value(asked.preview.clone()).map_err(broken)?;
    match orders::refund_as_shown(sv, tx, permit, asked.by, &cmd, &shown).await {
        Ok(done) => Ok(done),
        Err(RefundError::Unexpected(e)) => Err(e.into()),
        Err(
            RefundError::NotFound
            | RefundError::TooLarge { .. }
            | RefundError::NotInSteps { .. }
            | RefundError::UnknownTicket
            | RefundError::Transition(_)
            | RefundError::NeedsApproval
            | RefundError::KeyConflict,
        ) => Ok(false),
    }
}

async fn refund_event(sv: &Services, tx: &mut Tx, asked: &Asked) -> Result<bool, DecideError> {
    let request: EventRequest = serde_json::from_value(asked.request.clone())
        .map_err(|e| Unexpected::bad_row("approvals", asked.id, e))?;
    let which = (asked.event, request.until);
    let now = orders::figures(tx, asked.organization, which, false).await?;
    let now = serde_json::to_value(now).map_err(|e| Unexpected::new("approval", e))?;
    if now != asked.preview {
        return Ok(false);
    }
    let run = NewRun {
        event: asked.event,
        cause: request.cause,
        reason: &request.reason,
        by: Some(asked.by),
        until: request.until,
    };
    Ok(orders::begin_run(sv, tx, asked.organization, &run)
        .await?
        .is_some())
}

/// The record names both: who asked, and who decided.
async fn end(
    sv: &Services,
    tx: &mut Tx,
    asked: &Asked,
    (by, state): (UserId, ApprovalState),
    reason: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update approvals set state = $3, decided_by = $4, decided_at = $5, decision_reason = $6
        where organization_id = $1 and id = $2
        "#,
        asked.organization.get(),
        asked.id,
        state.code(),
        by.get(),
        at(sv.now()) as _,
        reason
    )
    .execute(&mut **tx)
    .await?;
    let asker = sqlx::query_scalar!("select name from users where id = $1", asked.by.get())
        .fetch_optional(&mut **tx)
        .await?
        .unwrap_or_default();
    let entry = audit::Entry {
        actor: Some(by),
        organization: Some(asked.organization),
        action: match state {
            ApprovalState::Approved => "refund.approve",
            ApprovalState::Declined
            | ApprovalState::Overtaken
            | ApprovalState::Expired
            | ApprovalState::Waiting => "refund.decline",
        },
        subject_kind: "approval",
        subject: asked.id.to_string(),
        reason,
        before: None,
        after: Some(serde_json::json!({
            "amount": asked.amount, "asked_by": asker, "outcome": state.code(),
        })),
    };
    audit::append(sv, tx, entry).await?;
    mails::answer(sv, tx, asked, (by, state), reason).await
}
