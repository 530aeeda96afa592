//! Stops an organization: its pages and sales end at once; sold tickets still scan and buyers keep their orders.

use domain::ids::OrganizationId;
use serde_json::json;

use super::{ModerationError, reason};
use crate::{
    Services, Unexpected,
    audit::{self, Entry},
    outbox::{self, Announcement},
    permit::PlatformPermit,
};

pub async fn suspend_organization(
    sv: &Services,
    permit: &PlatformPermit,
    organization: OrganizationId,
    why: &str,
) -> Result<(), ModerationError> {
    change(
        sv,
        permit,
        organization,
        why,
        ("active", "suspended"),
        "organization.suspend",
    )
    .await
}

pub async fn restore_organization(
    sv: &Services,
    permit: &PlatformPermit,
    organization: OrganizationId,
    why: &str,
) -> Result<(), ModerationError> {
    change(
        sv,
        permit,
        organization,
        why,
        ("suspended", "active"),
        "organization.restore",
    )
    .await
}

async fn change(
    sv: &Services,
    permit: &PlatformPermit,
    organization: OrganizationId,
    why: &str,
    (from, to): (&'static str, &'static str),
    action: &'static str,
) -> Result<(), ModerationError> {
    let why = reason(why)?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let state = sqlx::query_scalar!(
        "select state from organizations where id = $1 for update",
        organization.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(ModerationError::NotFound)?;
    if state != from {
        return Err(ModerationError::Already);
    }
    let suspended = to == "suspended";
    sqlx::query!(
        "update organizations set state = $2, suspended_at = $3, suspended_reason = $4 where id = $1",
        organization.get(),
        to,
        suspended.then(|| jiff_sqlx::Timestamp::from(sv.now())) as _,
        suspended.then_some(why.as_str())
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = Entry {
        actor: Some(permit.actor()),
        organization: Some(organization),
        action,
        subject_kind: "organization",
        subject: organization.to_string(),
        reason: &why,
        before: Some(json!({ "state": from })),
        after: Some(json!({ "state": to })),
    };
    audit::append(sv, &mut tx, entry).await?;
    let announcement = Announcement::OrganizationChanged {
        organization: organization.get(),
    };
    outbox::append(sv, &mut tx, organization, &announcement).await?;
    tx.commit().await?;
    Ok(())
}
