//! The platform corrects what it owes an organization: a mistake in the books is mended by another booking, with its reason.

use domain::{
    ids::OrganizationId,
    ledger::Posting,
    money::{Currency, Money},
    text::{Fault, FieldErrors, line},
};

use super::{Cause, post};
use crate::{
    Services, Unexpected, audit,
    permit::{PlatformPermit, Proven},
    rows::at,
};

/// More is not corrected in one go, in minor units: a slip of the finger, rather.
const MOST: i64 = 100_000_000;

#[derive(Debug, thiserror::Error)]
pub enum AdjustError {
    #[error("no such organization")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Gives to the organization what is above zero, and takes what is below; it counts from the next payout on. Its people see it
/// with the reason. Fields: `amount`, `currency`, `reason`.
#[tracing::instrument(skip_all, fields(organization.id = %organization))]
pub async fn adjust(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    organization: OrganizationId,
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
    let id = sv.new_id();
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query_scalar!(
        "select id from organizations where id = $1 for key share",
        organization.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(AdjustError::NotFound)?;
    sqlx::query!(
        r#"
        insert into adjustments (id, organization_id, amount_minor, currency, reason, made_by, made_at)
        values ($1, $2, $3, $4, $5, $6, $7)
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
