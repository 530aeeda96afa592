//! When the provider's book is read and compared: by itself, every night, and when somebody asks.

use domain::when::{Timestamp, shift};
use jiff::{SignedDuration, ToSpan, civil::Time, tz::TimeZone};
use uuid::Uuid;

use super::{
    BookError, HowFar, book_due,
    compare::{Outcome, compare},
    read,
};
use crate::{Services, Unexpected, audit, db::Scope, permit::PlatformPermit, rows::at};

/// How often the book is read.
const READ_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// The hour of the comparison (UTC).
const NIGHT: i8 = 3;
/// A comparison that has said nothing for so long came to nothing.
const TOO_LONG: SignedDuration = SignedDuration::from_mins(45);
/// What is younger may still be on its way from one book to the other.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub asked_at: Timestamp,
    /// `None`: it goes on.
    pub ended_at: Option<Timestamp>,
    pub ours: i64,
    pub theirs: i64,
    /// Why it came to nothing; empty: it did not.
    pub error: String,
}

/// How our books and the provider's stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub provider: &'static str,
    /// There is a book to compare with.
    pub keeps_book: bool,
    /// The last that came to its end.
    pub last: Option<Comparison>,
    /// One is asked for, or goes on.
    pub under_way: bool,
    pub open: i64,
    pub explained: i64,
}

/// For the platform's pages.
pub async fn standing(sv: &Services, permit: &PlatformPermit) -> Result<Standing, Unexpected> {
    let provider = sv.payments.provider();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let last = sqlx::query!(
        r#"
        select asked_at, ended_at, ours, theirs, error from finance_comparisons
        where provider = $1 and state in ('done', 'failed')
        order by asked_at desc limit 1
        "#,
        provider
    )
    .fetch_optional(&mut *tx)
    .await?;
    let counts = sqlx::query!(
        r#"
        select (select count(*) from finance_cases where provider = $1 and state = 'open') as "open!",
               (select count(*) from finance_cases where provider = $1 and state = 'explained') as "explained!",
               exists (select from finance_comparisons where provider = $1 and state in ('wanted', 'running')) as "under_way!"
        "#,
        provider
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Standing {
        provider,
        keeps_book: sv.payments.keeps_book(),
        last: last.map(|row| Comparison {
            asked_at: row.asked_at.to_jiff(),
            ended_at: row.ended_at.map(|at| at.to_jiff()),
            ours: row.ours,
            theirs: row.theirs,
            error: row.error,
        }),
        under_way: counts.under_way,
        open: counts.open,
        explained: counts.explained,
    })
}

/// Somebody wants to know now. Asked again while one goes on, it is that one.
#[tracing::instrument(skip_all)]
pub async fn ask(sv: &Services, permit: &PlatformPermit) -> Result<(), Unexpected> {
    if !sv.payments.keeps_book() {
        return Ok(());
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        r#"
        insert into finance_comparisons (id, provider, state, asked_by, asked_at) values ($1, $2, 'wanted', $3, $4)
        on conflict (provider) where state in ('wanted', 'running') do nothing
        "#,
        sv.new_id(),
        sv.payments.provider(),
        permit.actor().get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "finance.compare",
        subject_kind: "provider",
        subject: sv.payments.provider().to_owned(),
        reason: "",
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await
}

/// The worker's portion; whether there is more to do at once.
pub async fn turn(sv: &Services) -> Result<bool, Unexpected> {
    if !sv.payments.keeps_book() {
        return Ok(false);
    }
    let mut more = false;
    if read_is_due(sv).await? {
        match read(sv, HowFar::New).await {
            Ok(done) => more = !done.whole && !done.busy,
            Err(BookError::Port(e)) => {
                tracing::warn!(error = %e, "the provider's book cannot be read")
            }
            Err(BookError::Unexpected(e)) => return Err(e),
        }
    }
    more |= book_due(sv).await? > 0;
    want_nightly(sv).await?;
    let Some(id) = claim(sv).await? else {
        return Ok(more);
    };
    match compare(sv, PATIENCE).await {
        Ok(found) => end(sv, id, found, "").await?,
        Err(e) => {
            tracing::warn!(error = %e, "our books could not be compared with the provider's");
            let why: String = e.to_string().chars().take(500).collect();
            end(sv, id, Outcome::default(), &why).await?;
        }
    }
    Ok(true)
}

async fn read_is_due(sv: &Services) -> Result<bool, Unexpected> {
    let before = shift(sv.now(), -READ_EVERY);
    let mut tx = sv.db.begin(Scope::System).await?;
    let fresh = sqlx::query_scalar!(
        r#"
        select exists (
            select from provider_book_reads where provider = $1 and read_to > $2 and walk_began_at is null
        ) as "fresh!"
        "#,
        sv.payments.provider(),
        at(before) as _
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(!fresh)
}

/// The last time that the night's hour began.
fn last_night(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(TimeZone::UTC).date();
    let hour = |day: jiff::civil::Date| {
        day.to_datetime(Time::constant(NIGHT, 0, 0, 0))
            .to_zoned(TimeZone::UTC)
            .map_or(now, |at| at.timestamp())
    };
    let begun = hour(today);
    if begun <= now {
        begun
    } else {
        hour(today.saturating_sub(1.day()))
    }
}

async fn want_nightly(sv: &Services) -> Result<(), Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        r#"
        insert into finance_comparisons (id, provider, state, asked_at)
        select $1, $2, 'wanted', $3
        where not exists (
            select from finance_comparisons where provider = $2 and asked_by is null and asked_at >= $4
        )
        on conflict (provider) where state in ('wanted', 'running') do nothing
        "#,
        sv.new_id(),
        sv.payments.provider(),
        at(now) as _,
        at(last_night(now)) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The comparison that waits, if nobody has it.
async fn claim(sv: &Services) -> Result<Option<Uuid>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let id = sqlx::query_scalar!(
        r#"
        update finance_comparisons set state = 'running', started_at = $2
        where id = (
            select id from finance_comparisons
            where provider = $1 and (state = 'wanted' or (state = 'running' and started_at < $3))
            limit 1 for update skip locked
        )
        returning id
        "#,
        sv.payments.provider(),
        at(now) as _,
        at(shift(now, -TOO_LONG)) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

async fn end(sv: &Services, id: Uuid, found: Outcome, error: &str) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        r#"
        update finance_comparisons
        set state = $2, ended_at = $3, ours = $4, theirs = $5, open_cases = $6, error = $7
        where id = $1 and state = 'running'
        "#,
        id,
        if error.is_empty() { "done" } else { "failed" },
        at(sv.now()) as _,
        found.ours,
        found.theirs,
        found.open,
        error
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_begins_at_its_hour() {
        let night = |now: &str| last_night(now.parse().unwrap()).to_string();
        assert_eq!(night("2026-11-28T02:59:59Z"), "2026-11-27T03:00:00Z");
        assert_eq!(night("2026-11-28T03:00:00Z"), "2026-11-28T03:00:00Z");
        assert_eq!(night("2026-11-28T23:00:00Z"), "2026-11-28T03:00:00Z");
    }
}
