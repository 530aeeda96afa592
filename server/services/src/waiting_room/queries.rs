//! SQL of waiting rooms.

use domain::{
    catalog::EventState,
    ids::{EventId, OrganizationId},
    waiting_room::{Draw, Pace},
    when::Timestamp,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Unexpected,
    db::Tx,
    rows::{at, coded, count},
};

/// An event and its room.
pub(super) struct RoomRow {
    pub id: Uuid,
    pub event: EventId,
    pub slug: String,
    pub title: String,
    pub time_zone: String,
    pub on: bool,
    pub state: EventState,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub organizer_suspended: bool,
    /// When the first ticket type can be bought; `None`: one can be bought already.
    pub sale_opens: Option<Timestamp>,
    pub arrived: u64,
    pub commitment: Vec<u8>,
    pub drawn: Option<(Vec<u8>, u64)>,
    pub serving: u64,
    pub pace: Pace,
    pub left: u32,
    pub unsold: u32,
}

/// The room of the event at this address. A sale that is paused begins when it would without the pause. What can be had is what the best provided ticket type has left: exact where it
/// matters, at nothing.
pub(super) async fn room(
    tx: &mut Tx,
    slug: &str,
    now: Timestamp,
) -> Result<Option<RoomRow>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select r.id, e.id as event_id, e.slug, e.title, e.time_zone, e.waiting_room, e.state,
               e.starts_at, e.ends_at, o.state as organizer_state, r.arrived, r.seed_hash, r.seed, r.early, r.serving,
               r.held_per_second, r.admitted_per_second, r.choosing, r.due_per_second, r.paid_per_second,
               offer.sale_opens as "sale_opens?", offer.available as "available!", offer.unsold as "unsold!"
        from events e
        join organizations o on o.id = e.organization_id
        join waiting_rooms r on r.event_id = e.id
        cross join lateral (
            select case when bool_or(t.sales_from is null) then null else min(t.sales_from) end as sale_opens,
                   coalesce(max(least.available) filter (where t.state = 'active'), 0) as available,
                   coalesce(max(least.unsold), 0) as unsold
            from ticket_types t
            cross join lateral (
                select min(p.capacity - p.held - p.sold) as available, min(p.capacity - p.sold) as unsold
                from ticket_type_pools tp
                join pools p on p.id = tp.pool_id
                where tp.ticket_type_id = t.id) as least
            where t.event_id = e.id and t.state <> 'archived' and (t.sales_until is null or t.sales_until > $2)) as offer
        where e.slug = $1
        "#,
        slug,
        at(now) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(RoomRow {
            id: row.id,
            event: EventId::new(row.event_id),
            slug: row.slug,
            title: row.title,
            time_zone: row.time_zone,
            on: row.waiting_room,
            state: coded("events", row.event_id, &row.state)?,
            starts_at: row.starts_at.to_jiff(),
            ends_at: row.ends_at.to_jiff(),
            organizer_suspended: row.organizer_state == "suspended",
            sale_opens: row.sale_opens.map(|opens| opens.to_jiff()),
            arrived: whole(row.id, row.arrived)?,
            commitment: row.seed_hash,
            drawn: match (row.seed, row.early) {
                (Some(seed), Some(early)) => Some((seed, whole(row.id, early)?)),
                _ => None,
            },
            serving: whole(row.id, row.serving)?,
            pace: Pace {
                held_per_second: row.held_per_second,
                admitted_per_second: row.admitted_per_second,
                choosing: row.choosing,
                due_per_second: row.due_per_second,
                paid_per_second: row.paid_per_second,
            },
            left: count("pools", row.event_id, row.available)?,
            unsold: count("pools", row.event_id, row.unsold)?,
        })
    })
    .transpose()
}

/// A room as a sale sees it.
pub(crate) struct OpenRoom {
    pub id: Uuid,
    /// `None` until the order is drawn.
    draw: Option<Draw>,
    serving: u64,
}

impl OpenRoom {
    /// Whether whoever came as the `number`th may choose tickets.
    pub(crate) fn is_in(&self, number: u64) -> bool {
        self.draw
            .as_ref()
            .is_some_and(|draw| draw.place(number) <= self.serving)
    }
}

