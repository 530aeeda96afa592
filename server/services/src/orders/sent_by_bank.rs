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

/// Books it in the caller's transaction, once; whether it was waiting.
pub(crate) async fn sent_by_bank(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundId,
    reference: &str,
) -> Result<bool, Unexpected> {
    let Some(row) = lock_in(tx, organization, id).await? else {
        return Ok(false);
    };
    if row.state != RefundState::Pending {
        return Ok(false);
    }
    sqlx::query!(
        r#"
        update refunds set state = 'succeeded', provider_ref = $3, sent_at = $4, completed_at = $4
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
