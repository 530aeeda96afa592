//! The platform sends a payout, or calls it off.

use domain::{
    ids::PayoutId,
    ledger::{Place, Posting},
    money::Money,
    payouts::{PayoutState, PayoutTransitionError},
    text::{FieldErrors, line},
};

use crate::{
    Services, Unexpected, audit,
    db::Tx,
    ledger::{self, Cause},
    permit::{PlatformPermit, Proven},
    rows::{at, coded, money},
};

#[derive(Debug, Clone)]
pub struct EndPayout {
    pub payout: PayoutId,
    /// What the bank calls the transfer, or why it is called off or came back; the organization sees it.
    pub reference: String,
}

#[derive(Debug, thiserror::Error)]
pub enum EndPayoutError {
    #[error("no such payout")]
    NotFound,
    #[error(transparent)]
    Transition(#[from] PayoutTransitionError),
    /// The way on: wait until it is known whether the provider has sent it.
    #[error("the provider is sending it")]
    BeingSent,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl EndPayoutError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Transition(_) => "payout_has_ended",
            Self::BeingSent => "payout_being_sent",
            Self::Fields(_) => "invalid",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// The money has left the platform's bank account.
#[tracing::instrument(skip_all, fields(payout = %cmd.payout))]
pub async fn send(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    cmd: EndPayout,
) -> Result<(), EndPayoutError> {
    end(sv, permit, cmd, PayoutState::send, Posting::payout_sent).await
}

/// The money stays, and can be asked for again.
#[tracing::instrument(skip_all, fields(payout = %cmd.payout))]
pub async fn call_off(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    cmd: EndPayout,
) -> Result<(), EndPayoutError> {
    end(
        sv,
        permit,
        cmd,
        PayoutState::call_off,
        Posting::payout_called_off,
    )
    .await
}

/// The bank gave a payout back: it is owed to the organizer again. Nobody pays it out anew by itself to an account that does not
/// take it; the schedule does.
#[tracing::instrument(skip_all, fields(payout = %cmd.payout))]
pub async fn came_back(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    cmd: EndPayout,
) -> Result<(), EndPayoutError> {
    let mut errors = FieldErrors::new();
    let reason = errors.field("reference", line(&cmd.reference, 1, 140));
    errors.finish()?;
    let reason = reason.unwrap_or_default();
    let id = cmd.payout;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = lock(&mut tx, id).await?.ok_or(EndPayoutError::NotFound)?;
    let state = row.state.come_back()?;
    sqlx::query!(
        "update payouts set state = $2, returned_at = $3, returned_reason = $4 where id = $1",
        id.get(),
        state.code(),
        at(sv.now()) as _,
        reason
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    // Where it was sent from, it is again.
    let place = if row.being_sent {
        Place::Provider
    } else {
        Place::Bank
    };
    let posting = Posting::payout_back_to(place, row.amount)
        .map_err(|e| Unexpected::bad_row("payouts", id, e))?;
    let cause = Cause::Payout { payout: id };
    ledger::post(sv, &mut tx, row.organization, cause, &posting).await?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(row.organization),
        action: "payout.come_back",
        subject_kind: "payout",
        subject: row.number.to_string(),
        reason: &reason,
        before: None,
        after: Some(serde_json::json!({ "state": state.code(), "amount": row.amount })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

async fn end(
    sv: &Services,
    permit: &PlatformPermit,
    cmd: EndPayout,
    step: fn(PayoutState) -> Result<PayoutState, PayoutTransitionError>,
    booking: fn(Money) -> Result<Posting, domain::ledger::LedgerError>,
) -> Result<(), EndPayoutError> {
    let mut errors = FieldErrors::new();
    let reference = errors.field("reference", line(&cmd.reference, 1, 140));
    errors.finish()?;
    let reference = reference.unwrap_or_default();
    let id = cmd.payout;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = lock(&mut tx, id).await?.ok_or(EndPayoutError::NotFound)?;
    let state = step(row.state)?;
    if row.being_sent {
        return Err(EndPayoutError::BeingSent);
    }
    sqlx::query!(
        "update payouts set state = $2, ended_at = $3, ended_by = $4, reference = $5 where id = $1",
        id.get(),
        state.code(),
        at(sv.now()) as _,
        permit.actor().get(),
        reference
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let posting = booking(row.amount).map_err(|e| Unexpected::bad_row("payouts", id, e))?;
    let cause = Cause::Payout { payout: id };
    ledger::post(sv, &mut tx, row.organization, cause, &posting).await?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(row.organization),
        action: match state {
            PayoutState::CalledOff => "payout.call_off",
            PayoutState::Requested | PayoutState::Sent | PayoutState::Returned => "payout.send",
        },
        subject_kind: "payout",
        subject: row.number.to_string(),
        reason: &reference,
        before: None,
        after: Some(serde_json::json!({ "state": state.code(), "amount": row.amount })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

struct Locked {
    organization: domain::ids::OrganizationId,
    number: i32,
    amount: Money,
    state: PayoutState,
    /// By the provider; once it is sent, it was sent so.
    being_sent: bool,
}

async fn lock(tx: &mut Tx, id: PayoutId) -> Result<Option<Locked>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select organization_id, number, amount_minor, currency, state, sending_to is not null as "being_sent!"
        from payouts where id = $1 for update
        "#,
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Locked {
            organization: row.organization_id.into(),
            number: row.number,
            amount: money("payouts", id, row.amount_minor, &row.currency)?,
            state: coded("payouts", id, &row.state)?,
            being_sent: row.being_sent,
        })
    })
    .transpose()
}
