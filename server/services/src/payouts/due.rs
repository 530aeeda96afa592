//! Payouts that the schedule asks for.

use domain::{ids::OrganizationId, money::Currency, payouts::Schedule};

use super::request::{RequestPayout, RequestPayoutError, request_in};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    rows::{at, coded},
};

/// Asks for everything that can be paid out of the next organization that is due, in each of its currencies; returns how
/// many organizations that were: none or one. Where there is no account, or nothing to pay, the next time is waited for.
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
    let schedule: Schedule = coded("organizations", due.id, &due.payout_schedule)?;
    sqlx::query!(
        "update organizations set payout_due_at = $2 where id = $1",
        due.id,
        schedule.next_after(sv.now()).map(at) as _
    )
    .execute(&mut *tx)
    .await?;
    if due.state == "active" {
        for currency in currencies(&mut tx, organization).await? {
            let cmd = RequestPayout {
                currency,
                amount: None,
            };
            match request_in(sv, &mut tx, organization, None, cmd).await {
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
    }
    tx.commit().await?;
    Ok(1)
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
