//! The record of privileged actions: who did what to which thing, why, and how it looked before and after.
//! Append-only; written in the transaction of the action, signed, and linked into a chain by the worker afterwards.
//! Not for: what buyers do with their own orders.

mod export;
mod link;
mod list;
mod sign;
mod verify;

use domain::{
    ids::{OrganizationId, UserId},
    when::Timestamp,
};

pub use export::{export, export_all};
pub use link::link_due;
pub use list::{AuditFilter, AuditRow, list, list_of};
pub(crate) use verify::verify;

use crate::{Services, Unexpected, db::Tx, security_log};

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
    let id = sv.new_id();
    let organization = entry.organization.map(OrganizationId::get);
    let actor = entry.actor.map(UserId::get);
    // As exactly as the database keeps it, since it is part of what is signed.
    let at = Timestamp::from_microsecond(sv.now().as_microsecond())
        .map_err(|e| Unexpected::new("audit", e))?;
    let mac = sign::entry(
        &sv.seal,
        &sign::Signed {
            id,
            organization,
            actor,
            action: entry.action,
            subject_kind: entry.subject_kind,
            subject: &entry.subject,
            reason: entry.reason,
            before: entry.before.as_ref(),
            after: entry.after.as_ref(),
            at,
        },
    );
    sqlx::query!(
        r#"
        with entry as (
            insert into audit_entries (id, organization_id, actor_id, action, subject_kind, subject_id, reason,
                                       before, after, occurred_at, mac)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        )
        insert into audit_unlinked (entry_id, organization_id) values ($1, $2)
        "#,
        id,
        organization,
        actor,
        entry.action,
        entry.subject_kind,
        entry.subject,
        entry.reason,
        entry.before,
        entry.after,
        jiff_sqlx::Timestamp::from(at) as _,
        mac.as_slice()
    )
    .execute(&mut **tx)
    .await?;
    security_log::recorded(&entry);
    Ok(())
}
