//! Holds the provider's book against ours: what does not agree becomes a case, what agrees again closes its own.

use std::collections::HashMap;

use domain::{
    books::{CaseKind, CaseState},
    ids::{OrderId, OrganizationId},
    when::{Timestamp, shift},
};
use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use super::{
    BookError, HowFar, Side, book_due, clearing,
    differences::{Difference, differences, side},
    read,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    ports::PortError,
    rows::{at, coded},
};

/// More single differences than this are not told one by one; nothing is closed then, as it may be among the rest.
const MOST: usize = 2_000;
/// Portions of the book before the comparison: about a million lines.
const PORTIONS: usize = 2_000;

/// What a comparison found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub ours: i64,
    pub theirs: i64,
    /// Open cases after it.
    pub open: i64,
}

/// Reads what is new, books it and compares. What is younger than `patience` may still be on its way from one book to the
/// other.
#[tracing::instrument(skip_all)]
pub async fn compare(sv: &Services, patience: SignedDuration) -> Result<Outcome, BookError> {
    let began = sv.now();
    let mut whole = false;
    for _ in 0..PORTIONS {
        let read = read(sv, HowFar::Days).await?;
        whole = read.whole;
        if whole || read.busy {
            break;
        }
    }
    if !whole {
        let why = "the book was not read to its end".to_owned();
        return Err(PortError::Unavailable(why).into());
    }
    while book_due(sv).await? > 0 {}
    let balance = clearing::balance(sv).await?;
    while book_due(sv).await? > 0 {}
    let until = shift(began, -patience);
    let mut tx = sv.db.begin(Scope::System).await?;
    // One comparison writes cases at a time.
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtext('finance_cases'), hashtext($1))",
        sv.payments.provider()
    )
    .fetch_one(&mut *tx)
    .await?;
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut found = differences(sv, &mut tx, until, limit).await?;
    let all = found.len() <= MOST;
    found.truncate(MOST);
    found.extend(clearing::clearing(sv, &mut tx, until).await?);
    let balance_known = balance.is_some();
    found.extend(balance.into_iter().flatten());
    write(sv, &mut tx, &found, began, |kind| {
        all && (balance_known || kind != CaseKind::BookIncomplete)
    })
    .await?;
    let outcome = count(sv, &mut tx).await?;
    tx.commit().await?;
    if outcome.open > 0 {
        tracing::error!(
            cases.open = outcome.open,
            "our books and the provider's do not agree"
        );
    }
    Ok(outcome)
}

struct Known {
    id: Uuid,
    state: CaseState,
    ours: Option<Side>,
    theirs: Option<Side>,
}

/// Opens, keeps, opens again and closes cases.
async fn write(
    sv: &Services,
    tx: &mut Tx,
    found: &[Difference],
    now: Timestamp,
    may_close: impl Fn(CaseKind) -> bool,
) -> Result<(), Unexpected> {
    let mut known = known(sv, tx).await?;
    for one in found {
        let key = (one.kind, one.subject.clone());
        match known.remove(&key) {
            None => open(sv, tx, one, now).await?,
            Some(case) => {
                let same = Side::same(case.ours.as_ref(), one.ours.as_ref())
                    && Side::same(case.theirs.as_ref(), one.theirs.as_ref());
                seen(tx, &case, one, case.state.found(same), now).await?;
            }
        }
    }
    let gone: Vec<Uuid> = known
        .into_iter()
        .filter(|((kind, _), case)| case.state != CaseState::Solved && may_close(*kind))
        .map(|(_, case)| case.id)
        .collect();
    sqlx::query!(
        "update finance_cases set state = $2, solved_at = $3 where id = any($1)",
        &gone,
        CaseState::Open.gone().code(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn known(
    sv: &Services,
    tx: &mut Tx,
) -> Result<HashMap<(CaseKind, String), Known>, Unexpected> {
    let rows = sqlx::query!(
        "select id, kind, subject, state, ours, theirs from finance_cases where provider = $1",
        sv.payments.provider()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let known = Known {
                id: row.id,
                state: coded("finance_cases", row.id, &row.state)?,
                ours: side(&row.subject, row.ours)?,
                theirs: side(&row.subject, row.theirs)?,
            };
            Ok((
                (coded("finance_cases", row.id, &row.kind)?, row.subject),
                known,
            ))
        })
        .collect()
}

async fn open(
    sv: &Services,
    tx: &mut Tx,
    one: &Difference,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into finance_cases (id, provider, kind, subject, organization_id, order_id, ours, theirs, state, first_seen_at,
                                   last_seen_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        "#,
        sv.new_id(),
        sv.payments.provider(),
        one.kind.code(),
        one.subject,
        one.organization.map(OrganizationId::get),
        one.order.map(OrderId::get),
        json(one.ours.as_ref())?,
        json(one.theirs.as_ref())?,
        CaseState::Open.code(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn seen(
    tx: &mut Tx,
    case: &Known,
    one: &Difference,
    state: CaseState,
    now: Timestamp,
) -> Result<(), Unexpected> {
    // What was said about other figures, or before it was gone, says nothing about these.
    let anew = state == CaseState::Open && case.state != CaseState::Open;
    sqlx::query!(
        r#"
        update finance_cases
        set state = $2, ours = $3, theirs = $4, last_seen_at = $5, solved_at = null, times = times + $6,
            organization_id = coalesce($7, organization_id), order_id = coalesce($8, order_id)
        where id = $1
        "#,
        case.id,
        state.code(),
        json(one.ours.as_ref())?,
        json(one.theirs.as_ref())?,
        at(now) as _,
        i32::from(anew),
        one.organization.map(OrganizationId::get),
        one.order.map(OrderId::get)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn json(side: Option<&Side>) -> Result<Option<Value>, Unexpected> {
    side.map(serde_json::to_value)
        .transpose()
        .map_err(|e| Unexpected::new("a side of a case", e))
}

async fn count(sv: &Services, tx: &mut Tx) -> Result<Outcome, Unexpected> {
    let row = sqlx::query!(
        r#"
        select (select count(*) from payments where provider = $1 and state in ('succeeded', 'refunded'))
               + (select count(distinct reference) from refund_tries where provider = $1) as "ours!",
               (select count(*) from provider_book where provider = $1) as "theirs!",
               (select count(*) from finance_cases where provider = $1 and state = 'open') as "open!"
        "#,
        sv.payments.provider()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Outcome {
        ours: row.ours,
        theirs: row.theirs,
        open: row.open,
    })
}
