//! The orders in somebody's account: those of their own proven address, and those they kept by the order's link.

use domain::{
    ids::{OrderCode, OrderId, UserId},
    orders::OrderState,
    when::Timestamp,
};

use super::{queries, secret};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    paging::{self, Cursor, Page},
    rows::{at, coded, count},
    session::Session,
};

/// An order as its owner finds it.
#[derive(Debug, Clone)]
pub struct MyOrder {
    pub id: OrderId,
    /// Opens the order's page.
    pub secret: String,
    pub code: OrderCode,
    pub state: OrderState,
    pub event_title: String,
    pub venue: String,
    pub city: String,
    /// IANA name of the event's zone.
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub tickets: u32,
    /// Kept by its link; such an order can be taken out of the account again.
    pub kept: bool,
}

/// Which part of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The event is not over: the next one first.
    Ahead,
    /// The latest first.
    Past,
}

/// How an order stands to the account of the person who looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InAccount {
    /// It is in the account.
    Yes,
    /// It could be kept there.
    No,
}

/// One page of the person's orders. Orders that came to nothing are left out.
pub async fn list_mine(
    sv: &Services,
    session: &Session,
    when: When,
    cursor: Option<&str>,
    limit: u16,
) -> Result<Page<MyOrder>, Unexpected> {
    let limit = paging::limit(limit);
    let after = Cursor::decode(cursor);
    let email = own_address(session);
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        with mine as (
            select o.id, false as kept from orders o
            where o.buyer_key = $2
            union all
            select k.order_id, true from kept_orders k
            where k.user_id = $1
              and not exists (select from orders o where o.id = k.order_id and o.buyer_key = $2)
        )
        select o.id, o.code, o.state, mine.kept as "kept!", e.title, e.venue_name, e.venue_city, e.time_zone, e.starts_at,
               e.ends_at, (select coalesce(sum(l.quantity), 0) from order_lines l where l.order_id = o.id) as "tickets!"
        from mine
        join orders o on o.id = mine.id
        join events e on e.id = o.event_id and e.organization_id = o.organization_id
        where o.state <> 'expired'
          and (e.ends_at >= $3) = $4
          and ($5::timestamptz is null
               or ($4 and (e.starts_at, o.id) > ($5, $6))
               or (not $4 and (e.starts_at, o.id) < ($5, $6)))
        order by case when $4 then e.starts_at end, case when $4 then o.id end, e.starts_at desc, o.id desc
        limit $7
        "#,
        session.user.get(),
        email,
        at(sv.now()) as _,
        when == When::Ahead,
        after.map(|cursor| at(cursor.at)) as _,
        after.map(|cursor| cursor.id),
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let id = OrderId::new(row.id);
            Ok(MyOrder {
                id,
                secret: secret(sv, id),
                code: coded("orders", row.id, &row.code)?,
                state: coded("orders", row.id, &row.state)?,
                event_title: row.title,
                venue: row.venue_name,
                city: row.venue_city,
                time_zone: row.time_zone,
                starts_at: row.starts_at.to_jiff(),
                ends_at: row.ends_at.to_jiff(),
                tickets: count("orders", row.id, row.tickets)?,
                kept: row.kept,
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    Ok(Page::cut(items, limit, |row| Cursor {
        at: row.starts_at,
        id: row.id.get(),
    }))
}

/// Whether there is any.
pub async fn has_any(sv: &Services, user: UserId) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let any = sqlx::query_scalar!(
        r#"
        select exists (select from kept_orders where user_id = $1)
            or exists (
                select from users u join orders o on o.buyer_key = lower(u.email)
                where u.id = $1 and u.email_verified_at is not null)
            or exists (
                select from users u join handovers h on lower(h.recipient_email) = lower(u.email) and h.state = 'accepted'
                where u.id = $1 and u.email_verified_at is not null) as "any!"
        "#,
        user.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(any)
}

/// How the order of this secret stands to the person's account; `None` when the secret names no order.
pub async fn in_account(
    sv: &Services,
    session: &Session,
    secret: &str,
) -> Result<Option<InAccount>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, _)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    let inside = is_in(&mut tx, session, id).await?;
    tx.commit().await?;
    Ok(Some(if inside {
        InAccount::Yes
    } else {
        InAccount::No
    }))
}

async fn is_in(tx: &mut Tx, session: &Session, order: OrderId) -> Result<bool, Unexpected> {
    let inside = sqlx::query_scalar!(
        r#"
        select exists (select from kept_orders where user_id = $1 and order_id = $2)
            or exists (select from orders where id = $2 and buyer_key = $3) as "inside!"
        "#,
        session.user.get(),
        order.get(),
        own_address(session)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(inside)
}

/// Keeps an order in the account of somebody who has its link. `false` when the secret names no order.
pub async fn keep(sv: &Services, session: &Session, secret: &str) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, _)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(false);
    };
    if !is_in(&mut tx, session, id).await? {
        sqlx::query!(
            r#"
            insert into kept_orders (user_id, order_id, kept_at) values ($1, $2, $3)
            on conflict on constraint kept_orders_pkey do nothing
            "#,
            session.user.get(),
            id.get(),
            at(sv.now()) as _
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Takes a kept order out of the account again; its link works on. `false` when it was not kept.
pub async fn let_go(sv: &Services, session: &Session, order: OrderId) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let gone = sqlx::query!(
        "delete from kept_orders where user_id = $1 and order_id = $2",
        session.user.get(),
        order.get()
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(gone.rows_affected() > 0)
}

/// Keeps all orders of an address in an account, before the account gets another address.
pub(crate) async fn keep_all_of(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    email: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into kept_orders (user_id, order_id, kept_at)
        select $1, id, $3 from orders where buyer_key = lower($2)
        on conflict on constraint kept_orders_pkey do nothing
        "#,
        user.get(),
        email,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The address as orders are found by it; nothing that can be one before it is proven.
fn own_address(session: &Session) -> String {
    if session.email_verified {
        session.email.to_lowercase()
    } else {
        String::new()
    }
}
