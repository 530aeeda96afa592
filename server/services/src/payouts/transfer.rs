//! Sends a payout to the organizer's own account at the payment provider, out of what that keeps for the platform.
//!
//! First it is written down where it goes, then the provider is asked: from then on nobody can send or call it off in another
//! way, until it is known what has become of it.

use domain::{
    ids::{OrganizationId, PayoutId, UserId},
    ledger::Posting,
    money::Money,
    payouts::{PayoutState, PayoutTransitionError},
    when::shift,
};
use jiff::SignedDuration;

use crate::{
    Services, Unexpected, audit, connect,
    db::{Scope, Tx},
    ledger::{self, Cause},
    permit::{PlatformPermit, Proven},
    ports::{ConnectGateway, NewTransfer, PortError},
    rows::{at, coded, money},
};

/// How long an answer is waited for before the worker asks what has become of it.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);
/// What the provider says is shown to people; a longer reason is cut.
const LONGEST_REASON: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("no such payout")]
    NotFound,
    #[error(transparent)]
    Transition(#[from] PayoutTransitionError),
    /// The way on: by bank.
    #[error("the organization has no account there that takes money")]
    NoAccount,
    /// The way on: what it says, or by bank.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// Nobody knows whether the money left; the worker finds out, and pressing again does no harm.
    #[error("the provider does not answer")]
    Unknown,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl TransferError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Transition(_) => "payout_has_ended",
            Self::NoAccount => "payout_no_connected_account",
            Self::Refused(_) => "payout_transfer_refused",
            Self::Unknown => "payout_transfer_unknown",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Sends it; again is fine.
#[tracing::instrument(skip_all, fields(payout = %id))]
pub async fn send_by_provider(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    id: PayoutId,
) -> Result<(), TransferError> {
    let gateway = sv.payments.connect().ok_or(TransferError::NoAccount)?;
    let claimed = claim(sv, permit, id).await?;
    carry_out(sv, gateway, claimed).await
}

/// Finds out what has become of up to `limit` payouts that are being sent; returns how many.
pub async fn resume_transfers(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let Some(gateway) = sv.payments.connect() else {
        return Ok(0);
    };
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let ids = sqlx::query_scalar!(
        r#"
        update payouts set sending_at = $2
        where id in (
            select id from payouts where state = 'requested' and sending_to is not null and sending_at < $1
            order by sending_at, id
            limit $3
            for update skip locked
        )
        returning id
        "#,
        at(shift(now, -PATIENCE)) as _,
        at(now) as _,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let mut done = 0;
    for id in ids {
        let id = PayoutId::new(id);
        let mut tx = sv.db.begin(Scope::System).await?;
        let row = lock(&mut tx, id).await?;
        tx.commit().await?;
        let Some(sending) = row.and_then(Row::sending) else {
            continue;
        };
        match carry_out(sv, gateway, sending).await {
            Ok(()) | Err(TransferError::Refused(_)) => done += 1,
            Err(TransferError::Unexpected(e)) => return Err(e),
            Err(error) => {
                tracing::warn!(payout.id = %id, %error, "it is not known yet whether a payout was sent");
                return Ok(done);
            }
        }
    }
    Ok(done)
}

struct Row {
    id: PayoutId,
    organization: OrganizationId,
    number: i32,
    amount: Money,
    state: PayoutState,
    sending_to: Option<String>,
    attempt: i32,
    sending_by: Option<UserId>,
}

/// A payout that is being sent.
struct Sending {
    organization: OrganizationId,
    number: i32,
    by: Option<UserId>,
    transfer: NewTransfer,
    /// The provider may have heard of it.
    again: bool,
}

impl Row {
    fn sending(self) -> Option<Sending> {
        if self.state != PayoutState::Requested {
            return None;
        }
        Some(Sending {
            organization: self.organization,
            number: self.number,
            by: self.sending_by,
            transfer: NewTransfer {
                payout: self.id,
                attempt: u32::try_from(self.attempt).unwrap_or(1),
                account_ref: self.sending_to?,
                amount: self.amount,
                description: format!("Payout {}", self.number),
            },
            again: true,
        })
    }
}

async fn lock(tx: &mut Tx, id: PayoutId) -> Result<Option<Row>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select organization_id, number, amount_minor, currency, state, sending_to, sending_attempt, sending_by
        from payouts where id = $1 for update
        "#,
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Row {
            id,
            organization: row.organization_id.into(),
            number: row.number,
            amount: money("payouts", id, row.amount_minor, &row.currency)?,
            state: coded("payouts", id, &row.state)?,
            sending_to: row.sending_to,
            attempt: row.sending_attempt,
            sending_by: row.sending_by.map(UserId::new),
        })
    })
    .transpose()
}

