//! Somebody says why a difference is as it is. It stays, and no longer turns the light red.

use domain::{
    books::{CaseError, CaseState},
    text::{Fault, FieldErrors, block},
};
use uuid::Uuid;

use crate::{
    Services, Unexpected, audit,
    permit::PlatformPermit,
    rows::{at, coded},
};

#[derive(Debug, Clone)]
pub struct ExplainCase {
    pub case: Uuid,
    pub note: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ExplainCaseError {
    #[error("no such case")]
    NotFound,
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<sqlx::Error> for ExplainCaseError {
    fn from(e: sqlx::Error) -> Self {
        Self::Unexpected(e.into())
    }
}

/// Holds for the figures of now: with others the case is open again.
#[tracing::instrument(skip_all, fields(case = %cmd.case))]
pub async fn explain(
    sv: &Services,
    permit: &PlatformPermit,
    cmd: &ExplainCase,
) -> Result<(), ExplainCaseError> {
    let mut errors = FieldErrors::new();
    let note = errors.field("note", note(&cmd.note));
    errors.finish()?;
    let note = note.unwrap_or_default();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        "select kind, subject, state, note from finance_cases where id = $1 for update",
        cmd.case
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(ExplainCaseError::NotFound)?;
    let before: CaseState = coded("finance_cases", cmd.case, &row.state)?;
    let state = before.explain()?;
    sqlx::query!(
        "update finance_cases set state = $2, note = $3, explained_by = $4, explained_at = $5 where id = $1",
        cmd.case,
        state.code(),
        note,
        permit.actor().get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "finance.explain",
        subject_kind: "finance_case",
        subject: format!("{} {}", row.kind, row.subject),
        reason: &note,
        before: Some(serde_json::json!({ "state": before.code(), "note": row.note })),
        after: Some(serde_json::json!({ "state": state.code() })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Long enough to say something.
fn note(text: &str) -> Result<String, Fault> {
    let note = block(text, 1_000)?;
    if note.chars().count() < 10 {
        return Err(Fault::TooShort { min: 10 });
    }
    Ok(note)
}
