//! A refund that no provider sends has left the platform's bank account.

use domain::{
    ids::{OrganizationId, RefundId},
    ledger::{Place, Posting},
    payments::RefundState,
};

use super::refund_told::lock_in;
use crate::{
    Services, Unexpected,
    db::Tx,
    invoices,
    ledger::{self, Cause},
    live,
    rows::at,
};

/// Books it in the caller's transaction, once; whether it was in one of these states. Of one that had failed it is a try of its own:
/// what is still said of the one before is not about this money.
pub(crate) async fn sent_by_bank(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundId,
    (reference, from): (&str, &[RefundState]),
) -> Result<bool, Unexpected> {
    let Some(row) = lock_in(tx, organization, id).await? else {
        return Ok(false);
    };
    if row.state == RefundState::Succeeded || !from.contains(&row.state) {
        return Ok(false);
    }
    sqlx::query!(
        r#"
        update refunds set state = 'succeeded', provider_ref = $3, sent_at = $4, completed_at = $4, failure_reason = '',
                           by_bank = true, taken_at = null, taken_by = null, attempt = attempt + case when state = 'failed' then 1 else 0 end
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        id.get(),
        reference,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    let posting = Posting::refund_sent_from(Place::Bank, row.amount)
        .map_err(|e| Unexpected::bad_row("refunds", id, e))?;
    let cause = Cause::Refund {
        order: row.order,
        refund: id,
    };
    ledger::post(sv, tx, organization, cause, &posting).await?;
    invoices::expect(sv, tx, &[], &[id.get()]).await?;
    live::announce(tx, row.event).await?;
    Ok(true)
}

/// The bank gave it back: it is owed to the buyer again. In the caller's transaction, once; whether it had left by bank.
pub(crate) async fn back_at_bank(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundId,
    reason: &str,
) -> Result<bool, Unexpected> {
    let Some(row) = lock_in(tx, organization, id).await? else {
        return Ok(false);
    };
    let back = sqlx::query!(
        r#"
        update refunds r set state = 'failed', failure_reason = $3, completed_at = $4
        from payments p
        where r.organization_id = $1 and r.id = $2 and r.state = 'succeeded' and r.exchanged_to is null and p.id = r.payment_id
          and (r.by_bank or p.provider = 'transfer')
        "#,
        organization.get(),
        id.get(),
        reason,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    if back.rows_affected() == 0 {
        return Ok(false);
    }
    let posting = Posting::refund_back_to(Place::Bank, row.amount)
        .map_err(|e| Unexpected::bad_row("refunds", id, e))?;
    let cause = Cause::Refund {
        order: row.order,
        refund: id,
    };
    ledger::post(sv, tx, organization, cause, &posting).await?;
    live::announce(tx, row.event).await?;
    Ok(true)
}
