//! Makes the tickets of paid orders, one per attendee.

use domain::{
    ids::{EventId, OrganizationId, TicketId},
    when::{Timestamp, ValidityWindow, shift},
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::keys;
use crate::{Services, Unexpected, db::Tx, rows::at};

/// Codes stay good for this long after the planned end, because a postponed event keeps its tickets. When the doors
/// are open is told to scanners by the event itself.
const AFTER_THE_END: SignedDuration = SignedDuration::from_hours(24 * 366);

/// The validity a ticket code carries.
pub fn validity(issued_at: Timestamp, ends_at: Timestamp) -> ValidityWindow {
    ValidityWindow {
        from: issued_at,
        until: shift(ends_at.max(issued_at), AFTER_THE_END),
    }
}

/// Tickets that are signed and not yet written. Signing takes its time, so it is done before anything hot is locked.
pub(crate) struct Signed {
    key_id: i32,
    batch: Batch,
}

/// Signs the tickets of these orders of one event, one per attendee.
pub(crate) async fn sign(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    orders: &[Uuid],
) -> Result<Signed, Unexpected> {
    let now = sv.now();
    let rows = sqlx::query!(
        r#"
        select l.order_id, a.order_line_id, a.n, a.name, a.email, l.ticket_type_id, t.number, e.ends_at
        from attendees a
        join order_lines l on l.id = a.order_line_id
        join ticket_types t on t.id = l.ticket_type_id
        join events e on e.id = t.event_id
        where a.organization_id = $1 and l.order_id = any($2)
        order by l.order_id, t.position, t.number, a.n
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    let signer = keys::ensure(sv, tx, organization).await?;
    let mut batch = Batch::default();
    // Tickets of one order are neighbours: scanners carry lists of them.
    let (mut order, mut ids) = (None, sv.new_ids());
    for row in rows {
        if order.replace(row.order_id) != Some(row.order_id) {
            ids = sv.new_ids();
        }
        let id = TicketId::new(ids.next().unwrap_or_else(|| sv.new_id()));
        let number = u16::try_from(row.number)
            .map_err(|e| Unexpected::bad_row("ticket_types", row.ticket_type_id, e))?;
        let code = signer.code(id, event, number, validity(now, row.ends_at.to_jiff()));
        batch.ids.push(id.get());
        batch.orders.push(row.order_id);
        batch.lines.push(row.order_line_id);
        batch.types.push(row.ticket_type_id);
        batch.numbers.push(row.n);
        batch.names.push(row.name);
        batch.emails.push(row.email);
        batch.codes.push(code.to_string());
    }
    Ok(Signed {
        key_id: signer.key_id(),
        batch,
    })
}

/// Writes them in the caller's transaction.
pub(crate) async fn issue(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    signed: Signed,
) -> Result<(), Unexpected> {
    let Signed { key_id, batch } = signed;
    sqlx::query!(
        r#"
        insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, holder_name,
                             holder_email, code, key_id, issued_at)
        select t.id, $1, $2, t.order_id, t.line, t.type, t.n, t.name, t.email, t.code, $3, $4
        from unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::smallint[], $10::text[], $11::text[],
                    $12::text[])
            as t (id, order_id, line, type, n, name, email, code)
        "#,
        organization.get(),
        event.get(),
        key_id,
        at(sv.now()) as _,
        &batch.ids,
        &batch.orders,
        &batch.lines,
        &batch.types,
        &batch.numbers,
        &batch.names,
        &batch.emails,
        &batch.codes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(Default)]
struct Batch {
    ids: Vec<Uuid>,
    orders: Vec<Uuid>,
    lines: Vec<Uuid>,
    types: Vec<Uuid>,
    numbers: Vec<i16>,
    names: Vec<String>,
    emails: Vec<String>,
    codes: Vec<String>,
}