/// The room that stands before an event's sale.
pub(crate) async fn for_sale(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Option<OpenRoom>, Unexpected> {
    let row = sqlx::query!(
        "select id, seed, early, serving from waiting_rooms where event_id = $1 and organization_id = $2",
        event.get(),
        organization.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let draw = match (row.seed, row.early) {
            (Some(seed), Some(early)) => Some(draw(row.id, &seed, whole(row.id, early)?)?),
            _ => None,
        };
        Ok(OpenRoom {
            id: row.id,
            draw,
            serving: whole(row.id, row.serving)?,
        })
    })
    .transpose()
}

/// A line in figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub waiting: u64,
    pub admitted: u64,
    pub admitted_per_minute: u32,
}

/// The line before an event's sale, where there is one.
pub(crate) async fn line(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Option<Line>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select r.id, r.arrived, r.serving, round(r.admitted_per_second * 60)::bigint as "per_minute!"
        from waiting_rooms r
        join events e on e.id = r.event_id and e.waiting_room
        where r.organization_id = $1 and r.event_id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let admitted = whole(row.id, row.serving)?;
        Ok(Line {
            waiting: whole(row.id, row.arrived)?.saturating_sub(admitted),
            admitted,
            admitted_per_minute: count("waiting_rooms", row.id, row.per_minute)?,
        })
    })
    .transpose()
}

fn draw(room: Uuid, seed: &[u8], early: u64) -> Result<Draw, Unexpected> {
    let seed = seed
        .try_into()
        .map_err(|_| Unexpected::bad_row("waiting_rooms", room, "seed"))?;
    Ok(Draw::new(seed, early))
}

/// The last of so many new numbers; none where the room has been taken away or made anew.
pub(super) async fn arrive(tx: &mut Tx, room: Uuid, more: u64) -> Result<Option<u64>, Unexpected> {
    let arrived = sqlx::query_scalar!(
        "update waiting_rooms set arrived = arrived + $2 where id = $1 returning arrived",
        room,
        i64::try_from(more).unwrap_or(i64::MAX)
    )
    .fetch_optional(&mut **tx)
    .await?;
    arrived.map(|arrived| whole(room, arrived)).transpose()
}

/// Makes the room of an event anew.
pub(super) async fn renew(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    (id, sealed, hash): (Uuid, &[u8], &[u8]),
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "delete from waiting_rooms where organization_id = $1 and event_id = $2",
        organization.get(),
        event.get()
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into waiting_rooms (id, organization_id, event_id, seed_sealed, seed_hash, turned_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        id,
        organization.get(),
        event.get(),
        sealed,
        hash,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A room whose line can move.
pub(super) struct DueRoom {
    pub id: Uuid,
    pub sealed: Vec<u8>,
    pub is_drawn: bool,
    pub arrived: u64,
    pub serving: u64,
    pub pace: Pace,
    pub turned_at: Timestamp,
    pub held: u32,
    /// Orders that are old enough to be paid since the last turn, and those of them that are.
    pub due: u32,
    pub paid: u32,
    pub left: u32,
}

/// Locks the rooms of sales that have begun, in which somebody waits, and whose last turn was before `before`. Whoever comes in has
/// a room locked for a moment, and many do all the time: it is waited for, or a line would stand still while it grows. Holds are
/// counted up to a moment that all running transactions have passed, and orders when they are so old that they are usually paid:
/// only what is paid at once, with nobody asked and without a bank that takes days.
pub(super) async fn lock_due(
    tx: &mut Tx,
    now: Timestamp,
    before: Timestamp,
    (settled, paid_within): (SignedDuration, SignedDuration),
) -> Result<Vec<DueRoom>, Unexpected> {
    let interval = |span: SignedDuration| sqlx::postgres::types::PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(span.as_micros()).unwrap_or(0),
    };
    let rows = sqlx::query!(
        r#"
        select r.id, r.seed_sealed, r.early is not null as "drawn!", r.arrived, r.serving, r.held_per_second,
               r.admitted_per_second, r.choosing, r.due_per_second, r.paid_per_second, r.turned_at, offer.available as "available!",
               (select count(*) from holds h
                where h.organization_id = r.organization_id and h.event_id = r.event_id
                  and h.created_at > r.turned_at - $3::interval and h.created_at <= $1 - $3::interval) as "held!",
               checkouts.due as "due!", checkouts.paid as "paid!"
        from events e
        join waiting_rooms r on r.event_id = e.id
        cross join lateral (
            select coalesce(bool_or(t.sales_from is null or t.sales_from <= $1), true) as is_open,
                   coalesce(max((select min(p.capacity - p.held - p.sold)
                                 from ticket_type_pools tp
                                 join pools p on p.id = tp.pool_id
                                 where tp.ticket_type_id = t.id)) filter (where t.state = 'active'), 0) as available
            from ticket_types t
            where t.event_id = e.id and t.state <> 'archived' and (t.sales_until is null or t.sales_until > $1)) as offer
        cross join lateral (
            select count(*) as due, count(*) filter (where o.paid_at is not null) as paid
            from orders o
            where o.organization_id = r.organization_id and o.event_id = r.event_id
              and o.created_at > r.turned_at - $4::interval and o.created_at <= $1 - $4::interval
              and o.asking = 'no' and o.channel = 'web'
              and (o.paid_at is not null
                   or not exists (select from payments p where p.order_id = o.id and p.provider = 'transfer'))) as checkouts
        where e.waiting_room and e.ends_at > $1 and e.state = 'published' and offer.is_open
          and r.turned_at <= $2 and (r.early is null or r.serving < r.arrived)
        order by r.id
        for update of r
        "#,
        at(now) as _,
        at(before) as _,
        interval(settled),
        interval(paid_within)
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(DueRoom {
                id: row.id,
                sealed: row.seed_sealed,
                is_drawn: row.drawn,
                arrived: whole(row.id, row.arrived)?,
                serving: whole(row.id, row.serving)?,
                pace: Pace {
                    held_per_second: row.held_per_second,
                    admitted_per_second: row.admitted_per_second,
                    choosing: row.choosing,
                    due_per_second: row.due_per_second,
                    paid_per_second: row.paid_per_second,
                },
                turned_at: row.turned_at.to_jiff(),
                held: count("holds", row.id, row.held)?,
                due: count("orders", row.id, row.due)?,
                paid: count("orders", row.id, row.paid)?,
                left: count("pools", row.id, row.available)?,
            })
        })
        .collect()
}

