//! What mails about an order tell: the order, its event and its tickets, read at the time of sending.

use domain::{
    money::{Currency, Money},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
};

pub(super) struct OrderFacts {
    pub code: String,
    pub link: String,
    pub buyer_name: String,
    pub total: Money,
    pub cancel_reason: String,
    pub event_title: String,
    pub event_slug: String,
    pub event_reason: String,
    pub venue: String,
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub organizer: String,
}

pub(super) struct TicketFacts {
    pub code: String,
    pub holder: String,
    pub ticket_type: String,
}

/// The permanent link of an order; whoever has it may see and change the order.
pub(super) fn order_link(sv: &Services, order: Uuid) -> String {
    format!(
        "{}/orders/{}",
        sv.settings.public_url,
        sv.seal.derive(&format!("order|{order}"))
    )
}

pub(super) async fn order(sv: &Services, order: Uuid) -> Result<Option<OrderFacts>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select o.code, o.buyer_name, o.total_minor, o.currency, o.cancel_reason, e.title, e.slug, e.state_reason,
               e.venue_name, e.venue_address, e.venue_city, e.attendance, e.time_zone,
               e.starts_at, e.ends_at, g.name as organizer
        from orders o
        join events e on e.id = o.event_id and e.organization_id = o.organization_id
        join organizations g on g.id = o.organization_id
        where o.id = $1
        "#,
        order
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(None) };
    let currency: Currency = row
        .currency
        .parse()
        .map_err(|_| Unexpected::bad_row("orders", order, &row.currency))?;
    let place = [&row.venue_name, &row.venue_address, &row.venue_city];
    let venue: Vec<&str> = place
        .iter()
        .map(|part| part.as_str())
        .filter(|part| !part.is_empty())
        .collect();
    Ok(Some(OrderFacts {
        link: order_link(sv, order),
        code: row.code,
        buyer_name: row.buyer_name,
        total: Money::new(row.total_minor, currency),
        cancel_reason: row.cancel_reason,
        event_title: row.title,
        event_slug: row.slug,
        event_reason: row.state_reason,
        venue: if row.attendance == "online" {
            String::new()
        } else {
            venue.join(", ")
        },
        time_zone: row.time_zone,
        starts_at: row.starts_at.to_jiff(),
        ends_at: row.ends_at.to_jiff(),
        organizer: row.organizer,
    }))
}

pub(super) async fn tickets(sv: &Services, order: Uuid) -> Result<Vec<TicketFacts>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query_as!(
        TicketFacts,
        r#"
        select t.code, t.holder_name as holder, y.name as ticket_type
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        where t.order_id = $1 and t.state = 'valid'
        order by y.position, t.n
        "#,
        order
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows)
}

pub(super) async fn refund_amount(
    sv: &Services,
    refund: Uuid,
) -> Result<Option<Money>, Unexpected> {
    let mut tx: Tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        "select amount_minor, currency from refunds where id = $1",
        refund
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    row.map(|row| {
        let currency = row
            .currency
            .parse()
            .map_err(|_| Unexpected::bad_row("refunds", refund, &row.currency))?;
        Ok(Money::new(row.amount_minor, currency))
    })
    .transpose()
}
