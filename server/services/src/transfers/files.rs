//! The files that were uploaded.

use domain::{
    money::{Currency, Money},
    transfers::{Reference, Statement},
    when::Timestamp,
};
use jiff::civil::Date;
use uuid::Uuid;

use super::{take_in::Told, upload};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::{PlatformPermit, Proven},
    rows::{at, coded},
};

/// So many lines of a file that is not taken in are shown.
const PREVIEW: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    pub id: Uuid,
    pub format: String,
    pub account: String,
    pub lines: u32,
    pub credits: Money,
    pub debits: Money,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    pub days: Option<(Date, Date)>,
    pub uploaded_at: Timestamp,
    pub uploaded_by: String,
    pub taken_in_at: Option<Timestamp>,
    /// How many of its lines no file had brought before.
    pub new_lines: Option<u32>,
}

/// A file, and what stands in it as long as it is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    pub row: FileRow,
    pub preview: Vec<PreviewLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    pub booked_on: Date,
    pub amount: Money,
    pub told: Told,
    /// Ours, where it names one.
    pub reference: Option<Reference>,
}

struct Row {
    id: Uuid,
    format: String,
    account: String,
    currency: String,
    lines: i32,
    credits_minor: i64,
    debits_minor: i64,
    opening_minor: Option<i64>,
    closing_minor: Option<i64>,
    first_on: Option<String>,
    last_on: Option<String>,
    uploaded_at: jiff_sqlx::Timestamp,
    by: String,
    taken_in_at: Option<jiff_sqlx::Timestamp>,
    new_lines: Option<i32>,
}

impl TryFrom<Row> for FileRow {
    type Error = Unexpected;

    fn try_from(row: Row) -> Result<Self, Unexpected> {
        let currency: Currency = coded("bank_files", row.id, &row.currency)?;
        let money = |minor| Money::new(minor, currency);
        let day = |text: Option<String>| -> Result<Option<Date>, Unexpected> {
            text.map(|text| coded("bank_files", row.id, &text))
                .transpose()
        };
        let count = |n: i32| u32::try_from(n).unwrap_or_default();
        Ok(Self {
            id: row.id,
            format: row.format,
            account: row.account,
            lines: count(row.lines),
            credits: money(row.credits_minor),
            debits: money(row.debits_minor),
            opening: row.opening_minor.map(money),
            closing: row.closing_minor.map(money),
            days: day(row.first_on)?.zip(day(row.last_on)?),
            uploaded_at: row.uploaded_at.to_jiff(),
            uploaded_by: row.by,
            taken_in_at: row.taken_in_at.map(|at| at.to_jiff()),
            new_lines: row.new_lines.map(count),
        })
    }
}

/// Newest first.
pub async fn files(
    sv: &Services,
    permit: &PlatformPermit,
    cursor: Option<&str>,
    size: u16,
) -> Result<Page<FileRow>, Unexpected> {
    let (size, after) = (limit(size), Cursor::decode(cursor));
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"
        select f.id, f.format, f.account, f.currency, f.lines, f.credits_minor, f.debits_minor, f.opening_minor,
               f.closing_minor, f.first_on::text as first_on, f.last_on::text as last_on,
               f.uploaded_at as "uploaded_at: _", u.name as "by", f.taken_in_at as "taken_in_at: _", f.new_lines
        from bank_files f
        join users u on u.id = f.uploaded_by
        where $1::timestamptz is null or (f.uploaded_at, f.id) < ($1, $2)
        order by f.uploaded_at desc, f.id desc
        limit $3
        "#,
        after.map(|cursor| at(cursor.at)) as _,
        after.map(|cursor| cursor.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(FileRow::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, size, |row| Cursor {
        at: row.uploaded_at,
        id: row.id,
    }))
}

pub async fn file(
    sv: &Services,
    permit: &PlatformPermit,
    id: Uuid,
) -> Result<Option<FileView>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query_as!(
        Row,
        r#"
        select f.id, f.format, f.account, f.currency, f.lines, f.credits_minor, f.debits_minor, f.opening_minor,
               f.closing_minor, f.first_on::text as first_on, f.last_on::text as last_on,
               f.uploaded_at as "uploaded_at: _", u.name as "by", f.taken_in_at as "taken_in_at: _", f.new_lines
        from bank_files f
        join users u on u.id = f.uploaded_by
        where f.id = $1
        "#,
        id
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed = sqlx::query_scalar!("select sealed from bank_files where id = $1", id)
        .fetch_one(&mut *tx)
        .await?;
    tx.commit().await?;
    let statements: Vec<Statement> = match sealed {
        Some(sealed) => {
            let plain = sv.seal.open(&upload::place(id), &sealed)?;
            serde_json::from_slice(&plain).map_err(|e| Unexpected::bad_row("bank_files", id, e))?
        }
        None => Vec::new(),
    };
    let preview = statements
        .into_iter()
        .flat_map(|statement| statement.lines)
        .take(PREVIEW)
        .map(|line| PreviewLine {
            booked_on: line.booked_on,
            amount: line.amount,
            reference: Reference::find_all(&line.text).into_iter().next(),
            told: Told {
                party: line.party,
                account: line.party_account,
                text: line.text,
            },
        })
        .collect();
    Ok(Some(FileView {
        row: row.try_into()?,
        preview,
    }))
}

/// A file that was uploaded by mistake, before it counts; whether there was one.
pub async fn discard(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    id: Uuid,
) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let gone = sqlx::query!(
        "delete from bank_files where id = $1 and taken_in_at is null",
        id
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(gone == 1)
}
