//! Who comes to an event.

use domain::{
    ids::{EventId, OrderCode, TicketId},
    tickets::TicketState,
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::list::pattern;
use crate::{
    Services, Unexpected,
    db::Tx,
    paging::{self, Cursor, Page},
    permit::{Permit, ViewAttendees},
    rows::{at, coded},
};

#[derive(Debug, Clone)]
pub struct ListAttendees {
    pub event: EventId,
    /// Part of a name, an address or an order's code; empty for all.
    pub search: String,
    /// Also those whose tickets are void.
    pub with_void: bool,
    pub cursor: Option<String>,
    pub limit: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendeeRow {
    pub ticket: TicketId,
    pub name: String,
    pub email: String,
    pub ticket_type: String,
    pub state: TicketState,
    pub order_code: OrderCode,
    pub buyer_name: String,
    pub buyer_email: String,
    pub issued_at: Timestamp,
    pub admitted_at: Option<Timestamp>,
    pub gate: String,
}

/// One page of attendees, newest tickets first.
pub async fn list(
    sv: &Services,
    permit: &Permit<ViewAttendees>,
    ask: ListAttendees,
) -> Result<Page<AttendeeRow>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let page = page(
        &mut tx,
        permit.organization().get(),
        &ask,
        paging::limit(ask.limit),
    )
    .await?;
    tx.commit().await?;
    Ok(page)
}

pub(super) async fn page(
    tx: &mut Tx,
    organization: uuid::Uuid,
    ask: &ListAttendees,
    limit: usize,
) -> Result<Page<AttendeeRow>, Unexpected> {
    let after = Cursor::decode(ask.cursor.as_deref());
    let rows = sqlx::query!(
        r#"
        select t.id, t.holder_name, t.holder_email, y.name as ticket_type, t.state, o.code, o.buyer_name, o.buyer_email,
               t.issued_at, c.scanned_at as "admitted_at?", c.gate as "gate?"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted' and c.turn = 1
        where t.organization_id = $1 and t.event_id = $2 and t.state <> 'replaced'
          and ($3 or t.state = 'valid')
          and ($4::text is null or t.holder_name ilike $4 or t.holder_email ilike $4 or o.code ilike $4
               or o.buyer_name ilike $4 or o.buyer_email ilike $4)
          and ($5::timestamptz is null or (t.issued_at, t.id) < ($5, $6))
        order by t.issued_at desc, t.id desc
        limit $7
        "#,
        organization,
        ask.event.get(),
        ask.with_void,
        pattern(&ask.search),
        after.map(|cursor| at(cursor.at)) as _,
        after.map(|cursor| cursor.id),
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut **tx)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(AttendeeRow {
                ticket: TicketId::new(row.id),
                name: row.holder_name,
                email: row.holder_email,
                ticket_type: row.ticket_type,
                state: coded("tickets", row.id, &row.state)?,
                order_code: coded("orders", row.id, &row.code)?,
                buyer_name: row.buyer_name,
                buyer_email: row.buyer_email,
                issued_at: row.issued_at.to_jiff(),
                admitted_at: row.admitted_at.map(|t| t.to_jiff()),
                gate: row.gate.unwrap_or_default(),
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    Ok(Page::cut(items, limit, |row| Cursor {
        at: row.issued_at,
        id: row.ticket.get(),
    }))
}
