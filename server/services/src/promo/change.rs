//! A code is changed, paused, used again or removed.

use domain::{
    ids::PromoCodeId,
    promo::PromoState,
    text::{Fault, FieldErrors},
};

use super::form::{self, CodeForm};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{ManagePromoCodes, Permit},
    rows::{at, int},
};

#[derive(Debug, thiserror::Error)]
pub enum ChangeCodeError {
    #[error("no such code")]
    NotFound,
    /// Orders refer to it. The way on: pause it.
    #[error("the code was used")]
    WasUsed,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl ChangeCodeError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::WasUsed => "promo_was_used",
            Self::Fields(_) => "invalid",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// What a code is like under its lock.
struct Locked {
    code: String,
    state: PromoState,
    currency: String,
    used: i32,
    spent: i64,
    touched: bool,
}

async fn lock(
    tx: &mut Tx,
    permit: &Permit<ManagePromoCodes>,
    id: PromoCodeId,
) -> Result<Locked, ChangeCodeError> {
    let row = sqlx::query!(
        r#"
        select code, state, currency, used, spent_minor,
               exists (select from promo_uses u where u.promo_code_id = c.id) as "touched!"
        from promo_codes c
        where c.organization_id = $1 and c.id = $2
        for update of c
        "#,
        permit.organization().get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(ChangeCodeError::NotFound)?;
    Ok(Locked {
        state: crate::rows::coded("promo_codes", id, &row.state)?,
        code: row.code,
        currency: row.currency,
        used: row.used,
        spent: row.spent_minor,
        touched: row.touched,
    })
}

/// Changes everything but the code itself. What was promised to those who have it already stays promised. Limits cannot go
/// below what was used; once somebody had it, its currency stays.
#[tracing::instrument(skip_all)]
pub async fn change(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    id: PromoCodeId,
    cmd: &CodeForm,
) -> Result<(), ChangeCodeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = form::about(&mut tx, permit.organization(), cmd).await?;
    let locked = lock(&mut tx, permit, id).await?;
    let mut errors = FieldErrors::new();
    let read = about.rest(cmd, &mut errors);
    if let Some(new) = &read {
        if new.max_uses.is_some_and(|most| int(most) < locked.used) {
            errors.add(
                "max_uses",
                Fault::TooSmall {
                    min: i64::from(locked.used),
                },
            );
        }
        if let Some(budget) = new.budget.filter(|budget| budget.minor < locked.spent) {
            let spent = domain::money::Money {
                minor: locked.spent,
                ..budget
            };
            // In whole units, rounded up: that much is needed.
            let unit = 10_i64.pow(u32::from(spent.currency.exponent()));
            let min = spent.minor.saturating_add(unit - 1) / unit;
            errors.add("budget", Fault::TooSmall { min });
        }
        if locked.touched && new.currency.as_str() != locked.currency {
            errors.add("currency", Fault::UnknownChoice);
        }
    }
    errors.finish()?;
    let new = read.ok_or_else(|| FieldErrors::one("value", Fault::Required))?;
    let (percent, amount) = new.columns();
    sqlx::query!(
        r#"
        update promo_codes
        set event_id = $3, name = $4, kind = $5, percent_bp = $6, amount_minor = $7, currency = $8, ticket_types = $9,
            valid_from = $10, valid_until = $11, max_uses = $12, max_per_customer = $13, budget_minor = $14
        where organization_id = $1 and id = $2
        "#,
        permit.organization().get(),
        id.get(),
        new.event.map(domain::ids::EventId::get),
        new.name,
        new.kind.code(),
        percent,
        amount,
        new.currency.as_str(),
        new.ticket_types.as_deref(),
        new.from.map(at) as _,
        new.until.map(at) as _,
        new.max_uses.map(int),
        new.max_per_customer.map(int),
        new.budget.map(|budget| budget.minor)
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let told = (None, Some(new.told()));
    record(sv, &mut tx, permit, "promo.change", locked.code, told).await?;
    tx.commit().await?;
    Ok(())
}

/// Nobody can use it until it is resumed; those who have it in their basket keep it.
pub async fn set_state(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    id: PromoCodeId,
    state: PromoState,
) -> Result<(), ChangeCodeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock(&mut tx, permit, id).await?;
    if locked.state == state {
        return Ok(());
    }
    sqlx::query!(
        "update promo_codes set state = $3 where organization_id = $1 and id = $2",
        permit.organization().get(),
        id.get(),
        state.code()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let action = match state {
        PromoState::Active => "promo.resume",
        PromoState::Paused => "promo.pause",
    };
    record(sv, &mut tx, permit, action, locked.code, (None, None)).await?;
    tx.commit().await?;
    Ok(())
}

/// Only while nobody ever had it.
pub async fn remove(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    id: PromoCodeId,
) -> Result<(), ChangeCodeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock(&mut tx, permit, id).await?;
    if locked.touched {
        return Err(ChangeCodeError::WasUsed);
    }
    sqlx::query!(
        "delete from promo_codes where organization_id = $1 and id = $2",
        permit.organization().get(),
        id.get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    record(
        sv,
        &mut tx,
        permit,
        "promo.remove",
        locked.code,
        (None, None),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

async fn record(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManagePromoCodes>,
    action: &'static str,
    subject: String,
    (before, after): (Option<serde_json::Value>, Option<serde_json::Value>),
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action,
        subject_kind: "promo_code",
        subject,
        reason: "",
        before,
        after,
    };
    audit::append(sv, tx, entry).await
}
