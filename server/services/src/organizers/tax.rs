//! How an organization is taxed: whether its prices contain tax, where, and under which number.

use domain::{
    pricing::{TaxMode, VatId},
    text::{Fault, FieldErrors, line},
};

use super::{OrganizerError, country_code};
use crate::{
    Services, Unexpected, audit,
    outbox::{self, Announcement},
    permit::{ManageOrganization, Permit},
    vat,
};

/// As it is, or as the form sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxInput {
    /// Code of a [`TaxMode`].
    pub mode: String,
    /// ISO 3166-1 alpha-2; empty: the organization's own.
    pub country: String,
    /// State or province, where tax is a matter of these.
    pub region: String,
    pub vat_id: String,
    /// Why no tax is shown.
    pub note: String,
}

pub async fn tax(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
) -> Result<TaxInput, OrganizerError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = sqlx::query_as!(
        TaxInput,
        r#"
        select tax_mode as mode, tax_country as country, tax_region as region, vat_id, tax_note as note
        from organizations where id = $1
        "#,
        permit.organization().get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    found.ok_or(OrganizerError::NotFound)
}

/// Changes it for everything that is sold from now on; what was promised to a hold stays promised.
#[tracing::instrument(skip_all)]
pub async fn set_tax(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
    cmd: TaxInput,
) -> Result<(), OrganizerError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let id = permit.organization().get();
    let before = sqlx::query!(
        "select country, tax_mode, tax_country, vat_id from organizations where id = $1 for update",
        id
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(OrganizerError::NotFound)?;
    let new = check(&cmd, &before.country)?;
    sqlx::query!(
        r#"
        update organizations set tax_mode = $2, tax_country = $3, tax_region = $4, vat_id = $5, tax_note = $6
        where id = $1
        "#,
        id,
        new.mode,
        new.country,
        new.region,
        new.vat_id,
        new.note
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    vat::want(sv, &mut tx, &new.vat_id).await?;
    let announcement = Announcement::OrganizationChanged { organization: id };
    outbox::append(sv, &mut tx, permit.organization(), &announcement).await?;
    let facts = |mode: &str, country: &str, vat_id: &str| serde_json::json!({ "tax_mode": mode, "tax_country": country, "vat_id": vat_id });
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "organization.set_tax",
        subject_kind: "organization",
        subject: permit.organization().to_string(),
        reason: "",
        before: Some(facts(&before.tax_mode, &before.tax_country, &before.vat_id)),
        after: Some(facts(&new.mode, &new.country, &new.vat_id)),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// All faults at once.
fn check(cmd: &TaxInput, own_country: &str) -> Result<TaxInput, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mode = errors.field("mode", cmd.mode.parse::<TaxMode>());
    let country = country_code(&cmd.country).and_then(|country| {
        // Without a country nothing says which rates there are.
        let needed = mode.is_some_and(TaxMode::charges) && own_country.is_empty();
        if needed && country.is_empty() {
            Err(Fault::Required)
        } else {
            Ok(country)
        }
    });
    let country = errors.field("tax_country", country);
    let region = errors.field("tax_region", line(&cmd.region, 0, 80));
    let vat_id = match cmd.vat_id.trim() {
        "" => Ok(String::new()),
        typed => typed.parse::<VatId>().map(String::from),
    };
    let vat_id = errors.field("vat_id", vat_id);
    let least = usize::from(mode == Some(TaxMode::SmallBusiness));
    let note = errors.field("tax_note", line(&cmd.note, least, 300));
    errors.finish()?;
    Ok(TaxInput {
        mode: mode.map(TaxMode::code).unwrap_or_default().to_owned(),
        country: country.unwrap_or_default(),
        region: region.unwrap_or_default(),
        vat_id: vat_id.unwrap_or_default(),
        note: note.unwrap_or_default(),
    })
}
