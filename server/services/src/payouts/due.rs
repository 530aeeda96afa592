//! Payouts that the schedule asks for.

use domain::{ids::OrganizationId, money::Currency, payouts::Schedule, when::shift};
use jiff::SignedDuration;

use super::request::{RequestPayout, RequestPayoutError, request_in};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    rows::{at, coded},
};

/// How long an organization is left alone whose payout could not be asked for.
const PUT_OFF: SignedDuration = SignedDuration::from_hours(1);

/// Asks for everything that can be paid out of the next organization that is due, in each of its currencies; returns how
/// many organizations that were: none or one. Where there is no account, or nothing to pay, the next time is waited for. One whose
/// payout cannot be asked for is put off, so that those behind it have their turn.
#[tracing::instrument(skip_all)]
pub async fn request_due(sv: &Services) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    let due = sqlx::query!(
        r#"
        select id, payout_schedule, state from organizations
        where payout_due_at <= $1
        order by payout_due_at
        limit 1
        for no key update skip locked
        "#,
        at(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(due) = due else { return Ok(0) };
    let organization = OrganizationId::new(due.id);
    let asked = ask(
        sv,
        &mut tx,
        organization,
        (&due.payout_schedule, &due.state),
    )
    .await;
    match asked {
        Ok(()) => tx.commit().await?,
        // The database is not there or others stand in the way: it comes again by itself.
        Err(e) if e.retry_after.is_some() => return Err(e),
        Err(error) => {
            drop(tx);
            tracing::error!(%organization, %error, "a payout that is due cannot be asked for: look at it");
            put_off(sv, organization).await?;
        }
    }
    Ok(1)
}

async fn ask(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (schedule, state): (&str, &str),
) -> Result<(), Unexpected> {
    let schedule: Schedule = coded("organizations", organization, schedule)?;
    sqlx::query!(
        "update organizations set payout_due_at = $2 where id = $1",
        organization.get(),
        schedule.next_after(sv.now()).map(at) as _
    )
    .execute(&mut **tx)
    .await?;
    if state != "active" {
        return Ok(());
    }
    for currency in currencies(tx, organization).await? {
        let cmd = RequestPayout {
            currency,
            amount: None,
        };
        match request_in(sv, tx, organization, None, cmd).await {
            Ok(number) => tracing::info!(%organization, number, %currency, "payout is due"),
            Err(RequestPayoutError::Unexpected(e)) => return Err(e),
            // None of them has written anything.
            Err(
                why @ (RequestPayoutError::NoAccount
                | RequestPayoutError::OneIsOpen
                | RequestPayoutError::Nothing
                | RequestPayoutError::TooMuch { .. }
                | RequestPayoutError::NotPositive),
            ) => tracing::info!(%organization, %currency, %why, "no payout"),
        }
    }
    Ok(())
}

async fn put_off(sv: &Services, organization: OrganizationId) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "update organizations set payout_due_at = $2 where id = $1 and payout_due_at <= $3",
        organization.get(),
        at(shift(sv.now(), PUT_OFF)) as _,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

async fn currencies(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Vec<Currency>, Unexpected> {
    let codes = sqlx::query_scalar!(
        r#"
        select distinct currency from ledger_entries
        where organization_id = $1 and account in ('organizer_payable', 'tax_collected')
        order by currency
        "#,
        organization.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    codes
        .iter()
        .map(|code| coded("ledger_entries", organization, code))
        .collect()
}
