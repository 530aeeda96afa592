//! How documents are written down and read.

use domain::{
    ids::{DisputeId, EventId, OrderId, OrganizationId, RefundId},
    invoices::{Credited, Document, Kind, Line, Reference},
};
use serde_json::Value;
use uuid::Uuid;

use super::{number::draw, read};
use crate::{Services, Unexpected, db::Tx, rows::at};

/// A document that gets a number and is written down.
pub(super) struct New {
    pub order: OrderId,
    pub event: EventId,
    pub refund: Option<RefundId>,
    /// The lost dispute that it is about.
    pub dispute: Option<DisputeId>,
    pub corrects: Option<Uuid>,
    pub places: Vec<i32>,
    pub document: Document,
}

/// Gives numbers to documents of one kind in their order and writes them; their ids.
pub(super) async fn write(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    kind: Kind,
    documents: Vec<New>,
) -> Result<Vec<(Uuid, Document)>, Unexpected> {
    let Some(first) = documents.first() else {
        return Ok(Vec::new());
    };
    let many = i64::try_from(documents.len()).unwrap_or(i64::MAX);
    let on = first.document.issued_on;
    let drawn = draw(tx, organization, kind, on, many).await?;
    let mut written = Vec::with_capacity(documents.len());
    for (n, mut new) in (drawn.first..).zip(documents) {
        new.document.kind = kind;
        new.document.number = drawn.series.number(n).to_string();
        let id = sv.new_id();
        insert(sv, tx, (organization, id), &new, (&drawn.series, n)).await?;
        written.push((id, new.document));
    }
    Ok(written)
}

async fn insert(
    sv: &Services,
    tx: &mut Tx,
    (organization, id): (OrganizationId, Uuid),
    new: &New,
    (series, n): (&domain::invoices::Series, i64),
) -> Result<(), Unexpected> {
    let document = &new.document;
    let totals = document
        .totals()
        .map_err(|e| Unexpected::bad_row("orders", new.order, e))?;
    let text = serde_json::to_value(document).map_err(|e| Unexpected::new("document", e))?;
    sqlx::query!(
        r#"
        insert into invoices (id, organization_id, event_id, order_id, kind, number, prefix, year, n, refund_id,
                              corrects_id, places, currency, net_minor, tax_minor, total_minor, issued_at, issued_on,
                              document, dispute_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        "#,
        id,
        organization.get(),
        new.event.get(),
        new.order.get(),
        document.kind.code(),
        document.number,
        series.prefix.as_str(),
        series.year.unwrap_or(0),
        n,
        new.refund.map(RefundId::get),
        new.corrects,
        &new.places,
        document.currency.as_str(),
        totals.net,
        totals.tax,
        totals.gross,
        at(sv.now()) as _,
        jiff_sqlx::Date::from(document.issued_on) as _,
        text,
        new.dispute.map(DisputeId::get)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An order's invoice that stands, and what credit notes took back of each of its lines.
pub(super) struct Standing {
    pub id: Uuid,
    pub event: EventId,
    pub document: Document,
    pub gone: Vec<Credited>,
}

impl Standing {
    /// How other documents speak of it.
    pub fn reference(&self) -> Reference {
        Reference {
            number: self.document.number.clone(),
            issued_on: self.document.issued_on,
        }
    }

    /// A document of its order with other lines.
    pub fn with(&self, lines: Vec<Line>) -> Document {
        Document {
            lines,
            corrects: Some(self.reference()),
            ..self.document.clone()
        }
    }
}

/// The invoice of an order that no other has replaced.
pub(super) async fn standing(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Option<Standing>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, event_id as "event_id!", document from invoices i
        where organization_id = $1 and order_id = $2 and kind = 'invoice'
          -- What only cancels a credit note replaces nothing.
          and not exists (select from invoices n where n.id = i.corrects_id and n.kind = 'credit_note')
          and not exists (select from invoices j where j.corrects_id = i.id and j.kind = 'invoice')
        "#,
        organization.get(),
        order.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let document = read(row.id, row.document)?;
    let notes = sqlx::query!(
        r#"
        select id, places, document from invoices n
        where organization_id = $1 and corrects_id = $2 and kind = 'credit_note'
          -- What was cancelled after all takes nothing back.
          and not exists (select from invoices c where c.corrects_id = n.id)
        "#,
        organization.get(),
        row.id
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut gone = vec![Credited::default(); document.lines.len()];
    for note in notes {
        add(&mut gone, note.id, &note.places, note.document)?;
    }
    Ok(Some(Standing {
        id: row.id,
        event: EventId::new(row.event_id),
        document,
        gone,
    }))
}

fn add(gone: &mut [Credited], id: Uuid, places: &[i32], document: Value) -> Result<(), Unexpected> {
    let note = read(id, document)?;
    for (place, line) in places.iter().zip(&note.lines) {
        let line_gone = usize::try_from(*place)
            .ok()
            .and_then(|place| gone.get_mut(place))
            .ok_or_else(|| Unexpected::bad_row("invoices", id, "a line that is not there"))?;
        line_gone.net += line.net;
        line_gone.tax += line.tax;
    }
    Ok(())
}

/// Places of lines as a column holds them.
pub(super) fn places(lines: &[(usize, Line)]) -> Vec<i32> {
    lines
        .iter()
        .map(|(place, _)| i32::try_from(*place).unwrap_or(i32::MAX))
        .collect()
}
