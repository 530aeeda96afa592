//! The credit note of a refund.

use domain::{
    ids::{OrderId, OrganizationId, RefundId},
    invoices::{Kind, credit as lines_back},
};

use super::{
    made::today,
    rows::{New, places, standing, write},
    unfitting,
};
use crate::{Services, Unexpected, db::Tx, rows::money};

/// Issues the note of a refund; one that has its note keeps it. `false` while the order's invoice is still to come.
pub(super) async fn credit(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (order, refund): (OrderId, RefundId),
) -> Result<bool, Unexpected> {
    let row = sqlx::query!(
        r#"
        select r.amount_minor, r.currency, r.state = 'succeeded' as "gone!",
               exists (select from invoices i where i.refund_id = r.id) as "done!",
               (select coalesce(sum(e.amount_minor), 0)::bigint
                from ledger_transactions t
                join ledger_entries e on e.transaction_id = t.id and e.account = 'tax_collected'
                where t.order_id = r.order_id and t.refund_id = r.id and t.kind in ('refund', 'exchange')) as "tax!"
        from refunds r
        where r.organization_id = $1 and r.id = $2
        "#,
        organization.get(),
        refund.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    // Whatever hears that the money has gone back asks for the note again.
    if row.done || !row.gone {
        return Ok(true);
    }
    let Some(invoice) = standing(tx, organization, order).await? else {
        return Ok(false);
    };
    let amount = money("refunds", refund, row.amount_minor, &row.currency)?;
    // The tax that goes back is what the books took back with the promise.
    let lines = lines_back(
        &invoice.document.lines,
        &invoice.gone,
        (amount.minor, row.tax),
    )
    .map_err(|e| unfitting(invoice.id, e))?;
    let mut document = invoice.with(lines.iter().map(|(_, line)| line.clone()).collect());
    document.issued_on = today(sv);
    document.paid_on = Some(document.issued_on);
    let note = New {
        order,
        event: invoice.event,
        refund: Some(refund),
        dispute: None,
        corrects: Some(invoice.id),
        places: places(&lines),
        document,
    };
    write(sv, tx, organization, Kind::CreditNote, vec![note]).await?;
    Ok(true)
}