/// What became of a room.
pub(super) struct Turned {
    pub room: Uuid,
    pub serving: u64,
    pub pace: Pace,
    /// The seed, if the order is drawn now.
    pub seed: Option<Vec<u8>>,
}

pub(super) async fn save_turns(
    tx: &mut Tx,
    now: Timestamp,
    turned: &[Turned],
) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = turned.iter().map(|room| room.room).collect();
    let serving: Vec<i64> = turned.iter().map(|room| big(room.serving)).collect();
    let held: Vec<f64> = turned.iter().map(|t| t.pace.held_per_second).collect();
    let admitted: Vec<f64> = turned.iter().map(|t| t.pace.admitted_per_second).collect();
    let choosing: Vec<f64> = turned.iter().map(|t| t.pace.choosing).collect();
    let due: Vec<f64> = turned.iter().map(|t| t.pace.due_per_second).collect();
    let paid: Vec<f64> = turned.iter().map(|t| t.pace.paid_per_second).collect();
    let seeds: Vec<Option<Vec<u8>>> = turned.iter().map(|room| room.seed.clone()).collect();
    sqlx::query!(
        r#"
        update waiting_rooms r
        set serving = t.serving, held_per_second = t.held, admitted_per_second = t.admitted, choosing = t.choosing,
            due_per_second = t.due, paid_per_second = t.paid, turned_at = $7, seed = coalesce(r.seed, t.seed),
            early = case when r.early is null and t.seed is not null then r.arrived else r.early end
        from unnest($1::uuid[], $2::bigint[], $3::float8[], $4::float8[], $5::float8[], $6::bytea[], $8::float8[], $9::float8[])
            as t (id, serving, held, admitted, choosing, seed, due, paid)
        where r.id = t.id
        "#,
        &ids,
        &serving,
        &held,
        &admitted,
        &choosing,
        &seeds as &[Option<Vec<u8>>],
        at(now) as _,
        &due,
        &paid
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn whole(room: Uuid, number: i64) -> Result<u64, Unexpected> {
    u64::try_from(number).map_err(|_| Unexpected::bad_row("waiting_rooms", room, number))
}

fn big(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
