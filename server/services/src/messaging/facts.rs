//! What mails about orders tell: orders, their events and their tickets, read at the time of sending.

use std::collections::{BTreeSet, HashMap};

use domain::{
    ids::OrderId,
    money::{Currency, Money},
    orders::{RefundPolicy, RefundSchedule},
    transfers::TransferAccount,
    when::Timestamp,
};
use uuid::Uuid;

use super::{Link, MailKind, queries::Claimed};
use crate::{
    Services, Unexpected,
    catalog::calendar,
    db::{Scope, Tx},
    orders,
    rows::money,
    seal::Seal,
    transfers,
};

pub(super) struct OrderFacts {
    pub code: String,
    pub link: String,
    pub buyer_name: String,
    pub total: Money,
    /// There is no tax in it because the buyer owes it.
    pub reverse_charge: bool,
    /// A promo code, and what it took off the total.
    pub promo: Option<(String, Money)>,
    /// Of that, what is paid with money.
    pub due: Money,
    pub cancel_reason: String,
    pub event_title: String,
    pub event_slug: String,
    pub event_reason: String,
    pub venue: String,
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub organizer: String,
    /// What its buyer gets back when, as agreed.
    pub refunds_until: RefundSchedule,
    /// Until when the places are kept, while they are.
    pub expires_at: Option<Timestamp>,
    /// The card is held, or was, until the organizer decides.
    pub hold: bool,
}

pub(super) struct TicketFacts {
    pub code: String,
    pub holder: String,
    pub ticket_type: String,
}

/// All that a portion of mails tells, by the ids that they name.
pub(super) struct Facts {
    orders: HashMap<Uuid, OrderFacts>,
    tickets: HashMap<Uuid, Vec<TicketFacts>>,
    /// By their own ids, whatever became of them.
    named: HashMap<Uuid, TicketFacts>,
    refunds: HashMap<Uuid, Money>,
    /// Where buyers transfer to, when a mail says so.
    account: Option<TransferAccount>,
    /// By the event's address.
    calendars: HashMap<String, String>,
    origin: String,
    seal: Seal,
}

impl Facts {
    pub async fn load(sv: &Services, mails: &[Claimed]) -> Result<Self, Unexpected> {
        let kinds = || mails.iter().filter_map(|mail| mail.kind.as_ref().ok());
        let named = kinds().flat_map(MailKind::orders).copied().collect();
        let with_tickets = kinds()
            .filter(|kind| kind.brings_tickets())
            .flat_map(MailKind::orders)
            .copied()
            .collect();
        let refunds: Vec<Uuid> = kinds().filter_map(MailKind::refund).collect();
        let ids: Vec<Uuid> = kinds().flat_map(MailKind::named_tickets).copied().collect();
        let mut tx = sv.db.begin_shared(Scope::System).await?;
        let orders = all_orders(sv, &mut tx, named).await?;
        let tickets = valid_tickets(&mut tx, with_tickets).await?;
        let one_by_one = named_tickets(&mut tx, &ids).await?;
        let refunds = refund_amounts(&mut tx, &refunds).await?;
        let account = if kinds().any(MailKind::asks_for_transfer) {
            transfers::account(&mut tx).await?
        } else {
            None
        };
        tx.commit().await?;
        let events: BTreeSet<&str> = kinds()
            .filter(|kind| kind.brings_calendar())
            .flat_map(MailKind::orders)
            .filter_map(|order| Some(orders.get(order)?.event_slug.as_str()))
            .collect();
        let mut calendars = HashMap::new();
        for slug in events {
            if let Some(file) = calendar(sv, slug).await? {
                calendars.insert(slug.to_owned(), file);
            }
        }
        Ok(Self {
            orders,
            tickets,
            named: one_by_one,
            refunds,
            account,
            calendars,
            origin: sv.settings.public_url.clone(),
            seal: sv.seal.clone(),
        })
    }

    /// Where a button leads.
    pub fn url(&self, link: &Link) -> String {
        link.url(&self.origin, &self.seal)
    }

    pub fn order(&self, order: Uuid) -> Option<&OrderFacts> {
        self.orders.get(&order)
    }

    pub fn tickets(&self, order: Uuid) -> &[TicketFacts] {
        self.tickets.get(&order).map_or(&[], Vec::as_slice)
    }

    /// The ticket of this id.
    pub fn ticket(&self, ticket: Uuid) -> Option<&TicketFacts> {
        self.named.get(&ticket)
    }

