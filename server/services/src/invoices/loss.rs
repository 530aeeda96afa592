//! The credit note of a lost dispute, and the invoice that cancels it when the bank gives the money back after all.

use domain::{
    ids::{DisputeId, OrderId, OrganizationId},
    invoices::{Kind, Reference, credit},
    money::Money,
};

use super::{
    issue::issue,
    made::today,
    read,
    rows::{New, places, standing, write},
    unfitting,
};
use crate::{Services, Unexpected, db::Tx};

/// Takes back of an order's invoice what was not received in the end; the tax in it is what the books have taken back. `name`
/// is what the provider calls the dispute. The caller has taken the turn and locked the order.
pub(crate) async fn credit_loss(
    sv: &Services,
    tx: &mut Tx,
    (organization, order): (OrganizationId, OrderId),
    (dispute, name): (DisputeId, &str),
    amount: Money,
) -> Result<(), Unexpected> {
    issue(sv, tx, organization, &[order.get()]).await?;
    let Some(invoice) = standing(tx, organization, order).await? else {
        return Ok(());
    };
    let tax = tax_back(tx, organization, (dispute, order)).await?;
    let lines = credit(&invoice.document.lines, &invoice.gone, (amount.minor, tax))
        .map_err(|e| unfitting(invoice.id, e))?;
    let mut document = invoice.with(lines.iter().map(|(_, line)| line.clone()).collect());
    document.issued_on = today(sv);
    document.paid_on = Some(document.issued_on);
    name.clone_into(&mut document.dispute);
    let note = New {
        order,
        event: invoice.event,
        refund: None,
        dispute: Some(dispute),
        corrects: Some(invoice.id),
        places: places(&lines),
        document,
    };
    write(sv, tx, organization, Kind::CreditNote, vec![note]).await?;
    Ok(())
}

/// Cancels that note, if there is one.
pub(crate) async fn undo_loss(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (dispute, order): (DisputeId, OrderId),
) -> Result<(), Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, event_id as "event_id!", document from invoices
        where organization_id = $1 and dispute_id = $2 and order_id = $3 and kind = 'credit_note'
        "#,
        organization.get(),
        dispute.get(),
        order.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let note = read(row.id, row.document)?;
    let mut document = note.clone();
    document.corrects = Some(Reference {
        number: note.number,
        issued_on: note.issued_on,
    });
    document.issued_on = today(sv);
    document.paid_on = Some(document.issued_on);
    let invoice = New {
        order,
        event: domain::ids::EventId::new(row.event_id),
        refund: None,
        dispute: Some(dispute),
        corrects: Some(row.id),
        places: Vec::new(),
        document,
    };
    write(sv, tx, organization, Kind::Invoice, vec![invoice]).await?;
    Ok(())
}

/// What of an order's tax the books have taken back for a dispute.
pub(crate) async fn tax_back(
    tx: &mut Tx,
    organization: OrganizationId,
    (dispute, order): (DisputeId, OrderId),
) -> Result<i64, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select coalesce(sum(e.amount_minor), 0)::bigint as "tax!"
        from ledger_transactions t
        join ledger_entries e on e.transaction_id = t.id and e.account = 'tax_collected'
        where t.organization_id = $1 and t.dispute_id = $2 and t.order_id = $3
        "#,
        organization.get(),
        dispute.get(),
        order.get()
    )
    .fetch_one(&mut **tx)
    .await?)
}
