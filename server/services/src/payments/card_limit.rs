//! How many tickets of an event one card may pay for, where its organizer says so.
//!
//! Which card it was is known once it has been used: whoever is beyond the limit gets all of it back at once, and the places are
//! free again; money that is only held is let go of. What is kept of a card is a keyed hash that is of use for one event, until
//! the event is over.

use std::collections::{BTreeSet, HashMap};

use domain::{
    ids::{EventId, OrderId, OrganizationId, PaymentId},
    stock::beyond_limit,
    text::FieldErrors,
};
use uuid::Uuid;

use super::queries::{self, Found};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    events::{EventError, lock_open, whole_number},
    permit::{ManageEvents, Permit},
    ports::KnownPayment,
    rows::{at, count},
};

/// More than this is no limit.
const MOST: i64 = 1000;

/// Sets how many tickets of the event one card may pay for; nothing typed: as many as it likes. Holds for what is paid from
/// now on; cards that paid while there was no limit are not known.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_card_limit(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    most: &str,
) -> Result<(), EventError> {
    let most = if most.trim().is_empty() {
        None
    } else {
        let mut errors = FieldErrors::new();
        let most = errors.field("most", whole_number(most, 1, MOST));
        errors.finish()?;
        most.and_then(|n| i16::try_from(n).ok())
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, permit.organization(), event).await?;
    sqlx::query!(
        "update events set max_per_card = $3, updated_at = $4 where organization_id = $1 and id = $2",
        permit.organization().get(),
        event.get(),
        most,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    Ok(())
}

/// What stands for a card in the database: it tells whether the same one pays for this event again, and nothing else.
pub(super) fn key(sv: &Services, event: EventId, card: &str) -> Vec<u8> {
    sv.seal
        .mac(format!("card|{event}|{card}").as_bytes())
        .to_vec()
}

/// What stands for the card of a payment that was just made, where it matters. Messages do not say which card it was: then the
/// provider is asked, outside of any transaction.
pub(super) async fn of_payment(
    sv: &Services,
    found: &Found,
    known: &KnownPayment,
) -> Result<Option<Vec<u8>>, Unexpected> {
    if !found.wants_card {
        return Ok(None);
    }
    let mut card = known.card.clone();
    if card.is_none() && sv.payments.can_be_asked() {
        let mut tx = sv.db.begin(Scope::Organization(found.organization)).await?;
        let names = queries::names(&mut tx, found.organization, found.payment).await?;
        tx.commit().await?;
        if let Some(names) = names {
            let known = sv.payments.find(&names).await;
            let known = known.map_err(|e| Unexpected::new("the card of a payment", e))?;
            card = known.and_then(|known| known.card);
        }
    }
    Ok(card.map(|card| key(sv, found.event, &card)))
}

/// A payment that was just made, or is held.
pub(super) struct Used {
    pub payment: PaymentId,
    pub order: OrderId,
    pub card: Vec<u8>,
}

/// Which of these, in their order, are beyond what their cards may pay for. Until the transaction ends no other one decides about
/// the same cards. Of tickets for which others are given in, only what is more is counted: see [`paid_for`].
pub(super) async fn beyond(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    used: &[Used],
) -> Result<BTreeSet<PaymentId>, Unexpected> {
    let mut beyond = BTreeSet::new();
    if used.is_empty() {
        return Ok(beyond);
    }
    let most = sqlx::query_scalar!(
        "select max_per_card from events where organization_id = $1 and id = $2",
        organization.get(),
        event.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let Some(most) = most else { return Ok(beyond) };
    let most = count("events", event, most)?;
    let cards: BTreeSet<&[u8]> = used.iter().map(|used| used.card.as_slice()).collect();
    let cards: Vec<Vec<u8>> = cards.into_iter().map(<[u8]>::to_vec).collect();
    sqlx::query!(
        r#"
        select pg_advisory_xact_lock(who.key) as "locked!: ()"
        from (select distinct hashtextextended('card|' || encode(card, 'hex'), 0) as key from unnest($1::bytea[]) as card
              order by key) as who
        "#,
        &cards
    )
    .fetch_all(&mut **tx)
    .await?;
    let orders: Vec<Uuid> = used.iter().map(|used| used.order.get()).collect();
    let wanted = wanted(tx, organization, &orders).await?;
    let mut has = paid_for(tx, organization, &cards, used, &wanted).await?;
    let mut granted = BTreeSet::new();
    // Those that still wait come first: of the others nobody knows yet whether their places can be had.
    for waits in [true, false] {
        for used in used {
            let wanted = wanted.get(&used.order).filter(|it| it.waits == waits);
            let Some(wanted) = wanted.filter(|_| !granted.contains(&used.order)) else {
                continue;
            };
            let has = has.entry(used.card.clone()).or_default();
            if beyond_limit(*has, wanted.tickets, Some(most)).is_some() {
                beyond.insert(used.payment);
            } else {
                *has = has.saturating_add(wanted.tickets);
                granted.insert(used.order);
            }
        }
    }
    Ok(beyond)
}

/// What an order is to get.
struct Wanted {
    tickets: u32,
    /// Its places are kept for it; else its time is over, and perhaps they can be had again.
    waits: bool,
}

/// How many tickets these orders are for, less those of the same event that are given in; only those that may get them now.
async fn wanted(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<HashMap<OrderId, Wanted>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select o.id, o.state in ('pending', 'asked') as "waits!",
               (select sum(l.quantity) from order_lines l where l.order_id = o.id) as "number!",
               (select cardinality(x.tickets) from exchanges x
                join orders f on f.id = x.from_order_id and f.event_id = o.event_id
                where x.order_id = o.id) as given
        from orders o
        where o.organization_id = $1 and o.id = any($2) and o.paid_at is null
          and (o.state in ('pending', 'asked')
               or o.state = 'expired' and o.refunded_minor = 0 and (o.asking = 'no' or o.decision = 'approved'))
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let number: u32 = count("order_lines", row.id, row.number)?;
            let given = count("exchanges", row.id, row.given.unwrap_or(0))?;
            let wanted = Wanted {
                tickets: number.saturating_sub(given),
                waits: row.waits,
            };
            Ok((OrderId::new(row.id), wanted))
        })
        .collect()
}