    pub fn refund(&self, refund: Uuid) -> Option<Money> {
        self.refunds.get(&refund).copied()
    }

    pub fn account(&self) -> Option<&TransferAccount> {
        self.account.as_ref()
    }

    pub fn calendar(&self, slug: &str) -> Option<&str> {
        self.calendars.get(slug).map(String::as_str)
    }
}

async fn all_orders(
    sv: &Services,
    tx: &mut Tx,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, OrderFacts>, Unexpected> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"
        select o.id, o.code, o.buyer_name, o.total_minor, o.credit_minor, o.currency, o.cancel_reason, o.refund_policy,
               o.agreed_starts_at, e.title, e.slug, e.state_reason,
               e.venue_name, e.venue_address, e.venue_city, e.attendance, e.time_zone,
               e.starts_at, e.ends_at, g.name as organizer, o.expires_at, o.asking = 'hold' as "hold!", p.code as "promo?",
               case when o.reverse_charge
                    then (select sum((l.full_price_minor - l.unit_price_minor) * l.quantity)::bigint
                          from order_lines l where l.order_id = o.id)
                    else p.discount_minor
               end as discount_minor, o.reverse_charge
        from orders o
        join events e on e.id = o.event_id and e.organization_id = o.organization_id
        join organizations g on g.id = o.organization_id
        left join lateral (
            select c.code, u.discount_minor
            from promo_uses u
            join promo_codes c on c.id = u.promo_code_id
            where u.hold_id = o.hold_id and u.given_back_at is null
        ) p on true
        where o.id = any($1)
        "#,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency = row
                .currency
                .parse()
                .map_err(|_| Unexpected::bad_row("orders", row.id, &row.currency))?;
            let place = [&row.venue_name, &row.venue_address, &row.venue_city];
            let venue: Vec<&str> = place
                .iter()
                .map(|part| part.as_str())
                .filter(|part| !part.is_empty())
                .collect();
            let policy: RefundPolicy = serde_json::from_value(row.refund_policy)
                .map_err(|e| Unexpected::bad_row("orders", row.id, e))?;
            let facts = OrderFacts {
                refunds_until: orders::agreed_schedule(
                    &policy,
                    row.agreed_starts_at.map(|t| t.to_jiff()),
                    row.starts_at.to_jiff(),
                    &row.time_zone,
                ),
                link: orders::link(sv, OrderId::new(row.id)),
                code: row.code,
                buyer_name: row.buyer_name,
                total: Money::new(row.total_minor, currency),
                reverse_charge: row.reverse_charge,
                promo: row
                    .promo
                    .zip(row.discount_minor)
                    .map(|(code, minor)| (code, Money::new(minor, currency))),
                due: Money::new(row.total_minor.saturating_sub(row.credit_minor), currency),
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
                expires_at: row.expires_at.map(|at| at.to_jiff()),
                hold: row.hold,
            };
            Ok((row.id, facts))
        })
        .collect()
}

/// Valid tickets by order, in the order of the event's page.
async fn valid_tickets(
    tx: &mut Tx,
    orders: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<TicketFacts>>, Unexpected> {
    let mut tickets: HashMap<Uuid, Vec<TicketFacts>> = HashMap::new();
    if orders.is_empty() {
        return Ok(tickets);
    }
    let rows = sqlx::query!(
        r#"
        select t.order_id, t.code, t.holder_name, y.name
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        where t.order_id = any($1) and t.state = 'valid' and not o.blocked and t.passed_on = 0
        order by y.position, t.n
        "#,
        &orders
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        tickets.entry(row.order_id).or_default().push(TicketFacts {
            code: row.code,
            holder: row.holder_name,
            ticket_type: row.name,
        });
    }
    Ok(tickets)
}

async fn named_tickets(
    tx: &mut Tx,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, TicketFacts>, Unexpected> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"
        select t.id, t.code, t.holder_name, y.name
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        where t.id = any($1)
        "#,
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    let facts = |(id, code, holder, ticket_type)| {
        let facts = TicketFacts {
            code,
            holder,
            ticket_type,
        };
        (id, facts)
    };
    Ok(rows
        .into_iter()
        .map(|row| facts((row.id, row.code, row.holder_name, row.name)))
        .collect())
}

async fn refund_amounts(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Money>, Unexpected> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        "select id, amount_minor, currency from refunds where id = any($1)",
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let amount = money("refunds", row.id, row.amount_minor, &row.currency)?;
            Ok((row.id, amount))
        })
        .collect()
}
