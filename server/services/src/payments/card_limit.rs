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
/// the same cards. Tickets that are given in for others were counted before: exchanges are let through.
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
    let mut has = paid_for(tx, organization, &cards, &orders).await?;
    let mut counted = BTreeSet::new();
    for used in used {
        let Some(wanted) = wanted.get(&used.order) else {
            continue;
        };
        if !counted.insert(used.order) {
            continue;
        }
        let has = has.entry(used.card.clone()).or_default();
        if beyond_limit(*has, *wanted, Some(most)).is_some() {
            beyond.insert(used.payment);
        } else {
            *has = has.saturating_add(*wanted);
        }
    }
    Ok(beyond)
}

/// How many tickets these orders are for; only those that are to get them now, and not for others that are given in.
async fn wanted(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<HashMap<OrderId, u32>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select o.id, (select sum(l.quantity) from order_lines l where l.order_id = o.id) as "number!"
        from orders o
        where o.organization_id = $1 and o.id = any($2) and o.paid_at is null
          and not exists (select from exchanges x where x.order_id = o.id)
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                OrderId::new(row.id),
                count("order_lines", row.id, row.number)?,
            ))
        })
        .collect()
}

/// How many tickets these cards have, but for those of these orders: valid ones, and those of orders whose money is held.
async fn paid_for(
    tx: &mut Tx,
    organization: OrganizationId,
    cards: &[Vec<u8>],
    but: &[Uuid],
) -> Result<HashMap<Vec<u8>, u32>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select p.card_key as "card!", sum(has.number)::bigint as "number!"
        from (select distinct card_key, order_id from payments
              where organization_id = $1 and card_key = any($2) and state in ('held', 'succeeded') and not over_card_limit
                and order_id <> all($3)) as p
        join orders o on o.id = p.order_id
        cross join lateral (
            select sum(l.quantity) as number from order_lines l
            where l.order_id = o.id and o.state in ('pending', 'asked')
            union all
            select count(*) from tickets t where t.order_id = o.id and t.state = 'valid') as has
        group by 1
        having sum(has.number) > 0
        "#,
        organization.get(),
        cards,
        but
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.card, count("payments", "card", row.number)?)))
        .collect()
}