/// How many tickets these cards have: valid ones, and those of orders whose money is held. What is used now for orders that are
/// to get theirs is left out: it is counted as it is granted.
///
/// Tickets that were given in live on in those that came for them: as many of these stay with the cards of the order before, and
/// what is more is of the card that paid for it. So the newest orders come first.
async fn paid_for(
    tx: &mut Tx,
    organization: OrganizationId,
    cards: &[Vec<u8>],
    used: &[Used],
    wanted: &HashMap<OrderId, Wanted>,
) -> Result<HashMap<Vec<u8>, u32>, Unexpected> {
    let (orders, with): (Vec<Uuid>, Vec<Vec<u8>>) = used
        .iter()
        .filter(|used| wanted.contains_key(&used.order))
        .map(|used| (used.order.get(), used.card.clone()))
        .unzip();
    let rows = sqlx::query!(
        r#"
        with recursive used as (
            select p.order_id, p.card_key from payments p
            where p.organization_id = $1 and p.card_key = any($2) and p.state in ('held', 'succeeded') and not p.over_card_limit
              and not exists (select from unnest($3::uuid[], $4::bytea[]) as now (ordered, card)
                              where ordered = p.order_id and card = p.card_key)
        ), line (id, depth) as (
            select order_id, 0 from used
            union
            select o.id, line.depth + 1
            from line
            join orders f on f.id = line.id
            join exchanges x on x.from_order_id = line.id and x.settled_at is not null and cardinality(x.tickets) > 0
            join orders o on o.id = x.order_id and o.event_id = f.event_id
        )
        select o.id as "id!", x.from_order_id as "from?",
               -- What nobody has paid for with a card came of what was given in.
               case when exists (select from payments p where p.order_id = o.id and p.state in ('held', 'succeeded'))
                    then cardinality(x.tickets) end as given,
               (select coalesce(sum(l.quantity), 0) from order_lines l
                where l.order_id = o.id and o.state in ('pending', 'asked'))
               + (select count(*) from tickets t where t.order_id = o.id and t.state = 'valid') as "number!",
               array(select distinct used.card_key from used where used.order_id = o.id) as "cards!"
        from (select id, max(depth) as depth from line group by id) as line
        join orders o on o.id = line.id
        left join (exchanges x join orders f on f.id = x.from_order_id)
            on x.order_id = o.id and x.settled_at is not null and f.event_id = o.event_id
        order by line.depth desc
        "#,
        organization.get(),
        cards,
        &orders,
        &with
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut has: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut left: HashMap<Uuid, u32> = HashMap::new();
    for row in rows {
        let later = left.get(&row.id).copied().unwrap_or(0);
        let here = count("orders", row.id, row.number)?.saturating_add(later);
        let mut own = here;
        if let Some(from) = row.from {
            let given = match row.given {
                Some(given) => count("exchanges", row.id, given)?,
                None => here,
            };
            own = here.saturating_sub(given);
            let before = left.entry(from).or_default();
            *before = before.saturating_add(here - own);
        }
        for card in row.cards {
            let has = has.entry(card).or_default();
            *has = has.saturating_add(own);
        }
    }
    Ok(has)
}
