//! The platform corrects what it owes an organization: a mistake in the books is mended by another booking, with its reason.

use domain::{
    ids::OrganizationId,
    ledger::Posting,
    money::{Currency, Money},
    text::{Fault, FieldErrors, line},
};

use uuid::Uuid;

use super::{Cause, post};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::at,
};

/// More is not corrected in one go, in minor units: a slip of the finger, rather.
const MOST: i64 = 100_000_000;

#[derive(Debug, thiserror::Error)]
pub enum AdjustError {
    #[error("no such organization")]
    NotFound,
    #[error("something else was booked from the same form")]
    Booked,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl AdjustError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Booked => "adjustment_booked",
            Self::Fields(_) => "invalid",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Gives to the organization what is above zero, and takes what is below; it counts from the next payout on. Its people see it
/// with the reason. The form that asks has an `id` of its own: sent twice, it is booked once. Fields: `amount`, `currency`,
/// `reason`.
#[tracing::instrument(skip_all, fields(organization.id = %organization, adjustment = %id))]
pub async fn adjust(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    (organization, id): (OrganizationId, Uuid),
    (amount, currency): (&str, &str),
    reason: &str,
) -> Result<(), AdjustError> {
    let mut errors = FieldErrors::new();
    let currency = errors.field(
        "currency",
        currency
            .parse::<Currency>()
            .map_err(|_| Fault::UnknownChoice),
    );
    let amount = currency.and_then(|currency| errors.field("amount", read(amount, currency)));
    let reason = errors.field("reason", line(reason, 10, 300));
    errors.finish()?;
    let (Some(amount), Some(reason)) = (amount, reason) else {
        return Ok(());
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query_scalar!(
        "select id from organizations where id = $1 for key share",
        organization.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(AdjustError::NotFound)?;
    let made = sqlx::query!(
        r#"
        insert into adjustments (id, organization_id, amount_minor, currency, reason, made_by, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict on constraint adjustments_pkey do nothing
        "#,
        id,
        organization.get(),
        amount.minor,
        amount.currency.as_str(),
        reason,
        permit.actor().get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if made.rows_affected() == 0 {
        return booked_before(&mut tx, (organization, id), amount, &reason).await;
    }
    let posting =
        Posting::adjustment(amount).map_err(|e| Unexpected::bad_row("adjustments", id, e))?;
    let cause = Cause::Adjustment { adjustment: id };
    post(sv, &mut tx, organization, cause, &posting).await?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(organization),
        action: "organization.adjust",
        subject_kind: "organization",
        subject: organization.to_string(),
        reason: &reason,
        before: None,
        after: Some(serde_json::json!({ "amount": amount })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// The same form again is fine; another text in it would be taken for booked, and is not.
async fn booked_before(
    tx: &mut Tx,
    (organization, id): (OrganizationId, Uuid),
    amount: Money,
    reason: &str,
) -> Result<(), AdjustError> {
    let same = sqlx::query_scalar!(
        r#"
        select exists (select from adjustments
                       where id = $1 and organization_id = $2 and amount_minor = $3 and currency = $4 and reason = $5) as "same!"
        "#,
        id,
        organization.get(),
        amount.minor,
        amount.currency.as_str(),
        reason
    )
    .fetch_one(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    if same {
        Ok(())
    } else {
        Err(AdjustError::Booked)
    }
}

fn read(text: &str, currency: Currency) -> Result<Money, Fault> {
    let text = text.trim();
    let (sign, size) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if size.is_empty() {
        return Err(Fault::Required);
    }
    let size = Money::parse_major(size, currency)?;
    match size.minor {
        ..1 => Err(Fault::TooSmall { min: 1 }),
        1..=MOST => Ok(Money::new(sign * size.minor, currency)),
        _ => Err(Fault::TooLarge { max: MOST }),
    }
}
