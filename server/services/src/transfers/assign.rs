//! Somebody looks at a credit that settles nothing by itself: says which order it is for, or that it was sent back.

use domain::{
    ids::{OrderCode, PaymentId},
    money::Money,
    payments::PaymentState,
    text::{Fault, FieldErrors, line},
    transfers::PROVIDER,
};
use uuid::Uuid;

use super::apply;
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::{at, money},
};

#[derive(Debug, Clone)]
pub struct AssignLine {
    pub line: Uuid,
    /// Of the order.
    pub code: String,
}

#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    #[error("no such line that waits")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// It waits for no transfer, or another credit has paid it.
    #[error("no transfer is waited for")]
    NotWaiting,
    #[error("less than is due")]
    TooLittle { due: Money },
    #[error("another currency than is due")]
    WrongCurrency,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl AssignError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Fields(_) => "invalid",
            Self::NotWaiting => "transfer_not_waiting",
            Self::TooLittle { .. } => "transfer_too_little",
            Self::WrongCurrency => "transfer_wrong_currency",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// The credit pays this order. What is more than due stays on the list until it is sent back.
#[tracing::instrument(skip_all, fields(line = %cmd.line))]
pub async fn assign(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    cmd: AssignLine,
) -> Result<(), AssignError> {
    let code: OrderCode = cmd
        .code
        .parse()
        .map_err(|_| FieldErrors::one("code", Fault::UnknownChoice))?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let (payment, due, state) = payment(&mut tx, code)
        .await?
        .ok_or(AssignError::NotWaiting)?;
    let row = lock(&mut tx, cmd.line).await?;
    let row = row
        .filter(|row| row.state == "open")
        .ok_or(AssignError::NotFound)?;
    if matches!(state, PaymentState::Succeeded | PaymentState::Refunded) {
        return Err(AssignError::NotWaiting);
    }
    if row.amount.currency != due.currency {
        return Err(AssignError::WrongCurrency);
    }
    let surplus = row.amount.minor - due.minor;
    if surplus < 0 {
        return Err(AssignError::TooLittle { due });
    }
    sqlx::query!(
        r#"
        update bank_lines set state = 'assigned', payment_id = $2, surplus_minor = $3::bigint, ended_by = $4,
                              ended_at = case when $3::bigint = 0 then $5::timestamptz end
        where id = $1
        "#,
        cmd.line,
        payment.get(),
        surplus,
        permit.actor().get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    record(sv, &mut tx, permit, "transfers.assign", &row, code.as_str()).await?;
    tx.commit().await?;
    // Now, if it can be; else by the worker.
    if let Err(e) = apply::apply_due(sv, apply::AT_ONCE).await {
        tracing::warn!(error = %e, "a credit waits for the worker");
    }
    Ok(())
}

/// The money, or what was too much of it, has left the account again.
#[tracing::instrument(skip_all, fields(%line_id))]
pub async fn send_back(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    line_id: Uuid,
    note: &str,
) -> Result<(), AssignError> {
    let mut errors = FieldErrors::new();
    let note = errors.field("note", line(note, 1, 140)).unwrap_or_default();
    errors.finish()?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = lock(&mut tx, line_id).await?.ok_or(AssignError::NotFound)?;
    let waits = row.state == "open" || (row.surplus > 0 && !row.ended);
    if !waits {
        return Err(AssignError::NotFound);
    }
    sqlx::query!(
        r#"
        update bank_lines set state = case when state = 'open' then 'returned' else state end, note = $2, ended_at = $3,
                              ended_by = $4
        where id = $1
        "#,
        line_id,
        note,
        at(sv.now()) as _,
        permit.actor().get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    record(sv, &mut tx, permit, "transfers.send_back", &row, &note).await?;
    tx.commit().await?;
    Ok(())
}

struct Locked {
    id: Uuid,
    state: String,
    amount: Money,
    surplus: i64,
    ended: bool,
}

async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Locked>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select state, amount_minor, currency, surplus_minor, ended_at is not null as "ended!"
        from bank_lines where id = $1 and amount_minor > 0 for update
        "#,
        id
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Locked {
            id,
            state: row.state,
            amount: money("bank_lines", id, row.amount_minor, &row.currency)?,
            surplus: row.surplus_minor,
            ended: row.ended,
        })
    })
    .transpose()
}

/// The transfer that an order waits for, under lock.
async fn payment(
    tx: &mut Tx,
    code: OrderCode,
) -> Result<Option<(PaymentId, Money, PaymentState)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select p.id, p.amount_minor, p.currency, p.state,
               exists (select from bank_lines l where l.payment_id = p.id and l.state in ('matched', 'assigned')) as "settled!"
        from payments p
        join orders o on o.id = p.order_id
        where p.provider = $1 and o.code = $2
        for update of p
        "#,
        PROVIDER,
        code.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let due = money("payments", row.id, row.amount_minor, &row.currency)?;
        let state = match row.state.as_str() {
            "refunded" => PaymentState::Refunded,
            "succeeded" => PaymentState::Succeeded,
            _ if row.settled => PaymentState::Succeeded,
            _ => PaymentState::Created,
        };
        Ok((PaymentId::new(row.id), due, state))
    })
    .transpose()
}

async fn record(
    sv: &Services,
    tx: &mut Tx,
    permit: &PlatformPermit,
    action: &'static str,
    row: &Locked,
    reason: &str,
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action,
        subject_kind: "bank_line",
        subject: row.id.to_string(),
        reason,
        before: None,
        after: Some(serde_json::json!({ "amount": row.amount })),
    };
    audit::append(sv, tx, entry).await
}
