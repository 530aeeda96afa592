//! What is in the database after a measurement, to be held against what was answered during it.

use domain::ids::EventId;

use super::{HotEvent, Stage};
use crate::{Unexpected, db::Scope, rows::at, seal};

/// Where an event's places are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    pub capacity: i64,
    pub held: i64,
    pub sold: i64,
    /// Valid tickets, counted one by one.
    pub tickets: i64,
    /// Orders that were paid.
    pub paid_orders: i64,
}

/// What the worker still has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    pub announcements: i64,
    /// Jobs that are due.
    pub jobs: i64,
    /// Jobs that were given up.
    pub dead: i64,
    pub mails: i64,
    /// Payments whose end is not known yet.
    pub payments: i64,
}

impl Backlog {
    /// Nothing is left to do.
    pub fn is_empty(&self) -> bool {
        self.announcements + self.jobs + self.mails + self.payments == 0
    }
}

impl Stage {
    pub async fn stock(&self, hot: &HotEvent) -> Result<Stock, Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let row = sqlx::query!(
            r#"
            select p.capacity::bigint as "capacity!", p.held::bigint as "held!", p.sold::bigint as "sold!",
                   (select count(*) from tickets t where t.event_id = p.event_id and t.state = 'valid') as "tickets!",
                   (select count(*) from orders o where o.event_id = p.event_id and o.paid_at is not null) as "paid!"
            from pools p where p.organization_id = $1 and p.id = $2
            "#,
            hot.organization.get(),
            hot.pool.get()
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Stock {
            capacity: row.capacity,
            held: row.held,
            sold: row.sold,
            tickets: row.tickets,
            paid_orders: row.paid,
        })
    }

    /// Places sold and held, as the counters have it: cheap enough to be asked many times a second.
    pub async fn counters(&self, hot: &HotEvent) -> Result<(i64, i64), Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let row = sqlx::query!(
            r#"select sold::bigint as "sold!", held::bigint as "held!" from pools where organization_id = $1 and id = $2"#,
            hot.organization.get(),
            hot.pool.get()
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((row.sold, row.held))
    }

    pub async fn backlog(&self) -> Result<Backlog, Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let row = sqlx::query!(
            r#"
            select (select count(*) from outbox) as "announcements!",
                   (select count(*) from jobs where dead_at is null and run_at <= $1) as "jobs!",
                   (select count(*) from jobs where dead_at is not null) as "dead!",
                   (select count(*) from mails where state = 'queued') as "mails!",
                   (select count(*) from payments where state = 'processing') as "payments!"
            "#,
            at(self.sv.now()) as _
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Backlog {
            announcements: row.announcements,
            jobs: row.jobs,
            dead: row.dead,
            mails: row.mails,
            payments: row.payments,
        })
    }

    /// Announcements that wait.
    pub async fn waiting_announcements(&self) -> Result<i64, Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let count = sqlx::query_scalar!(r#"select count(*) as "count!" from outbox"#)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(count)
    }

    /// Scans of an event that were recorded.
    pub async fn scans(&self, event: EventId) -> Result<i64, Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from check_ins where event_id = $1 and outcome = 'accepted'"#,
            event.get()
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(count)
    }

    /// Which of these holds, named by their tokens, do not exist. Positions in what was given.
    pub async fn missing_holds(&self, tokens: &[String]) -> Result<Vec<usize>, Unexpected> {
        let hashes: Vec<Vec<u8>> = tokens.iter().map(|token| seal::hash(token)).collect();
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let rows = sqlx::query_scalar!(
            r#"
            select a.n as "n!" from unnest($1::bytea[]) with ordinality as a (hash, n)
            where not exists (select from holds h where h.token_hash = a.hash)
            "#,
            &hashes
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(positions(rows))
    }

    /// Which of these orders, named by their secrets, do not exist.
    pub async fn missing_orders(&self, secrets: &[String]) -> Result<Vec<usize>, Unexpected> {
        let hashes: Vec<Vec<u8>> = secrets.iter().map(|secret| seal::hash(secret)).collect();
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let rows = sqlx::query_scalar!(
            r#"
            select a.n as "n!" from unnest($1::bytea[]) with ordinality as a (hash, n)
            where not exists (select from orders o where o.secret_hash = a.hash)
            "#,
            &hashes
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(positions(rows))
    }

    /// Which of these orders have not been paid for, neither in time nor late and sent back.
    pub async fn unpaid_orders(&self, secrets: &[String]) -> Result<Vec<usize>, Unexpected> {
        let hashes: Vec<Vec<u8>> = secrets.iter().map(|secret| seal::hash(secret)).collect();
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let rows = sqlx::query_scalar!(
            r#"
            select a.n as "n!" from unnest($1::bytea[]) with ordinality as a (hash, n)
            where not exists (
                select from orders o join payments p on p.order_id = o.id
                where o.secret_hash = a.hash and p.state in ('succeeded', 'refunded')
            )
            "#,
            &hashes
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(positions(rows))
    }

    /// Paid orders of the event without the mail that confirms them.
    pub async fn orders_without_mail(&self, hot: &HotEvent) -> Result<i64, Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let count = sqlx::query_scalar!(
            r#"
            select count(*) as "count!" from orders o
            where o.organization_id = $1 and o.event_id = $2 and o.state = 'paid'
              and not exists (select from mails m where m.order_id = o.id and m.kind = 'order_confirmed')
            "#,
            hot.organization.get(),
            hot.event.get()
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(count)
    }

    /// Orders and payments that came of these holds: how many orders, how many payments in all.
    pub async fn effects(&self, secrets: &[String]) -> Result<(i64, i64), Unexpected> {
        let hashes: Vec<Vec<u8>> = secrets.iter().map(|secret| seal::hash(secret)).collect();
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let row = sqlx::query!(
            r#"
            select (select count(*) from orders where secret_hash = any($1)) as "orders!",
                   (select count(*) from payments p join orders o on o.id = p.order_id
                    where o.secret_hash = any($1)) as "payments!"
            "#,
            &hashes
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((row.orders, row.payments))
    }
}

/// From PostgreSQL's count, which begins at one.
fn positions(rows: Vec<i64>) -> Vec<usize> {
    rows.into_iter()
        .filter_map(|n| usize::try_from(n - 1).ok())
        .collect()
}
