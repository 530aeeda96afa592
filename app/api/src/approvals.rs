//! Refunds that wait for a second person.

use domain::{money::Money, orders::ApprovalState};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};
use crate::{ApiError, values::Moment};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalsView {
    pub limits: Vec<Money>,
    /// Whether the viewer may change the limits.
    pub may_set: bool,
    /// Whether the viewer has shown a short while ago who they are.
    pub proved: bool,
    pub rows: Vec<ApprovalView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    pub id: String,
    pub state: ApprovalState,
    pub event_slug: String,
    pub event_title: String,
    pub order_code: Option<String>,
    pub buyer_name: Option<String>,
    pub amount: Money,
    pub tickets: u32,
    pub orders: u32,
    pub reason: String,
    pub asked_by: String,
    pub own: bool,
    pub asked: Moment,
    pub expires: Moment,
    pub decided_by: Option<String>,
    pub decision_reason: String,
}

/// The limits, what waits, and what was decided lately. Times are those of UTC.
#[server(input = GetUrl)]
pub async fn approvals_page(organization: String) -> Result<ApprovalsView, ApiError> {
    use domain::permissions::Right;
    let (ctx, member) = member(&organization).await?;
    let (sv, may) = (&ctx.services, permit(&ctx, &member).await?);
    let rows = services::approvals::list(sv, &may).await?;
    Ok(ApprovalsView {
        limits: services::approvals::limits(sv, &may).await?,
        may_set: member.may(Right::ManageSecurity),
        proved: services::permit::fresh(sv, ctx.session()?).is_ok(),
        rows: rows.into_iter().map(server::row).collect(),
    })
}

/// Agrees, and does what was shown.
#[server]
pub async fn approve_refund(organization: String, id: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    Ok(services::approvals::approve(&ctx.services, &may, server::id(&id)?).await?)
}

/// Says no, or takes one's own request back.
#[server]
pub async fn decline_refund(
    organization: String,
    id: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    Ok(services::approvals::decline(&ctx.services, &may, server::id(&id)?, &reason).await?)
}

/// Above this a second person has to agree; empty: one is enough. Only for owners who have just shown who they are.
#[server]
pub async fn set_approval_limit(
    organization: String,
    currency: String,
    #[server(default)] limit: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let (currency, limit) = server::limit(&currency, &limit)?;
    let back = format!("/organize/{organization}/approvals");
    let Some(may) = crate::context::proven(&ctx, may, &back)? else {
        return Ok(());
    };
    Ok(services::approvals::set_limit(&ctx.services, &may, currency, limit).await?)
}

#[cfg(feature = "ssr")]
mod server {
    use domain::{
        money::{Currency, Money},
        text::Fault,
    };
    use services::approvals::{ApprovalRow, DecideError, SetLimitError};

    use super::ApprovalView;
    use crate::{ApiError, values::Moment};

    pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, ApiError> {
        text.parse().map_err(|_| ApiError::not_found())
    }

    pub(super) fn limit(
        currency: &str,
        limit: &str,
    ) -> Result<(Currency, Option<Money>), ApiError> {
        let currency: Currency = currency
            .trim()
            .parse()
            .map_err(|_| ApiError::field("currency", Fault::UnknownChoice))?;
        let limit = match limit.trim() {
            "" => None,
            text => Some(
                Money::parse_major(text, currency)
                    .map_err(|fault| ApiError::field("limit", fault))?,
            ),
        };
        Ok((currency, limit))
    }

    pub(super) fn row(row: ApprovalRow) -> ApprovalView {
        ApprovalView {
            id: row.id.to_string(),
            state: row.state,
            event_slug: row.event_slug,
            event_title: row.event_title,
            order_code: row.order_code,
            buyer_name: row.buyer_name,
            amount: row.amount,
            tickets: row.tickets,
            orders: row.orders,
            reason: row.reason,
            asked_by: row.asked_by,
            own: row.own,
            asked: Moment::new(row.asked_at, "UTC"),
            expires: Moment::new(row.expires_at, "UTC"),
            decided_by: row.decided_by,
            decision_reason: row.decision_reason,
        }
    }

    impl From<DecideError> for ApiError {
        fn from(e: DecideError) -> Self {
            match e {
                DecideError::NotFound => Self::not_found(),
                DecideError::Fields(fields) => fields.into(),
                DecideError::Unexpected(e) => e.into(),
                DecideError::SamePerson | DecideError::Over | DecideError::Changed => {
                    Self::conflict(e.code())
                }
            }
        }
    }

    impl From<SetLimitError> for ApiError {
        fn from(e: SetLimitError) -> Self {
            match e {
                SetLimitError::Negative => Self::field("limit", Fault::TooSmall { min: 0 }),
                SetLimitError::NobodyElse => Self::conflict("approval_nobody_else"),
                SetLimitError::Unexpected(e) => e.into(),
            }
        }
    }
}
