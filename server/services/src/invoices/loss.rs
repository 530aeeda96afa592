//! The credit note of a lost dispute, and the invoice that cancels it when the bank gives the money back after all.

use domain::{
    ids::{DisputeId, EventId, OrderId, OrganizationId},
    invoices::{CreditError, Kind, Line, Reference, credit, group, left},
    money::Money,
};

use super::{
    issue::issue,
    made::{made, today},
    read,
    rows::{New, Standing, places, standing, write},
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

/// Takes that note back, if there is one: an invoice cancels it. Where the invoice of the note was replaced meanwhile, the one that
/// stands covers only what the note had left of it; one invoice over both takes its place, or later refunds would find too little
/// to credit.
pub(crate) async fn undo_loss(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (dispute, order): (DisputeId, OrderId),
) -> Result<(), Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, event_id as "event_id!", corrects_id, document from invoices
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
    let stands = standing(tx, organization, order).await?;
    if let Some(stands) = stands.filter(|stands| row.corrects_id != Some(stands.id)) {
        return unite(
            sv,
            tx,
            (organization, order),
            dispute,
            (&stands, note.lines),
        )
        .await;
    }
    let mut document = note.clone();
    document.corrects = Some(Reference {
        number: note.number,
        issued_on: note.issued_on,
    });
    document.issued_on = today(sv);
    document.paid_on = Some(document.issued_on);
    let invoice = New {
        order,
        event: EventId::new(row.event_id),
        refund: None,
        dispute: Some(dispute),
        corrects: Some(row.id),
        places: Vec::new(),
        document,
    };
    write(sv, tx, organization, Kind::Invoice, vec![invoice]).await?;
    Ok(())
}

/// Credits what is left of the invoice that stands, and issues one to the buyer of today over that and over `again`.
async fn unite(
    sv: &Services,
    tx: &mut Tx,
    (organization, order): (OrganizationId, OrderId),
    dispute: DisputeId,
    (stands, again): (&Standing, Vec<Line>),
) -> Result<(), Unexpected> {
    let Some(made) = made(sv, tx, organization, &[order.get()]).await?.pop() else {
        return Ok(());
    };
    let new = |dispute, places, document| New {
        order,
        event: stands.event,
        refund: None,
        dispute,
        corrects: Some(stands.id),
        places,
        document,
    };
    let rest = rest(stands).map_err(|e| unfitting(stands.id, e))?;
    let mut lines: Vec<Line> = rest.iter().map(|(_, line)| line.clone()).collect();
    if !rest.is_empty() {
        let mut note = stands.with(lines.clone());
        note.issued_on = today(sv);
        let note = new(None, places(&rest), note);
        write(sv, tx, organization, Kind::CreditNote, vec![note]).await?;
    }
    lines.extend(again);
    let mut document = made.document;
    // All of it is there again: the lines as they were sold.
    if group(&lines).ok() != group(&document.lines).ok() {
        document.lines = lines;
    }
    document.corrects = Some(stands.reference());
    let invoice = new(Some(dispute), Vec::new(), document);
    write(sv, tx, organization, Kind::Invoice, vec![invoice]).await?;
    Ok(())
}

/// All that is left of an invoice, as the lines of a credit note.
fn rest(stands: &Standing) -> Result<Vec<(usize, Line)>, CreditError> {
    let left = left(&stands.document.lines, &stands.gone)?;
    let (net, tax) = left
        .iter()
        .fold((0, 0), |(net, tax), line| (net + line.0, tax + line.1));
    if net + tax == 0 {
        return Ok(Vec::new());
    }
    credit(&stands.document.lines, &stands.gone, (net + tax, tax))
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
