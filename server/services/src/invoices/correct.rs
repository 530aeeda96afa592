//! Another recipient on the invoice of an order: the issued one stays as it is, a credit note takes it back, and a new
//! one takes its place.

use domain::{
    ids::{OrderId, OrganizationId},
    invoices::{Kind, credit, left},
};

use super::{
    MOST_PER_ORDER,
    made::{made, today},
    rows::{New, places, standing, write},
    unfitting,
};
use crate::{Services, Unexpected, db::Tx};

/// What became of a wish to correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Corrected {
    /// Nothing was issued yet, nothing is left of it, or it says the same.
    Unneeded,
    /// A credit note and a new invoice.
    Issued,
    /// It was corrected too often.
    TooOften,
}

/// Issues a corrected invoice if what the order says of its recipient differs from the issued one. The caller has taken
/// the turn, locked the order and written the new data.
pub(crate) async fn correct(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Corrected, Unexpected> {
    let Some(old) = standing(tx, organization, order).await? else {
        return Ok(Corrected::Unneeded);
    };
    let Some(made) = made(sv, tx, organization, &[order.get()]).await?.pop() else {
        return Ok(Corrected::Unneeded);
    };
    let rest = left(&old.document.lines, &old.gone).map_err(|e| unfitting(old.id, e))?;
    let (net, tax) = rest
        .iter()
        .fold((0, 0), |(net, tax), line| (net + line.0, tax + line.1));
    if made.document.buyer == old.document.buyer || net + tax == 0 {
        return Ok(Corrected::Unneeded);
    }
    if count(tx, organization, order).await? >= MOST_PER_ORDER {
        return Ok(Corrected::TooOften);
    }
    let lines = credit(&old.document.lines, &old.gone, (net + tax, tax))
        .map_err(|e| unfitting(old.id, e))?;
    let bare: Vec<_> = lines.iter().map(|(_, line)| line.clone()).collect();
    let mut note = old.with(bare.clone());
    note.issued_on = today(sv);
    let mut invoice = made.document;
    invoice.lines = bare;
    invoice.corrects = Some(old.reference());
    let new = |document, places| New {
        order,
        event: old.event,
        refund: None,
        dispute: None,
        corrects: Some(old.id),
        places,
        document,
    };
    let note = new(note, places(&lines));
    write(sv, tx, organization, Kind::CreditNote, vec![note]).await?;
    let invoice = new(invoice, Vec::new());
    write(sv, tx, organization, Kind::Invoice, vec![invoice]).await?;
    Ok(Corrected::Issued)
}

async fn count(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<i64, Unexpected> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!" from invoices i
        where organization_id = $1 and order_id = $2 and kind = 'invoice'
          -- What only cancels a credit note is no correction.
          and not exists (select from invoices n where n.id = i.corrects_id and n.kind = 'credit_note')
        "#,
        organization.get(),
        order.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(count)
}
