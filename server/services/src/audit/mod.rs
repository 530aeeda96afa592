//! The record of privileged actions: who did what to which thing, why, and how it looked before and after.
//! Append-only; written in the transaction of the action. Not for: what buyers do with their own orders.

mod list;

use domain::ids::{OrganizationId, UserId};

pub use list::{AuditFilter, AuditRow, list};

use crate::{Services, Unexpected, db::Tx};

/// One action to be recorded.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// `None` for the machine.
    pub actor: Option<UserId>,
    /// Whose tenant it concerns, if one.
    pub organization: Option<OrganizationId>,
    /// Noun and verb: `organization.suspend`.
    pub action: &'static str,
    pub subject_kind: &'static str,
    pub subject: String,
    pub reason: &'a str,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// Records an action; it stands if and only if the action does.
pub async fn append(sv: &Services, tx: &mut Tx, entry: Entry<'_>) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into audit_entries (id, organization_id, actor_id, action, subject_kind, subject_id, reason,
                                   before, after, occurred_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        sv.new_id(),
        entry.organization.map(OrganizationId::get),
        entry.actor.map(UserId::get),
        entry.action,
        entry.subject_kind,
        entry.subject,
        entry.reason,
        entry.before,
        entry.after,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
