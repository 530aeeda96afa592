//! An organization need not wait until the register is asked again by itself.

use jiff::SignedDuration;

use crate::{
    Services, Unexpected,
    permit::{ManageOrganization, Permit},
    rows::at,
    throttle::{self, Limit, TooMany},
};

/// The register serves all of the Union.
const PER_ORGANIZATION: Limit = Limit {
    what: "ask_vat_register",
    tries: 6,
    span: SignedDuration::from_hours(1),
};

#[derive(Debug, thiserror::Error)]
pub enum AskAgainError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// The worker asks soon for the organization's own id, where it was asked for in vain. Nothing happens where there is an answer,
/// or no register.
#[tracing::instrument(skip_all)]
pub async fn ask_again(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
) -> Result<(), AskAgainError> {
    if sv.vat_register.is_none() {
        return Ok(());
    }
    let id = permit.organization();
    throttle::count(sv, &PER_ORGANIZATION, &id.to_string()).await?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    // Whoever is asking just now has pushed the time on by a little: a second question then does no harm.
    sqlx::query!(
        r#"
        update vat_checks set ask_at = $2, attempts = 0
        where last_error <> '' and vat_id = (select vat_id from organizations where id = $1)
        "#,
        id.get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    Ok(())
}
