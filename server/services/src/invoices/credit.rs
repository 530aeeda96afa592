//! The credit note of a refund.

use domain::{
    ids::{OrderId, OrganizationId, RefundId},
    invoices::{Kind, credit as lines_back},
    ledger::Takings,
    money::Money,
};

use super::{
    made::today,
    rows::{New, places, standing, write},
    unbalanced, unfitting,
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
        select r.amount_minor, r.currency, o.total_minor, o.tax_minor,
               exists (select from invoices i where i.refund_id = r.id) as "done!",
               (select coalesce(sum(b.amount_minor), 0)::bigint from refunds b
                where b.order_id = o.id and not b.of_second_payment
                  and (b.created_at, b.id) < (r.created_at, r.id)) as "before!"
        from refunds r
        join orders o on o.id = r.order_id
        where r.organization_id = $1 and r.id = $2
        "#,
        organization.get(),
        refund.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.done {
        return Ok(true);
    }
    let Some(invoice) = standing(tx, organization, order).await? else {
        return Ok(false);
    };
    let amount = money("refunds", refund, row.amount_minor, &row.currency)?;
    let of = |minor| Money::new(minor, amount.currency);
    // The tax that goes back is the books' part of it: in the order of the promises, whichever note is issued first.
    let takings = Takings {
        total: of(row.total_minor),
        tax: of(row.tax_minor),
        fee: of(0),
    };
    let back = takings
        .back(of(row.before), amount)
        .map_err(|e| unbalanced(refund, e))?;
    let lines = lines_back(
        &invoice.document.lines,
        &invoice.gone,
        (amount.minor, back.tax.minor),
    )
    .map_err(|e| unfitting(invoice.id, e))?;
    let mut document = invoice.with(lines.iter().map(|(_, line)| line.clone()).collect());
    document.issued_on = today(sv);
    document.paid_on = Some(document.issued_on);
    let note = New {
        order,
        event: invoice.event,
        refund: Some(refund),
        corrects: Some(invoice.id),
        places: places(&lines),
        document,
    };
    write(sv, tx, organization, Kind::CreditNote, vec![note]).await?;
    Ok(true)
}