/// Writes down where it goes, unless that stands there.
async fn claim(
    sv: &Services,
    permit: &PlatformPermit,
    id: PayoutId,
) -> Result<Sending, TransferError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let mut row = lock(&mut tx, id).await?.ok_or(TransferError::NotFound)?;
    row.state.send()?;
    let again = row.sending_to.is_some();
    if !again {
        let account = connect::payable_to(sv, &mut tx, row.organization)
            .await?
            .ok_or(TransferError::NoAccount)?;
        row.attempt = row.attempt.saturating_add(1);
        row.sending_by = Some(permit.actor());
        sqlx::query!(
            r#"
            update payouts set sending_to = $2, sending_at = $3, sending_attempt = $4, sending_by = $5, sending_failure = ''
            where id = $1
            "#,
            id.get(),
            account,
            at(sv.now()) as _,
            row.attempt,
            permit.actor().get()
        )
        .execute(&mut *tx)
        .await
        .map_err(Unexpected::from)?;
        row.sending_to = Some(account);
    }
    tx.commit().await?;
    let sending = row.sending().ok_or(TransferError::NoAccount)?;
    Ok(Sending { again, ..sending })
}

async fn carry_out(
    sv: &Services,
    gateway: &dyn ConnectGateway,
    sending: Sending,
) -> Result<(), TransferError> {
    let found = if sending.again {
        gateway.find_transfer(&sending.transfer).await
    } else {
        Ok(None)
    };
    let sent = match found {
        Ok(Some(reference)) => Ok(reference),
        Ok(None) => gateway.transfer(&sending.transfer).await,
        Err(e) => Err(e),
    };
    match sent {
        Ok(reference) => Ok(finish(sv, &sending, &reference).await?),
        Err(PortError::Refused(why)) => {
            let why: String = why.chars().take(LONGEST_REASON).collect();
            refused(sv, &sending, &why).await?;
            Err(TransferError::Refused(why))
        }
        Err(PortError::Unavailable(why)) => {
            tracing::warn!(why, "it is not known whether a payout was sent");
            Err(TransferError::Unknown)
        }
    }
}

/// The money has left what the provider keeps for the platform.
async fn finish(sv: &Services, sending: &Sending, reference: &str) -> Result<(), Unexpected> {
    let id = sending.transfer.payout;
    let amount = sending.transfer.amount;
    let mut tx = sv
        .db
        .begin(Scope::Organization(sending.organization))
        .await?;
    let Some(row) = lock(&mut tx, id).await? else {
        return Err(Unexpected::bad_row("payouts", id, "gone"));
    };
    // Somebody else had the same answer.
    let Ok(state) = row.state.send() else {
        return Ok(());
    };
    sqlx::query!(
        "update payouts set state = $2, ended_at = $3, ended_by = $4, reference = $5 where id = $1",
        id.get(),
        state.code(),
        at(sv.now()) as _,
        sending.by.map(UserId::get),
        reference
    )
    .execute(&mut *tx)
    .await?;
    let posting = Posting::payout_sent_by_provider(amount)
        .map_err(|e| Unexpected::bad_row("payouts", id, e))?;
    let cause = Cause::Payout { payout: id };
    ledger::post(sv, &mut tx, sending.organization, cause, &posting).await?;
    let entry = audit::Entry {
        actor: sending.by,
        organization: Some(sending.organization),
        action: "payout.send",
        subject_kind: "payout",
        subject: sending.number.to_string(),
        reason: reference,
        before: None,
        after: Some(serde_json::json!({
            "state": state.code(), "amount": amount, "by": sv.payments.provider(), "account": sending.transfer.account_ref,
        })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await
}

/// No money left: it can be sent in another way, or again when what is in the way is gone.
async fn refused(sv: &Services, sending: &Sending, why: &str) -> Result<(), Unexpected> {
    let mut tx = sv
        .db
        .begin(Scope::Organization(sending.organization))
        .await?;
    sqlx::query!(
        r#"
        update payouts set sending_to = null, sending_at = null, sending_by = null, sending_failure = $3
        where id = $1 and state = 'requested' and sending_attempt = $2
        "#,
        sending.transfer.payout.get(),
        i32::try_from(sending.transfer.attempt).unwrap_or(i32::MAX),
        why
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
