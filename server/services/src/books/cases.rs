//! Differences that were found, for the platform's pages.

use domain::{
    books::{CaseKind, CaseState},
    when::Timestamp,
};
use uuid::Uuid;

use super::{Side, differences::side};
use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::PlatformPermit,
    rows::{at, coded},
};

/// A difference and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: Uuid,
    pub kind: CaseKind,
    pub subject: String,
    pub organization: Option<String>,
    pub order_code: Option<String>,
    pub ours: Option<Side>,
    pub theirs: Option<Side>,
    pub state: CaseState,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub solved_at: Option<Timestamp>,
    /// How often it was found anew.
    pub times: i32,
    pub note: String,
    pub explained_by: Option<String>,
    pub explained_at: Option<Timestamp>,
}

/// Which cases: all, or those in a state.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    pub state: Option<CaseState>,
    pub after: Option<String>,
    pub size: u16,
}

/// The latest first.
pub async fn cases(
    sv: &Services,
    permit: &PlatformPermit,
    which: &Cases,
) -> Result<Page<Case>, Unexpected> {
    let (size, after) = (limit(which.size), Cursor::decode(which.after.as_deref()));
    let found = find(sv, permit, None, which.state, after, size + 1).await?;
    Ok(Page::cut(found, size, |case| Cursor {
        at: case.last_seen_at,
        id: case.id,
    }))
}

/// One of them.
pub async fn case(
    sv: &Services,
    permit: &PlatformPermit,
    id: Uuid,
) -> Result<Option<Case>, Unexpected> {
    Ok(find(sv, permit, Some(id), None, None, 1).await?.pop())
}

async fn find(
    sv: &Services,
    permit: &PlatformPermit,
    id: Option<Uuid>,
    state: Option<CaseState>,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Case>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select c.id, c.kind, c.subject, c.ours, c.theirs, c.state, c.first_seen_at, c.last_seen_at, c.solved_at, c.times,
               c.note, c.explained_at, g.name as "organization?", o.code as "code?", u.name as "explained_by?"
        from finance_cases c
        left join organizations g on g.id = c.organization_id
        left join orders o on o.id = c.order_id
        left join users u on u.id = c.explained_by
        where ($1::uuid is null or c.id = $1) and ($2::text is null or c.state = $2)
          and ($3::timestamptz is null or (c.last_seen_at, c.id) < ($3, $4))
        order by c.last_seen_at desc, c.id desc
        limit $5
        "#,
        id,
        state.map(CaseState::code),
        after.map(|c| at(c.at)) as _,
        after.map(|c| c.id),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(Case {
                id: row.id,
                kind: coded("finance_cases", row.id, &row.kind)?,
                ours: side(&row.subject, row.ours)?,
                theirs: side(&row.subject, row.theirs)?,
                subject: row.subject,
                organization: row.organization,
                order_code: row.code,
                state: coded("finance_cases", row.id, &row.state)?,
                first_seen_at: row.first_seen_at.to_jiff(),
                last_seen_at: row.last_seen_at.to_jiff(),
                solved_at: row.solved_at.map(|at| at.to_jiff()),
                times: row.times,
                note: row.note,
                explained_by: row.explained_by,
                explained_at: row.explained_at.map(|at| at.to_jiff()),
            })
        })
        .collect()
}
