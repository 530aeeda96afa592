//! Promo codes in an organizer's hands. Days and times are on the clocks of the organization.

mod report;
#[cfg(feature = "ssr")]
mod server;
mod view;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

pub use report::*;
pub use view::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// What an organizer types about a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromoForm {
    /// Of many: how they begin.
    pub code: String,
    pub name: String,
    pub event: String,
    pub currency: String,
    pub kind: String,
    pub value: String,
    pub ticket_types: Vec<String>,
    pub from: String,
    pub until: String,
    pub max_uses: String,
    pub max_per_customer: String,
    pub budget: String,
}

/// One page of codes, the newest first.
#[server(input = GetUrl)]
pub async fn promo_codes(
    organization: String,
    #[server(default)] search: String,
    #[server(default)] state: String,
    #[server(default)] after: Option<String>,
) -> Result<PromoListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let filter = services::promo::CodeFilter {
        search,
        state: state.parse().ok(),
        after,
    };
    let page = services::promo::list(&ctx.services, &may, &filter).await?;
    server::list(&ctx, &may, page).await
}

/// What a new code can be for.
#[server(input = GetUrl)]
pub async fn promo_choices(
    organization: String,
    #[server(default)] event: String,
) -> Result<PromoChoicesView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let choices = services::promo::choices(&ctx.services, &may, None).await?;
    Ok(server::choices(choices, &event))
}

/// One code, to be changed.
#[server(input = GetUrl)]
pub async fn promo_code(organization: String, id: String) -> Result<PromoPageView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    server::page(&ctx, &may, &id).await
}

/// Makes a code and leads to its page.
#[server]
pub async fn create_promo_code(
    organization: String,
    #[server(default)] form: PromoForm,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = services::promo::create(&ctx.services, &may, &server::form(form)).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/promo-codes/{id}?done=create"
    ));
    Ok(())
}

/// Makes many codes with a common beginning and leads to the list.
#[server]
pub async fn create_promo_codes(
    organization: String,
    number: String,
    #[server(default)] form: PromoForm,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let made =
        services::promo::create_many(&ctx.services, &may, &server::form(form), &number).await?;
    crate::context::redirect(&format!("/organize/{organization}/promo-codes?made={made}"));
    Ok(())
}

/// Changes all but the code itself.
#[server]
pub async fn change_promo_code(
    organization: String,
    id: String,
    #[server(default)] form: PromoForm,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = server::id(&id)?;
    services::promo::change(&ctx.services, &may, id, &server::form(form)).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/promo-codes/{id}?done=change"
    ));
    Ok(())
}

/// Pauses a code, or lets it be used again.
#[server]
pub async fn set_promo_code_state(
    organization: String,
    id: String,
    state: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = server::id(&id)?;
    let state = state
        .parse()
        .map_err(|_| ApiError::new(crate::ErrorKind::Invalid, "bad_request"))?;
    services::promo::set_state(&ctx.services, &may, id, state).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/promo-codes/{id}?done=change"
    ));
    Ok(())
}

/// Removes a code that nobody ever had.
#[server]
pub async fn remove_unused_promo_code(organization: String, id: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    services::promo::remove(&ctx.services, &may, server::id(&id)?).await?;
    crate::context::redirect(&format!("/organize/{organization}/promo-codes?done=remove"));
    Ok(())
}
