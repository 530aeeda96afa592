//! Reads the provider's book, page by page from the newest line backwards, and keeps each line once.
//!
//! A walk reads everything since the one before it began, and some time before that: a line may show itself late. It is
//! written down after each page how far it has come, so that it goes on where it was broken off.

use domain::when::{Timestamp, shift};
use jiff::SignedDuration;

use super::BookError;
use crate::{Services, Unexpected, db::Scope, ports::BookLine, rows::at};

/// Pages of one portion.
const PAGES: usize = 10;
/// Whoever reads has it for so long.
const LEASE: SignedDuration = SignedDuration::from_mins(3);

/// How far back a walk reads once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowFar {
    /// Some hours: what is new.
    New,
    /// Some days, for the comparison at night.
    Days,
}

impl HowFar {
    fn overlap(self) -> SignedDuration {
        match self {
            Self::New => SignedDuration::from_hours(2),
            Self::Days => SignedDuration::from_hours(24 * 5),
        }
    }
}

/// What a portion came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Read {
    /// Lines that were not known before.
    pub new: u64,
    /// The walk is at its end: everything was read.
    pub whole: bool,
    /// Somebody else is reading.
    pub busy: bool,
}

struct Walk {
    from: Option<Timestamp>,
    began: Timestamp,
    after: Option<String>,
}

/// Reads a portion; nothing where the provider keeps no book.
#[tracing::instrument(skip_all)]
pub async fn read(sv: &Services, how: HowFar) -> Result<Read, BookError> {
    if !sv.payments.keeps_book() {
        return Ok(Read {
            whole: true,
            ..Read::default()
        });
    }
    let Some(mut walk) = take(sv, how).await? else {
        return Ok(Read {
            busy: true,
            ..Read::default()
        });
    };
    let mut done = Read::default();
    let outcome = pages(sv, &mut walk, &mut done).await;
    // However it went, what was read need not be read again.
    give(sv, &walk, done.whole).await?;
    outcome.map(|()| done)
}

async fn pages(sv: &Services, walk: &mut Walk, done: &mut Read) -> Result<(), BookError> {
    for _ in 0..PAGES {
        let page = sv
            .payments
            .book_page(walk.from, walk.after.as_deref())
            .await?;
        done.new += keep(sv, &page.lines).await?;
        if let Some(last) = page.lines.last() {
            walk.after = Some(last.reference.clone());
        }
        // A page without a line leads nowhere, whatever it says.
        done.whole = !page.more || page.lines.is_empty();
        if done.whole {
            break;
        }
    }
    Ok(())
}

/// Goes on with the walk that was begun, or begins one; `None` while somebody else is at it.
async fn take(sv: &Services, how: HowFar) -> Result<Option<Walk>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "insert into provider_book_reads (provider) values ($1) on conflict do nothing",
        sv.payments.provider()
    )
    .execute(&mut *tx)
    .await?;
    let row = sqlx::query!(
        r#"
        update provider_book_reads set leased_until = $3
        where provider = $1 and (leased_until is null or leased_until < $2)
        returning read_to, walk_from, walk_began_at, walk_after
        "#,
        sv.payments.provider(),
        at(now) as _,
        at(shift(now, LEASE)) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| match row.walk_began_at {
        Some(began) => Walk {
            from: row.walk_from.map(|at| at.to_jiff()),
            began: began.to_jiff(),
            after: row.walk_after,
        },
        None => Walk {
            from: row
                .read_to
                .map(|read| shift(read.to_jiff(), -how.overlap())),
            began: now,
            after: None,
        },
    }))
}

/// Writes down how far it has come, and lets others read.
async fn give(sv: &Services, walk: &Walk, whole: bool) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        r#"
        update provider_book_reads
        set read_to = case when $5 then $3 else read_to end,
            walk_from = case when $5 then null else $2::timestamptz end,
            walk_began_at = case when $5 then null else $3::timestamptz end,
            walk_after = case when $5 then null else $4 end,
            leased_until = null
        where provider = $1
        "#,
        sv.payments.provider(),
        walk.from.map(at) as _,
        at(walk.began) as _,
        walk.after,
        whole
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Keeps lines that are not kept yet; how many these were.
async fn keep(sv: &Services, lines: &[BookLine]) -> Result<u64, Unexpected> {
    if lines.is_empty() {
        return Ok(0);
    }
    let mut columns = Columns::default();
    for line in lines {
        columns.add(line);
    }
    let mut tx = sv.db.begin(Scope::System).await?;
    let kept = sqlx::query!(
        r#"
        insert into provider_book (provider, reference, kind, name, currency, amount_minor, fee_minor, original_minor,
                                   original_currency, source, parent, charge_ref, occurred_at, kept_at)
        select $1, n.reference, n.kind, n.name, n.currency, n.amount, n.fee, n.original, n.original_currency, n.source,
               n.parent, n.charge_ref, n.at, $2
        from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[],
                    $11::text[], $12::text[], $13::text[], $14::timestamptz[])
            as n (reference, kind, name, currency, amount, fee, original, original_currency, source, parent, charge_ref, at)
        on conflict on constraint provider_book_pkey do nothing
        "#,
        sv.payments.provider(),
        at(sv.now()) as _,
        &columns.references,
        &columns.kinds,
        &columns.names,
        &columns.currencies,
        &columns.amounts,
        &columns.fees,
        &columns.originals as &[Option<i64>],
        &columns.original_currencies as &[Option<String>],
        &columns.sources as &[Option<String>],
        &columns.parents as &[Option<String>],
        &columns.charges as &[Option<String>],
        &columns.times as _
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(kept)
}

#[derive(Default)]
struct Columns {
    references: Vec<String>,
    kinds: Vec<String>,
    names: Vec<String>,
    currencies: Vec<String>,
    amounts: Vec<i64>,
    fees: Vec<i64>,
    originals: Vec<Option<i64>>,
    original_currencies: Vec<Option<String>>,
    sources: Vec<Option<String>>,
    parents: Vec<Option<String>>,
    charges: Vec<Option<String>>,
    times: Vec<jiff_sqlx::Timestamp>,
}

impl Columns {
    fn add(&mut self, line: &BookLine) {
        self.references.push(line.reference.clone());
        self.kinds.push(line.kind.code().to_owned());
        self.names.push(line.name.clone());
        self.currencies.push(line.amount.currency.to_string());
        self.amounts.push(line.amount.minor);
        self.fees.push(line.fee.minor);
        self.originals.push(line.original.map(|money| money.minor));
        let currency = line.original.map(|money| money.currency.to_string());
        self.original_currencies.push(currency);
        self.sources.push(line.source.clone());
        self.parents.push(line.parent.clone());
        self.charges.push(line.charge_ref.clone());
        self.times.push(at(line.at));
    }
}
