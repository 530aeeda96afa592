//! What the platform has agreed with an organization about where buyers' money goes.

use domain::{
    connect::MoneyGoes,
    ids::OrganizationId,
    text::{FieldErrors, line},
};

use super::view::{AccountView, account_of};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::coded,
};

/// As the platform sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    pub goes: MoneyGoes,
    /// `None` where the provider has no such accounts.
    pub account: Option<AccountView>,
}

#[derive(Debug, thiserror::Error)]
pub enum AgreeError {
    #[error("no such organization")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// `None`: no such organization.
pub async fn agreed(
    sv: &Services,
    permit: &PlatformPermit,
    organization: OrganizationId,
) -> Result<Option<Agreed>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let goes = load_agreed(&mut tx, organization).await?;
    let account = account_of(sv, &mut tx, organization).await?;
    tx.commit().await?;
    Ok(goes.map(|(goes, _)| Agreed { goes, account }))
}

/// Counts for payments that begin from now on. Fields: `reason`.
#[tracing::instrument(skip_all)]
pub async fn agree(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    organization: OrganizationId,
    goes: MoneyGoes,
    reason: &str,
) -> Result<(), AgreeError> {
    let mut errors = FieldErrors::new();
    let reason = errors.field("reason", line(reason, 10, 300));
    errors.finish()?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let (before, _) = load_agreed(&mut tx, organization)
        .await?
        .ok_or(AgreeError::NotFound)?;
    sqlx::query!(
        "update organizations set money_goes = $2 where id = $1",
        organization.get(),
        goes.code()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(organization),
        action: "organization.money_goes",
        subject_kind: "organization",
        subject: organization.to_string(),
        reason: &reason.unwrap_or_default(),
        before: Some(serde_json::json!({ "money_goes": before })),
        after: Some(serde_json::json!({ "money_goes": goes })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// With the country that the organization says it is in.
pub(super) async fn load_agreed(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Option<(MoneyGoes, String)>, Unexpected> {
    let row = sqlx::query!(
        r#"select money_goes, coalesce(nullif(tax_country, ''), country) as "country!" from organizations where id = $1"#,
        organization.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let goes = coded("organizations", organization, &row.money_goes)?;
        Ok((goes, row.country))
    })
    .transpose()
}
