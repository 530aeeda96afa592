//! What an organization asks of those who work for it.

use super::OrganizerError;
use crate::{
    Services, Unexpected, audit,
    permit::{self, ManageSecurity, Permit},
    session::Session,
};

/// Whether members need a second factor.
pub async fn second_factor_required(
    sv: &Services,
    permit: &Permit<ManageSecurity>,
) -> Result<bool, OrganizerError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let required = sqlx::query_scalar!(
        "select second_factor_required from organizations where id = $1",
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    required.ok_or(OrganizerError::NotFound)
}

/// Asks all members for a second factor, or no longer; needs a fresh proof. Only somebody who has one may: they would shut
/// themselves out.
#[tracing::instrument(skip_all)]
pub async fn require_second_factor(
    sv: &Services,
    permit: &Permit<ManageSecurity>,
    session: &Session,
    required: bool,
) -> Result<(), OrganizerError> {
    permit::fresh(sv, session)?;
    if required && !session.has_second_factor {
        return Err(OrganizerError::SecondFactorFirst);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        "update organizations set second_factor_required = $2 where id = $1",
        permit.organization().get(),
        required
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "organization.require_second_factor",
        subject_kind: "organization",
        subject: permit.organization().to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "second_factor_required": required })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
