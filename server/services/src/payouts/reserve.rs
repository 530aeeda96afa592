//! What the platform keeps back of an organization's takings until its events are over.

use domain::{
    ids::OrganizationId,
    ledger::{LedgerError, Posting},
    money::{Currency, Money},
    payouts::Reserve,
    text::{Fault, FieldErrors},
};

use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::{at, count, small},
};

/// The share that is kept back, as the platform has set it.
pub async fn reserve(
    sv: &Services,
    permit: &PlatformPermit,
    organization: OrganizationId,
) -> Result<Option<Reserve>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let reserve = load(&mut tx, organization).await?;
    tx.commit().await?;
    Ok(reserve)
}

#[derive(Debug, thiserror::Error)]
pub enum SetReserveError {
    #[error("no such organization")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Counts from the next payout on. Fields: `percent`, `days_after`.
#[tracing::instrument(skip_all)]
pub async fn set_reserve(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    organization: OrganizationId,
    wanted: Reserve,
    reason: &str,
) -> Result<(), SetReserveError> {
    let mut errors = FieldErrors::new();
    if wanted.percent > 100 {
        errors.add("percent", Fault::TooLarge { max: 100 });
    }
    if wanted.days_after > 365 {
        errors.add("days_after", Fault::TooLarge { max: 365 });
    }
    errors.finish()?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let before = load(&mut tx, organization)
        .await?
        .ok_or(SetReserveError::NotFound)?;
    sqlx::query!(
        "update organizations set reserve_percent = $2, reserve_days_after = $3 where id = $1",
        organization.get(),
        small(wanted.percent.into()),
        small(wanted.days_after.into())
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(organization),
        action: "organization.reserve",
        subject_kind: "organization",
        subject: organization.to_string(),
        reason,
        before: Some(serde_json::json!(before)),
        after: Some(serde_json::json!(wanted)),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

async fn load(tx: &mut Tx, organization: OrganizationId) -> Result<Option<Reserve>, Unexpected> {
    let row = sqlx::query!(
        "select reserve_percent, reserve_days_after from organizations where id = $1",
        organization.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let of = |number: i16| count("organizations", organization, number);
        Ok(Reserve {
            percent: u8::try_from(of(row.reserve_percent)?).unwrap_or(100),
            days_after: u16::try_from(of(row.reserve_days_after)?).unwrap_or(365),
        })
    })
    .transpose()
}

/// By how much more has to be kept back than is; below zero when some of it is free again.
pub(crate) async fn adjustment(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    currency: Currency,
) -> Result<Money, Unexpected> {
    let reserve = load(tx, organization).await?.unwrap_or_default();
    let kept = sqlx::query_scalar!(
        r#"
        select coalesce(-sum(amount_minor), 0)::bigint as "kept!" from ledger_entries
        where organization_id = $1 and account = 'organizer_reserve' and currency = $2
        "#,
        organization.get(),
        currency.as_str()
    )
    .fetch_one(&mut **tx)
    .await?;
    let not_over = if reserve.percent == 0 {
        0
    } else {
        sqlx::query_scalar!(
            r#"
            select coalesce(-sum(e.amount_minor), 0)::bigint as "owed!"
            from events v
            join orders o on o.organization_id = v.organization_id and o.event_id = v.id
            join ledger_transactions t on t.order_id = o.id
            join ledger_entries e on e.transaction_id = t.id
            where v.organization_id = $1 and v.ends_at + make_interval(days => $3) > $4
              and e.account in ('organizer_payable', 'tax_collected') and e.currency = $2
            "#,
            organization.get(),
            currency.as_str(),
            i32::from(reserve.days_after),
            at(sv.now()) as _
        )
        .fetch_one(&mut **tx)
        .await?
    };
    let wanted = reserve
        .of(Money::new(not_over, currency))
        .map_err(|e| Unexpected::bad_row("organizations", organization, e))?;
    Ok(Money::new(wanted.minor.saturating_sub(kept), currency))
}

/// The booking for an adjustment; none where nothing changes.
pub(super) fn posting(adjustment: Money) -> Result<Option<Posting>, LedgerError> {
    match adjustment.minor {
        0 => Ok(None),
        1.. => Posting::reserve(adjustment).map(Some),
        _ => Posting::reserve_released(-adjustment).map(Some),
    }
}
