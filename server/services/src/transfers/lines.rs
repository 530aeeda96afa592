//! Lines of statements: those that need somebody, and those of a file.

use domain::{money::Money, transfers::Reason};
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::take_in::{Told, place};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::PlatformPermit,
    rows::{coded, money},
};

/// Which lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that need somebody, the oldest first.
    ToDo,
    /// All that a file was the first to bring, the newest first.
    Of(Uuid),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    pub id: Uuid,
    pub booked_on: Date,
    pub amount: Money,
    pub state: String,
    /// Why somebody has to look.
    pub reason: Option<Reason>,
    /// Of the order it belongs to, or seems to.
    pub order: Option<String>,
    /// What is due there.
    pub due: Option<Money>,
    pub surplus: Money,
    pub note: String,
    pub told: Told,
    /// The order, or the refund, knows.
    pub applied: bool,
}

pub async fn lines(
    sv: &Services,
    permit: &PlatformPermit,
    which: Which,
    cursor: Option<&str>,
    size: u16,
) -> Result<Page<LineRow>, Unexpected> {
    let (size, after) = (limit(size), Cursor::decode(cursor));
    let day = after.map(|cursor| cursor.at.to_zoned(TimeZone::UTC).date().to_string());
    let (work, file) = match which {
        Which::ToDo => (true, None),
        Which::Of(file) => (false, Some(file)),
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select l.id, l.booked_on::text as "booked_on!", l.amount_minor, l.currency, l.state, l.reason, l.surplus_minor,
               l.note, l.sealed, l.applied_at is not null as "applied!", coalesce(o.code, ro.code) as order_code,
               p.amount_minor as "due_minor?", p.currency as "due_currency?"
        from bank_lines l
        left join payments p on p.id = l.payment_id
        left join orders o on o.id = p.order_id
        left join refunds r on r.id = l.refund_id
        left join orders ro on ro.id = r.order_id
        where ($1 and (l.state = 'open' or (l.surplus_minor > 0 and l.ended_at is null))
                and ($3::text is null or (l.booked_on, l.id) > ($3::text::date, $4)))
           or (l.file_id = $2 and ($3::text is null or (l.booked_on, l.id) < ($3::text::date, $4)))
        order by case when $1 then l.booked_on end, case when $1 then l.id end, l.booked_on desc, l.id desc
        limit $5
        "#,
        work,
        file,
        day,
        after.map(|cursor| cursor.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let plain = sv.seal.open(&place(row.id), &row.sealed)?;
            let told = serde_json::from_slice(&plain)
                .map_err(|e| Unexpected::bad_row("bank_lines", row.id, e))?;
            let due = row
                .due_minor
                .zip(row.due_currency)
                .map(|(minor, currency)| money("payments", row.id, minor, &currency))
                .transpose()?;
            let amount = money("bank_lines", row.id, row.amount_minor, &row.currency)?;
            Ok(LineRow {
                id: row.id,
                booked_on: coded("bank_lines", row.id, &row.booked_on)?,
                amount,
                state: row.state,
                reason: row
                    .reason
                    .map(|reason| coded("bank_lines", row.id, &reason))
                    .transpose()?,
                order: row.order_code,
                due,
                surplus: Money::new(row.surplus_minor, amount.currency),
                note: row.note,
                told,
                applied: row.applied,
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    Ok(Page::cut(items, size, |row| Cursor {
        at: row
            .booked_on
            .to_zoned(TimeZone::UTC)
            .map(|day| day.timestamp())
            .unwrap_or_default(),
        id: row.id,
    }))
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that need somebody.
    pub to_do: i64,
    /// Refunds that wait to be sent.
    pub refunds: i64,
    /// Orders that wait for a transfer.
    pub waiting: i64,
    /// Lines whose order or refund is still to be told.
    pub unapplied: i64,
}

pub async fn counts(sv: &Services, permit: &PlatformPermit) -> Result<Counts, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select (select count(*) from bank_lines where state = 'open' or (surplus_minor > 0 and ended_at is null)) as "to_do!",
               (select count(*) from bank_lines where applied_at is null and state in ('matched', 'assigned', 'refund'))
                   as "unapplied!",
               (select count(*) from refunds r join payments p on p.id = r.payment_id
                where r.state in ('pending', 'failed') and (r.state = 'failed' or p.provider = 'transfer')) as "refunds!",
               (select count(*) from payments p join orders o on o.id = p.order_id
                where p.provider = 'transfer' and p.state = 'created' and o.state = 'pending') as "waiting!"
        "#
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Counts {
        to_do: row.to_do,
        refunds: row.refunds,
        waiting: row.waiting,
        unapplied: row.unapplied,
    })
}
