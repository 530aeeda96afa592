//! What the platform takes for tickets.

use domain::money::Money;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// A plan that holds or will hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeePlanView {
    pub id: String,
    /// `None`: everybody's.
    pub organization: Option<String>,
    pub fixed: Money,
    /// In hundredths of a percent.
    pub percent_bp: u16,
    pub min: Option<Money>,
    pub max: Option<Money>,
    pub from: DateTime,
    pub until: Option<DateTime>,
    /// A price, and what the plan takes of it.
    pub example: (Money, Money),
}

#[server(input = GetUrl)]
pub async fn admin_fees() -> Result<Vec<FeePlanView>, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let plans = services::fees::list(&ctx.services, &permit).await?;
    Ok(plans.into_iter().map(server::plan).collect())
}

/// A new plan: for everybody, or for the organization of an address.
#[server]
pub async fn agree_fee(
    #[server(default)] organization: String,
    currency: String,
    #[server(default)] fixed: String,
    #[server(default)] percent: String,
    #[server(default)] min: String,
    #[server(default)] max: String,
    #[server(default)] first_day: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let cmd = services::fees::AgreeFee {
        organization,
        currency,
        fixed,
        percent,
        min,
        max,
        first_day,
    };
    services::fees::agree(&ctx.services, &permit, &cmd).await?;
    Ok(())
}

/// A plan holds for nothing that is chosen from now on.
#[server]
pub async fn withdraw_fee(plan: String) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&plan)?;
    services::fees::withdraw(&ctx.services, &permit, id).await?;
    crate::context::redirect("/admin/finance/fees?done=withdraw");
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use domain::money::Money;
    use services::fees::{AgreeFeeError, PlanRow, WithdrawFeeError};

    use super::FeePlanView;
    use crate::{ApiError, admin::server::utc};

    /// A price that tickets often have, in major units.
    const EXAMPLE: &str = "20";

    pub(super) fn plan(row: PlanRow) -> FeePlanView {
        let currency = row.plan.fixed.currency;
        let price = Money::parse_major(EXAMPLE, currency).unwrap_or(Money::zero(currency));
        FeePlanView {
            id: row.id.to_string(),
            organization: row.organization,
            fixed: row.plan.fixed,
            percent_bp: row.plan.percent_bp,
            min: row.plan.min,
            max: row.plan.max,
            from: utc(row.from),
            until: row.until.map(utc),
            example: (price, row.plan.fee(price).unwrap_or(Money::zero(currency))),
        }
    }

    impl From<AgreeFeeError> for ApiError {
        fn from(e: AgreeFeeError) -> Self {
            match e {
                AgreeFeeError::Fields(fields) => fields.into(),
                AgreeFeeError::Unexpected(e) => e.into(),
            }
        }
    }

    impl From<WithdrawFeeError> for ApiError {
        fn from(e: WithdrawFeeError) -> Self {
            match e {
                WithdrawFeeError::NotFound => Self::not_found(),
                WithdrawFeeError::Unexpected(e) => e.into(),
            }
        }
    }
}
