//! What somebody may choose from: their tickets, the dates, what is on sale there, and what the choice would do.

use domain::{
    ids::{EventId, OrderCode, OrderId, OrganizationId, TicketTypeId},
    orders::ChangeTerms,
    when::Timestamp,
};

use super::{
    ExchangeError, ExchangePreview, ExchangeWish, GivenTicket,
    plan::{plan, refusal, tax_is_owed, ticket_refusal},
};
use crate::{
    Services, Unexpected,
    checkout::{Bound, Counter, OnOffer, summary},
    db::{Scope, Tx},
    orders::{Order, lock, queries},
    permit::{Permit, RefundOrders},
    rows::at,
};

/// Another event of the organizer's that sells in the same currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDate {
    pub id: EventId,
    pub title: String,
    pub starts_at: Timestamp,
    pub time_zone: String,
    pub city: String,
}

#[derive(Debug)]
pub struct ChangePage {
    pub code: OrderCode,
    /// Key of the reason why nothing can be changed.
    pub why_not: Option<&'static str>,
    /// As agreed to; the organizer is not bound by them.
    pub terms: Option<ChangeTerms>,
    pub last_chance: Option<Timestamp>,
    pub tickets: Vec<GivenTicket>,
    /// Of the event the order is for.
    pub own_event: EventId,
    /// Those of the event that is chosen.
    pub offers: Vec<OnOffer>,
    pub dates: Vec<OtherDate>,
    /// What the choice would do, once something is chosen.
    pub preview: Option<Result<ExchangePreview, ExchangeError>>,
}

/// The buyer's; `None` when the secret names no order.
pub async fn change_page(
    sv: &Services,
    secret: &str,
    wish: &ExchangeWish,
) -> Result<Option<ChangePage>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    page(sv, &mut tx, (organization, id), wish, Bound::Buyer).await
}

/// The organizer's; `None` when there is no such order.
pub async fn change_page_for_organizer(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    code: OrderCode,
    wish: &ExchangeWish,
) -> Result<Option<ChangePage>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(id) = queries::find_by_code(&mut tx, permit, code).await? else {
        return Ok(None);
    };
    page(
        sv,
        &mut tx,
        (permit.organization(), id),
        wish,
        Bound::Organizer,
    )
    .await
}

/// Looks, and leaves nothing behind: the transaction is not committed.
async fn page(
    sv: &Services,
    tx: &mut Tx,
    (organization, id): (OrganizationId, OrderId),
    wish: &ExchangeWish,
    who: Bound,
) -> Result<Option<ChangePage>, Unexpected> {
    let Some(order) = lock(tx, organization, id).await? else {
        return Ok(None);
    };
    let event = summary(tx, organization, order.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", id, "without an event"))?;
    let tickets = queries::live_tickets(tx, &order).await?;
    let chosen = (organization, wish.event.unwrap_or(order.event));
    // With the places that may come free, although nothing is asked of them here: what is locked later must be among these.
    let own: Vec<TicketTypeId> = tickets.iter().map(|ticket| ticket.ticket_type).collect();
    let there = match wish.event.filter(|other| *other != order.event) {
        Some(other) => summary(tx, organization, other).await?,
        None => Some(event.clone()),
    };
    let reverse_charge = match &there {
        Some(there) => tax_is_owed(tx, &order, there).await?,
        None => false,
    };
    let offers = match Counter::open(sv, tx, chosen, &own).await? {
        Some(counter) => counter.for_buyer(reverse_charge).offers()?,
        None => Vec::new(),
    };
    let preview = if wish.wanted().is_empty() {
        None
    } else {
        match plan(sv, tx, &order, wish, who).await {
            Ok(plan) => Some(Ok(plan.preview)),
            Err(ExchangeError::Unexpected(e)) => return Err(e),
            Err(e) => Some(Err(e)),
        }
    };
    let terms = order.change_terms;
    Ok(Some(ChangePage {
        code: order.code,
        why_not: refusal(sv, &order, &event, who),
        terms,
        last_chance: terms.map(|terms| terms.last_chance(event.starts_at, order.agreed_starts_at)),
        tickets: tickets
            .iter()
            .map(|ticket| GivenTicket {
                id: ticket.id,
                paid: ticket.unit,
                why_not: ticket_refusal(ticket).map(str::to_owned),
            })
            .collect(),
        own_event: order.event,
        offers,
        dates: dates(sv, tx, &order).await?,
        preview,
    }))
}

/// The next events that sell in the order's currency, its own first.
async fn dates(sv: &Services, tx: &mut Tx, order: &Order) -> Result<Vec<OtherDate>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, title, starts_at, time_zone, venue_city from events
        where organization_id = $1 and (id = $2 or currency = $3 and state = 'published' and starts_at > $4)
        order by id <> $2, starts_at, id
        limit 50
        "#,
        order.organization.get(),
        order.event.get(),
        order.total.currency.as_str(),
        at(sv.now()) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| OtherDate {
            id: EventId::new(row.id),
            title: row.title,
            starts_at: row.starts_at.to_jiff(),
            time_zone: row.time_zone,
            city: row.venue_city,
        })
        .collect())
}
