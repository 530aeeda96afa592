//! Reads the record, newest first.

use domain::{ids::OrganizationId, when::Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Scope,
    paging::{Cursor, Page, limit},
    permit::{Permit, PlatformPermit, ViewAudit},
};

/// What to look for; empty texts match everything.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Beginning of the action's name: `organization` or `organization.suspend`.
    pub action: String,
    /// Part of the actor's name or address, the organization's name, the subject or the reason.
    pub text: String,
    pub cursor: Option<String>,
    pub limit: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub id: Uuid,
    pub at: Timestamp,
    pub action: String,
    /// Name of who acted; `None` for the machine.
    pub actor: Option<String>,
    pub organization: Option<String>,
    pub subject_kind: String,
    pub subject: String,
    /// What the subject is called, if it is a person or an invitation.
    pub subject_name: Option<String>,
    pub reason: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Of all organizations and of the platform itself.
pub async fn list(
    sv: &Services,
    permit: &PlatformPermit,
    filter: &AuditFilter,
) -> Result<Page<AuditRow>, Unexpected> {
    find(sv, permit.scope(), None, filter, limit(filter.limit)).await
}

/// Of one organization.
pub async fn list_of(
    sv: &Services,
    permit: &Permit<ViewAudit>,
    filter: &AuditFilter,
) -> Result<Page<AuditRow>, Unexpected> {
    let organization = Some(permit.organization());
    find(
        sv,
        permit.scope(),
        organization,
        filter,
        limit(filter.limit),
    )
    .await
}

pub(super) async fn find(
    sv: &Services,
    scope: Scope,
    organization: Option<OrganizationId>,
    filter: &AuditFilter,
    size: usize,
) -> Result<Page<AuditRow>, Unexpected> {
    let after = Cursor::decode(filter.cursor.as_deref());
    let mut tx = sv.db.begin(scope).await?;
    let rows = sqlx::query!(
        r#"
        select a.id, a.occurred_at, a.action, a.subject_kind, a.subject_id, a.reason,
               a.before, a.after, u.name as "actor?", o.name as "organization?",
               coalesce(s.name, i.email) as subject_name
        from audit_entries a
        left join users u on u.id = a.actor_id
        left join organizations o on o.id = a.organization_id
        left join users s on s.id = case a.subject_kind when 'user' then a.subject_id::uuid end
        left join invitations i on i.id = case a.subject_kind when 'invitation' then a.subject_id::uuid end
        where ($1 = '' or a.action = $1 or starts_with(a.action, $1 || '.'))
          and ($2 = '' or concat_ws(' ', u.name, u.email, o.name, s.name, s.email, i.email, a.subject_id, a.reason)
                          ilike '%' || $2 || '%')
          and ($6::uuid is null or a.organization_id = $6)
          and ($3::timestamptz is null or (a.occurred_at, a.id) < ($3, $4))
        order by a.occurred_at desc, a.id desc
        limit $5
        "#,
        filter.action.trim(),
        crate::moderation::like(&filter.text),
        after.map(|c| jiff_sqlx::Timestamp::from(c.at)) as _,
        after.map(|c| c.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX),
        organization.map(OrganizationId::get)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| AuditRow {
            id: row.id,
            at: row.occurred_at.to_jiff(),
            action: row.action,
            actor: row.actor,
            organization: row.organization,
            subject_kind: row.subject_kind,
            subject: row.subject_id,
            subject_name: row.subject_name,
            reason: row.reason,
            before: row.before,
            after: row.after,
        })
        .collect();
    Ok(Page::cut(items, size, |row: &AuditRow| Cursor {
        at: row.at,
        id: row.id,
    }))
}
