//! Organizations' own accounts at the payment provider, as the platform sees them; and payouts sent there.

use domain::connect::MoneyGoes;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::{ApiError, finance::ConnectedView};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedView {
    pub goes: MoneyGoes,
    /// `None` where the provider has no such accounts.
    pub account: Option<ConnectedView>,
}

#[server(input = GetUrl)]
pub async fn admin_connect(organization: String) -> Result<AgreedView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&organization)?;
    let found = services::connect::agreed(&ctx.services, &permit, id).await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    Ok(AgreedView {
        goes: found.goes,
        account: found.account.map(ConnectedView::from),
    })
}

/// Where buyers' money of an organization goes from now on.
#[server]
pub async fn agree_money(
    organization: String,
    #[server(default)] goes: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&organization)?;
    let goes = goes
        .parse()
        .map_err(|fault| ApiError::field("goes", fault))?;
    let back = format!("/admin/organizations/{organization}");
    let Some(permit) = crate::context::proven(&ctx, permit, &back)? else {
        return Ok(());
    };
    services::connect::agree(&ctx.services, &permit, id, goes, &reason).await?;
    Ok(())
}

/// Sends a payout to the organization's account at the payment provider.
#[server]
pub async fn transfer_payout(payout: String) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&payout)?;
    let Some(permit) = crate::context::proven(&ctx, permit, "/admin/finance")? else {
        return Ok(());
    };
    services::payouts::send_by_provider(&ctx.services, &permit, id).await?;
    crate::context::redirect("/admin/finance?done=payout");
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use services::{connect::AgreeError, payouts::TransferError};

    use crate::ApiError;

    impl From<AgreeError> for ApiError {
        fn from(e: AgreeError) -> Self {
            match e {
                AgreeError::NotFound => Self::not_found(),
                AgreeError::Fields(fields) => fields.into(),
                AgreeError::Unexpected(e) => e.into(),
            }
        }
    }

    impl From<TransferError> for ApiError {
        fn from(e: TransferError) -> Self {
            match e {
                TransferError::NotFound => Self::not_found(),
                TransferError::Unexpected(e) => e.into(),
                // Why it was refused stands beside the payout.
                e @ (TransferError::Transition(_)
                | TransferError::NoAccount
                | TransferError::Refused(_)
                | TransferError::Unknown) => Self::conflict(e.code()),
            }
        }
    }
}
