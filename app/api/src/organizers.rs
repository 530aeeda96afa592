//! Organizations: founding one, its settings.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// The settings page of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationView {
    pub slug: String,
    pub name: String,
    pub description_md: String,
    pub contact_email: String,
    pub website: String,
    pub country: String,
    pub tax: TaxView,
    /// There is an account to which its money can go.
    pub can_be_paid_out: bool,
    /// Codes and names of all countries, as the reader looks for them.
    pub countries: Vec<(String, String)>,
    /// Members need a second factor.
    pub second_factor_required: bool,
}

/// How an organization is taxed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxView {
    /// Code of a `TaxMode`.
    pub mode: String,
    pub country: String,
    pub region: String,
    pub vat_id: String,
    /// What the register says of that id, where it was asked.
    pub vat_check: Option<crate::vat::VatCheckView>,
    pub note: String,
}

/// Founds an organization and goes to its first event.
#[server]
pub async fn create_organization(
    name: String,
    #[server(default)] contact_email: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let cmd = services::organizers::CreateOrganization {
        name,
        contact_email,
    };
    let created = services::organizers::create(&ctx.services, ctx.session()?, cmd).await?;
    crate::context::redirect(&format!("/organize/{}", created.slug));
    Ok(())
}

/// What the settings page shows.
#[server(input = GetUrl)]
pub async fn organization_settings(organization: String) -> Result<OrganizationView, ApiError> {
    let (ctx, member) = server::member(&organization).await?;
    let permit = server::permit(&ctx, &member).await?;
    let profile = services::organizers::profile(&ctx.services, &permit).await?;
    let tax = services::organizers::tax(&ctx.services, &permit).await?;
    let vat_check = services::vat::check(&ctx.services, &permit, &tax.vat_id).await?;
    let security = server::permit(&ctx, &member).await?;
    let second_factor_required =
        services::organizers::second_factor_required(&ctx.services, &security).await?;
    let finances = server::permit(&ctx, &member).await?;
    let bank = services::payouts::account(&ctx.services, &finances).await?;
    let connected = services::connect::account(&ctx.services, &finances).await?;
    Ok(OrganizationView {
        can_be_paid_out: bank.is_some() || connected.is_some_and(|account| account.payouts),
        countries: crate::values::countries(ctx.request.locale),
        slug: profile.slug,
        name: profile.name,
        description_md: profile.description_md,
        contact_email: profile.contact_email,
        website: profile.website,
        country: profile.country,
        tax: TaxView {
            mode: tax.mode,
            country: tax.country,
            region: tax.region,
            vat_id: tax.vat_id,
            vat_check: vat_check.map(Into::into),
            note: tax.note,
        },
        second_factor_required,
    })
}

/// Asks all members for a second factor, or no longer.
#[server]
pub async fn set_organization_security(
    organization: String,
    #[server(default)] second_factor: String,
) -> Result<(), ApiError> {
    let (ctx, member) = server::member(&organization).await?;
    let permit = server::permit(&ctx, &member).await?;
    let back = format!("/organize/{organization}/settings");
    if crate::context::proof_first(&ctx, &back)? {
        return Ok(());
    }
    let required = !second_factor.is_empty();
    Ok(services::organizers::require_second_factor(
        &ctx.services,
        &permit,
        ctx.session()?,
        required,
    )
    .await?)
}

/// Says whether and how tax is in the organization's prices.
#[server]
pub async fn set_organization_tax(
    organization: String,
    mode: String,
    #[server(default)] tax_country: String,
    #[server(default)] tax_region: String,
    #[server(default)] vat_id: String,
    #[server(default)] tax_note: String,
) -> Result<(), ApiError> {
    let (ctx, member) = server::member(&organization).await?;
    let permit = server::permit(&ctx, &member).await?;
    let cmd = services::organizers::TaxInput {
        mode,
        country: tax_country,
        region: tax_region,
        vat_id,
        note: tax_note,
    };
    Ok(services::organizers::set_tax(&ctx.services, &permit, cmd).await?)
}

/// Has the register of VAT ids asked once more for the organization's own, where it did not answer.
#[server]
pub async fn ask_vat_register(organization: String) -> Result<(), ApiError> {
    use services::vat::AskAgainError;
    let (ctx, member) = server::member(&organization).await?;
    let permit = server::permit(&ctx, &member).await?;
    match services::vat::ask_again(&ctx.services, &permit).await {
        Ok(()) => Ok(()),
        Err(AskAgainError::TooMany(many)) => Err(ApiError::too_many(many.retry_after)),
        Err(AskAgainError::Unexpected(e)) => Err(e.into()),
    }
}

#[server]
pub async fn update_organization(
    organization: String,
    name: String,
    #[server(default)] description_md: String,
    contact_email: String,
    #[server(default)] website: String,
    #[server(default)] country: String,
) -> Result<(), ApiError> {
    let (ctx, member) = server::member(&organization).await?;
    let permit = server::permit(&ctx, &member).await?;
    let cmd = services::organizers::UpdateOrganization {
        name,
        description_md,
        contact_email,
        website,
        country,
    };
    Ok(services::organizers::update(&ctx.services, &permit, cmd).await?)
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use services::{
        organizers::{Membership, OrganizerError},
        permit::{self, Act, Permit},
    };

    use crate::{ApiError, Ctx, ErrorKind};

    /// The signed-in person's membership in the organization of the address.
    pub(crate) async fn member(organization: &str) -> Result<(Ctx, Membership), ApiError> {
        let ctx = crate::ctx()?;
        let member =
            services::organizers::by_slug(&ctx.services, ctx.session()?, organization).await?;
        Ok((ctx, member))
    }

    pub(crate) async fn permit<A: Act>(
        ctx: &Ctx,
        member: &Membership,
    ) -> Result<Permit<A>, ApiError> {
        Ok(permit::for_organization(&ctx.services, ctx.session()?, member.organization).await?)
    }

    impl From<OrganizerError> for ApiError {
        fn from(e: OrganizerError) -> Self {
            match e {
                OrganizerError::Fields(fields) => fields.into(),
                OrganizerError::NotFound => Self::not_found(),
                OrganizerError::SecondFactorFirst => Self::conflict("second_factor_first"),
                OrganizerError::TooMany => Self::new(ErrorKind::Conflict, "too_many_organizations"),
                OrganizerError::Refused(refused) => refused.into(),
                OrganizerError::Unexpected(e) => e.into(),
            }
        }
    }
}
