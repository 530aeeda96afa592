//! Another key for an organization's tickets, when the operator asks for it: because the present one may be known, or is old.

use domain::ids::OrganizationId;

use super::keys;
use crate::{Services, Unexpected, audit, db::Scope};

/// Tickets are signed with a new key from now on; those out there stay good. The number of the new key; `None`: there is no
/// such organization.
#[tracing::instrument(skip_all)]
pub async fn rotate_keys(
    sv: &Services,
    organization: &str,
    reason: &str,
) -> Result<Option<i32>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let id = sqlx::query_scalar!("select id from organizations where slug = $1", organization)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(id) = id.map(OrganizationId::new) else {
        return Ok(None);
    };
    let signer = keys::rotate(sv, &mut tx, id).await?;
    let entry = audit::Entry {
        actor: None,
        organization: Some(id),
        action: "organization.rotate_ticket_keys",
        subject_kind: "organization",
        subject: id.to_string(),
        reason,
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(Some(signer.key_id()))
}
